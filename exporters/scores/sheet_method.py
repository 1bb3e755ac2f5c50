"""How the points came about, and all that somebody else needs to count them again."""

from __future__ import annotations

from collections.abc import Iterator

from agent.availability.instants import iso_utc
from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evidence import UnitBasis
from agent.scoring.explanations.numbers import day_text, points_text
from agent.text import Text
from exporters.reports.cells import ReportSheet, SheetColumn, Table
from exporters.reports.formatting import moment
from exporters.scores.words import basis_text, period_words

_NAME = Text("Phương pháp", "Method")
_TITLE = Text("PHƯƠNG PHÁP VÀ NGUỒN GỐC SỐ LIỆU", "METHOD AND ORIGIN OF THE FIGURES")
_WHAT, _HOW = Text("Nội dung", "What"), Text("Chi tiết", "How")
_OPEN = Text("không nêu", "not said")
_ILLUSTRATIVE = Text("biểu minh họa, không cơ quan nào ban hành", "illustrative, issued by no authority")
_RULES = (
    (
        Text("Tính điểm", "Points"),
        Text(
            "Công thức nhận phân số chính xác, không nhận tỷ lệ phần trăm đã cắt; ngưỡng so sánh chính xác. Mỗi chỉ "
            "tiêu làm tròn một lần, nửa lên, đến {decimals} chữ số thập phân; tổng cộng các điểm đã làm tròn.",
            "Formulas take the exact fraction, never the cut percent; bounds compare exactly. Each criterion is "
            "rounded once, half up, to {decimals} decimals; sums add the rounded points.",
        ),
    ),
    (
        Text("Tỷ lệ", "Shares"),
        Text(
            "Tỷ lệ trong giải trình bị cắt sau hai chữ số thập phân, không làm tròn lên; tỷ lệ a/b ở cột Kết quả làm "
            "tròn một chữ số, 100% chỉ khi đủ cả. Tỷ lệ trên 1 được tính là 1.",
            "Shares in explanations are cut after two decimals, never raised; a/b in the column of results is rounded "
            "to one, and is 100% only where nothing lacks. A share above 1 counts as 1.",
        ),
    ),
    (
        Text("Thiếu số liệu", "Missing figures"),
        Text(
            "Chỉ tiêu thiếu hoặc chưa đủ số liệu thì chưa chấm, không bao giờ được điểm tối đa, trừ khi biểu quy định "
            "tính 0 điểm; tổng khi đó là tạm tính, vị trí là một khoảng.",
            "A criterion without enough figures waits, and never earns all, unless the sheet has 0 points for that; "
            "the total is then provisional and the place a span.",
        ),
    ),
    (
        Text("Nguồn", "Sources"),
        Text(
            "Đo: từ sổ của bộ giám sát. Khai báo: trong danh mục, kèm văn bản. Tự điền và bên ngoài: từ tệp giá trị, "
            "không tính lại được từ sổ.",
            "Measured: from the agent's ledger. Declared: in the inventory, with the document. Filled in and external: "
            "from the file of values; these cannot be counted again from the ledger.",
        ),
    ),
)


def method_sheet(report: ScoreReport, manifest: str = "") -> ReportSheet:
    """manifest: SHA-256 of the package's manifest; "" where there is no package."""
    language = report.language
    columns = (SheetColumn(_WHAT.to(language), 34), SheetColumn(_HOW.to(language), 110))
    rows = [
        (what.to(language), how) for what, how in (*_sheet(report), *_rules(report), *_origin(report, manifest)) if how
    ]
    return ReportSheet(_NAME.to(language), _TITLE.to(language), (Table("", columns, tuple(rows)),))


def _sheet(report: ScoreReport) -> Iterator[tuple[Text, str]]:
    sheet, language = report.sheet, report.language
    valid = f"{day_text(sheet.valid_from)} – {day_text(sheet.valid_to) if sheet.valid_to else _OPEN.to(language)}"
    yield Text("Biểu chấm điểm", "Score sheet"), f"{sheet.id}: {sheet.title.to(language)}"
    yield Text("Căn cứ", "Legal reference"), sheet.legal_reference
    yield Text("Hiệu lực của biểu", "Valid"), valid
    yield Text("Tính chất", "Nature"), _ILLUSTRATIVE.to(language) if sheet.illustrative else ""
    yield Text("Thang điểm", "Scale"), points_text(sheet.maximum, language)
    yield Text("SHA-256 của biểu", "SHA-256 of the sheet"), sheet.digest
    yield Text("Kỳ đánh giá", "Period"), period_words(report)
    yield Text("Đơn vị hành chính", "Units"), basis_text(UnitBasis(report.request.units), language)


def _rules(report: ScoreReport) -> Iterator[tuple[Text, str]]:
    for what, how in _RULES:
        yield what, how.to(report.language).format(decimals=report.sheet.decimals)


def _origin(report: ScoreReport, manifest: str) -> Iterator[tuple[Text, str]]:
    evidence, source, language = report.evidence, report.evidence.provenance, report.language
    as_of = evidence.terms.as_of_ms
    yield Text("Số liệu tính đến", "As known at"), f"{moment(as_of, evidence.zone, language)} ({iso_utc(as_of)})"
    yield Text("Mốc của sổ (dòng:mã băm)", "Head of the ledger (row:hash)"), source.anchor
    yield Text("Người quan sát", "Observer"), source.observer
    yield Text("SHA-256 của danh mục", "SHA-256 of the inventory"), source.inventory
    yield Text("Lịch đã dùng", "Calendars used"), ", ".join(f"{name} {digest}" for name, digest in source.calendars)
    yield Text("Tệp giá trị", "Files of values"), ", ".join(report.request.values)
    yield Text("So với", "Compared with"), report.request.before
    yield Text("Phần mềm", "Software"), f"San Sang {source.version}" if source.version else ""
    yield Text("Dữ liệu múi giờ (tzdata)", "Version of tzdata"), source.tzdata
    yield Text("Lập lại đúng kết quả này", "The same again"), report.rerun
    yield Text("SHA-256 của bản kê trong gói bằng chứng", "SHA-256 of the package's manifest"), manifest
    yield Text("Chưa kiểm chứng", "Not verified"), report.unverified
