"""One figure of several targets, of each role and of all, in words and as rows; never without how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from agent.availability.figures import Figure, GroupFigures, Pooling, Status
from agent.availability.several import JointFigures
from agent.explain.labels import STATES
from agent.model import State
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import (
    INSUFFICIENT,
    NO_DATA,
    PERCENT_DECIMALS,
    Duration,
    Share,
    Table,
    TableColumn,
    table,
)
from exporters.reports.formatting import decimal
from exporters.reports.names import role_name

FIRST_PAGE_DECIMALS = 2
POOLINGS: Mapping[Pooling, Text] = {
    Pooling.POOLED: Text("gộp thời gian", "time pooled"),
    Pooling.MEAN: Text("trung bình mục tiêu", "mean of targets"),
}
AVAILABILITY: Mapping[Pooling, Text] = {
    pooling: Text(f"Sẵn sàng ({name.vi})", f"Availability ({name.en})") for pooling, name in POOLINGS.items()
}
EXPLAINED: Mapping[Pooling, Text] = {
    Pooling.POOLED: Text(
        "Cộng mili giây của mọi mục tiêu, mỗi mục tiêu theo lịch của mình, rồi chia một lần: (P + w × G) / (P + G + D) "
        "của tổng. Mục tiêu được tính nhiều giờ hơn có ảnh hưởng lớn hơn.",
        "The milliseconds of all targets, each in its own calendar, are added and divided once: (P + w × G) / (P + G + "
        "D) of the sums. A target with more counted hours weighs more.",
    ),
    Pooling.MEAN: Text(
        "Cộng tỷ lệ sẵn sàng của từng mục tiêu rồi chia cho số mục tiêu có số liệu: mỗi mục tiêu nặng như nhau, dù "
        "được tính nhiều hay ít giờ. Độ phủ cũng là trung bình. Mục tiêu không có số liệu không nằm trong trung bình.",
        "The availabilities of the targets are added and divided by their number: each target weighs the same, however "
        "many hours it counts. Its coverage is a mean too. Targets without data are not in it.",
    ),
}
OVERALL = Text("Tính chung", "All together")
_NO_ROLE = Text("(không rõ vai trò)", "(no role)")
_HEADLINE = Text(
    "Tỷ lệ sẵn sàng chung ({how}): {figure}; {measured}/{targets} mục tiêu có số liệu, độ phủ {coverage}",
    "Availability of all targets ({how}): {figure}; {measured} of {targets} targets have data, coverage {coverage}",
)
_BOTH = Text(
    "Gộp thời gian: {pooled} (P + w × G = {working} ms, P + G + D = {known} ms, độ phủ {coverage}). "
    "Trung bình mục tiêu: {mean} ({measured}/{targets} mục tiêu có số liệu, độ phủ trung bình {mean_coverage}).",
    "Time pooled: {pooled} (P + w × G = {working} ms, P + G + D = {known} ms, coverage {coverage}). "
    "Mean of targets: {mean} ({measured} of {targets} targets have data, mean coverage {mean_coverage}).",
)


def headline(report: UptimeReport, overall: GroupFigures) -> str:
    """The one figure of the report, how it was made, and of how many targets."""
    language, pooling = report.language, report.pooling
    return _HEADLINE.to(language).format(
        how=POOLINGS[pooling].to(language),
        figure=percent_or_words(overall.availability(pooling), overall.status(pooling), language),
        measured=overall.measured,
        targets=overall.targets,
        coverage=_percent(overall.coverage(pooling), language, FIRST_PAGE_DECIMALS),
    )


def percent_or_words(figure: Figure | None, status: Status, language: str) -> str:
    """Two decimals, cut; words instead where the data do not suffice."""
    words = {Status.NO_DATA: NO_DATA, Status.INSUFFICIENT: INSUFFICIENT}.get(status)
    return words.to(language) if words is not None else _percent(figure, language, FIRST_PAGE_DECIMALS)


def joint_table(report: UptimeReport, joint: JointFigures) -> Table:
    """A row for each role, the last for all; times are sums of the targets whichever figure is shown."""
    language, pooling, two = report.language, report.pooling, FIRST_PAGE_DECIMALS
    columns: list[TableColumn[NamedGroup]] = [
        TableColumn(Text("Vai trò", "Role"), 34, lambda row: row.name),
        TableColumn(
            AVAILABILITY[pooling],
            24,
            lambda row: Share(row.group.availability(pooling), row.group.status(pooling), two),
        ),
        TableColumn(
            Text("Độ phủ số liệu", "Coverage"), 15, lambda row: Share(row.group.coverage(pooling), decimals=two)
        ),
        TableColumn(Text("Gián đoạn", "Downtime"), 15, lambda row: Duration(row.group.pooled.down_ms)),
        TableColumn(STATES[State.UNKNOWN], 17, lambda row: Duration(row.group.pooled.unknown_ms)),
        TableColumn(Text("Loại trừ (bảo trì)", "Excluded"), 15, lambda row: Duration(row.group.pooled.maintenance_ms)),
        TableColumn(Text("Số mục tiêu", "Targets"), 9, lambda row: row.group.targets),
        TableColumn(Text("Có số liệu", "With data"), 9, lambda row: row.group.measured),
    ]
    how = POOLINGS[pooling]
    caption = Text(
        f"Tỷ lệ sẵn sàng theo vai trò và tính chung: {how.vi}", f"Availability by role and all together: {how.en}"
    )
    return replace(table(columns, named(joint, language), language, caption), totalled=True)


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """A group as a row of a table begins with it."""

    name: str
    group: GroupFigures


def named(joint: JointFigures, language: str) -> tuple[NamedGroup, ...]:
    """Each role in words, then all together."""
    roles = (NamedGroup(role_name(role.id, language) or _NO_ROLE.to(language), role) for role in joint.roles)
    return *roles, NamedGroup(OVERALL.to(language), joint.overall)


def both_figures(report: UptimeReport, joint: JointFigures) -> tuple[tuple[str, str], ...]:
    """By role and overall: both figures, with what they were made of."""
    language = report.language
    return tuple((row.name, _both(row.group, language)) for row in named(joint, language))


def _both(group: GroupFigures, language: str) -> str:
    availability = group.pooled.availability
    scale = group.pooled.weight.denominator
    working = "0" if availability is None else _working(availability.numerator, scale, language)
    return _BOTH.to(language).format(
        pooled=_figure(group, Pooling.POOLED, language),
        working=working,
        known=_whole(group.pooled.known_ms, language),
        coverage=_coverage(group, Pooling.POOLED, language),
        mean=_figure(group, Pooling.MEAN, language),
        measured=group.measured,
        targets=group.targets,
        mean_coverage=_coverage(group, Pooling.MEAN, language),
    )


def _figure(group: GroupFigures, pooling: Pooling, language: str) -> str:
    """The figure itself, also where it does not suffice: its coverage says so."""
    figure = group.availability(pooling)
    return NO_DATA.to(language) if figure is None else _percent(figure, language)


def _coverage(group: GroupFigures, pooling: Pooling, language: str) -> str:
    text = _percent(group.coverage(pooling), language)
    is_short = group.status(pooling) is Status.INSUFFICIENT
    return f"{text}: {INSUFFICIENT.to(language)}" if is_short else text


def _percent(figure: Figure | None, language: str, decimals: int = PERCENT_DECIMALS) -> str:
    return "-" if figure is None else f"{decimal(figure.percent(decimals), language)} %"


def _working(numerator: int, scale: int, language: str) -> str:
    """Milliseconds; of a weight that is no whole number there may be a part of one."""
    if numerator % scale == 0:
        return _whole(numerator // scale, language)
    return f"{_whole(numerator, language)}/{scale}"


def _whole(number: int, language: str) -> str:
    """With the mark of thousands of the language."""
    text = f"{number:,}"
    return text if language == "en" else text.replace(",", ".")
