"""An uptime report for people, in Vietnamese or English."""

from __future__ import annotations

from rich.console import Console

from agent.availability.figures import Figure, Pooling, Status, TargetFigures
from agent.availability.several import joint_figures
from agent.cli.tables.check import WIDE
from agent.cli.tables.layout import columns, say, show
from agent.cli.visible import visible
from agent.explain.periods import instants_in_words
from agent.explain.texts import explain
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.breaks import break_lines
from exporters.reports.formatting import hours, insufficient_text, moment
from exporters.reports.names import calendar_name, role_of
from exporters.reports.selection import selection_title
from exporters.reports.several_targets import headline, named
from exporters.reports.sheet_corrections import corrected_state
from exporters.reports.sheet_events import site_cause
from exporters.reports.thresholds import lines, shortest_outage_text
from exporters.reports.unit_bases import basis_lines, late_change_line
from exporters.reports.unknown_causes import unknown_lines

_MOST_OUTAGES = 30  # that a terminal gets
_NARROW_ROLES = (0, 1, 2, 3, 6)
_NARROW = (0, 2, 3, 4, 5, 9)  # the columns that a narrow terminal has room for
_PERIOD = Text(
    "Từ {start} đến trước {end}, tính đến {as_of}; giờ {zone}",
    "From {start} to before {end}, as known at {as_of}; time of {zone}",
)
_TARGET_COLUMNS = Text(
    "Mục tiêu|Lịch|Sẵn sàng|Biết được|Mất|Lần mất|Lâu nhất|Chưa rõ|Bảo trì|Ghi chú",
    "Target|Calendar|Available|Known|Down|Outages|Longest|Unknown|Maintenance|Notes",
)
_GROUP_COLUMNS = Text(
    "Nhóm|Mục tiêu|Sẵn sàng (gộp)|Sẵn sàng (trung bình)|Biết được|Mất|Chưa rõ",
    "Group|Targets|Available (pooled)|Available (mean)|Known|Down|Unknown",
)
_INDEXED_COLUMNS = Text(
    "Nhóm|Mục tiêu|Sẵn sàng (gộp)|Sẵn sàng (trung bình)|Trung bình chỉ số|Biết được|Mất|Chưa rõ",
    "Group|Targets|Available (pooled)|Available (mean)|Mean of indices|Known|Down|Unknown",
)  # in the units of today, as the mean of those before
_ROLE_COLUMNS = Text(
    "Vai trò|Sẵn sàng|Biết được|Mất|Chưa rõ|Bảo trì|Mục tiêu|Có số liệu",
    "Role|Available|Known|Down|Unknown|Maintenance|Targets|With data",
)
_OUTAGE_COLUMNS = Text("Số|Mục tiêu|Từ|Đến|Được tính|Lý do", "No.|Target|From|To|Counted|Reason")
_CAUSED_COLUMNS = Text(
    "Số|Mục tiêu|Từ|Đến|Được tính|Nguyên nhân|Lý do", "No.|Target|From|To|Counted|Cause|Reason"
)  # where the devices of a site told why all of it was down
_CORRECTION_COLUMNS = Text(
    "Đính chính số|Mục tiêu|Từ|Đến|Thực tế|Ghi lúc|Người ký|Lý do",
    "Corrects no.|Target|From|To|It really was|Recorded|Who|Why",
)
_LONGEST = Text(
    "{shown} lần mất lâu nhất trong {all}; tất cả nằm trong tệp ghi bằng -o",
    "the {shown} longest of {all} outages; a file written with -o has all of them",
)
_AMENDED = Text("sau đính chính: {figure}", "as amended: {figure}")
_RETROACTIVE = Text("bảo trì ghi muộn, không trừ: {ids}", "maintenance recorded late, not taken out: {ids}")
_MEETINGS = Text(
    "Lịch họp chưa có buổi họp nào: các mục tiêu theo lịch `meetings` chưa được tính.",
    "There is no meeting in the calendar yet: targets of the calendar `meetings` are not counted.",
)
_REPEAT = Text("Lập lại đúng báo cáo này: {line}", "The same report again: {line}")
_HEAD = Text("Mốc của sổ (dòng:mã băm): {head}", "Head of the ledger (row:hash): {head}")
NOTHING_CHOSEN = Text(
    "không có mục tiêu nào trong kỳ này khớp với lựa chọn; xem danh sách bằng `sansang validate`",
    "no target of this period matches the selection; `sansang validate` lists what there is",
)


def table(report: UptimeReport, console: Console) -> None:
    """Print it: every target, and the groups if there are any."""
    language = report.language
    start, end, as_of = (moment(at, report.zone, language) for at in (report.start_ms, report.end_ms, report.as_of_ms))
    if report.unverified:
        say(report.unverified, console, "bold red")
    say(instants_in_words(report.start_ms, report.end_ms, report.zone).to(language), console, "bold")
    say(_PERIOD.to(language).format(start=start, end=end, as_of=as_of, zone=report.zone), console)
    if selection := selection_title(report):
        say(visible(selection), console)
    say(shortest_outage_text(report, language), console)
    for line in (*basis_lines(report), *(late_change_line(late, report) for late in report.late_changes)):
        say(visible(line), console)
    for line in lines(report, language):
        say(visible(line), console, indent=2)
    _targets(report, language, console)
    _roles(report, language, console)
    if report.groups:
        titles = _INDEXED_COLUMNS if any(group.indices for group in report.groups) else _GROUP_COLUMNS
        _groups(report, titles.to(language), language, console)
    if any(figures.outages for figures in report.targets):
        _outages(report, language, console)
    if report.corrections:
        _corrections(report, _CORRECTION_COLUMNS.to(language), console)
    if any(figures.calendar == "meetings" and not figures.tally.scoring_ms for figures in report.targets):
        say(_MEETINGS.to(language), console)
    for line in (*unknown_lines(report, language, report.breaks), *break_lines(report)):
        say(visible(line), console)
    if report.rerun:
        console.print(_REPEAT.to(language).format(line=report.rerun), markup=False, soft_wrap=True)
    if head := report.provenance.anchor:
        console.print(_HEAD.to(language).format(head=head), markup=False, soft_wrap=True)
    if report.unverified:
        say(report.unverified, console, "bold red")


def _targets(report: UptimeReport, language: str, console: Console) -> None:
    wide = console.width >= WIDE
    places = range(10) if wide else _NARROW
    titles = _TARGET_COLUMNS.to(language).split("|")
    last = len(places) - 1
    prose, first = ((1, last), 2) if wide else ((last,), 1)
    shape = columns("|".join(titles[place] for place in places), prose=prose, right=range(first, last))
    records = [_row(figures, language) for figures in report.targets]
    show(shape, [[record[place] for place in places] for record in records], console)


def _roles(report: UptimeReport, language: str, console: Console) -> None:
    """Print a figure for each role and one for all, said how it was made."""
    joint, pooling = joint_figures(report.targets), report.pooling
    wide = console.width >= WIDE
    places = range(8) if wide else _NARROW_ROLES
    records = []
    for row in named(joint, language):
        group, tally = row.group, row.group.pooled
        records.append(
            (
                row.name,
                share(group.availability(pooling), group.status(pooling), language),
                percent(group.coverage(pooling), language),
                *(hours(length, language) for length in (tally.down_ms, tally.unknown_ms, tally.maintenance_ms)),
                str(group.targets),
                str(group.measured),
            )
        )
    titles = _ROLE_COLUMNS.to(language).split("|")
    shape = columns("|".join(titles[place] for place in places), prose=(0,), right=range(1, len(places)))
    show(shape, [[record[place] for place in places] for record in records], console)
    say(headline(report, joint.overall), console, "bold")


def _groups(report: UptimeReport, titles: str, language: str, console: Console) -> None:
    records = []
    for group in report.groups:
        pooled = group.pooled
        shares = [share(group.availability(how), group.status(how), language) for how in Pooling]
        shares += [percent(group.mean_of_indices, language)] if group.indices else []
        lengths = (hours(length_ms, language) for length_ms in (pooled.down_ms, pooled.unknown_ms))
        name = visible(group.name or group.id)
        records.append((name, str(group.targets), *shares, percent(pooled.coverage, language), *lengths))
    show(columns(titles, prose=(0,), right=range(1, titles.count("|") + 1)), records, console)


def _outages(report: UptimeReport, language: str, console: Console) -> None:
    """Print the outages in order; of very many the longest."""
    every = [(figures, outage) for figures in report.targets for outage in figures.outages]
    longest = set(
        map(id, sorted((outage for _, outage in every), key=lambda outage: -outage.counted_ms)[:_MOST_OUTAGES])
    )
    caused = any(site_cause(outage).en for _, outage in every)
    records = []
    for figures, outage in every:
        if id(outage) in longest:
            span = (moment(at, report.zone, language) for at in (outage.start_ms, outage.end_ms))
            why = explain(role_of(figures.subject), outage.cause, language).what
            counted = hours(outage.counted_ms, language)
            cause = (site_cause(outage).to(language),) if caused else ()
            records.append((str(outage.number or "-"), visible(figures.target), *span, counted, *cause, visible(why)))
    titles = (_CAUSED_COLUMNS if caused else _OUTAGE_COLUMNS).to(language)
    show(columns(titles, prose=(5 + caused,), right=(0, 4)), records, console)
    if len(every) > _MOST_OUTAGES:
        say(_LONGEST.to(language).format(shown=_MOST_OUTAGES, all=len(every)), console)


def _corrections(report: UptimeReport, titles: str, console: Console) -> None:
    """Print the corrections in the order signed."""
    subjects, language = {figures.target: figures.subject for figures in report.targets}, report.language
    records = []
    for correction in report.corrections:
        row, what = correction.row, corrected_state(correction, subjects[correction.target], language)
        instants = (row.start_wall_ms, row.end_wall_ms, correction.wall_ms)
        start, end, recorded = (moment(at, report.zone, language) for at in instants)
        target, what, who, why = (visible(text) for text in (correction.target, what, row.who, row.why))
        records.append((str(row.refers_to), target, start, end, what, recorded, who, why))
    show(columns(titles, prose=(4, 6, 7), right=(0,)), records, console)


def _row(figures: TargetFigures, language: str) -> tuple[str, ...]:
    tally = figures.tally
    return (
        visible(figures.target),
        visible(calendar_name(figures.calendar, language)),
        share(tally.availability, tally.status, language),
        percent(tally.coverage, language),
        hours(tally.down_ms, language),
        str(len(figures.outages)),
        hours(figures.longest_outage_ms, language),
        hours(tally.unknown_ms, language),
        hours(tally.maintenance_ms, language),
        visible("; ".join(_notes(figures, language))),
    )


def _notes(figures: TargetFigures, language: str) -> list[str]:
    notes = []
    if figures.amended is not None:
        figure = share(figures.amended.availability, figures.amended.status, language)
        notes.append(_AMENDED.to(language).format(figure=figure))
    if figures.retroactive:
        notes.append(_RETROACTIVE.to(language).format(ids=", ".join(figures.retroactive)))
    return notes


def share(figure: Figure | None, status: Status, language: str) -> str:
    """A percent, or that the data do not suffice for one, as the workbook says it."""
    return insufficient_text(figure, status, language) or percent(figure, language)


def percent(figure: Figure | None, language: str) -> str:
    """Two decimals, truncated, as the language writes them; ``-`` where there is none."""
    if figure is None:
        return "-"
    text = figure.percent(2)
    return f"{text.replace('.', ',') if language == 'vi' else text} %"
