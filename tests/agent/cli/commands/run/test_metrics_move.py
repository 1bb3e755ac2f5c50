"""Every metric of the agent about itself can move: something real here moves it, and a new one needs its mover."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.types import Message

from agent import runtime as runtimes
from agent.clock import SystemClock
from agent.engine.lateness import SPAN_MS
from agent.engine.reload import Agent, Reloader
from agent.engine.runner import Transports
from agent.engine.snapshot import CronJob, EngineStats, ErrorOrigin
from agent.engine.stalls import Stalls
from agent.engine.upkeep.cron_jobs import CronJobs
from agent.engine.upkeep.ledger_upkeep import LedgerUpkeep
from agent.engine.upkeep.timekeeper import Timekeeper
from agent.errors import LedgerError
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.ledger.lock import take
from agent.ledger.rows import AgentStop, Removed
from agent.ledger.store import Ledger
from agent.model import Reason
from agent.probes.caching_resolver import CachingResolver
from agent.probes.dns.options import DnsOptions
from agent.probes.registry import PROBES
from agent.probes.resolver import IpFamily
from agent.probes.spec import ProbeContext
from agent.runtime import Runtime, Settings
from agent.web.guard import Access, Guard
from agent.web.limits import ServerLimits
from exporters.agent_metrics import AgentMetrics
from exporters.catalog import AGENT, LATENESS
from exporters.prometheus import Exposition
from tests.agent.cli.conftest import free_port
from tests.agent.engine.upkeep.test_daily_rollup import Machine, travel
from tests.agent.engine.world import World, inventory, target
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock
from tests.floods import flooding_server
from tests.probing import StaticResolver, target_of

ZONE = "Asia/Ho_Chi_Minh"


def shown(stats: EngineStats) -> dict[str, str]:
    """By sample with its labels, as a scraper reads it."""
    lines = AgentMetrics(stats).render(openmetrics=False).decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if line.startswith("sansang_"))


async def rounds(_: Path) -> EngineStats:
    """Slow targets, a fault of ours, a bug, a standstill, and a loop that was held up."""

    def truth(name: str, _: int) -> Reason:
        if name.endswith("bug"):
            raise ZeroDivisionError("a bug")
        return Reason.NO_RESOURCES if name.endswith("local") else Reason.TIMEOUT

    world = World(truth)
    world.took_ms = lambda _: 90_000
    names = [f"s/t{number}" for number in range(20)]
    await world.engine.prepare(inventory([target(name) for name in (*names, "s/bug", "s/local")], budget=1))
    await world.go(400)
    world.stall(300)
    await world.go(200)
    return world.stats


async def held_up(_: Path) -> EngineStats:
    world = World(lambda *_: Reason.OK)
    await world.engine.start(inventory([target("s/t")]))
    await asyncio.sleep(0.1)
    world.clock.advance(3)
    while not world.stats.loop_lag_seconds:
        await asyncio.sleep(0)  # the tick after the late one is in time again
    await world.engine.stop()
    return world.stats


async def stood_still(_: Path) -> EngineStats:
    """The loop's thread waited for a processor all the time."""
    stats, clock = EngineStats(), TravellingClock()
    stalls = Stalls(stats, clock, clock.monotonic)
    stalls.start()
    clock.advance(3)
    while not stats.loop_stalls:
        await asyncio.sleep(0)
    stalls.stop()
    return stats


async def late(_: Path) -> EngineStats:
    """Runs that begin after half an interval, for two spans."""
    world = World(lambda *_: Reason.OK)
    await world.engine.prepare(inventory([target("s/t")]))
    for span in range(1, 4):
        world.engine._lateness.ran(40_000, 60_000)
        world.engine._lateness.look(world.clock.boottime_ms() + span * SPAN_MS)
    return world.stats


async def committed(tmp_path: Path) -> EngineStats:
    clock = TravellingClock()
    world = World(lambda *_: Reason.OK, clock=clock, ledger=Ledger.open(tmp_path / "l", clock))
    await world.engine.prepare(inventory([target("s/t")]))
    await world.go(2)
    return world.stats


async def refused(_: Path) -> EngineStats:
    world = World(lambda *_: Reason.OK)
    world.shelf.broken = True
    world.commit_queue.enqueue(AgentStop(1))
    await world.commit_queue.flush()
    return world.stats


async def unkeepable(tmp_path: Path) -> EngineStats:
    clock = TravellingClock()
    world = World(lambda *_: Reason.OK, clock=clock, ledger=Ledger.open(tmp_path / "l", clock))
    world.commit_queue.enqueue(Removed("s/\ud800", 1))
    await world.commit_queue.flush()
    return world.stats


async def set_aside(tmp_path: Path) -> EngineStats:
    place, clock = tmp_path / "l", TravellingClock()
    ledger = Ledger.open(place, clock)
    ledger.append([start(), change(1)])
    ledger.close()
    body = bytearray((place / "ledger.db").read_bytes())
    body[body.index(b'"state":1')] ^= 1
    (place / "ledger.db").write_bytes(body)
    ledger, trouble = Ledger.open_to_run(place, clock, 0, take(place))
    stats = EngineStats()
    world = World(lambda *_: Reason.OK, clock=clock)
    LedgerUpkeep(place, clock, stats, ZONE).found(trouble, world.commit_queue)
    ledger.close()
    return stats


async def forged(tmp_path: Path) -> EngineStats:
    stats = EngineStats()
    LedgerUpkeep(tmp_path, TravellingClock(), stats, ZONE).heartbeat("it names no row of this ledger")
    return stats


async def copied(tmp_path: Path) -> EngineStats:
    stats, clock = EngineStats(), TravellingClock()
    ledger = Ledger.open(tmp_path / "l", clock)
    ledger.append([start()])
    ledger_upkeep = LedgerUpkeep(tmp_path / "l", clock, stats, ZONE)
    await ledger_upkeep.copy()
    ledger_upkeep.measure()
    ledger.close()
    return stats


async def closed(tmp_path: Path) -> EngineStats:
    machine = Machine(tmp_path / "state")
    machine.start()
    machine.see()
    travel(machine, date(2026, 3, 2), 12)
    machine.broken = True
    with pytest.raises(LedgerError):
        await machine.daily_rollup.run()
    machine.broken = False
    await machine.daily_rollup.run()
    machine.ledger.close()
    return machine.stats


async def calendar(_: Path) -> EngineStats:
    async def bad() -> None:
        raise ZeroDivisionError("a bug")

    async def good() -> None:
        return

    stats = EngineStats()
    jobs = CronJobs(ZONE, SystemClock(), stats)
    jobs.hourly(CronJob.LEDGER_DAYS, bad, minute=40)
    jobs.hourly(CronJob.LEDGER_HEAD, good, minute=40)
    jobs.start()
    while any(job.successful is None for job in stats.jobs.values()):
        await asyncio.sleep(0.01)
    jobs.stop()
    return stats


async def clocks(_: Path) -> EngineStats:
    world = World(lambda *_: Reason.OK)
    keeper = Timekeeper(world.clock, world.commit_queue, world.stats, lambda: True, lambda *_: None)
    keeper.started("local", "0")
    world.clock.step_wall(100)
    keeper.look()
    return world.stats


async def no_clock(_: Path) -> EngineStats:
    world = World(lambda *_: Reason.OK)
    world.clock.is_readable = False
    Timekeeper(world.clock, world.commit_queue, world.stats, lambda: True, lambda *_: None).started("local", "0")
    return world.stats


async def reloads(tmp_path: Path) -> EngineStats:
    stats = EngineStats()
    faulty, good = asyncio.Event(), inventory([target("s/t")])

    async def take_it(_: Inventory) -> None:
        if faulty.is_set():
            raise ZeroDivisionError("a bug")

    one = Reloader(Agent(tmp_path / "sansang.yml", lambda: good, take_it), lambda: good, stats, TravellingClock())
    assert (await one.reload()).ok
    faulty.set()
    assert not (await one.reload()).ok
    return stats


async def runtime(tmp_path: Path) -> EngineStats:
    """The runtime itself: names that nobody answers, a flood, and a request that ends in a bug."""
    config = tmp_path / "sansang.yml"
    config.write_text(
        "organisation: {name: A, language: en}\nlevels: [{id: c, name: {vi: X, en: C}}]\n"
        "units: [{id: u, name: U, level: c}]\nsites: [{id: s, name: S, unit: u}]\nmodules: {t: {probe: tcp}}\n"
        "targets: [{id: s/t, role: service, module: t, address: '127.0.0.1:9'}]\n"
        f"storage: {{path: {tmp_path / 'state'}, reserve: 1MiB}}\n",
        "utf-8",
    )
    found = load(config, PROBES)
    agent = Runtime(Settings(config, found, take(tmp_path / "state")), SystemClock())
    agent._exposition = Exposition(found, agent._stats)
    agent._resolver = CachingResolver(SystemClock(), [f"127.0.0.1:{free_port()}"])
    await agent._resolver.resolve("nobody.example", IpFamily.PREFER_IP4, SystemClock().monotonic() + 5)
    await flooded(agent._transports)
    agent._metrics(False, False)
    agent._transports.close()
    await agent._resolver.close()
    agent._ledger.close()
    assert (await requested(agent))[0]["status"] == 500
    agent._inventory = replace(found, storage_path=str(tmp_path / "nothing"))
    await month_after_month(agent)
    return agent._stats


async def flooded(transports: Transports) -> None:
    """A name server that sends more than a socket holds."""
    options, clock = DnsOptions("portal.example"), SystemClock()
    async with flooding_server() as port:
        context = ProbeContext(clock, clock.monotonic() + 0.2, StaticResolver(), transports.shared("dns"))
        await PROBES["dns"].run(target_of("dns", f"127.0.0.1:{port}", options), options, context)


async def month_after_month(agent: Runtime) -> None:
    """Until a turn has gone wrong; a turn comes every five minutes."""
    before, every = agent._stats.availability_refresh_errors, runtimes._MONTHS_EVERY_SECONDS
    vars(runtimes)["_MONTHS_EVERY_SECONDS"] = 0.01
    turns = asyncio.create_task(agent._watch_months())
    try:
        while agent._stats.availability_refresh_errors == before:
            await asyncio.sleep(0.01)
    finally:
        vars(runtimes)["_MONTHS_EVERY_SECONDS"] = every
        turns.cancel()


async def requested(agent: Runtime) -> list[Message]:
    """What the guard in front of every route sends when an answer is a bug."""

    async def bug(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    async def receive() -> Message:
        return {"type": "http.request"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/", "raw_path": b"/"}
    scope |= {"query_string": b"", "headers": []}
    await Guard(bug, {"/": Access.ANYONE}, ServerLimits(), agent._request_crashed)(scope, receive, send)
    return sent


Mover = Callable[[Path], Awaitable[EngineStats]]
MOVERS: dict[Mover, tuple[str, ...]] = {
    rounds: (
        "sansang_probe_lateness_seconds",
        "sansang_probe_overruns_total",
        "sansang_rounds_missed_total",
        "sansang_reprobes_total",
        "sansang_reprobes_deferred_total",
        "sansang_internal_errors_total",
        "sansang_local_errors_total",
    ),
    held_up: ("sansang_loop_lag_seconds",),
    stood_still: ("sansang_loop_stalls_total", "sansang_loop_stalls_run_delay_total"),
    late: ("sansang_probe_late_starts_total", "sansang_probe_late_ratio", "sansang_overloaded"),
    committed: (
        "sansang_ledger_commits_total",
        "sansang_ledger_rows_total",
        "sansang_ledger_head_seq",
        "sansang_ledger_last_commit_timestamp_seconds",
    ),
    refused: ("sansang_ledger_writable", "sansang_ledger_write_errors_total", "sansang_ledger_queue_rows"),
    set_aside: ("sansang_ledger_quarantined",),
    forged: ("sansang_ledger_heartbeat_refused",),
    copied: (
        "sansang_ledger_verify_success",
        "sansang_ledger_backup_timestamp_seconds",
        "sansang_storage_free_bytes",
        "sansang_storage_size_bytes",
    ),
    closed: ("sansang_ledger_daily_sums_timestamp_seconds", "sansang_ledger_daily_sums_write_errors_total"),
    calendar: (
        "sansang_job_failures_total",
        "sansang_job_last_run_successful",
        "sansang_job_last_success_timestamp_seconds",
    ),
    clocks: ("sansang_clock_synchronised", "sansang_clock_steps_total"),
    no_clock: ("sansang_clock_readable",),
    reloads: ("sansang_config_last_reload_successful", "sansang_config_last_reload_success_timestamp_seconds"),
    runtime: (
        "sansang_resolver_up",
        "sansang_resolver_failures_total",
        "sansang_socket_dropped_packets_total",
        "sansang_availability_refresh_errors_total",
    ),
}


def test_every_metric_of_the_agent_has_what_moves_it() -> None:
    there = sorted(metric.sample for metric in (*AGENT, LATENESS))
    assert sorted(sample for samples in MOVERS.values() for sample in samples) == there


@pytest.mark.parametrize("mover", MOVERS, ids=lambda mover: mover.__name__)
async def test_it_moves(mover: Mover, tmp_path: Path) -> None:
    before, after = shown(EngineStats()), shown(await mover(tmp_path))
    for sample in MOVERS[mover]:
        assert of(sample, after) != of(sample, before), sample


BUGS: dict[ErrorOrigin, Mover] = {
    ErrorOrigin.PROBE: rounds,
    ErrorOrigin.JOB: calendar,
    ErrorOrigin.RELOAD: reloads,
    ErrorOrigin.REQUEST: runtime,
    ErrorOrigin.LEDGER: unkeepable,
}


@pytest.mark.parametrize("where", ErrorOrigin)
async def test_every_kind_of_bug_is_counted_where_it_was(where: ErrorOrigin, tmp_path: Path) -> None:
    assert EngineStats().internal_errors == dict.fromkeys(ErrorOrigin, 0)
    errors = (await BUGS[where](tmp_path)).internal_errors
    assert errors[where] > 0
    assert [other for other in ErrorOrigin if errors[other]] == [where]


def of(sample: str, lines: dict[str, str]) -> dict[str, str]:
    """What is shown of one family."""
    return {name: value for name, value in lines.items() if re.match(rf"{sample}(_count)?([{{]|$)", name)}
