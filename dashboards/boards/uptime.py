"""Tỷ lệ hoạt động: the official figures of this month and the last; and what happened in the time shown.

Official ones come from the ledger, by calendar and without maintenance. Of any other time there is what the agent has
booked since it started, so of the round clock and maintenance included: near the official figure, and not it.
"""

from __future__ import annotations

from typing import Any

from agent.explain.words import ROLES
from agent.model import Role, State
from agent.text import Text
from dashboards import queries as q
from dashboards.boards import choices, parts
from dashboards.boards.choices import PLACES
from dashboards.boards.facts import Fact, Facts, quiet
from dashboards.library import RED_FROM_ONE, House, Query
from dashboards.queries import shown
from dashboards.settings import Settings
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


def board(settings: Settings) -> dict[str, Any]:
    """Did we keep what we promised; the time first shown is this month."""
    house = House(settings)
    return house.board(
        parts.UPTIME,
        Text("Tỷ lệ hoạt động", "Uptime"),
        Text(
            "Tháng này (hay khoảng thời gian chọn ở góc trên): hoạt động bao nhiêu phần trăm, có đạt mục tiêu không.",
            "This month (or the time chosen at the top): what share of it things worked, and was the objective kept.",
        ),
        [*choices.places(house), choices.roles(house, Role)],
        [
            *_official(house),
            _months(house),
            *_approximate(house),
            _table(house),
            _burning(house),
            _outages(house),
        ],
        month=True,
    )


def _spent(by: str, states: str, *matchers: str) -> str:
    """Seconds spent in these states in the time shown."""
    seconds = shown("sansang_target_state_seconds_total", f'state=~"{states}"', *(matchers or _THOSE))
    return f"sum by ({by}) (increase({seconds}[$__range]))"


def _share(by: str, part: str, whole: str, *matchers: str) -> str:
    return f"{_spent(by, part, *matchers)} / ({_spent(by, whole, *matchers)} > 0)"


def _objective() -> str:
    return f"max by (instance, target) ({shown('sansang_target_slo_ratio', *_THOSE)})"


def _went_down() -> str:
    """How often each went down in the time shown: 1 to 0 is a reset."""
    return f"resets({shown('sansang_target_up', *_THOSE)}[$__range] @ end())"


def _month(sample: str, period: str) -> str:
    only = f'period="{period}"'
    return f"max by (instance, target) ({shown(sample, only, *_THOSE)})"


def _left(share: str) -> str:
    """What is left of what the objective allows to be down; an objective of 100 % allows nothing, and has none."""
    return f"1 - (1 - {share}) / ((1 - {_objective()}) > 0)"


def _missed(house: House, title: Text, period: str) -> Any:
    return house.tiles(
        title,
        _BELOW,
        [Query(q.beside_silent(f"sum({_month('sansang_availability_ratio', period)} < bool {_objective()})"))],
        (12, 4),
        steps=RED_FROM_ONE,
        text="value",
    )


def _months(house: House) -> Any:
    facts = Facts(house, _THOSE)
    budget = _left(_month("sansang_availability_ratio", "this_month"))
    return facts.table(
        Text("Tháng này và tháng trước", "This month and the last"),
        Text(
            "Theo lịch phục vụ của từng mục tiêu, không tính bảo trì đã báo trước; tính lại vài phút một lần."
            " Đo được dưới 95 % thì tỷ lệ chưa đáng tin.",
            "By each target's own calendar, announced maintenance left out; worked out every few minutes."
            " Where coverage is below 95 % the share says too little.",
        ),
        [
            facts.state(),
            *_month_facts("this_month"),
            Fact(_BUDGET, budget, "percentunit", 155, 0, _LEFT),
            *_month_facts("last_month"),
            Fact(_OBJECTIVE, _objective(), "percentunit", 100, 2),
            facts.role(),
        ],
        (24, 12),
        sort=((_WORKED_IN["this_month"], False),),
    )


def _month_facts(period: str) -> list[Fact]:
    worked, seen = (_month(sample, period) for sample in ("sansang_availability_ratio", "sansang_coverage_ratio"))
    return [
        Fact(_WORKED_IN[period], worked, "percentunit", 115, 3, quiet(_SHARE)),
        Fact(_SEEN_IN[period], seen, "percentunit", 160, 2, quiet(_COVERAGE)),
    ]


def _about(vi: str, en: str) -> Text:
    return Text(vi + _APPROXIMATE.vi, en + _APPROXIMATE.en)


def _official(house: House) -> list[Any]:
    return [
        house.row(Text("Chính thức, từ sổ ghi", "Official, from the ledger")),
        _missed(house, Text("Tháng này chưa đạt cam kết", "Below the objective this month"), "this_month"),
        _missed(house, Text("Tháng trước không đạt cam kết", "Below the objective last month"), "last_month"),
    ]


def _approximate(house: House) -> list[Any]:
    return [
        house.row(Text("Gần đúng, trong khoảng đang xem", "About, in the time shown")),
        house.tiles(
            Text("Hoạt động theo vai trò", "Uptime by role"),
            _about(
                "Phần thời gian dùng được trên thời gian đo được.", "The share of the measured time that things worked."
            ),
            [Query(_share("role", _WORKED, _KNOWN, *_THOSE, f'role="{role}"'), ROLES[role]) for role in Role],
            (24, 5),
            text="value_and_name",
            unit="percentunit",
            decimals=2,
            steps=_SHARE,
        ),
        house.tiles(
            Text("Chưa đạt cam kết", "Below the objective"),
            _about(_BELOW.vi, _BELOW.en),
            [Query(f"sum(({_share('instance, target', _WORKED, _KNOWN)}) < bool {_objective()})")],
            (6, 5),
            steps=RED_FROM_ONE,
            text="value",
        ),
        house.tiles(
            Text("Số lần hỏng", "Outages"),
            Text(
                "Mọi mục tiêu đã chọn hỏng bao nhiêu lần trong khoảng đang xem.",
                "How often all that is chosen went down in the time shown.",
            ),
            [Query(f"sum({_went_down()})")],
            (6, 5),
            decimals=0,
            text="value",
        ),
        house.tiles(
            Text("Đo được bao nhiêu", "Coverage"),
            Text(
                "Phần thời gian mà trạng thái được biết. Thấp thì các số bên cạnh chưa đáng tin.",
                "The share of the time in which the state was known. When low, do not trust the others.",
            ),
            [Query(_share("", _KNOWN, _ALL))],
            (6, 5),
            unit="percentunit",
            decimals=2,
            steps=_COVERAGE,
            text="value",
        ),
        house.tiles(
            Text("Tổng thời gian hỏng", "Time down in all"),
            Text("Giờ:phút:giây, cộng mọi mục tiêu đã chọn.", "Hours:minutes:seconds, all that is chosen together."),
            [Query(_spent("", "down"))],
            (6, 5),
            unit="dthms",
            text="value",
        ),
    ]


def _table(house: House) -> Any:
    facts = Facts(house, _THOSE)
    share = Text("Hoạt động", "Uptime")
    worked = _share("instance, role, site, target", _WORKED, _KNOWN)
    budget = _left(_share("instance, target", _WORKED, _KNOWN))
    return facts.table(
        Text("Từng mục tiêu trong khoảng đang xem", "Target by target in the time shown"),
        _about(
            "Thấp nhất ở trên cùng. Hạn mức lỗi: phần thời gian hỏng mà mục tiêu còn cho phép; dưới 0 % là không đạt.",
            "The lowest first. Error budget: what the objective still allows to be down; below 0 % it is broken.",
        ),
        [
            Fact(share, worked, "percentunit", 115, 2, quiet(_SHARE)),
            Fact(_OBJECTIVE, _objective(), "percentunit", 100, 2),
            Fact(_BUDGET, budget, "percentunit", 155, 0, _LEFT),
            facts.role(),
            Fact(
                Text("Đo được", "Coverage"),
                _share("instance, target", _KNOWN, _ALL),
                "percentunit",
                110,
                2,
                quiet(_COVERAGE),
            ),
            Fact(Text("Số lần hỏng", "Outages"), f"max by (instance, target) ({_went_down()})", "", 110, 0),
            Fact(
                Text("Thời gian hỏng", "Time down"),
                _spent("instance, target", "down"),
                "dthms",
                130,
            ),
            Fact(Text("Từ khi máy giám sát chạy", "Since the agent started"), _since_start(), "percentunit", 0, 2),
        ],
        (24, 14),
        sort=((share, False),),
        past=True,
    )


def _burning(house: House) -> Any:
    worked, known = (
        f"sum by (instance, target)"
        f" (increase({shown('sansang_target_state_seconds_total', matcher, *_THOSE)}[{_BURN_WINDOW}]))"
        for matcher in (f'state=~"{_WORKED}"', f'state=~"{_KNOWN}"')
    )
    allowed = f"(1 - max by (instance, target) ({shown('sansang_target_slo_ratio', *_THOSE)}))"
    burnt = f"((1 - {worked} / ({known} > 0)) / ({allowed} > 0) > 0)"
    return house.lines(
        Text("Tốc độ tiêu hạn mức lỗi", "How fast the error budget burns"),
        _about(
            "Tính trên 6 giờ gần nhất của mỗi điểm: 1 là vừa đúng mức cam kết cho phép; 10 mà kéo dài thì ba ngày là"
            " hết hạn mức cả tháng. Không có dữ liệu: không có gì hỏng, hoặc không ai giám sát.",
            "Over the 6 hours before each point: 1 is just what the objective allows; at 10 the budget of a month is"
            " gone in three days. No data: nothing was down, or nobody was watching.",
        ),
        [Query(q.named(burnt, "name"), "{{name}}")],
        (24, 8),
        unit="none",
        many=True,
        steps=((None, "green"), (1, "yellow"), (10, "red")),
    )


def _since_start() -> str:
    worked, known = (
        f"sum by (instance, target) ({shown('sansang_target_state_seconds_total', matcher, *_THOSE)})"
        for matcher in (f'state=~"{_WORKED}"', f'state=~"{_KNOWN}"')
    )
    return f"{worked} / ({known} > 0)"


def _outages(house: House) -> Any:
    history = f"({parts.state_history(*_THOSE)} and on (instance, target) ({_went_down()} > 0))"
    return house.timeline(
        Text("Hỏng lúc nào", "When it was down"),
        Text(
            "Chỉ những mục tiêu có hỏng trong khoảng đang xem.",
            "Only targets that went down in the time shown.",
        ),
        Query(q.named(history, "name"), "{{name}}"),
        (24, 12),
        none=Text("không có gì hỏng", "nothing was down"),
        value=State.UP,
    )
