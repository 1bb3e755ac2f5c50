"""T11: the agent stands still (SIGSTOP) and goes on: the time is UNKNOWN, nothing is DOWN, nothing is made up for."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.availability.intervals import Interval
from agent.engine.plan import phase_of
from agent.ledger import heartbeat
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.model import State, UnknownCause
from tests.agent.ledger.timeline import timeline
from tests.peers.agent_process import AgentProcess, Config, FaultNetwork, boottime_ms, pings
from tests.peers.witness import Witness

pytestmark = [
    pytest.mark.peers,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

COUNT, INTERVAL_MS, GRACE_MS = 100, 2_000, 1_000
BLINK_SECONDS = 0.5  # shorter than the grace: nothing is missed
CLOCKS_MS = 20  # a packet's stamp, taken over to boottime, may lie this much before the agent's own look at the clock
EXACT_MS = 250  # between a probe's start as the agent booked it and its packet's arrival


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as net:
        yield net


def paused(agent: AgentProcess, seconds: float) -> tuple[int, int]:
    """Boottime of the pause and of the resumption."""
    os.kill(agent.pid, signal.SIGSTOP)
    began = boottime_ms()
    time.sleep(seconds)
    ended = boottime_ms()
    os.kill(agent.pid, signal.SIGCONT)
    return began, ended


def told(agent: AgentProcess) -> dict[str, list[Interval]]:
    """Every target's states as the ledger tells them, on the boottime axis."""
    wall_ms = time.time_ns() // 1_000_000
    by_ms = boottime_ms() - wall_ms
    alive, reader = heartbeat.read(agent.storage / "heartbeat"), Reader.open(agent.storage)
    try:
        lives = {
            check.id: timeline(
                reader, check.id, "local", scopes=frozenset({"line"}), alive=alive, until_wall_ms=wall_ms
            )
            for check in agent.config.checks
        }
    finally:
        reader.close()
    return {
        target: [replace(one, start_ms=one.start_ms + by_ms, end_ms=one.end_ms + by_ms) for one in life]
        for target, life in lives.items()
    }


def stands_still(network: FaultNetwork, folder: Path, seconds: float) -> None:
    config = Config(pings(COUNT), INTERVAL_MS / 1000)
    with AgentProcess(network, folder, config) as agent, Witness(network) as witness:
        agent.start()
        agent.until_all("UP", 10)
        up_ms = boottime_ms()
        paused(agent, BLINK_SECONDS)
        time.sleep(INTERVAL_MS / 1000)
        began, ended = paused(agent, seconds)
        agent.until_all("UP", 10)
        time.sleep(INTERVAL_MS / 1000)
        failed = agent.by_target("sansang_probe_failures_total")  # what was under way as the agent stopped
        agent.stop()
        gaps = told(agent)
        assert agent.downs() == []
        assert verify(agent.storage).ok
    errors = []
    for check in config.checks:
        arrivals = [at for at in witness.arrivals[check.address] if at >= up_ms]
        last, first = max(at for at in arrivals if at < ended), min(at for at in arrivals if at > ended)
        (gap,) = [one for one in gaps[check.id] if one.end_ms > up_ms and one.cause is UnknownCause.OVERLOAD]
        assert gap.state is State.UNKNOWN
        errors += [abs(gap.start_ms - last - INTERVAL_MS), abs(gap.end_ms - first)]
        turns = [(at + CLOCKS_MS - phase_of(check.id, INTERVAL_MS)) // INTERVAL_MS for at in arrivals]
        again = len(turns) - len(set(turns))
        assert again <= failed[check.id], "no more than one probe in each interval, and one more for a failed one"
    print(
        f"T11: {seconds:.0f} s: UNKNOWN once for {COUNT} of {COUNT}, {max(errors):.0f} ms off at most, 0 DOWN; ", end=""
    )
    print(f"{ended - began} ms still")
    assert sum(failed.values()) <= COUNT // 20
    assert max(errors) < EXACT_MS


def test_five_seconds_of_standstill_are_unknown_and_not_made_up_for(network: FaultNetwork, tmp_path: Path) -> None:
    stands_still(network, tmp_path, 5.0)


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
def test_ninety_seconds_of_standstill(network: FaultNetwork, tmp_path: Path) -> None:
    stands_still(network, tmp_path, 90.0)
