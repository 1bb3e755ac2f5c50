"""The sheet of the method: enough for somebody else to compute every figure again."""

from __future__ import annotations

from collections.abc import Iterator

from agent.availability.figures import Pooling, Tally
from agent.availability.instants import iso_utc
from agent.availability.several import joint_figures
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import ReportSheet, Table, TableColumn, named_sheet, table
from exporters.reports.formatting import decimal, exact, moment, percent_text
from exporters.reports.selection import selection_text
from exporters.reports.several_targets import AVAILABILITY, EXPLAINED, POOLINGS, both_figures
from exporters.reports.thresholds import shortest_outage_text
from exporters.reports.unit_bases import basis_rows, late_changes

NAME = Text("Phương pháp", "Method")
SOFTWARE = Text("Phiên bản phần mềm", "Software")
REPEAT = Text("Lập lại đúng báo cáo này (thêm -o TỆP để ghi)", "The same report again (add -o FILE to write it)")
TZDATA = Text("Phiên bản dữ liệu múi giờ (tzdata)", "Version of tzdata")
MOST_OF_PIECE = 2_000
"""Characters. A row of a workbook is at most 26 lines high: more would be in the file and not on the paper."""
_RULES = (
    (
        Text("Trạng thái", "States"),
        Text(
            "Ở mỗi thời điểm, mỗi mục tiêu có đúng một trạng thái: hoạt động, suy giảm, gián đoạn hoặc không rõ. "
            "Gián đoạn khi đủ số lần kiểm tra thất bại liên tiếp, tính lùi về lúc bắt đầu lần thất bại đầu tiên.",
            "At each instant a target has exactly one state: up, degraded, down or unknown. It is down once enough "
            "consecutive probes have failed, back-dated to the start of the first of them.",
        ),
    ),
    (
        Text("Thời gian tính điểm S", "Scoring time S"),
        Text(
            "Phần chung của kỳ báo cáo, thời gian mục tiêu có trong danh mục và lịch tính, đến thời điểm lập số liệu.",
            "What the period, the time the target was configured and its calendar have in common, up to the instant "
            "of the report.",
        ),
    ),
    (
        Text("Bảo trì M", "Maintenance M"),
        Text(
            "Phần của S nằm trong các đợt bảo trì được ghi nhận trước khi bắt đầu (hợp của các đợt), khi mục tiêu "
            "thuộc phạm vi của đợt từ trước lúc bắt đầu.",
            "What of S lies in maintenance recorded before it began (the union of the windows), while the window's "
            "scope has the target and had it before the window began.",
        ),
    ),
    (
        Text("U, D, G, P", "U, D, G, P"),
        Text(
            "Thời gian không rõ, gián đoạn, suy giảm, hoạt động trong phần còn lại. Luôn đúng: S = M + U + D + G + P.",
            "Unknown, down, degraded and up time in the rest. Always exact: S = M + U + D + G + P.",
        ),
    ),
    (
        Text("Thay đổi cấu hình", "Changed configuration"),
        Text(
            "Lịch tính, đơn vị, cam kết và phạm vi bảo trì lấy theo danh mục có hiệu lực tại từng thời điểm, như sổ đã "
            "ghi; ngưỡng và chu kỳ theo từng lần kiểm tra. Mục tiêu chuyển đơn vị được tính cho mỗi đơn vị phần thời "
            "gian thuộc đơn vị đó; tên và đơn vị hiển thị là ở cuối kỳ.",
            "Calendar, unit, SLO and maintenance scope are those of the inventory in force at each instant, as the "
            "ledger has it; thresholds and interval are those of each run. A target that moved counts in each unit for "
            "its time there; the names and the unit shown are those at the end.",
        ),
    ),
    (Text("Sẵn sàng", "Availability"), Text("(P + w × G) / (P + G + D)", "(P + w × G) / (P + G + D)")),
    (Text("Độ phủ số liệu", "Coverage"), Text("(P + G + D) / (P + G + D + U)", "(P + G + D) / (P + G + D + U)")),
    (
        Text("Cận dưới, cận trên", "Low and high bound"),
        Text(
            "(P + w × G) / (P + G + D + U) nếu cả U gián đoạn; (P + w × G + U) / (P + G + D + U) nếu cả U hoạt động.",
            "(P + w × G) / (P + G + D + U) had all of U been down; (P + w × G + U) / (P + G + D + U) had it been up.",
        ),
    ),
    (
        Text("Làm tròn", "Rounding"),
        Text(
            "Mọi phép tính bằng số nguyên mili giây. Phần trăm cắt bớt chữ số, không làm tròn lên: 100 % chỉ khi không "
            "thiếu gì. Độ dài và thời điểm có phần giây lẻ được ghi đến mili giây, nên cộng lại đúng bằng tổng đã ghi.",
            "All is computed in whole milliseconds. Percents are cut, never rounded up: 100 % only where nothing "
            "lacks. A length or instant with a part of a second is shown to the millisecond, so what is shown adds up.",
        ),
    ),
    (
        Text("So với cam kết", "Against the SLO"),
        Text(
            "Đạt khi 100 × tử số ≥ cam kết × mẫu số, bằng số nguyên; không kết luận khi không đủ dữ liệu. Nếu mức cam "
            "kết thay đổi trong kỳ thì xét theo mức cao nhất đã có hiệu lực.",
            "Reached when 100 × numerator ≥ SLO × denominator, in whole numbers; undecided without enough data. Where "
            "the SLO changed in the period, the strictest is the one to reach.",
        ),
    ),
)


_ITEMS: list[TableColumn[tuple[str, str]]] = [
    TableColumn(Text("Mục", "Item"), 30, lambda item: item[0]),
    TableColumn(Text("Nội dung", "Content"), 110, lambda item: item[1]),
]


def method(report: UptimeReport) -> ReportSheet:
    """The last sheet."""
    language = report.language
    rules = tuple((name.to(language), text.to(language)) for name, text in _RULES)
    return named_sheet(
        NAME,
        Text("PHƯƠNG PHÁP TÍNH VÀ NGUỒN SỐ LIỆU", "METHOD AND SOURCE OF THE FIGURES"),
        language,
        table(_ITEMS, (*_terms(report), *rules), language, Text("Cách tính", "How it is computed")),
        table(_ITEMS, _several(report), language, Text("Số chung của nhiều mục tiêu", "Figures of several targets")),
        *late_changes(report),
        table(_ITEMS, _source(report), language, Text("Nguồn số liệu", "What it is computed from")),
        *_versions(report),
    )


def _several(report: UptimeReport) -> tuple[tuple[str, str], ...]:
    """Both figures of all and of each role, how each is made, and which of them the first page shows."""
    language = report.language
    shown = Text("Trang đầu dùng", "The first page shows").to(language)
    how = ((AVAILABILITY[pooling].to(language), EXPLAINED[pooling].to(language)) for pooling in Pooling)
    both = both_figures(report, joint_figures(report.targets))
    return ((shown, POOLINGS[report.pooling].to(language)), *how, *both, *basis_rows(report))


def pieces(label: str, text: str) -> tuple[tuple[str, str], ...]:
    """Rows that hold all of a text: one, or as many as paper and a cell need, each with its number.

    What stands in them, put together without anything in between, is the text: none begins or ends with a space, which
    programs and people lose.
    """
    parts: list[str] = []
    rest = text
    while len(rest) > MOST_OF_PIECE:
        cut = MOST_OF_PIECE
        while cut > 1 and " " in rest[cut - 1 : cut + 1]:
            cut -= 1
        parts.append(rest[:cut])
        rest = rest[cut:]
    parts.append(rest)
    if len(parts) == 1:
        return ((label, text),)
    return tuple((f"{label} ({number}/{len(parts)})", piece) for number, piece in enumerate(parts, start=1))


def _versions(report: UptimeReport) -> Iterator[Table]:
    """Each inventory of the period with its span; the sheet of thresholds has the settings of each target."""
    language = report.language

    def span(version: tuple[str, int, int]) -> str:
        return " - ".join(moment(ms, report.zone, language) for ms in version[1:])

    columns: list[TableColumn[tuple[str, int, int]]] = [
        TableColumn(Text("Từ - đến", "From - to"), 30, span),
        TableColumn(Text("Mã băm (SHA-256)", "Hash (SHA-256)"), 110, lambda version: version[0]),
    ]
    if report.provenance.versions:
        caption = Text("Danh mục có hiệu lực trong kỳ", "Inventories in force in the period")
        yield table(columns, report.provenance.versions, language, caption)


def _terms(report: UptimeReport) -> tuple[tuple[str, str], ...]:
    language = report.language
    tally = report.targets[0].tally if report.targets else Tally()
    scope = selection_text(report)
    selection = pieces(Text("Phạm vi báo cáo", "What it covers").to(language), scope) if scope else ()
    return (
        *selection,
        (
            Text("Kỳ báo cáo (UTC)", "Period (UTC)").to(language),
            f"[{iso_utc(report.start_ms)}, {iso_utc(report.end_ms)})",
        ),
        (Text("Số liệu tính đến (UTC)", "As known at (UTC)").to(language), iso_utc(report.as_of_ms)),
        (Text("Ngưỡng độ phủ", "Coverage threshold").to(language), percent_text(tally.threshold, language)),
        (
            Text("Trọng số w của suy giảm", "Weight w of degraded time").to(language),
            decimal(exact(tally.weight), language),
        ),
        (
            Text("Sự cố ngắn nhất phát hiện được", "Shortest outage that can be seen").to(language),
            shortest_outage_text(report, language),
        ),
    )


def _source(report: UptimeReport) -> tuple[tuple[str, str], ...]:
    language = report.language
    source = report.provenance
    rows = (
        (Text("Múi giờ", "Time zone"), report.zone),
        (TZDATA, source.tzdata),
        (SOFTWARE, source.version and f"sansang {source.version}"),
        (Text("Trạm quan sát", "Observer"), source.observer),
        (Text("Dòng sổ đầu tiên", "First row of the ledger"), str(source.first_seq) if source.head else ""),
        (Text("Dòng sổ cuối cùng", "Last row of the ledger"), str(source.last_seq) if source.head else ""),
        (Text("Mã băm dòng cuối (SHA-256)", "Hash of the last row (SHA-256)"), source.head),
        (REPEAT, report.rerun),
        (Text("Mã băm danh mục (SHA-256)", "Hash of the inventory (SHA-256)"), source.inventory),
    )
    named = tuple(row for label, text in rows if text for row in pieces(label.to(language), text))
    calendar = Text("Lịch {} (SHA-256)", "Calendar {} (SHA-256)").to(language)
    return (*named, *((calendar.replace("{}", name), digest) for name, digest in source.calendars))
