"""Panels about the agent that the overview and the agent's own board share."""

from __future__ import annotations

from typing import Any

from agent.text import Text
from dashboards import queries as q
from dashboards.boards import links
from dashboards.display_values import DASH
from dashboards.panels import PanelFactory, PanelQuery
from dashboards.queries import series
from dashboards.tables import ValueMapping

LATE_SECONDS = 1
"""Runs that start later than this show an overloaded machine."""
_SCRAPES_MISSED = 4
"""So many missed scrapes in a row are no accident."""
_HEALTH = {
    "sansang_ledger_writable": Text("Sổ ghi", "Ledger"),
    "sansang_clock_synchronised": Text("Đồng hồ", "Clock"),
    "sansang_config_last_reload_successful": Text("Cấu hình", "Configuration"),
    "sansang_resolver_up": Text("Tên miền", "Names"),
}


def last_scraped(panels: PanelFactory, size: tuple[int, int]) -> Any:
    """Time since the last scrape of each agent: without it no other panel says anything about now."""
    silent = panels.settings.timing.absent_after
    late = min(_SCRAPES_MISSED * panels.settings.scrape_seconds, silent)
    return panels.stat(
        Text("Máy giám sát báo về cách đây", "Last heard from the agent"),
        Text(
            f"Giờ:phút:giây từ số liệu mới nhất của từng máy giám sát. Vàng: từ {late} giây, hay vừa không trả lời; đỏ:"
            f" từ {silent} giây, không ai canh. Không có dữ liệu: cả ngày nay không có máy nào báo về.",
            f"Hours:minutes:seconds since the newest figure of each agent. Yellow: from {late} seconds, or when it did"
            f" not answer last; red: from {silent}, nobody is watching. No data: none has been heard for a day.",
        ),
        [
            PanelQuery(f"time() - {q.last_scraped()}", "{{instance}}"),
            PanelQuery(f"time() - {q.silent_since()}", "{{instance}}", steps=((None, "yellow"), (silent, "red"))),
        ],
        size,
        steps=((None, "green"), (late, "yellow"), (silent, "red")),
        unit="dthms",
        link=links.link_to(links.MONITOR),
    )


def conditions(panels: PanelFactory, width: int) -> Any:
    """The four conditions without which the agent cannot be believed."""
    good = panels.value_mappings([(1, Text("Tốt", "Good"), "green"), (0, Text("Lỗi", "Fault"), "red")])
    return panels.stat(
        Text("Máy giám sát có khỏe không", "Is the agent well"),
        Text(
            "Sổ ghi được, đồng hồ đúng, cấu hình đọc được, phân giải tên miền được.",
            "Its ledger takes rows, its clock is set, its configuration was read, names are resolved.",
        ),
        [PanelQuery(q.or_silent(f"min({series(sample)})"), words) for sample, words in _HEALTH.items()],
        (width, 5),
        mappings=good,
        link=links.link_to(links.MONITOR),
    )


def paths(panels: PanelFactory, width: int) -> Any:
    """The agent's own paths: up or lost."""
    return panels.stat(
        Text("Đường của máy giám sát", "The agent's own paths"),
        Text(
            "Đường nào mất thì mọi thứ phía sau là chưa rõ, không phải hỏng.",
            "What lies behind a lost path is unknown, not down.",
        ),
        [PanelQuery(q.or_silent(series("sansang_path_up"), path=DASH), "{{path}}")],
        (width, 5),
        mappings=path_mappings(panels),
    )


def path_history(panels: PanelFactory) -> Any:
    """The agent's own paths over time."""
    return panels.state_timeline(
        Text("Đường của máy giám sát theo thời gian", "The agent's own paths over time"),
        Text(
            "Lúc nào máy giám sát tự mất đường ra: khi đó mọi thứ phía sau là chưa rõ.",
            "When the agent itself lost its way out: what lies behind was unknown then.",
        ),
        PanelQuery(f"min_over_time({series('sansang_path_up')}[$__rate_interval])", "{{path}}"),
        (24, 5),
        path_mappings(panels),
        label="path",
        none=Text("không có đường nào", "no path"),
    )


def path_mappings(panels: PanelFactory) -> list[ValueMapping]:
    """Names and colours of a path that is up or lost."""
    return panels.value_mappings([(1, Text("Thông", "Works"), "green"), (0, Text("Mất", "Lost"), "purple")])


def lateness(panels: PanelFactory, size: tuple[int, int]) -> Any:
    """How late runs start against their schedule."""
    return panels.time_series(
        Text("Kiểm tra trễ bao lâu", "How late probes start"),
        Text(
            "95 % lần kiểm tra bắt đầu sớm hơn mức này so với lịch; quá 1 giây là máy giám sát quá tải.",
            "95 % of probes start within this of their plan; above one second the machine is overloaded.",
        ),
        [PanelQuery(late(0.95), "{{instance}}")],
        size,
        unit="s",
        steps=((None, "green"), (LATE_SECONDS, "red")),
    )


def late(share: float) -> str:
    """Quantile of the lateness of runs."""
    buckets = series("sansang_probe_lateness_seconds_bucket")
    return f"histogram_quantile({share}, sum by (instance, le) (rate({buckets}[$__rate_interval])))"
