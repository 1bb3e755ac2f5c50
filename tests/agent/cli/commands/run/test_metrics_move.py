"""Every metric of the agent about itself can move: something real here moves it, and a new one needs its mover."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import rmtree

import pytest
from starlette.types import Message

from agent.clock import SystemClock
from agent.engine.agent_stats import AgentStats, ErrorOrigin
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.lateness import SPAN_MS
from agent.engine.reload import Reloader
from agent.engine.runner import Transports
from agent.engine.stalls import LoopStalls
from agent.engine.upkeep.cron_jobs import CronJob, CronJobs
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
from tests.agent.cli.conftest import free_port
from tests.agent.engine.test_clock_doubt import own_clock_behind
from tests.agent.engine.upkeep.test_daily_rollup import Machine, travel
from tests.agent.engine.world import World, inventory, target
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock
from tests.floods import flooding_server
from tests.probing import StaticResolver, target_of

ZONE = "Asia/Ho_Chi_Minh"


def shown(stats: AgentStats) -> dict[str, str]:
    """By sample with its labels, as a scraper reads it."""
    lines = AgentMetrics(lambda: stats).render(openmetrics=False).decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if line.startswith("sansang_"))


async def rounds(_: Path) -> AgentStats:
    """Slow targets, a fault of ours, a bug, a standstill, and a loop that was held up."""

    def truth(name: str, _: int) -> Reason:
        if name.endswith("bug"):
            raise ZeroDivisionError("a bug")
        return Reason.NO_RESOURCES if name.endswith("local") else Reason.TIMEOUT

    world = World(truth)
    world.took_ms = lambda _: 90_000
    names = [f"s/t{number}" for number in range(20)]
    await world.begin(inventory([target(name) for name in (*names, "s/bug", "s/local")], budget=1))
    await world.go(400)
    world.stall(300)
    await world.go(200)
    return world.stats


async def held_up(_: Path) -> AgentStats:
    world = World(lambda *_: Reason.OK)
    await world.start(inventory([target("s/t")]))
    await asyncio.sleep(0.1)
    world.clock.advance(3)
    while not world.engine.stats.loop_lag_seconds:
        await asyncio.sleep(0)  # the tick after the late one is in time again
    await world.engine.stop()
    return world.stats


async def stood_still(_: Path) -> AgentStats:
    """The loop's thread waited for a processor all the time."""
    clock = TravellingClock()
    with LoopStalls(clock, clock.monotonic) as stalls:
        clock.advance(3)
        while not stalls.stats.stalls:
            await asyncio.sleep(0)
    return AgentStats(stalls=stalls.stats)


async def late(_: Path) -> AgentStats:
    """Runs that begin after half an interval, for two spans."""
    world = World(lambda *_: Reason.OK)
    await world.begin(inventory([target("s/t")]))
    for span in range(1, 4):
        world.engine._rounds._lateness.ran(40_000, 60_000)
        world.engine._rounds._lateness.look(world.clock.boottime_ms() + span * SPAN_MS, 0)
    return world.stats


async def committed(tmp_path: Path) -> AgentStats:
    clock = TravellingClock()
    world = World(lambda *_: Reason.OK, clock=clock, ledger=Ledger.open(tmp_path / "l", clock))
    await world.begin(inventory([target("s/t")]))
    await world.go(2)
    return world.stats


async def refused(_: Path) -> AgentStats:
    world = World(lambda *_: Reason.OK)
    world.shelf.broken = True
    world.commit_queue.enqueue(AgentStop(1))
    await world.commit_queue.flush()
    return AgentStats(commit_queue=world.commit_queue.stats)


async def unkeepable(tmp_path: Path) -> AgentStats:
    clock = TravellingClock()
    world = World(lambda *_: Reason.OK, clock=clock, ledger=Ledger.open(tmp_path / "l", clock))
    world.commit_queue.enqueue(Removed("s/\ud800", 1))
    await world.commit_queue.flush()
    return AgentStats(commit_queue=world.commit_queue.stats)


async def set_aside(tmp_path: Path) -> AgentStats:
    place, clock = tmp_path / "l", TravellingClock()
    ledger = Ledger.open(place, clock)
    ledger.append([start(), change(1)])
    ledger.close()
    body = bytearray((place / "ledger.db").read_bytes())
    body[body.index(b'"state":1')] ^= 1
    (place / "ledger.db").write_bytes(body)
    ledger, trouble = Ledger.open_to_run(place, clock, 0, take(place))
    world = World(lambda *_: Reason.OK, clock=clock)
    ledger_upkeep = LedgerUpkeep(place, clock, ZONE)
    ledger_upkeep.report_recovery(trouble, world.commit_queue)
    ledger.close()
    return AgentStats(ledger=ledger_upkeep.stats)


async def forged(tmp_path: Path) -> AgentStats:
    ledger_upkeep = LedgerUpkeep(tmp_path, TravellingClock(), ZONE)
    ledger_upkeep.report_heartbeat("it names no row of this ledger")
    return AgentStats(ledger=ledger_upkeep.stats)


async def copied(tmp_path: Path) -> AgentStats:
    clock = TravellingClock()
    ledger = Ledger.open(tmp_path / "l", clock)
    ledger.append([start()])
    ledger_upkeep = LedgerUpkeep(tmp_path / "l", clock, ZONE)
    await ledger_upkeep.back_up()
    ledger.close()
    return AgentStats(ledger=ledger_upkeep.stats, disk=ledger_upkeep.disk_space())


async def closed(tmp_path: Path) -> AgentStats:
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
    return AgentStats(rollup=machine.daily_rollup.stats)


async def calendar(_: Path) -> AgentStats:
    async def bad() -> None:
        raise ZeroDivisionError("a bug")

    async def good() -> None:
        return

    jobs = CronJobs(ZONE, SystemClock())
    jobs.hourly(CronJob.LEDGER_DAYS, bad, minute=40)
    jobs.hourly(CronJob.LEDGER_HEAD, good, minute=40)
    jobs.start()
    while any(job.successful is None for job in jobs.stats.jobs.values()):
        await asyncio.sleep(0.01)
    jobs.stop()
    return AgentStats(cron=jobs.stats)


async def clocks(_: Path) -> AgentStats:
    world = World(lambda *_: Reason.OK)
    keeper = Timekeeper(world.clock, world.commit_queue, lambda: True, lambda *_: None)
    keeper.record_start("local", "0")
    world.clock.step_wall(100)
    keeper.check_clocks()
    return AgentStats(clock=keeper.stats)


async def no_clock(_: Path) -> AgentStats:
    world = World(lambda *_: Reason.OK)
    world.clock.is_readable = False
    keeper = Timekeeper(world.clock, world.commit_queue, lambda: True, lambda *_: None)
    keeper.record_start("local", "0")
    return AgentStats(clock=keeper.stats)


async def time_servers(_: Path) -> AgentStats:
    doubt = ClockDoubt(SystemClock())
    async with own_clock_behind(5.0, doubt):
        return AgentStats(clock_offset=doubt.offset())


async def reloads(tmp_path: Path) -> AgentStats:
    faulty, good = asyncio.Event(), inventory([target("s/t")])

    async def take_it(_: Inventory) -> None:
        if faulty.is_set():
            raise ZeroDivisionError("a bug")

    one = Reloader(tmp_path / "sansang.yml", lambda: good, lambda: good, take_it, TravellingClock())
    assert (await one.reload()).ok
    faulty.set()
    assert not (await one.reload()).ok
    return AgentStats(reload=one.stats)


async def runtime(tmp_path: Path) -> AgentStats:
    """The runtime itself: names that nobody answers, a flood, and a request that ends in a bug."""
    config = tmp_path / "sansang.yml"
    config.write_text(
        "organisation: {name: A, language: en}\nlevels: [{id: c, name: {vi: X, en: C}}]\n"
        "units: [{id: u, name: U, level: c}]\nsites: [{id: s, name: S, unit: u}]\nmodules: {t: {probe: tcp}}\n"
        "targets: [{id: s/t, role: service, module: t, address: '127.0.0.1:9'}]\n"
        f"storage: {{path: {tmp_path / 'state'}, reserve: 1MiB}}\ntraps: {{listen: '127.0.0.1:0'}}\n",
        "utf-8",
    )
    found = load(config, PROBES)
    agent = Runtime(Settings(config, found, take(tmp_path / "state")), SystemClock())
    await agent._resolver.close()
    agent._resolver = CachingResolver(SystemClock(), [f"127.0.0.1:{free_port()}"])
    await agent._resolver.resolve("nobody.example", IpFamily.PREFER_IP4, SystemClock().monotonic() + 5)
    await flooded(agent._transports)
    await trapped(agent)
    dropped = agent.stats().dropped_packets
    await agent._close()
    agent._socket.close()
    assert (await requested(agent))[0]["status"] == 500
    rmtree(tmp_path / "state")
    await month_after_month(agent)
    return replace(agent.stats(), dropped_packets=dropped)


async def trapped(agent: Runtime) -> None:
    """A notification by a stranger."""
    assert agent._traps is not None
    agent._traps.start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"", agent._traps._socket.getsockname())
    while not sum(agent.stats().traps.values()):
        await asyncio.sleep(0.01)
    agent._traps.close()


async def flooded(transports: Transports) -> None:
    """A name server that sends more than a socket holds."""
    options, clock = DnsOptions("portal.example"), SystemClock()
    async with flooding_server() as port:
        context = ProbeContext(clock, clock.monotonic() + 0.2, StaticResolver(), transports.shared("dns"))
        await PROBES["dns"].run(target_of("dns", f"127.0.0.1:{port}", options), options, context)


async def month_after_month(agent: Runtime) -> None:
    """Until a refresh has gone wrong."""
    refresh = asyncio.create_task(agent._availability.run(0.01))
    while not agent.stats().availability.errors:
        await asyncio.sleep(0.01)
    refresh.cancel()


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


Mover = Callable[[Path], Awaitable[AgentStats]]
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
    time_servers: ("sansang_clock_offset_seconds",),
    reloads: ("sansang_config_last_reload_successful", "sansang_config_last_reload_success_timestamp_seconds"),
    runtime: (
        "sansang_resolver_up",
        "sansang_resolver_failures_total",
        "sansang_socket_dropped_packets_total",
        "sansang_availability_refresh_errors_total",
        "sansang_traps_total",
    ),
}


def test_every_metric_of_the_agent_has_what_moves_it() -> None:
    there = sorted(metric.sample for metric in (*AGENT, LATENESS))
    assert sorted(sample for samples in MOVERS.values() for sample in samples) == there


@pytest.mark.parametrize("mover", MOVERS, ids=lambda mover: mover.__name__)
async def test_it_moves(mover: Mover, tmp_path: Path) -> None:
    before, after = shown(AgentStats()), shown(await mover(tmp_path))
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
    assert AgentStats().internal_errors == dict.fromkeys(ErrorOrigin, 0)
    errors = (await BUGS[where](tmp_path)).internal_errors
    assert errors[where] > 0
    assert [other for other in ErrorOrigin if errors[other]] == [where]


def of(sample: str, lines: dict[str, str]) -> dict[str, str]:
    """What is shown of one family."""
    return {name: value for name, value in lines.items() if re.match(rf"{sample}(_count)?([{{]|$)", name)}
