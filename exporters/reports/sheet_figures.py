"""Site by site, target by target, and the whole milliseconds behind every percent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from agent.availability.figures import Figure, TargetFigures, mean, pooled
from agent.explain.labels import STATES
from agent.model import State
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import Cell, Duration, Ratio, ReportSheet, Row, Share, SheetColumn, Table, columns
from exporters.reports.names import calendar_name, role_name, site_name, target_name, unit_name

POOLED = Text("Sẵn sàng (gộp thời gian)", "Availability (time pooled)")
MEAN = Text("Sẵn sàng (trung bình mục tiêu)", "Availability (mean of targets)")
FIGURES = (
    (Text("Độ phủ số liệu", "Coverage"), 12),
    (Text("Cận dưới", "Low bound"), 12),
    (Text("Cận trên", "High bound"), 12),
)
_DOWN = (
    (Text("Gián đoạn (h:mm:ss)", "Downtime (h:mm:ss)"), 12),
    (Text("Số sự cố", "Outages"), 8),
    (Text("Dài nhất", "Longest"), 12),
)
_VERDICTS = {True: Text("đạt", "yes"), False: Text("không đạt", "no")}
_UNDECIDED = Text("không đủ dữ liệu", "insufficient data")


def _seconds(state: State, letter: str) -> Text:
    """The heading over the time that it lasted, with the letter that stands for it in the formulas."""
    return Text(*(f"{word} {letter}" for word in STATES[state]))


_MS = (
    Text("Tính điểm S", "Scoring S"),
    Text("Bảo trì M", "Maintenance M"),
    _seconds(State.UNKNOWN, "U"),
    _seconds(State.DOWN, "D"),
    _seconds(State.DEGRADED, "G"),
    _seconds(State.UP, "P"),
)


def sites(report: UptimeReport) -> ReportSheet:
    """Every site once, its targets together."""
    say = report.language
    together: dict[str, list[TargetFigures]] = defaultdict(list)
    for target in report.targets:
        together[target.subject.site].append(target)
    headings = columns(
        say,
        (Text("Điểm", "Site"), 30),
        (Text("Đơn vị", "Unit"), 22),
        (Text("Số mục tiêu", "Targets"), 8),
        (POOLED, 14),
        (MEAN, 14),
        *FIGURES,
        *_DOWN,
        (Text("Đạt SLO", "SLO reached"), 10),
    )
    rows = tuple(_site(targets, report) for targets in together.values())
    return _one_table(Text("Theo điểm", "By site"), Text("MỨC ĐỘ SẴN SÀNG THEO ĐIỂM", "BY SITE"), say, headings, rows)


def targets(report: UptimeReport) -> ReportSheet:
    """Every target once."""
    say = report.language
    amended = any(target.amended for target in report.targets)
    headings = columns(
        say,
        (Text("Mục tiêu", "Target"), 35),
        (Text("Điểm", "Site"), 22),
        (Text("Vai trò", "Role"), 21),
        (Text("Lịch tính", "Calendar"), 16),
        (Text("Sẵn sàng", "Availability"), 17),
        *FIGURES,
        *_DOWN,
        (Text("Cam kết (SLO)", "SLO"), 11),
        (Text("Đạt?", "Reached?"), 10),
        *([(Text("Sẵn sàng sau đính chính", "Availability as amended"), 13)] if amended else ()),
    )
    rows = tuple(_target(target, report, amended=amended) for target in report.targets)
    title = Text("MỨC ĐỘ SẴN SÀNG THEO MỤC TIÊU", "BY TARGET")
    return _one_table(Text("Theo mục tiêu", "By target"), title, say, headings, rows)


def base(report: UptimeReport) -> ReportSheet:
    """What the percents were computed from."""
    say = report.language
    headings = columns(
        say,
        (Text("Mã mục tiêu", "Target id"), 28),
        *((said, 16) for said in _MS),
        (Text("Sẵn sàng (tỷ số)", "Availability (ratio)"), 20),
        (Text("Độ phủ (tỷ số)", "Coverage (ratio)"), 20),
        (Text("Thất bại chưa đủ xác nhận", "Soft failures"), 10),
        (Text("Chu kỳ kiểm tra", "Probe interval"), 10),
    )
    rows = tuple(_sums(target) for target in report.targets)
    title = Text("SỐ LIỆU GỐC, THEO MILI GIÂY", "WHOLE MILLISECONDS BEHIND THE FIGURES")
    return _one_table(Text("Số liệu gốc", "Base figures"), title, say, headings, rows)


def _one_table(
    name: Text, title: Text, say: str, headings: tuple[SheetColumn, ...], rows: tuple[Row, ...]
) -> ReportSheet:
    return ReportSheet(name.to(say), title.to(say), (Table("", headings, rows),))


def _site(targets: Sequence[TargetFigures], report: UptimeReport) -> Row:
    subject, tally = targets[0].subject, pooled([target.tally for target in targets])
    verdicts = [report.reached(target) for target in targets if target.target in report.slos]
    return (
        site_name(subject),
        unit_name(subject),
        len(targets),
        Share(tally.availability, tally.status),
        Share(mean([target.tally.availability for target in targets]), tally.status),
        Share(tally.coverage),
        Share(tally.low),
        Share(tally.high),
        Duration(tally.down_ms),
        sum(len(target.outages) for target in targets),
        Duration(max(target.longest_outage_ms for target in targets)),
        f"{verdicts.count(True)}/{len(verdicts)}" if verdicts else "",
    )


def _target(target: TargetFigures, report: UptimeReport, *, amended: bool) -> Row:
    subject, tally, slo = target.subject, target.tally, report.slos.get(target.target)
    cells: list[Cell] = [
        target_name(subject),
        site_name(subject),
        role_name(subject.role, report.language),
        calendar_name(target.calendar, report.language),
        Share(tally.availability, tally.status),
        Share(tally.coverage),
        Share(tally.low),
        Share(tally.high),
        Duration(tally.down_ms),
        len(target.outages),
        Duration(target.longest_outage_ms),
        "" if slo is None else Share(Figure(slo.numerator, 100 * slo.denominator)),
        "" if slo is None else _verdict(target, report),
    ]
    if amended:
        cells.append("" if target.amended is None else Share(target.amended.availability, target.amended.status))
    return tuple(cells)


def _verdict(target: TargetFigures, report: UptimeReport) -> str:
    reached = report.reached(target)
    return (_UNDECIDED if reached is None else _VERDICTS[reached]).to(report.language)


def _sums(target: TargetFigures) -> Row:
    tally = target.tally
    ratios = (Ratio(tally.availability), Ratio(tally.coverage))
    return (target.target, *tally.sums, *ratios, target.soft_failures, Duration(target.resolution_ms))
