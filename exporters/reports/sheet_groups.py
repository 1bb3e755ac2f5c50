"""The sums of units or levels, where somebody asked for them; those of sites have their own sheet anyway."""

from __future__ import annotations

from collections.abc import Mapping

from agent.availability.figures import GroupFigures
from agent.explain.labels import STATES
from agent.model import State
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import Duration, ReportSheet, Row, Share, Table, columns
from exporters.reports.sheet_figures import FIGURES, MEAN, POOLED

_NAMES: Mapping[str, tuple[Text, Text, Text]] = {
    "unit": (Text("Theo đơn vị", "By unit"), Text("MỨC ĐỘ SẴN SÀNG THEO ĐƠN VỊ", "BY UNIT"), Text("Đơn vị", "Unit")),
    "level": (Text("Theo cấp", "By level"), Text("MỨC ĐỘ SẴN SÀNG THEO CẤP", "BY LEVEL"), Text("Cấp", "Level")),
}
_NONE = Text("(không thuộc đâu)", "(none)")


def groups(report: UptimeReport) -> ReportSheet | None:
    """Every group once, its targets together; None where no such sums were asked for."""
    if report.by not in _NAMES:
        return None
    say = report.language
    name, title, what = _NAMES[report.by]
    headings = columns(
        say,
        (what, 34),
        (Text("Mã", "Id"), 18),
        (Text("Số mục tiêu", "Targets"), 8),
        (POOLED, 14),
        (MEAN, 14),
        *FIGURES,
        (Text("Thời gian tính điểm", "Scoring time"), 16),
        (Text("Bảo trì", "Maintenance"), 13),
        (STATES[State.UNKNOWN], 13),
        (Text("Gián đoạn", "Downtime"), 13),
    )
    rows = tuple(_group(group, report) for group in report.groups)
    return ReportSheet(name.to(say), title.to(say), (Table("", headings, rows),))


def _named(group: GroupFigures, report: UptimeReport) -> str:
    """A group of a level bears the level's id as its name."""
    return report.levels.get(group.id, "") if group.name == group.id else group.name


def _group(group: GroupFigures, report: UptimeReport) -> Row:
    tally = group.pooled
    lengths = (tally.scoring_ms, tally.maintenance_ms, tally.unknown_ms, tally.down_ms)
    return (
        _named(group, report) or group.id or _NONE.to(report.language),
        group.id,
        group.targets,
        Share(tally.availability, tally.status),
        Share(group.mean, tally.status),
        Share(tally.coverage),
        Share(tally.low),
        Share(tally.high),
        *map(Duration, lengths),
    )
