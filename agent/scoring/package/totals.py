"""The totals of the period before, as a file: they are taken as they are packed, for nothing else of then is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from agent.scoring.evaluation import Total
from agent.scoring.package.cells import TEXT, WHOLE, Cell
from agent.scoring.package.tables import TableOf

_DECIMAL = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?", re.ASCII)


def _points(cell: str) -> Decimal:
    if _DECIMAL.fullmatch(cell) is None:
        raise ValueError("no points")
    return Decimal(cell)


_POINTS = Cell(lambda points: format(points, "f"), _points)
TOTALS: TableOf[tuple[Any, ...]] = TableOf(
    "previous.csv",
    {
        "unit": TEXT, "earned": _POINTS, "possible": _POINTS, "maximum": _POINTS, "full": WHOLE, "rows": WHOLE,
        "pending": WHOLE,
    },
    tuple,
    lambda *values: values,
)  # fmt: skip


def totals_file(before: Mapping[str, Total]) -> bytes:
    """By unit, in order of the ids."""
    return TOTALS.written(
        (unit, total.earned, total.possible, total.maximum, total.full, total.rows, total.pending)
        for unit, total in sorted(before.items())
    )


def read_totals(content: bytes) -> dict[str, Total]:
    """By unit. EvidenceError for what is no such file."""
    return {unit: Total(*values) for unit, *values in TOTALS.read(content)}
