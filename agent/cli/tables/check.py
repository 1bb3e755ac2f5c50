"""The rows of `sansang check` for people: worst first, in plain words, in Vietnamese or English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text as RichText

from agent.cli.clients.agent_api import TargetCheck
from agent.cli.tables.layout import TerminalColumn, columns, fitted, say, show, wrapped
from agent.cli.visible import visible
from agent.explain.clock import DOUBTED
from agent.explain.labels import OWN_FAULTS, STATES
from agent.explain.run_details import in_vietnamese
from agent.explain.texts import explain_target
from agent.model import State, Verdict
from agent.text import Text as Said
from exporters.pages.elements import counted


@dataclass(frozen=True, slots=True)
class TableTexts:
    """The fixed words of the table."""

    probing: str
    nothing_matches: str
    columns: tuple[str, str, str, str, str]
    verdicts: dict[Verdict, str]
    since: str
    no_agent: str
    summary: str
    unmeasured: str
    not_permitted: str
    just_started: str
    good: str
    maintenance: str
    call: str


WORDS = {
    "vi": TableTexts(
        "Đang kiểm tra",
        "không có mục tiêu nào khớp với lựa chọn; xem danh sách bằng `sansang validate`",
        ("Mục tiêu", "Lần này", "Trạng thái", "RTT", "Vì sao, và nên làm gì"),
        {
            Verdict.OK: "tốt",
            Verdict.DEGRADED: "kém",
            Verdict.FAILED: "hỏng",
            Verdict.LOCAL_ERROR: "chưa đo được",
        },
        "từ",
        "chưa giám sát",
        "{failed} hỏng trên {targets}",
        "; {count} chưa đo được, do máy giám sát: {causes}",
        "Máy này chưa được phép gửi gói tin; hãy chạy:",
        "Bộ giám sát vừa khởi động, {count} mục tiêu chưa có trạng thái; kết quả ở đây là của lần đo vừa rồi.",
        "tốt: {count} (thêm --all để xem tất cả)",
        "đang bảo trì",
        "Gọi:",
    ),
    "en": TableTexts(
        "Probing",
        "no target matches the selection; `sansang validate` lists what there is",
        ("Target", "This run", "State", "RTT", "Why, and what to try"),
        {
            Verdict.OK: "good",
            Verdict.DEGRADED: "poor",
            Verdict.FAILED: "failed",
            Verdict.LOCAL_ERROR: "not measured",
        },
        "since",
        "no agent",
        "{failed} failed of {targets}",
        "; {count} not measured, by the monitor's own fault: {causes}",
        "This machine may not send the packet; run:",
        "The monitor has just started; targets without a state yet: {count}. What counts is the run just made.",
        "good: {count} (--all lists them)",
        "in maintenance",
        "Call:",
    ),
}
WIDE = 110
"""Columns from which a table is readable; narrower terminals get a list."""
_COLOURS = {
    Verdict.OK: "green",
    Verdict.DEGRADED: "yellow",
    Verdict.FAILED: "bold red",
    Verdict.LOCAL_ERROR: "magenta",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How to show the rows: language, the organisation's zone, whether what is well is listed too.

    clock: what to say of the clock by which the certificates were judged, if anything. contacts: whom to call, by site.
    """

    language: str
    zone: ZoneInfo
    every: bool = False
    clock: Said | None = None
    contacts: Mapping[str, str] = field(default_factory=dict)


def table(rows: Sequence[TargetCheck], style: Style, console: Console) -> None:
    """Print what is not well (or every row), the counts, and the line to run where this machine forbids a probe."""
    words = WORDS[style.language]
    listed = [row for row in rows if style.every or not _well(row)]
    cells = [_cells(row, style) for row in listed]
    if listed and console.width >= WIDE and fitted(_shape(words), cells, console.width):
        show(_shape(words), cells, console, spaced=True)
    else:
        _list(listed, style, console)
    if len(listed) < len(rows):
        say(words.good.format(count=len(rows) - len(listed)), console, "green")
    if fresh := sum(row.just_started for row in rows):
        say(words.just_started.format(count=fresh), console)
    say(_summary(rows, style.language), console)
    for hint in sorted({row.hint for row in rows if row.hint}):
        say(words.not_permitted, console, "magenta")
        console.print(RichText(f"  {visible(hint)}", "magenta"), soft_wrap=True)
    if style.clock is not None:
        say(style.clock.to(style.language), console, "magenta")


def _summary(rows: Sequence[TargetCheck], language: str) -> str:
    """How many failed of all, and what kept this machine from measuring the others: that is no fault of theirs."""
    words = WORDS[language]
    failed = sum(row.verdict is Verdict.FAILED for row in rows)
    told = words.summary.format(failed=failed, targets=counted(len(rows), language))
    causes = Counter(row.reason for row in rows if row.verdict is Verdict.LOCAL_ERROR)
    if not causes:
        return told
    each = ", ".join(f"{OWN_FAULTS[reason].to(language)} ({count})" for reason, count in causes.most_common())
    return told + words.unmeasured.format(count=causes.total(), causes=each)


def _shape(words: TableTexts) -> tuple[TerminalColumn, ...]:
    titles = "|".join(words.columns)
    return columns(titles, prose=(0, 4), right=(3,))


def _cells(row: TargetCheck, style: Style) -> tuple[RichText | str, ...]:
    words = WORDS[style.language]
    return (
        _who(row),
        _verdict(row, words),
        _state(row, style),
        _rtt(row, style.language),
        _why(row, style),
    )


def _list(rows: Sequence[TargetCheck], style: Style, console: Console) -> None:
    """A narrow terminal: one block a row, the reason under it."""
    words = WORDS[style.language]
    for row in rows:
        head = RichText.assemble(_verdict(row, words), "  ", visible(row.target), "  ", (visible(row.name), "dim"))
        state = RichText(_state(row, style).plain.replace("\n", " ") + f"   RTT {_rtt(row, style.language)}")
        for number, text in enumerate((head, state, _why(row, style))):
            indent = "  " if number else ""
            for line in wrapped(text, console.width - len(indent)).split("\n"):
                if line.plain:
                    console.print(RichText(indent) + line, soft_wrap=True)
        console.print()


def _verdict(row: TargetCheck, words: TableTexts) -> RichText:
    return RichText(words.verdicts[row.verdict], _COLOURS[row.verdict])


def _well(row: TargetCheck) -> bool:
    return row.verdict is Verdict.OK and (row.just_started or row.state in (None, State.UP))


def _who(row: TargetCheck) -> RichText:
    return RichText.assemble(visible(row.target), "\n", (visible(row.name), "dim"))


def _state(row: TargetCheck, style: Style) -> RichText:
    words = WORDS[style.language]
    if row.state is None or row.since is None:
        return RichText(words.no_agent, "dim")
    overlay = f"\n{words.maintenance}" if row.in_maintenance else ""
    state = STATES[row.state].to(style.language).lower()
    return RichText(f"{state}\n{words.since} {row.since.astimezone(style.zone):%d/%m/%Y %H:%M}{overlay}")


def _rtt(row: TargetCheck, language: str) -> str:
    if row.rtt_seconds is None:
        return "-"
    text = f"{row.rtt_seconds * 1000:.1f} ms"
    return text.replace(".", ",") if language == "vi" else text


def _why(row: TargetCheck, style: Style) -> RichText:
    if row.verdict is Verdict.OK:
        return RichText("")
    language, behind = style.language, visible(row.upstream_name or row.upstream or "")
    said = explain_target(row.role, row.reason, language, upstream=behind, passing=row.silent_but_passing)
    parts: list[str | tuple[str, str]] = [said.what, "\n", ("→ " + said.advice, "italic")]
    if row.clock_doubted and row.verdict is not Verdict.LOCAL_ERROR and not behind:
        parts += ["\n", (DOUBTED.to(language), "magenta")]
    detail = in_vietnamese(row.detail) if language == "vi" else row.detail
    if detail and not behind and not row.hint:  # the line to run stands once, below all of them
        parts += ["\n", (visible(detail)[:200], "dim")]
    if (contact := style.contacts.get(row.site)) and row.verdict is Verdict.FAILED and not behind:
        parts += ["\n", (f"{WORDS[language].call} {visible(contact)}", "bold")]
    return RichText.assemble(*parts)
