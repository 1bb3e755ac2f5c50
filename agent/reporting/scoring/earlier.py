"""Totals of an earlier period out of a score.json, so that what changed can be said. The file is a stranger's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from agent.characters import quoted
from agent.errors import SansangError
from agent.scoring.evaluation import Total
from agent.text import Text

MOST_BYTES = 1024 * 1024 * 1024
_MOST_UNITS = 100_000
_POINTS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_SUMS = ("earned", "possible", "maximum")
_COUNTS = ("full", "rows", "pending")
_UNIT_LINE = re.compile(rb'^\{"unit": ')
_NO_SCORES = Text(
    "{path}: không phải tệp điểm do `sansang score -o ....json` ghi ({why})",
    "{path}: no file of scores as `sansang score -o ....json` writes it ({why})",
)
_OTHER_SHEET = Text(
    "{path}: điểm của biểu {there}, không so được với biểu {here}",
    "{path}: scores by the sheet {there}, which cannot be compared with {here}",
)
_SHAPE = Text("không đúng cấu trúc", "another structure")


def earlier_totals(data: bytes, path: str, maximum: Decimal) -> Mapping[str, Total]:
    """Totals by unit. maximum: of the sheet at hand; another scale cannot be compared. SansangError for other files.

    Read unit by unit, as it is written, so that a file of hundreds of megabytes takes no more than itself.
    """
    head, *lines = data.split(b"\n", 1)
    sheet = _head(head, path)
    there = str(sheet.get("maximum"))
    if not _POINTS.fullmatch(there) or Decimal(there) != maximum:
        raise SansangError(
            _OTHER_SHEET.filled(path=path, there=quoted(str(sheet.get("id"))[:100]), here=f"{maximum:f}")
        )
    totals: dict[str, Total] = {}
    for line in lines[0].splitlines() if lines else ():
        if _UNIT_LINE.match(line):
            unit, total = _unit(line.rstrip(b",\n"), path)
            totals[unit] = total
            if len(totals) > _MOST_UNITS:
                raise SansangError(_NO_SCORES.filled(path=path, why=_SHAPE))
    return totals


def _head(line: bytes, path: str) -> Mapping[str, Any]:
    document = _read(line + b"]}", path)
    sheet = document.get("sheet")
    if document.get("version") != 1 or not isinstance(sheet, dict):
        raise SansangError(_NO_SCORES.filled(path=path, why=_SHAPE))
    return sheet


def _unit(line: bytes, path: str) -> tuple[str, Total]:
    document = _read(line, path)
    unit, total = document.get("unit"), document.get("total")
    if not isinstance(unit, str) or not isinstance(total, dict) or not _is_total(total):
        raise SansangError(_NO_SCORES.filled(path=path, why=_SHAPE))
    earned, possible, maximum = (Decimal(total[name]) for name in _SUMS)
    full, rows, pending = (total[name] for name in _COUNTS)
    return unit, Total(earned, possible, maximum, full, rows, pending)


def _is_total(total: Mapping[str, Any]) -> bool:
    sums = (total.get(name) for name in _SUMS)
    counts = (total.get(name) for name in _COUNTS)
    return all(isinstance(points, str) and _POINTS.fullmatch(points) for points in sums) and all(
        type(count) is int and 0 <= count < 1_000_000 for count in counts
    )


def _read(text: bytes, path: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SansangError(_NO_SCORES.filled(path=path, why=_SHAPE)) from error
    if not isinstance(document, dict):
        raise SansangError(_NO_SCORES.filled(path=path, why=_SHAPE))
    return document
