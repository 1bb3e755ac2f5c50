"""The landing page: what is down and since when, for a person with a phone. Plain HTML, no script.

Built as a tree and serialised, never as text with gaps, so that no name can become an element or an attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring  # only written, nothing is parsed
from zoneinfo import ZoneInfo

from agent.engine.snapshot import EngineStats, TargetView
from agent.explain.clock import DOUBTED, warning
from agent.explain.texts import explain, explain_silent_but_passing, explain_upstream
from agent.explain.words import STATES, Words
from agent.inventory.entities import Organisation
from agent.model import State
from exporters.text import visible

_SHOWN = 200  # rows of a list; the count above it is always whole


@dataclass(frozen=True, slots=True)
class _Words:
    language: str
    all_well: str
    nothing: str
    since: str
    more: str
    other: tuple[str, str]
    time: str
    maintenance: str
    in_maintenance: str


_VI = _Words(
    "vi",
    "Mọi mục tiêu đều tốt.",
    "Chưa có mục tiêu nào được cấu hình.",
    "từ",
    "và {} mục tiêu nữa",
    ("en", "English"),
    "%H:%M %d/%m/%Y",
    "đang bảo trì",
    "{} mục tiêu đang trong thời gian bảo trì đã báo trước.",
)
_EN = _Words(
    "en",
    "Every target is up.",
    "No target is configured yet.",
    "since",
    "and {} more",
    ("vi", "Tiếng Việt"),
    "%H:%M %d/%m/%Y",
    "in maintenance",
    "{} targets lie in a maintenance window announced before.",
)
_SET_ASIDE = Words(
    "Khi khởi động, sổ ghi bị hỏng hoặc bị thay: đã cất riêng, không xóa; khoảng thiếu được tính là chưa rõ.",
    "At its start the ledger was damaged or replaced: it was set aside, not deleted; the gap counts as unknown.",
)
_NOT_WRITABLE = Words(
    "Ổ đĩa không nhận ghi (đầy hoặc chỉ đọc): vẫn kiểm tra, kết quả chờ trong bộ nhớ. Hãy giải phóng chỗ trống.",
    "The disk takes no rows (full or read-only): probing goes on, results wait in memory. Please free some space.",
)
_REFUSED = Words(
    "Cấu hình trên đĩa bị từ chối, cấu hình cũ vẫn chạy. Chạy sansang validate để biết sai ở đâu.",
    "The configuration on the disk was refused; the previous one still runs. sansang validate says why.",
)
_OVERLOADED = Words(
    "Máy giám sát quá tải: nhiều lần kiểm tra bắt đầu trễ quá nửa chu kỳ hoặc bị bỏ. Giảm mục tiêu hoặc tăng chu kỳ.",
    "The agent is overloaded: many probes begin late by half their interval or are left out."
    " Watch fewer targets, or lengthen intervals.",
)
_TROUBLES: tuple[Callable[[EngineStats], Words | None], ...] = (
    lambda stats: _SET_ASIDE if stats.ledger_quarantined else None,
    lambda stats: None if stats.ledger_writable else _NOT_WRITABLE,
    lambda stats: None if stats.reload_successful else _REFUSED,
    lambda stats: _OVERLOADED if stats.overloaded else None,
    lambda stats: warning(stats.clock_synchronised if stats.clock_readable else None),
)
"""What is wrong with the agent itself, one banner each, above all targets."""
_LINKS = ("/metrics", "/api/v1/targets", "/-/healthy", "/-/ready")
_LISTED = (State.DOWN, State.DEGRADED, State.UNKNOWN)


def landing_page(
    organisation: Organisation, views: Sequence[TargetView], language: str, stats: EngineStats | None = None
) -> str:
    """The whole page in Vietnamese or (language "en") English; times in the organisation's zone."""
    words = _EN if language == "en" else _VI
    zone = ZoneInfo(organisation.timezone)
    root = Element("html", lang=words.language)
    _head(root, organisation.name)
    body = SubElement(root, "body")
    _text(body, "h1", organisation.name)
    if stats is not None:
        _troubles(body, stats, words.language)
    _counts(body, views, words)
    if covered := sum(view.in_maintenance for view in views):
        _text(body, "p", words.in_maintenance.format(covered))
    for state in _LISTED:
        _list(body, state, [view for view in views if view.state is state], words, zone)
    if not views or all(view.state is State.UP for view in views):
        _text(body, "p", words.all_well if views else words.nothing)
    _links(body, words)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _head(root: Element, title: str) -> None:
    head = SubElement(root, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "meta", {"http-equiv": "refresh", "content": "30"})
    _text(head, "title", f"San Sang - {title}")
    SubElement(head, "link", rel="stylesheet", href="/static/style.css")


def _counts(body: Element, views: Sequence[TargetView], words: _Words) -> None:
    box = SubElement(body, "div", {"class": "counts"})
    for state in (State.UP, *_LISTED):
        count = _text(SubElement(box, "span"), "strong", str(sum(view.state is state for view in views)))
        count.tail = f" {STATES[state].to(words.language)}"


def _troubles(body: Element, stats: EngineStats, language: str) -> None:
    for said in (trouble(stats) for trouble in _TROUBLES):
        if said is not None:
            _text(body, "p", said.to(language)).set("class", "trouble")


def _list(body: Element, state: State, views: list[TargetView], words: _Words, zone: ZoneInfo) -> None:
    if not views:
        return
    _text(body, "h2", f"{STATES[state].to(words.language)} ({len(views)})")
    items = SubElement(body, "ul")
    for view in sorted(views, key=lambda view: (view.upstream is not None, view.since_wall_ms))[:_SHOWN]:
        _item(SubElement(items, "li", {"class": state.name.lower()}), view, words, zone)
    if len(views) > _SHOWN:
        _text(body, "p", words.more.format(len(views) - _SHOWN))


def _item(item: Element, view: TargetView, words: _Words, zone: ZoneInfo) -> None:
    since = datetime.fromtimestamp(view.since_wall_ms / 1000, UTC)
    overlay = f" [{words.maintenance}]" if view.in_maintenance else ""
    _text(item, "strong", view.target.name or view.target.id).tail = f"{overlay} {words.since} "
    moment = _text(item, "time", since.astimezone(zone).strftime(words.time))
    moment.set("datetime", since.isoformat(timespec="seconds"))
    SubElement(item, "br")
    _text(item, "span", _said(view, words.language)).tail = " "
    if view.last_run is not None and view.last_run.result.clock_doubted and view.state is not State.UNKNOWN:
        _text(item, "span", DOUBTED.to(words.language)).tail = " "
    _text(item, "span", f"({view.target.id}: {view.cause.value})").set("class", "quiet")


def _said(view: TargetView, language: str) -> str:
    role = view.target.role
    if view.state is State.UNKNOWN:
        return explain(role, view.cause, language).what
    if view.upstream is not None:
        return explain_upstream(role, view.upstream_name or view.upstream, language).what
    if view.silent_but_passing:
        return explain_silent_but_passing(role, language).what
    return explain(role, view.cause, language).what


def _links(body: Element, words: _Words) -> None:
    nav = SubElement(body, "nav")
    code, name = words.other
    _text(nav, "a", name).set("href", f"/?lang={code}")
    for link in _LINKS:
        _text(nav, "a", link).set("href", link)


def _text(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = visible(text)
    return element
