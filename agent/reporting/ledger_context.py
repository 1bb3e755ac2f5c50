"""What was promised and excluded, and whose report it is, from the inventories that the ledger keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from agent.availability.figures import Report
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.breaks import Break, breaks, other_observers
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.recorded import recorded
from agent.ledger.reader import Reader
from agent.ledger.signed import amendments, maintenance
from agent.reporting.context import Setting


def setting_of(reader: Reader, report: Report, observer: str, language: str) -> Setting:
    """Names as at the end of the report; of each target the strictest promise that was in force."""
    until_ms = min(report.end_ms, report.as_of_ms)
    document = Inventories(reader, observer).versions(until_ms - 1, until_ms)[-1].document
    dates = recorded(reader)
    return Setting(
        organisation=document["organisation"].get("name", ""),
        language=language,
        slos={one.target: one.slo for one in report.targets if one.slo is not None},
        levels={level["id"]: _name(level, language) for level in document["levels"]},
        windows=maintenance.windows(maintenance.read(reader, dates), report.as_of_ms),
        corrections=tuple(one for one in amendments.read(reader, dates) if one.recorded.at_ms <= report.as_of_ms),
    )


def with_breaks(setting: Setting, reader: Reader, report: Report, alive: Heartbeat | None) -> Setting:
    """With the breaks that touch the report's period, and what the ledger holds of other observers."""
    observer = report.provenance.observer
    found = _within(report, breaks(reader, observer, alive, report.as_of_ms))
    return replace(setting, breaks=found, others=other_observers(reader, observer, alive))


def _within(report: Report, found: Iterable[Break]) -> tuple[Break, ...]:
    """Those that touch the period as far as the report knows it."""
    end_ms = min(report.end_ms, report.as_of_ms)
    return tuple(
        one
        for one in found
        if one.start_ms < end_ms and (one.end_ms > report.start_ms or one.start_ms >= report.start_ms)
    )


def _name(level: dict[str, Any], language: str) -> str:
    names = level.get("names", {})
    return str(names.get(language) or names.get("vi") or level["id"])
