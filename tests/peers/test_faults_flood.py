"""Somebody floods the monitor: what it lost by that is nobody's outage, and nobody's gain (docs/faults.md)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.model import Reason, UnknownCause
from tests.peers import shifted_clock
from tests.peers.agent_process import ROOT, AgentProcess, Config, FaultNetwork, host, pings

pytestmark = [
    pytest.mark.peers,
    pytest.mark.alone,
    pytest.mark.timeout(180),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

INTERVAL, TIMEOUT = 2.0, 1.0
COUNT = 20
_DROP = "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 12, 0, 0, 0); "  # PR_CAPBSET_DROP, CAP_NET_ADMIN
_SOURCE = Path(__file__).with_name("icmp_flood.c")
_FLOODERS = 4
SILENT = "khu/ping-0"


def unprivileged(module: str) -> tuple[str, ...]:
    """The agent as its unit has it: it may ping, and not enlarge its receive buffer beyond net.core.rmem_max."""
    return "-c", f"{_DROP}os.execv(sys.executable, [sys.executable, '-m', '{module}', *sys.argv[1:]])"


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as net:
        yield net


@contextmanager
def flooded(network: FaultNetwork, folder: Path) -> Iterator[None]:
    """Echo replies that nobody asked for, faster than anybody reads them."""
    program = folder / "icmp_flood"
    subprocess.run(["cc", "-O2", "-Wall", "-o", program, _SOURCE], check=True)
    command = ["ip", "netns", "exec", network.name("mon"), str(program), "10.99.0.1"]
    flooders = [subprocess.Popen(command) for _ in range(_FLOODERS)]
    try:
        yield
    finally:
        for flooder in flooders:
            flooder.kill()
            flooder.wait()


def watching(network: FaultNetwork, folder: Path, module: str = "agent") -> AgentProcess:
    """An agent whose clock counts as synchronised, so that its record is a report."""
    library, orders = folder / "clock.so", folder / "clock"
    shifted_clock.build(library)
    shifted_clock.order(orders, 0, synchronised=True)
    environment = {"LD_PRELOAD": str(library), "SHIFTED_CLOCK": str(orders)}
    config = Config(pings(COUNT), INTERVAL, TIMEOUT, anchors=())
    return AgentProcess(network, folder, config, environment, unprivileged(module))


def report(agent: AgentProcess, *arguments: str) -> str:
    """`sansang uptime` of yesterday, today and tomorrow."""
    today = datetime.now(UTC).date()
    period = f"{today - timedelta(days=1)}..{today + timedelta(days=1)}"
    command = [sys.executable, "-m", "agent", "uptime", "--config", str(agent.file), "--period", period, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def unknown_by_drops(agent: AgentProcess) -> set[str]:
    return {change.target for change in agent.changes() if change.cause is UnknownCause.DROPS}


def lost(agent: AgentProcess) -> float:
    found = agent.samples("sansang_socket_dropped_packets_total")
    return sum(value for _, labels, value in found if labels["probe"] == "icmp")


def test_silence_in_a_flood_is_nobodys_outage_and_nobodys_gain(network: FaultNetwork, tmp_path: Path) -> None:
    with watching(network, tmp_path) as agent:
        agent.start()
        agent.until_all("UP", INTERVAL + TIMEOUT + 10)
        assert lost(agent) == 0
        with flooded(network, tmp_path):
            agent.until(lambda: lost(agent) > 0, 60, "packets are lost")
            network.drop(f"ip daddr {host(0)}")
            agent.until(lambda: SILENT in unknown_by_drops(agent), 60, "the silent one is UNKNOWN(drops)")
            assert agent.get("/-/healthy")[0] == 200
        counted = lost(agent)
        reasons = {labels["reason"] for _, labels, _ in agent.samples("sansang_local_errors_total")}
        assert Reason.PACKETS_DROPPED.value in reasons
        agent.until(lambda: len(agent.downs()) > 0, 4 * (INTERVAL + TIMEOUT) + 10, "the silent one is DOWN afterwards")
        agent.stop()
        assert {(down.target, down.cause) for down in agent.downs()} == {(SILENT, Reason.TIMEOUT)}
        named = unknown_by_drops(agent)
        table, document = report(agent, "--lang", "en"), json.loads(report(agent, "--json"))
        (line,) = [line for line in table.splitlines() if "more packets came than the monitor could read" in line]
        assert SILENT in line or len(named) > 5
        told = {one["target"] for one in document["targets"] if "drops" in {state["cause"] for state in one["states"]}}
        assert SILENT in told
        assert told <= named
        print(f"{counted:.0f} packets lost, {len(named)} of {COUNT} UNKNOWN(drops); {line}")


def test_control_without_the_guard_the_same_flood_is_an_outage(network: FaultNetwork, tmp_path: Path) -> None:
    with watching(network, tmp_path, "tests.peers.careless_agent") as agent:
        agent.start()
        agent.until_all("UP", INTERVAL + TIMEOUT + 10)
        with flooded(network, tmp_path):
            agent.until(lambda: lost(agent) > 0, 60, "packets are lost")
            network.drop(f"ip daddr {host(0)}")
            agent.until(lambda: len(agent.downs()) > 0, 60, "some are DOWN")
