"""An uptime report out of the ledger: all targets in one pass, each in its own calendar."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.availability.accounting import ReportTerms
from agent.availability.figures import (
    Subject,
)
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.explain.ledger import mark
from agent.inventory.entities import Organisation
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.breaks import Break, breaks, other_observers
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.position import AsOf, position_as_of, position_now
from agent.ledger.history.state_history import HistoryQuery, TargetHistory, target_histories
from agent.ledger.integrity.verify import VerifiedPrefix, verified
from agent.ledger.reader import Reader
from agent.model import Selection
from agent.reporting.builder import ReportBuilder, ReportQuery, SignedRows, calendars_used, inventory_history
from agent.reporting.groups import groups
from agent.reporting.provenance import ledger_provenance
from agent.reporting.report import UptimeReport
from agent.reporting.request import ReportRequest
from agent.reporting.site_outages import site_outages, with_causes
from agent.reporting.unit_grouping import UnitGrouping


def report_from_ledger(
    directory: Path,
    organisation: Organisation,
    request: ReportRequest,
    now_ms: int,
    vouched: VerifiedPrefix | None = None,
) -> UptimeReport:
    """Read only, beside a running agent or without one, and verified by the reader that counts.

    Verified from the first row, or from where ``vouched`` knows it. SansangError for what is no period or no calendar,
    LedgerDamagedError for a ledger that is not what was written, LedgerError for one that cannot be read.
    """
    first, after = period_of(request.period)
    zone, observer = organisation.timezone, organisation.observer
    with verified(directory, anyway=request.unverified, vouched=vouched) as ledger:
        reader, alive, as_of = ledger.reader, ledger.alive, request.as_of
        position = (
            position_now(reader, alive, now_ms) if as_of is None else position_as_of(reader, alive, as_of, now_ms)
        )
        terms = ReportTerms(first_instant(zone, first), first_instant(zone, after), position.at_ms)
        query = ReportQuery(terms, zone, observer, request.calendar, request.selection, request.by, request.units)
        counted = build_report(reader.up_to(position.seq), position.alive, query, request.language)
    repeatable = replace(request, as_of=_anchored(counted))
    return replace(
        counted,
        unverified=mark(ledger.wrong, request.language),
        request=repeatable,
        pooling=request.pooling,
    )


def build_report(reader: Reader, alive: Heartbeat | None, query: ReportQuery, language: str = "vi") -> UptimeReport:
    """The report of the ledger at this moment. LedgerError if it contradicts itself, SansangError: unknown calendar."""
    with reader.at_one_moment():
        return _build(reader, alive, query, language)


def _build(reader: Reader, alive: Heartbeat | None, query: ReportQuery, language: str) -> UptimeReport:
    terms, observer = query.terms, query.observer
    inventories, signed = Inventories(reader, observer), SignedRows(reader)
    history = inventory_history(inventories, signed, query)
    grouping = UnitGrouping(inventories, history, query.zone, terms.as_of_ms)
    builder = ReportBuilder(history, signed, query, grouping)
    history_query = HistoryQuery(observer, terms.start_ms, terms.end_ms, terms.as_of_ms, alive, inventories.behind)
    configured = [life for life in target_histories(reader, history_query) if _is_in(life, terms)]
    selected = [life for life in configured if _is_selected(builder.subject(life.target), query.selection)]
    dark = site_outages(reader, observer, configured, builder.subject)
    counted = (figures for life in selected if (figures := builder.figures(life)).states)
    targets = tuple(with_causes(counted, dark))
    within = history.within(terms.start_ms, terms.until_ms)
    document = inventories.versions(terms.until_ms - 1, terms.until_ms)[-1].document
    return UptimeReport(
        terms.start_ms,
        terms.end_ms,
        terms.as_of_ms,
        query.zone,
        targets,
        tuple(groups(targets, query.by, query.units)),
        ledger_provenance(reader, observer, history.newest.hash, calendars_used(targets), within),
        query.by,
        len(configured) - len(selected),
        organisation=document["organisation"].get("name", ""),
        language=language,
        slos={target.target: target.slo for target in targets if target.slo is not None},
        levels={level["id"]: _level_name(level, language) for level in document["levels"]},
        windows=signed.windows(terms),
        corrections=signed.corrections_of({target.target for target in targets}, terms),
        breaks=tuple(break_ for break_ in breaks(reader, observer, alive, terms.as_of_ms) if _touches(break_, terms)),
        others=other_observers(reader, observer, alive),
        units=query.units,
        late_changes=grouping.late(terms.start_ms, terms.until_ms),
    )


def _is_in(life: TargetHistory, terms: ReportTerms) -> bool:
    """True if the target was configured at any instant of the report."""
    return any(state.start_ms < terms.until_ms and state.end_ms > terms.start_ms for state in life.states)


def _is_selected(subject: Subject, selection: Selection) -> bool:
    return selection.includes(subject.target, subject.site, subject.role)


def _touches(break_: Break, terms: ReportTerms) -> bool:
    """True if the break touches the reported part of the period."""
    return break_.start_ms < terms.until_ms and (break_.end_ms > terms.start_ms or break_.start_ms >= terms.start_ms)


def _anchored(report: UptimeReport) -> AsOf | None:
    """The row and the instant that have this report for ever; of an empty ledger there is no row to name."""
    source = report.provenance
    return AsOf(source.last_seq, report.as_of_ms) if source.head else None


def _level_name(level: dict[str, Any], language: str) -> str:
    names = level.get("names", {})
    return str(names.get(language) or names.get("vi") or level["id"])
