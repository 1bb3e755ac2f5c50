"""Under which units a report is grouped, and the changes of units that were recorded after their date, in words."""

from __future__ import annotations

from collections.abc import Mapping

from agent.availability.figures import Figure, GroupFigures, UnitIndex
from agent.explain.unit_changes import CHANGE_KINDS
from agent.reporting.report import UptimeReport
from agent.reporting.unit_grouping import LateChange
from agent.scoring.evidence import UnitBasis
from agent.text import Text
from exporters.reports.cells import ReportSheet, Share, Table, TableColumn, named_sheet, table
from exporters.reports.formatting import day_of, moment

BASES: Mapping[UnitBasis, Text] = {
    UnitBasis.AS_WAS: Text("đơn vị của từng thời điểm, theo ngày hiệu lực", "units as they were, by the legal dates"),
    UnitBasis.TODAY: Text("đơn vị hiện nay, gộp thời gian", "units of today, time pooled"),
    UnitBasis.TODAY_MEAN: Text(
        "đơn vị hiện nay, trung bình cộng chỉ số các đơn vị trước đó",
        "units of today, mean of the indices of the units before",
    ),
}
EXPLAINED: Mapping[UnitBasis, Text] = {
    UnitBasis.AS_WAS: Text(
        "Thời gian của một mục tiêu được gộp vào đơn vị mà nó thuộc về ở từng thời điểm. Khi văn bản đổi đơn vị, ranh "
        "giới là đầu ngày có hiệu lực, dù được khai báo trước hay sau; việc chuyển không có văn bản giữ thời điểm ghi. "
        "Ngày hiệu lực chỉ đổi cách gộp: lịch tính, cam kết và bảo trì vẫn theo lúc ghi.",
        "The time of a target counts in the unit that it belonged to at each instant. Where a document changes units, "
        "the boundary is the beginning of its legal date, entered before it or after; a move without a document keeps "
        "the instant of its record. The legal date changes the grouping alone: calendar, SLO and maintenance stay as "
        "recorded.",
    ),
    UnitBasis.TODAY: Text(
        "Toàn bộ thời gian của những gì nay thuộc một đơn vị được gộp vào đơn vị đó trong một tổng.",
        "All time of what belongs to a unit now counts in that unit, in one sum.",
    ),
    UnitBasis.TODAY_MEAN: Text(
        "Chỉ số của một đơn vị hiện nay là trung bình cộng chỉ số của các đơn vị mà thời gian đó thuộc về (mỗi đơn vị "
        "gộp thời gian của mình), mỗi đơn vị nặng như nhau: cách đã dùng cho DTI 2024 của các tỉnh sáp nhập.",
        "The index of a unit of today is the mean of the indices of the units that its time was in (each with its time "
        "pooled), each weighing the same: what was done for DTI 2024 of merged provinces.",
    ),
}
MEAN_OF_INDICES = Text("Sẵn sàng (trung bình chỉ số)", "Availability (mean of indices)")
_LINE = Text("Gộp theo: {basis}", "Grouped by: {basis}")
_LATE = Text(
    "Có {count} thay đổi đơn vị khai báo sau ngày hiệu lực; xem trang Phương pháp",
    "Changes of units entered after their date: {count}; see the sheet Method",
)


def basis_lines(report: UptimeReport) -> tuple[str, ...]:
    """For the first page: the basis where it matters, and that changes came late."""
    language = report.language
    basis = _LINE.to(language).format(basis=BASES[report.units].to(language))
    is_said = report.by in ("unit", "level") or report.units is not UnitBasis.AS_WAS
    late = _LATE.to(language).format(count=len(report.late_changes)) if report.late_changes else ""
    return tuple(line for line in (basis if is_said else "", late) if line)


def basis_rows(report: UptimeReport) -> tuple[tuple[str, str], ...]:
    """For the sheet of the method."""
    name = Text("Đơn vị dùng để gộp", "Units of the grouping").to(report.language)
    basis = BASES[report.units].to(report.language)
    return ((name, f"{basis}. {EXPLAINED[report.units].to(report.language)}"),)


def late_change_line(late: LateChange, report: UptimeReport) -> str:
    """What changed, by which document, from when on, and when it was recorded."""
    language, change = report.language, late.change
    into = f" -> {change['into']}" if change.get("into") else ""
    kind = CHANGE_KINDS[change["kind"]].to(language)
    return Text(
        f"{kind} {change['unit']}{into} ({change['document']}): hiệu lực {day_of(late.legal_ms, report.zone)}, ghi "
        f"lúc {moment(late.recorded_ms, report.zone, 'vi')}",
        f"{kind} {change['unit']}{into} ({change['document']}): in force {day_of(late.legal_ms, report.zone)}, "
        f"recorded {moment(late.recorded_ms, report.zone, 'en')}",
    ).to(language)


def late_changes(report: UptimeReport) -> tuple[Table, ...]:
    """A row for each change that was recorded after its date; no table without any."""
    if not report.late_changes:
        return ()
    language = report.language
    columns: list[TableColumn[LateChange]] = [
        TableColumn(Text("Hiệu lực, ghi lúc", "In force, recorded"), 30, lambda late: _both_dates(late, report)),
        TableColumn(Text("Thay đổi", "Change"), 110, lambda late: late_change_line(late, report)),
    ]
    caption = Text("Thay đổi đơn vị khai báo sau ngày hiệu lực", "Changes of units that were entered after their date")
    return (table(columns, report.late_changes, language, caption),)


def _both_dates(late: LateChange, report: UptimeReport) -> str:
    return f"{day_of(late.legal_ms, report.zone)}; {moment(late.recorded_ms, report.zone, report.language)}"


def mean_of_indices(report: UptimeReport) -> list[TableColumn[GroupFigures]]:
    """The column of the ministry's figure, where the report has it."""
    if report.units is not UnitBasis.TODAY_MEAN or report.by != "unit":
        return []
    return [TableColumn(MEAN_OF_INDICES, 14, lambda group: Share(group.mean_of_indices))]


def indices(report: UptimeReport) -> ReportSheet | None:
    """Each unit of then under the unit of today, with the figure that it gives to the mean."""
    if report.units is not UnitBasis.TODAY_MEAN or report.by != "unit":
        return None
    language = report.language
    rows = [(group, index) for group in report.groups for index in group.indices]
    columns: list[TableColumn[tuple[GroupFigures, UnitIndex]]] = [
        TableColumn(Text("Đơn vị hiện nay", "Unit of today"), 34, lambda row: row[0].name or row[0].id),
        TableColumn(Text("Đơn vị trước đó", "Unit before"), 34, lambda row: row[1].name or row[1].id),
        TableColumn(Text("Mã", "Id"), 18, lambda row: row[1].id),
        TableColumn(Text("Số mục tiêu", "Targets"), 8, lambda row: row[1].targets),
        TableColumn(Text("Chỉ số (gộp thời gian)", "Index (time pooled)"), 14, lambda row: _index(row[1])),
        TableColumn(Text("Độ phủ số liệu", "Coverage"), 12, lambda row: Share(row[1].pooled.coverage)),
    ]
    title = Text("CHỈ SỐ CỦA CÁC ĐƠN VỊ TRƯỚC ĐÓ", "INDICES OF THE UNITS BEFORE")
    return named_sheet(Text("Đơn vị trước đó", "Units before"), title, language, table(columns, rows, language))


def _index(index: UnitIndex) -> Share:
    figure: Figure | None = index.pooled.availability
    return Share(figure, index.pooled.status)
