"""Board *Tỷ lệ hoạt động*: the official figures of this month and the last, and approximate ones of the time shown.

The official ones come from the ledger, by calendar and without maintenance. The others are computed from the state
seconds of the agent since its start, round the clock and with maintenance: near the official figure, but not it.
"""

from __future__ import annotations

from typing import Any

from agent.explain.labels import ROLES
from agent.model import Role, State
from agent.text import Text
from dashboards import queries as q
from dashboards.boards import links, target_queries, variables
from dashboards.boards.score_panels import criteria_at_risk
from dashboards.boards.target_table import TargetColumn, TargetTable, quiet
from dashboards.boards.variables import PLACES
from dashboards.panels import RED_FROM_ONE, PanelFactory, PanelQuery
from dashboards.queries import series
from dashboards.settings import BuildSettings
from dashboards.tables import Steps

_THOSE = (PLACES, 'role=~"$role"')
_BURN_WINDOW = "6h"
_WORKED, _KNOWN, _ALL = "up|degraded", "up|degraded|down", ".+"
_SHARE: Steps = ((None, "red"), (0.95, "yellow"), (0.99, "green"))
_COVERAGE: Steps = ((None, "purple"), (0.9, "yellow"), (0.98, "green"))
_LEFT: Steps = ((None, "red"), (0, "yellow"), (0.25, "transparent"))
_WORKED_IN = {"this_month": Text("Tháng này", "This month"), "last_month": Text("Tháng trước", "Last month")}
_SEEN_IN = {
    "this_month": Text("Đo được tháng này", "Coverage this month"),
    "last_month": Text("Đo được tháng trước", "Coverage last month"),
}
_OBJECTIVE, _BUDGET = Text("Cam kết", "Objective"), Text("Hạn mức lỗi còn lại", "Error budget left")
_BELOW = Text(
    "Bao nhiêu mục tiêu hoạt động ít hơn mức đã cam kết (slo).",
    "How many targets worked less than their objective (slo).",
)
_APPROXIMATE = Text(
    " Tính gần đúng, cả ngày lẫn đêm và cả lúc bảo trì; không phải số liệu chính thức.",
    " An approximation, round the clock and maintenance included; not the official figure.",
)


def board(settings: BuildSettings) -> dict[str, Any]:
    """The board that says whether objectives were met; it opens with this month."""
    panels = PanelFactory(settings)
    return panels.board(
        links.UPTIME,
        Text("Tỷ lệ hoạt động", "Uptime"),
        Text(
            "Tháng này (hay khoảng thời gian chọn ở góc trên): hoạt động bao nhiêu phần trăm, có đạt mục tiêu không.",
            "This month (or the time chosen at the top): what share of it things worked, and was the objective kept.",
        ),
        [*variables.places(panels), variables.roles(panels, Role)],
        [
            *_official(panels),
            _months(panels),
            criteria_at_risk(panels),
            *_approximate(panels),
            _table(panels),
            _burning(panels),
            _outages(panels),
        ],
        month=True,
    )


def _spent(by: str, states: str, *matchers: str) -> str:
    """Seconds spent in these states in the time shown."""
    seconds = series("sansang_target_state_seconds_total", f'state=~"{states}"', *(matchers or _THOSE))
    return f"sum by ({by}) (increase({seconds}[$__range]))"


def _share(by: str, part: str, whole: str, *matchers: str) -> str:
    return f"{_spent(by, part, *matchers)} / ({_spent(by, whole, *matchers)} > 0)"


def _objective() -> str:
    return f"max by (instance, target) ({series('sansang_target_slo_ratio', *_THOSE)})"


def _went_down() -> str:
    """Number of outages of each target in the time shown: 1 to 0 is a counter reset."""
    return f"resets({series('sansang_target_up', *_THOSE)}[$__range] @ end())"


def _month(sample: str, period: str) -> str:
    only = f'period="{period}"'
    return f"max by (instance, target) ({series(sample, only, *_THOSE)})"


def _left(share: str) -> str:
    """The error budget that is left; an objective of 100 % has none."""
    return f"1 - (1 - {share}) / ((1 - {_objective()}) > 0)"


def _missed(panels: PanelFactory, title: Text, period: str) -> Any:
    return panels.stat(
        title,
        _BELOW,
        [PanelQuery(q.or_silent(f"sum({_month('sansang_availability_ratio', period)} < bool {_objective()})"))],
        (12, 4),
        steps=RED_FROM_ONE,
        text="value",
    )


def _months(panels: PanelFactory) -> Any:
    table = TargetTable(panels, _THOSE)
    budget = _left(_month("sansang_availability_ratio", "this_month"))
    return table.build(
        Text("Tháng này và tháng trước", "This month and the last"),
        Text(
            "Theo lịch phục vụ của từng mục tiêu, không tính bảo trì đã báo trước; tính lại vài phút một lần."
            " Đo được dưới 95 % thì tỷ lệ chưa đáng tin.",
            "By each target's own calendar, announced maintenance left out; worked out every few minutes."
            " Where coverage is below 95 % the share says too little.",
        ),
        [
            table.state(),
            *_month_facts("this_month"),
            TargetColumn(_BUDGET, budget, "percentunit", 155, 0, _LEFT),
            *_month_facts("last_month"),
            TargetColumn(_OBJECTIVE, _objective(), "percentunit", 100, 2),
            table.role(),
        ],
        (24, 12),
        sort=((_WORKED_IN["this_month"], False),),
    )


def _month_facts(period: str) -> list[TargetColumn]:
    worked, coverage = (_month(sample, period) for sample in ("sansang_availability_ratio", "sansang_coverage_ratio"))
    return [
        TargetColumn(_WORKED_IN[period], worked, "percentunit", 115, 3, quiet(_SHARE)),
        TargetColumn(_SEEN_IN[period], coverage, "percentunit", 160, 2, quiet(_COVERAGE)),
    ]


def _about(vi: str, en: str) -> Text:
    return Text(vi + _APPROXIMATE.vi, en + _APPROXIMATE.en)


def _official(panels: PanelFactory) -> list[Any]:
    return [
        panels.row(Text("Chính thức, từ sổ ghi", "Official, from the ledger")),
        _missed(panels, Text("Tháng này chưa đạt cam kết", "Below the objective this month"), "this_month"),
        _missed(panels, Text("Tháng trước không đạt cam kết", "Below the objective last month"), "last_month"),
    ]


def _approximate(panels: PanelFactory) -> list[Any]:
    return [
        panels.row(Text("Gần đúng, trong khoảng đang xem", "About, in the time shown")),
        panels.stat(
            Text("Hoạt động theo vai trò", "Uptime by role"),
            _about(
                "Phần thời gian dùng được trên thời gian đo được.", "The share of the measured time that things worked."
            ),
            [PanelQuery(_share("role", _WORKED, _KNOWN, *_THOSE, f'role="{role}"'), ROLES[role]) for role in Role],
            (24, 5),
            text="value_and_name",
            unit="percentunit",
            decimals=2,
            steps=_SHARE,
        ),
        panels.stat(
            Text("Chưa đạt cam kết", "Below the objective"),
            _about(_BELOW.vi, _BELOW.en),
            [PanelQuery(f"sum(({_share('instance, target', _WORKED, _KNOWN)}) < bool {_objective()})")],
            (6, 5),
            steps=RED_FROM_ONE,
            text="value",
        ),
        panels.stat(
            Text("Số lần hỏng", "Outages"),
            Text(
                "Mọi mục tiêu đã chọn hỏng bao nhiêu lần trong khoảng đang xem.",
                "How often all that is chosen went down in the time shown.",
            ),
            [PanelQuery(f"sum({_went_down()})")],
            (6, 5),
            decimals=0,
            text="value",
        ),
        panels.stat(
            Text("Đo được bao nhiêu", "Coverage"),
            Text(
                "Phần thời gian mà trạng thái được biết. Thấp thì các số bên cạnh chưa đáng tin.",
                "The share of the time in which the state was known. When low, do not trust the others.",
            ),
            [PanelQuery(_share("", _KNOWN, _ALL))],
            (6, 5),
            unit="percentunit",
            decimals=2,
            steps=_COVERAGE,
            text="value",
        ),
        panels.stat(
            Text("Tổng thời gian hỏng", "Time down in all"),
            Text("Giờ:phút:giây, cộng mọi mục tiêu đã chọn.", "Hours:minutes:seconds, all that is chosen together."),
            [PanelQuery(_spent("", "down"))],
            (6, 5),
            unit="dthms",
            text="value",
        ),
    ]


def _table(panels: PanelFactory) -> Any:
    table = TargetTable(panels, _THOSE)
    share = Text("Hoạt động", "Uptime")
    worked = _share("instance, role, site, target", _WORKED, _KNOWN)
    budget = _left(_share("instance, target", _WORKED, _KNOWN))
    return table.build(
        Text("Từng mục tiêu trong khoảng đang xem", "Target by target in the time shown"),
        _about(
            "Thấp nhất ở trên cùng. Hạn mức lỗi: phần thời gian hỏng mà mục tiêu còn cho phép; dưới 0 % là không đạt.",
            "The lowest first. Error budget: what the objective still allows to be down; below 0 % it is broken.",
        ),
        [
            TargetColumn(share, worked, "percentunit", 115, 2, quiet(_SHARE)),
            TargetColumn(_OBJECTIVE, _objective(), "percentunit", 100, 2),
            TargetColumn(_BUDGET, budget, "percentunit", 155, 0, _LEFT),
            table.role(),
            TargetColumn(
                Text("Đo được", "Coverage"),
                _share("instance, target", _KNOWN, _ALL),
                "percentunit",
                110,
                2,
                quiet(_COVERAGE),
            ),
            TargetColumn(Text("Số lần hỏng", "Outages"), f"max by (instance, target) ({_went_down()})", "", 110, 0),
            TargetColumn(
                Text("Thời gian hỏng", "Time down"),
                _spent("instance, target", "down"),
                "dthms",
                130,
            ),
            TargetColumn(
                Text("Từ khi máy giám sát chạy", "Since the agent started"), _since_start(), "percentunit", 0, 2
            ),
        ],
        (24, 14),
        sort=((share, False),),
        past=True,
    )


def _burning(panels: PanelFactory) -> Any:
    worked, measured = (
        f"sum by (instance, target)"
        f" (increase({series('sansang_target_state_seconds_total', matcher, *_THOSE)}[{_BURN_WINDOW}]))"
        for matcher in (f'state=~"{_WORKED}"', f'state=~"{_KNOWN}"')
    )
    allowed = f"(1 - max by (instance, target) ({series('sansang_target_slo_ratio', *_THOSE)}))"
    burnt = f"((1 - {worked} / ({measured} > 0)) / ({allowed} > 0) > 0)"
    return panels.time_series(
        Text("Tốc độ tiêu hạn mức lỗi", "How fast the error budget burns"),
        _about(
            "Tính trên 6 giờ gần nhất của mỗi điểm: 1 là vừa đúng mức cam kết cho phép; 10 mà kéo dài thì ba ngày là"
            " hết hạn mức cả tháng. Không có dữ liệu: không có gì hỏng, hoặc không ai giám sát.",
            "Over the 6 hours before each point: 1 is just what the objective allows; at 10 the budget of a month is"
            " gone in three days. No data: nothing was down, or nobody was watching.",
        ),
        [PanelQuery(q.with_info(burnt, "name"), "{{name}}")],
        (24, 8),
        unit="none",
        many=True,
        steps=((None, "green"), (1, "yellow"), (10, "red")),
    )


def _since_start() -> str:
    worked, measured = (
        f"sum by (instance, target) ({series('sansang_target_state_seconds_total', matcher, *_THOSE)})"
        for matcher in (f'state=~"{_WORKED}"', f'state=~"{_KNOWN}"')
    )
    return f"{worked} / ({measured} > 0)"


def _outages(panels: PanelFactory) -> Any:
    history = f"({target_queries.state_history(*_THOSE)} and on (instance, target) ({_went_down()} > 0))"
    return panels.state_timeline(
        Text("Hỏng lúc nào", "When it was down"),
        Text(
            "Chỉ những mục tiêu có hỏng trong khoảng đang xem.",
            "Only targets that went down in the time shown.",
        ),
        PanelQuery(q.with_info(history, "name"), "{{name}}"),
        (24, 12),
        none=Text("không có gì hỏng", "nothing was down"),
        value=State.UP,
    )
