"""What a ledger tells beside a replay document: what was said of a target when, and whom a window's scope has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.oracle.rules import Rules, Span, Window


class SiteTexts(NamedTuple):
    calendar: dict[str, Any] | None
    scopes: frozenset[str]


class Changes(NamedTuple):
    """By target what was said and from when on, in order, and all of where it was configured; the scopes of windows."""

    told: Mapping[str, Sequence[tuple[int, SiteTexts]]]
    configured: Mapping[str, Sequence[Span]]
    scopes: Mapping[str, str]


class Told:
    """Of one target, instant by instant."""

    def __init__(self, changes: Changes, target: str, rules: Rules) -> None:
        self.rules = rules
        self.words = changes.told[target]
        self.configured = changes.configured[target]
        self.scopes = changes.scopes

    def at(self, x: int) -> SiteTexts:
        """In force at x; before the first, what the first says."""
        return next((words for since, words in reversed(self.words) if since <= x), self.words[0][1])

    def edges(self) -> set[int]:
        return {since for since, _ in self.words}

    def has(self, window: Window, x: int) -> bool:
        """Whether the window's scope has the target at x."""
        return self.scopes[window.id] in self.at(x).scopes

    def is_there(self, x: int) -> bool:
        return any(span.start <= x < span.end for span in self.configured)

    def windows(self, windows: Iterable[Window]) -> list[Window]:
        """Those that concern the target; one that it joined late is, for this target, one that was recorded late."""
        found = []
        for window in windows:
            steps = sorted({window.start, *self.edges(), *(span.start for span in self.configured)})
            inside = [x for x in steps if window.start <= x < window.end and self.has(window, x)]
            if not self.rules.planned(window):
                found += [window] if inside else []
            elif self.rules.in_scope_before(self, window):
                found.append(window)
            elif joined := [x for x in inside if self.is_there(x)]:
                found.append(window._replace(recorded=joined[0]))
        return found
