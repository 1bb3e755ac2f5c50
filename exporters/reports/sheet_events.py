"""What happened: every outage with its reason in words, and what maintenance took out or was announced too late to."""

from __future__ import annotations

from collections.abc import Mapping

from agent.availability.figures import Outage, Report, Subject, TargetFigures
from agent.explain.texts import explain
from agent.explain.words import Words
from agent.ledger.maintenance import Window
from agent.ledger.recorded import Quality
from exporters.reports.cells import Duration, Instant, Row, Sheet, Table, columns
from exporters.reports.names import role_of, scope_name, site_name, target_name
from exporters.reports.setting import Setting

_LATE = Words("không: ghi nhận sau khi đã bắt đầu", "no: recorded after it had begun")
_NO_CLOCK = Words("không: không chứng minh được lúc ghi nhận", "no: nothing proves when it was recorded")
_CLOCKS: Mapping[Quality, Words] = {
    Quality.SYNCHRONISED: Words("đã đồng bộ", "synchronised"),
    Quality.UNSYNCHRONISED: Words("chưa đồng bộ", "not synchronised"),
    Quality.UNKNOWN: Words("không rõ", "not known"),
}
_CANCELLED = Words("không: đã hủy trước khi bắt đầu", "no: cancelled before it began")
_CUT = Words("có, đến lúc hủy", "yes, until it was cancelled")
_YES = Words("có", "yes")


def outages(report: Report, setting: Setting) -> Sheet:
    """All of them, target by target."""
    say = setting.language
    headings = columns(
        say,
        (Words("Số", "No."), 10),
        (Words("Mục tiêu", "Target"), 26),
        (Words("Điểm", "Site"), 20),
        (Words("Từ", "From"), 25),
        (Words("Đến", "To"), 25),
        (Words("Thời gian được tính", "Counted time"), 14),
        (Words("Nguyên nhân", "Reason"), 52),
        (Words("Xác nhận lúc", "Confirmed at"), 25),
    )
    rows = tuple(_outage(target.subject, one, say) for target in report.targets for one in target.outages)
    return Sheet(Words("Sự cố", "Outages").to(say), Words("CÁC SỰ CỐ", "OUTAGES").to(say), (Table("", headings, rows),))


def excluded(report: Report, setting: Setting) -> Sheet:
    """The windows that lie in the period, and what they took of each target's time."""
    say = setting.language
    return Sheet(
        Words("Thời gian loại trừ", "Excluded time").to(say),
        Words("THỜI GIAN BẢO TRÌ ĐƯỢC LOẠI TRỪ", "MAINTENANCE THAT DOES NOT COUNT").to(say),
        (_windows(report, setting), _taken(report, say)),
        (
            Words(
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


def _windows(report: Report, setting: Setting) -> Table:
    say = setting.language
    return Table(
        Words("Các đợt bảo trì trong kỳ", "Maintenance windows of the period").to(say),
        columns(
            say,
            (Words("Mã", "Id"), 24),
            (Words("Phạm vi", "Scope"), 26),
            (Words("Từ", "From"), 21),
            (Words("Đến", "To"), 21),
            (Words("Ghi nhận lúc", "Recorded at"), 21),
            (Words("Đồng hồ khi ghi", "Clock when recorded"), 16),
            (Words("Được loại trừ", "Excluded"), 24),
            (Words("Người ghi", "By"), 22),
            (Words("Lý do", "Why"), 34),
        ),
        tuple(_window(window, say) for window in setting.windows_in(report)),
    )


def _window(window: Window, say: str) -> Row:
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


def _effect(window: Window) -> Words:
    if window.quality is Quality.UNSYNCHRONISED:
        return _NO_CLOCK
    if window.retroactive:
        return _LATE
    if window.excluded is None:
        return _CANCELLED
    return _YES if window.excluded[1] == window.end_wall_ms else _CUT


def _taken(report: Report, say: str) -> Table:
    rows = [_taken_of(one) for one in report.targets if one.retroactive or one.tally.maintenance_ms]
    return Table(
        Words("Thời gian đã loại trừ của từng mục tiêu", "Time excluded, by target").to(say),
        columns(
            say,
            (Words("Mã mục tiêu", "Target id"), 24),
            (Words("Mục tiêu", "Target"), 26),
            (Words("Thời gian trong lịch", "Time in the calendar"), 19),
            (Words("Đã loại trừ", "Excluded"), 19),
            (
                Words(
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
