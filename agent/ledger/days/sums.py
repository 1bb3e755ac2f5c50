"""Daily sums of every target: what a closed day was, as recorded, in whole milliseconds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date
from hashlib import sha256

from agent.availability.figures import Tally


@dataclass(frozen=True, slots=True)
class TargetDay:
    """One target on one local date, in the calendar ``always``.

    scoring is what counts of the date; maintenance, unknown, down, degraded and up share it to the millisecond.
    outages: stretches of DOWN that began on this date and have counted time of it; longest_outage_ms: the greatest
    counted time that one stretch of DOWN has of this date, also if it began before.
    """

    target: str
    scoring_ms: int
    maintenance_ms: int
    unknown_ms: int
    down_ms: int
    degraded_ms: int
    up_ms: int
    outages: int
    longest_outage_ms: int

    def tally(self) -> Tally:
        """The figures of the day. ValueError if its parts do not add up."""
        parts = (self.unknown_ms, self.down_ms, self.degraded_ms, self.up_ms)
        return Tally(self.scoring_ms, self.maintenance_ms, *parts)


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A date of an observer's zone, [start_ms, end_ms) in UTC, and from what its sums were counted.

    head_seq, head_hash: the newest row of the ledger at that moment (written_ms, UTC); version: of this program.
    sums by target; a target that was not configured on the date is not among them.
    """

    day: date
    observer: str
    zone: str
    start_ms: int
    end_ms: int
    head_seq: int
    head_hash: str
    version: str
    written_ms: int
    sums: tuple[TargetDay, ...]

    def digest(self) -> str:
        """SHA-256 of the day as lines of JSON; docs/ledger.md has the recipe."""
        return sha256("".join(self._lines()).encode("ascii")).hexdigest()

    def _lines(self) -> Iterator[str]:
        head = (self.start_ms, self.end_ms, self.head_seq, self.head_hash, self.version, self.written_ms)
        yield _line((self.day.isoformat(), self.observer, self.zone, *head))
        yield from (_line(astuple(target_day)) for target_day in self.sums)


def _line(values: tuple[object, ...]) -> str:
    return json.dumps(values, separators=(",", ":")) + "\n"
