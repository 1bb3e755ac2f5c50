"""The thresholds that runs were judged by, and the shortest outage that they can see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from agent.availability.figures import InForce, Subject
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.formatting import decimal, hours
from exporters.reports.names import target_name

_MOST_LINES = 8  # that a terminal gets
_UNSEEN = Text(
    "Sự cố ngắn hơn khoảng {} có thể không được phát hiện", "An outage shorter than about {} may not be seen"
)
_WORST = Text(" (xấu nhất: {})", " (the worst: {})")
_NOT_KNOWN = Text("Khoảng cách giữa hai lần kiểm tra: không rõ", "Time between two probes: not known")
_LIMITS: Mapping[str, tuple[Text, int, Text]] = {
    "loss": (Text("mất gói", "loss"), 100, Text("%", "%")),
    "rtt": (Text("khứ hồi", "rtt"), 1, Text("s", "s")),
    "jitter": (Text("biến động trễ", "jitter"), 1, Text("s", "s")),
    "first_byte": (Text("byte đầu tiên", "first byte"), 1, Text("s", "s")),
    "connect": (Text("kết nối", "connect"), 1, Text("s", "s")),
}
_CERTIFICATE = Text("chứng thư còn dưới {} ngày", "certificate ends in under {} days")
_DAY_S = 86_400
_LINE = Text(
    "{count} mục tiêu: kiểm tra mỗi {interval}, chờ trả lời {timeout}, ân hạn {grace}, hỏng sau {fail} lần, tốt lại "
    "sau {recover} lần, thử lại sau {confirm}{degraded}: chắc chắn phát hiện từ {seen}",
    "{count} targets: probed every {interval}, timeout {timeout}, grace {grace}, down after {fail}, up after "
    "{recover}, confirmed every {confirm}{degraded}: surely seen from {seen}",
)
_MORE = Text(
    "và {} bộ ngưỡng nữa: trang Ngưỡng của tệp ghi bằng -o",
    "and {} more sets: sheet Thresholds of a file written with -o",
)


def shortest_outage_text(report: UptimeReport, language: str) -> str:
    """The worst of all targets, and whose it is if not everybody's."""
    longest = max((target.shortest_seen_ms for target in report.targets), default=0)
    if not longest:
        return _NOT_KNOWN.to(language)
    worst = [target for target in report.targets if target.shortest_seen_ms == longest]
    text = _UNSEEN.to(language).format(hours(longest, language))
    whose = "" if len(worst) == len(report.targets) else _WORST.to(language).format(target_name(worst[0].subject))
    return text + whose


def limits(settings: InForce, language: str) -> str:
    """The limits beyond which an answer counts as degraded; "" if there are none."""
    return "; ".join(_limit(name, value, language) for name, value in settings.degraded)


def terse(settings: InForce) -> str:
    """The settings for programs: ``interval_ms=30000 timeout_ms=5000 ...``."""
    confirm = (("confirm_interval_ms", settings.confirm_interval_ms),) if settings.confirm_interval_ms else ()
    fields = (
        ("interval_ms", settings.interval_ms),
        ("timeout_ms", settings.timeout_ms),
        ("grace_ms", settings.grace_ms),
        ("fail_after", settings.fail_after),
        ("recover_after", settings.recover_after),
        *confirm,
        *((f"degraded.{name}", value) for name, value in settings.degraded),
    )
    return " ".join(f"{name}={value}" for name, value in fields)


def lines(report: UptimeReport, language: str) -> Iterator[str]:
    """Each set of thresholds that was in force once, with how many targets had it, the most common first."""
    sets = Counter(policy for target in report.targets for policy in {_bare(settings) for settings in target.in_force})
    for settings, count in sets.most_common(_MOST_LINES):
        degraded = limits(settings, language)
        yield _LINE.to(language).format(
            count=count,
            interval=hours(settings.interval_ms, language),
            timeout=hours(settings.timeout_ms, language),
            grace=hours(settings.grace_ms, language),
            fail=settings.fail_after,
            recover=settings.recover_after,
            confirm=hours(settings.confirm_interval_ms, language) if settings.confirm_interval_ms else "?",
            degraded=f" ({degraded})" if degraded else "",
            seen=hours(settings.policy.shortest_seen_ms, language),
        )
    if len(sets) > _MOST_LINES:
        yield _MORE.to(language).format(len(sets) - _MOST_LINES)


def _limit(name: str, value: float, language: str) -> str:
    if name == "certificate":
        return _CERTIFICATE.to(language).format(decimal(f"{value / _DAY_S:g}", language))
    words, scale, unit = _LIMITS.get(name, (Text(name, name), 1, Text("", "")))
    return f"{words.to(language)} > {decimal(f'{value * scale:g}', language)} {unit.to(language)}".rstrip()


def _bare(settings: InForce) -> InForce:
    """The thresholds alone."""
    return replace(settings, start_ms=0, end_ms=0, subject=Subject(""), calendar="", calendar_hash="", slo=None)
