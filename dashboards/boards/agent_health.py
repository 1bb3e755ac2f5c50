"""Board *Sức khỏe bộ giám sát*: the agent's schedule, its ledger, its paths, and Prometheus's scrapes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.text import Text
from dashboards import queries as q
from dashboards.boards import agent_panels, links, variables
from dashboards.display_values import DASH
from dashboards.panels import RED_FROM_ONE, YELLOW_FROM_ONE, PanelFactory, PanelQuery
from dashboards.queries import scraped, series
from dashboards.settings import BuildSettings

_NEVER = {
    "sansang_rounds_missed_total": Text("Vòng bị bỏ", "Rounds missed"),
    "sansang_internal_errors_total": Text("Lỗi chương trình", "Bugs"),
    "sansang_ledger_write_errors_total": Text("Ghi sổ lỗi", "Ledger errors"),
    "sansang_socket_dropped_packets_total": Text("Gói tin bị rơi", "Packets dropped"),
}
_SOMETIMES = {
    "sansang_probe_overruns_total": Text("Đo quá lịch", "Overruns"),
    "sansang_reprobes_deferred_total": Text("Đo lại bị hoãn", "Re-probes put off"),
    "sansang_resolver_failures_total": Text("Tên miền im lặng", "Names not answered"),
    "sansang_loop_stalls_total": Text("Vòng lặp khựng", "Loop stalls"),
    "sansang_clock_steps_total": Text("Đồng hồ nhảy", "Clock jumps"),
}
WRONG_SECONDS = 1.0
"""As agent.availability.true_time has it: beyond it a clock is proved wrong."""
_QUANTILES = {
    0.5: Text("một nửa số lần", "half of the runs"),
    0.95: Text("95 % số lần", "95 % of the runs"),
    0.99: Text("99 % số lần", "99 % of the runs"),
}


_YES_NO = ((1, Text("Đúng", "Yes"), "green"), (0, Text("Không", "No"), "red"))
_FOUND = ((0, Text("Không", "No"), "green"), (1, Text("Có", "Yes"), "red"))


def _counted(counters: Mapping[str, Text]) -> list[PanelQuery]:
    return [
        PanelQuery(q.or_silent(f"sum({q.of_live_agents(f'increase({series(sample)}[$__range])')})"), words)
        for sample, words in counters.items()
    ]


def _rate(sample: str) -> str:
    return f"rate({series(sample)}[$__rate_interval])"


def _counters(panels: PanelFactory) -> list[Any]:
    return [
        panels.stat(
            Text("Không được xảy ra", "Must not happen"),
            Text(
                "Số lần trong khoảng đang xem; khác 0 là có lỗi.",
                "How often in the time shown; anything but 0 is a fault.",
            ),
            _counted(_NEVER),
            (12, 5),
            steps=RED_FROM_ONE,
            text="value_and_name",
            decimals=0,
        ),
        panels.stat(
            Text("Thỉnh thoảng thì không sao", "Now and then is no harm"),
            Text(
                "Số lần trong khoảng đang xem; nhiều và đều là có vấn đề.",
                "How often in the time shown; many and steady is trouble.",
            ),
            _counted(_SOMETIMES),
            (12, 5),
            steps=YELLOW_FROM_ONE,
            text="value_and_name",
            decimals=0,
        ),
    ]


def _pace(panels: PanelFactory) -> list[Any]:
    return [
        panels.row(Text("Có chạy kịp lịch không", "Does it keep its pace")),
        panels.time_series(
            Text("Kiểm tra bắt đầu trễ bao lâu", "How late probes start"),
            Text(
                "So với lịch; quá 1 giây là máy giám sát quá tải.",
                "Against their plan; above one second the machine is overloaded.",
            ),
            [
                PanelQuery(
                    agent_panels.late(share), Text(f"{{{{instance}}}} {words.vi}", f"{{{{instance}}}} {words.en}")
                )
                for share, words in _QUANTILES.items()
            ],
            (12, 8),
            unit="s",
            steps=((None, "green"), (agent_panels.LATE_SECONDS, "red")),
        ),
        panels.time_series(
            Text("Vòng lặp chậm bao lâu", "Lag of the event loop"),
            Text(
                "Máy bận thì vòng lặp chậm, mọi số đo trễ đều lớn lên.",
                "On a busy machine it lags, and every round trip looks longer.",
            ),
            [PanelQuery(series("sansang_loop_lag_seconds"), "{{instance}}")],
            (6, 8),
            unit="s",
        ),
        panels.time_series(
            Text("Đo mỗi giây", "Probes a second"),
            Text("Theo lịch, và đo lại nhanh để xác nhận hỏng.", "By the plan, and again fast to confirm a failure."),
            [
                PanelQuery(
                    f"sum by (instance) ({_rate('sansang_probes_total')})",
                    Text("{{instance}} tất cả", "{{instance}} all"),
                ),
                PanelQuery(_rate("sansang_reprobes_total"), Text("{{instance}} đo lại", "{{instance}} re-probes")),
            ],
            (6, 8),
            unit="none",
        ),
        panels.time_series(
            Text("Đồng hồ máy giám sát lệch bao nhiêu", "Offset of the agent's clock"),
            Text(
                "Theo các máy chủ giờ (ntp) nếu từ hai máy trở lên cùng báo; lệch quá 1 giây là lỗi của máy giám sát,"
                " không phải của máy chủ giờ. Không có dữ liệu: chưa có hai máy chủ giờ cùng báo.",
                "By the time servers (ntp), where two or more agree; beyond one second the fault is the agent's, not"
                " the time servers'. No data: no two time servers agree.",
            ),
            [PanelQuery(series("sansang_clock_offset_seconds"), "{{instance}}")],
            (24, 6),
            unit="s",
            steps=((None, "red"), (-WRONG_SECONDS, "green"), (WRONG_SECONDS, "red")),
        ),
    ]


def _ledger(panels: PanelFactory) -> list[Any]:
    return [
        panels.row(Text("Sổ ghi", "The ledger")),
        panels.stat(
            Text("Bản sao gần nhất còn nguyên", "Last copy is whole"),
            Text(
                "Mỗi ngày một bản sao được kiểm tra từng dòng. Không có dữ liệu: chưa sao lần nào.",
                "A copy a day is verified row by row. No data: none yet.",
            ),
            [PanelQuery(q.or_silent(f"min({series('sansang_ledger_verify_success')})"))],
            (5, 5),
            mappings=panels.value_mappings(_YES_NO),
            text="value",
        ),
        panels.stat(
            Text("Bản sao cách đây (giờ)", "Hours since the last copy"),
            Text("Quá 26 giờ là lần sao hằng ngày không thành.", "Above 26 the daily copy did not work."),
            [PanelQuery(q.or_silent(f"max(time() - {series('sansang_ledger_backup_timestamp_seconds')}) / 3600"))],
            (5, 5),
            steps=((None, "green"), (26, "red")),
            decimals=0,
            text="value",
        ),
        panels.stat(
            Text("Sổ hỏng đã cất riêng", "A ledger was set aside"),
            Text(
                "Lần khởi động này thấy sổ cũ không nguyên vẹn và đã cất riêng, không xóa.",
                "This start found a ledger that was not whole, and kept it apart.",
            ),
            [PanelQuery(q.or_silent(f"max({series('sansang_ledger_quarantined')})"))],
            (5, 5),
            mappings=panels.value_mappings(_FOUND),
            text="value",
        ),
        panels.stat(
            Text("Đĩa còn trống", "Disk free"),
            Text("Phần còn trống của đĩa chứa sổ.", "The free share of the ledger's disk."),
            [
                PanelQuery(
                    q.or_silent(f"min({series('sansang_storage_free_bytes')} / {series('sansang_storage_size_bytes')})")
                )
            ],
            (4, 5),
            unit="percentunit",
            decimals=0,
            steps=((None, "red"), (0.05, "yellow"), (0.15, "green")),
            text="value",
        ),
        panels.stat(
            Text("Đọc cấu hình lúc", "Configuration read"),
            Text("Lần đọc cấu hình thành công gần nhất.", "When the configuration was last read with success."),
            [PanelQuery(q.or_silent(f"max({series('sansang_config_last_reload_success_timestamp_seconds')}) * 1000"))],
            (5, 5),
            unit="time:HH:mm DD/MM",
            text="value",
        ),
    ]


def _ledger_charts(panels: PanelFactory) -> list[Any]:
    return [
        panels.time_series(
            Text("Dòng chờ ghi", "Rows that wait"),
            Text("Tăng mãi là đĩa không ghi kịp hoặc đã đầy.", "Growing on and on: the disk is too slow, or full."),
            [PanelQuery(series("sansang_ledger_queue_rows"), "{{instance}}")],
            (8, 7),
            unit="none",
        ),
        panels.time_series(
            Text("Ghi sổ mỗi giây", "Written a second"),
            Text("Số lần ghi xuống đĩa, và số dòng.", "Commits to the disk, and rows."),
            [
                PanelQuery(_rate("sansang_ledger_commits_total"), Text("{{instance}} lần ghi", "{{instance}} commits")),
                PanelQuery(_rate("sansang_ledger_rows_total"), Text("{{instance}} dòng", "{{instance}} rows")),
            ],
            (8, 7),
            unit="none",
        ),
        panels.time_series(
            Text("Đĩa còn trống theo thời gian", "Disk free over time"),
            Text("Giảm đều thì tính được ngày đầy.", "A steady fall tells the day when it is full."),
            [PanelQuery(series("sansang_storage_free_bytes"), "{{instance}}")],
            (8, 7),
            unit="bytes",
        ),
    ]


def _scrapes(panels: PanelFactory) -> list[Any]:
    return [
        panels.row(Text("Prometheus và phiên bản", "Prometheus and the version")),
        panels.time_series(
            Text("Prometheus lấy số liệu mất bao lâu", "How long a scrape takes"),
            Text(
                "Gần đến hạn của Prometheus (thường 10 giây) là sắp mất số liệu.",
                "Near Prometheus' limit (usually 10 s) figures will soon be lost.",
            ),
            [PanelQuery(scraped("scrape_duration_seconds"), "{{instance}}")],
            (9, 7),
            unit="s",
        ),
        panels.time_series(
            Text("Số liệu mỗi lần lấy", "Samples a scrape"),
            Text("Tăng khi danh mục thêm mục tiêu.", "Grows with the inventory."),
            [PanelQuery(scraped("scrape_samples_scraped"), "{{instance}}")],
            (8, 7),
            unit="none",
        ),
        panels.stat(
            Text("Phiên bản đang chạy", "Version that runs"),
            Text("Phiên bản của máy giám sát và của Python.", "Of the agent and of its Python."),
            [
                PanelQuery(
                    q.or_silent(series("sansang_build_info"), version=DASH, python=DASH),
                    Text(
                        "{{instance}}: phiên bản {{version}}, Python {{python}}",
                        "{{instance}}: version {{version}}, Python {{python}}",
                    ),
                )
            ],
            (7, 7),
            text="name",
        ),
    ]


def board(settings: BuildSettings) -> dict[str, Any]:
    """The board that says whether the other boards can be believed."""
    panels = PanelFactory(settings)
    return panels.board(
        links.MONITOR,
        Text("Sức khỏe bộ giám sát", "The agent's health"),
        Text(
            "Máy giám sát có kịp lịch, ghi sổ đủ, nhìn thấy mạng không: có thì các bảng khác mới đáng tin.",
            "Does the agent keep its pace, write its ledger, see the network: then the other boards can be believed.",
        ),
        [variables.agents(panels)],
        [
            agent_panels.last_scraped(panels, (6, 5)),
            agent_panels.conditions(panels, 12),
            agent_panels.paths(panels, 6),
            *_counters(panels),
            agent_panels.path_history(panels),
            *_pace(panels),
            *_ledger(panels),
            *_ledger_charts(panels),
            *_scrapes(panels),
        ],
    )
