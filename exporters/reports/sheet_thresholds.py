"""The sheet of thresholds: the settings of each target over the period, with the policy that judged its runs."""

from __future__ import annotations

from agent.availability.figures import InForce
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import Duration, Instant, ReportSheet, TableColumn, named_sheet, table
from exporters.reports.formatting import percent_text
from exporters.reports.names import calendar_name, unit_name
from exporters.reports.thresholds import limits, shortest_outage_text

_NAME = Text("Ngưỡng", "Thresholds")
_TITLE = Text("NGƯỠNG VÀ CẤU HÌNH CÓ HIỆU LỰC TRONG KỲ", "THRESHOLDS AND CONFIGURATION IN FORCE IN THE PERIOD")


def thresholds(report: UptimeReport) -> ReportSheet:
    """One row for each change inside the period."""
    language = report.language
    columns: list[TableColumn[InForce]] = [
        TableColumn(Text("Mã mục tiêu", "Target id"), 26, lambda settings: settings.subject.target),
        TableColumn(Text("Từ", "From"), 20, lambda settings: Instant(settings.start_ms)),
        TableColumn(Text("Đến", "To"), 20, lambda settings: Instant(settings.end_ms)),
        TableColumn(Text("Đơn vị", "Unit"), 20, lambda settings: unit_name(settings.subject)),
        TableColumn(
            Text("Lịch tính", "Calendar"),
            18,
            lambda settings: f"{calendar_name(settings.calendar, language)} ({settings.calendar_hash[:8]})",
        ),
        TableColumn(Text("Cam kết (SLO)", "SLO"), 10, lambda settings: percent_text(settings.slo, language)),
        TableColumn(Text("Chu kỳ kiểm tra", "Probe interval"), 10, lambda settings: Duration(settings.interval_ms)),
        TableColumn(Text("Chờ trả lời", "Timeout"), 10, lambda settings: Duration(settings.timeout_ms)),
        TableColumn(Text("Ân hạn", "Grace"), 10, lambda settings: Duration(settings.grace_ms)),
        TableColumn(Text("Hỏng sau … lần", "Down after … failures"), 9, lambda settings: settings.fail_after),
        TableColumn(Text("Tốt lại sau … lần", "Up after … successes"), 9, lambda settings: settings.recover_after),
        TableColumn(
            Text("Thử lại sau", "Confirmed every"),
            10,
            lambda settings: Duration(settings.confirm_interval_ms) if settings.confirm_interval_ms else "",
        ),
        TableColumn(Text("Suy giảm khi", "Degraded beyond"), 34, lambda settings: limits(settings, language)),
        TableColumn(
            Text("Chắc chắn phát hiện từ", "Surely seen from"),
            12,
            lambda settings: Duration(settings.policy.shortest_seen_ms),
        ),
    ]
    rows = (stretch for target in report.targets for stretch in target.in_force)
    return named_sheet(
        _NAME, _TITLE, language, table(columns, rows, language), lines=(shortest_outage_text(report, language),)
    )
