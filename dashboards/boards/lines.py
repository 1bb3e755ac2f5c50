"""Mạng LAN & đường truyền: uplinks, what is behind them, and the agent's own paths."""

from __future__ import annotations

from typing import Any

from agent.model import Role
from agent.text import Text
from dashboards import queries as q
from dashboards.boards import agent_panels, choices, parts
from dashboards.boards.choices import PLACES
from dashboards.boards.facts import Fact, Facts
from dashboards.library import K_OF_N, House, Query
from dashboards.settings import Settings

_UPLINKS = (PLACES, f'role="{Role.UPLINK}"')
_LAN = (PLACES, f'role="{Role.LAN}"')


def board(settings: Settings) -> dict[str, Any]:
    """Is it the provider's line, the office's network, or the agent itself."""
    house = House(settings)
    return house.board(
        parts.LINES,
        Text("Mạng LAN & đường truyền", "LAN & lines"),
        Text(
            "Đường truyền nào đứt hay kém, thiết bị nào trong mạng LAN hỏng, và máy giám sát có nhìn thấy không.",
            "Which line is cut or bad, which device of a LAN is down, and whether the agent itself can see.",
        ),
        choices.places(house),
        [*_uplinks(house), *_charts(house), *_lan(house), *_paths(house)],
        marks=choices.marks(house, *_UPLINKS),
    )


def _uplinks(house: House) -> list[Any]:
    facts = Facts(house, _UPLINKS)
    state = facts.state()
    return [
        facts.table(
            Text("Từng đường truyền", "Line by line"),
            Text(
                "Hỏng ở trên cùng. Im lặng mà vẫn thông: thiết bị không trả lời ping nhưng nơi phía sau vẫn trả lời.",
                "Down comes first. Silent but passing: it answers no ping, and yet what is behind it answers.",
            ),
            [state, facts.since(), *_figures(facts), _passing(facts), facts.maintenance(), facts.why()],
            (24, 11),
            sort=((state.title, False),),
        ),
        *parts.standing(
            house,
            Text("Đường truyền dùng được", "Uplinks that work"),
            Text("Số đường truyền dùng được trên tổng số đã chọn.", "Uplinks that work, of all that are chosen."),
            *_UPLINKS,
        ),
        house.timeline(
            Text("Đường truyền theo thời gian", "Uplinks over time"),
            Text(
                "Mỗi hàng một đường truyền. Khoảng trống: không có máy nào giám sát.",
                "One row a line. A gap: no agent was watching.",
            ),
            Query(q.named(parts.state_history(*_UPLINKS), "name"), "{{name}}"),
            (24, 14),
        ),
    ]


def _figures(facts: Facts) -> list[Fact]:
    limits = facts.house.settings.quality
    rtt, jitter, loss = (parts.above(limit) for limit in (limits.rtt, limits.jitter, limits.loss))
    lost = Text("Mất gói", "Loss")
    return [
        facts.value(Text("Trễ", "RTT"), "sansang_rtt_seconds", "s", 80, decimals=1, steps=rtt),
        facts.value(Text("Biến động trễ", "Jitter"), "sansang_jitter_seconds", "s", 115, decimals=1, steps=jitter),
        facts.value(lost, "sansang_packet_loss_ratio", "percentunit", 85, decimals=0, steps=loss),
        facts.value(Text("TTL trả về", "Reply TTL"), "sansang_reply_hop_limit", width=95, decimals=0),
    ]


def _passing(facts: Facts) -> Fact:
    title, yes = Text("Im lặng mà vẫn thông", "Silent but passing"), Text("Vẫn thông", "Passing")
    return facts.flag(title, "sansang_target_silent_but_passing", yes, width=170)


def _charts(house: House) -> list[Any]:
    limits = house.settings.quality
    return [
        house.lines(
            Text("Trễ của đường truyền", "Round trip of the lines"),
            Text("Tăng dần lên là đường truyền quá tải.", "Creeping up means that the line is overloaded."),
            [Query(q.named(parts.measured("sansang_rtt_seconds", *_UPLINKS), "name"), "{{name}}")],
            (12, 9),
            unit="s",
            many=True,
            steps=parts.above(limits.rtt),
        ),
        house.lines(
            Text("Mất gói trên đường truyền", "Loss on the lines"),
            Text("Mất ít mà kéo dài là đường truyền kém.", "A small loss that lasts is a bad line."),
            [Query(q.named(parts.measured("sansang_packet_loss_ratio", *_UPLINKS), "name"), "{{name}}")],
            (12, 9),
            unit="percentunit",
            many=True,
            steps=parts.above(limits.loss),
            most=1,
        ),
    ]


def _lan(house: House) -> list[Any]:
    facts = Facts(house, _LAN)
    state = facts.state()
    return [
        house.row(Text("Mạng LAN tại các địa điểm", "The LANs of the sites")),
        house.tiles(
            Text("Thiết bị LAN dùng được", "LAN devices that work"),
            Text(
                "Số thiết bị dùng được trên tổng số. Đỏ khi có thiết bị hỏng.",
                "How many work, of all. Red when one is down.",
            ),
            [Query(parts.ready_of(*_LAN), "{{k}}/{{n}}")],
            (6, 12),
            steps=K_OF_N,
            text="name",
        ),
        facts.table(
            Text("Từng thiết bị trong mạng LAN", "Device by device"),
            Text(
                "Hỏng ở trên cùng; bị kéo theo: chỉ vì đường truyền phía trước hỏng.",
                "Down comes first; cut off: only because the line before it is down.",
            ),
            [state, facts.since(), *_figures(facts)[:3], facts.why()],
            (18, 12),
            sort=((state.title, False),),
        ),
    ]


def _paths(house: House) -> list[Any]:
    return [
        house.row(Text("Máy giám sát có nhìn thấy không", "Can the agent see")),
        agent_panels.paths(house, 24),
        agent_panels.path_history(house),
    ]
