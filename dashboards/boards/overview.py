"""Board *Tổng quan*: readiness, what is down since when, the conference points over the day, services, the agent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.explain.labels import ROLES, STATES
from agent.model import Role, State
from agent.text import Text
from dashboards import queries as q
from dashboards.boards import agent_panels, alerts, links, summaries, target_queries, variables
from dashboards.boards.target_table import NAME_WIDTH, TargetTable
from dashboards.display_values import DASH, MAINTENANCE, UP_LAST
from dashboards.panels import (
    K_OF_N,
    MAINTENANCE_COLOUR,
    PURPLE_FROM_ONE,
    RED_FROM_ONE,
    YELLOW_FROM_ONE,
    PanelFactory,
    PanelQuery,
)
from dashboards.queries import series
from dashboards.settings import BuildSettings
from dashboards.tables import DataLink, PanelColumn, Steps

_NOT_HEARD = "agent.silent"
_UNKNOWN_SINCE = 1000
"""Factor from seconds to milliseconds; also the value of a start that is not known (1 s)."""
_SERVICES = 'role=~"one-stop|portal|service"'
_DOWN = (
    f"({series('sansang_target_state_since_timestamp_seconds')} * 1000"
    f" and on (instance, target) {series('sansang_target_up')} == 0"
    f" and on (instance, target) {series('sansang_target_upstream_down')} == 0)"
)


def board(settings: BuildSettings) -> dict[str, Any]:
    """The board for the first look of the day and for a wall screen."""
    panels = PanelFactory(settings)
    return panels.board(
        links.OVERVIEW,
        Text("Tổng quan", "Overview"),
        Text(
            "Hạ tầng đã sẵn sàng chưa: đang hỏng gì, từ bao giờ, vì sao.",
            "Is everything ready: what is down, since when, and why.",
        ),
        [variables.agents(panels)],
        [
            agent_panels.last_scraped(panels, (6, 4)),
            _down(panels),
            *_ready(panels),
            alerts.firing_alerts(panels, 6),
            *_conference(panels),
            *_services(panels),
            *_agent(panels),
        ],
        annotations=variables.outages_and_maintenance(panels, 'role="conference"'),
    )


def _ready(panels: PanelFactory) -> list[Any]:
    unknown = Text(
        "Không đo được, nên không tính là tốt hay hỏng: thường do đường truyền của chính máy giám sát.",
        "Could not be measured, so neither ready nor down: usually the agent's own line.",
    )
    return [
        panels.stat(
            Text("Điểm cầu sẵn sàng", "Conference points ready"),
            Text(
                "Số điểm cầu dùng được trên tổng số. Đỏ khi có điểm hỏng.",
                "Conference points that work, of all. Red when one is down.",
            ),
            [PanelQuery(q.ready("role", 'role="conference"'), "{{k}}/{{n}}")],
            (6, 4),
            steps=K_OF_N,
            text="name",
            link=links.link_to(links.POINTS),
        ),
        _count(
            panels,
            STATES[State.DOWN],
            Text("Số mục tiêu đang hỏng.", "Targets that are down now."),
            "down",
            RED_FROM_ONE,
        ),
        _count(
            panels,
            STATES[State.DEGRADED],
            Text("Dùng được nhưng ngoài ngưỡng chất lượng.", "They work, outside their limits."),
            "degraded",
            YELLOW_FROM_ONE,
        ),
        _count(panels, STATES[State.UNKNOWN], unknown, "unknown", PURPLE_FROM_ONE, link=links.link_to(links.LINES)),
        summaries.maintenance_count(panels, 4, height=4),
        panels.stat(
            Text("Sẵn sàng theo cấp", "Ready by level"),
            Text(
                "Mọi mục tiêu của các đơn vị từng cấp: số dùng được trên tổng số. Đỏ khi có mục tiêu hỏng.",
                "All targets of the units of each level: how many work, of all. Red when one is down.",
            ),
            [PanelQuery(_by_level(panels), "{{name}}{{k}}/{{n}}")],
            (8, 4),
            steps=K_OF_N,
            text="name",
        ),
        _by_role(panels),
    ]


def _by_role(panels: PanelFactory) -> Any:
    """Tiles of all roles but conference points, which have a tile of their own."""
    roles = [role for role in Role if role is not Role.CONFERENCE]
    return panels.stat(
        Text("Sẵn sàng theo vai trò", "Ready by role"),
        Text(
            "Số mục tiêu dùng được trên tổng số, từng vai trò. Đỏ khi có mục tiêu hỏng.",
            "How many targets work, of all, role by role. Red when one is down.",
        ),
        [
            PanelQuery(q.ready("role", f'role="{role}"'), f"{panels.localized(ROLES[role])} {{{{k}}}}/{{{{n}}}}")
            for role in roles
        ],
        (24, 6),  # on a phone two rows of tiles; a lower panel has one row that nobody can read
        steps=K_OF_N,
        text="name",
    )


def _by_level(panels: PanelFactory) -> str:
    names = {level.id: level.names[panels.settings.language] for level in panels.settings.levels}
    return q.with_display_name(q.ready("level", of="sansang_unit_info"), "level", names)


def _count(
    panels: PanelFactory, title: Text, about: Text, state: str, steps: Steps, *, link: DataLink | None = None
) -> Any:
    count = q.targets("", state)
    return panels.stat(
        title,
        about,
        [PanelQuery(q.or_silent(count if state == "unknown" else q.unsure(count, q.targets("", "unknown"))))],
        (4, 4),
        steps=steps,
        mappings=panels.count_mappings(),
        text="value",
        link=link,
    )


def _down(panels: PanelFactory) -> Any:
    since, at_site = Text("Từ lúc", "Since"), Text("Hỏng tại đó", "Down there")
    busy = series("sansang_target_in_maintenance")
    down_there = f"count by (instance, site) ({q.without_snmp_checks(series('sansang_target_up'))} == 0)"
    return panels.table(
        Text("Đang hỏng, nặng nhất trước", "Down now, worst first"),
        Text(
            "Mỗi dòng một nguyên nhân; máy giám sát không trả lời cũng là một dòng. Nơi chỉ mất liên lạc vì đường"
            " truyền phía trước hỏng không kể riêng, chỉ tính vào cột Hỏng tại đó. Bấm vào tên để xem địa điểm.",
            "One line a cause; an agent that does not answer has one too. What is only cut off because a line"
            " before it is down is not listed, only counted under Down there. Click a name to see the site.",
        ),
        [
            PanelQuery(q.line(f"({_causes()} or {_silent()})")),
            PanelQuery(
                q.line(f"max by (instance, target) ({_DOWN} * 0 + on (instance, site) group_left () {down_there})")
            ),
            PanelQuery(q.line(f"max by (instance, target) ({_DOWN} * 0 + on (instance, target) {busy})")),
        ],
        [
            PanelColumn("name", Text("Mục tiêu", "Target"), width=NAME_WIDTH, link=links.SITE_LINK),
            PanelColumn(
                "Value #A",
                since,
                unit="time:HH:mm DD/MM",
                width=120,
                mappings=panels.value_mappings([(_UNKNOWN_SINCE, DASH, "")]),
            ),
            PanelColumn("Value #B", at_site, width=110, steps=((None, "orange"), (2, "red")), coloured=True),
            PanelColumn("role", Text("Vai trò", "Role"), width=130, mappings=summaries.role_mappings(panels)),
            PanelColumn(
                "Value #C",
                MAINTENANCE,
                width=110,
                mappings=panels.value_mappings([(1, MAINTENANCE, MAINTENANCE_COLOUR), (0, "–", "transparent")]),
                steps=((None, "transparent"),),
                coloured=True,
            ),
            PanelColumn("why", Text("Vì sao", "Why"), mappings=_reasons(panels), wrapped=True),
        ],
        (18, 8),
        key=q.LINE,
        hidden=("site",),
        sort=((at_site, True), (since, False)),
        empty=Text("không có mục tiêu nào đang hỏng", "no target is down"),
    )


def _causes() -> str:
    """Start of each outage that is not explained by a parent, with name and reason."""
    reasons = f"* on (instance, target) group_left (reason) {series('sansang_target_down_reason')}"
    return target_queries.with_why(f"{q.with_unique_name(_DOWN)} {reasons}")


def _silent() -> str:
    """Last scrape of each silent agent: its targets are in no other line."""
    since = f"({q.silent_since()} or on () {q.no_agent()}) * {_UNKNOWN_SINCE}"
    named = q.label_from(q.label_from(since, "target", "instance"), "name", "instance")
    return f'label_replace({named}, "why", "{_NOT_HEARD}", "", "")'


def _reasons(panels: PanelFactory) -> Any:
    silent = Text(
        "Máy giám sát không trả lời: không ai biết những gì nó canh đang tốt hay hỏng.",
        "The agent does not answer: nobody knows whether what it watches is well or down.",
    )
    return [*summaries.reason_mappings(panels), *panels.value_mappings([(_NOT_HEARD, silent, "")])]


def _conference(panels: PanelFactory) -> list[Any]:
    history = target_queries.state_history('role="conference"')
    return [
        panels.state_timeline(
            Text("Các điểm cầu trong ngày", "Conference points over the day"),
            Text(
                "Mỗi hàng một điểm cầu: lúc nào tốt, kém, hỏng, chưa rõ. Khoảng trống: không có máy nào giám sát.",
                "One row a point: when it was up, degraded, down, unknown. A gap: no agent was watching.",
            ),
            PanelQuery(q.with_info(history, "name"), "{{name}}"),
            (24, 14),
        )
    ]


def _services(panels: PanelFactory) -> list[Any]:
    table = TargetTable(panels, (_SERVICES,))
    state = table.state()
    expiry = f"min by (instance, target, site) ({series('sansang_tls_expiry_timestamp_seconds')})"
    return [
        panels.row(Text("Dịch vụ", "Services")),
        table.build(
            Text("Dịch vụ chưa tốt", "Services that are not well"),
            Text(
                "Một cửa, cổng và dịch vụ đang hỏng, kém hoặc chưa rõ; dịch vụ tốt không kể ở đây.",
                "One-stop shops, portals and services that are down, degraded or unknown; the others are left out.",
            ),
            [replace(state, expr=f"({state.expr} != {UP_LAST})", width=170), table.role()],
            (12, 9),
            sort=((state.title, False),),
            empty=Text("mọi dịch vụ đều tốt", "every service is well"),
            with_silent_agents=True,
        ),
        panels.stat(
            Text("Chứng thư số còn bao nhiêu ngày", "Days left on certificates"),
            Text("Đỏ dưới 7 ngày, vàng dưới 21 ngày.", "Red below 7 days, yellow below 21."),
            [PanelQuery(q.with_info(target_queries.days_left(expiry), "name"), "{{name}}")],
            (5, 9),
            steps=((None, "red"), (7, "yellow"), (21, "green")),
            decimals=0,
        ),
        panels.time_series(
            Text("Thời gian đến byte đầu tiên", "Time to first byte"),
            Text("Trang bắt đầu trả lời sau bao lâu.", "How long until a page begins to answer."),
            [PanelQuery(q.with_info(series("sansang_http_first_byte_seconds"), "name"), "{{name}}")],
            (7, 9),
            unit="s",
            many=True,
        ),
    ]


def _agent(panels: PanelFactory) -> list[Any]:
    return [
        panels.row(Text("Máy giám sát", "The agent itself")),
        agent_panels.conditions(panels, 10),
        agent_panels.paths(panels, 6),
        agent_panels.lateness(panels, (8, 5)),
    ]
