"""One address at several sites, or twice at one: nearly always a slip of the pen, and never refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agent.inventory.expand import TargetDraft
from agent.inventory.findings import FilePosition, Finding
from agent.inventory.messages.message import Value
from agent.model import Role
from agent.text import Text

_COMMON = (Role.PORTAL, Role.SERVICE, Role.ONE_STOP)  # many sites use one of these
_NAMED = 5  # targets that a sentence names


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """An address that several targets have, and where each has it from."""

    address: str
    targets: tuple[tuple[str, FilePosition], ...]
    sites: int

    def finding(self, moved: Callable[[FilePosition], FilePosition] = lambda place: place) -> Finding:
        """The warning, at the last of the places; moved: where each really is."""
        places = [(identity, moved(place)) for identity, place in self.targets]
        which = Text(*(_listed(places, language) for language in Text._fields))
        values: dict[str, Value] = {"address": self.address, "count": str(self.sites), "which": which}
        return Finding(places[-1][1], "address_shared" if self.sites > 1 else "address_twice", values)


def _listed(places: Sequence[tuple[str, FilePosition]], language: str) -> str:
    named = [f"{identity} ({place.where(language)})" for identity, place in places[:_NAMED]]
    more = [f"... (+{len(places) - _NAMED})"] if len(places) > _NAMED else []
    return ", ".join([*named, *more])


def shared_addresses(drafts: Iterable[TargetDraft]) -> list[SharedAddress]:
    """Addresses at several sites, but for portals and services, and those probed twice by one module at one site.

    Ports of one device have its address; a check beside a ping adds nothing to what is said of the ping.
    """
    by_address: dict[str, list[TargetDraft]] = {}
    for draft in drafts:
        if draft.owner.value.role not in _COMMON and not draft.derived and draft.settings.port is None:
            by_address.setdefault(draft.address.casefold(), []).append(draft)
    shared: list[SharedAddress] = []
    for group in by_address.values():
        sites = {draft.home.value.id for draft in group}
        modules = {draft.module.id for draft in group}
        if len(sites) > 1 or len(modules) < len(group):
            targets = tuple((draft.id, draft.address_place()) for draft in group)
            shared.append(SharedAddress(group[0].address, targets, len(sites)))
    return shared
