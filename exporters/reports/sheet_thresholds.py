"""What held for each target, stretch by stretch: what it was counted by, and what its runs were judged by."""

from __future__ import annotations

from agent.availability.figures import InForce
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import Duration, Instant, ReportSheet, Row, Table, columns
from exporters.reports.formatting import decimal, exact
from exporters.reports.names import calendar_name, unit_name
from exporters.reports.thresholds import limits, shortest_outage_text

_NAME = Text("Ngưỡng", "Thresholds")
_TITLE = Text("NGƯỠNG VÀ CẤU HÌNH CÓ HIỆU LỰC TRONG KỲ", "THRESHOLDS AND CONFIGURATION IN FORCE IN THE PERIOD")
_COLUMNS = (
    (Text("Mã mục tiêu", "Target id"), 26),
    (Text("Từ", "From"), 20),
    (Text("Đến", "To"), 20),
    (Text("Đơn vị", "Unit"), 20),
    (Text("Lịch tính", "Calendar"), 18),
    (Text("Cam kết (SLO)", "SLO"), 10),
    (Text("Chu kỳ kiểm tra", "Probe interval"), 10),
    (Text("Chờ trả lời", "Timeout"), 10),
    (Text("Ân hạn", "Grace"), 10),
    (Text("Hỏng sau … lần", "Down after … failures"), 9),
    (Text("Tốt lại sau … lần", "Up after … successes"), 9),
    (Text("Thử lại sau", "Confirmed every"), 10),
    (Text("Suy giảm khi", "Degraded beyond"), 34),
    (Text("Chắc chắn phát hiện từ", "Surely seen from"), 12),
)


def thresholds(report: UptimeReport) -> ReportSheet:
    """One row for each change inside the period."""
    say = report.language
    rows = tuple(_row(one, report) for target in report.targets for one in target.in_force)
    table = Table("", columns(say, *_COLUMNS), rows)
    return ReportSheet(_NAME.to(say), _TITLE.to(say), (table,), (shortest_outage_text(report, say),))


def _row(one: InForce, report: UptimeReport) -> Row:
    subject, say = one.subject, report.language
    return (
        subject.target,
        Instant(one.start_ms),
        Instant(one.end_ms),
        unit_name(subject),
        f"{calendar_name(one.calendar, say)} ({one.calendar_hash[:8]})",
        "" if one.slo is None else f"{decimal(exact(one.slo), say)} %",
        Duration(one.interval_ms),
        Duration(one.timeout_ms),
        Duration(one.grace_ms),
        one.fail_after,
        one.recover_after,
        Duration(one.confirm_interval_ms) if one.confirm_interval_ms else "",
        limits(one, say),
        Duration(one.policy.shortest_seen_ms),
    )
