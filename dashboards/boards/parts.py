"""What several boards show in the same way: their addresses, counts, reasons in words, states and figures over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.explain.reasons import with_verdict
from agent.explain.texts import explain
from agent.explain.words import ROLES, STATES
from agent.model import Role, State, Verdict
from agent.text import Text
from dashboards import queries as q
from dashboards.display_values import CUT_OFF, DASH, MAINTENANCE
from dashboards.panels import (
    BLUE_FROM_ONE,
    K_OF_N,
    PURPLE_FROM_ONE,
    RED_FROM_ONE,
    YELLOW_FROM_ONE,
    PanelFactory,
    PanelQuery,
)
from dashboards.queries import series
from dashboards.settings import Limit
from dashboards.tables import DataLink, Steps

OVERVIEW = "sansang-overview"
POINTS = "sansang-points"
SERVICES = "sansang-services"
LINES = "sansang-lines"
SITE = "sansang-site"
UPTIME = "sansang-uptime"
MONITOR = "sansang-monitor"

_AT_SITE = Text("Xem địa điểm này", "Look at this site")
_SITE = f"/d/{SITE}?var-site=${{__data.fields.site}}&${{__url_time_range}}&var-datasource=${{datasource}}"
SITE_LINK = DataLink(_AT_SITE, _SITE)
PLACE_LINK = DataLink(Text("Xem nơi này", "Look at this place"), _SITE.replace(SITE, "${__data.fields.board}", 1))
"""To the board that the line's own field ``board`` names."""


_CHOSEN = "&${agent:queryparam}&${__url_time_range}&var-datasource=${datasource}"
POINT_LINK = DataLink(
    Text("Mọi số đo của điểm cầu này", "Everything measured of this point"),
    f"/d/{POINTS}?var-point=${{__field.labels.target}}{_CHOSEN}",
)
LINES_LINK = DataLink(
    Text("Đường truyền của địa điểm này", "The lines of this site"),
    f"/d/{LINES}?var-place=${{__field.labels.site}}{_CHOSEN}",
)
SITE_UPTIME_LINK = DataLink(
    Text("Tỷ lệ hoạt động của địa điểm này", "The uptime of this site"),
    f"/d/{UPTIME}?var-place=${{__field.labels.site}}{_CHOSEN.replace('&${__url_time_range}', '')}",
)
"""Without the time: that board has its own, the month."""


def link_to(board: str) -> DataLink:
    """To another board, for the same agents and times."""
    url = f"/d/{board}?${{agent:queryparam}}&${{__url_time_range}}&var-datasource=${{datasource}}"
    return DataLink(Text("Mở bảng chi tiết", "Open the board with more of it"), url)


def standing(panels: PanelFactory, title: Text, about: Text, *matchers: str) -> list[Any]:
    """One line of tiles: k/n of these targets, and how many are down, degraded, unknown, in maintenance."""
    state = series("sansang_target_state", *matchers)
    return [
        panels.stat(title, about, [PanelQuery(ready_of(*matchers), "{{k}}/{{n}}")], (8, 5), steps=K_OF_N, text="name"),
        *(
            panels.stat(
                STATES[which],
                said,
                [PanelQuery(_counted(state, which))],
                (4, 5),
                steps=steps,
                mappings=panels.count_mappings(),
                text="value",
            )
            for which, said, steps in _COUNTED
        ),
        maintenance(panels, 4, *matchers),
    ]


def _counted(state: str, which: State) -> str:
    count, unknown = (f"sum({state} == bool {each})" for each in (which, State.UNKNOWN))
    return q.or_silent(count if which is State.UNKNOWN else q.unsure(count, unknown))


_COUNTED = (
    (State.DOWN, Text("Bao nhiêu đang hỏng.", "How many are down."), RED_FROM_ONE),
    (
        State.DEGRADED,
        Text("Dùng được nhưng ngoài ngưỡng chất lượng.", "They work, outside their limits."),
        YELLOW_FROM_ONE,
    ),
    (
        State.UNKNOWN,
        Text("Không đo được: không tính là tốt hay hỏng.", "Not measured: neither ready nor down."),
        PURPLE_FROM_ONE,
    ),
)


def ready_of(*matchers: str) -> str:
    """How many of these targets are down, with k (up or degraded) and n (all) as labels."""
    state = series("sansang_target_state", *matchers)
    ready = f"(sum({state} == bool {State.UP}) + sum({state} == bool {State.DEGRADED}))"
    down, unknown = (f"sum({state} == bool {which})" for which in (State.DOWN, State.UNKNOWN))
    return q.or_silent(q.k_of_n("", ready, f"count({state})", down, unknown), k=DASH, n=DASH)


def maintenance(panels: PanelFactory, width: int, *matchers: str, height: int = 5) -> Any:
    """How many are in maintenance; a mark beside the state, not a state."""
    return panels.stat(
        MAINTENANCE,
        Text(
            "Bao nhiêu mục tiêu đang trong đợt bảo trì đã báo trước. Trạng thái của chúng vẫn được đo như thường.",
            "How many targets are in a maintenance window announced before. Their state is measured as always.",
        ),
        [PanelQuery(q.or_silent(f"sum({series('sansang_target_in_maintenance', *matchers)})"))],
        (width, height),
        steps=BLUE_FROM_ONE,
        text="value",
    )


def above(limit: Limit) -> Steps:
    """Colours for figures of which more is worse."""
    return ((None, "green"), (limit.warn, "yellow"), (limit.bad, "red"))


def below(limit: Limit) -> Steps:
    """Colours for figures of which less is worse."""
    return ((None, "red"), (limit.bad, "yellow"), (limit.warn, "green"))


def why(expr: str) -> str:
    """With the label ``why``: role and reason, which ``explanations`` puts into words."""
    return f'label_join({expr}, "why", ".", "role", "reason")'


def explanations(panels: PanelFactory) -> Sequence[dict[str, Any]]:
    """The sentence for every role and every reason that a target can be down for, as `sansang check` says it."""
    failed, language = with_verdict(Verdict.FAILED), panels.settings.language
    return panels.value_mappings(
        [(f"{role}.{reason}", explain(role, reason, language).what, "") for role in Role for reason in failed]
    )


def state_history(*matchers: str) -> str:
    """The worst confirmed state of each step, so that a short outage is not lost; of its own kind where cut off."""
    state, parent = (
        f"{series(name, *matchers)}[$__rate_interval]"
        for name in ("sansang_target_state", "sansang_target_upstream_down")
    )
    down = f"(min_over_time({state}) == bool {State.DOWN})"
    worst = f"max_over_time({state}) * (1 - {down})"  # of the others the higher number is the worse
    cut_off = f"{down} * on (instance, target) max_over_time({parent})"
    return f"({worst} + on (instance, target) group_left () {CUT_OFF} * {cut_off})"


def state_or_cut_off(*matchers: str) -> str:
    """The state, but of its own kind where a target is down only because its parent is."""
    state, parent = (series(name, *matchers) for name in ("sansang_target_state", "sansang_target_upstream_down"))
    cut_off = f"({state} == bool {State.DOWN}) * on (instance, target) {parent}"
    return f"({state} + on (instance, target) group_left () ({CUT_OFF} * {cut_off}))"


_LOSS = "sansang_packet_loss_ratio"


def measured(sample: str, *matchers: str) -> str:
    """A figure of the last run, of targets that are neither unknown nor cut off: of those it says nothing.

    A loss is only one of targets that work, and less than all: of a line that answers nothing the state tells.
    """
    if sample == _LOSS:
        return f"({series(sample, *matchers)} < 1 and on (instance, target) {working(*matchers)})"
    known = f"{series('sansang_target_state', *matchers)} != {State.UNKNOWN}"
    cut_off = f"{series('sansang_target_upstream_down', *matchers)} == 1"
    return f"({series(sample, *matchers)} and on (instance, target) {known} unless on (instance, target) {cut_off})"


def working(*matchers: str) -> str:
    """The state, of targets that are up or degraded."""
    return f"({series('sansang_target_state', *matchers)} > {State.DOWN} < {State.UNKNOWN})"


def days_left(expr: str) -> str:
    """Days until an instant."""
    return f"({expr} - time()) / 86400"


def roles(panels: PanelFactory) -> Sequence[dict[str, Any]]:
    """Roles as people say them."""
    return panels.value_mappings([(role.value, words, "") for role, words in ROLES.items()])
