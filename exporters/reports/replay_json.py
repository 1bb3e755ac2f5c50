"""A report as the JSON that docs/replay.md fixes."""

from __future__ import annotations

from typing import Any

from agent.availability.figures import Figure, Outage, Tally, TargetFigures
from agent.availability.intervals import Interval
from agent.model import State
from agent.reporting.report import UptimeReport


def replay_json(report: UptimeReport) -> dict[str, Any]:
    """The whole answer, in the order of the documentation."""
    return {
        "version": 1,
        "period": {"start_utc_ms": report.start_ms, "end_utc_ms": report.end_ms},
        "as_of_utc_ms": report.as_of_ms,
        "targets": [_target(target) for target in report.targets],
    }


def _target(target: TargetFigures) -> dict[str, Any]:
    """One target's part of it."""
    return {
        "target": target.target,
        **_tally(target.tally),
        "outages": [_outage(outage) for outage in target.outages],
        "longest_outage_ms": target.longest_outage_ms,
        "soft_failures": target.soft_failures,
        "retroactive": list(target.retroactive),
        "states": [_state(interval) for interval in target.states],
    }


def _outage(outage: Outage) -> dict[str, Any]:
    return {
        "start_utc_ms": outage.start_ms,
        "end_utc_ms": outage.end_ms,
        "counted_ms": outage.counted_ms,
        "confirmed_utc_ms": outage.confirmed_ms,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    """Sums, figures and status."""
    return {
        "scoring_ms": tally.scoring_ms,
        "maintenance_ms": tally.maintenance_ms,
        "unknown_ms": tally.unknown_ms,
        "down_ms": tally.down_ms,
        "degraded_ms": tally.degraded_ms,
        "up_ms": tally.up_ms,
        "availability": _figure(tally.availability),
        "coverage": _figure(tally.coverage),
        "low": _figure(tally.low),
        "high": _figure(tally.high),
        "status": tally.status.value,
    }


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    """Null as a whole where the figure does not exist."""
    if figure is None:
        return None
    return {
        "exact": [figure.numerator, figure.denominator],
        "percent_2": figure.percent(2),
        "percent_4": figure.percent(4),
    }


def _state(interval: Interval) -> dict[str, Any]:
    return {
        "start_utc_ms": interval.start_ms,
        "end_utc_ms": interval.end_ms,
        "state": interval.state.name.lower(),
        "cause": str(interval.cause) if interval.state is State.UNKNOWN else None,
    }
