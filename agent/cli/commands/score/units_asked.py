"""The units of the inventory that a sheet is for."""

from __future__ import annotations

from collections.abc import Iterator

from agent.characters import quoted
from agent.errors import SansangError
from agent.inventory.entities import Inventory
from agent.inventory.schema.rows import Unit
from agent.scoring.sheet import ScoreSheet
from agent.text import Text

_NONE = Text("không có", "none")
_NO_UNIT = Text(
    "không có đơn vị {unit}; ở các cấp của biểu có: {known}", "no unit {unit}; of the sheet's levels: {known}"
)
_NO_UNITS = Text("cấu hình không có đơn vị nào ở cấp {levels}", "the configuration has no unit of the levels {levels}")
_MOST_NAMED = 20


def units_asked(sheet: ScoreSheet, inventory: Inventory, unit: str, level: str) -> tuple[Unit, ...]:
    """Units of the inventory: that one, or all of the level, or of the sheet's levels. SansangError for none."""
    units = tuple(_of_levels(inventory, (level,) if level else sheet.levels))
    if unit:
        chosen = tuple(known for known in inventory.units if known.id == unit)
        if not chosen:
            known = ", ".join(known.id for known in units[:_MOST_NAMED]) or _NONE
            raise SansangError(_NO_UNIT.filled(unit=quoted(unit), known=known))
        return chosen
    if not units:
        raise SansangError(_NO_UNITS.filled(levels=", ".join((level,) if level else sheet.levels)))
    return units


def _of_levels(inventory: Inventory, levels: tuple[str, ...]) -> Iterator[Unit]:
    return (unit for unit in inventory.units if unit.level in levels)
