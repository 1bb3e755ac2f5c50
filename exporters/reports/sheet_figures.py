"""Group by group, site by site, target by target, and the whole milliseconds behind every percent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from agent.availability.figures import Figure, GroupFigures, Pooling, Tally, TargetFigures, counted_together
from agent.availability.several import group
from agent.explain.labels import STATES
from agent.model import State
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import (
    INSUFFICIENT,
    Cell,
    Duration,
    Ratio,
    ReportSheet,
    RowT,
    Share,
    TableColumn,
    named_sheet,
    table,
)
from exporters.reports.names import calendar_name, role_name, site_name, target_name, unit_name
from exporters.reports.several_targets import AVAILABILITY
from exporters.reports.unit_bases import mean_of_indices

_TARGETS = Text("Số mục tiêu", "Targets")
_VERDICTS = {True: Text("đạt", "yes"), False: Text("không đạt", "no"), None: INSUFFICIENT}
_GROUPS: Mapping[str, tuple[Text, Text, Text]] = {
    "unit": (Text("Theo đơn vị", "By unit"), Text("MỨC ĐỘ SẴN SÀNG THEO ĐƠN VỊ", "BY UNIT"), Text("Đơn vị", "Unit")),
    "level": (Text("Theo cấp", "By level"), Text("MỨC ĐỘ SẴN SÀNG THEO CẤP", "BY LEVEL"), Text("Cấp", "Level")),
}
_NO_GROUP = Text("(không thuộc đâu)", "(none)")


def groups(report: UptimeReport) -> ReportSheet | None:
    """Every unit or level once, its targets together; None where no such sums were asked for."""
    if report.by not in _GROUPS:
        return None
    language = report.language
    name, title, heading = _GROUPS[report.by]
    columns: list[TableColumn[GroupFigures]] = [
        TableColumn(heading, 34, lambda group: _group_name(group, report) or group.id or _NO_GROUP.to(language)),
        TableColumn(Text("Mã", "Id"), 18, lambda group: group.id),
        TableColumn(_TARGETS, 8, lambda group: group.targets),
        *_both(lambda group: group),
        *mean_of_indices(report),
        *_coverage(lambda group: group.pooled),
        TableColumn(Text("Thời gian tính điểm", "Scoring time"), 16, lambda group: Duration(group.pooled.scoring_ms)),
        TableColumn(Text("Bảo trì", "Maintenance"), 13, lambda group: Duration(group.pooled.maintenance_ms)),
        TableColumn(STATES[State.UNKNOWN], 13, lambda group: Duration(group.pooled.unknown_ms)),
        TableColumn(Text("Gián đoạn", "Downtime"), 13, lambda group: Duration(group.pooled.down_ms)),
    ]
    return named_sheet(name, title, language, table(columns, report.groups, language))


def _group_name(group: GroupFigures, report: UptimeReport) -> str:
    """A group of a level bears the level's id as its name."""
    return report.levels.get(group.id, "") if group.name == group.id else group.name


def sites(report: UptimeReport) -> ReportSheet:
    """Every site once, its targets together."""
    language = report.language
    by_site: dict[str, list[TargetFigures]] = defaultdict(list)
    for target in counted_together(report.targets):
        by_site[target.subject.site].append(target)
    together = {site: group(site, "", [target.tally for target in targets]) for site, targets in by_site.items()}

    def figures(targets: Sequence[TargetFigures]) -> GroupFigures:
        return together[targets[0].subject.site]

    def tally(targets: Sequence[TargetFigures]) -> Tally:
        return figures(targets).pooled

    columns: list[TableColumn[Sequence[TargetFigures]]] = [
        TableColumn(Text("Điểm", "Site"), 30, lambda targets: site_name(targets[0].subject)),
        TableColumn(Text("Đơn vị", "Unit"), 22, lambda targets: unit_name(targets[0].subject)),
        TableColumn(_TARGETS, 8, len),
        *_both(figures),
        *_coverage(tally),
        *_downtime(tally, lambda targets: targets),
        TableColumn(Text("Đạt SLO", "SLO reached"), 10, lambda targets: _slos_reached(targets, report)),
    ]
    title = Text("MỨC ĐỘ SẴN SÀNG THEO ĐIỂM", "BY SITE")
    return named_sheet(Text("Theo điểm", "By site"), title, language, table(columns, tuple(by_site.values()), language))


def _slos_reached(targets: Sequence[TargetFigures], report: UptimeReport) -> str:
    verdicts = [report.reached(target) for target in targets if target.target in report.slos]
    return f"{verdicts.count(True)}/{len(verdicts)}" if verdicts else ""


def targets(report: UptimeReport) -> ReportSheet:
    """Every target once."""
    language = report.language
    columns: list[TableColumn[TargetFigures]] = [
        TableColumn(Text("Mục tiêu", "Target"), 35, lambda target: target_name(target.subject)),
        TableColumn(Text("Điểm", "Site"), 22, lambda target: site_name(target.subject)),
        TableColumn(Text("Vai trò", "Role"), 21, lambda target: role_name(target.subject.role, language)),
        TableColumn(Text("Lịch tính", "Calendar"), 16, lambda target: calendar_name(target.calendar, language)),
        TableColumn(
            Text("Sẵn sàng", "Availability"), 17, lambda target: Share(target.tally.availability, target.tally.status)
        ),
        *_coverage(lambda target: target.tally),
        *_downtime(lambda target: target.tally, lambda target: (target,)),
        TableColumn(Text("Cam kết (SLO)", "SLO"), 11, lambda target: _slo(target, report)),
        TableColumn(Text("Đạt?", "Reached?"), 10, lambda target: _verdict(target, report)),
    ]
    if any(target.amended for target in report.targets):
        columns.append(TableColumn(Text("Sẵn sàng sau đính chính", "Availability as amended"), 13, _amended))
    title = Text("MỨC ĐỘ SẴN SÀNG THEO MỤC TIÊU", "BY TARGET")
    return named_sheet(Text("Theo mục tiêu", "By target"), title, language, table(columns, report.targets, language))


def base(report: UptimeReport) -> ReportSheet:
    """The times from which the percentages were computed, each with its letter in the formulas."""
    language = report.language
    columns: list[TableColumn[TargetFigures]] = [
        TableColumn(Text("Mã mục tiêu", "Target id"), 28, lambda target: target.target),
        TableColumn(Text("Tính điểm S", "Scoring S"), 16, lambda target: target.tally.scoring_ms),
        TableColumn(Text("Bảo trì M", "Maintenance M"), 16, lambda target: target.tally.maintenance_ms),
        TableColumn(_lettered(State.UNKNOWN, "U"), 16, lambda target: target.tally.unknown_ms),
        TableColumn(_lettered(State.DOWN, "D"), 16, lambda target: target.tally.down_ms),
        TableColumn(_lettered(State.DEGRADED, "G"), 16, lambda target: target.tally.degraded_ms),
        TableColumn(_lettered(State.UP, "P"), 16, lambda target: target.tally.up_ms),
        TableColumn(
            Text("Sẵn sàng (tỷ số)", "Availability (ratio)"), 20, lambda target: Ratio(target.tally.availability)
        ),
        TableColumn(Text("Độ phủ (tỷ số)", "Coverage (ratio)"), 20, lambda target: Ratio(target.tally.coverage)),
        TableColumn(Text("Thất bại chưa đủ xác nhận", "Soft failures"), 10, lambda target: target.soft_failures),
        TableColumn(Text("Chu kỳ kiểm tra", "Probe interval"), 10, lambda target: Duration(target.resolution_ms)),
    ]
    title = Text("SỐ LIỆU GỐC, THEO MILI GIÂY", "WHOLE MILLISECONDS BEHIND THE FIGURES")
    return named_sheet(Text("Số liệu gốc", "Base figures"), title, language, table(columns, report.targets, language))


def _both(figures: Callable[[RowT], GroupFigures]) -> list[TableColumn[RowT]]:
    """Pooled and mean, side by side."""
    return [TableColumn(AVAILABILITY[pooling], 14, _availability(figures, pooling)) for pooling in Pooling]


def _availability(figures: Callable[[RowT], GroupFigures], pooling: Pooling) -> Callable[[RowT], Share]:
    return lambda row: Share(figures(row).availability(pooling), figures(row).status(pooling))


def _coverage(tally: Callable[[RowT], Tally]) -> list[TableColumn[RowT]]:
    return [
        TableColumn(Text("Độ phủ số liệu", "Coverage"), 12, lambda row: Share(tally(row).coverage)),
        TableColumn(Text("Cận dưới", "Low bound"), 12, lambda row: Share(tally(row).low)),
        TableColumn(Text("Cận trên", "High bound"), 12, lambda row: Share(tally(row).high)),
    ]


def _downtime(
    tally: Callable[[RowT], Tally], targets_of: Callable[[RowT], Sequence[TargetFigures]]
) -> list[TableColumn[RowT]]:
    return [
        TableColumn(Text("Gián đoạn (h:mm:ss)", "Downtime (h:mm:ss)"), 12, lambda row: Duration(tally(row).down_ms)),
        TableColumn(Text("Số sự cố", "Outages"), 8, lambda row: sum(len(target.outages) for target in targets_of(row))),
        TableColumn(
            Text("Dài nhất", "Longest"),
            12,
            lambda row: Duration(max(target.longest_outage_ms for target in targets_of(row))),
        ),
    ]


def _slo(target: TargetFigures, report: UptimeReport) -> Cell:
    slo = report.slos.get(target.target)
    return "" if slo is None else Share(Figure(slo.numerator, 100 * slo.denominator))


def _verdict(target: TargetFigures, report: UptimeReport) -> str:
    return "" if target.target not in report.slos else _VERDICTS[report.reached(target)].to(report.language)


def _amended(target: TargetFigures) -> Cell:
    return "" if target.amended is None else Share(target.amended.availability, target.amended.status)


def _lettered(state: State, letter: str) -> Text:
    return Text(*(f"{word} {letter}" for word in STATES[state]))
