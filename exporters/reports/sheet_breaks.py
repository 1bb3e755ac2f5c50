"""Where the record breaks off, each break with its true cause; and what of the ledger is not in the report."""

from __future__ import annotations

from agent.availability.figures import Report
from agent.explain.words import Words
from exporters.reports.breaks import KINDS, detail, omitted
from exporters.reports.cells import Duration, Instant, Row, Sheet, Table, columns
from exporters.reports.setting import Setting

_RULE = Words(
    "Bảng này không làm thay đổi số liệu nào: thời gian không ai ghi nhận vẫn là chưa rõ. Bảng chỉ nêu nguyên nhân.",
    "This table changes no figure: time that nobody vouches for stays unknown. The table says why.",
)


def breaks(report: Report, setting: Setting) -> Sheet | None:
    """None where the report is of no ledger."""
    if not report.provenance.head:
        return None
    say = setting.language
    return Sheet(
        Words("Đứt quãng", "Breaks").to(say),
        Words("CÁC ĐỨT QUÃNG CỦA SỔ GHI VÀ NGUYÊN NHÂN", "BREAKS OF THE RECORD AND THEIR CAUSES").to(say),
        (_breaks(report, setting),),
        (_RULE.to(say), *(omitted(one, say, report.zone) for one in setting.others)),
    )


def _breaks(report: Report, setting: Setting) -> Table:
    say = setting.language
    headings = columns(
        say,
        (Words("Việc gì", "What"), 34),
        (Words("Từ", "From"), 21),
        (Words("Đến", "To"), 21),
        (Words("Kéo dài", "Length"), 12),
        (Words("Chi tiết", "Detail"), 80),
        (Words("Dòng sổ", "Row"), 10),
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
        for one in setting.breaks
    )
    return Table("", headings, rows)
