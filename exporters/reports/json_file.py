"""A report to its JSON, and the JSON Schema of it (``python -m exporters.reports.json_file``)."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Literal

from agent.availability.figures import Figure, GroupFigures, InForce, Outage, Pooling, Tally, TargetFigures
from agent.availability.instants import iso_utc
from agent.availability.intervals import Interval
from agent.availability.maintenance import BookedWindow
from agent.availability.outage_cause import OutageCause
from agent.availability.several import joint_figures
from agent.characters import cleaned, json_escaped
from agent.ledger.history.breaks import Break, OtherObserver
from agent.ledger.signed.amendments import DatedAmendment
from agent.model import State
from agent.reporting.report import UptimeReport
from agent.reporting.request import ReportRequest
from agent.reporting.unit_grouping import LateChange
from exporters.reports.formatting import exact
from exporters.reports.json_document import (
    DOCUMENT,
    BreakJson,
    CalendarJson,
    CorrectionJson,
    FigureJson,
    GroupJson,
    InForceJson,
    InventoryJson,
    MeanJson,
    MethodJson,
    OtherObserverJson,
    OutageJson,
    PeriodJson,
    ReportJson,
    SelectionJson,
    StateJson,
    StateName,
    TallyJson,
    TargetJson,
    UnitChangeJson,
    UnitIndexJson,
    WindowJson,
)

_MOST_DIGITS = 1_000  # of one number; readers refuse longer ones (Python at 4,300)


def json_file(report: UptimeReport) -> bytes:
    """UTF-8, indented, in the order of the schema: what ``--json``, a file and the API give alike."""
    return (json_escaped(DOCUMENT.dump_json(document(report), indent=1).decode()) + "\n").encode()


def document(report: UptimeReport) -> ReportJson:
    """The report as the schema has it."""
    joint = joint_figures(report.targets)
    return ReportJson(
        version=1,
        unverified=cleaned(report.unverified) or None,
        organisation=cleaned(report.organisation),
        period=PeriodJson(iso_utc(report.start_ms), iso_utc(report.end_ms), report.zone),
        as_of=iso_utc(report.as_of_ms),
        selection=_selection(report, report.request),
        method=_method(report),
        overall=_group(joint.overall),
        roles=tuple(map(_group, joint.roles)),
        targets=tuple(_target(target, report) for target in report.targets),
        groups=tuple(_group(group) for group in report.groups),
        late_unit_changes=tuple(_unit_change(late) for late in report.late_changes),
        maintenance=tuple(_window(window) for window in report.windows),
        corrections=tuple(_correction(correction) for correction in report.corrections),
        breaks=tuple(_break(break_) for break_ in report.breaks),
        other_observers=tuple(_other(other) for other in report.others),
    )


def schema() -> str:
    """The JSON Schema."""
    json_schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **DOCUMENT.json_schema()}
    return json.dumps(json_schema, indent=2, ensure_ascii=False) + "\n"


def _selection(report: UptimeReport, request: ReportRequest | None) -> SelectionJson:
    if request is None:
        return SelectionJson((), (), (), "", report.left_out)
    selection = request.selection
    roles, sites, targets = (tuple(map(cleaned, ids)) for ids in (selection.roles, selection.sites, selection.targets))
    return SelectionJson(roles, sites, targets, cleaned(request.calendar), report.left_out)


def _method(report: UptimeReport) -> MethodJson:
    tally = report.targets[0].tally if report.targets else Tally()
    source = report.provenance
    return MethodJson(
        coverage_threshold_percent=exact(tally.threshold),
        degraded_weight=exact(tally.weight),
        pooling=report.pooling.value,
        units=report.units.value,
        software=source.version,
        tzdata=source.tzdata,
        observer=source.observer,
        first_seq=source.first_seq,
        last_seq=source.last_seq,
        head=source.head,
        inventory=source.inventory,
        calendars=tuple(CalendarJson(name, digest) for name, digest in source.calendars),
        inventories=tuple(
            InventoryJson(digest, iso_utc(start), iso_utc(end)) for digest, start, end in source.versions
        ),
        repeat=report.rerun,
    )


def _target(target: TargetFigures, report: UptimeReport) -> TargetJson:
    subject, slo = target.subject, report.slos.get(target.target)
    return TargetJson(
        target=cleaned(subject.target),
        name=cleaned(subject.name),
        role=subject.role,
        site=cleaned(subject.site),
        site_name=cleaned(subject.site_name),
        unit=cleaned(subject.unit),
        unit_name=cleaned(subject.unit_name),
        level=cleaned(subject.level),
        calendar=cleaned(target.calendar),
        recorded=_tally(target.tally),
        amended=None if target.amended is None else _tally(target.amended),
        slo_percent=None if slo is None else exact(slo),
        slo_reached=report.reached(target),
        outages=tuple(_outage(outage) for outage in target.outages),
        longest_outage_ms=target.longest_outage_ms,
        soft_failures=target.soft_failures,
        retroactive=tuple(cleaned(window) for window in target.retroactive),
        resolution_ms=target.resolution_ms,
        shortest_seen_ms=target.shortest_seen_ms,
        states=tuple(_state(state) for state in target.states),
        in_force=tuple(_in_force(stretch) for stretch in target.in_force),
    )


def _in_force(settings: InForce) -> InForceJson:
    return InForceJson(
        start=iso_utc(settings.start_ms),
        end=iso_utc(settings.end_ms),
        unit=cleaned(settings.subject.unit),
        level=cleaned(settings.subject.level),
        calendar=cleaned(settings.calendar),
        calendar_hash=settings.calendar_hash,
        slo_percent=None if settings.slo is None else exact(settings.slo),
        interval_ms=settings.interval_ms,
        timeout_ms=settings.timeout_ms,
        grace_ms=settings.grace_ms,
        fail_after=settings.fail_after,
        recover_after=settings.recover_after,
        confirm_interval_ms=settings.confirm_interval_ms or None,
        degraded={cleaned(name): float(limit) for name, limit in settings.degraded},
        shortest_seen_ms=settings.policy.shortest_seen_ms,
    )


def _tally(tally: Tally) -> TallyJson:
    availability, coverage, low, high = map(_figure, tally.figures)
    return TallyJson(*tally.sums, availability, coverage, low, high, tally.status.value)


def _figure(figure: Figure | None) -> FigureJson | None:
    if figure is None:
        return None
    return FigureJson((figure.numerator, figure.denominator), figure.percent(2), figure.percent(4))


def _outage(outage: Outage) -> OutageJson:
    confirmed = iso_utc(outage.confirmed_ms)
    span = iso_utc(outage.start_ms), iso_utc(outage.end_ms)
    return OutageJson(
        outage.number or None,
        *span,
        outage.counted_ms,
        confirmed,
        str(outage.cause),
        _SITE_CAUSES.get(outage.site_cause),
    )


_SITE_CAUSES: Mapping[OutageCause | None, Literal["power", "line"]] = {
    OutageCause.POWER: "power",
    OutageCause.LINE: "line",
}


_STATES: Mapping[State, StateName] = {
    State.DOWN: "down",
    State.UP: "up",
    State.DEGRADED: "degraded",
    State.UNKNOWN: "unknown",
}


def _state(interval: Interval) -> StateJson:
    cause = str(interval.cause) if interval.state is State.UNKNOWN else None
    return StateJson(iso_utc(interval.start_ms), iso_utc(interval.end_ms), _STATES[interval.state], cause)


def _group(group: GroupFigures) -> GroupJson:
    return GroupJson(
        id=cleaned(group.id),
        name=cleaned(group.name),
        targets=group.targets,
        pooled=_tally(group.pooled),
        mean=_mean(group.mean),
        measured=group.measured,
        mean_coverage=_mean(group.mean_coverage),
        mean_status=group.status(Pooling.MEAN).value,
        indices=tuple(
            UnitIndexJson(cleaned(index.id), cleaned(index.name), index.targets, _tally(index.pooled))
            for index in group.indices
        ),
        mean_of_indices=_mean(group.mean_of_indices),
    )


def _unit_change(late: LateChange) -> UnitChangeJson:
    kind, unit, document = (cleaned(str(late.change[key])) for key in ("kind", "unit", "document"))
    into = cleaned(str(late.change["into"])) if late.change.get("into") else None
    return UnitChangeJson(kind, unit, into, document, iso_utc(late.legal_ms), iso_utc(late.recorded_ms))


def _mean(figure: Figure | None) -> MeanJson | None:
    if figure is None:
        return None
    is_short = figure.denominator < 10**_MOST_DIGITS
    exact_share = (figure.numerator, figure.denominator) if is_short else None
    return MeanJson(exact_share, figure.percent(2), figure.percent(4))


def _window(window: BookedWindow) -> WindowJson:
    return WindowJson(
        cleaned(window.id),
        cleaned(window.scope),
        iso_utc(window.start_wall_ms),
        iso_utc(window.end_wall_ms),
        iso_utc(window.recorded_wall_ms),
        None if window.cancelled_wall_ms is None else iso_utc(window.cancelled_wall_ms),
        window.excluded is not None,
        window.quality.value,
        cleaned(window.who),
        cleaned(window.why),
    )


def _correction(correction: DatedAmendment) -> CorrectionJson:
    row = correction.row
    return CorrectionJson(
        correction.seq,
        row.refers_to,
        cleaned(correction.target),
        iso_utc(row.start_wall_ms),
        iso_utc(row.end_wall_ms),
        _STATES[row.state],
        cleaned(row.cause),
        iso_utc(correction.wall_ms),
        cleaned(row.who),
        cleaned(row.why),
    )


def _break(break_: Break) -> BreakJson:
    facts = {name: cleaned(value) if isinstance(value, str) else value for name, value in asdict(break_.row).items()}
    return BreakJson(break_.kind.value, iso_utc(break_.start_ms), iso_utc(break_.end_ms), break_.seq, facts)


def _other(other: OtherObserver) -> OtherObserverJson:
    return OtherObserverJson(
        cleaned(other.observer), iso_utc(other.start_ms), iso_utc(other.end_ms), other.runs, other.targets
    )


if __name__ == "__main__":
    sys.stdout.write(schema())
