"""Elements of the landing page: a tree that is serialised, never text with gaps; and its instants and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement  # only written, nothing is parsed
from zoneinfo import ZoneInfo

from agent.characters import cleaned
from agent.engine.snapshot import TargetView
from agent.explain.durations import duration_text
from agent.inventory.entities import Site
from agent.inventory.schema.rows import Contact
from exporters.pages.landing_texts import AT_ONE_PLACE, AT_PLACES, COUNT, COUNT_ONE, DAY, LASTING, MORE_TARGETS, SINCE

_NAMES = 8  # of a list inside an entry


@dataclass(frozen=True, slots=True)
class PageContext:
    """For whom it is written and when (UTC): language, the organisation's zone; contacts by id, if they may be seen.

    names_language: of the names in the inventory.
    """

    language: str
    zone: ZoneInfo
    now_wall_ms: int
    sites: Mapping[str, Site]
    contacts: Mapping[str, Contact]
    names_language: str = "vi"

    def local(self, wall_ms: int) -> datetime:
        """An instant in the organisation's zone."""
        return datetime.fromtimestamp(wall_ms / 1000, self.zone)


def add(parent: Element, tag: str, text: str = "", css: str = "") -> Element:
    """One more element with that text, and that class if any."""
    element = SubElement(parent, tag, {"class": css} if css else {})
    element.text = cleaned(text)
    return element


def add_name(parent: Element, tag: str, name: str, reader: PageContext) -> Element:
    """A name out of the inventory: a screen reader says it in its own language, and it runs its own way alone."""
    element = add(parent, tag, name)
    element.set("dir", "auto")
    if reader.names_language != reader.language:
        element.set("lang", reader.names_language)
    return element


def moment(parent: Element, wall_ms: int, reader: PageContext, *, exact: bool = False) -> Element:
    """An instant in the organisation's zone, without the day where it is today; exact: to the second, with its day."""
    instant = datetime.fromtimestamp(wall_ms / 1000, UTC)
    local, today = instant.astimezone(reader.zone), datetime.fromtimestamp(reader.now_wall_ms / 1000, reader.zone)
    day = f" {DAY.to(reader.language)} {local:%d/%m/%Y}" if exact or local.date() != today.date() else ""
    element = add(parent, "time", f"{local:%H:%M:%S}{day}" if exact else f"{local:%H:%M}{day}")
    element.set("datetime", instant.isoformat(timespec="seconds"))
    return element


def since(parent: Element, wall_ms: int, reader: PageContext) -> Element:
    """``since 07:41, for 2 hours 13 minutes``; the text goes on in the tail of what is returned."""
    add(parent, "span", SINCE.to(reader.language)).tail = " "
    element = moment(parent, wall_ms, reader)
    seconds = (reader.now_wall_ms - wall_ms) / 1000
    element.tail = f", {LASTING.to(reader.language).format(duration_text(seconds, reader.language))}"
    return element


def short_name(view: TargetView, home: str, reader: PageContext) -> str:
    """The target's name, without its site's name if that site is home."""
    name, site = view.target.name or view.target.id, reader.sites.get(view.target.site)
    if site is None or view.target.site != home:
        return name
    return name.removeprefix(f"{site.name}: ")


def names(views: Sequence[TargetView], home: str, reader: PageContext) -> str:
    """The first few, and how many more."""
    listed = ", ".join(short_name(view, home, reader) for view in views[:_NAMES])
    more = len(views) - _NAMES
    return f"{listed} {MORE_TARGETS.to(reader.language).format(more)}" if more > 0 else listed


def counted(count: int, language: str) -> str:
    """``12 targets``."""
    return (COUNT_ONE if count == 1 else COUNT).to(language).format(count)


def at_places(count: int, language: str) -> str:
    """``at 3 places``."""
    return (AT_ONE_PLACE if count == 1 else AT_PLACES).to(language).format(count)
