"""Standstills of the event loop: each counted once, what is shorter not at all, honest probes cause none."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, repeat

import pytest
import uvloop

from agent.clock import SystemClock
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.runner import Runner, Transports
from agent.engine.stalls import BEAT_SECONDS, LoopStalls, RunDelay, StallStats
from agent.lab.listeners.dns import DnsListener
from agent.lab.listeners.http import HttpListener
from agent.lab.listeners.tcp import TcpListener
from agent.model import Observation, Reason, ReasonCode, State
from agent.probes.dns.options import DnsOptions
from agent.probes.dns.probe import SPEC as DNS
from agent.probes.http.options import HttpOptions
from agent.probes.http.probe import SPEC as HTTP
from agent.probes.registry import PROBES
from agent.probes.tcp.dialogue import DialogueStep
from agent.probes.tcp.options import TcpOptions
from agent.probes.tcp.probe import SPEC as TCP
from tests.agent.engine.world import World, inventory, target
from tests.clock import TravellingClock
from tests.probing import POLICY, StaticResolver, counted_stalls, run_probe, target_of


def stood(seconds: float, run_delay: float = 0.0) -> tuple[int, int]:
    """What is counted of one beat that came so long after the one before it, of which the machine took so much."""
    clock, delays = TravellingClock(), chain([0.0], repeat(run_delay))
    stalls = LoopStalls(clock, lambda: next(delays))

    async def life() -> None:
        with stalls:
            clock.advance(seconds)
            await asyncio.sleep(3 * BEAT_SECONDS)  # beats that are in time by this clock

    asyncio.run(life())
    return stalls.stats.stalls, stalls.stats.run_delay


@pytest.mark.parametrize(("seconds", "counted"), [(0.05, 0), (0.1, 0), (0.147, 0), (0.15, 1), (4.5, 1), (3600, 1)])
def test_a_standstill_of_over_100_ms_is_counted_once(seconds: float, counted: int) -> None:
    assert stood(seconds) == (counted, 0)


@pytest.mark.parametrize(("run_delay", "counted"), [(0.1, 0), (0.6, 0), (0.7, 1), (1.0, 1)])
def test_one_that_the_machine_caused_is_told_apart(run_delay: float, counted: int) -> None:
    assert stood(0.8, run_delay) == (1, counted)


def computes(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


@pytest.mark.alone
@pytest.mark.parametrize("blocks", [computes, time.sleep], ids=["computes", "waits in a call"])
def test_a_planted_call_that_blocks_for_150_ms_is_counted_once(blocks: Callable[[float], None]) -> None:
    """Only what the machine did not spoil is a try: there a processor was free when the call was over."""

    async def life() -> int:
        with counted_stalls() as stalls:
            while True:
                await asyncio.sleep(2.5 * BEAT_SECONDS)
                before, spoiled = stalls.stats.stalls, stalls.stats.run_delay
                blocks(0.15)
                await asyncio.sleep(2.5 * BEAT_SECONDS)
                if stalls.stats.run_delay == spoiled:
                    return stalls.stats.stalls - before

    assert uvloop.run(life()) == 1


@pytest.mark.alone
def test_a_thousand_honest_probes_cause_none() -> None:
    page, port, names = HttpListener(), TcpListener(), DnsListener()

    async def life() -> tuple[list[ReasonCode], StallStats]:
        for listener in (page, port, names):
            await listener.open("127.0.0.1")
        probes = (
            (HTTP, f"http://127.0.0.1:{page.port}/", HttpOptions()),
            (TCP, f"127.0.0.1:{port.port}", TcpOptions()),
            (DNS, f"127.0.0.1:{names.port}", DnsOptions("a.example")),
        )
        found: list[ReasonCode] = []
        with counted_stalls() as stalls:
            while len(found) < 1000:
                ten = [run_probe(*probes[(len(found) + n) % len(probes)]) for n in range(10)]
                found += [result.reason for result in await asyncio.gather(*ten)]
        for listener in (page, port, names):
            await listener.close()
        return found, stalls.stats

    found, stats = uvloop.run(life())
    assert set(found) == {Reason.OK}
    assert stats.stalls == stats.run_delay


def test_the_kernel_says_how_long_a_thread_waited_for_a_processor() -> None:
    run_delay = RunDelay()
    before = run_delay.seconds()
    time.sleep(0.001)
    assert 0 <= before <= run_delay.seconds()
    run_delay.close()


@pytest.mark.parametrize(
    ("found", "stood", "state"),
    [
        (Reason.TIMEOUT, 2.5, State.UNKNOWN),
        (Reason.STALLED, 2.5, State.UNKNOWN),
        (Reason.TIMEOUT, 2.4, State.DOWN),
        (Reason.REFUSED, 5.0, State.DOWN),
        (Reason.OK, 5.0, State.UP),
    ],
)
async def test_silence_that_we_slept_through_is_our_own_fault(found: Reason, stood: float, state: State) -> None:
    """The timeout is 5 s."""

    def truth(_: str, at_ms: int) -> Reason:
        if at_ms > 0:
            world.stood_seconds += stood
        return found if world.shelf.rows and at_ms > 60_000 else Reason.OK

    world = World(truth)
    await world.begin(inventory([target("s/t")]))
    await world.go(240)
    (view,) = world.views.values()
    assert view.state is state


@pytest.mark.alone
@pytest.mark.parametrize(("counts", "reason"), [(True, Reason.LOCAL_ERROR), (False, Reason.TIMEOUT)])
def test_an_answer_that_came_while_the_loop_stood_still_is_no_timeout(counts: bool, reason: Reason) -> None:
    """Control: one that does not count its standstills blames the target."""
    clock, timeout_seconds = SystemClock(), 1.5
    options = TcpOptions(dialogue=(DialogueStep(expect="^hello"),))
    listening, stands = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def greet() -> None:
        connection, _ = listening.accept()
        with connection:
            stands.wait()
            connection.sendall(b"hello\r\n")
            connection.recv(1)

    async def life() -> Observation:
        transports = Transports(PROBES, clock)
        policy = replace(POLICY, timeout_ms=int(timeout_seconds * 1000))
        asked = replace(target_of("tcp", f"127.0.0.1:{listening.getsockname()[1]}", options), policy=policy)
        with counted_stalls() as stalls:
            stood_seconds = stalls.stood_seconds if counts else lambda: 0.0
            runner = Runner(clock, StaticResolver(), transports, "local", ClockDoubt(clock), stood_seconds)
            began = clock.monotonic()
            running = asyncio.create_task(runner.run(asked))
            await asyncio.sleep(0.1)
            stands.set()
            time.sleep(began + timeout_seconds + 0.1 - clock.monotonic())
            return await running

    with listening:
        threading.Thread(target=greet, daemon=True).start()
        assert uvloop.run(life()).result.reason is reason
