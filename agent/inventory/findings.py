"""What is found wrong before a language is chosen, and where in which file it stands."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from agent.characters import NOT_IN_FILES, code
from agent.errors import Fault
from agent.inventory.messages import sentence

Step = str | int
Trail = tuple[Step, ...]
ValueT = TypeVar("ValueT")

MAX_LISTED = 21
_MOST_CHOICES = MAX_LISTED - 1


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a file; line and column count from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, as a message key of messages.py with its values."""

    place: Place
    message: str
    values: Mapping[str, str] = field(default_factory=dict)

    def fault(self, language: str) -> Fault:
        """The finding in words."""
        wrong, right = sentence(self.message, self.values, language)
        at = self.place
        return Fault(at.file, at.line, at.column, at.path, wrong, right)


class Source(Protocol):
    """A file that values came from and that knows where each stands."""

    def place(self, trail: Trail, *, key: bool = False) -> Place:
        """Where the value (or with ``key`` its key) stands; the nearest that exists for a missing one."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[ValueT]):
    """A value together with where it stands."""

    source: Source
    trail: Trail
    value: ValueT

    def at(self, *steps: Step) -> Place:
        """Where a part of the value stands."""
        return self.source.place((*self.trail, *steps))


def dotted(trail: Trail) -> str:
    """``sites[3].gateway`` for ("sites", 3, "gateway")."""
    text = ""
    for step in trail:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def closest(value: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    found = difflib.get_close_matches(value, list(known), n=1, cutoff=0.7)
    return found[0] if found else None


def listed(known: Iterable[str]) -> str:
    """The choices, sorted and bounded."""
    words = sorted(known)
    tail = ", ..." if len(words) > _MOST_CHOICES else ""
    return ", ".join(words[:_MOST_CHOICES]) + tail


def hidden(place: Place, sign: str) -> Finding:
    """A character that no text may hold (agent.characters)."""
    message = "control_character" if NOT_IN_FILES.search(sign) else "invisible_character"
    return Finding(place, message, {"code": code(sign)})


def missing(source: Source, trail: Trail, key: str) -> Finding:
    """A key that must be there and is not; placed at what it is missing from."""
    return Finding(dataclasses.replace(source.place(trail), path=dotted((*trail, key))), "missing", {"key": key})


def unknown(place: Place, message: str, values: Mapping[str, str], value: str, known: Iterable[str]) -> Finding:
    """A finding about a word that is not known, with the closest known word or all of them as the way out."""
    words = list(known)
    if (close := closest(value, words)) is not None:
        return Finding(place, f"{message}_close", {**values, "close": close})
    return Finding(place, message, {**values, "choices": listed(words)})


def unknown_reference(place: Place, kind: str, value: str, known: Iterable[str]) -> Finding:
    """An id that nothing defines."""
    words = list(known)
    values = {"kind": kind, "value": value}
    if not words:
        return Finding(place, "unknown_reference_none", values)
    return unknown(place, "unknown_reference", values, value, words)
