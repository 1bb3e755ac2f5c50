"""The summary: who kept the promise, level by level; how sound the data are; where it was worst."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from agent.availability.figures import Status, TargetFigures
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.breaks import told
from exporters.reports.cells import INSUFFICIENT, NO_DATA, Cell, Duration, ReportSheet, Row, Share, Table, columns
from exporters.reports.formatting import decimal, exact, moment
from exporters.reports.names import site_name, target_name
from exporters.reports.sheet_corrections import corrected
from exporters.reports.thresholds import shortest_outage_text
from exporters.reports.unknown_causes import unknown_lines

_WORST = 5
_STATUSES = {Status.OK: Text("đủ dữ liệu", "enough data"), Status.INSUFFICIENT: INSUFFICIENT, Status.NO_DATA: NO_DATA}
_NO_LEVEL = Text("(không thuộc cấp nào)", "(no level)")
_PERIOD = Text("Kỳ báo cáo: từ {} đến trước {} (múi giờ {})", "Period: from {} until just before {} ({})")
_AS_OF = Text("Số liệu tính đến {}", "As known at {}")


def summary(report: UptimeReport) -> ReportSheet:
    """The first sheet, to be signed."""
    say = report.language
    return ReportSheet(
        Text("Tổng hợp", "Summary").to(say),
        Text("BÁO CÁO MỨC ĐỘ SẴN SÀNG HẠ TẦNG SỐ", "READINESS OF THE DIGITAL INFRASTRUCTURE").to(say),
        (_levels(report), _soundness(report, say), _worst(report, say)),
        (
            *_lines(report, say),
            *_promise(report),
            *unknown_lines(report, say, report.breaks),
            *told(report),
            *corrected(report),
        ),
        signed=True,
    )


def _lines(report: UptimeReport, say: str) -> tuple[str, ...]:
    start, end = (moment(ms, report.zone, say) for ms in (report.start_ms, report.end_ms))
    return (
        _PERIOD.to(say).format(start, end, report.zone),
        _AS_OF.to(say).format(moment(report.as_of_ms, report.zone, say)),
        shortest_outage_text(report, say),
    )


def _promise(report: UptimeReport) -> tuple[str, ...]:
    held = {stretch.slo for one in report.targets for stretch in one.in_force if stretch.slo is not None}
    promised = sorted(held.union(report.slos.values()))
    if not promised:
        return (Text("Chưa đặt mức cam kết (SLO) cho mục tiêu nào", "No target has an SLO").to(report.language),)
    listed = "; ".join(percent_of(slo, report.language) for slo in promised)
    return (f"{Text('Mức cam kết (SLO)', 'SLO').to(report.language)}: {listed}",)


def percent_of(slo: Fraction, language: str) -> str:
    """A promised percent, as it was given."""
    return f"{decimal(exact(slo), language)} %"


def _levels(report: UptimeReport) -> Table:
    say = report.language
    rows = [_level(level, report) for level in dict.fromkeys(one.subject.level for one in report.targets)]
    return Table(
        Text("Mục tiêu đạt mức cam kết (SLO), theo cấp", "Targets that reach their SLO, by level").to(say),
        columns(
            say,
            (Text("Cấp", "Level"), 34),
            (Text("Đạt / có cam kết", "Reached / with an SLO"), 24),
            (Text("Đạt", "Reached"), 15),
            (Text("Không đạt", "Missed"), 15),
            (Text("Không đủ dữ liệu", "Insufficient data"), 17),
            (Text("Không có cam kết", "No SLO"), 15),
        ),
        tuple(rows),
    )


def _level(level: str, report: UptimeReport) -> Row:
    targets = [one for one in report.targets if one.subject.level == level]
    promised = [one for one in targets if one.target in report.slos]
    verdicts = [report.reached(one) for one in promised]
    reached, missed = verdicts.count(True), verdicts.count(False)
    name = report.levels.get(level, level) or _NO_LEVEL.to(report.language)
    others = (reached, missed, verdicts.count(None), len(targets) - len(promised))
    return (name, f"{reached}/{len(promised)}", *others)


def _soundness(report: UptimeReport, say: str) -> Table:
    counted = [one.tally.status for one in report.targets]
    rows: list[Row] = [(said.to(say), counted.count(status)) for status, said in _STATUSES.items()]
    return Table(
        Text("Tình trạng số liệu", "Whether the data suffice").to(say),
        columns(say, (Text("Tình trạng", "Status"), 34), (Text("Số mục tiêu", "Targets"), 24)),
        tuple(rows),
    )


def _worst(report: UptimeReport, say: str) -> Table:
    return Table(
        Text("Năm mục tiêu kém sẵn sàng nhất (đủ dữ liệu)", "The worst five targets (with enough data)").to(say),
        columns(
            say,
            (Text("Mục tiêu", "Target"), 34),
            (Text("Điểm", "Site"), 24),
            (Text("Sẵn sàng", "Availability"), 15),
            (Text("Gián đoạn", "Downtime"), 15),
            (Text("Số sự cố", "Outages"), 17),
            (Text("Dài nhất", "Longest"), 15),
        ),
        tuple(_bad(target) for target in _ranked(report.targets)[:_WORST]),
    )


def _ranked(targets: Sequence[TargetFigures]) -> list[TargetFigures]:
    """Those that lack something, worst first."""
    lacking = [
        (Fraction(share.numerator, share.denominator), one.target, one)
        for one in targets
        if (share := one.tally.availability) is not None and one.tally.status is Status.OK
    ]
    return [one for share, _, one in sorted(lacking, key=lambda row: row[:2]) if share < 1]


def _bad(target: TargetFigures) -> tuple[Cell, ...]:
    return (
        target_name(target.subject),
        site_name(target.subject),
        Share(target.tally.availability),
        Duration(target.tally.down_ms),
        len(target.outages),
        Duration(target.longest_outage_ms),
    )
