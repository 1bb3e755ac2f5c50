"""What the rows of a ledger say of devices, in UTC: when each was seen and began anew, faults of parts, states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from agent.availability.device_boots import UptimeReading, began_anew
from agent.availability.spans import FOREVER, Span, union
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.runs import LastKnown, clocks, last_known, runs_of
from agent.ledger.history.state_history import run_extents
from agent.ledger.reader import Reader
from agent.ledger.rows import NO_INSTANT, ComponentChange, DeviceSeen, StateChange
from agent.model import Component, ComponentFault, ComponentKind
from agent.reporting.replacement import FaultSpan

_PAGE = 200


@dataclass(frozen=True, slots=True)
class DeviceRows:
    """The rows of one observer, as far as [start_ms, end_ms) needs them."""

    start_ms: int
    end_ms: int
    reader: Reader
    walls: Mapping[int, Callable[[int], int]]
    ends: Mapping[int, int]
    known: Mapping[str, LastKnown]
    seen: Mapping[str, list[tuple[int, DeviceSeen]]] = field(default_factory=lambda: defaultdict(list))
    changes: Mapping[str, list[tuple[int, ComponentChange]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, reader: Reader, observer: str, alive: Heartbeat | None, start_ms: int, end_ms: int) -> DeviceRows:
        runs = runs_of(reader, observer)
        known = clocks(reader, runs)
        ends = {extent.run.seq: extent.end_ms for extent in run_extents(reader, runs, known, alive)}
        book = cls(start_ms, end_ms, reader, known.walls, ends, last_known(reader, observer))
        for stored in reader.among(DeviceSeen, ComponentChange):
            row, wall = stored.row, known.walls.get(stored.run)
            if wall is not None and isinstance(row, DeviceSeen):
                book.seen[row.target].append((wall(row.at_ms), row))
            elif wall is not None and isinstance(row, ComponentChange):
                book.changes[row.target].append((wall(row.at_ms), row))
        return book

    def spans(self, target: str, wanted: Callable[[StateChange], bool]) -> tuple[Span, ...]:
        """Where a wanted change of the target's state held, within the period and while an agent ran."""
        spans: list[Span] = []
        until, below = self.end_ms, FOREVER
        while True:
            page = self.reader.changes_of_target(target, below, _PAGE)
            for stored in page:
                if stored.run not in self.walls:
                    continue
                at_ms = self.walls[stored.run](stored.row.effective_at_ms)
                if wanted(stored.row):
                    spans.append((max(at_ms, self.start_ms), min(until, self.ends[stored.run])))
                until = min(until, at_ms)
                if at_ms <= self.start_ms:
                    return union(spans)
            if len(page) < _PAGE:
                return union(spans)
            below = page[-1].seq

    def sights(self, targets: Iterable[str]) -> Sequence[tuple[int, DeviceSeen]]:
        """Of a device that several targets tell of: those of the target that tells most."""
        return max((self.seen.get(target, []) for target in targets), key=len, default=[])

    def restarts(self, targets: Iterable[str]) -> tuple[int, ...]:
        """When the device began anew, in the period."""
        seen = self.sights(targets)
        readings = [UptimeReading(at_ms, row.uptime_ms) for at_ms, row in seen if row.uptime_ms != NO_INSTANT]
        begun = [after.at_ms - after.uptime_ms for before, after in pairwise(readings) if began_anew(before, after)]
        return tuple(at_ms for at_ms in begun if self.start_ms <= at_ms < self.end_ms)

    def faults(self, targets: Iterable[str]) -> tuple[FaultSpan, ...]:
        """Of its parts, as far as they touch the period; each part once, however many targets tell of it."""
        listed: set[str] = set()
        found: list[FaultSpan] = []
        for target in targets:
            rows = self.changes.get(target, [])
            spans = _spans([entry for entry in rows if entry[1].component not in listed])
            found += [span for span in spans if self._touches(span)]
            listed.update(row.component for _, row in rows)
        return tuple(sorted(found, key=lambda span: span.start_ms))

    def _touches(self, span: FaultSpan) -> bool:
        return span.start_ms < self.end_ms and (span.end_ms is None or span.end_ms > self.start_ms)


def _spans(rows: Iterable[tuple[int, ComponentChange]]) -> Iterator[FaultSpan]:
    lasting: dict[str, FaultSpan] = {}
    for at_ms, row in rows:
        if (span := lasting.pop(row.component, None)) is not None:
            yield FaultSpan(span.component, span.start_ms, at_ms)
        if (component := _component(row)) is not None:
            lasting[row.component] = FaultSpan(component, at_ms)
    yield from lasting.values()


def _component(row: ComponentChange) -> Component | None:
    """The part at fault; None of one in order, or of a kind that a newer version wrote."""
    kind = row.component.partition(":")[0]
    if row.fault not in list(ComponentFault) or kind not in list(ComponentKind):
        return None
    return Component(row.component, ComponentKind(kind), ComponentFault(row.fault), row.name, row.text)


def first_seen(sights: Sequence[tuple[int, DeviceSeen]]) -> int | None:
    """The first sight of the device that is there now: one with another serial, or another model, was another.

    One that had not yet said what it is says nothing of that.
    """
    first = None
    for at_ms, row in reversed(sights):
        newest = sights[-1][1]
        if (row.serial, row.model) not in ((newest.serial, newest.model), ("", "")):
            break
        first = at_ms
    return first
