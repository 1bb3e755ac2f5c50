"""Why the state was not known, in words: the monitor's own doing, and what mends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from agent.availability.figures import Report
from agent.explain.words import Words
from agent.model import Cause, State, UnknownCause
from exporters.reports.forms import hours

_CAUSES: Mapping[Cause, Words] = {
    UnknownCause.AGENT_OFF: Words("máy giám sát không chạy", "the monitor was not running"),
    UnknownCause.CLOCK: Words(
        "đồng hồ máy giám sát chưa được đồng bộ nên không chứng minh được giờ; bật bằng: sudo timedatectl set-ntp true",
        "the monitor's clock was not synchronised, so no time can be vouched for; turn it on: "
        "sudo timedatectl set-ntp true",
    ),
    UnknownCause.DISK: Words("máy giám sát không ghi được sổ", "the monitor could not write its ledger"),
    UnknownCause.PAUSED: Words("việc kiểm tra bị tạm dừng", "probing was paused"),
    UnknownCause.MONITOR_NET: Words("mất đường truyền của chính máy giám sát", "the monitor's own line was lost"),
    UnknownCause.DNS: Words(
        "máy chủ tên miền của máy giám sát không trả lời", "the monitor's name server did not answer"
    ),
    UnknownCause.LOCAL_ERROR: Words("lỗi tại máy giám sát", "a fault of the monitor"),
    UnknownCause.OVERLOAD: Words("máy giám sát không kịp kiểm tra", "the monitor did not probe in time"),
    UnknownCause.NOT_YET: Words("chưa đủ số lần kiểm tra", "not yet probed often enough"),
}
_LINE = Words("Chưa rõ {} (cộng mọi mục tiêu): {}", "Unknown for {} (all targets together): {}")


def why(cause: Cause, language: str) -> str:
    """One cause in words."""
    return _CAUSES[cause].to(language)


def why_unknown(report: Report, language: str) -> tuple[str, ...]:
    """One line for each cause, the longest first; time outside the calendars included."""
    lengths: Counter[Cause] = Counter()
    for target in report.targets:
        for state in target.states:
            if state.state is State.UNKNOWN:
                lengths[state.cause] += state.end_ms - state.start_ms
    line, found = _LINE.to(language), lengths.most_common()
    return tuple(line.format(hours(length, language), _CAUSES[cause].to(language)) for cause, length in found)
