"""The tables of a report for people, before they become a workbook or a page: cells that know what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from agent.availability.figures import Figure, Status
from agent.text import Text

PERCENT_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Share:
    """A percent, cut after so many decimals; where the data do not suffice it says so instead."""

    figure: Figure | None
    status: Status = Status.OK
    decimals: int = PERCENT_DECIMALS


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share between 0 and 1 to 15 digits, for those who compute on."""

    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Duration:
    """Shown as h:mm:ss, with milliseconds where it is no whole number of seconds: what is shown adds up."""

    ms: int


@dataclass(frozen=True, slots=True)
class Instant:
    """UTC milliseconds, shown in the zone of the report to the second, or to the millisecond where it has any."""

    ms: int


@dataclass(frozen=True, slots=True)
class Points:
    """Points of a score, with the digits that they have."""

    number: Decimal


@dataclass(frozen=True, slots=True)
class PointsSum:
    """A sum that the sheet counts itself; number: what it comes to; rows: of the table, from 0, in the same column."""

    number: Decimal
    rows: tuple[int, ...]


Cell = str | int | Share | Ratio | Duration | Instant | Points | PointsSum
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """width: about so many characters."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as long as the columns are many; totalled: the last one is of all the others together, and shown so.

    strong: rows, from 0, that stand out as well.
    """

    caption: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[Row, ...]
    totalled: bool = False
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """lines stand under the title, the headline above them; signed: who made and who answers for it sign below.

    long: a signed sheet that may be many pages high; any other is one.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    lines: tuple[str, ...] = ()
    signed: bool = False
    headline: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets, in the order of reading. selection: what the report leaves out, under every title; "" if nothing.

    mark: what has to stand on every page, if anything. period: as offices write it, under the first title and at the
    foot of every page; "" where there is none.
    """

    organisation: str
    language: str
    zone: str
    sheets: tuple[ReportSheet, ...]
    selection: str = ""
    mark: str = ""
    period: str = ""

    @property
    def title(self) -> str:
        """The title of the whole document."""
        return " - ".join(part for part in (self.sheets[0].title, self.period, self.selection) if part)

    @property
    def heading(self) -> tuple[tuple[str, str], ...]:
        """What stands at the top of the first page, left and right, line by line, as papers of offices begin."""
        nation = _NATION if self.language != "en" else ("", "")
        return (self.organisation.upper(), nation[0]), ("", nation[1])


_NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
INSUFFICIENT = Text("không đủ dữ liệu", "insufficient data")
NO_DATA = Text("không có dữ liệu", "no data")
NONE = Text("(không có)", "(none)")
DATED = Text("......................, ngày ...... tháng ...... năm ............", "Date: ........................")
SIGNERS = (
    (Text("NGƯỜI LẬP BIỂU", "PREPARED BY"), Text("(Ký, ghi rõ họ tên)", "(Signature, full name)")),
    (
        Text("THỦ TRƯỞNG ĐƠN VỊ", "HEAD OF THE ORGANISATION"),
        Text("(Ký, ghi rõ họ tên, đóng dấu)", "(Signature, full name, seal)"),
    ),
)


RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class TableColumn(Generic[RowT]):
    """One column: its heading, its width in characters, and the cell of a row in it."""

    heading: Text
    width: int
    cell: Callable[[RowT], Cell]


def table(
    columns: Sequence[TableColumn[RowT]], rows: Iterable[RowT], language: str, caption: Text | None = None
) -> Table:
    """The rows through the columns, headed in one language."""
    return Table(
        "" if caption is None else caption.to(language),
        tuple(SheetColumn(column.heading.to(language), column.width) for column in columns),
        tuple(tuple(column.cell(row) for column in columns) for row in rows),
    )


def named_sheet(name: Text, title: Text, language: str, *tables: Table, lines: tuple[str, ...] = ()) -> ReportSheet:
    """A sheet whose name and title are worded in one language."""
    return ReportSheet(name.to(language), title.to(language), tables, lines)
