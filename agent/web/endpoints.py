"""What the web server needs from the rest of the agent: values and callables that the runtime passes in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from agent.availability.figures import Pooling
from agent.engine.adhoc.check import CheckResult
from agent.engine.adhoc.probe import ProbeRequest
from agent.engine.reload import ReloadOutcome
from agent.engine.snapshot import PathView, SiteOutageView, TargetView
from agent.engine.upkeep.maintenance import ListOnly, MaintenanceCommand, MaintenanceReply
from agent.inventory.entities import Inventory
from agent.ledger.signed.amendments import Correction, DatedAmendment
from agent.ledger.signed.score_issues import DatedScoreIssue, ScoreIssue
from agent.model import Selection
from agent.scoring.evidence import UnitBasis


@dataclass(frozen=True, slots=True)
class Health:
    """Whether all is well, and if not, one line for each problem; remarks stand under an answer that is well."""

    ok: bool
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A check under way: how many rows will come, the zone to show times in, the rows (closing them ends the runs).

    clock_synchronised: of the agent's machine; None where the kernel may not be asked. outages: the last one of each
    site that has a target among them.
    """

    count: int
    timezone: str
    clock_synchronised: bool | None
    rows: AsyncIterator[CheckResult]
    outages: tuple[SiteOutageView, ...] = ()


@dataclass(frozen=True, slots=True)
class Probed:
    """A run to be shown: metrics(openmetrics) as a scraper reads it, page() as a person does."""

    metrics: Callable[[bool], bytes]
    page: Callable[[], str]


@dataclass(frozen=True, slots=True)
class MetricsRequest:
    """Which metrics, and in which format; unit: of this unit and those below it alone, "" of everything."""

    openmetrics: bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class LandingRequest:
    """How the landing page is read: the language ("vi", "en", or "" when the browser names neither), and from where.

    here: on this machine (agent.web.guard.is_direct); unfolded: with the list of what is well.
    """

    language: str
    here: bool
    unfolded: bool = False


Probe = Callable[[ProbeRequest], Awaitable[Probed]]
"""Probes once; raises ProbeRequestError or ProbeNotAllowedError before any packet to the target."""


@dataclass(frozen=True, slots=True)
class SnmpScrapeRequest:
    """One request to ``/snmp``: modules in turn; auth names a credential, "" for the module's own. See ProbeRequest."""

    target: str
    modules: tuple[str, ...]
    auth: str = ""
    scrape_timeout_seconds: float | None = None
    near: bool = True


@dataclass(frozen=True, slots=True)
class UptimeRequest:
    """An uptime report that somebody asks for; empty: everything, and each target in its own calendar."""

    period: str
    calendar: str
    by: str
    selection: Selection
    as_of: str = ""
    pooling: Pooling = Pooling.POOLED
    units: UnitBasis = UnitBasis.AS_WAS


@dataclass(frozen=True, slots=True)
class ScoresRequest:
    """Points that somebody asks for; sheet: the id of one that the configuration names, "" for the only one."""

    period: str
    sheet: str = ""
    unit: str = ""
    level: str = ""
    units: UnitBasis = UnitBasis.AS_WAS
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """One callable for each thing the web shows or does.

    metrics(request), snmp_metrics(request), uptime(request) and scores(request) run in a worker thread; the rest runs
    on the event loop and must not block. The first two give one gzip member (RFC 1952), uptime the JSON of
    docs/uptime.schema.json, scores that of docs/score.schema.json; LedgerError or SansangError says why not.
    maintenance(order), amend(order) and issue_score(order) return once their row is on the disk; LedgerError says why
    not.
    crashed() is called when a bug ended a request.
    page(request) gives the whole landing page as HTML. snmp(request) probes, as probe does, and gives classic text.
    """

    metrics: Callable[[MetricsRequest], bytes]
    health: Callable[[], Health]
    ready: Callable[[], Health]
    reload: Callable[[], Awaitable[ReloadOutcome]]
    targets: Callable[[], tuple[TargetView, ...]]
    paths: Callable[[], tuple[PathView, ...]]
    outages: Callable[[], tuple[SiteOutageView, ...]]
    check: Callable[[Selection], Check]
    maintenance: Callable[[MaintenanceCommand], Awaitable[MaintenanceReply]]
    amend: Callable[[Correction | ListOnly], Awaitable[tuple[DatedAmendment, ...]]]
    issue_score: Callable[[ScoreIssue | ListOnly], Awaitable[tuple[DatedScoreIssue, ...]]]
    page: Callable[[LandingRequest], Awaitable[str]]
    probe: Probe
    snmp_metrics: Callable[[MetricsRequest], bytes]
    snmp: Callable[[SnmpScrapeRequest], Awaitable[bytes]]
    inventory: Callable[[], Inventory]
    uptime: Callable[[UptimeRequest], bytes]
    scores: Callable[[ScoresRequest], bytes]
    crashed: Callable[[], None] = lambda: None
