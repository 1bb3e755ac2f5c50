"""The composition root: the only place that opens and connects everything; start, reload, stop."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import structlog

from agent import __version__
from agent.clock import Clock, SystemClock, vouched
from agent.engine.adhoc.probe import AccessPolicy, ProbeRequest
from agent.engine.agent_stats import AgentStats, ResolverStats
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.engine import Engine, ViewPublisher
from agent.engine.reload import Reloader
from agent.engine.runner import Runner, Transports
from agent.engine.snapshot import PathView, TargetView
from agent.engine.stalls import LoopStalls, RunDelay
from agent.engine.systemd import notify_ready, notify_watchdog
from agent.engine.traps import TrapReceiver, trap_socket
from agent.engine.upkeep.amendments import Amendments
from agent.engine.upkeep.availability_refresh import AvailabilityRefresh
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.engine.upkeep.cron_jobs import CronJob, CronJobs
from agent.engine.upkeep.daily_rollup import DailyRollup
from agent.engine.upkeep.ledger_upkeep import LedgerUpkeep
from agent.engine.upkeep.restored_state import restore_state
from agent.engine.upkeep.timekeeper import Timekeeper
from agent.errors import LedgerDiskError, LedgerError
from agent.garbage import keep, uncollected
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.ledger.recovery.quarantine import QuarantinedLedger
from agent.ledger.store import Ledger, LedgerEvents
from agent.ledger_answers import scores_answer, uptime_answer
from agent.model import Selection
from agent.on_demand import probed, snmp_scraped
from agent.probes.caching_resolver import CachingResolver
from agent.probes.registry import PROBES
from agent.reporting.days import closed_days
from agent.reporting.months import Months
from agent.reporting.scoring.year_to_date import scores_of_year
from agent.text import Text
from agent.web.app import build
from agent.web.endpoints import Check, Endpoints, Health, LandingRequest, Probed, SnmpScrapeRequest
from agent.web.listening import listening_socket, url
from agent.web.server import WebServer
from exporters.pages.banners import AgentCondition
from exporters.pages.landing import LandingView, landing_page
from exporters.prometheus import Exposition
from exporters.score_series import MOST_SERIES, Detail
from exporters.snmp import SnmpExposition

AVAILABILITY_REFRESH_SECONDS = 300.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """How `sansang run` was called, and what was read and locked before anything heavy was loaded.

    lock: of the ledger (agent.ledger.lock). listen_fd: a listening socket handed in, in place of `listen`.
    trap_fd: a bound UDP socket for SNMP traps handed in, in place of `traps`.
    """

    config: Path
    inventory: Inventory
    lock: int
    listen_fd: int | None = None
    language: str | None = None
    trap_fd: int | None = None


class Runtime:
    """One agent, from its first row to its last."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Open and connect everything, inside the running event loop; LedgerError before anything runs."""
        self._settings = settings
        self._clock = clock
        self._inventory = inventory = settings.inventory
        self._access_policy = AccessPolicy.of(inventory, PROBES)
        organisation, directory = inventory.organisation, Path(inventory.storage_path)

        reserve = inventory.storage_reserve_bytes
        self._loop = asyncio.get_running_loop()
        events = LedgerEvents(self._on_quarantine, self._on_lock_lost)
        self._ledger, recovery = Ledger.open_to_run(directory, clock, reserve, settings.lock, events)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._commit_queue = CommitQueue(self._ledger, clock, self._writer)
        self._socket = listening_socket(inventory.listen, settings.listen_fd)
        self._traps: TrapReceiver | None = None
        trap_udp = _trap_socket(inventory.traps_listen, settings.trap_fd)

        self._cron_jobs = CronJobs(organisation.timezone, clock)
        self._doubt = ClockDoubt(clock)
        self._timekeeper = Timekeeper(
            clock,
            self._commit_queue,
            self._ledger.beat,
            self._doubt.on_synchronised,
            on_step=self._cron_jobs.on_clock_step,
        )
        self._ledger_upkeep = LedgerUpkeep(directory, clock, organisation.timezone)
        self._installation = self._ledger_upkeep.load_installation()
        self._timekeeper.record_start(organisation.observer, __version__, self._installation.id)  # before all others
        self._report_opening(recovery)
        self._daily_rollup = DailyRollup(
            directory, clock, lambda: self._inventory, lambda: self._commit_queue.writable, closed_days
        )
        self._schedule_jobs()

        self._run_delay = RunDelay()
        self._stalls = LoopStalls(clock, self._run_delay.seconds)
        self._transports = Transports(PROBES, clock)
        self._resolver = CachingResolver(clock)
        self._runner = Runner(
            clock,
            self._resolver,
            self._transports,
            organisation.observer,
            self._doubt,
            self._stalls.stood_seconds,
        )
        self._exposition = Exposition(inventory, self.stats)
        asked = [target.id for target in inventory.targets if PROBES[target.probe].silence_beside_ping is not None]
        names = organisation.observer, inventory.observer_was
        restored = restore_state(self._ledger, directory, clock, *names, asked=asked)
        self._doubt.raise_floor(restored.past_wall_ms)
        self._snmp_exposition = SnmpExposition()
        publisher = ViewPublisher(
            self._publish_target,
            self._exposition.update_path,
            self._publish_all,
            self._exposition.update_site_outage,
        )
        self._engine = Engine(inventory, self._runner, self._commit_queue, publisher, restored)
        if trap_udp is not None:
            self._traps = TrapReceiver(trap_udp, self._transports, clock, self._engine.probe_soon)
            self._traps.watch(inventory.targets)
        months = Months(directory)
        self._availability = AvailabilityRefresh(
            lambda: months.shares(self._inventory.organisation, clock.wall_ms()), self._exposition.update_months
        )
        self._amendments = Amendments(directory, self._commit_queue, clock)
        self._reloader = Reloader(settings.config, lambda: self._inventory, self._read, self._take, clock)
        self._stopping = asyncio.Event()
        self._lost: Text | None = None
        self._ready = False
        self._request_crashes = 0

    def _publish_target(self, view: TargetView) -> None:
        self._exposition.update(view)
        self._snmp_exposition.update(view)

    def _publish_all(self, inventory: Inventory, views: tuple[TargetView, ...], paths: tuple[PathView, ...]) -> None:
        self._exposition.replace(inventory, views, paths)
        self._snmp_exposition.replace(views)

    def _report_opening(self, recovery: tuple[QuarantinedLedger, ...] | LedgerDiskError) -> None:
        upkeep = self._ledger_upkeep
        upkeep.report_recovery(recovery, self._commit_queue)
        upkeep.report_heartbeat(self._ledger.refused)
        upkeep.publish_head(self._ledger)
        upkeep.record_identity_changes(self._installation, self._ledger, self._inventory, self._commit_queue)

    def _schedule_jobs(self) -> None:
        self._cron_jobs.daily(CronJob.LEDGER_HEAD, self._publish_head)
        self._cron_jobs.daily(CronJob.LEDGER_BACKUP, self._ledger_upkeep.back_up, minute=15)
        self._cron_jobs.hourly(CronJob.LEDGER_DAYS, self._daily_rollup.run, minute=40)
        named = bool(self._inventory.scoring.sheets)
        self._cron_jobs.daily(CronJob.SCORES, self._refresh_scores, hour=2, minute=10, at_start=named)

    async def run(self, announce: Callable[[str], None]) -> None:
        """Probe until told to stop; announce is called with the agent's address once it answers."""
        self._catch_signals()
        web = WebServer(build(self._endpoints()), self._socket)
        await self._engine.start()
        _warn(self._inventory)
        tasks = [
            asyncio.create_task(self._timekeeper.watch(self._writer, notify_watchdog)),
            asyncio.create_task(self._availability.run(AVAILABILITY_REFRESH_SECONDS)),
        ]
        try:
            await web.start()
            if self._traps is not None:
                self._traps.start()
            self._cron_jobs.start()
            keep()
            self._ready = True
            notify_ready()
            observer, targets = self._runner.observer, len(self._inventory.targets)
            log.info("agent_started", version=__version__, targets=targets, observer=observer)
            announce(url(self._socket))
            with self._stalls:
                await self._until_stopped()
        finally:
            self._ready = False
            for task in tasks:
                task.cancel()
            self._cron_jobs.stop()
            if self._traps is not None:
                self._traps.close()
            await web.stop()
            await self._engine.stop()
            await self._close()
            log.info("agent_stopped")

    async def _close(self) -> None:
        self._transports.close()
        await self._resolver.close()
        self._writer.shutdown()
        self._ledger.close()
        self._run_delay.close()

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

    def _on_quarantine(self, quarantined: tuple[QuarantinedLedger, ...]) -> None:
        self._loop.call_soon_threadsafe(self._ledger_upkeep.report_recovery, quarantined, self._commit_queue)

    def _on_lock_lost(self, why: Text) -> None:
        self._loop.call_soon_threadsafe(self._lose, why)

    def _lose(self, why: Text) -> None:
        """Two agents on one ledger: the one that lost the lock ends, and not as if it had been asked to."""
        log.error("ledger_lost", why=why.en)
        self._lost = why
        self._stopping.set()

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._reloader.request)

    def stats(self) -> AgentStats:
        """The statistics of every part now; may be called in any thread."""
        resolver = self._resolver
        return AgentStats(
            observer=self._runner.observer,
            installation=self._installation.id,
            engine=self._engine.stats,
            stalls=self._stalls.stats,
            commit_queue=self._commit_queue.stats,
            clock=self._timekeeper.stats,
            ledger=self._ledger_upkeep.stats,
            rollup=self._daily_rollup.stats,
            cron=self._cron_jobs.stats,
            reload=self._reloader.stats,
            resolver=ResolverStats(not resolver.failing, resolver.failures),
            availability=self._availability.stats,
            disk=self._ledger_upkeep.disk_space(),
            dropped_packets=self._transports.lost_packets(),
            request_crashes=self._request_crashes,
            clock_offset=self._doubt.offset(),
            traps={} if self._traps is None else self._traps.counts,
        )

    def _endpoints(self) -> Endpoints:
        return Endpoints(
            metrics=lambda asked: self._exposition.render(openmetrics=asked.openmetrics, unit=asked.unit),
            health=self._health,
            ready=lambda: Health(self._ready, () if self._ready else ("starting or stopping",)),
            reload=self._reloader.reload,
            targets=self._engine.views,
            paths=self._engine.paths,
            outages=self._engine.site_outages,
            check=self._check,
            maintenance=self._engine.maintenances.order,
            amend=self._amendments.order,
            issue_score=self._amendments.issue_score,
            page=self._page,
            probe=self._probe,
            snmp_metrics=lambda _asked: self._snmp_exposition.render(),
            snmp=self._snmp,
            inventory=lambda: self._inventory,
            uptime=lambda asked: uptime_answer(self._inventory, asked, self._clock.wall_ms()),
            scores=lambda asked: scores_answer(self._inventory, asked, self._clock.wall_ms()),
            crashed=self._request_crashed,
        )

    def _health(self) -> Health:
        problems = self._engine.problems()
        return Health(not problems, problems, self._remarks())

    def _remarks(self) -> tuple[str, ...]:
        lateness = self._engine.stats.rounds.lateness
        if not lateness.overloaded:
            return ()
        late = f"{lateness.late_ratio:.0%} of the last half minute's rounds began later than half their interval"
        return (f"overloaded: {late}, or not at all",)

    def _check(self, selection: Selection) -> Check:
        count, rows = self._engine.check(selection)
        sites = {target.site for target in self._inventory.targets if selection.matches(target)}
        outages = tuple(view for view in self._engine.site_outages() if view.site in sites)
        return Check(count, self._inventory.organisation.timezone, vouched(self._clock), rows, outages)

    async def _page(self, reading: LandingRequest) -> str:
        """Written in a worker thread: tens of thousands of targets take a third of a second."""
        views, inventory = await self._engine.views_by_turns(), self._inventory
        stats = await asyncio.to_thread(self.stats)
        known = AgentCondition(stats, self._engine.paths(), self._engine.problems(), inventory.samples, reading.here)
        contacts = reading.here or inventory.page_contacts
        outages = self._engine.site_outages()
        view = LandingView(inventory, views, known, self._clock.wall_ms(), contacts, reading.unfolded, outages)
        return await asyncio.to_thread(landing_page, view, reading.language or inventory.organisation.language)

    async def _probe(self, request: ProbeRequest) -> Probed:
        return await probed(request, self._access_policy, self._runner)

    async def _snmp(self, request: SnmpScrapeRequest) -> bytes:
        return await snmp_scraped(request, self._access_policy, self._runner)

    def _read(self) -> Inventory:
        """In a thread: written out for the ledger too. Faults are told as before where they hide the language."""
        language = self._settings.language or self._inventory.organisation.language
        with uncollected():
            inventory = load(self._settings.config, PROBES, language)
            inventory.canonical_form.write()
        return inventory

    async def _take(self, inventory: Inventory) -> None:
        """Go over to a configuration that was read again."""
        await self._engine.reload(inventory)
        self._inventory = inventory
        self._access_policy = AccessPolicy.of(inventory, PROBES)
        if self._traps is not None:
            self._traps.watch(inventory.targets)
        keep()
        _warn(inventory)

    def _request_crashed(self) -> None:
        self._request_crashes += 1

    async def _refresh_scores(self) -> None:
        """Of the year so far, when its days are closed."""
        sheets = await asyncio.to_thread(scores_of_year, self._inventory, self._clock.wall_ms())
        detail = self._exposition.update_scores(sheets)
        if detail is not Detail.CRITERIA:
            log.warning("scores_shown_in_less_detail", detail=detail.value, most_series=MOST_SERIES)

    async def _publish_head(self) -> None:
        """An anchor outside the ledger's own files."""
        self._ledger_upkeep.publish_head(self._ledger)


def _trap_socket(listen: str, handed_in: int | None) -> socket.socket | None:
    return trap_socket(listen, handed_in) if listen or handed_in is not None else None


def _warn(inventory: Inventory) -> None:
    """Modules whose files cannot be used: their probes fail, the others go on."""
    for fault in (*inventory.unusable, *inventory.unread):
        log.warning("module_file_unreadable", fault=str(fault))


async def run(settings: Settings, announce: Callable[[str], None]) -> None:
    """`sansang run`: one agent until SIGTERM."""
    await Runtime(settings, SystemClock()).run(announce)
