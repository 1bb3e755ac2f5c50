"""Counts of targets by state; names of roles and reasons, and colours of limits, for several boards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.explain.labels import ROLES, STATES
from agent.explain.reasons import with_verdict
from agent.explain.texts import explain
from agent.model import Role, State, Verdict
from agent.text import Text
from dashboards import queries as q
from dashboards.boards.target_queries import ready_of_all
from dashboards.display_values import MAINTENANCE
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
from dashboards.tables import Steps


def state_counts(panels: PanelFactory, title: Text, about: Text, *matchers: str) -> list[Any]:
    """One row of tiles: k/n of these targets, and how many are down, degraded, unknown, in maintenance."""
    state = series("sansang_target_state", *matchers)
    return [
        panels.stat(
            title, about, [PanelQuery(ready_of_all(*matchers), "{{k}}/{{n}}")], (8, 5), steps=K_OF_N, text="name"
        ),
        *(
            panels.stat(
                STATES[counted],
                about_state,
                [PanelQuery(_count(state, counted))],
                (4, 5),
                steps=steps,
                mappings=panels.count_mappings(),
                text="value",
            )
            for counted, about_state, steps in _COUNTS
        ),
        maintenance_count(panels, 4, *matchers),
    ]


def _count(state: str, counted: State) -> str:
    count, unknown = (f"sum({state} == bool {value})" for value in (counted, State.UNKNOWN))
    return q.or_silent(count if counted is State.UNKNOWN else q.unsure(count, unknown))


_COUNTS = (
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


def maintenance_count(panels: PanelFactory, width: int, *matchers: str, height: int = 5) -> Any:
    """Number of targets in maintenance, which is an overlay and not a state."""
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


def worse_above(limit: Limit) -> Steps:
    """Steps for figures of which more is worse."""
    return ((None, "green"), (limit.warn, "yellow"), (limit.bad, "red"))


def worse_below(limit: Limit) -> Steps:
    """Steps for figures of which less is worse."""
    return ((None, "red"), (limit.bad, "yellow"), (limit.warn, "green"))


def reason_mappings(panels: PanelFactory) -> Sequence[dict[str, Any]]:
    """Mappings from role and reason to the sentence that `sansang check` has for it."""
    failed, language = with_verdict(Verdict.FAILED), panels.settings.language
    return panels.value_mappings(
        [(f"{role}.{reason}", explain(role, reason, language).what, "") for role in Role for reason in failed]
    )


def role_mappings(panels: PanelFactory) -> Sequence[dict[str, Any]]:
    """Mappings from roles to their names."""
    return panels.value_mappings([(role.value, words, "") for role, words in ROLES.items()])
