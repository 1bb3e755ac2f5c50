"""What happened: every outage with its reason in words, and what maintenance took out or was announced too late to."""

from __future__ import annotations

from collections.abc import Mapping

from agent.availability.figures import Outage, Subject, TargetFigures
from agent.availability.maintenance import BookedWindow, ClockQuality
from agent.explain.texts import explain
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import Duration, Instant, ReportSheet, Row, Table, columns
from exporters.reports.names import role_of, scope_name, site_name, target_name

_LATE = Text("không: ghi nhận sau khi đã bắt đầu", "no: recorded after it had begun")
_NO_CLOCK = Text("không: không chứng minh được lúc ghi nhận", "no: nothing proves when it was recorded")
_CLOCKS: Mapping[ClockQuality, Text] = {
    ClockQuality.SYNCHRONISED: Text("đã đồng bộ", "synchronised"),
    ClockQuality.UNSYNCHRONISED: Text("chưa đồng bộ", "not synchronised"),
    ClockQuality.UNKNOWN: Text("không rõ", "not known"),
}
_CANCELLED = Text("không: đã hủy trước khi bắt đầu", "no: cancelled before it began")
_CUT = Text("có, đến lúc hủy", "yes, until it was cancelled")
_YES = Text("có", "yes")


def outages(report: UptimeReport) -> ReportSheet:
    """All of them, target by target."""
    say = report.language
    headings = columns(
        say,
        (Text("Số", "No."), 10),
        (Text("Mục tiêu", "Target"), 26),
        (Text("Điểm", "Site"), 20),
        (Text("Từ", "From"), 25),
        (Text("Đến", "To"), 25),
        (Text("Thời gian được tính", "Counted time"), 14),
        (Text("Nguyên nhân", "Reason"), 52),
        (Text("Xác nhận lúc", "Confirmed at"), 25),
    )
    rows = tuple(_outage(target.subject, one, say) for target in report.targets for one in target.outages)
    return ReportSheet(
        Text("Sự cố", "Outages").to(say), Text("CÁC SỰ CỐ", "OUTAGES").to(say), (Table("", headings, rows),)
    )


def excluded(report: UptimeReport) -> ReportSheet:
    """The windows that lie in the period, and what they took of each target's time."""
    say = report.language
    return ReportSheet(
        Text("Thời gian loại trừ", "Excluded time").to(say),
        Text("THỜI GIAN BẢO TRÌ ĐƯỢC LOẠI TRỪ", "MAINTENANCE THAT DOES NOT COUNT").to(say),
        (_windows(report), _taken(report, say)),
        (
            Text(
                "Chỉ loại trừ thời gian bảo trì được ghi nhận trước khi bắt đầu.",
                "Only maintenance recorded before it began is excluded.",
            ).to(say),
        ),
    )


def _outage(subject: Subject, outage: Outage, say: str) -> Row:
    return (
        str(outage.number or ""),
        target_name(subject),
        site_name(subject),
        Instant(outage.start_ms),
        Instant(outage.end_ms),
        Duration(outage.counted_ms),
        explain(role_of(subject), outage.cause, say).what,
        Instant(outage.confirmed_ms),
    )


def _windows(report: UptimeReport) -> Table:
    say = report.language
    return Table(
        Text("Các đợt bảo trì trong kỳ", "Maintenance windows of the period").to(say),
        columns(
            say,
            (Text("Mã", "Id"), 24),
            (Text("Phạm vi", "Scope"), 26),
            (Text("Từ", "From"), 21),
            (Text("Đến", "To"), 21),
            (Text("Ghi nhận lúc", "Recorded at"), 21),
            (Text("Đồng hồ khi ghi", "Clock when recorded"), 16),
            (Text("Được loại trừ", "Excluded"), 24),
            (Text("Người ghi", "By"), 22),
            (Text("Lý do", "Why"), 34),
        ),
        tuple(_window(window, say) for window in report.windows),
    )


def _window(window: BookedWindow, say: str) -> Row:
    return (
        window.id,
        scope_name(window.scope, say),
        Instant(window.start_wall_ms),
        Instant(window.end_wall_ms),
        Instant(window.recorded_wall_ms),
        _CLOCKS[window.quality].to(say),
        _effect(window).to(say),
        window.who,
        window.why,
    )


def _effect(window: BookedWindow) -> Text:
    if window.quality is ClockQuality.UNSYNCHRONISED:
        return _NO_CLOCK
    if window.retroactive:
        return _LATE
    if window.excluded is None:
        return _CANCELLED
    return _YES if window.excluded[1] == window.end_wall_ms else _CUT


def _taken(report: UptimeReport, say: str) -> Table:
    rows = [_taken_of(one) for one in report.targets if one.retroactive or one.tally.maintenance_ms]
    return Table(
        Text("Thời gian đã loại trừ của từng mục tiêu", "Time excluded, by target").to(say),
        columns(
            say,
            (Text("Mã mục tiêu", "Target id"), 24),
            (Text("Mục tiêu", "Target"), 26),
            (Text("Thời gian trong lịch", "Time in the calendar"), 19),
            (Text("Đã loại trừ", "Excluded"), 19),
            (
                Text(
                    "Ghi nhận muộn, hoặc mục tiêu vào phạm vi sau khi đã bắt đầu (không loại trừ)",
                    "Recorded late, or the target joined its scope later (not excluded)",
                ),
                19,
            ),
        ),
        tuple(rows),
    )


def _taken_of(target: TargetFigures) -> Row:
    return (
        target.target,
        target_name(target.subject),
        Duration(target.tally.scoring_ms),
        Duration(target.tally.maintenance_ms),
        ", ".join(target.retroactive),
    )
