"""The rows of `sansang check` for people: worst first, in plain words, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agent.cli.agent_client import Row
from agent.cli.visible import visible
from agent.explain.clock import DOUBTED
from agent.explain.texts import explain_target
from agent.explain.words import STATES
from agent.explain.words import Words as Said
from agent.model import State, Verdict


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of the table."""

    probing: str
    nothing_matches: str
    columns: tuple[str, str, str, str, str]
    verdicts: dict[Verdict, str]
    since: str
    no_agent: str
    summary: str
    not_permitted: str
    good: str
    maintenance: str
    call: str


WORDS = {
    "vi": Words(
        "Đang kiểm tra",
        "không có mục tiêu nào khớp với lựa chọn; xem danh sách bằng `sansang validate`",
        ("Mục tiêu", "Lần này", "Trạng thái", "RTT", "Vì sao, và nên làm gì"),
        {
            Verdict.OK: "tốt",
            Verdict.DEGRADED: "kém",
            Verdict.FAILED: "hỏng",
            Verdict.LOCAL_ERROR: "không đo được",
        },
        "từ",
        "chưa giám sát",
        "{failed} hỏng trên {total} mục tiêu",
        "Máy này chưa được phép gửi gói tin; hãy chạy:",
        "tốt: {count} (thêm --all để xem tất cả)",
        "đang bảo trì",
        "Gọi:",
    ),
    "en": Words(
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
        "{failed} failed of {total} targets",
        "This machine may not send the packet; run:",
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


def table(rows: Sequence[Row], style: Style, console: Console) -> None:
    """Print what is not well (or every row), the count, and the line to run where this machine forbids a probe."""
    words = WORDS[style.language]
    listed = [row for row in rows if style.every or not _well(row)]
    if console.width >= WIDE:
        _sheet(listed, style, console)
    else:
        _list(listed, style, console)
    if len(listed) < len(rows):
        console.print(words.good.format(count=len(rows) - len(listed)), style="green", highlight=False)
    failed = sum(row.failed for row in rows)
    console.print(words.summary.format(failed=failed, total=len(rows)))
    for hint in sorted({row.hint for row in rows if row.hint}):
        console.print(f"{words.not_permitted}\n  {hint}", style="magenta", highlight=False, markup=False)
    if style.clock is not None:
        console.print(style.clock.to(style.language), style="magenta", highlight=False, markup=False)


def _sheet(rows: Sequence[Row], style: Style, console: Console) -> None:
    words = WORDS[style.language]
    sheet = Table(box=box.SIMPLE_HEAD, pad_edge=False, leading=1)
    for heading, width in zip(words.columns, (26, 9, 17, 9, None), strict=True):
        sheet.add_column(heading, width=width, overflow="fold", justify="right" if heading == "RTT" else "left")
    for row in rows:
        sheet.add_row(
            _who(row),
            _verdict(row, words),
            _state(row, style),
            _rtt(row, style.language),
            _why(row, style),
        )
    if rows:
        console.print(sheet)


def _list(rows: Sequence[Row], style: Style, console: Console) -> None:
    """A narrow terminal: one block a row, the reason under it."""
    words = WORDS[style.language]
    for row in rows:
        state = _state(row, style).plain.replace("\n", " ")
        console.print(Text.assemble(_verdict(row, words), "  ", visible(row.target), "  ", (visible(row.name), "dim")))
        console.print(Padding(Text(f"{state}   RTT {_rtt(row, style.language)}"), (0, 0, 0, 2)))
        console.print(Padding(_why(row, style), (0, 0, 1, 2)))


def _verdict(row: Row, words: Words) -> Text:
    return Text(words.verdicts[row.verdict], _COLOURS[row.verdict])


def _well(row: Row) -> bool:
    return row.verdict is Verdict.OK and row.state in (None, State.UP)


def _who(row: Row) -> Text:
    return Text.assemble(visible(row.target), "\n", (visible(row.name), "dim"))


def _state(row: Row, style: Style) -> Text:
    words = WORDS[style.language]
    if row.state is None or row.since is None:
        return Text(words.no_agent, "dim")
    overlay = f"\n{words.maintenance}" if row.in_maintenance else ""
    state = STATES[row.state].to(style.language).lower()
    return Text(f"{state}\n{words.since} {row.since.astimezone(style.zone):%d/%m %H:%M}{overlay}")


def _rtt(row: Row, language: str) -> str:
    if row.rtt_seconds is None:
        return "-"
    text = f"{row.rtt_seconds * 1000:.1f} ms"
    return text.replace(".", ",") if language == "vi" else text


def _why(row: Row, style: Style) -> Text:
    if row.verdict is Verdict.OK:
        return Text("")
    language, behind = style.language, visible(row.upstream_name or row.upstream or "")
    said = explain_target(row.role, row.reason, language, upstream=behind, passing=row.silent_but_passing)
    parts: list[str | tuple[str, str]] = [said.what, "\n", ("→ " + said.advice, "italic")]
    if row.clock_doubted and row.verdict is not Verdict.LOCAL_ERROR and not behind:
        parts += ["\n", (DOUBTED.to(language), "magenta")]
    if row.detail and not behind:
        parts += ["\n", (visible(row.detail)[:200], "dim")]
    if (contact := style.contacts.get(row.site)) and row.failed and not behind:
        parts += ["\n", (f"{WORDS[language].call} {visible(contact)}", "bold")]
    return Text.assemble(*parts)
