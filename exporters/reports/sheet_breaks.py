"""The sheet of breaks: every break of the record with its cause, and the observers that the report leaves out."""

from __future__ import annotations

from agent.ledger.history.breaks import Break
from agent.reporting.report import UptimeReport
from agent.reporting.unknown import Dropped, dropped
from agent.text import Text
from exporters.reports.breaks import KINDS, detail, omitted_observer
from exporters.reports.cells import Duration, Instant, ReportSheet, Table, TableColumn, named_sheet, table
from exporters.reports.names import site_name

_RULE = Text(
    "Bảng này không làm thay đổi số liệu nào: thời gian không ai ghi nhận vẫn là chưa rõ. Bảng chỉ nêu nguyên nhân.",
    "This table changes no figure: time that nobody vouches for stays unknown. The table says why.",
)


def breaks(report: UptimeReport) -> ReportSheet | None:
    """None where the report is of no ledger."""
    if not report.provenance.head:
        return None
    language = report.language
    return named_sheet(
        Text("Đứt quãng", "Breaks"),
        Text("CÁC ĐỨT QUÃNG CỦA SỔ GHI VÀ NGUYÊN NHÂN", "BREAKS OF THE RECORD AND THEIR CAUSES"),
        language,
        _breaks(report),
        *_dropped(report, language),
        lines=(_RULE.to(language), *(omitted_observer(other, language, report.zone) for other in report.others)),
    )


def _breaks(report: UptimeReport) -> Table:
    language = report.language
    columns: list[TableColumn[Break]] = [
        TableColumn(Text("Việc gì", "What"), 34, lambda break_: KINDS[break_.kind].to(language)),
        TableColumn(Text("Từ", "From"), 21, lambda break_: Instant(break_.start_ms)),
        TableColumn(Text("Đến", "To"), 21, lambda break_: Instant(break_.end_ms)),
        TableColumn(Text("Kéo dài", "Length"), 12, lambda break_: Duration(break_.end_ms - break_.start_ms)),
        TableColumn(Text("Chi tiết", "Detail"), 80, lambda break_: detail(break_, language, report.zone)),
        TableColumn(Text("Dòng sổ", "Row"), 10, lambda break_: break_.seq),
    ]
    return table(columns, report.breaks, language)


def _dropped(report: UptimeReport, language: str) -> tuple[Table, ...]:
    """The time that targets lost by dropped packets; no table if there is none."""
    losses = dropped(report)
    columns: list[TableColumn[Dropped]] = [
        TableColumn(Text("Mục tiêu", "Target"), 34, lambda loss: loss.figures.target),
        TableColumn(Text("Từ", "From"), 21, lambda loss: Instant(loss.first_ms)),
        TableColumn(Text("Đến", "To"), 21, lambda loss: Instant(loss.last_ms)),
        TableColumn(Text("Kéo dài", "Length"), 12, lambda loss: Duration(loss.length_ms)),
        TableColumn(Text("Điểm", "Site"), 80, lambda loss: site_name(loss.figures.subject)),
        TableColumn(Text("Số lần", "Times"), 10, lambda loss: loss.times),
    ]
    caption = Text(
        "Chưa rõ vì gói tin dồn tới nhiều hơn mức máy giám sát đọc kịp nên bị rơi",
        "Unknown because more packets came than the monitor could read, and some were dropped",
    )
    return (table(columns, losses, language, caption),) if losses else ()
