"""The tables of commands. Ids, instants, numbers, addresses and lines to copy stay whole at every width.

Only sentences are wrapped, between their words. What does not fit beside the rest is no table: each record is a block.
A pipe or a file has no width: there each record is one line.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

_ENDLESS = 1_000_000  # columns of what is no terminal
_LEAST_PROSE = 12  # columns: in fewer, sentences are not read but spelled
_BETWEEN = 3  # columns that a border with its padding takes
_UNBROKEN = re.compile(
    r"`[^`]*`\S*|(?:sudo )?(?:timedatectl|systemctl) [a-z-]+ \S+|\d{1,2}/\d{1,2}(?:/\d{4})? \d{1,2}:\d\d\S*|\S+"
)
_LINES = re.compile(r"[^\n]+")
Cell = str | RichText


@dataclass(frozen=True, slots=True)
class TerminalColumn:
    """prose: made of sentences, which may be wrapped between words; anything else stays on its line."""

    title: str
    prose: bool = False
    right: bool = False


def columns(titles: str, *, prose: Sequence[int] = (), right: Sequence[int] = ()) -> tuple[TerminalColumn, ...]:
    """Columns with these titles, ``|`` between them; prose and right say which by place."""
    return tuple(TerminalColumn(title, place in prose, place in right) for place, title in enumerate(titles.split("|")))


def console() -> Console:
    """Standard output, as wide as its terminal or $COLUMNS say; endless where it is neither."""
    endless = not sys.stdout.isatty() and not os.environ.get("COLUMNS")
    return Console(highlight=False, width=_ENDLESS if endless else None)


def show(
    shape: Sequence[TerminalColumn], records: Sequence[Sequence[Cell]], out: Console, *, spaced: bool = False
) -> None:
    """Print the records. spaced: with an empty line after each in a table."""
    rows = [[_text(cell) for cell in record] for record in records]
    widths = fitted(shape, rows, out.width)
    if out.width >= _ENDLESS:
        _lines(shape, rows, out)
    elif widths is None:
        _blocks(shape, rows, out)
    else:
        _table(shape, rows, widths, out, spaced=spaced)


def say(text: str, out: Console, style: str = "", indent: int = 0) -> None:
    """A sentence, wrapped between words."""
    for line in wrapped(RichText(text, style), out.width - indent).split("\n"):
        out.print(RichText(" " * indent) + line, soft_wrap=True)


def fitted(shape: Sequence[TerminalColumn], rows: Sequence[Sequence[Cell]], width: int) -> list[int] | None:
    """A width for each column, so that all have room beside each other; None if they have none."""
    widths = [_widest(column, [row[place] for row in rows], _LINES) for place, column in enumerate(shape)]
    least = [
        max(_widest(column, [row[place] for row in rows], _UNBROKEN), min(_LEAST_PROSE, widths[place]))
        if column.prose
        else widths[place]
        for place, column in enumerate(shape)
    ]
    room = width - _BETWEEN * len(shape) - 1
    if sum(least) > room:
        return None
    while (surplus := sum(widths) - room) > 0:
        most = max(range(len(shape)), key=lambda place: (widths[place] > least[place], widths[place]))
        widths[most] -= min(surplus, widths[most] - least[most])
    return widths


def wrapped(text: RichText, width: int) -> RichText:
    """In lines of the width, broken between words only; a longer word has a line of its own, and is whole."""
    return RichText("\n").join(piece for line in text.split("\n") for piece in _pieces(line, width))


def _widest(column: TerminalColumn, cells: Sequence[Cell], part: re.Pattern[str]) -> int:
    texts = (column.title, *(_text(cell).plain for cell in cells))
    return max((cell_len(match[0]) for text in texts for match in part.finditer(text)), default=0)


def _pieces(line: RichText, width: int) -> Iterator[RichText]:
    start = end = 0
    for word in _UNBROKEN.finditer(line.plain):
        if end > start and cell_len(line.plain[start : word.end()]) > width:
            yield line[start:end]
            start = word.start()
        end = word.end()
    yield line[start:end]


def _text(cell: Cell) -> RichText:
    return RichText(cell) if isinstance(cell, str) else cell


def _one_line(cell: RichText) -> RichText:
    return RichText("  ").join(line for line in cell.split("\n") if line.plain)


def _lines(shape: Sequence[TerminalColumn], rows: Sequence[Sequence[RichText]], out: Console) -> None:
    records = [[RichText(column.title) for column in shape], *([_one_line(cell) for cell in row] for row in rows)]
    widths = [max(record[place].cell_len for record in records) for place in range(len(shape))]
    for record in records:
        cells = zip(shape, record, widths, strict=True)
        line = "  ".join(_padded(cell.plain, width, right=column.right) for column, cell, width in cells)
        out.print(RichText(line.rstrip()), soft_wrap=True)


def _padded(text: str, width: int, *, right: bool) -> str:
    gap = " " * (width - cell_len(text))
    return gap + text if right else text + gap


def _table(
    shape: Sequence[TerminalColumn],
    rows: Sequence[Sequence[RichText]],
    widths: Sequence[int],
    out: Console,
    *,
    spaced: bool,
) -> None:
    table = Table(box=box.SIMPLE_HEAD if spaced else box.HEAVY_HEAD, leading=int(spaced))
    for column, width in zip(shape, widths, strict=True):
        title = wrapped(RichText(column.title), width)
        table.add_column(title, no_wrap=True, width=width, justify="right" if column.right else "left")
    for row in rows:
        cells = zip(shape, row, widths, strict=True)
        table.add_row(*(wrapped(cell, width) if column.prose else cell for column, cell, width in cells))
    out.print(table)


def _blocks(shape: Sequence[TerminalColumn], rows: Sequence[Sequence[RichText]], out: Console) -> None:
    for row in rows:
        for place, (column, cell) in enumerate(zip(shape, row, strict=True)):
            indent = " " * (2 if place else 0)
            line = RichText(f"{column.title}: ") + _one_line(cell)
            for number, piece in enumerate(_pieces(line, out.width - 4)):
                out.print(RichText(indent + "  " if number else indent) + piece, soft_wrap=True)
        out.print()
