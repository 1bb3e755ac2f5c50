"""Starting, stopping, being killed; and the gateway that filters ping (docs/faults.md)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.ledger import heartbeat
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.model import Reason, State, UnknownCause
from tests.agent.ledger.timeline import timeline
from tests.peers.agent_process import AgentProcess, Check, Config, FaultNetwork, host, pings, server

pytestmark = [
    pytest.mark.peers,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

INTERVAL, MARGIN = 4.0, 1.5


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as net:
        yield net


def test_it_probes_soon_and_stops_soon_with_2000_targets_in_flight(network: FaultNetwork, tmp_path: Path) -> None:
    """Connects that nobody answers, all of them open: the time limit is the interval."""
    hung = [Check(f"khu/port-{n}", "port", f"{host(500 + n)}:81") for n in range(2000)]
    network.drop("meta l4proto tcp")
    with AgentProcess(network, tmp_path, Config([*pings(400), *hung], 8.0, 8.0, 8.0)) as agent:
        began = time.monotonic()
        ready = agent.start()
        agent.until(lambda: bool(agent.by_target("sansang_probe_success")), 10, "a first probe")
        first = time.monotonic() - began
        sockets = Path(f"/proc/{agent.pid}/fd")
        agent.until(lambda: len(list(sockets.iterdir())) > 1900, 20, "all are in flight")
        stopped = agent.stop()
        print(f"ready after {ready:.1f} s, first probe seen after {first:.1f} s, stopped in {stopped:.2f} s")
        assert first <= 5.0
        assert stopped <= 5.0
        assert verify(agent.storage).ok


def test_a_killed_agent_remembers_and_books_the_gap(network: FaultNetwork, tmp_path: Path) -> None:
    config = Config(pings(100), INTERVAL)
    with AgentProcess(network, tmp_path, config) as agent:
        agent.start()
        network.drop(f"ip daddr {{ {', '.join(host(n) for n in range(10))} }}")
        agent.until(lambda: agent.states() == {"UP": 90, "DOWN": 10}, 20, "ten are DOWN")
        before = agent.by_target("sansang_target_last_known_up")
        assert agent.process is not None
        agent.process.kill()
        agent.process.wait(10)
        killed_ms = time.time_ns() // 1_000_000
        time.sleep(2.0)
        agent.start()
        states, known = agent.by_target("sansang_target_state"), agent.by_target("sansang_target_last_known_up")
        assert known == before
        assert list(states.values()).count(State.UNKNOWN) > 20
        agent.until(lambda: agent.states() == {"UP": 90, "DOWN": 10}, 20, "all are known again")
        assert verify(agent.storage).ok
        gap = gap_of(agent, "khu/ping-50", killed_ms)
        print(f"the gap: UNKNOWN for {gap:.1f} s, killed for 2.0 s")
        assert 2.0 <= gap <= 2.0 + 2 * INTERVAL + 10.0  # the last heartbeat may be so old


def gap_of(agent: AgentProcess, target: str, at_wall_ms: int) -> float:
    """Length of the one interval of that target that holds the instant, which must be UNKNOWN(agent_off)."""
    reader = Reader.open(agent.storage)
    try:
        alive = heartbeat.read(agent.storage / "heartbeat")
        told = timeline(
            reader,
            target,
            "local",
            scopes=frozenset({"line"}),
            alive=alive,
            until_wall_ms=time.time_ns() // 1_000_000,
        )
    finally:
        reader.close()
    (found,) = [one for one in told if one.start_ms <= at_wall_ms + 500 < one.end_ms]
    assert (found.state, found.cause) == (State.UNKNOWN, UnknownCause.AGENT_OFF)
    return (found.end_ms - found.start_ms) / 1000


GATEWAY, ROOM = "lang-cong/uplink", "lang-cong/room"


def commune() -> Config:
    room = Check(ROOM, "port", f"{host(1)}:81", "conference", (GATEWAY,))
    return Config([Check(GATEWAY, "ping", host(0), "uplink"), room], 2.0, 1.0, 1.0)


def shown(agent: AgentProcess, target: str) -> tuple[float, float, float]:
    """State, upstream down, silent but passing."""
    names = ("sansang_target_state", "sansang_target_upstream_down", "sansang_target_silent_but_passing")
    state, upstream, passing = (agent.by_target(name)[target] for name in names)
    return state, upstream, passing


def test_a_gateway_that_filters_ping_does_not_mute_the_room_behind_it(network: FaultNetwork, tmp_path: Path) -> None:
    with server(network), AgentProcess(network, tmp_path, commune()) as agent:
        agent.start()
        agent.until_all("UP", 10)
        filtered = f"ip daddr {host(0)} meta l4proto icmp"
        network.drop(filtered)
        agent.until(lambda: shown(agent, GATEWAY) == (0, 0, 1), 15, "the gateway is silent but passing")
        assert shown(agent, ROOM)[:2] == (1, 0)
        network.drop(filtered, f"ip daddr {host(1)}")
        agent.until(lambda: shown(agent, ROOM)[0] == 0, 15, "the room is DOWN")
        assert shown(agent, ROOM) == (0, 0, 0)
        assert shown(agent, GATEWAY) == (0, 0, 1)
        (outage,) = [down for down in agent.downs() if down.target == ROOM]
        assert outage.cause is Reason.TIMEOUT
        assert len(agent.downs()) == 2


def test_a_gateway_that_dies_with_its_room_explains_it(network: FaultNetwork, tmp_path: Path) -> None:
    """The control: the room is DOWN by its own runs, and its gateway says why."""
    with server(network), AgentProcess(network, tmp_path, commune()) as agent:
        agent.start()
        agent.until_all("UP", 10)
        network.drop(f"ip daddr {{ {host(0)}, {host(1)} }}")
        agent.until(lambda: shown(agent, ROOM) == (0, 1, 0), 15, "the room is DOWN, and muted")
        assert shown(agent, GATEWAY) == (0, 0, 0)
