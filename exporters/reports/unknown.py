"""Why the state was not known, in words: the monitor's own doing, and what mends it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from agent.availability.figures import Report, TargetFigures
from agent.availability.intervals import Interval
from agent.ledger.history.breaks import GAPS, Break, BreakKind
from agent.model import Cause, State, UnknownCause
from agent.text import Text
from exporters.reports.forms import hours

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


@dataclass(frozen=True, slots=True)
class Dropped:
    """What of a target's time is unknown because this machine lost packets; first_ms and last_ms bound it (UTC)."""

    figures: TargetFigures
    times: int
    first_ms: int
    last_ms: int
    length_ms: int


def why(cause: Cause, language: str) -> str:
    """One cause in words."""
    return _CAUSES[cause].to(language)


def why_unknown(report: Report, language: str, breaks: Iterable[Break] = ()) -> tuple[str, ...]:
    """One line for each cause, the longest first; time outside the calendars included.

    breaks: what lies behind the time in which no agent run vouches for anything.
    """
    lengths: Counter[Cause | BreakKind] = Counter()
    gaps = _gaps(breaks)
    for target in report.targets:
        for state in target.states:
            if state.state is State.UNKNOWN:
                for cause, length_ms in _parts(state, gaps):
                    lengths[cause] += length_ms
    line, found = _LINE.to(language), lengths.most_common()
    return tuple(
        line.format(hours(length, language), _word(cause).to(language)) + _whose(cause, report, language)
        for cause, length in found
    )


def dropped(report: Report) -> tuple[Dropped, ...]:
    """The targets that lost time by packets that were lost here, the most first: nobody gains by a flood unseen."""
    found = []
    for one in report.targets:
        spans = [state for state in one.states if state.cause is UnknownCause.DROPS]
        if spans:
            length_ms = sum(span.end_ms - span.start_ms for span in spans)
            found.append(Dropped(one, len(spans), spans[0].start_ms, spans[-1].end_ms, length_ms))
    return tuple(sorted(found, key=lambda one: (-one.length_ms, one.figures.target)))


def _whose(cause: Cause | BreakKind, report: Report, language: str) -> str:
    """Of a flood, which targets lost how much by it; "" for every other cause, which befalls all of them."""
    if cause is not UnknownCause.DROPS:
        return ""
    every = dropped(report)
    named = [f"{one.figures.target} {hours(one.length_ms, language)}" for one in every[:_NAMED]]
    if len(every) > _NAMED:
        named.append(_OTHERS.to(language).format(len(every) - _NAMED))
    return f" ({'; '.join(named)})"


def _word(cause: Cause | BreakKind) -> Text:
    return _OFF[cause] if isinstance(cause, BreakKind) else _CAUSES[cause]


def _gaps(breaks: Iterable[Break]) -> list[tuple[int, BreakKind]]:
    """Where each gap begins and its weightiest cause, in order."""
    found: dict[int, BreakKind] = {}
    for one in breaks:
        if one.kind in GAPS:
            known = found.get(one.start_ms, one.kind)
            found[one.start_ms] = min(known, one.kind, key=GAPS.index)
    return sorted(found.items())


def _parts(state: Interval, gaps: list[tuple[int, BreakKind]]) -> Iterator[tuple[Cause | BreakKind, int]]:
    """The state's time by cause: of what nobody vouches for each gap has what lies up to the next one."""
    if state.cause is not UnknownCause.AGENT_OFF or not gaps:
        yield state.cause, state.end_ms - state.start_ms
        return
    starts = [start for start, _ in gaps]
    place, at_ms = max(bisect_right(starts, state.start_ms) - 1, 0), state.start_ms
    while at_ms < state.end_ms:
        following = starts[place + 1] if place + 1 < len(starts) else state.end_ms
        end_ms = min(max(following, at_ms), state.end_ms)
        yield gaps[place][1], end_ms - at_ms
        at_ms, place = end_ms, place + 1
