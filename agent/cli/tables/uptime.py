"""An uptime report for people, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console

from agent.availability.figures import Figure, Report, Status, TargetFigures
from agent.cli.tables.check import WIDE
from agent.cli.tables.layout import columns, say, show
from agent.cli.visible import visible
from agent.explain.texts import explain
from agent.reporting.context import Setting
from agent.text import Text
from exporters.reports.breaks import told
from exporters.reports.formatting import hours, insufficient_text, moment
from exporters.reports.names import calendar_name, role_of
from exporters.reports.selection import selection_title
from exporters.reports.sheet_corrections import really
from exporters.reports.thresholds import lines, shortest_outage_text
from exporters.reports.unknown_causes import unknown_lines

_OUTAGES = 30  # that a terminal gets
_NARROW = (0, 2, 3, 4, 5, 9)  # the columns that a narrow terminal has room for
WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "period": "Từ {start} đến trước {end}, tính đến {as_of}; giờ {zone}",
        "columns": "Mục tiêu|Lịch|Sẵn sàng|Biết được|Mất|Lần mất|Lâu nhất|Chưa rõ|Bảo trì|Ghi chú",
        "group": "Nhóm|Mục tiêu|Sẵn sàng (gộp)|Sẵn sàng (trung bình)|Biết được|Mất|Chưa rõ",
        "outages": "Số|Mục tiêu|Từ|Đến|Được tính|Nguyên nhân",
        "corrections": "Đính chính số|Mục tiêu|Từ|Đến|Thực tế|Ghi lúc|Người ký|Lý do",
        "longest": "{shown} lần mất lâu nhất trong {all}; tất cả nằm trong tệp ghi bằng -o",
        "amended": "sau đính chính: {figure}",
        "retroactive": "bảo trì ghi muộn, không trừ: {ids}",
        "meetings": "Lịch họp chưa có buổi họp nào: các mục tiêu theo lịch `meetings` chưa được tính.",
        "repeat": "Lập lại đúng báo cáo này: {line}",
        "head": "Mốc của sổ (dòng:mã băm): {head}",
        "nothing": "không có mục tiêu nào trong kỳ này khớp với lựa chọn; xem danh sách bằng `sansang validate`",
    },
    "en": {
        "period": "From {start} to before {end}, as known at {as_of}; time of {zone}",
        "columns": "Target|Calendar|Available|Known|Down|Outages|Longest|Unknown|Maintenance|Notes",
        "group": "Group|Targets|Available (pooled)|Available (mean)|Known|Down|Unknown",
        "outages": "No.|Target|From|To|Counted|Reason",
        "corrections": "Corrects no.|Target|From|To|It really was|Recorded|Who|Why",
        "longest": "the {shown} longest of {all} outages; a file written with -o has all of them",
        "amended": "as amended: {figure}",
        "retroactive": "maintenance recorded late, not taken out: {ids}",
        "meetings": "There is no meeting in the calendar yet: targets of the calendar `meetings` are not counted.",
        "repeat": "The same report again: {line}",
        "head": "Head of the ledger (row:hash): {head}",
        "nothing": "no target of this period matches the selection; `sansang validate` lists what there is",
    },
}


def nothing_chosen() -> Text:
    """Why there is no table."""
    return Text(*(WORDS[language]["nothing"] for language in Text._fields))


def table(report: Report, setting: Setting, console: Console) -> None:
    """Print it: every target, and the groups if there are any."""
    language = setting.language
    words = WORDS[language]
    start, end, as_of = (moment(at, report.zone, language) for at in (report.start_ms, report.end_ms, report.as_of_ms))
    if report.unverified:
        say(report.unverified, console, "bold red")
    say(words["period"].format(start=start, end=end, as_of=as_of, zone=report.zone), console)
    if selection := selection_title(report, setting):
        say(visible(selection), console)
    say(shortest_outage_text(report, language), console)
    for line in lines(report, language):
        say(visible(line), console, indent=2)
    _targets(report, words, language, console)
    if report.groups:
        _groups(report, words["group"], language, console)
    if any(one.outages for one in report.targets):
        _outages(report, words, language, console)
    if setting.corrections_in(report):
        _corrections(report, setting, words["corrections"], console)
    if any(one.calendar == "meetings" and not one.tally.scoring_ms for one in report.targets):
        say(words["meetings"], console)
    for line in (*unknown_lines(report, language, setting.breaks), *told(report, setting)):
        say(visible(line), console)
    if setting.repeat:
        console.print(words["repeat"].format(line=setting.repeat), markup=False, soft_wrap=True)
    if head := report.provenance.anchor:
        console.print(words["head"].format(head=head), markup=False, soft_wrap=True)
    if report.unverified:
        say(report.unverified, console, "bold red")


def _targets(report: Report, words: Mapping[str, str], language: str, console: Console) -> None:
    wide = console.width >= WIDE
    shown = range(10) if wide else _NARROW
    titles = words["columns"].split("|")
    last = len(shown) - 1
    prose, first = ((1, last), 2) if wide else ((last,), 1)
    shape = columns("|".join(titles[place] for place in shown), prose=prose, right=range(first, last))
    records = [_row(one, words, language) for one in report.targets]
    show(shape, [[record[place] for place in shown] for record in records], console)


def _groups(report: Report, titles: str, language: str, console: Console) -> None:
    records = []
    for group in report.groups:
        pooled = group.pooled
        shares = (share(one, pooled.status, language) for one in (pooled.availability, group.mean))
        lengths = (hours(one, language) for one in (pooled.down_ms, pooled.unknown_ms))
        name = visible(group.name or group.id)
        records.append((name, str(group.targets), *shares, percent(pooled.coverage, language), *lengths))
    show(columns(titles, prose=(0,), right=range(1, 7)), records, console)


def _outages(report: Report, words: Mapping[str, str], language: str, console: Console) -> None:
    """In order; of very many the longest."""
    every = [(one, outage) for one in report.targets for outage in one.outages]
    longest = set(map(id, sorted((outage for _, outage in every), key=lambda one: -one.counted_ms)[:_OUTAGES]))
    records = []
    for one, outage in every:
        if id(outage) in longest:
            span = (moment(at, report.zone, language) for at in (outage.start_ms, outage.end_ms))
            why = explain(role_of(one.subject), outage.cause, language).what
            counted = hours(outage.counted_ms, language)
            records.append((str(outage.number or "-"), visible(one.target), *span, counted, visible(why)))
    show(columns(words["outages"], prose=(5,), right=(0, 4)), records, console)
    if len(every) > _OUTAGES:
        say(words["longest"].format(shown=_OUTAGES, all=len(every)), console)


def _corrections(report: Report, setting: Setting, titles: str, console: Console) -> None:
    """In the order signed."""
    subjects, language = {one.target: one.subject for one in report.targets}, setting.language
    records = []
    for one in setting.corrections_in(report):
        row, what = one.row, really(one, subjects[one.target], language)
        instants = (row.start_wall_ms, row.end_wall_ms, one.wall_ms)
        start, end, recorded = (moment(at, report.zone, language) for at in instants)
        target, what, who, why = (visible(text) for text in (one.target, what, row.who, row.why))
        records.append((str(row.refers_to), target, start, end, what, recorded, who, why))
    show(columns(titles, prose=(4, 6, 7), right=(0,)), records, console)


def _row(one: TargetFigures, words: Mapping[str, str], language: str) -> tuple[str, ...]:
    tally = one.tally
    return (
        visible(one.target),
        visible(calendar_name(one.calendar, language)),
        share(tally.availability, tally.status, language),
        percent(tally.coverage, language),
        hours(tally.down_ms, language),
        str(len(one.outages)),
        hours(one.longest_outage_ms, language),
        hours(tally.unknown_ms, language),
        hours(tally.maintenance_ms, language),
        visible("; ".join(_notes(one, words, language))),
    )


def _notes(one: TargetFigures, words: Mapping[str, str], language: str) -> list[str]:
    found = []
    if one.amended is not None:
        figure = share(one.amended.availability, one.amended.status, language)
        found.append(words["amended"].format(figure=figure))
    if one.retroactive:
        found.append(words["retroactive"].format(ids=", ".join(one.retroactive)))
    return found


def share(figure: Figure | None, status: Status, language: str) -> str:
    """A percent, or that the data do not suffice for one, as the workbook says it."""
    return insufficient_text(figure, status, language) or percent(figure, language)


def percent(figure: Figure | None, language: str) -> str:
    """Two decimals, truncated, as the language writes them; ``-`` where there is none."""
    if figure is None:
        return "-"
    text = figure.percent(2)
    return f"{text.replace('.', ',') if language == 'vi' else text} %"
