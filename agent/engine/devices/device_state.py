"""What is known of the device behind one target: which of its parts matter and are at fault, since when it runs.

Mutable, owned by the event loop. Readings go in, rows of the ledger come out; what is shown is what they say on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from agent.availability.component_use import HOUR_MS, ComponentUse
from agent.availability.device_boots import UptimeReading, began_anew
from agent.clock import Clock
from agent.engine.devices.moment import Moment
from agent.engine.devices.row_budget import RowBudget
from agent.engine.snapshot import ComponentView
from agent.ledger.known_device import DatedRow, KnownDevice
from agent.ledger.rows import NO_INSTANT, ComponentChange, ComponentsUsed, DeviceSeen
from agent.model import Component, ComponentFault, ComponentKind, DeviceIdentity, DeviceReport

MOST_LOOKED_AT = 512
"""Parts of one answer that are looked at; a stack of switches has fewer."""

MOST_MATTERING = 64

GONE_AFTER = 3
"""So many answers in a row without a part that was at fault, and it is there no more."""

USE_WAITS_MS = 2 * HOUR_MS
"""Parts that come into use are written together this long after the first of them, at the latest when the day ends."""

_MOST_TEXT = 64
_NO_IDENTITY = DeviceIdentity()

DeviceRow = ComponentChange | ComponentsUsed | DeviceSeen
DeviceRows = Iterator[tuple[DeviceRow, Callable[[], None] | None]]
"""Rows to write, and what to do once they are on disk."""


@dataclass(frozen=True, slots=True)
class DeviceReading:
    """An answer to a run that began at at_ms (boottime); office_day: its local date, None of a day off."""

    report: DeviceReport
    at_ms: int
    office_day: str | None


@dataclass(slots=True)
class _Part:
    """A part of which the ledger has rows: what the newest one says, queued (fault) and on disk (shown)."""

    component: Component
    fault: ComponentFault | None
    shown: ComponentFault | None
    since: Moment
    missing: int = 0


class DeviceState:
    """One device, as long as its target is configured."""

    def __init__(self, target: str, clock: Clock, known: KnownDevice | None = None) -> None:
        """known: what the ledger says of it."""
        self._target = target
        self._clock = clock
        self._components: tuple[Component, ...] = ()
        self._parts: dict[str, _Part] = {}
        self._use = ComponentUse()
        self._unwritten: list[str] = []  # in use for an hour, and in no row yet
        self._unwritten_day, self._unwritten_since_ms = "", 0
        self._budget = RowBudget(clock.boottime_ms())
        self._reading: UptimeReading | None = None
        self._said: DeviceSeen | None = None  # the newest row, queued
        self.begun: Moment | None = None
        """When it began to run, by its newest answer."""
        self.shown_begun: Moment | None = None
        """The same, as the ledger says."""
        self.identity: DeviceIdentity | None = None
        self.read_ms = NO_INSTANT
        """Begin of the newest run in which it told its uptime."""
        if known is not None:
            self._restore(known)
        self.views: tuple[ComponentView, ...] = tuple(self._views())

    def failing(self, report: DeviceReport) -> list[Component]:
        """The parts that matter and are at fault in this answer, or were and are only missing in it."""
        reported = report.components[:MOST_LOOKED_AT]
        ids = {component.id for component in reported}
        missing = [
            replace(part.component, fault=part.fault)
            for id_, part in self._parts.items()
            if part.fault is not None and id_ not in ids and part.missing + 1 < GONE_AFTER
        ]
        return [component for component in self._mattering(reported) if component.fault is not None] + missing

    def take(self, reading: DeviceReading, *, answered: bool) -> DeviceRows:
        """Take an answer into account. answered: the run succeeded, so that what it says of parts holds."""
        yield from self._seen(reading)
        if answered:
            self._components = reading.report.components[:MOST_LOOKED_AT]
            yield from self._changes(reading)
            yield from self._used(reading)
            self.views = tuple(self._views())

    def unwritten(self, at_ms: int) -> DeviceRows:
        """What would be lost if the agent stopped now."""
        if self._unwritten:
            ids = " ".join(sorted(self._unwritten))
            self._unwritten = []
            yield ComponentsUsed(self._target, at_ms, self._unwritten_day, ids), None

    def has_fault(self, *faults: ComponentFault) -> bool:
        """Whether a part of it has one of these faults, as far as is known."""
        return any(part.fault in faults for part in self._parts.values())

    # --- parts ---

    def _mattering(self, components: Sequence[Component]) -> list[Component]:
        always = [component for component in components if component.matters_always]
        used = [component for component in components if _may_matter(component) and self._use.used(component.id)]
        return (always + used)[:MOST_MATTERING]

    def _changes(self, reading: DeviceReading) -> DeviceRows:
        mattering = {component.id: component for component in self._mattering(self._components)}
        for id_, component in mattering.items():
            part = self._parts.get(id_)
            if part is not None:
                part.component, part.missing = component, 0
            if component.fault is not (None if part is None else part.fault):
                yield from self._change(component, component.fault, reading.at_ms)
        reported = {component.id for component in self._components}
        for id_, part in tuple(self._parts.items()):
            if id_ in mattering:
                continue
            part.missing += 1
            if part.fault is None and part.shown is None:
                del self._parts[id_]
            elif part.fault is not None and (id_ in reported or part.missing >= GONE_AFTER):
                yield from self._change(part.component, None, reading.at_ms)  # matters no more, or is there no more

    def _change(self, component: Component, fault: ComponentFault | None, at_ms: int) -> DeviceRows:
        if not self._budget.take(at_ms):
            return  # the next answer says again what is so by then
        since = Moment.of(self._clock, at_ms)
        part = self._parts.setdefault(component.id, _Part(component, None, None, since))
        part.fault = fault
        word, text = "" if fault is None else fault.value, component.text[:_MOST_TEXT]
        row = ComponentChange(self._target, at_ms, component.id, word, component.name[:_MOST_TEXT], text)
        yield row, partial(self._show, part, fault, since)

    def _show(self, part: _Part, fault: ComponentFault | None, since: Moment) -> None:
        part.shown, part.since = fault, since
        self.views = tuple(self._views())

    def _used(self, reading: DeviceReading) -> DeviceRows:
        if self._unwritten and reading.office_day != self._unwritten_day:
            yield from self.unwritten(reading.at_ms)
        in_use = [part.id for part in self._components if _may_matter(part) and part.operational]
        for id_ in self._use.note(reading.at_ms, reading.office_day, in_use):
            if not self._unwritten:
                self._unwritten_day, self._unwritten_since_ms = reading.office_day or "", reading.at_ms
            self._unwritten.append(id_)
        if self._unwritten and reading.at_ms - self._unwritten_since_ms >= USE_WAITS_MS:
            yield from self.unwritten(reading.at_ms)

    def _views(self) -> Iterator[ComponentView]:
        mattering = {component.id for component in self._mattering(self._components)}
        reported = set()
        for component in self._components:
            reported.add(component.id)
            part = self._parts.get(component.id)
            if component.id not in mattering:
                yield ComponentView(component, matters=False)
            elif part is None:
                yield ComponentView(replace(component, fault=None) if component.fault else component, matters=True)
            else:
                yield self._view(part, component)
        for id_, part in self._parts.items():
            if id_ not in reported and part.shown is not None:
                yield self._view(part, part.component)

    def _view(self, part: _Part, component: Component) -> ComponentView:
        shown = component if component.fault is part.shown else replace(component, fault=part.shown)
        return ComponentView(shown, matters=True, since_wall_ms=part.since.wall_ms(self._clock))

    # --- the device ---

    def _seen(self, reading: DeviceReading) -> DeviceRows:
        report, at_ms = reading.report, reading.at_ms
        if report.identity is None and report.uptime_ms is None:
            return
        now = None if report.uptime_ms is None else UptimeReading(at_ms, report.uptime_ms)
        anew = now is not None and (self._reading is None or began_anew(self._reading, now))
        if now is not None:
            self.read_ms = at_ms
        identity = report.identity or _identity_in(self._said)
        if anew or self._said is None or identity != _identity_in(self._said):
            if not self._budget.take(at_ms):
                return
            uptime_ms = NO_INSTANT if report.uptime_ms is None else report.uptime_ms
            self._said = _seen_row(self._target, at_ms, uptime_ms, identity)
            if anew and now is not None:
                self.begun = Moment.of(self._clock, now.at_ms - now.uptime_ms)
            yield self._said, partial(self._tell, self.begun, identity)
        self._reading = now or self._reading

    def _tell(self, begun: Moment | None, identity: DeviceIdentity) -> None:
        self.shown_begun = begun
        self.identity = None if identity == _NO_IDENTITY else identity

    # --- what the ledger says ---

    def _restore(self, known: KnownDevice) -> None:
        for dated in known.changes:
            part = _restored_part(dated)
            if part is not None:
                self._parts[part.component.id] = part
        for row in known.used:
            self._use.restore(row.day, row.components.split())
        for dated in known.seen:
            self._restore_seen(dated)

    def _restore_seen(self, dated: DatedRow) -> None:
        row, clock = dated.row, self._clock
        if not isinstance(row, DeviceSeen):
            return
        self._said = row
        if row.uptime_ms != NO_INSTANT:
            at_ms = dated.at_ms
            passed_ms = max(0, clock.wall_ms() - dated.wall_ms)
            now = UptimeReading(clock.boottime_ms() - passed_ms if at_ms is None else at_ms, row.uptime_ms)
            if self._reading is None or began_anew(self._reading, now):
                began_ms = None if at_ms is None else at_ms - row.uptime_ms
                self.begun = Moment(began_ms, dated.wall_ms - row.uptime_ms)
            self._reading = now
        self._tell(self.begun, _identity_in(row))


def _may_matter(component: Component) -> bool:
    """A port that nobody named: it matters by its use."""
    return component.kind is ComponentKind.PORT and not component.named and not component.disabled


def always_failing(report: DeviceReport) -> list[Component]:
    """The parts at fault that matter whatever is known of their use."""
    reported = report.components[:MOST_LOOKED_AT]
    return [part for part in reported if part.fault is not None and part.matters_always][:MOST_MATTERING]


def _seen_row(target: str, at_ms: int, uptime_ms: int, said: DeviceIdentity) -> DeviceSeen:
    texts = said.vendor, said.model, said.serial, said.firmware, said.hardware, said.made_on
    return DeviceSeen(target, at_ms, uptime_ms, *texts)


def _identity_in(row: DeviceSeen | None) -> DeviceIdentity:
    if row is None:
        return _NO_IDENTITY
    return DeviceIdentity(row.vendor, row.model, row.serial, row.firmware, row.hardware, row.made_on)


def _restored_part(dated: DatedRow) -> _Part | None:
    """None for words of a newer version."""
    row = dated.row
    if not isinstance(row, ComponentChange):
        return None
    try:
        kind = ComponentKind(row.component.partition(":")[0])
        fault = ComponentFault(row.fault) if row.fault else None
    except ValueError:
        return None
    component = Component(row.component, kind, fault, row.name, row.text)
    return _Part(component, fault, fault, Moment(dated.at_ms, dated.wall_ms))
