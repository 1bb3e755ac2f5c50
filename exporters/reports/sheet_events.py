"""The sheets of events: every outage with its reason in words, and maintenance, also if it was announced too late."""

from __future__ import annotations

from collections.abc import Mapping

from agent.availability.figures import Outage, Subject, TargetFigures
from agent.availability.maintenance import BookedWindow, ClockQuality
from agent.availability.outage_cause import OutageCause
from agent.explain.texts import explain
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import Duration, Instant, ReportSheet, Table, TableColumn, named_sheet, table
from exporters.reports.names import role_of, scope_name, site_name, target_name

_LATE = Text("không: ghi nhận sau khi đã bắt đầu", "no: recorded after it had begun")
_NO_CLOCK = Text("không: không chứng minh được lúc ghi nhận", "no: nothing proves when it was recorded")
_CLOCKS: Mapping[ClockQuality, Text] = {
    ClockQuality.SYNCHRONISED: Text("đã đồng bộ", "synchronised"),
    ClockQuality.UNSYNCHRONISED: Text("chưa đồng bộ", "not synchronised"),
    ClockQuality.UNKNOWN: Text("không rõ", "not known"),
}
_CAUSES: Mapping[OutageCause, Text] = {
    OutageCause.POWER: Text("mất điện", "power cut"),
    OutageCause.LINE: Text("đứt đường truyền", "line cut"),
    OutageCause.UNKNOWN: Text("", ""),
}
_CANCELLED = Text("không: đã hủy trước khi bắt đầu", "no: cancelled before it began")
_CUT = Text("có, đến lúc hủy", "yes, until it was cancelled")
_YES = Text("có", "yes")


def site_cause(outage: Outage) -> Text:
    """What the devices of the site told of the cause; empty where not everything there was down, or none told."""
    return Text("", "") if outage.site_cause is None else _CAUSES[outage.site_cause]


def outages(report: UptimeReport) -> ReportSheet:
    """The sheet of all outages, target by target."""
    language = report.language
    columns: list[TableColumn[tuple[Subject, Outage]]] = [
        TableColumn(Text("Số", "No."), 10, lambda row: str(row[1].number or "")),
        TableColumn(Text("Mục tiêu", "Target"), 26, lambda row: target_name(row[0])),
        TableColumn(Text("Điểm", "Site"), 20, lambda row: site_name(row[0])),
        TableColumn(Text("Từ", "From"), 25, lambda row: Instant(row[1].start_ms)),
        TableColumn(Text("Đến", "To"), 25, lambda row: Instant(row[1].end_ms)),
        TableColumn(Text("Thời gian được tính", "Counted time"), 14, lambda row: Duration(row[1].counted_ms)),
        TableColumn(Text("Lý do", "Reason"), 52, lambda row: explain(role_of(row[0]), row[1].cause, language).what),
        TableColumn(Text("Xác nhận lúc", "Confirmed at"), 25, lambda row: Instant(row[1].confirmed_ms)),
        TableColumn(Text("Nguyên nhân", "Cause"), 18, lambda row: site_cause(row[1]).to(language)),
    ]
    rows = ((target.subject, outage) for target in report.targets for outage in target.outages)
    return named_sheet(Text("Sự cố", "Outages"), Text("CÁC SỰ CỐ", "OUTAGES"), language, table(columns, rows, language))


def excluded(report: UptimeReport) -> ReportSheet:
    """The windows that lie in the period, and what they took of each target's time."""
    language = report.language
    rule = Text(
        "Chỉ loại trừ thời gian bảo trì được ghi nhận trước khi bắt đầu.",
        "Only maintenance recorded before it began is excluded.",
    )
    return named_sheet(
        Text("Thời gian loại trừ", "Excluded time"),
        Text("THỜI GIAN BẢO TRÌ ĐƯỢC LOẠI TRỪ", "MAINTENANCE THAT DOES NOT COUNT"),
        language,
        _windows(report),
        _excluded_time(report, language),
        lines=(rule.to(language),),
    )


def _windows(report: UptimeReport) -> Table:
    language = report.language
    columns: list[TableColumn[BookedWindow]] = [
        TableColumn(Text("Mã", "Id"), 24, lambda window: window.id),
        TableColumn(Text("Phạm vi", "Scope"), 26, lambda window: scope_name(window.scope, language)),
        TableColumn(Text("Từ", "From"), 21, lambda window: Instant(window.start_wall_ms)),
        TableColumn(Text("Đến", "To"), 21, lambda window: Instant(window.end_wall_ms)),
        TableColumn(Text("Ghi nhận lúc", "Recorded at"), 21, lambda window: Instant(window.recorded_wall_ms)),
        TableColumn(
            Text("Đồng hồ khi ghi", "Clock when recorded"), 16, lambda window: _CLOCKS[window.quality].to(language)
        ),
        TableColumn(Text("Được loại trừ", "Excluded"), 24, lambda window: _effect(window).to(language)),
        TableColumn(Text("Người ghi", "By"), 22, lambda window: window.who),
        TableColumn(Text("Lý do", "Why"), 34, lambda window: window.why),
    ]
    caption = Text("Các đợt bảo trì trong kỳ", "Maintenance windows of the period")
    return table(columns, report.windows, language, caption)


def _effect(window: BookedWindow) -> Text:
    if window.quality is ClockQuality.UNSYNCHRONISED:
        return _NO_CLOCK
    if window.retroactive:
        return _LATE
    if window.excluded is None:
        return _CANCELLED
    return _YES if window.excluded[1] == window.end_wall_ms else _CUT


def _excluded_time(report: UptimeReport, language: str) -> Table:
    late = Text(
        "Ghi nhận muộn, hoặc mục tiêu vào phạm vi sau khi đã bắt đầu (không loại trừ)",
        "Recorded late, or the target joined its scope later (not excluded)",
    )
    columns: list[TableColumn[TargetFigures]] = [
        TableColumn(Text("Mã mục tiêu", "Target id"), 24, lambda target: target.target),
        TableColumn(Text("Mục tiêu", "Target"), 26, lambda target: target_name(target.subject)),
        TableColumn(
            Text("Thời gian trong lịch", "Time in the calendar"), 19, lambda target: Duration(target.tally.scoring_ms)
        ),
        TableColumn(Text("Đã loại trừ", "Excluded"), 19, lambda target: Duration(target.tally.maintenance_ms)),
        TableColumn(late, 19, lambda target: ", ".join(target.retroactive)),
    ]
    targets = (target for target in report.targets if target.retroactive or target.tally.maintenance_ms)
    return table(
        columns, targets, language, Text("Thời gian đã loại trừ của từng mục tiêu", "Time excluded, by target")
    )
