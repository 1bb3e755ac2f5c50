"""Alerts on the month's figures: an error budget that burns too fast, and falling coverage.

They are evaluated every minute, in a group of their own: windows of days are expensive.
"""

from __future__ import annotations

from agent.text import Text
from dashboards.queries import select
from dashboards.rules.alert import (
    AGENT,
    TARGET,
    TARGET_LABELS,
    Alert,
    Severity,
    firing,
    firing_unless_reported,
    firing_while_scrape_fails,
    in_maintenance,
    scrape_up,
    snmp_checks,
    suppress_if_already_firing,
)
from dashboards.rules.recording import Recording
from dashboards.rules.templates import SITE_NAME, TARGET_NAME
from dashboards.settings import BuildSettings, Burn

EVERY_SECONDS = 60
_BASE_SECONDS, _BOOKED_LATE_SECONDS = 300, 120
"""The window that longer ones are summed from; and how late the agent may count a second."""

_DOWN, _KNOWN = (f"target:sansang_target_state_seconds:{kind}_increase5m" for kind in ("down", "known"))
_BOARD = "/d/sansang-uptime"
_FOR_SECONDS = 900


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """The alerts about the figures of a month."""
    return (_coverage(settings), *(_burning(settings, burn) for burn in settings.limits.burns))


def recordings(settings: BuildSettings) -> tuple[Recording, ...]:
    """Burn rate of each target with an objective, over each window of the settings."""
    seconds = _seconds('state="down"'), _seconds('state!="unknown"')
    windows = sorted({window for burn in settings.limits.burns for window in (burn.long, burn.short)})
    return (
        *(Recording(name, _booked(sample)) for name, sample in zip((_DOWN, _KNOWN), seconds, strict=True)),
        *(Recording(_burn(window), _burnt(settings, window)) for window in windows),
    )


def _seconds(matcher: str) -> str:
    return select("sansang_target_state_seconds_total", matcher)


def _booked(seconds: str) -> str:
    """Without maintenance, SNMP checks and outages that a parent explains: those burn the parent's budget."""
    late = _BASE_SECONDS + _BOOKED_LATE_SECONDS
    return (
        f"sum by ({TARGET_LABELS}) (increase({seconds}[{span(_BASE_SECONDS)}]))"
        f" and on ({TARGET}) {select('sansang_target_slo_ratio')} unless on ({TARGET}) {snmp_checks()}"
        f" unless on ({TARGET}) {in_maintenance(late)}"
        f" unless on ({TARGET}) max_over_time({select('sansang_target_upstream_down')}[{late}s]) == 1"
    )


def _burn(window: int) -> str:
    return f"target:sansang_target_state_seconds:burnrate{span(window)}"


def _burnt(settings: BuildSettings, window: int) -> str:
    """Burn rate; 1 uses up a month's budget in a month. Absent where too little of the window is known."""
    down, measured = (f"sum_over_time({name}[{span(window)}])" for name in (_DOWN, _KNOWN))
    enough = settings.limits.min_known_ratio * window * _BASE_SECONDS / EVERY_SECONDS
    return f"{down} / ({measured} >= {enough:.0f}) / ((1 - {select('sansang_target_slo_ratio')}) > 0)"


def _burning(settings: BuildSettings, burn: Burn) -> Alert:
    name, label = "SansangBudgetBurning", span(burn.long)
    own, short = firing(name, TARGET_LABELS, f'window="{label}"'), _burn(burn.short)
    fast = f"{_burn(burn.long)} > {burn.factor:g} and {short} > {burn.factor:g}"
    fresh = f"{fast} and {_official(settings, burn)} and on ({AGENT}) {scrape_up(settings)} == 1"
    cannot_tell = f"{own} and on ({TARGET}) {select('sansang_target_slo_ratio')} unless on ({TARGET}) {short}"
    return Alert(
        name,
        Severity.WARNING,
        f"({suppress_if_already_firing(own, fresh)} or {cannot_tell}) unless on ({TARGET}) {in_maintenance()}"
        f" or {firing_while_scrape_fails(settings, own)}",
        Text("Hạn mức lỗi của tháng bị dùng quá nhanh.", "This month's error budget is used up too fast."),
        _burning_description(label),
        _BOARD,
        keep_firing_seconds=settings.timing.resolve_hold,
        labels={"window": label},
    )


def _official(settings: BuildSettings, burn: Burn) -> str:
    """The official figure of the month falls too; it counts the target's hours only, and no maintenance."""
    worked, before = _month("sansang_availability_ratio"), _month("sansang_availability_ratio", burn.short)
    worsens = f"{worked} < {before}"
    if not burn.below:
        return worsens
    measured = f"{_month('sansang_coverage_ratio')} >= {settings.limits.coverage}"
    return f"{worsens} and {worked} < {select('sansang_target_slo_ratio')} and {measured}"


def _month(sample: str, ago: int = 0) -> str:
    """An official figure of this month, now or so many seconds ago; it is computed every few minutes."""
    figure, offset = select(sample, 'period="this_month"'), f" offset {span(ago)}" if ago else ""
    return f"sum by ({TARGET_LABELS}) (last_over_time({figure}[1h]{offset}))"


def _burning_description(window: str) -> Text:
    """The description; $value is the burn rate."""
    times = '{{ printf "%.1f" $value }}'
    return Text(
        f"{TARGET_NAME} ({SITE_NAME}) hỏng nhiều trong {window} qua: gấp {times} lần mức mà cam kết (slo) của tháng cho"
        " phép. Cứ thế này thì tháng này không đạt. Xem bảng Tỷ lệ hoạt động: hỏng lúc nào, có lặp lại không.",
        f"{TARGET_NAME} ({SITE_NAME}) was down much within {window}: {times} times what the month's objective (slo)"
        " allows. Going on like this, the month is missed. See on the uptime board when, and whether it repeats.",
    )


def _coverage(settings: BuildSettings) -> Alert:
    """One alert for an agent, not one for each target. It fires until the figure rises: a night changes nothing."""
    name, sample, least = "SansangCoverageFalling", "sansang_coverage_ratio", settings.limits.coverage
    own, known = firing(name, AGENT), select(sample, 'period="this_month"')
    before = f"({known} offset {span(settings.limits.coverage_within)})"
    figure = f"({known} unless on ({TARGET}) {snmp_checks()})"
    low = f"{figure} < {least}"
    falling, not_rising = f"{low} and {figure} < {before}", f"{low} unless {figure} > {before}"
    return Alert(
        name,
        Severity.WARNING,
        f"count by ({AGENT}) ({falling}) or ({own} and on ({AGENT}) ({not_rising}))"
        f" or {firing_unless_reported(settings, own, figure)}",
        Text(
            "Đo được quá ít: số liệu tháng này chưa đáng tin.", "Too little is measured to trust this month's figures."
        ),
        Text(
            f"Máy giám sát {{{{ $labels.instance }}}}: tháng này có mục tiêu đo được dưới {least:.0%} thời gian và đang"
            " giảm thêm. Dưới mức đó báo cáo ghi là không đủ số liệu. Xem vì sao chưa rõ: máy tắt, mất đường, quá tải.",
            f"The agent {{{{ $labels.instance }}}}: there are targets of which less than {least:.0%} of this month is"
            " known, and it still falls. Below that reports say insufficient. See why: off, blind or overloaded.",
        ),
        _BOARD,
        _FOR_SECONDS,
        settings.timing.resolve_hold,
    )


def span(seconds: int) -> str:
    """A duration in PromQL, in the largest unit that fits."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
