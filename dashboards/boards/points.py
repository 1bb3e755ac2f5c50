"""Board *Điểm cầu*: all conference points with the quality of their lines, and one of them in detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.text import Text
from dashboards import queries as q
from dashboards.boards import links, summaries, target_queries, variables
from dashboards.boards.target_table import TargetColumn, TargetTable, quiet
from dashboards.boards.variables import PLACES
from dashboards.panels import PanelFactory, PanelQuery
from dashboards.queries import series
from dashboards.settings import BuildSettings
from dashboards.tables import PanelColumn, Steps

_POINTS = (PLACES, 'role="conference"')
_WAY = (PLACES, 'role=~"conference|uplink"')
_ONE = 'target="$point"'


@dataclass(frozen=True, slots=True)
class _Figure:
    """One quality figure of the line to a point: a column of the table, and a chart."""

    title: Text
    about: Text
    sample: str
    steps: Steps
    unit: str
    decimals: int
    worst: str = "max"
    width: int = 110
    most: float | None = None

    def by_site(self) -> str:
        """The worse value of the point and its site's uplink; a room that answers no pings has its uplink's value."""
        return f"{self.worst} by (instance, site) {target_queries.measured(self.sample, *_WAY)}"

    def by_point(self) -> str:
        """``by_site`` for each point that works: a dead room has no figure, however good its line."""
        works = f"{target_queries.working(*_POINTS)} * 0"
        return f"{self.worst} by (instance, target) ({works} + on (instance, site) group_left () {self.by_site()})"


def board(settings: BuildSettings) -> dict[str, Any]:
    """The board to look at before a meeting: which points are ready, which lines are bad."""
    panels = PanelFactory(settings)
    figures = _figures(settings)
    return panels.board(
        links.POINTS,
        Text("Điểm cầu", "Conference points"),
        Text(
            "Mọi điểm cầu: sẵn sàng chưa, đường truyền có đủ tốt để họp không; và một điểm cầu với mọi số đo.",
            "All conference points: are they ready, is the line good enough; and one point with all its figures.",
        ),
        [*variables.places(panels), variables.point(panels)],
        [*_all(panels, figures), *_chosen(panels)],
        annotations=variables.outages_and_maintenance(panels, _ONE),
    )


def _figures(settings: BuildSettings) -> tuple[_Figure, ...]:
    limits = settings.quality
    return (
        _Figure(
            Text("Trễ khứ hồi", "Round-trip time"),
            Text(
                "Quá vạch vàng thì nói chen nhau; quá vạch đỏ khó họp.",
                "Above yellow people talk into each other; above red a meeting is hard.",
            ),
            "sansang_rtt_seconds",
            summaries.worse_above(limits.rtt),
            "s",
            1,
        ),
        _Figure(
            Text("Biến động trễ", "Jitter"),
            Text("Quá vạch vàng thì tiếng rè, hình giật.", "Above yellow sound crackles and the picture jumps."),
            "sansang_jitter_seconds",
            summaries.worse_above(limits.jitter),
            "s",
            1,
        ),
        _Figure(
            Text("Mất gói", "Packet loss"),
            Text(
                "Từ vạch vàng hình bắt đầu vỡ, từ vạch đỏ khó họp. Đo ít gói thì không thấy mất mát nhỏ.",
                "From yellow the picture breaks up, from red a meeting is hard. Few packets cannot show a small loss.",
            ),
            "sansang_packet_loss_ratio",
            summaries.worse_above(limits.loss),
            "percentunit",
            1,
            most=1,
        ),
        _Figure(
            Text("Chất lượng thoại MOS", "Voice quality MOS"),
            Text(
                "Ước lượng từ trễ, biến động và mất gói, từ 1 đến 4,5: dưới vạch xanh là kém, dưới vạch vàng khó nghe.",
                "Estimated from delay, jitter and loss, 1 to 4.5: poor below green, hard to follow below yellow.",
            ),
            "sansang_mos",
            summaries.worse_below(limits.mos),
            "none",
            1,
            worst="min",
            most=5,
            width=170,
        ),
    )


def _all(panels: PanelFactory, figures: Sequence[_Figure]) -> list[Any]:
    return [
        _table(panels, figures),
        *summaries.state_counts(
            panels,
            Text("Điểm cầu sẵn sàng", "Conference points ready"),
            Text("Số điểm cầu dùng được trên tổng số đã chọn.", "Conference points that work, of all that are chosen."),
            *_POINTS,
        ),
        panels.state_timeline(
            Text("Các điểm cầu theo thời gian", "Conference points over time"),
            Text(
                "Mỗi hàng một điểm cầu. Khoảng trống: không có máy nào giám sát.",
                "One row a point. A gap: no agent was watching.",
            ),
            PanelQuery(q.with_info(target_queries.state_history(*_POINTS), "name"), "{{name}}"),
            (24, 14),
        ),
        *(_chart(panels, figure) for figure in figures),
    ]


def _table(panels: PanelFactory, figures: Sequence[_Figure]) -> Any:
    table = TargetTable(panels, _POINTS)
    state = table.state()
    return table.build(
        Text("Từng điểm cầu", "Point by point"),
        Text(
            "Hỏng ở trên cùng. Số đo đường truyền là của điểm cầu và đường truyền tại đó, lấy số xấu hơn; điểm cầu"
            " không dùng được thì không có.",
            "Down comes first. Figures of the line are those of the point and of the uplink there, whichever is worse;"
            " a point that does not work has none.",
        ),
        [
            state,
            table.since(),
            *_signalling(table),
            *(TargetColumn(f.title, f.by_point(), f.unit, f.width, f.decimals, quiet(f.steps)) for f in figures),
            table.maintenance(),
            table.why(),
        ],
        (24, 12),
        sort=((state.title, False),),
    )


def _signalling(table: TargetTable) -> list[TargetColumn]:
    return [
        table.flag(
            Text("Đang họp?", "In a call?"),
            "sansang_point_in_use",
            Text("Đang họp", "In a call"),
            Text("Rảnh", "Free"),
            95,
        ),
        table.value(Text("Mã SIP", "SIP status"), "sansang_sip_status_code", width=85, decimals=0),
    ]


def _chart(panels: PanelFactory, figure: _Figure) -> Any:
    points = f"and on (instance, site) {target_queries.working(*_POINTS)}"
    query = PanelQuery(q.with_site(f"({figure.by_site()} {points})"), "{{place}}")
    return panels.time_series(
        figure.title,
        figure.about,
        [query],
        (12, 8),
        unit=figure.unit,
        steps=figure.steps,
        most=figure.most,
        many=True,
        least_first=figure.worst == "min",
    )


def _chosen(panels: PanelFactory) -> list[Any]:
    table = TargetTable(panels, (_ONE,))
    site = f"and on (instance, site) {series('sansang_target_state', _ONE)}"
    return [
        panels.row(Text("Điểm cầu đã chọn ở trên", "The point chosen above")),
        _one_line(table),
        panels.state_timeline(
            Text("Điểm cầu đã chọn và nơi đặt nó", "The chosen point and where it stands"),
            Text(
                "Mọi mục tiêu tại địa điểm đó: đứt ở đường truyền, mạng LAN hay phòng họp.",
                "Every target of that site: is it the line, the LAN or the room.",
            ),
            PanelQuery(q.short_name(f"({target_queries.state_history()} {site})"), "{{name}}"),
            (24, 7),
        ),
        panels.time_series(
            Text("Trễ của điểm cầu đã chọn", "Round trip of the chosen point"),
            Text(
                "Trung bình mỗi lần đo của điểm cầu và các thiết bị tại đó.",
                "The mean of each run, of the point and the devices there.",
            ),
            [PanelQuery(q.short_name(f"({target_queries.measured('sansang_rtt_seconds')} {site})"), "{{name}}")],
            (12, 8),
            unit="s",
            many=True,
            steps=summaries.worse_above(panels.settings.quality.rtt),
        ),
        _failures(panels),
    ]


def _one_line(table: TargetTable) -> Any:
    return table.build(
        Text("Mọi số đo của điểm cầu đã chọn", "Everything measured of the chosen point"),
        Text("Ô có dấu – là điểm cầu này không đo số đó.", "A dash stands where this point has no such figure."),
        [
            table.state(),
            table.since(),
            table.maintenance(),
            *_signalling(table),
            table.value(Text("Trễ", "RTT"), "sansang_rtt_seconds", "s", 80, decimals=1),
            table.value(Text("Kết nối TCP", "TCP connect"), "sansang_tcp_connect_seconds", "s", 105, decimals=1),
            table.value(Text("Đo mất", "Run took"), "sansang_probe_duration_seconds", "s", 85, decimals=1),
            table.count(Text("Số lần đo", "Runs"), "sansang_probes_total", 90),
            table.count(Text("Lần hỏng", "Failed runs"), "sansang_probe_failures_total", 95),
            table.certificate(),
            table.probed(),
            table.why(),
        ],
        (24, 4),
    )


def _failures(panels: PanelFactory) -> Any:
    failed = f"increase({series('sansang_probe_failure_reasons_total', _ONE)}[$__range])"
    count = Text("Số lần", "How often")
    return panels.table(
        Text("Vì sao các lần đo hỏng", "Why runs failed"),
        Text(
            "Mọi lần đo hỏng của điểm cầu đã chọn trong khoảng đang xem, cả những lần chưa thành sự cố.",
            "All failed runs of the chosen point in the time shown, also those that became no outage.",
        ),
        [PanelQuery(f"sum by (why) ({target_queries.with_why(failed)}) > 0")],
        [
            PanelColumn("Value #A", count, width=90, decimals=0),
            PanelColumn("why", Text("Vì sao", "Why"), mappings=summaries.reason_mappings(panels), wrapped=True),
        ],
        (12, 8),
        key="why",
        sort=((count, True),),
    )
