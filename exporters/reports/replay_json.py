"""A report as the JSON that docs/replay.md fixes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from agent.availability.figures import Figure, Outage, Report, Tally, TargetFigures
from agent.availability.intervals import Interval
from agent.ledger.signed.amendments import DatedAmendment
from agent.model import State
from agent.reporting.context import Setting
from exporters.reports import thresholds
from exporters.reports.selection import terse


def answer(report: Report) -> dict[str, Any]:
    """The whole answer, in the order of the documentation."""
    return {
        "version": 1,
        "period": {"start_utc_ms": report.start_ms, "end_utc_ms": report.end_ms},
        "as_of_utc_ms": report.as_of_ms,
        "targets": [target_json(one) for one in report.targets],
    }


def target_json(target: TargetFigures) -> dict[str, Any]:
    """One target's part of it."""
    return {
        "target": target.target,
        **tally_json(target.tally),
        "outages": [_outage(one) for one in target.outages],
        "longest_outage_ms": target.longest_outage_ms,
        "soft_failures": target.soft_failures,
        "retroactive": list(target.retroactive),
        "states": [_state(one) for one in target.states],
    }


def _outage(one: Outage) -> dict[str, Any]:
    return {
        "start_utc_ms": one.start_ms,
        "end_utc_ms": one.end_ms,
        "counted_ms": one.counted_ms,
        "confirmed_utc_ms": one.confirmed_ms,
    }


def _numbered(one: Outage) -> dict[str, Any]:
    return {"number": one.number or None} | _outage(one)


def tally_json(tally: Tally) -> dict[str, Any]:
    """Sums, figures and status."""
    return {
        "scoring_ms": tally.scoring_ms,
        "maintenance_ms": tally.maintenance_ms,
        "unknown_ms": tally.unknown_ms,
        "down_ms": tally.down_ms,
        "degraded_ms": tally.degraded_ms,
        "up_ms": tally.up_ms,
        "availability": figure_json(tally.availability),
        "coverage": figure_json(tally.coverage),
        "low": figure_json(tally.low),
        "high": figure_json(tally.high),
        "status": tally.status.value,
    }


def figure_json(figure: Figure | None) -> dict[str, Any] | None:
    """Null as a whole where the figure does not exist."""
    if figure is None:
        return None
    return {
        "exact": [figure.numerator, figure.denominator],
        "percent_2": figure.percent(2),
        "percent_4": figure.percent(4),
    }


def _state(one: Interval) -> dict[str, Any]:
    return {
        "start_utc_ms": one.start_ms,
        "end_utc_ms": one.end_ms,
        "state": one.state.name.lower(),
        "cause": str(one.cause) if one.state is State.UNKNOWN else None,
    }


def breaks_json(setting: Setting) -> dict[str, Any]:
    """Where the record breaks off, and what of the ledger is not in the report."""
    breaks = [
        {"kind": one.kind.value, "start_utc_ms": one.start_ms, "end_utc_ms": one.end_ms, "row": one.seq}
        | {"facts": asdict(one.row)}
        for one in setting.breaks
    ]
    return {"breaks": breaks, "other_observers": [asdict(one) for one in setting.others]}


def ledger_json(report: Report, setting: Setting) -> dict[str, Any]:
    """As ``answer``, with what only a ledger knows: names, calendars, corrections, groups, breaks, its provenance."""
    document = answer(report)
    document["targets"] = [
        target_json(one)
        | asdict(one.subject)
        | {
            "outages": [_numbered(outage) for outage in one.outages],
            "calendar": one.calendar,
            "resolution_ms": one.resolution_ms,
            "shortest_seen_ms": one.shortest_seen_ms,
            "thresholds": [
                {"start_utc_ms": stretch.start_ms, "end_utc_ms": stretch.end_ms, "said": thresholds.terse(stretch)}
                for stretch in one.in_force
            ],
            "amended": None if one.amended is None else tally_json(one.amended),
        }
        for one in report.targets
    ]
    groups = [
        {
            "id": group.id,
            "name": group.name,
            "targets": group.targets,
            "pooled": tally_json(group.pooled),
            "mean_availability": figure_json(group.mean),
        }
        for group in report.groups
    ]
    source = asdict(report.provenance) | {
        "calendars": dict(report.provenance.calendars),
        "versions": [
            {"inventory": hash_, "start_utc_ms": start, "end_utc_ms": end}
            for hash_, start, end in report.provenance.versions
        ],
    }
    own = {
        "unverified": report.unverified or None,
        "zone": report.zone,
        "selection": terse(setting.asked),
        "left_out": report.left_out,
        "groups": groups,
        "corrections": [_correction(one) for one in setting.corrections_in(report)],
        "provenance": source,
        "repeat": setting.repeat,
    }
    return document | own | breaks_json(setting)


def _correction(one: DatedAmendment) -> dict[str, Any]:
    row = one.row
    return {
        "row": one.seq,
        "refers_to": row.refers_to,
        "target": one.target,
        "start_utc_ms": row.start_wall_ms,
        "end_utc_ms": row.end_wall_ms,
        "state": row.state.name.lower(),
        "cause": row.cause,
        "recorded_utc_ms": one.wall_ms,
        "who": row.who,
        "why": row.why,
    }
