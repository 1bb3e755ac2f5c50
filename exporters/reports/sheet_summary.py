"""The summary: who kept the promise, level by level; how sound the data are; where it was worst."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from agent.availability.figures import Status, TargetFigures, counted_together
from agent.availability.several import joint_figures
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.breaks import break_lines
from exporters.reports.cells import INSUFFICIENT, NO_DATA, Duration, ReportSheet, Share, Table, TableColumn, table
from exporters.reports.formatting import moment, percent_text
from exporters.reports.names import site_name, target_name
from exporters.reports.several_targets import headline, joint_table
from exporters.reports.sheet_corrections import corrections_line
from exporters.reports.thresholds import shortest_outage_text
from exporters.reports.unit_bases import basis_lines
from exporters.reports.unknown_causes import unknown_lines

_WORST = 5
_STATUSES = {Status.OK: Text("đủ dữ liệu", "enough data"), Status.INSUFFICIENT: INSUFFICIENT, Status.NO_DATA: NO_DATA}
_NO_LEVEL = Text("(không thuộc cấp nào)", "(no level)")
_PERIOD = Text("Kỳ báo cáo: từ {} đến trước {} (múi giờ {})", "Period: from {} until just before {} ({})")
_HASH_SHOWN = 16
_SOURCE = Text(
    "Nguồn: sổ của trạm quan sát {}, đến dòng {} (mã băm {}...); chi tiết ở trang Phương pháp",
    "Source: the ledger of the observer {}, up to row {} (hash {}...); all of it on the sheet Method",
)
_AS_OF = Text("Số liệu tính đến {}", "As known at {}")


def summary(report: UptimeReport) -> ReportSheet:
    """The first sheet, to be signed."""
    language = report.language
    joint = joint_figures(report.targets)
    return ReportSheet(
        Text("Tổng hợp", "Summary").to(language),
        Text("BÁO CÁO MỨC ĐỘ SẴN SÀNG HẠ TẦNG SỐ", "READINESS OF THE DIGITAL INFRASTRUCTURE").to(language),
        (joint_table(report, joint), _levels(report), _soundness(report, language), _worst(report, language)),
        (
            *_lines(report, language),
            *basis_lines(report),
            *_promise(report),
            *unknown_lines(report, language, report.breaks),
            *break_lines(report),
            *corrections_line(report),
            *_source(report),
        ),
        signed=True,
        headline=headline(report, joint.overall),
    )


def _lines(report: UptimeReport, language: str) -> tuple[str, ...]:
    start, end = (moment(ms, report.zone, language) for ms in (report.start_ms, report.end_ms))
    return (
        _PERIOD.to(language).format(start, end, report.zone),
        _AS_OF.to(language).format(moment(report.as_of_ms, report.zone, language)),
        shortest_outage_text(report, language),
    )


def _source(report: UptimeReport) -> tuple[str, ...]:
    """Whose ledger, up to which row; the sheet of the method has all of it."""
    source = report.provenance
    if not source.head:
        return ()
    return (_SOURCE.to(report.language).format(source.observer, source.last_seq, source.head[:_HASH_SHOWN]),)


def _promise(report: UptimeReport) -> tuple[str, ...]:
    slos = {stretch.slo for target in report.targets for stretch in target.in_force if stretch.slo is not None}
    promised = sorted(slos.union(report.slos.values()))
    if not promised:
        return (Text("Chưa đặt mức cam kết (SLO) cho mục tiêu nào", "No target has an SLO").to(report.language),)
    listed = "; ".join(percent_text(slo, report.language) for slo in promised)
    return (f"{Text('Mức cam kết (SLO)', 'SLO').to(report.language)}: {listed}",)


def _levels(report: UptimeReport) -> Table:
    language = report.language
    by_level: dict[str, list[TargetFigures]] = defaultdict(list)
    for target in counted_together(report.targets):
        by_level[target.subject.level].append(target)
    columns: list[TableColumn[_Level]] = [
        TableColumn(Text("Cấp", "Level"), 34, lambda level: level.name),
        TableColumn(
            Text("Đạt / có cam kết", "Reached / with an SLO"), 24, lambda level: f"{level.reached}/{level.promised}"
        ),
        TableColumn(Text("Đạt", "Reached"), 15, lambda level: level.reached),
        TableColumn(Text("Không đạt", "Missed"), 15, lambda level: level.missed),
        TableColumn(Text("Không đủ dữ liệu", "Insufficient data"), 17, lambda level: level.undecided),
        TableColumn(Text("Không có cam kết", "No SLO"), 15, lambda level: level.without_slo),
    ]
    caption = Text("Mục tiêu đạt mức cam kết (SLO), theo cấp", "Targets that reach their SLO, by level")
    levels = (_level(level, targets, report) for level, targets in by_level.items())
    return table(columns, levels, language, caption)


@dataclass(frozen=True, slots=True)
class _Level:
    name: str
    promised: int
    reached: int
    missed: int
    undecided: int
    without_slo: int


def _level(level: str, targets: Sequence[TargetFigures], report: UptimeReport) -> _Level:
    verdicts = [report.reached(target) for target in targets if target.target in report.slos]
    name = report.levels.get(level, level) or _NO_LEVEL.to(report.language)
    counts = verdicts.count(True), verdicts.count(False), verdicts.count(None)
    return _Level(name, len(verdicts), *counts, len(targets) - len(verdicts))


def _soundness(report: UptimeReport, language: str) -> Table:
    statuses = [target.tally.status for target in report.targets]
    columns: list[TableColumn[Status]] = [
        TableColumn(Text("Tình trạng", "Status"), 34, lambda status: _STATUSES[status].to(language)),
        TableColumn(Text("Số mục tiêu", "Targets"), 24, statuses.count),
    ]
    return table(columns, _STATUSES, language, Text("Tình trạng số liệu", "Whether the data suffice"))


def _worst(report: UptimeReport, language: str) -> Table:
    columns: list[TableColumn[TargetFigures]] = [
        TableColumn(Text("Mục tiêu", "Target"), 34, lambda target: target_name(target.subject)),
        TableColumn(Text("Điểm", "Site"), 24, lambda target: site_name(target.subject)),
        TableColumn(Text("Sẵn sàng", "Availability"), 15, lambda target: Share(target.tally.availability)),
        TableColumn(Text("Gián đoạn", "Downtime"), 15, lambda target: Duration(target.tally.down_ms)),
        TableColumn(Text("Số sự cố", "Outages"), 17, lambda target: len(target.outages)),
        TableColumn(Text("Dài nhất", "Longest"), 15, lambda target: Duration(target.longest_outage_ms)),
    ]
    caption = Text("Năm mục tiêu kém sẵn sàng nhất (đủ dữ liệu)", "The worst five targets (with enough data)")
    return table(columns, _ranked(counted_together(report.targets))[:_WORST], language, caption)


def _ranked(targets: Sequence[TargetFigures]) -> list[TargetFigures]:
    """The targets with less than full availability, worst first."""
    lacking = [
        (Fraction(share.numerator, share.denominator), target.target, target)
        for target in targets
        if (share := target.tally.availability) is not None and target.tally.status is Status.OK
    ]
    return [target for share, _, target in sorted(lacking, key=lambda row: row[:2]) if share < 1]
