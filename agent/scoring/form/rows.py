"""What each row of a form is: group, criterion, sum or note, and to which group it belongs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from agent.scoring.form.cells import Merges
from agent.scoring.form.form import EntryKind, FormColumn, FormEntry, address
from agent.scoring.form.numbering import NumberStyle, Outline
from agent.scoring.form.written_rows import WrittenRow

_STEPS = (NumberStyle.NONE, NumberStyle.DASH, NumberStyle.SMALL)


@dataclass(slots=True)
class _Node:
    """A row with those that belong to it."""

    written: WrittenRow
    kind: EntryKind
    parent: _Node | None = None
    children: list[_Node] = field(default_factory=list)


def form_rows(
    written: Sequence[WrittenRow], columns: Mapping[FormColumn, int], merges: Merges
) -> tuple[FormEntry, ...]:
    """The rows in their order, each with its kind, its group and its cells to fill."""
    nodes = _outlined(written)
    for node in nodes:
        _settle(node)
    kept = [node for node in nodes if node.kind is not EntryKind.NOTE or not _joins(node)]
    return tuple(_form_row(node, columns, merges) for node in kept)


def _outlined(written: Sequence[WrittenRow]) -> list[_Node]:
    outline = Outline()
    by_row: dict[int, _Node] = {}
    last = max((one.row for one in written if one.maximum is not None), default=0)
    for index, one in enumerate(written):
        node = _Node(one, _first_kind(one, written[index + 1 : index + 2], last))
        by_row[one.row] = node
        if node.kind in (EntryKind.SUM, EntryKind.NOTE):
            continue
        above = outline.parent(one.row, one.number)
        if above is not None:
            node.parent = by_row[above]
            node.parent.children.append(node)
    return list(by_row.values())


def _first_kind(one: WrittenRow, below: Sequence[WrittenRow], last: int) -> EntryKind:
    """As far as the row itself tells: rows with children are groups, which shows later."""
    if one.sums:
        return EntryKind.SUM
    if one.row > last:
        return EntryKind.NOTE
    if one.maximum is not None:
        return EntryKind.CRITERION
    if one.number.style not in _STEPS:
        return EntryKind.CRITERION  # shown, not scored, unless others belong to it
    heads = bool(below) and below[0].number.style not in _STEPS
    is_group = one.number.style is NumberStyle.NONE and heads and (one.bold or one.title.isupper())
    return EntryKind.GROUP if is_group else EntryKind.NOTE


def _settle(node: _Node) -> None:
    """A row with children is a group, unless they are the steps of its scale: 20, 15, 10 of a maximum of 20."""
    if not node.children:
        return
    maxima = [child.written.maximum or Decimal(0) for child in node.children]
    steps = all(child.written.number.style in _STEPS and not child.children for child in node.children)
    whole = node.written.maximum
    if steps and whole is not None and (sum(maxima) != whole or whole in maxima):
        for child in node.children:
            node.written.method.append(_step(child.written))
            node.written.last = child.written.last
            child.kind = EntryKind.NOTE
        node.children.clear()
        return
    node.kind = EntryKind.GROUP


def _step(written: WrittenRow) -> str:
    worth = "" if written.maximum is None else f": {written.maximum:f}".replace(".", ",")
    return " ".join(filter(None, (written.number.text, f"{written.title}{worth}")))


def _joins(node: _Node) -> bool:
    """Whether the note is a step that its criterion took in."""
    return node.parent is not None


def _form_row(node: _Node, columns: Mapping[FormColumn, int], merges: Merges) -> FormEntry:
    one = node.written

    def cell(column: FormColumn) -> str:
        if column not in columns or node.kind is EntryKind.NOTE:
            return ""
        top, left, _, _ = merges.of(one.row, columns[column])
        return address(top, left)

    return FormEntry(
        row=one.row,
        last=one.last,
        kind=node.kind,
        number=one.number.text,
        title=one.title,
        parent=None if node.parent is None else node.parent.written.row,
        maximum=one.maximum,
        method="; ".join(one.method),
        points=cell(FormColumn.POINTS),
        explanation=cell(FormColumn.EXPLANATION),
        evidence=cell(FormColumn.EVIDENCE),
        formula=one.value.formula,
        asked=one.asked,
    )


def shared_points(rows: Iterable[FormEntry]) -> dict[str, list[int]]:
    """Cells for points that several criteria have in common, with their rows."""
    using: dict[str, list[int]] = {}
    for row in rows:
        if row.kind is EntryKind.CRITERION and row.points:
            using.setdefault(row.points, []).append(row.row)
    return {cell: numbers for cell, numbers in using.items() if len(numbers) > 1}
