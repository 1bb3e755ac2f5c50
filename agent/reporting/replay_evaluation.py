"""A document of recorded stories, already found good, to its report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from agent.availability.accounting import ReportTerms, Scoring, account
from agent.availability.calendar import Calendar
from agent.availability.calendar_document import calendar_of
from agent.availability.figures import Subject, TargetFigures
from agent.availability.intervals import BlindInterval
from agent.availability.maintenance import ALL, BookedWindow, applied
from agent.availability.replay import RecordedHistory, Replayed, RunSpan, replay
from agent.availability.spans import ALL_TIME, FOREVER
from agent.availability.track import CompletedRun
from agent.availability.zones import first_instant
from agent.ledger.history.wallclock import SyncPoint, wall_map
from agent.model import Policy, Reason, UnknownCause, Verdict
from agent.probes.declared import REASONS
from agent.reporting.replay_document import MaintenanceWindow, ReplayDocument, ReplayRun, ReplayTarget
from agent.reporting.report import UptimeReport

_REASON_OF = {
    Verdict.OK: Reason.OK,
    Verdict.DEGRADED: Reason.SLOW,
    Verdict.FAILED: Reason.TIMEOUT,
    Verdict.LOCAL_ERROR: Reason.LOCAL_ERROR,
}


@dataclass(frozen=True, slots=True)
class _AgentHistory:
    """The agent's own life, the same for every target."""

    runs: tuple[tuple[str, RunSpan], ...]
    after: UnknownCause


def evaluate_replay(document: ReplayDocument, clocks: BootClocks) -> UptimeReport:
    """The report of a document without faults."""
    start, end = period_bounds(document)
    as_of = end if document.as_of_utc_ms is None else document.as_of_utc_ms
    terms = ReportTerms(start, end, as_of, Fraction(document.degraded_weight), Fraction(document.coverage_threshold))
    calendar, life = calendar_of(document.calendar), _life(document, clocks)
    targets = tuple(
        _target(
            replay(_story(target, life, clocks, as_of)),
            target,
            _scoring(document, target.id, terms, calendar),
            document,
        )
        for target in document.targets
    )
    return UptimeReport(start, end, as_of, document.period.zone or "UTC", targets)


def _scoring(document: ReplayDocument, target: str, terms: ReportTerms, calendar: Calendar) -> Scoring:
    windows = [
        applies
        for row in document.maintenance
        if row.targets is None or target in row.targets
        for applies in applied(_window(row), ALL_TIME, ALL_TIME, terms.as_of_ms)
    ]
    return Scoring(terms, calendar, windows)


def _window(row: MaintenanceWindow) -> BookedWindow:
    """A window of the document; which targets it covers, the document says itself."""
    return BookedWindow(row.id, ALL, *row.span, row.recorded_utc_ms)


def _target(replayed: Replayed, target: ReplayTarget, scoring: Scoring, document: ReplayDocument) -> TargetFigures:
    figures = account(
        Subject(target.id),
        replayed.states,
        scoring,
        (run.first_start_ms for run in replayed.soft),
        calendar="always" if document.calendar is None else document.calendar.kind,
        resolution_ms=target.policy.interval_ms,
    )
    return replace(figures, shortest_seen_ms=_policy(target).shortest_seen_ms)


def _story(target: ReplayTarget, life: _AgentHistory, clocks: BootClocks, as_of_ms: int) -> RecordedHistory:
    probes: dict[str, list[CompletedRun]] = defaultdict(list)
    for probe in target.probes:
        if clocks.knows(probe.boot):
            start, end = clocks.utc(probe.boot, probe.start_ms), clocks.utc(probe.boot, probe.start_ms + probe.took_ms)
            reason = REASONS.get(probe.reason) or _REASON_OF[probe.verdict]
            probes[probe.boot].append(CompletedRun(start, end - start, probe.verdict, reason))
    configured = tuple(
        (period.start_utc_ms, FOREVER if period.end_utc_ms is None else period.end_utc_ms)
        for period in target.configured
    )
    blinds = tuple(BlindInterval(*blind.span, UnknownCause(blind.cause)) for blind in target.blind)
    runs = tuple((run, tuple(probes[boot])) for boot, run in life.runs)
    return RecordedHistory(target.id, _policy(target), runs, configured, blinds, as_of_ms, life.after)


def _policy(target: ReplayTarget) -> Policy:
    policy = target.policy
    grace = max(policy.timeout_ms, policy.interval_ms // 2) if policy.grace_ms is None else policy.grace_ms
    return Policy(
        policy.interval_ms, policy.timeout_ms, grace, policy.fail_after, policy.recover_after, policy.interval_ms
    )


def _life(document: ReplayDocument, clocks: BootClocks) -> _AgentHistory:
    """A boot without a clock lies between its neighbours in the file: the time off around it has the cause clock."""
    runs: list[tuple[str, RunSpan]] = []
    off = UnknownCause.AGENT_OFF
    for run in document.agent_runs:
        if clocks.knows(run.boot):
            start = clocks.utc(run.boot, run.start_ms)
            runs.append((run.boot, RunSpan(start, _vouched(run, clocks), off)))
            off = UnknownCause.AGENT_OFF
        else:
            off = UnknownCause.CLOCK
    return _AgentHistory(tuple(sorted(runs, key=lambda run: (run[1].start_ms, run[1].end_ms))), off)


def _vouched(run: ReplayRun, clocks: BootClocks) -> int:
    return FOREVER if run.vouched_ms is None else clocks.utc(run.boot, run.vouched_ms)


class BootClocks:
    """Boottime to UTC of every boot that was ever synchronised."""

    def __init__(self, maps: dict[str, Callable[[int], int]]) -> None:
        self._maps = maps

    def knows(self, boot: str) -> bool:
        """True if instants of the boot can be converted to UTC."""
        return boot in self._maps

    def utc(self, boot: str, at_ms: int) -> int:
        """The UTC of an instant of a known boot."""
        return self._maps[boot](at_ms)


def boot_clocks(document: ReplayDocument) -> BootClocks:
    """The clocks of all boots with a synchronised anchor; a boot without one is not known."""
    anchors: dict[str, list[SyncPoint]] = defaultdict(list)
    for anchor in document.clock_anchors:
        if anchor.synchronised:
            anchors[anchor.boot].append(SyncPoint(anchor.at_ms, anchor.wall_utc_ms))
    return BootClocks({boot: wall_map(known) for boot, known in anchors.items()})


def _edge(edge: str | int, zone: str | None) -> int:
    return edge if isinstance(edge, int) else first_instant(zone or "UTC", date.fromisoformat(edge))


def period_bounds(document: ReplayDocument) -> tuple[int, int]:
    """First instant of the period and of what follows it."""
    period = document.period
    return _edge(period.from_, period.zone), _edge(period.to, period.zone)
