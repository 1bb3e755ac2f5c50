"""The breaks of a record in words: what happened, what it means for the figures, and the short line for the front."""

from __future__ import annotations

from agent.explain.ledger_errors import stored_text
from agent.ledger.history.breaks import Break, BreakKind, OtherObserver
from agent.ledger.rows import (
    AgentRun,
    ClockStep,
    HeartbeatRefused,
    NewInstallation,
    ObserverAlias,
    Quarantined,
    Restored,
)
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.formatting import moment

KINDS = {
    BreakKind.BEGUN_ANEW: Text("Bắt đầu sổ mới", "The ledger was begun anew"),
    BreakKind.SET_ASIDE: Text("Sổ hỏng được cất riêng", "A damaged ledger was set aside"),
    BreakKind.RESTORED: Text("Sổ được khôi phục từ bản sao", "The ledger was restored from a copy"),
    BreakKind.COPIED: Text(
        "Sổ được chép hoặc chuyển sang nơi khác", "The ledger was copied or moved to another installation"
    ),
    BreakKind.OTHER_OBSERVER: Text(
        "Máy giám sát chạy dưới tên trạm quan sát khác", "The agent ran under another observer name"
    ),
    BreakKind.KILLED: Text("Máy giám sát bị ngắt đột ngột", "The agent was killed or lost its power"),
    BreakKind.STOPPED: Text("Máy giám sát được dừng", "The agent was stopped"),
    BreakKind.CLOCK_UNKNOWN: Text(
        "Đồng hồ chưa từng được đồng bộ trong lần chạy này", "The clock was never synchronised in this run"
    ),
    BreakKind.CLOCK_STEP: Text("Đồng hồ bị chỉnh nhảy", "The clock stepped"),
    BreakKind.RENAMED: Text("Trạm quan sát đổi tên", "The observer was renamed"),
    BreakKind.HEARTBEAT_REFUSED: Text(
        "Tệp heartbeat bị thiếu hoặc không thể đúng", "The heartbeat was missing or could not be true"
    ),
}
_SHOWN = {
    "machine": Text("mã định danh được tạo trên máy khác", "its identity was made on another machine"),
    "copy": Text("tệp định danh là một bản chép", "the file of its identity is a copy"),
    "missing": Text("không còn tệp định danh", "the file of its identity was gone"),
    "ledger": Text("sổ do bản cài đặt khác ghi", "the ledger was written by another installation"),
}
_RESTORED = Text("{who} khôi phục lúc {at} từ bản sao {copy}, {over}", "{who} restored the copy {copy} at {at}, {over}")
_OVER = Text(
    "thay cho sổ có dòng cuối {seq} ({hash}), cất ở quarantine/{folder}",
    "over a ledger whose newest row was {seq} ({hash}), now in quarantine/{folder}",
)
_WHOLE = Text("; sổ bị thay còn nguyên vẹn (--force)", "; what was replaced was whole (--force)")
_NOTHING = Text("trước đó không có sổ nào", "where there was no ledger")
_QUARANTINED = Text("{why}; cất ở quarantine/{folder}, {after}", "{why}; kept in quarantine/{folder}, {after}")
_COPY = Text("dùng tiếp bản sao {copy}", "the copy {copy} goes on")
_ANEW = Text("không có bản sao tốt nào", "there was no good copy")
_LOST = Text(
    "; sổ cũ có đến dòng {seq}, dấu hiệu cuối lúc {at}", "; it had {seq} rows, its last sign of life was at {at}"
)
_MOVED = Text("bản cài đặt {before} → {after}: {how}", "installation {before} → {after}: {how}")
_STEPPED = Text(
    "lệch {shift} s: lẽ ra là {expected}, đồng hồ chỉ {said}",
    "{shift} s: it should have read {expected}, it read {said}",
)
_NAMED = Text(
    "{was} → {observer}: tính chung một lịch sử, theo cấu hình observer_was",
    "{was} → {observer}: one history, as observer_was of the configuration says",
)
_LEFT_OUT = Text(
    "Không tính trong báo cáo này: trạm quan sát {name} trong cùng sổ, từ {start} đến {end}, {targets} mục tiêu."
    " Nếu đó là tên cũ của trạm này: thêm observer_was: [{name}] vào mục organisation rồi khởi động lại",
    "Not in this report: the observer {name} in the same ledger, from {start} to {end}, {targets} targets."
    " If that is the former name of this one: add observer_was: [{name}] to organisation and restart",
)
_REFUSED = Text(
    "{why}; lần chạy trước chỉ được tính đến dòng cuối cùng của nó",
    "{why}; the run before it counts only up to its last row",
)
_STEPS = Text(
    "Đồng hồ bị chỉnh nhảy {count} lần, nhiều nhất {most} s", "The clock stepped {count} times, by {most} s at most"
)
_LINE = Text("{what} (từ {start} đến {end}): {detail}", "{what} (from {start} to {end}): {detail}")
_AT = Text("{what} (lúc {start}): {detail}", "{what} (at {start}): {detail}")
_QUIET = (BreakKind.STOPPED, BreakKind.KILLED, BreakKind.CLOCK_UNKNOWN, BreakKind.CLOCK_STEP)


def break_lines(report: UptimeReport) -> tuple[str, ...]:
    """One line for each break that somebody has to know of, and for what is left out; plain stops have none."""
    language, zone = report.language, report.zone
    lines = [_line(break_, language, zone) for break_ in report.breaks if break_.kind not in _QUIET]
    steps = [abs(shift_ms(break_.row)) for break_ in report.breaks if isinstance(break_.row, ClockStep)]
    if steps:
        lines.append(_STEPS.to(language).format(count=len(steps), most=_seconds(max(steps))))
    return (*lines, *(omitted_observer(other, language, zone) for other in report.others))


def omitted_observer(other: OtherObserver, language: str, zone: str) -> str:
    """A line about another observer of the ledger: its time and its targets."""
    start, end = moment(other.start_ms, zone, language), moment(other.end_ms, zone, language)
    return _LEFT_OUT.to(language).format(name=other.observer, start=start, end=end, targets=other.targets)


def detail(break_: Break, language: str, zone: str) -> str:
    """The row's facts beyond kind and time, in words; "" if it has no others."""
    match break_.row:
        case Restored() as row:
            return _restored(row, language, zone)
        case Quarantined() as row:
            return _quarantined(row, language, zone)
        case NewInstallation(_, installation, before, how):
            label = _SHOWN[how].to(language) if how in _SHOWN else how
            return _MOVED.to(language).format(before=before[:8], after=installation[:8], how=label)
        case ClockStep(_, expected, actual) as row:
            instants = {"expected": moment(expected, zone, language), "said": moment(actual, zone, language)}
            return _STEPPED.to(language).format(shift=f"{shift_ms(row) / 1000:+.3f}", **instants)
        case HeartbeatRefused() as row:
            return _REFUSED.to(language).format(why=stored_text(row.why).to(language))
        case ObserverAlias(_, observer, was):
            return _NAMED.to(language).format(was=was, observer=observer)
        case AgentRun(observer) if break_.kind is BreakKind.OTHER_OBSERVER:
            return observer
        case _:
            return ""


def shift_ms(row: object) -> int:
    """The milliseconds by which a step moved the clock; 0 for any other row."""
    return row.wall_ms - row.expected_wall_ms if isinstance(row, ClockStep) else 0


def _restored(row: Restored, language: str, zone: str) -> str:
    over = _NOTHING.to(language)
    if row.head_seq:
        over = _OVER.to(language).format(seq=row.head_seq, hash=row.head_hash[:16], folder=row.folder)
    at = moment(row.recorded_wall_ms, zone, language)
    text = _RESTORED.to(language).format(who=row.who, at=at, copy=row.copy, over=over)
    return text + (_WHOLE.to(language) if row.forced else "")


def _quarantined(row: Quarantined, language: str, zone: str) -> str:
    after = _COPY.to(language).format(copy=stored_text(row.copy).to(language)) if row.copy else _ANEW.to(language)
    text = _QUARANTINED.to(language).format(why=stored_text(row.why).to(language), folder=row.folder, after=after)
    if not row.head_seq:
        return text
    return text + _LOST.to(language).format(seq=row.head_seq, at=moment(row.alive_wall_ms, zone, language))


def _line(break_: Break, language: str, zone: str) -> str:
    start, end = moment(break_.start_ms, zone, language), moment(break_.end_ms, zone, language)
    form = _AT if break_.start_ms == break_.end_ms else _LINE
    what = KINDS[break_.kind].to(language)
    return form.to(language).format(what=what, start=start, end=end, detail=detail(break_, language, zone))


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")
