"""Whether the maxima of a form add up: criteria to their groups, groups to the sums, all of it to the scale. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from agent.scoring.form.form import EntryKind, FormEntry, address
from agent.scoring.form.points import plain_number, points_text
from agent.scoring.form.texts import GROUP_MISMATCH, SUM_MISMATCH, UNUSUAL_SCALE
from agent.text import Text

_USUAL = (Decimal(100), Decimal(1000))
_MOST_CELLS = 6  # named one by one


def scale_of(rows: Sequence[FormEntry]) -> Decimal:
    """The sum of all maxima, a group's own counting for it where its criteria have none."""
    return plain_number(sum((worth(row, rows) for row in _scored(rows) if row.parent is None), Decimal(0)))


def worth(row: FormEntry, rows: Sequence[FormEntry]) -> Decimal:
    """What the row's own maximum says, else what its criteria add up to."""
    if row.maximum is not None:
        return row.maximum
    return sum((worth(inner, rows) for inner in _scored(rows) if inner.parent == row.row), Decimal(0))


def _scored(rows: Sequence[FormEntry]) -> list[FormEntry]:
    return [row for row in rows if row.kind in (EntryKind.GROUP, EntryKind.CRITERION)]


def sum_remarks(rows: Sequence[FormEntry], column: int, letters: str) -> Iterator[Text]:
    """What does not add up, with its cells. column: of the maxima; letters: its name."""
    for row in rows:
        if row.kind is EntryKind.GROUP and row.maximum is not None:
            yield from _group(row, rows, column)
        elif row.kind is EntryKind.SUM and row.maximum is not None:
            yield from _sum(row, rows, column)
    scale = scale_of(rows)
    if scale not in _USUAL:
        yield UNUSUAL_SCALE.filled(sum=_both(scale), column=letters)


def _group(row: FormEntry, rows: Sequence[FormEntry], column: int) -> Iterator[Text]:
    inner = [one for one in _scored(rows) if one.parent == row.row]
    found = sum((worth(one, rows) for one in inner), Decimal(0))
    if row.maximum is not None and found != row.maximum:
        cells = [address(one.row, column) for one in inner]
        named = ", ".join(cells) if len(cells) <= _MOST_CELLS else f"{cells[0]} ... {cells[-1]}"
        yield GROUP_MISMATCH.filled(
            cell=address(row.row, column),
            title=row.title[:80],
            maximum=_both(row.maximum),
            cells=named,
            sum=_both(found),
        )


def _sum(row: FormEntry, rows: Sequence[FormEntry], column: int) -> Iterator[Text]:
    """A sum may be of everything, of what stands above it, or of the group that it closes."""
    above = [one for one in _scored(rows) if one.row < row.row and one.parent is None]
    totals = {scale_of(rows), *(worth(one, rows) for one in above[-1:])}
    totals.add(sum((worth(one, rows) for one in above), Decimal(0)))
    if row.maximum is not None and row.maximum not in totals:
        yield SUM_MISMATCH.filled(
            cell=address(row.row, column), title=row.title[:80], maximum=_both(row.maximum), sum=_both(scale_of(rows))
        )


def _both(value: Decimal) -> Text:
    return Text(points_text(value, "vi"), points_text(value, "en"))
