"""Devices behind targets: rows and views of what they say of themselves. Targets of other probes cost nothing here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from agent.availability.calendar import Calendar, office_day
from agent.clock import Clock
from agent.engine.devices.device_state import DeviceReading, DeviceRows, DeviceState
from agent.engine.devices.review import DeviceReview, SilenceBesidePing
from agent.engine.runner import Transports
from agent.engine.site_outages import SiteOutages
from agent.engine.target_state import TargetState
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.inventory.entities import Inventory
from agent.ledger.known_device import KnownDevice
from agent.model import Observation, Target
from agent.probes.address import AddressError

PING = "icmp"


@dataclass(frozen=True, slots=True)
class _OfficeDays:
    """Which dates are office days at which site."""

    zone: ZoneInfo
    calendars: Mapping[str, Calendar]
    of_site: Mapping[str, str]

    def at(self, target: Target, wall_ms: int) -> str | None:
        """The local date, None of a day off."""
        day = _date(wall_ms // 1000, self.zone)
        calendar = self.calendars.get(self.of_site.get(target.site, target.calendar))
        return day.isoformat() if office_day(day, calendar, self.calendars.get("office")) else None


@lru_cache(maxsize=4)
def _date(wall_seconds: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(wall_seconds, zone).date()


class DeviceRecorder:
    """Keeps the devices of the targets that are wired; known: what the ledger says of them at the start."""

    def __init__(
        self,
        review: DeviceReview,
        transports: Transports,
        clock: Clock,
        commit_queue: CommitQueue,
        *,
        publish: Callable[[TargetState], None],
        outages: SiteOutages,
    ) -> None:
        """The callable `publish` is called with a target of which something that is shown has changed."""
        self._review = review
        self._transports = transports
        self._clock = clock
        self._commit_queue = commit_queue
        self._publish = publish
        self._outages = outages
        self._days: _OfficeDays
        self._addresses: dict[str, str] = {}

    def wire(
        self, targets: Iterable[TargetState], inventory: Inventory, known: Mapping[str, KnownDevice] | None = None
    ) -> None:
        """Go over to these targets; a device whose address stays the same stays what it was."""
        of_site = {site.id: site.calendar for site in inventory.sites}
        self._days = _OfficeDays(ZoneInfo(inventory.organisation.timezone), inventory.calendars, of_site)
        targets = tuple(targets)
        asked = [target for target in targets if self._asks_devices(target.target)]
        before, addresses = self._review.devices, self._addresses
        self._addresses = {target.id: target.target.address for target in asked}
        for id_ in before.keys() - self._addresses.keys():
            self._write_all(before[id_].unwritten(self._clock.boottime_ms()))
        devices = {}
        for target in asked:
            kept = before.get(target.id) if addresses.get(target.id) == target.target.address else None
            device = kept or DeviceState(target.id, self._clock, (known or {}).get(target.id))
            devices[target.id] = target.device = device
        self._review.devices = devices
        self._review.silences = silences_of(targets, self._transports)
        self._outages.wire(asked, targets)

    def record(self, target: TargetState, observation: Observation) -> None:
        """Take an answer of a round into account."""
        report, device = observation.result.device, target.device
        if report is None or device is None or self._commit_queue.full:
            return
        wall_ms = self._clock.wall_ms()
        reading = DeviceReading(report, observation.start_ms, self._days.at(target.target, wall_ms))
        self._write_all(device.take(reading, answered=observation.result.success), target)
        self._outages.on_reading(target)

    def finalize(self) -> None:
        """The agent stops: write what would be lost."""
        for device in self._review.devices.values():
            self._write_all(device.unwritten(self._clock.boottime_ms()))

    def _asks_devices(self, target: Target) -> bool:
        return self._transports.spec(target.probe).silence_beside_ping is not None

    def _write_all(self, rows: DeviceRows, target: TargetState | None = None) -> None:
        for row, on_commit in rows:
            self._commit_queue.enqueue(row, None if on_commit is None else self._then_publish(on_commit, target))

    def _then_publish(self, on_commit: Callable[[], None], target: TargetState | None) -> Callable[[], None]:
        def committed() -> None:
            on_commit()
            if target is not None:
                self._publish(target)

        return committed


def silences_of(targets: Iterable[TargetState], transports: Transports) -> Mapping[str, SilenceBesidePing]:
    """Of each target whose protocol has a reason for silence beside a ping: that, and the pings on the same host.

    The targets remember these pings: they are asked again before the silence is called an outage.
    """
    targets = tuple(targets)
    reasons = {probe: transports.spec(probe).silence_beside_ping for probe in {t.target.probe for t in targets}}
    asked = [(target, reason) for target in targets if (reason := reasons[target.target.probe]) is not None]
    pings: dict[str, list[TargetState]] = defaultdict(list)
    for target in targets if asked else ():
        if target.target.probe == PING:
            pings[_host(target.target, transports)].append(target)
    for target, _ in asked:
        target.pings = tuple(pings.get(_host(target.target, transports), ()))
    return {target.id: SilenceBesidePing(reason, target.pings) for target, reason in asked if target.pings}


def _host(target: Target, transports: Transports) -> str:
    try:
        return transports.spec(target.probe).host(target.address).lookup_name
    except AddressError:
        return target.address
