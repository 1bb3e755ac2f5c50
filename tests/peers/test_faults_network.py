"""The monitor's own line fails, or the district behind it: the whole agent, with 2,000 targets (docs/faults.md)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.ledger.rows import BlindEnd, BlindStart
from agent.model import State, UnknownCause
from tests.peers.agent_process import AgentProcess, Config, FaultNetwork, boottime_ms, pings

pytestmark = [
    pytest.mark.peers,
    pytest.mark.waits,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

COUNT = 2000
INTERVAL, TIMEOUT, CONFIRM, GRACE = 4.0, 1.0, 1.0, 2.0  # grace: by default half the interval
CUT = 10.0
MARGIN = 1.5  # commit, scrape and a busy machine
Fault = Callable[[FaultNetwork], None]


def device_down(network: FaultNetwork) -> None:
    network.ip("mon", "link", "set", "eth0", "down")


def device_up(network: FaultNetwork) -> None:
    network.ip("mon", "link", "set", "eth0", "up")
    network.route()


def cable_out(network: FaultNetwork) -> None:
    network.ip("far", "link", "set", "eth0", "down")


def cable_in(network: FaultNetwork) -> None:
    network.ip("far", "link", "set", "eth0", "up")


def all_lost(network: FaultNetwork) -> None:
    network.drop("meta l4proto icmp")


def none_lost(network: FaultNetwork) -> None:
    network.drop()


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as net:
        yield net


def unknown_seconds(agent: AgentProcess) -> dict[str, float]:
    """Booked so far, by target."""
    samples = agent.samples("sansang_target_state_seconds_total")
    return {labels["target"]: value for _, labels, value in samples if labels["state"] == "unknown"}


def lost_and_found(agent: AgentProcess) -> tuple[list[BlindStart], list[BlindEnd]]:
    return agent.rows("blind_start"), agent.rows("blind_end")


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        pytest.param(device_down, device_up, id="T17 device down"),
        pytest.param(cable_out, cable_in, id="T17 cable out"),
        pytest.param(all_lost, none_lost, id="T18 all lost"),
    ],
)
def test_a_fault_of_the_monitors_line_is_nobodys_outage(
    network: FaultNetwork, tmp_path: Path, begin: Fault, end: Fault
) -> None:
    with AgentProcess(network, tmp_path, Config(pings(COUNT), INTERVAL, TIMEOUT, CONFIRM)) as agent:
        agent.start()
        agent.until_all("UP", INTERVAL + TIMEOUT + 10)
        before = unknown_seconds(agent)
        began, began_ms = time.monotonic(), boottime_ms()
        begin(network)
        agent.until(lambda: agent.value("sansang_path_up") == 0, 2 * INTERVAL + MARGIN, "the path is lost")
        lost_after = time.monotonic() - began
        agent.until_all("UNKNOWN", 2 * INTERVAL + MARGIN - lost_after)
        all_after = time.monotonic() - began
        time.sleep(max(0.0, CUT - all_after))
        ending_ms = boottime_ms()
        end(network)
        ended = time.monotonic()
        agent.until_all("UP", INTERVAL + GRACE + MARGIN)
        back_after = time.monotonic() - ended
        agent.until(lambda: agent.value("sansang_path_up") == 1, MARGIN, "the path is back")
        print(f"path lost {lost_after:.1f} s, all UNKNOWN {all_after:.1f} s, all UP again {back_after:.1f} s", end="; ")
        after = unknown_seconds(agent)
        blind = [after[target] - seconds for target, seconds in before.items()]
        assert all(0 < seconds <= CUT + INTERVAL + GRACE + MARGIN for seconds in blind)
        down = [
            value for _, labels, value in agent.samples("sansang_target_state_seconds") if labels["state"] == "down"
        ]
        assert (len(down), sum(down)) == (COUNT, 0)
        agent.stop()
        changes = agent.changes()
        assert [change for change in changes if change.state is State.DOWN] == []
        (lost,), (found,) = lost_and_found(agent)
        assert (lost.scope, lost.cause, found.cause) == ("line", UnknownCause.MONITOR_NET, UnknownCause.MONITOR_NET)
        assert began_ms - 1000 <= lost.at_ms <= began_ms + 2 * INTERVAL * 1000
        # a ping sent before may have waited for its neighbour's address, and be answered within its timeout
        assert found.at_ms >= ending_ms - TIMEOUT * 1000 - 100
        print(f"UNKNOWN {min(blind):.1f}-{max(blind):.1f} s a target")


def test_without_a_path_the_same_loss_is_called_an_outage_of_everybody(network: FaultNetwork, tmp_path: Path) -> None:
    """The control: what the anchors are there for."""
    with AgentProcess(network, tmp_path, Config(pings(200), 2.0, TIMEOUT, CONFIRM, anchors=())) as agent:
        agent.start()
        agent.until_all("UP", 10)
        all_lost(network)
        agent.until_all("DOWN", 2.0 + 3 * CONFIRM + MARGIN)
        assert len(agent.downs()) == 200


def test_all_targets_dead_and_the_line_working_are_all_found(network: FaultNetwork, tmp_path: Path) -> None:
    """T19. Confirmation: fail_after (3) runs, confirm_interval apart, the last one waiting for its timeout."""
    interval = 5.0
    confirmation = 2 * CONFIRM + TIMEOUT
    with AgentProcess(network, tmp_path, Config(pings(COUNT), interval, TIMEOUT, CONFIRM)) as agent:
        agent.start()
        agent.until_all("UP", interval + 10)
        dead_ms = boottime_ms()
        network.drop("ip daddr 10.99.16.0/20")
        took = agent.until_all("DOWN", confirmation + interval + MARGIN)
        assert agent.value("sansang_path_up") == 1
        downs = agent.downs()
        changed = agent.changes()
        assert {change.target for change in downs} == {check.id for check in agent.config.checks}
        assert len(downs) == COUNT
        assert all(dead_ms - 50 <= change.effective_at_ms <= dead_ms + interval * 1000 + 500 for change in downs)
        commit = max(change.committed_at_ms - change.confirmed_at_ms for change in downs)
        seen = max(change.committed_at_ms for change in downs) - dead_ms
        assert commit <= 1000
        print(f"{len(downs)} DOWN after {took:.1f} s ({seen} ms in the ledger), slowest commit {commit} ms")
        network.drop()
        agent.until_all("UP", interval + TIMEOUT + MARGIN)
        assert not [c for c in changed if c.state is State.UNKNOWN and c.effective_at_ms > dead_ms]
