"""The inventories that the ledger keeps: which was in force when, and what reports need of it."""

from __future__ import annotations

import json
import marshal
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from agent.availability.spans import BEGINNING, FOREVER
from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.ledger.history.runs import runs_of, wall_maps
from agent.ledger.reader import Reader
from agent.ledger.rows import NO_INSTANT

_NONE: dict[str, Any] = {
    "organisation": {},
    "levels": [],
    "units": [],
    "sites": [],
    "targets": [],
    "calendars": {},
    "unit_changes": [],
}
_LISTED = ("units", "sites", "targets")


@dataclass(frozen=True, slots=True)
class InventoryVersion:
    """An inventory in force in [start_ms, end_ms) of UTC; seq of the row that began it."""

    seq: int
    hash: str
    start_ms: int
    end_ms: int
    document: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Place:
    """A row that keeps an inventory, and from which instant of UTC on it is in force."""

    seq: int
    hash: str
    at_ms: int


class Inventories:
    """All inventories of one observer's ledger, oldest first, each read when it is asked for."""

    def __init__(self, reader: Reader, observer: str) -> None:
        self._reader = reader
        self._observer = observer
        self._read: dict[str, Mapping[str, Any]] = {}
        self._latest: Mapping[str, Any] = _NONE
        self._behind: dict[str, dict[str, frozenset[str]]] = {}

    @cached_property
    def _places(self) -> list[_Place]:
        """One that differs from what the run before had was changed while the agent was off: it holds from the start.

        A later one holds from the instant that its row says; in older ledgers from that of the row after it.
        """
        runs = {run.seq: run for run in runs_of(self._reader, self._observer)}
        maps = wall_maps(self._reader, list(runs.values()))
        places: list[_Place] = []
        started: set[int] = set()
        for seq, run, body in self._reader.inventory_bodies():
            if run not in maps:
                continue
            document = json.loads(body)
            at_ms = int(document.get("at_ms", NO_INSTANT))
            if run not in started:
                at_ms = runs[run].row.start_ms
            elif at_ms == NO_INSTANT:
                at_ms = self._reader.instant_at(seq, run)
            started.add(run)
            places.append(_Place(seq, str(document["hash"]), maps[run](at_ms)))
        return places

    @cached_property
    def _spans(self) -> list[tuple[_Place, int, int]]:
        """Each until the next that is another; the first reaches back to the beginning of time."""
        changes: list[_Place] = []
        for place in self._places:
            latest = max([place.at_ms, *(change.at_ms for change in changes[-1:])])
            if not changes or changes[-1].hash != place.hash:
                changes.append(_Place(place.seq, place.hash, latest))
        starts = [BEGINNING, *(place.at_ms for place in changes[1:]), FOREVER]
        spans = zip(changes, pairwise(starts), strict=False)
        return [(place, start, end) for place, (start, end) in spans if start < end]

    def versions(self, start_ms: int, end_ms: int) -> tuple[InventoryVersion, ...]:
        """The versions in force in [start_ms, end_ms), at least that of start_ms; together they are all of time.

        A single empty one if the ledger keeps none.
        """
        latest = max(end_ms, start_ms + 1)
        versions = [
            InventoryVersion(place.seq, place.hash, start, end, self._document(place.hash))
            for place, start, end in self._spans
            if start < latest and end > start_ms
        ]
        return tuple(_all_of_time(versions)) or (InventoryVersion(0, "", BEGINNING, FOREVER, _NONE),)

    def at(self, at_ms: int) -> InventoryVersion:
        """The version in force at an instant, from when to when it is; an empty one if the ledger keeps none."""
        spans = self._spans
        if not spans:
            return InventoryVersion(0, "", BEGINNING, FOREVER, _NONE)
        place, start, end = spans[max(bisect_right([start for _, start, _ in spans], at_ms) - 1, 0)]
        return InventoryVersion(place.seq, place.hash, start, end, self._document(place.hash))

    def since(self, until_ms: int, holds: Callable[[Mapping[str, Any]], bool]) -> int | None:
        """The instant from which on all versions up to until_ms hold, BEGINNING if all do; None if the last does not.

        holds: what comes true once and stays so, as that a change is known. Reads few versions: it looks in the middle.
        """
        spans = [span for span in self._spans if span[1] <= until_ms]
        low, high = 0, len(spans)
        while low < high:
            middle = (low + high) // 2
            if holds(self._document(spans[middle][0].hash)):
                high = middle
            else:
                low = middle + 1
        return spans[low][1] if low < len(spans) else None

    def behind(self, target: str, seq: int) -> frozenset[str]:
        """The paths that the target lay behind when the row was written."""
        place = bisect_left([entry.seq for entry in self._places], seq) - 1
        if place < 0:
            return frozenset()
        digest = self._places[place].hash
        if digest not in self._behind:
            targets = self._document(digest)["targets"]
            self._behind[digest] = {row["id"]: frozenset(row["paths"]) for row in targets}
        return self._behind[digest].get(target, frozenset())

    def _document(self, digest: str) -> Mapping[str, Any]:
        if digest not in self._read:
            document = _parsed(digest, self._reader.content(digest))
            self._read[digest] = self._latest = _sharing(document, self._latest)
        return self._read[digest]


def _all_of_time(versions: list[InventoryVersion]) -> Iterator[InventoryVersion]:
    """The first from the beginning, the last for ever."""
    for number, version in enumerate(versions):
        start = version.start_ms if number else BEGINNING
        end = version.end_ms if number + 1 < len(versions) else FOREVER
        yield InventoryVersion(version.seq, version.hash, start, end, version.document)


def _sharing(document: dict[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with the entries of the other one where they are the same: of a country in a year one is enough."""
    for part in document.keys() & other.keys():
        if part in _LISTED:
            known = {entry["id"]: entry for entry in other[part]}
            document[part] = [_one_of(known.get(entry["id"]), entry) for entry in document[part]]
        else:
            document[part] = _one_of(other[part], document[part])
    return document


def _one_of(known: Any, own: Any) -> Any:
    """The known one if both are the same JSON: that 1 is true is so in Python alone."""
    return known if known == own and marshal.dumps(known, 2) == marshal.dumps(own, 2) else own


def _parsed(digest: str, body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError as error:
        raise LedgerError(ledger_errors.INVENTORY_UNREADABLE.filled(digest=digest, why=error)) from error
    if not isinstance(document, dict):
        raise LedgerError(ledger_errors.INVENTORY_NONE.filled(digest=digest))
    return _NONE | document
