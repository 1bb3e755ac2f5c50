"""The composition root: the only place that opens and connects everything; start, reload, stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from agent import __version__
from agent.clock import Clock, SystemClock, vouched
from agent.engine.adhoc.probe import AccessPolicy, ProbeRequest, probe_once
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.engine import Engine, RestoredState, ViewPublisher
from agent.engine.reload import Agent, Reloader
from agent.engine.runner import Runner, Transports
from agent.engine.snapshot import CronJob, EngineStats, ErrorOrigin
from agent.engine.stalls import counting
from agent.engine.upkeep.amendments import Amendments
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.engine.upkeep.cron_jobs import CronJobs
from agent.engine.upkeep.daily_rollup import DailyRollup
from agent.engine.upkeep.ledger_upkeep import LedgerUpkeep
from agent.engine.upkeep.timekeeper import Timekeeper
from agent.errors import LedgerDamagedError, LedgerError, SansangError
from agent.explain.ledger import refusal
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.ledger.recovery.quarantine import QuarantinedLedger
from agent.ledger.store import Ledger, LedgerEvents
from agent.model import ExposedRun, Selection
from agent.probes.caching_resolver import CachingResolver
from agent.probes.registry import PROBES
from agent.reporting.as_of import parse_as_of
from agent.reporting.days import closed_days
from agent.reporting.from_ledger import report_from_ledger
from agent.reporting.months import Months
from agent.reporting.request import ReportRequest
from agent.text import Text
from agent.web.app import build
from agent.web.endpoints import Check, Endpoints, Health, LandingRequest, Probed, UptimeRequest
from agent.web.listening import listening_socket, url
from agent.web.server import WebServer
from exporters.blackbox import render
from exporters.pages.banners import AgentCondition
from exporters.pages.landing import LandingView, landing_page
from exporters.pages.probe import debug_page
from exporters.prometheus import Exposition
from exporters.reports.json_file import json_file

_MONTHS_EVERY_SECONDS = 300

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """How `sansang run` was called, and what was read and locked before anything heavy was loaded.

    lock: of the ledger (agent.ledger.lock). listen_fd: a listening socket handed in, in place of `listen`.
    """

    config: Path
    inventory: Inventory
    lock: int
    listen_fd: int | None = None
    language: str | None = None


class Runtime:
    """One agent, from its first row to its last."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Open the ledger; raises LedgerError before anything runs."""
        self._settings = settings
        self._clock = clock
        self._inventory = settings.inventory
        self._access_policy = AccessPolicy.of(self._inventory)
        self._stats = EngineStats(reload_success_wall_ms=clock.wall_ms())
        directory = Path(self._inventory.storage_path)
        self._ledger_upkeep = LedgerUpkeep(directory, clock, self._stats, self._inventory.organisation.timezone)
        self._daily_rollup = DailyRollup(directory, clock, self._stats, lambda: self._inventory, closed_days)
        reserve = self._inventory.storage_reserve_bytes
        events = LedgerEvents(self._on_quarantine, self._on_lock_lost)
        self._ledger, self._trouble = Ledger.open_to_run(directory, clock, reserve, settings.lock, events)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._commit_queue = CommitQueue(self._ledger, clock, self._stats, self._writer)
        self._transports = Transports(PROBES, clock)
        self._stopping = asyncio.Event()
        self._lost: Text | None = None
        self._ready = False
        running = Agent(settings.config, lambda: self._inventory, self._take)
        self._reloader = Reloader(running, self._read, self._stats, clock)

    async def run(self, announce: Callable[[str], None]) -> None:
        """Probe until told to stop; announce is called with the agent's address once it answers."""
        self._loop = asyncio.get_running_loop()
        inventory = self._inventory
        sock = listening_socket(inventory.listen, self._settings.listen_fd)
        self._exposition = Exposition(inventory, self._stats)
        self._resolver = resolver = CachingResolver(self._clock)
        doubt = ClockDoubt(self._clock)
        self._runner = runner = Runner(
            self._clock, resolver, self._transports, inventory.organisation.observer, doubt, self._stats
        )
        calendar = self._calendar()
        anchored, stepped = doubt.anchored, calendar.on_clock_step
        timekeeper = Timekeeper(
            self._clock, self._commit_queue, self._stats, self._ledger.beat, anchored, stepped=stepped
        )
        installation = self._ledger_upkeep.installation()
        timekeeper.started(inventory.organisation.observer, __version__, installation.id)
        self._ledger_upkeep.found(self._trouble, self._commit_queue)
        self._ledger_upkeep.heartbeat(self._ledger.refused)
        self._ledger_upkeep.note(self._ledger)
        self._ledger_upkeep.record_identity_changes(installation, self._ledger, inventory, self._commit_queue)
        known = self._known(inventory)
        doubt.not_before(known.past_wall_ms)
        self._engine = Engine(runner, self._commit_queue, self._stats, self._outside(), known)
        self._catch_signals()
        web = WebServer(build(self._endpoints()), sock)
        await self._engine.start(inventory)
        _warn(inventory)
        watch = asyncio.create_task(timekeeper.watch(self._writer, notify_alive))
        months = asyncio.create_task(self._watch_months())
        try:
            await web.start()
            calendar.start()
            self._ready = True
            notify_ready()
            log.info("agent_started", version=__version__, targets=len(inventory.targets), observer=runner.observer)
            announce(url(sock))
            with counting(self._stats, self._clock):
                await self._until_stopped()
        finally:
            self._ready = False
            watch.cancel()
            months.cancel()
            calendar.stop()
            await web.stop()
            await self._engine.stop()
            self._transports.close()
            await resolver.close()
            self._writer.shutdown()
            self._ledger.close()
            log.info("agent_stopped")

    def _on_quarantine(self, quarantined: tuple[QuarantinedLedger, ...]) -> None:
        self._loop.call_soon_threadsafe(self._ledger_upkeep.found, quarantined, self._commit_queue)

    def _on_lock_lost(self, why: Text) -> None:
        self._loop.call_soon_threadsafe(self._lose, why)

    def _lose(self, why: Text) -> None:
        """Two agents on one ledger: the one that lost the lock goes, and not as if it had been asked to."""
        log.error("ledger_lost", why=why.en)
        self._lost = why
        self._stopping.set()

    def _calendar(self) -> CronJobs:
        calendar = CronJobs(self._inventory.organisation.timezone, self._clock, self._stats)
        calendar.daily(CronJob.LEDGER_HEAD, self._log_head)
        calendar.daily(CronJob.LEDGER_BACKUP, self._ledger_upkeep.copy, minute=15)
        calendar.hourly(CronJob.LEDGER_DAYS, self._daily_rollup.run, minute=40)
        return calendar

    async def _until_stopped(self) -> None:
        """LedgerError if another agent took the ledger."""
        stopping = asyncio.create_task(self._stopping.wait())
        failing = asyncio.create_task(self._engine.wait())
        done, pending = await asyncio.wait((stopping, failing), return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.result()
        if self._lost:
            raise LedgerError(self._lost)

    async def _watch_months(self) -> None:
        """The shares of this month and the last, as the ledger tells them; what it cannot tell stays as it was."""
        months = Months(Path(self._inventory.storage_path))
        while True:
            await asyncio.sleep(_MONTHS_EVERY_SECONDS)
            try:
                organisation, now_ms = self._inventory.organisation, self._clock.wall_ms()
                self._exposition.update_months(await asyncio.to_thread(months.shares, organisation, now_ms))
            except SansangError as error:
                self._stats.availability_refresh_errors += 1
                log.warning("uptime_not_computed", message=str(error))
            except Exception:  # a bug here costs these figures, and not those of all turns to come
                self._stats.availability_refresh_errors += 1
                self._stats.internal_errors[ErrorOrigin.JOB] += 1
                log.exception("uptime_crashed")

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._reloader.request)

    def _known(self, inventory: Inventory) -> RestoredState:
        return self._ledger_upkeep.known(self._ledger, inventory.organisation.observer, inventory.observer_was)

    def _outside(self) -> ViewPublisher:
        exposition = self._exposition
        return ViewPublisher(exposition.update, exposition.update_path, exposition.replace)

    # -- what the web asks for ----------------------------------------------------------------------------------------

    def _endpoints(self) -> Endpoints:
        return Endpoints(
            metrics=self._metrics,
            health=self._health,
            ready=lambda: Health(self._ready, () if self._ready else ("starting or stopping",)),
            reload=self._reloader.reload,
            targets=self._engine.views,
            paths=self._engine.paths,
            check=self._check,
            maintenance=self._engine.maintenances.order,
            amend=Amendments(Path(self._inventory.storage_path), self._commit_queue, self._clock).order,
            page=self._page,
            probe=self._probe,
            inventory=lambda: self._inventory,
            uptime=self._uptime,
            crashed=self._request_crashed,
        )

    def _measure(self) -> None:
        self._ledger_upkeep.measure()
        self._stats.resolver_up = not self._resolver.failing
        self._stats.resolver_failures = self._resolver.failures

    def _metrics(self, openmetrics: bool, gzipped: bool) -> bytes:
        self._measure()
        self._stats.lost_packets = self._transports.lost_packets()
        return self._exposition.render(openmetrics=openmetrics, gzipped=gzipped)

    def _health(self) -> Health:
        problems = self._engine.problems()
        return Health(not problems, problems, self._remarks())

    def _remarks(self) -> tuple[str, ...]:
        if not self._stats.overloaded:
            return ()
        late = f"{self._stats.late_ratio:.0%} of the last half minute's rounds began later than half their interval"
        return (f"overloaded: {late}, or not at all",)

    def _check(self, selection: Selection) -> Check:
        count, rows = self._engine.check(selection)
        return Check(count, self._inventory.organisation.timezone, vouched(self._clock), rows)

    async def _page(self, reading: LandingRequest) -> str:
        """Written in a worker thread: tens of thousands of targets take a third of a second."""
        views, inventory = await self._engine.views_by_turns(), self._inventory
        self._measure()
        known = AgentCondition(
            self._stats, self._engine.paths(), self._engine.problems(), inventory.samples, reading.here
        )
        contacts = reading.here or inventory.page_contacts
        shown = LandingView(inventory, views, known, self._clock.wall_ms(), contacts, reading.unfolded)
        return await asyncio.to_thread(landing_page, shown, reading.language or inventory.organisation.language)

    def _uptime(self, wish: UptimeRequest) -> bytes:
        """In a worker thread, from the ledger's file; the writer goes on meanwhile."""
        inventory, chosen = self._inventory, wish.selection
        roles = tuple(str(role) for role in chosen.roles)
        organisation = inventory.organisation
        as_of = parse_as_of(wish.as_of, ZoneInfo(organisation.timezone)) if wish.as_of else None
        chosen_ones = roles, chosen.sites, chosen.targets
        question = ReportRequest(wish.period, organisation.language, wish.calendar, *chosen_ones, wish.by, as_of)
        directory = Path(inventory.storage_path)
        try:
            return json_file(*report_from_ledger(directory, organisation, question, self._clock.wall_ms()))
        except LedgerDamagedError as error:
            raise LedgerError(refusal(error, organisation.language, anyway=False)) from error

    async def _probe(self, wish: ProbeRequest) -> Probed:
        done = await probe_once(wish, self._access_policy, self._runner)
        shown = ExposedRun(done.result, done.target.policy.timeout_ms / 1000, done.lookup_seconds)
        return Probed(
            lambda openmetrics: render(done.target.probe, shown, openmetrics=openmetrics),
            lambda: debug_page(done.target, shown, done.refused),
        )

    def _read(self) -> Inventory:
        """In a thread: written out for the ledger too. Faults are told as before where they hide the language."""
        language = self._settings.language or self._inventory.organisation.language
        with _uncollected():
            inventory = load(self._settings.config, PROBES, language)
            inventory.canonical_form.write()
        return inventory

    async def _take(self, inventory: Inventory) -> None:
        """Go over to a configuration that was read again."""
        await self._engine.reload(inventory)
        self._inventory = inventory
        self._access_policy = AccessPolicy.of(inventory)
        _warn(inventory)

    def _request_crashed(self) -> None:
        self._stats.internal_errors[ErrorOrigin.REQUEST] += 1

    async def _log_head(self) -> None:
        """Once a day the head goes to the log: an anchor outside the ledger's own files."""
        self._ledger_upkeep.note(self._ledger)


def _warn(inventory: Inventory) -> None:
    """Modules for /probe whose files cannot be used: their probes fail, the others go on."""
    for fault in inventory.unread:
        log.warning("module_without_its_file", fault=str(fault))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would hold the loop for 100 ms to look at each value of a large file."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def notify_ready() -> None:
    """Tell systemd that the agent answers (sd_notify(3)); nothing happens without one."""
    _notify(b"READY=1")


def notify_alive() -> None:
    """Feed systemd's watchdog; called only after a heartbeat reached the disk."""
    _notify(b"WATCHDOG=1")


def _notify(message: bytes) -> None:
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.sendall(message)


async def run(settings: Settings, announce: Callable[[str], None]) -> None:
    """`sansang run`: one agent until SIGTERM."""
    await Runtime(settings, SystemClock()).run(announce)
