"""What the overview and the agent's own board both show of the agent."""

from __future__ import annotations

from typing import Any

from agent.text import Text
from dashboards import queries as q
from dashboards.boards import parts
from dashboards.library import House, Query
from dashboards.queries import shown
from dashboards.tables import ValueMapping
from dashboards.words import DASH

LATE_SECONDS = 1
"""From here on the machine is overloaded."""
_SCRAPES_MISSED = 4
"""So many in a row are no accident any more."""
_HEALTH = {
    "sansang_ledger_writable": Text("Sổ ghi", "Ledger"),
    "sansang_clock_synchronised": Text("Đồng hồ", "Clock"),
    "sansang_config_last_reload_successful": Text("Cấu hình", "Configuration"),
    "sansang_resolver_up": Text("Tên miền", "Names"),
}


def alive(house: House, size: tuple[int, int]) -> Any:
    """Whether the agent speaks at all: without it no other panel says anything of now."""
    silent = house.settings.pace.silent
    late = min(_SCRAPES_MISSED * house.settings.scrape_seconds, silent)
    return house.tiles(
        Text("Máy giám sát báo về cách đây", "Last heard from the agent"),
        Text(
            f"Giờ:phút:giây từ số liệu mới nhất của từng máy giám sát. Vàng: từ {late} giây, hay vừa không trả lời; đỏ:"
            f" từ {silent} giây, không ai canh. Không có dữ liệu: cả ngày nay không có máy nào báo về.",
            f"Hours:minutes:seconds since the newest figure of each agent. Yellow: from {late} seconds, or when it did"
            f" not answer last; red: from {silent}, nobody is watching. No data: none has been heard for a day.",
        ),
        [
            Query(f"time() - {q.heard()}", "{{instance}}"),
            Query(f"time() - {q.gone()}", "{{instance}}", steps=((None, "yellow"), (silent, "red"))),
        ],
        size,
        steps=((None, "green"), (late, "yellow"), (silent, "red")),
        unit="dthms",
        link=parts.link_to(parts.MONITOR),
    )


def health(house: House, width: int) -> Any:
    """The four things without which the agent cannot be believed."""
    good = house.values([(1, Text("Tốt", "Good"), "green"), (0, Text("Lỗi", "Fault"), "red")])
    return house.tiles(
        Text("Máy giám sát có khỏe không", "Is the agent well"),
        Text(
            "Sổ ghi được, đồng hồ đúng, cấu hình đọc được, phân giải tên miền được.",
            "Its ledger takes rows, its clock is set, its configuration was read, names are resolved.",
        ),
        [Query(q.beside_silent(f"min({shown(sample)})"), words) for sample, words in _HEALTH.items()],
        (width, 5),
        mappings=good,
        link=parts.link_to(parts.MONITOR),
    )


def paths(house: House, width: int) -> Any:
    """Whether the agent itself can see."""
    return house.tiles(
        Text("Đường của máy giám sát", "The agent's own paths"),
        Text(
            "Đường nào mất thì mọi thứ phía sau là chưa rõ, không phải hỏng.",
            "What lies behind a lost path is unknown, not down.",
        ),
        [Query(q.beside_silent(shown("sansang_path_up"), path=DASH), "{{path}}")],
        (width, 5),
        mappings=ways(house),
    )


def path_history(house: House) -> Any:
    """When which path was lost."""
    return house.timeline(
        Text("Đường của máy giám sát theo thời gian", "The agent's own paths over time"),
        Text(
            "Lúc nào máy giám sát tự mất đường ra: khi đó mọi thứ phía sau là chưa rõ.",
            "When the agent itself lost its way out: what lies behind was unknown then.",
        ),
        Query(f"min_over_time({shown('sansang_path_up')}[$__rate_interval])", "{{path}}"),
        (24, 5),
        ways(house),
        label="path",
        none=Text("không có đường nào", "no path"),
    )


def ways(house: House) -> list[ValueMapping]:
    """A path works or is lost."""
    return house.values([(1, Text("Thông", "Works"), "green"), (0, Text("Mất", "Lost"), "purple")])


def lateness(house: House, size: tuple[int, int]) -> Any:
    """Whether the machine keeps its pace."""
    return house.lines(
        Text("Kiểm tra trễ bao lâu", "How late probes start"),
        Text(
            "95 % lần kiểm tra bắt đầu sớm hơn mức này so với lịch; quá 1 giây là máy giám sát quá tải.",
            "95 % of probes start within this of their plan; above one second the machine is overloaded.",
        ),
        [Query(late(0.95), "{{instance}}")],
        size,
        unit="s",
        steps=((None, "green"), (LATE_SECONDS, "red")),
    )


def late(share: float) -> str:
    """So late at most was that share of the runs."""
    buckets = shown("sansang_probe_lateness_seconds_bucket")
    return f"histogram_quantile({share}, sum by (instance, le) (rate({buckets}[$__rate_interval])))"
