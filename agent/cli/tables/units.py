"""Units at a terminal: the tree with what became of each unit, and the changes that were recorded late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import Console
from rich.text import Text as RichText

from agent.cli.tables.layout import columns, say, show
from agent.cli.visible import visible
from agent.explain.unit_changes import CHANGE_KINDS
from agent.inventory.entities import Level
from agent.inventory.schema.unit_changes import UnitChange
from agent.reporting.late_unit_changes import LateChanges
from agent.reporting.unit_grouping import LateChange
from agent.reporting.unit_list import ListedUnit
from agent.text import Text
from exporters.reports.formatting import day_of, moment

_COLUMNS = Text("Đơn vị|Cấp|Mã hành chính|Điểm|Có từ|Hết từ|Lịch sử", "Unit|Level|Code|Sites|Founded|Ended|History")
_LATE_COLUMNS = Text("Hiệu lực|Sổ ghi lúc|Thay đổi", "In force|Recorded|Change")
_NONE_LATE = Text(
    "Không có thay đổi đơn vị nào được ghi sau ngày hiệu lực.", "No change of a unit was recorded after its date."
)
_LATE = Text(
    "Ngày hiệu lực chỉ quyết định thời gian gộp vào đơn vị nào; giờ {zone}",
    "The legal date decides under which unit time is grouped, and nothing else; time of {zone}",
)
_FIELDS = {
    "name": Text("tên", "name"),
    "code": Text("mã", "code"),
    "parent": Text("cấp trên", "parent"),
}
_MOVED = {"sites": Text("điểm", "sites"), "subunits": Text("đơn vị cấp dưới", "lower units")}
_FOUNDED = Text("thành lập mới", "founded")
_MOST = 5  # that a line names


def change_text(change: UnitChange, language: str) -> str:
    """Date, kind, units, document; then what is new, and what went."""
    into = f" -> {change.into}" if change.into else ""
    founded = f" ({_FOUNDED.to(language)})" if change.founds else ""
    head = (
        f"{_day(change.date)} {CHANGE_KINDS[change.kind].to(language)} {change.unit}{into}{founded}, {change.document}"
    )
    return "; ".join([head, *_details(change, language)])


def _details(change: UnitChange, language: str) -> Iterator[str]:
    for key, label in _FIELDS.items():
        if new := getattr(change, key):
            yield f"{label.to(language)} {getattr(change, f'old_{key}') or '-'} -> {new}"
    for key, label in _MOVED.items():
        ids: Sequence[str] = getattr(change, key)
        if ids:
            more = f", ... ({len(ids)})" if len(ids) > _MOST else ""
            yield f"{label.to(language)}: {', '.join(ids[:_MOST])}{more}"


def unit_table(units: Sequence[ListedUnit], levels: Sequence[Level], console: Console, language: str) -> None:
    """Print it."""
    names = {level.id: level.names.get(language) or next(iter(level.names.values()), level.id) for level in levels}
    shape = columns(_COLUMNS.to(language), prose=(0, 6), right=(3,))
    show(shape, [_cells(listed, names.get(listed.unit.level, ""), language) for listed in units], console)


def _cells(listed: ListedUnit, level: str, language: str) -> tuple[RichText | str, ...]:
    unit, indent = listed.unit, "  " * listed.depth
    name = RichText.assemble(indent, visible(unit.name), "\n", indent, (visible(unit.id), "dim"))
    return (
        name,
        visible(level),
        visible(unit.code or "-"),
        str(listed.sites),
        "-" if listed.first is None else _day(listed.first),
        "-" if listed.ended is None else _day(listed.ended),
        RichText("\n".join(visible(change_text(change, language)) for change in listed.changes)),
    )


def late_table(late: LateChanges, console: Console, language: str) -> None:
    """Print it."""
    if late.unverified:
        say(late.unverified, console, "bold red")
    if not late.changes:
        say(_NONE_LATE.to(language), console)
        return
    shape = columns(_LATE_COLUMNS.to(language), prose=(2,))
    show(shape, [_late_cells(one, late.zone, language) for one in late.changes], console)
    say(_LATE.to(language).format(zone=late.zone), console)


def _late_cells(late: LateChange, zone: str, language: str) -> tuple[str, str, str]:
    change = late.change
    into = f" -> {change['into']}" if change.get("into") else ""
    what = f"{CHANGE_KINDS[change['kind']].to(language)} {change['unit']}{into}, {change['document']}"
    return day_of(late.legal_ms, zone), moment(late.recorded_ms // 1000 * 1000, zone, language), visible(what)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
