"""The rows of `sansang check` for people: worst first, in plain words, in Vietnamese or English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text as RichText

from agent.cli.clients.agent_api import TargetCheck
from agent.cli.tables.layout import TerminalColumn, columns, fitted, say, show, wrapped
from agent.cli.visible import visible
from agent.engine.snapshot import ComponentView, SiteOutageView
from agent.explain.clock import DOUBTED, OURS
from agent.explain.components import component_advice, component_sentence, device_name, since_text
from agent.explain.labels import OWN_FAULTS, STATES
from agent.explain.outages import RECENT_MS, outage_sentence
from agent.explain.problems import FailingTarget, worst_first
from agent.explain.run_details import in_vietnamese
from agent.explain.texts import explain_target
from agent.model import Reason, Role, State, Verdict
from agent.text import Text
from exporters.pages.elements import counted

PROBING = Text("Đang kiểm tra", "Probing")
NOTHING_CHOSEN = Text(
    "không có mục tiêu nào khớp với lựa chọn; xem danh sách bằng `sansang validate`",
    "no target matches the selection; `sansang validate` lists what there is",
)
_COLUMNS = Text(
    "Mục tiêu|Lần này|Trạng thái|RTT|Vì sao, và nên làm gì", "Target|This run|State|RTT|Why, and what to try"
)
VERDICT_WORDS: Mapping[Verdict, Text] = {
    Verdict.OK: Text("tốt", "good"),
    Verdict.DEGRADED: Text("kém", "poor"),
    Verdict.FAILED: Text("hỏng", "failed"),
    Verdict.LOCAL_ERROR: Text("chưa đo được", "not measured"),
}
_SINCE = Text("từ", "since")
_NO_AGENT = Text("chưa giám sát", "no agent")
_SUMMARY = Text("{failed} hỏng trên {targets}", "{failed} failed of {targets}")
_UNMEASURED = Text(
    "; {count} chưa đo được, do máy giám sát: {causes}",
    "; {count} not measured, by the monitor's own fault: {causes}",
)
_NOT_PERMITTED = Text("Máy này chưa được phép gửi gói tin; hãy chạy:", "This machine may not send the packet; run:")
_JUST_STARTED = Text(
    "Bộ giám sát vừa khởi động, {count} mục tiêu chưa có trạng thái; kết quả ở đây là của lần đo vừa rồi.",
    "The monitor has just started; targets without a state yet: {count}. What counts is the run just made.",
)
_GOOD = Text("tốt: {count} (thêm --all để xem tất cả)", "good: {count} (--all lists them)")
_MAINTENANCE = Text("đang bảo trì", "in maintenance")
_CALL = Text("Gọi:", "Call:")
_PARTS = 4  # failed ones of a device that are listed
_MORE_PARTS = Text("và {count} bộ phận nữa.", "and {count} more parts.")
WIDE = 110
"""Columns from which a table is readable; narrower terminals get a list."""
VERDICT_COLOURS = {
    Verdict.OK: "green",
    Verdict.DEGRADED: "yellow",
    Verdict.FAILED: "bold red",
    Verdict.LOCAL_ERROR: "magenta",
}
_WORKS = (Verdict.OK, Verdict.DEGRADED)
_VERDICTS = (Verdict.FAILED, Verdict.LOCAL_ERROR, Verdict.DEGRADED, Verdict.OK)


@dataclass(frozen=True, slots=True)
class Style:
    """How to show the rows: language, the organisation's zone, whether what is well is listed too.

    clock: what to say of the clock by which the certificates were judged, if anything. contacts: whom to call, by site.
    """

    language: str
    zone: ZoneInfo
    every: bool = False
    clock: Text | None = None
    contacts: Mapping[str, str] = field(default_factory=dict)
    now_wall_ms: int = 0

    def since(self, wall_ms: int) -> Text:
        """An instant as the sentences about parts have it: without the day where it is today."""
        return since_text(self.local(wall_ms), self.local(self.now_wall_ms))

    def local(self, wall_ms: int) -> datetime:
        """An instant in the zone of the organisation."""
        return datetime.fromtimestamp(wall_ms / 1000, self.zone)


def table(rows: Sequence[TargetCheck], style: Style, console: Console) -> None:
    """Print what is not well (or every row), the counts, and the line to run where this machine forbids a probe."""
    listed = [row for row in rows if style.every or not _well(row)]
    cells = [_cells(row, style) for row in listed]
    if listed and console.width >= WIDE and fitted(_shape(style), cells, console.width):
        show(_shape(style), cells, console, spaced=True)
    else:
        _list(listed, style, console)
    if len(listed) < len(rows):
        say(_GOOD.to(style.language).format(count=len(rows) - len(listed)), console, "green")
    if fresh := sum(row.just_started for row in rows):
        say(_JUST_STARTED.to(style.language).format(count=fresh), console)
    say(_summary(rows, style.language), console)
    for hint in sorted({row.hint for row in rows if row.hint}):
        say(_NOT_PERMITTED.to(style.language), console, "magenta")
        console.print(RichText(f"  {visible(hint)}", "magenta"), soft_wrap=True)
    if style.clock is not None:
        say(style.clock.to(style.language), console, "magenta")


def outage_lines(outages: Sequence[SiteOutageView], names: Mapping[str, str], style: Style, console: Console) -> None:
    """Print the outages of whole sites that last or ended within a day, the newest first. names: of sites by id."""
    for outage in sorted(outages, key=lambda view: -view.start_wall_ms):
        if outage.end_wall_ms is None or style.now_wall_ms - outage.end_wall_ms < RECENT_MS:
            end = None if outage.end_wall_ms is None else style.local(outage.end_wall_ms)
            instants = style.local(outage.start_wall_ms), end, style.local(style.now_wall_ms)
            sentence = outage_sentence(outage.cause, *instants).to(style.language)
            say(f"{visible(names.get(outage.site, outage.site))}: {sentence}.", console)


def _summary(rows: Sequence[TargetCheck], language: str) -> str:
    """How many failed of all, and what kept this machine from measuring the others: that is no fault of theirs."""
    failed = sum(row.verdict is Verdict.FAILED for row in rows)
    summary = _SUMMARY.to(language).format(failed=failed, targets=counted(len(rows), language))
    causes = Counter(row.reason for row in rows if row.verdict is Verdict.LOCAL_ERROR)
    if not causes:
        return summary
    counts = ", ".join(f"{OWN_FAULTS[reason].to(language)} ({count})" for reason, count in causes.most_common())
    return summary + _UNMEASURED.to(language).format(count=causes.total(), causes=counts)


def _shape(style: Style) -> tuple[TerminalColumn, ...]:
    return columns(_COLUMNS.to(style.language), prose=(0, 4), right=(3,))


def _cells(row: TargetCheck, style: Style) -> tuple[RichText | str, ...]:
    return (
        _who(row),
        _verdict(row, style.language),
        _state(row, style),
        _rtt(row, style.language),
        _why(row, style),
    )


def _list(rows: Sequence[TargetCheck], style: Style, console: Console) -> None:
    """A narrow terminal: one block a row, the reason under it."""
    for row in rows:
        head = RichText.assemble(
            _verdict(row, style.language), "  ", visible(row.target), "  ", (visible(row.name), "dim")
        )
        state = RichText(_state(row, style).plain.replace("\n", " ") + f"   RTT {_rtt(row, style.language)}")
        for number, text in enumerate((head, state, _why(row, style))):
            indent = "  " if number else ""
            for line in wrapped(text, console.width - len(indent)).split("\n"):
                if line.plain:
                    console.print(RichText(indent) + line, soft_wrap=True)
        console.print()


def _verdict(row: TargetCheck, language: str) -> RichText:
    return RichText(VERDICT_WORDS[row.verdict].to(language), VERDICT_COLOURS[row.verdict])


def _well(row: TargetCheck) -> bool:
    return row.verdict is Verdict.OK and (row.just_started or row.state in (None, State.UP))


def _who(row: TargetCheck) -> RichText:
    return RichText.assemble(visible(row.target), "\n", (visible(row.name), "dim"))


def _state(row: TargetCheck, style: Style) -> RichText:
    if row.state is None or row.since is None:
        return RichText(_NO_AGENT.to(style.language), "dim")
    overlay = f"\n{_MAINTENANCE.to(style.language)}" if row.in_maintenance else ""
    state = STATES[row.state].to(style.language).lower()
    return RichText(f"{state}\n{_SINCE.to(style.language)} {row.since.astimezone(style.zone):%d/%m/%Y %H:%M}{overlay}")


def _rtt(row: TargetCheck, language: str) -> str:
    if row.rtt_seconds is None:
        return "-"
    text = f"{row.rtt_seconds * 1000:.1f} ms"
    return text.replace(".", ",") if language == "vi" else text


def part_sentence(part: ComponentView, name: str, style: Style) -> str:
    """A failed part of the device of that name, and since when."""
    since = None if part.since_wall_ms is None else style.since(part.since_wall_ms)
    return f"{visible(component_sentence(part.component, device_name(name), since).to(style.language))}."


def _failed_parts(row: TargetCheck, style: Style) -> RichText:
    """Each failed part in a sentence, and what to do about the first: sharper than the reason alone."""
    parts = row.failed_parts
    lines = [part_sentence(part, row.name, style) for part in parts[:_PARTS]]
    if (more := len(parts) - _PARTS) > 0:
        lines.append(_MORE_PARTS.to(style.language).format(count=more))
    advice = component_advice(parts[0].component).to(style.language)
    return RichText.assemble("\n".join(lines), "\n", (f"→ {advice}", "italic"))


def _why(row: TargetCheck, style: Style) -> RichText:
    if row.verdict is Verdict.OK:
        return RichText("")
    if row.reason is Reason.COMPONENT_FAILED and row.failed_parts:
        return _failed_parts(row, style)
    language, behind = style.language, visible(row.upstream_name or row.upstream or "")
    explanation = explain_target(row.role, row.reason, language, upstream=behind, passing=row.silent_but_passing)
    parts: list[str | tuple[str, str]] = [explanation.what, "\n", ("→ " + explanation.advice, "italic")]
    if row.clock_doubted and row.verdict is not Verdict.LOCAL_ERROR and not behind:
        parts += ["\n", (DOUBTED.to(language), "magenta")]
    if row.clock_offset_seconds is not None and not behind:
        parts += ["\n", (OURS.to(language), "magenta")]
    detail = _detail(row, language)
    if detail and not behind and not row.hint:  # the line to run stands once, below all of them
        parts += ["\n", (visible(detail)[:200], "dim")]
    if (contact := style.contacts.get(row.site)) and row.verdict is Verdict.FAILED and not behind:
        parts += ["\n", (f"{_CALL.to(language)} {visible(contact)}", "bold")]
    return RichText.assemble(*parts)


def _detail(row: TargetCheck, language: str) -> str:
    if row.detail_text is not None:
        return row.detail_text.to(language)
    if row.reason is Reason.COMPONENT_FAILED:  # parts and the words of their faults, for logs
        return ""
    return in_vietnamese(row.detail) if language == "vi" else row.detail


def ordered(rows: Sequence[TargetCheck]) -> list[TargetCheck]:
    """What failed, each followed by what lies behind it; what we could not measure; what is poor; what is well."""
    linked = {row.site for row in rows if row.role is Role.UPLINK and row.verdict in _WORKS}
    return [row for verdict in _VERDICTS for row in _rows_of(verdict, rows, linked)]


def _rows_of(verdict: Verdict, rows: Iterable[TargetCheck], linked: set[str]) -> Iterable[TargetCheck]:
    by_target = {row.target: row for row in rows if row.verdict is verdict}
    if verdict is Verdict.OK:
        return (by_target[target] for target in sorted(by_target))
    places = worst_first(map(_failing, by_target.values()), linked)
    targets = (member for place in places for problem in place.problems for member in (problem.root, *problem.behind))
    return (by_target[member.target] for member in targets)


def _failing(row: TargetCheck) -> FailingTarget:
    since_ms = 0 if row.since is None else int(row.since.timestamp() * 1000)
    return FailingTarget(row.target, row.site, row.role, since_ms, row.upstream, row.in_maintenance)
