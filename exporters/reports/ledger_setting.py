"""What was promised and excluded, and whose report it is, from the inventory that the ledger keeps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from agent.availability.figures import Report
from agent.ledger import amendments, maintenance
from agent.ledger.inventories import Inventories
from agent.ledger.reading import Reader
from exporters.reports.setting import Setting


def setting_of(reader: Reader, report: Report, observer: str, language: str) -> Setting:
    """As it was in force at the end of the report; a target that is gone by then keeps its last promise."""
    kept = Inventories(reader, observer)
    inventory = kept.in_force(min(report.end_ms, report.as_of_ms))
    now = inventory.targets()
    said = {one.target: now.get(one.target) or kept.ever(one.target) or {} for one in report.targets}
    return Setting(
        organisation=inventory.document["organisation"].get("name", ""),
        language=language,
        slos={target: Fraction(says["slo"]) for target, says in said.items() if says.get("slo")},
        levels={level["id"]: _name(level, language) for level in inventory.document["levels"]},
        windows=maintenance.windows(maintenance.read(reader), report.as_of_ms),
        corrections=tuple(one for one in amendments.read(reader) if one.row.recorded_wall_ms <= report.as_of_ms),
    )


def _name(level: dict[str, Any], language: str) -> str:
    names = level.get("names", {})
    return str(names.get(language) or names.get("vi") or level["id"])
