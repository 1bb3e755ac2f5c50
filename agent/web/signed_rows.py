"""Signed rows as JSON values: maintenance windows and corrections."""

from __future__ import annotations

from collections.abc import Sequence

from agent.availability.instants import iso_utc
from agent.availability.maintenance import BookedWindow
from agent.engine.upkeep.maintenance import MaintenanceReply
from agent.ledger.signed.amendments import DatedAmendment
from agent.ledger.signed.score_issues import DatedScoreIssue
from agent.web.documents import Json


def of_maintenance(reply: MaintenanceReply) -> dict[str, Json]:
    """The window concerned, and all there are."""
    return {"id": reply.id, "windows": [of_window(window) for window in reply.windows]}


def of_window(window: BookedWindow) -> dict[str, Json]:
    """One window; times in UTC."""
    cancelled_ms = window.cancelled_wall_ms
    return {
        "id": window.id,
        "scope": window.scope,
        "from": iso_utc(window.start_wall_ms),
        "to": iso_utc(window.end_wall_ms),
        "recorded": iso_utc(window.recorded_wall_ms),
        "who": window.who,
        "why": window.why,
        "announced_on": window.announced_on,
        "cancelled": None if cancelled_ms is None else iso_utc(cancelled_ms),
        "retroactive": window.retroactive,
        "clock": window.quality.value,
    }


def of_score_issues(issues: Sequence[DatedScoreIssue]) -> dict[str, Json]:
    """Every package of scores that was recorded; times in UTC."""
    return {
        "score_issues": [
            {
                "seq": issue.seq,
                "manifest": issue.row.manifest,
                "sheet": issue.row.sheet,
                "sheet_digest": issue.row.sheet_digest,
                "period": issue.row.period,
                "unit": issue.row.unit,
                "level": issue.row.level,
                "units": issue.row.units,
                "as_of_seq": issue.row.as_of_seq,
                "as_of": iso_utc(issue.row.as_of_wall_ms),
                "recorded": iso_utc(issue.wall_ms),
                "clock": issue.recorded.quality.value,
                "who": issue.row.who,
            }
            for issue in issues
        ]
    }


def of_amendments(amendments: Sequence[DatedAmendment]) -> dict[str, Json]:
    """Every correction; times in UTC."""
    return {
        "amendments": [
            {
                "seq": amendment.seq,
                "refers_to": amendment.row.refers_to,
                "target": amendment.target,
                "state": amendment.row.state.name.lower(),
                "cause": amendment.row.cause,
                "from": iso_utc(amendment.row.start_wall_ms),
                "to": iso_utc(amendment.row.end_wall_ms),
                "recorded": iso_utc(amendment.wall_ms),
                "clock": amendment.recorded.quality.value,
                "who": amendment.row.who,
                "why": amendment.row.why,
            }
            for amendment in amendments
        ]
    }
