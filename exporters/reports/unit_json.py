"""Units with their history, and changes that came late, as JSON (docs/units.md)."""

from __future__ import annotations

from collections.abc import Sequence

from agent.availability.instants import iso_utc
from agent.inventory.schema.unit_changes import UnitChange
from agent.reporting.late_unit_changes import LateChanges
from agent.reporting.unit_list import ListedUnit


def units_json(units: Sequence[ListedUnit]) -> dict[str, object]:
    """Every key is always there; null for what is not said."""
    return {"units": [_unit(unit) for unit in units]}


def _unit(listed: ListedUnit) -> dict[str, object]:
    unit = listed.unit
    return {
        "id": unit.id,
        "name": unit.name,
        "level": unit.level,
        "parent": unit.parent,
        "code": unit.code,
        "sites": listed.sites,
        "founded": None if listed.first is None else listed.first.isoformat(),
        "ended": None if listed.ended is None else listed.ended.isoformat(),
        "changes": [change_json(change) for change in listed.changes],
    }


def change_json(change: UnitChange) -> dict[str, object]:
    """As the inventory has it, with every key."""
    said = {key: getattr(change, key) for key in UnitChange.__dataclass_fields__}
    return {**said, "date": change.date.isoformat(), "sites": list(change.sites), "subunits": list(change.subunits)}


def late_json(late: LateChanges) -> dict[str, object]:
    """Both instants in UTC, and the change as the ledger's inventory has it."""
    return {
        "late_unit_changes": [
            {"in_force": iso_utc(one.legal_ms), "recorded": iso_utc(one.recorded_ms), "change": dict(one.change)}
            for one in late.changes
        ]
    }
