"""An uptime report for people, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agent.availability.figures import Figure, Report, Tally, TargetFigures
from agent.cli.check_table import WIDE
from agent.cli.visible import visible
from exporters.reports.names import calendar_name
from exporters.reports.selection import title_of
from exporters.reports.setting import Setting
from exporters.reports.unknown import why_unknown

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NARROW = (0, 2, 3, 4, 5, 9)  # the columns that a narrow terminal has room for
WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "period": "Từ {start} đến trước {end}, tính đến {as_of}; giờ {zone}",
        "columns": "Mục tiêu|Lịch|Sẵn sàng|Biết được|Mất|Lần mất|Lâu nhất|Chưa rõ|Bảo trì|Ghi chú",
        "group": "Nhóm|Mục tiêu|Sẵn sàng (gộp)|Sẵn sàng (trung bình)|Biết được|Mất|Chưa rõ|Ghi chú",
        "no_data": "không có dữ liệu",
        "insufficient": "không đủ dữ liệu",
        "amended": "sau đính chính: {figure}",
        "retroactive": "bảo trì ghi muộn, không trừ: {ids}",
        "meetings": "Lịch họp chưa có buổi họp nào: các mục tiêu theo lịch `meetings` chưa được tính.",
        "repeat": "Lập lại đúng báo cáo này: {line}",
        "nothing": "không có mục tiêu nào trong kỳ này khớp với lựa chọn; xem danh sách bằng `sansang validate`",
    },
    "en": {
        "period": "From {start} to before {end}, as known at {as_of}; time of {zone}",
        "columns": "Target|Calendar|Available|Known|Down|Outages|Longest|Unknown|Maintenance|Notes",
        "group": "Group|Targets|Available (pooled)|Available (mean)|Known|Down|Unknown|Notes",
        "no_data": "no data",
        "insufficient": "insufficient data",
        "amended": "as amended: {figure}",
        "retroactive": "maintenance recorded late, not taken out: {ids}",
        "meetings": "There is no meeting in the calendar yet: targets of the calendar `meetings` are not counted.",
        "repeat": "The same report again: {line}",
        "nothing": "no target of this period matches the selection; `sansang validate` lists what there is",
    },
}


def table(report: Report, setting: Setting, console: Console) -> None:
    """Print it: every target, and the groups if there are any."""
    language = setting.language
    words, zone = WORDS[language], ZoneInfo(report.zone)
    start, end, as_of = (_local(at, zone) for at in (report.start_ms, report.end_ms, report.as_of_ms))
    console.print(words["period"].format(start=start, end=end, as_of=as_of, zone=report.zone))
    if selection := title_of(report, setting):
        console.print(visible(selection), markup=False, soft_wrap=True)
    console.print(_rows(report, words, language, wide=console.width >= WIDE))
    if report.groups:
        groups = _headed(words["group"].split("|"), text=(0, 7))
        for group in report.groups:
            pooled = group.pooled
            figures = (percent(one, language) for one in (pooled.availability, group.mean, pooled.coverage))
            lengths = (length(one, language) for one in (pooled.down_ms, pooled.unknown_ms))
            note = words.get(pooled.status.value, "")
            groups.add_row(escape(visible(group.name or group.id)), str(group.targets), *figures, *lengths, note)
        console.print(groups)
    if any(one.calendar == "meetings" and not one.tally.scoring_ms for one in report.targets):
        console.print(words["meetings"])
    for line in why_unknown(report, language):
        console.print(line)
    if setting.repeat:
        console.print(words["repeat"].format(line=setting.repeat), markup=False, soft_wrap=True)


def _rows(report: Report, words: Mapping[str, str], language: str, *, wide: bool) -> Table:
    shown = range(10) if wide else _NARROW
    titles = words["columns"].split("|")
    rows = _headed([titles[place] for place in shown], text=(0, 1, 9) if wide else (0, len(shown) - 1))
    for one in report.targets:
        cells = _row(one, words, language)
        rows.add_row(*(cells[place] for place in shown))
    return rows


def _headed(titles: Sequence[str], text: tuple[int, ...]) -> Table:
    """An empty table: text begins at the left, numbers end at the right."""
    rows = Table()
    for place, title in enumerate(titles):
        rows.add_column(title, overflow="fold", justify="left" if place in text else "right")
    return rows


def _row(one: TargetFigures, words: Mapping[str, str], language: str) -> tuple[str, ...]:
    tally = one.tally
    return (
        escape(visible(one.target)),
        escape(visible(calendar_name(one.calendar, language))),
        percent(tally.availability, language),
        percent(tally.coverage, language),
        length(tally.down_ms, language),
        str(len(one.outages)),
        length(one.longest_outage_ms, language),
        length(tally.unknown_ms, language),
        length(tally.maintenance_ms, language),
        escape(visible("; ".join(_notes(one, tally, words, language)))),
    )


def _notes(one: TargetFigures, tally: Tally, words: Mapping[str, str], language: str) -> list[str]:
    found = [words[tally.status.value]] if tally.status.value in words else []
    if one.amended is not None:
        found.append(words["amended"].format(figure=percent(one.amended.availability, language)))
    if one.retroactive:
        found.append(words["retroactive"].format(ids=", ".join(one.retroactive)))
    return found


def percent(figure: Figure | None, language: str) -> str:
    """Two decimals, truncated, as the language writes them; ``-`` where there is none."""
    if figure is None:
        return "-"
    text = figure.percent(2)
    return f"{text.replace('.', ',') if language == 'vi' else text} %"


def length(milliseconds: int, language: str) -> str:
    """``26:05:07``, hours as many as they are; fractions of a second only where there are."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    mark = "," if language == "vi" else "."
    return f"{hours}:{minutes:02}:{seconds:02}" + (f"{mark}{rest:03}" if rest else "")


def _local(at_ms: int, zone: ZoneInfo) -> str:
    return f"{(_EPOCH + timedelta(milliseconds=at_ms)).astimezone(zone):%d/%m/%Y %H:%M:%S}"
