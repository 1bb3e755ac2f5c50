"""The outages of whole sites in a period and what caused them, from the rows of a ledger.

The rule is that of the running agent (agent/engine/site_outages.py): a site is dark while every target that stands
there is known to be DOWN, whatever is unknown meanwhile; agent/availability/outage_cause.py tells the cause.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from agent.availability.device_boots import UptimeReading, began_anew
from agent.availability.figures import Subject, TargetFigures
from agent.availability.intervals import Interval
from agent.availability.outage_cause import HEARD_WITHIN_MS, OutageCause, outage_cause
from agent.availability.spans import Span
from agent.ledger.history.runs import clocks, runs_of
from agent.ledger.history.state_history import TargetHistory
from agent.ledger.queries import RowQueries
from agent.ledger.rows import NO_INSTANT, ComponentChange, DeviceSeen
from agent.model import AT_THE_SITE, ComponentFault, State

_LOCAL_ROLES = frozenset(role.value for role in AT_THE_SITE)
_NO_MAINS = frozenset((ComponentFault.ON_BATTERY.value, ComponentFault.POWER_OUT.value))
_MOST_ROWS = 100_000  # of one device; it may write 288 a day
_TellingT = TypeVar("_TellingT", ComponentChange, DeviceSeen)


@dataclass(frozen=True, slots=True)
class SiteOutage:
    """Everything at a site was down in [start_ms, end_ms) of UTC."""

    site: str
    start_ms: int
    end_ms: int
    cause: OutageCause


def site_outages(
    reader: RowQueries, observer: str, histories: Iterable[TargetHistory], subject: Callable[[str], Subject]
) -> tuple[SiteOutage, ...]:
    """Those of sites with a device that told of itself, in the stretch that the histories cover, as far as they ended.

    subject: where a target stands and what for. Nothing is read of a ledger without such devices.
    """
    asked = reader.targets_with(DeviceSeen)
    if not asked:
        return ()
    histories = tuple(histories)
    watched = {subject(history.target).site for history in histories if history.target in asked}
    members: dict[str, list[TargetHistory]] = defaultdict(list)
    for history in histories:
        about = subject(history.target)
        if about.site in watched and about.role in _LOCAL_ROLES:
            members[about.site].append(history)
    rows = _DeviceTestimony(reader, observer)
    return tuple(
        SiteOutage(site, *span, _cause(span, [history for history in local if history.target in asked], rows))
        for site, local in sorted(members.items())
        for span in dark_spans(history.states for history in local)
    )


def with_causes(targets: Iterable[TargetFigures], outages: Iterable[SiteOutage]) -> Iterator[TargetFigures]:
    """The targets, their outages with the cause of the site's where everything was down at once."""
    of_site: dict[str, list[SiteOutage]] = defaultdict(list)
    for outage in outages:
        of_site[outage.site].append(outage)
    for target in targets:
        dark = of_site.get(target.subject.site, ()) if target.subject.role in _LOCAL_ROLES else ()
        if not (dark and target.outages):
            yield target
            continue
        yield replace(
            target,
            outages=tuple(
                replace(own, site_cause=_site_cause((own.start_ms, own.end_ms), dark)) for own in target.outages
            ),
        )


def _site_cause(span: Span, dark: Iterable[SiteOutage]) -> OutageCause | None:
    """Of the first darkness in an outage that tells; None where none does."""
    causes = [outage.cause for outage in dark if outage.start_ms < span[1] and outage.end_ms > span[0]]
    return next((cause for cause in causes if cause is not OutageCause.UNKNOWN), None)


def dark_spans(histories: Iterable[Iterable[Interval]]) -> Iterator[Span]:
    """Where the last known state of every target was DOWN, of those that had one; only what came to an end."""
    changes = sorted(
        (state.start_ms, number, state.state is not State.DOWN)
        for number, states in enumerate(histories)
        for state in states
        if state.state is not State.UNKNOWN
    )
    works: dict[int, bool] = {}
    since: int | None = None
    for at_ms, together in groupby(changes, key=itemgetter(0)):
        works.update((number, working) for _, number, working in together)
        dark = True not in works.values()
        if since is None and dark:
            since = at_ms
        elif since is not None and not dark:
            yield since, at_ms
            since = None


class _DeviceTestimony:
    """What the devices of one observer told of themselves, by target, in UTC; read when first needed."""

    def __init__(self, reader: RowQueries, observer: str) -> None:
        self._reader = reader
        self._walls = clocks(reader, runs_of(reader, observer)).walls
        self._begun: dict[str, tuple[tuple[int, int], ...]] = {}
        self._mains: dict[str, tuple[tuple[int, str, bool], ...]] = {}

    def begun(self, target: str, until_ms: int) -> int | None:
        """Since when it ran, by what it had told until then."""
        if target not in self._begun:
            self._begun[target] = tuple(_begins(self._rows(target, DeviceSeen)))
        return next((begun for at_ms, begun in reversed(self._begun[target]) if at_ms <= until_ms), None)

    def on_battery(self, target: str, at_ms: int) -> bool:
        """Whether it was without mains then, as far as it had told."""
        if target not in self._mains:
            rows = self._rows(target, ComponentChange)
            self._mains[target] = tuple((at, row.component, row.fault in _NO_MAINS) for at, row in rows)
        state = {component: without for at, component, without in self._mains[target] if at <= at_ms}
        return any(state.values())

    def _rows(self, target: str, kind: type[_TellingT]) -> list[tuple[int, _TellingT]]:
        stored = self._reader.newest_of_target(target, kind, _MOST_ROWS)
        return [(self._walls[one.run](one.row.at_ms), one.row) for one in stored if one.run in self._walls]


def _begins(rows: Iterable[tuple[int, DeviceSeen]]) -> Iterator[tuple[int, int]]:
    """When it told, and since when it had run then: the same until it began anew."""
    before: UptimeReading | None = None
    begun = 0
    for at_ms, row in rows:
        if row.uptime_ms == NO_INSTANT:
            continue
        now = UptimeReading(at_ms, row.uptime_ms)
        if before is None or began_anew(before, now):
            begun = at_ms - row.uptime_ms
        before = now
        yield at_ms, begun


def _cause(span: Span, devices: Sequence[TargetHistory], rows: _DeviceTestimony) -> OutageCause:
    start_ms, end_ms = span
    heard = [device.target for device in devices if _answered(device, end_ms)]
    begun = [rows.begun(target, end_ms + HEARD_WITHIN_MS) for target in heard]
    on_battery = any(rows.on_battery(device.target, start_ms) for device in devices)
    return outage_cause(start_ms, end_ms, [at_ms for at_ms in begun if at_ms is not None], on_battery=on_battery)


def _answered(device: TargetHistory, end_ms: int) -> bool:
    """Whether it worked at some time soon after the end."""
    return any(
        state.state in (State.UP, State.DEGRADED)
        and state.start_ms < end_ms + HEARD_WITHIN_MS
        and state.end_ms > end_ms
        for state in device.states
    )
