"""The landing page: what is down, since when and what to do, for a person with a phone. Plain HTML, no script.

Built as a tree and serialised, never as text with gaps, so that no name can become an element or an attribute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring  # only written, nothing is parsed
from zoneinfo import ZoneInfo

from agent.engine.snapshot import SiteOutageView, TargetView
from agent.explain.durations import duration_text
from agent.explain.labels import READINESS, STATES
from agent.explain.outages import RECENT_MS, outage_sentence
from agent.inventory.entities import Inventory
from agent.model import State
from agent.text import Text
from exporters.pages import landing_texts as words
from exporters.pages.banners import AgentCondition, banners, shortened
from exporters.pages.elements import PageContext, add, add_name, moment
from exporters.pages.problem_lists import ListRenderer
from exporters.pages.problems import lists
from exporters.pages.readiness_counts import ReadinessCount, by_level, by_role

RELOAD_SECONDS = 30
_MOST_ENDED = 20
_LINKS = ("/metrics", "/api/v1/targets", "/api/v1/paths", "/-/healthy", "/-/ready")


@dataclass(frozen=True, slots=True)
class LandingView:
    """The content of the page: targets and agent as they are now (UTC); contacts only if they may be shown.

    unfolded: the list of what is well is open, so that it stays open when the page reloads. outages: the last one of
    each site as a whole.
    """

    inventory: Inventory
    views: Sequence[TargetView]
    known: AgentCondition
    now_wall_ms: int
    contacts: bool = False
    unfolded: bool = False
    outages: Sequence[SiteOutageView] = ()


def landing_page(page: LandingView, language: str) -> str:
    """The whole page in Vietnamese or (language "en") English; times in the organisation's zone."""
    language = "en" if language == "en" else "vi"
    reader = _reader(page, language)
    root = Element("html", lang=language)
    _head(root, page.inventory.organisation.name)
    body = SubElement(root, "body")
    add_name(body, "h1", page.inventory.organisation.name, reader)
    _as_of(body, page, reader)
    _troubles(body, page.known, language)
    _ready(body, page, language)
    writer = ListRenderer(reader, {view.target.id: view for view in page.views})
    writer.write(body, lists(page.views, page.known.paths))
    if not page.views or all(view.state is State.UP for view in page.views):
        add(body, "p", (words.ALL_WELL if page.views else words.NOTHING).to(language))
    _ended(body, page, reader)
    writer.well(body, page.views, unfolded=page.unfolded)
    _links(body, language)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _reader(page: LandingView, language: str) -> PageContext:
    inventory = page.inventory
    return PageContext(
        language,
        ZoneInfo(inventory.organisation.timezone),
        page.now_wall_ms,
        {site.id: site for site in inventory.sites},
        {contact.id: contact for contact in inventory.contacts} if page.contacts else {},
        inventory.organisation.language,
    )


def _head(root: Element, title: str) -> None:
    head = SubElement(root, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "meta", {"http-equiv": "refresh", "content": str(RELOAD_SECONDS)})
    add(head, "title", f"San Sang - {title}")
    SubElement(head, "link", rel="stylesheet", href="/static/style.css")


def _as_of(body: Element, page: LandingView, reader: PageContext) -> None:
    """The time of the page, in words that stay true on paper and in a tab that nobody reloads."""
    language = reader.language
    line = add(body, "p", f"{words.AS_OF.to(language)} ", css="as-of")
    runs = [view.last_run.start_wall_ms for view in page.views if view.last_run is not None]
    age = duration_text((page.now_wall_ms - max(runs)) / 1000, language) if runs else ""
    newest = words.NEWEST.to(language).format(age) if runs else words.NO_RUN.to(language)
    now = moment(line, page.now_wall_ms, reader, exact=True)
    now.tail = f". {newest} {words.RENEWS.to(language).format(RELOAD_SECONDS)}"


def _troubles(body: Element, condition: AgentCondition, language: str) -> None:
    rows = list(banners(condition))
    if not rows:
        return
    add(body, "h2", words.PROBLEMS.to(language))
    for banner in rows:
        box = add(body, "div", css="trouble")
        add(box, "p", banner.text.to(language))
        details, more = shortened(banner.details)
        if details:
            lines = add(box, "ul")
            for detail in (*details, *([f"+ {more}"] if more else [])):
                add(lines, "li", detail)


def _ready(body: Element, page: LandingView, language: str) -> None:
    if not page.views:
        return
    add(body, "h2", words.READY.to(language))
    add(body, "h3", words.BY_ROLE.to(language))
    _tallies(body, by_role(page.views, language), language, STATES)
    if levels := list(by_level(page.inventory, page.views, language)):
        add(body, "h3", words.BY_LEVEL.to(language))
        _tallies(body, levels, language, READINESS)
    if covered := sum(view.in_maintenance for view in page.views):
        add(body, "p", words.COVERED.to(language).format(covered))


def _tallies(body: Element, tallies: Iterable[ReadinessCount], language: str, called: Mapping[State, Text]) -> None:
    items = add(body, "ul", css="tallies")
    for tally in tallies:
        item = add(items, "li", css=_css(tally))
        add(item, "span", tally.name)
        add(item, "strong", f"{tally.ready}/{tally.of}")
        parts = ((State.DOWN, tally.down), (State.UNKNOWN, tally.unknown), (State.DEGRADED, tally.degraded))
        notes = [f"{count} {called[state].to(language).lower()}" for state, count in parts if count]
        add(item, "span", ", ".join(notes) or called[State.UP].to(language).lower(), css="word")


def _css(tally: ReadinessCount) -> str:
    """A mixed tally has the colour of the worst in it."""
    if tally.down:
        return "down"
    return "unknown" if tally.unknown else "degraded" if tally.degraded else "up"


def _ended(body: Element, page: LandingView, reader: PageContext) -> None:
    """Which sites were dark as a whole and why, for a day: the newest first."""
    ended = [
        (view.end_wall_ms, view)
        for view in page.outages
        if view.end_wall_ms is not None and page.now_wall_ms - view.end_wall_ms < RECENT_MS
    ]
    if not ended:
        return
    language, now = reader.language, reader.local(page.now_wall_ms)
    add(body, "h2", words.ENDED.to(language))
    items = add(body, "ul", css="well")
    for end_ms, view in sorted(ended, key=lambda entry: -entry[0])[:_MOST_ENDED]:
        sentence = outage_sentence(view.cause, reader.local(view.start_wall_ms), reader.local(end_ms), now)
        item = add(items, "li")
        site = reader.sites.get(view.site)
        add_name(item, "strong", view.site if site is None else site.name, reader).tail = f": {sentence.to(language)}."


def _links(body: Element, language: str) -> None:
    nav = SubElement(body, "nav")
    code, name = words.OTHER[language]
    other = add(nav, "a", name)
    other.set("href", f"/?lang={code}")
    other.set("lang", code)
    other.set("hreflang", code)
    for link in _LINKS:
        add(nav, "a", link).set("href", link)
