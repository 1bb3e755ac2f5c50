"""The inventories that the ledger keeps: which was in force at a row or an instant, and what reports need of it."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from agent.errors import LedgerError
from agent.ledger.history import runs_of, wall_maps
from agent.ledger.reading import Reader
from agent.ledger.schema import of_kinds

_NONE: dict[str, Any] = {"organisation": {}, "levels": [], "units": [], "sites": [], "targets": [], "calendars": {}}


@dataclass(frozen=True, slots=True)
class Kept:
    """An inventory as the ledger keeps it; at_wall_ms: from when it was in force."""

    seq: int
    hash: str
    at_wall_ms: int
    document: Mapping[str, Any] = field(repr=False)

    def targets(self) -> dict[str, Mapping[str, Any]]:
        """By id."""
        return {target["id"]: target for target in self.document["targets"]}


class Inventories:
    """All inventories of one observer's ledger, oldest first, each read when it is asked for."""

    def __init__(self, reader: Reader, observer: str) -> None:
        self._reader = reader
        self._observer = observer
        self._read: dict[str, Mapping[str, Any]] = {}
        self._behind: dict[str, dict[str, frozenset[str]]] = {}

    @cached_property
    def _places(self) -> list[tuple[int, str, int]]:
        """Seq, hash and instant of each. Such a row has no instant: it is in force from that of the row after it."""
        runs = runs_of(self._reader, self._observer)
        maps = wall_maps(self._reader, runs)
        query = f'{of_kinds("content")} AND body LIKE \'%"kind":"inventory"%\''
        found = []
        for seq, run, body in self._reader.places(query):
            if run in maps:
                found.append((seq, str(json.loads(body)["hash"]), maps[run](self._reader.instant_at(seq, run))))
        return found

    def in_force(self, wall_ms: int) -> Kept:
        """The newest that was in force before an instant, else the first; an empty one if there is none."""
        if not self._places:
            return Kept(0, "", 0, _NONE)
        before = [place for place in self._places if place[2] < wall_ms]
        seq, digest, at = before[-1] if before else self._places[0]
        return Kept(seq, digest, at, self._document(digest))

    def ever(self, target: str) -> Mapping[str, Any] | None:
        """What the newest inventory that has the target says of it."""
        for _, digest, _ in reversed(self._places):
            found = next((one for one in self._document(digest)["targets"] if one["id"] == target), None)
            if found is not None:
                return dict(found)
        return None

    def behind(self, target: str, seq: int) -> frozenset[str]:
        """The paths that the target lay behind when the row was written."""
        place = bisect_left([one[0] for one in self._places], seq) - 1
        if place < 0:
            return frozenset()
        digest = self._places[place][1]
        if digest not in self._behind:
            targets = self._document(digest)["targets"]
            self._behind[digest] = {one["id"]: frozenset(one["paths"]) for one in targets}
        return self._behind[digest].get(target, frozenset())

    def _document(self, digest: str) -> Mapping[str, Any]:
        if digest not in self._read:
            self._read[digest] = _parsed(digest, self._reader.content(digest))
        return self._read[digest]


def _parsed(digest: str, body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except ValueError as error:
        raise LedgerError(f"the inventory {digest} of the ledger cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise LedgerError(f"the inventory {digest} of the ledger is none")
    return _NONE | document
