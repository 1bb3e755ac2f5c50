"""Causes of unknown time in words: what went wrong at the monitor, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agent.ledger.history.breaks import Break, BreakKind
from agent.model import Cause, UnknownCause
from agent.reporting.report import UptimeReport
from agent.reporting.unknown import dropped, unknown_time
from agent.text import Text
from exporters.reports.formatting import hours

_CAUSES: Mapping[Cause, Text] = {
    UnknownCause.AGENT_OFF: Text("máy giám sát không chạy", "the monitor was not running"),
    UnknownCause.CLOCK: Text(
        "đồng hồ máy giám sát chưa được đồng bộ nên không chứng minh được giờ; bật bằng: sudo timedatectl set-ntp true",
        "the monitor's clock was not synchronised, so nothing proves the time; turn synchronisation on: "
        "sudo timedatectl set-ntp true",
    ),
    UnknownCause.DISK: Text("máy giám sát không ghi được sổ", "the monitor could not write its ledger"),
    UnknownCause.PAUSED: Text("việc kiểm tra bị tạm dừng", "probing was paused"),
    UnknownCause.MONITOR_NET: Text("mất đường truyền của chính máy giám sát", "the monitor's own line was lost"),
    UnknownCause.DNS: Text(
        "máy chủ tên miền của máy giám sát không trả lời", "the monitor's name server did not answer"
    ),
    UnknownCause.LOCAL_ERROR: Text("lỗi tại máy giám sát", "a fault of the monitor"),
    UnknownCause.DROPS: Text(
        "gói tin dồn tới nhiều hơn mức máy giám sát đọc kịp nên bị rơi, có thể do ai đó gửi dồn dập",
        "more packets came than the monitor could read, and some were dropped: perhaps somebody flooded it",
    ),
    UnknownCause.OVERLOAD: Text("máy giám sát không kịp kiểm tra", "the monitor did not probe in time"),
    UnknownCause.NOT_YET: Text("chưa đủ số lần kiểm tra", "not yet probed often enough"),
}
_OFF: Mapping[BreakKind, Text] = {
    BreakKind.STOPPED: _CAUSES[UnknownCause.AGENT_OFF],
    BreakKind.KILLED: Text(
        "máy giám sát không chạy: bị ngắt đột ngột, thường do mất điện",
        "the monitor was not running: it was killed or lost its power",
    ),
    BreakKind.OTHER_OBSERVER: Text(
        "máy giám sát chạy dưới tên trạm quan sát khác", "the monitor ran under another observer name"
    ),
    BreakKind.COPIED: Text(
        "sổ được chép hoặc chuyển sang nơi khác, nơi này bắt đầu ghi sau đó",
        "the ledger was copied or moved, and is written here only since then",
    ),
    BreakKind.RESTORED: Text(
        "sổ được khôi phục từ bản sao, phần ghi sau bản sao không còn trong sổ này",
        "the ledger was restored from a copy, and what was written after that copy is not in it",
    ),
    BreakKind.SET_ASIDE: Text(
        "sổ hỏng được cất riêng, phần ghi sau bản sao gần nhất không còn trong sổ này",
        "a damaged ledger was set aside, and what was written after its last good copy is not in this one",
    ),
    BreakKind.BEGUN_ANEW: Text(
        "sổ hỏng hoặc mất mà không có bản sao, nên bắt đầu sổ mới",
        "the ledger was damaged or gone and had no copy, so that it was begun anew",
    ),
}
_LINE = Text("Chưa rõ {} (cộng mọi mục tiêu): {}", "Unknown for {} (all targets together): {}")
_NAMED = 5
_OTHERS = Text("và {} mục tiêu khác", "and {} more")


def why(cause: Cause, language: str) -> str:
    """One cause in words."""
    return _CAUSES[cause].to(language)


def unknown_lines(report: UptimeReport, language: str, breaks: Iterable[Break] = ()) -> tuple[str, ...]:
    """One line for each cause, the longest first; time outside the calendars included.

    breaks: what lies behind the time in which no agent run vouches for anything.
    """
    line, lengths = _LINE.to(language), unknown_time(report, breaks).most_common()
    return tuple(
        line.format(hours(length, language), _word(cause).to(language)) + _flood_losses(cause, report, language)
        for cause, length in lengths
    )


def _flood_losses(cause: Cause | BreakKind, report: UptimeReport, language: str) -> str:
    """The time that each target lost in a flood of packets; "" for other causes, which affect all targets alike."""
    if cause is not UnknownCause.DROPS:
        return ""
    losses = dropped(report)
    parts = [f"{loss.figures.target} {hours(loss.length_ms, language)}" for loss in losses[:_NAMED]]
    if len(losses) > _NAMED:
        parts.append(_OTHERS.to(language).format(len(losses) - _NAMED))
    return f" ({'; '.join(parts)})"


def _word(cause: Cause | BreakKind) -> Text:
    return _OFF[cause] if isinstance(cause, BreakKind) else _CAUSES[cause]
