"""Board *Một cửa & cổng*: states, response times and certificates of one-stop shops, portals and services; DNS."""

from __future__ import annotations

from typing import Any

from agent.model import Role
from agent.text import Text
from dashboards import queries as q
from dashboards.boards import links, summaries, target_queries, variables
from dashboards.boards.target_table import TargetColumn, TargetTable
from dashboards.boards.variables import PLACES
from dashboards.panels import PanelFactory, PanelQuery
from dashboards.queries import series
from dashboards.settings import BuildSettings

_ROLES = (Role.ONE_STOP, Role.PORTAL, Role.SERVICE)
_SERVICES = (PLACES, f'role=~"{"|".join(_ROLES)}"', 'role=~"$role"')
_PHASES = {
    "resolve": Text("Tìm tên miền", "Name"),
    "connect": Text("Kết nối", "Connect"),
    "tls": Text("Bắt tay TLS", "TLS"),
    "processing": Text("Máy chủ xử lý", "Server"),
    "transfer": Text("Truyền trang", "Transfer"),
}
_RCODES = (
    (0, Text("Có trả lời", "Answered"), ""),
    (2, Text("Máy chủ tên miền lỗi (SERVFAIL)", "Server failed (SERVFAIL)"), "red"),
    (3, Text("Không có tên này (NXDOMAIN)", "No such name (NXDOMAIN)"), "red"),
    (5, Text("Bị từ chối (REFUSED)", "Refused (REFUSED)"), "red"),
)


def board(settings: BuildSettings) -> dict[str, Any]:
    """The board of the services that citizens use."""
    panels = PanelFactory(settings)
    return panels.board(
        links.SERVICES,
        Text("Một cửa & cổng", "One-stop shop & portals"),
        Text(
            "Một cửa, cổng thông tin và dịch vụ: có phục vụ không, chậm ở đâu, chứng thư số của ai sắp hết hạn.",
            "One-stop shops, portals and services: do they serve, where are they slow, whose certificate runs out.",
        ),
        [*variables.places(panels), variables.roles(panels, _ROLES)],
        [_table(panels), *_states(panels), *_times(panels), *_names(panels)],
        annotations=variables.outages_and_maintenance(panels, *_SERVICES),
    )


def _states(panels: PanelFactory) -> list[Any]:
    return [
        *summaries.state_counts(
            panels,
            Text("Dịch vụ dùng được", "Services that work"),
            Text("Số dịch vụ dùng được trên tổng số đã chọn.", "Services that work, of all that are chosen."),
            *_SERVICES,
        ),
        panels.state_timeline(
            Text("Các dịch vụ theo thời gian", "Services over time"),
            Text(
                "Mỗi hàng một dịch vụ. Khoảng trống: không có máy nào giám sát.",
                "One row a service. A gap: no agent was watching.",
            ),
            PanelQuery(q.with_info(target_queries.state_history(*_SERVICES), "name"), "{{name}}"),
            (24, 9),
        ),
    ]


def _table(panels: PanelFactory) -> Any:
    table = TargetTable(panels, _SERVICES)
    state = table.state()
    return table.build(
        Text("Từng dịch vụ", "Service by service"),
        Text(
            "Hỏng ở trên cùng. Chứng thư: đỏ dưới 7 ngày, vàng dưới 21 ngày; dịch vụ im lặng thì không thấy được.",
            "Down comes first. Certificates: red below 7 days, yellow below 21; one that does not answer shows none.",
        ),
        [
            state,
            table.since(),
            table.role(),
            table.value(Text("Mã HTTP", "HTTP status"), "sansang_http_status_code", width=95, decimals=0),
            table.value(Text("Byte đầu", "First byte"), "sansang_http_first_byte_seconds", "s", 95, decimals=1),
            table.certificate(),
            table.maintenance(),
            table.why(),
        ],
        (24, 10),
        sort=((state.title, False),),
    )


def _times(panels: PanelFactory) -> list[Any]:
    table = TargetTable(panels, _SERVICES)
    web = f"max without (phase) ({series('sansang_http_phase_seconds', *_SERVICES)})"
    slowest = Text("Giai đoạn lâu nhất", "Longest phase")
    return [
        table.build(
            Text("Chậm ở giai đoạn nào", "Which phase is slow"),
            Text(
                "Lần đo cuối, từng giai đoạn: chậm ở kết nối là do mạng, chậm ở xử lý là do máy chủ.",
                "The last run, phase by phase: slow to connect is the network, slow to process is the server.",
            ),
            [
                TargetColumn(slowest, web, "s", 140, 1),
                *(TargetColumn(words, _phase(phase), "s", 110, 1) for phase, words in _PHASES.items()),
            ],
            (15, 9),
            sort=((slowest, True),),
        ),
        panels.time_series(
            Text("Thời gian đến byte đầu tiên", "Time to first byte"),
            Text("Trang bắt đầu trả lời sau bao lâu.", "How long until a page begins to answer."),
            [PanelQuery(q.with_info(series("sansang_http_first_byte_seconds", *_SERVICES), "name"), "{{name}}")],
            (9, 9),
            unit="s",
            many=True,
        ),
    ]


def _phase(phase: str) -> str:
    only = f'phase="{phase}"'
    return f"max by (instance, target) ({series('sansang_http_phase_seconds', *_SERVICES, only)})"


def _names(panels: PanelFactory) -> list[Any]:
    table = TargetTable(panels, (PLACES,))
    codes, signed = panels.value_mappings(_RCODES), Text("Có ký", "Signed")
    answer = TargetColumn(Text("Trả lời", "Answer"), series("sansang_dns_rcode", PLACES), width=220, mappings=codes)
    return [
        panels.row(Text("Tên miền (DNS)", "Names (DNS)")),
        table.build(
            Text("Máy chủ tên miền trả lời gì", "What name servers answer"),
            Text(
                "Những mục tiêu đo bằng DNS, lần đo cuối. Bảng trống khi danh mục không có mục tiêu nào như vậy.",
                "Targets that are probed by DNS, their last run. Empty when the inventory has none.",
            ),
            [
                answer,
                table.value(Text("Trả lời sau", "Took"), "sansang_dns_query_seconds", "s", 105, decimals=1),
                table.value(Text("Số bản ghi", "Records"), "sansang_dns_answers", width=95, decimals=0),
                table.value(Text("Số hiệu vùng", "Serial"), "sansang_dns_serial", width=120, decimals=0),
                table.flag(Text("Ký DNSSEC", "DNSSEC verified"), "sansang_dns_authenticated", signed, width=130),
            ],
            (15, 7),
        ),
        panels.time_series(
            Text("Tên miền trả lời sau bao lâu", "How long names take"),
            Text("Từ lúc hỏi đến lúc có trả lời.", "From the question to its answer."),
            [PanelQuery(q.with_info(series("sansang_dns_query_seconds", PLACES), "name"), "{{name}}")],
            (9, 7),
            unit="s",
            many=True,
        ),
    ]
