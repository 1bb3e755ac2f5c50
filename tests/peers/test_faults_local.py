"""T22: the monitor is out of file descriptors, or of source ports (docs/faults.md)."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from agent.ledger import heartbeat
from agent.model import Reason, State, UnknownCause
from tests.peers.agent_process import AgentProcess, Check, Config, FaultNetwork, host, pings, server

pytestmark = [
    pytest.mark.peers,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

INTERVAL, TIMEOUT = 4.0, 2.0
PAGE = 1.0  # what a page takes
MARGIN = 1.5
Fault = Callable[[AgentProcess], AbstractContextManager[Reason]]
CHECKS = [
    *(Check(f"khu/page-{n}", "web", f"http://{host(0)}:84/") for n in range(300)),  # 75 in flight at any time
    *(Check(f"khu/port-{n}", "port", f"{host(1 + n)}:81") for n in range(100)),
    *pings(100),
]


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as net, server(net):
        yield net


@contextmanager
def descriptors(agent: AgentProcess, most: int) -> Iterator[Reason]:
    before = resource.prlimit(agent.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(agent.pid, resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        yield Reason.NO_RESOURCES
    finally:
        resource.prlimit(agent.pid, resource.RLIMIT_NOFILE, before)


def few_descriptors(agent: AgentProcess) -> AbstractContextManager[Reason]:
    """As with `ulimit -n 64`, where 100 are needed."""
    return descriptors(agent, 64)


def no_descriptors(agent: AgentProcess) -> AbstractContextManager[Reason]:
    """Hardly one more than are open when it does nothing."""
    return descriptors(agent, 30)


@contextmanager
def few_ports(agent: AgentProcess) -> Iterator[Reason]:
    """20 for the 75 connections to one address."""
    agent.network.sysctl("mon", ipv4__ip_local_port_range="40000 40019")
    try:
        yield Reason.NO_SOURCE_ADDRESS
    finally:
        agent.network.sysctl("mon", ipv4__ip_local_port_range="32768 60999")


def answers(agent: AgentProcess, seconds: float) -> list[float]:
    """How long each of many requests took, for so long, sorted; every one is answered."""
    took: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        assert agent.get("/-/healthy")[0] == 200
        took.append(time.monotonic() - began)
        time.sleep(0.02)
    return sorted(took)


def beaten(agent: AgentProcess) -> int:
    """When the newest heartbeat was."""
    newest = heartbeat.read(agent.storage / "heartbeat")
    assert newest is not None
    return newest.at_ms


@pytest.mark.parametrize("fault", [few_descriptors, no_descriptors, few_ports])
def test_what_the_monitor_lacks_is_nobodys_outage(network: FaultNetwork, tmp_path: Path, fault: Fault) -> None:
    with AgentProcess(network, tmp_path, Config(CHECKS, INTERVAL, TIMEOUT)) as agent:
        agent.start()
        agent.until_all("UP", INTERVAL + TIMEOUT + 10)
        with fault(agent) as reason:
            agent.until(lambda: agent.states()["UNKNOWN"] > 0, INTERVAL + MARGIN, "some are UNKNOWN")
            before = beaten(agent), agent.value("sansang_ledger_commits_total") or 0
            took = answers(agent, 2 * INTERVAL)
            unknown = agent.states()["UNKNOWN"]
            assert took[-1] < 3.0
            assert agent.value("sansang_ledger_writable") == 1
            assert beaten(agent) > before[0]
            assert (agent.value("sansang_ledger_commits_total") or 0) > before[1]
            errors = {labels["reason"] for _, labels, _ in agent.samples("sansang_local_errors_total")}
            stood = {Reason.LOCAL_ERROR.value} if agent.value("sansang_loop_stalls_total") else set()
            assert errors - stood == {reason.value}  # where the agent itself stood still, runs without an answer say so
        back = agent.until_all("UP", INTERVAL + PAGE + MARGIN)
        agent.stop()
        changes = agent.changes()
        assert [change for change in changes if change.state is State.DOWN] == []
        blind = {change.cause for change in changes if change.state is State.UNKNOWN}
        assert blind <= {UnknownCause.NOT_YET, UnknownCause.LOCAL_ERROR}
        print(f"{unknown} of {len(CHECKS)} UNKNOWN, all UP again {back:.1f} s after", end="; ")
        print(f"{len(took)} requests: median {took[len(took) // 2] * 1000:.0f}, slowest {took[-1] * 1000:.0f} ms")


def test_an_agent_that_blames_the_target_invents_outages(network: FaultNetwork, tmp_path: Path) -> None:
    """The control."""
    program = ("-m", "tests.peers.careless_agent")
    with AgentProcess(network, tmp_path, Config(CHECKS, INTERVAL, TIMEOUT), program=program) as agent:
        agent.start()
        agent.until_all("UP", INTERVAL + TIMEOUT + 10)
        with no_descriptors(agent):
            agent.until(lambda: agent.states()["DOWN"] > 0, 3 * INTERVAL + MARGIN, "some are DOWN")
