"""Where the record breaks off, each break with its true cause; and what of the ledger is not in the report."""

from __future__ import annotations

from agent.reporting.report import UptimeReport
from agent.reporting.unknown import dropped
from agent.text import Text
from exporters.reports.breaks import KINDS, detail, omitted_observer
from exporters.reports.cells import Duration, Instant, ReportSheet, Row, Table, columns
from exporters.reports.names import site_name

_RULE = Text(
    "Bảng này không làm thay đổi số liệu nào: thời gian không ai ghi nhận vẫn là chưa rõ. Bảng chỉ nêu nguyên nhân.",
    "This table changes no figure: time that nobody vouches for stays unknown. The table says why.",
)


def breaks(report: UptimeReport) -> ReportSheet | None:
    """None where the report is of no ledger."""
    if not report.provenance.head:
        return None
    say = report.language
    return ReportSheet(
        Text("Đứt quãng", "Breaks").to(say),
        Text("CÁC ĐỨT QUÃNG CỦA SỔ GHI VÀ NGUYÊN NHÂN", "BREAKS OF THE RECORD AND THEIR CAUSES").to(say),
        (_breaks(report), *_dropped(report, say)),
        (_RULE.to(say), *(omitted_observer(one, say, report.zone) for one in report.others)),
    )


def _breaks(report: UptimeReport) -> Table:
    say = report.language
    headings = columns(
        say,
        (Text("Việc gì", "What"), 34),
        (Text("Từ", "From"), 21),
        (Text("Đến", "To"), 21),
        (Text("Kéo dài", "Length"), 12),
        (Text("Chi tiết", "Detail"), 80),
        (Text("Dòng sổ", "Row"), 10),
    )
    rows: tuple[Row, ...] = tuple(
        (
            KINDS[one.kind].to(say),
            Instant(one.start_ms),
            Instant(one.end_ms),
            Duration(one.end_ms - one.start_ms),
            detail(one, say, report.zone),
            one.seq,
        )
        for one in report.breaks
    )
    return Table("", headings, rows)


def _dropped(report: UptimeReport, say: str) -> tuple[Table, ...]:
    """Target by target, only where there is any."""
    lost = dropped(report)
    if not lost:
        return ()
    headings = columns(
        say,
        (Text("Mục tiêu", "Target"), 34),
        (Text("Từ", "From"), 21),
        (Text("Đến", "To"), 21),
        (Text("Kéo dài", "Length"), 12),
        (Text("Điểm", "Site"), 80),
        (Text("Số lần", "Times"), 10),
    )
    caption = Text(
        "Chưa rõ vì gói tin dồn tới nhiều hơn mức máy giám sát đọc kịp nên bị rơi",
        "Unknown because more packets came than the monitor could read, and some were dropped",
    )
    rows: tuple[Row, ...] = tuple(
        (
            one.figures.target,
            Instant(one.first_ms),
            Instant(one.last_ms),
            Duration(one.length_ms),
            site_name(one.figures.subject),
            one.times,
        )
        for one in lost
    )
    return (Table(caption.to(say), headings, rows),)
