"""Alerts about monitoring itself: a silent agent, a lost path, and the watchdog, which always fires."""

from __future__ import annotations

from agent.text import Text
from dashboards.queries import select
from dashboards.rules.alert import PATH_UP, Alert, Severity, scrape_up
from dashboards.settings import BuildSettings

_BOARD = "/d/sansang-overview"


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """Every alert of this module."""
    return (_silent(settings), _path_lost(settings), _LEDGER_HEAD, WATCHDOG)


def _silent(settings: BuildSettings) -> Alert:
    """Fires resolve_hold seconds longer than the agent is silent, so that the states are known again before it ends."""
    up = scrape_up(settings)
    return Alert(
        "SansangAgentSilent",
        Severity.CRITICAL,
        f"{up} == 0 or absent({up})",
        Text("Máy giám sát không trả lời: không ai canh hệ thống.", "The agent does not answer: nobody is watching."),
        Text(
            "Prometheus không lấy được số liệu từ {{ $labels.instance }}. Các cảnh báo khác giữ nguyên, không báo thêm"
            " cũng không báo hết. Xem máy giám sát có điện, có mạng; trên máy đó chạy: systemctl status sansang.",
            "Prometheus gets nothing from {{ $labels.instance }}. Other alerts stay as they were: no new one and no end"
            " is told. See that the monitor has power and network; there, run: systemctl status sansang.",
        ),
        _BOARD,
        settings.timing.absent_after,
        settings.timing.resolve_hold,
    )


def _path_lost(settings: BuildSettings) -> Alert:
    """After a restart a path has no state at first: keep_firing_for bridges that time."""
    path = "{{ $labels.path }}"
    return Alert(
        "SansangPathLost",
        Severity.CRITICAL,
        f"{PATH_UP} == 0",
        Text(
            "Máy giám sát mất đường ra: không thấy được các địa điểm phía sau.",
            "The monitor has lost its way out: it cannot see what lies behind.",
        ),
        Text(
            f"Mọi điểm mốc của đường {path} đều im lặng. Các địa điểm phía sau là CHƯA RÕ, không phải hỏng; tình trạng"
            " đã báo được giữ nguyên. Kiểm tra dây mạng, bộ định tuyến và đường truyền nơi đặt máy giám sát.",
            f"All anchors of the path {path} are silent. What lies behind is UNKNOWN, not down; what was told before"
            " stands. Check cable, router and line where the monitor stands.",
        ),
        _BOARD,
        settings.scrape_seconds,
        settings.timing.resolve_hold,
    )


WATCHDOG = Alert(
    "SansangWatchdog",
    Severity.INFO,
    "vector(1)",
    Text("Chuỗi cảnh báo đang hoạt động.", "The chain of alerts works."),
    Text(
        "Cảnh báo này luôn bật. Nơi nhận bên ngoài phải báo động khi nó NGỪNG đến.",
        "This alert always fires. A receiver outside must raise the alarm when it STOPS coming.",
    ),
    _BOARD,
)
_SEQ, _HASH = "{{ $labels.seq }}", "{{ $labels.hash }}"
_LEDGER_HEAD = Alert(
    "SansangLedgerHead",
    Severity.INFO,
    select("sansang_ledger_daily_head_info"),
    Text("Mốc của sổ ghi trong ngày: chỉ cần lưu lại.", "The head of the ledger, today: only to be kept."),
    Text(
        f"Sổ của máy giám sát {{{{ $labels.instance }}}} đến dòng {_SEQ}, mã băm {_HASH}. Khi cần đối chiếu:"
        f" sansang ledger verify --anchor {_SEQ}:{_HASH}",
        f"The ledger of the agent {{{{ $labels.instance }}}} reached row {_SEQ}, hash {_HASH}. To compare:"
        f" sansang ledger verify --anchor {_SEQ}:{_HASH}",
    ),
    _BOARD,
)
"""Always fires, with other labels every day: its message carries the ledger's head to a place where nobody edits it."""
