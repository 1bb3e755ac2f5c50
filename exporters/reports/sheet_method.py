"""How it was computed: enough for somebody else to compute every figure again."""

from __future__ import annotations

from agent.availability.figures import Report, Tally
from exporters.reports.as_of import spelled
from exporters.reports.cells import Row, Said, Sheet, Table, columns
from exporters.reports.forms import decimal, exact, iso
from exporters.reports.setting import Setting
from exporters.reports.sheet_summary import percent_of, shortest_seen

_RULES = (
    (
        Said("Trạng thái", "States"),
        Said(
            "Ở mỗi thời điểm, mỗi mục tiêu có đúng một trạng thái: hoạt động, suy giảm, gián đoạn hoặc không rõ. "
            "Gián đoạn khi đủ số lần kiểm tra thất bại liên tiếp, tính lùi về lúc bắt đầu lần thất bại đầu tiên.",
            "At each instant a target has exactly one state: up, degraded, down or unknown. It is down once enough "
            "consecutive probes have failed, back-dated to the start of the first of them.",
        ),
    ),
    (
        Said("Thời gian tính điểm S", "Scoring time S"),
        Said(
            "Phần chung của kỳ báo cáo, thời gian mục tiêu có trong danh mục và lịch tính, đến thời điểm lập số liệu.",
            "What the period, the time the target was configured and its calendar have in common, up to the instant "
            "of the report.",
        ),
    ),
    (
        Said("Bảo trì M", "Maintenance M"),
        Said(
            "Phần của S nằm trong các đợt bảo trì được ghi nhận trước khi bắt đầu (hợp của các đợt).",
            "What of S lies in maintenance recorded before it began (the union of the windows).",
        ),
    ),
    (
        Said("U, D, G, P", "U, D, G, P"),
        Said(
            "Thời gian không rõ, gián đoạn, suy giảm, hoạt động trong phần còn lại. Luôn đúng: S = M + U + D + G + P.",
            "Unknown, down, degraded and up time in the rest. Always exact: S = M + U + D + G + P.",
        ),
    ),
    (Said("Sẵn sàng", "Availability"), Said("(P + w × G) / (P + G + D)", "(P + w × G) / (P + G + D)")),
    (Said("Độ phủ số liệu", "Coverage"), Said("(P + G + D) / (P + G + D + U)", "(P + G + D) / (P + G + D + U)")),
    (
        Said("Cận dưới, cận trên", "Low and high bound"),
        Said(
            "(P + w × G) / (P + G + D + U) nếu cả U gián đoạn; (P + w × G + U) / (P + G + D + U) nếu cả U hoạt động.",
            "(P + w × G) / (P + G + D + U) had all of U been down; (P + w × G + U) / (P + G + D + U) had it been up.",
        ),
    ),
    (
        Said("Làm tròn", "Rounding"),
        Said(
            "Mọi phép tính bằng số nguyên mili giây. Phần trăm cắt bớt chữ số, không làm tròn lên: 100 % chỉ khi không "
            "thiếu gì. Độ dài hiển thị tính phần giây lẻ thành một giây.",
            "All is computed in whole milliseconds. Percents are cut, never rounded up: 100 % only where nothing "
            "lacks. A shown length counts a part of a second as a whole one.",
        ),
    ),
    (
        Said("So với cam kết", "Against the SLO"),
        Said(
            "Đạt khi 100 × tử số ≥ cam kết × mẫu số, bằng số nguyên; không kết luận khi không đủ dữ liệu.",
            "Reached when 100 × numerator ≥ SLO × denominator, in whole numbers; undecided without enough data.",
        ),
    ),
    (
        Said("Nhiều mục tiêu", "Several targets"),
        Said(
            "Gộp thời gian: cộng mili giây của mọi mục tiêu rồi chia. Trung bình: mỗi mục tiêu có trọng số như nhau.",
            "Pooled: the milliseconds of all targets added, then divided. Mean: every target weighs the same.",
        ),
    ),
)


def method(report: Report, setting: Setting) -> Sheet:
    """The last sheet."""
    say = setting.language
    headings = columns(say, (Said("Mục", "Item"), 30), (Said("Nội dung", "Content"), 110))
    rules = tuple((name.of(say), text.of(say)) for name, text in _RULES)
    return Sheet(
        Said("Phương pháp", "Method").of(say),
        Said("PHƯƠNG PHÁP TÍNH VÀ NGUỒN SỐ LIỆU", "METHOD AND SOURCE OF THE FIGURES").of(say),
        (
            Table(Said("Cách tính", "How it is computed").of(say), headings, (*_terms(report, say), *rules)),
            Table(Said("Nguồn số liệu", "What it is computed from").of(say), headings, _source(report, say)),
        ),
    )


def _terms(report: Report, say: str) -> tuple[Row, ...]:
    tally = report.targets[0].tally if report.targets else Tally()
    return (
        (Said("Kỳ báo cáo (UTC)", "Period (UTC)").of(say), f"[{iso(report.start_ms)}, {iso(report.end_ms)})"),
        (Said("Số liệu tính đến (UTC)", "As known at (UTC)").of(say), iso(report.as_of_ms)),
        (Said("Ngưỡng độ phủ", "Coverage threshold").of(say), percent_of(tally.threshold, say)),
        (Said("Trọng số w của suy giảm", "Weight w of degraded time").of(say), decimal(exact(tally.weight), say)),
        (Said("Sự cố ngắn nhất thấy được", "Shortest outage that can be seen").of(say), shortest_seen(report, say)),
    )


def _source(report: Report, say: str) -> tuple[Row, ...]:
    source = report.provenance
    rows = (
        (Said("Múi giờ", "Time zone"), report.zone),
        (Said("Phiên bản dữ liệu múi giờ (tzdata)", "Version of tzdata"), source.tzdata),
        (Said("Phiên bản phần mềm", "Software"), source.version and f"sansang {source.version}"),
        (Said("Trạm quan sát", "Observer"), source.observer),
        (Said("Dòng sổ đầu tiên", "First row of the ledger"), str(source.first_seq) if source.head else ""),
        (Said("Dòng sổ cuối cùng", "Last row of the ledger"), str(source.last_seq) if source.head else ""),
        (Said("Mã băm dòng cuối (SHA-256)", "Hash of the last row (SHA-256)"), source.head),
        (
            Said("Lập lại đúng báo cáo này (thêm vào lệnh)", "The same report again (add to the command)"),
            f"--as-of {spelled(source.last_seq, report.as_of_ms)}" if source.head else "",
        ),
        (Said("Mã băm danh mục (SHA-256)", "Hash of the inventory (SHA-256)"), source.inventory),
    )
    named = tuple((said.of(say), text) for said, text in rows if text)
    calendar = Said("Lịch {} (SHA-256)", "Calendar {} (SHA-256)").of(say)
    return (*named, *((calendar.replace("{}", name), digest) for name, digest in source.calendars))
