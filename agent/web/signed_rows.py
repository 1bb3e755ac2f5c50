"""Signed rows as JSON values: maintenance windows and corrections."""

from __future__ import annotations

from collections.abc import Sequence

from agent.availability.instants import iso_utc
from agent.availability.maintenance import BookedWindow
from agent.engine.upkeep.maintenance import MaintenanceReply
from agent.ledger.signed.amendments import DatedAmendment
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


def of_amendments(amendments: Sequence[DatedAmendment]) -> dict[str, Json]:
    """Every correction; times in UTC."""
    return {
        "amendments": [
            {
                "seq": one.seq,
                "refers_to": one.row.refers_to,
                "target": one.target,
                "state": one.row.state.name.lower(),
                "cause": one.row.cause,
                "from": iso_utc(one.row.start_wall_ms),
                "to": iso_utc(one.row.end_wall_ms),
                "recorded": iso_utc(one.wall_ms),
                "clock": one.recorded.quality.value,
                "who": one.row.who,
                "why": one.row.why,
            }
            for one in amendments
        ]
    }
