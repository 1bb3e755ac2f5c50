"""What the agent answers about signed rows, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agent.availability.maintenance import BookedWindow, ClockQuality
from agent.cli.clients.agent_api import not_understood
from agent.engine.upkeep.maintenance import MaintenanceReply
from agent.ledger.history.recorded import Recorded
from agent.ledger.rows import NO_INSTANT, Amendment, ScoreIssued
from agent.ledger.signed.amendments import DatedAmendment
from agent.ledger.signed.score_issues import DatedScoreIssue
from agent.model import State


def parse_maintenance_reply(document: Mapping[str, object]) -> MaintenanceReply:
    """The window concerned and all there are; SansangError if the document is something else."""
    try:
        windows: Any = document["windows"]
        return MaintenanceReply(str(document.get("id", "")), tuple(_window(window) for window in windows))
    except (KeyError, TypeError, ValueError) as error:
        raise not_understood(error) from error


def _window(document: Mapping[str, Any]) -> BookedWindow:
    cancelled = document["cancelled"]
    return BookedWindow(
        id=document["id"],
        scope=document["scope"],
        start_wall_ms=_wall_ms(document["from"]),
        end_wall_ms=_wall_ms(document["to"]),
        recorded_wall_ms=_wall_ms(document["recorded"]),
        who=document["who"],
        why=document["why"],
        announced_on=document["announced_on"],
        cancelled_wall_ms=None if cancelled is None else _wall_ms(cancelled),
        quality=ClockQuality(document["clock"]),
    )


def parse_amendments(document: Mapping[str, object]) -> tuple[DatedAmendment, ...]:
    """Every correction; SansangError if the document is something else."""
    try:
        amendments: Any = document["amendments"]
        return tuple(_amended(amended) for amended in amendments)
    except (KeyError, TypeError, ValueError) as error:
        raise not_understood(error) from error


def _amended(document: Mapping[str, Any]) -> DatedAmendment:
    recorded_ms = _wall_ms(document["recorded"])
    row = Amendment(
        refers_to=document["refers_to"],
        state=State[document["state"].upper()],
        cause=document["cause"],
        start_wall_ms=_wall_ms(document["from"]),
        end_wall_ms=_wall_ms(document["to"]),
        recorded_wall_ms=recorded_ms,
        who=document["who"],
        why=document["why"],
    )
    return DatedAmendment(
        document["seq"], document["target"], row, Recorded(recorded_ms, ClockQuality(document["clock"]))
    )


def parse_score_issues(document: Mapping[str, object]) -> tuple[DatedScoreIssue, ...]:
    """Every package of scores that was recorded; SansangError if the document is something else."""
    try:
        issues: Any = document["score_issues"]
        return tuple(_issued(issue) for issue in issues)
    except (KeyError, TypeError, ValueError) as error:
        raise not_understood(error) from error


def _issued(document: Mapping[str, Any]) -> DatedScoreIssue:
    recorded_ms = _wall_ms(document["recorded"])
    row = ScoreIssued(
        manifest=document["manifest"],
        sheet=document["sheet"],
        sheet_digest=document["sheet_digest"],
        period=document["period"],
        unit=document["unit"],
        level=document["level"],
        units=document["units"],
        as_of_seq=document["as_of_seq"],
        as_of_wall_ms=_wall_ms(document["as_of"]),
        recorded_wall_ms=recorded_ms,
        who=document["who"],
        boot_id="",
        boottime_ms=NO_INSTANT,
        synchronised=False,
    )
    return DatedScoreIssue(document["seq"], row, Recorded(recorded_ms, ClockQuality(document["clock"])))


def _wall_ms(instant: str) -> int:
    return round(datetime.fromisoformat(instant).timestamp() * 1000)
