"""The devices of an inventory as the ledger knows them: identity, restarts, faults of parts, and what to replace first.

A device is an address of a site that is pinged as uplink, LAN or device, or asked by SNMP; several targets with the
same address are one. No running agent is needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from agent.availability.figures import Provenance, Subject
from agent.availability.periods import period_of
from agent.availability.zones import DAY_MS, first_instant
from agent.explain.ledger import mark
from agent.inventory.entities import Inventory
from agent.ledger.history.position import position_now
from agent.ledger.integrity.verify import verified
from agent.ledger.rows import NO_INSTANT, DeviceSeen
from agent.model import DeviceIdentity, Role, Selection, State, Target
from agent.reporting.device_rows import DeviceRows, first_seen
from agent.reporting.power_cuts import SitePower
from agent.reporting.provenance import ledger_provenance
from agent.reporting.replacement import DeviceWear, FaultSpan, ReplacementReason, replacement_reasons, urgency
from agent.reporting.request import EVERYTHING

DEFAULT_DAYS = 30
_ROLES = (Role.UPLINK, Role.LAN, Role.DEVICE)
_PINGED, _ASKED = "icmp", "snmp"
_BEYOND_LIMITS = "over_limit"
_NOT_GIVEN = DeviceIdentity()


@dataclass(frozen=True, slots=True)
class DeviceQuery:
    """period: as people write it, "" for the last 30 days. unverified: also of a damaged ledger, with a mark."""

    period: str = ""
    language: str = "vi"
    selection: Selection = EVERYTHING
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """One device: what it is called, what it says it is, and how it fared in the period.

    state: the last that was known, None of a device that never had one; known: whether it is known now.
    asked: whether it is asked by SNMP; silent: whether its SNMP does not answer. booted_ms: since when it runs, as far
    as it said; seen_ms: since when the ledger knows this very device. restarts: when it began anew; faults: of its
    parts, as far as they touch the period. power_cuts: those restarts that a power cut explains.
    """

    subject: Subject
    address: str
    identity: DeviceIdentity = _NOT_GIVEN
    state: State | None = None
    state_since_ms: int | None = None
    known: bool = False
    asked: bool = False
    silent: bool = False
    booted_ms: int | None = None
    seen_ms: int | None = None
    restarts: tuple[int, ...] = ()
    power_cuts: tuple[int, ...] = ()
    faults: tuple[FaultSpan, ...] = ()
    beyond_limits_ms: int = 0
    reasons: tuple[ReplacementReason, ...] = ()

    @property
    def snmp(self) -> Literal["answers", "silent", "not_asked"]:
        """What its SNMP does, in a word for programs."""
        if not self.asked:
            return "not_asked"
        return "silent" if self.silent else "answers"

    @property
    def open_faults(self) -> tuple[FaultSpan, ...]:
        """Those that last."""
        return tuple(fault for fault in self.faults if fault.end_ms is None)


@dataclass(frozen=True, slots=True)
class DeviceList:
    """Every device, in the order of the inventory, as known at as_of_ms. unverified: the mark on every page, if any."""

    start_ms: int
    end_ms: int
    as_of_ms: int
    zone: str
    language: str
    organisation: str
    devices: tuple[DeviceRecord, ...]
    provenance: Provenance
    unverified: str = ""

    @property
    def replace_first(self) -> tuple[DeviceRecord, ...]:
        """Those that something speaks for replacing, the most urgent first."""
        worn = [device for device in self.devices if device.reasons]
        return tuple(sorted(worn, key=lambda device: _order(device, self.zone, self.as_of_ms)))


def device_list(directory: Path, inventory: Inventory, query: DeviceQuery, now_ms: int) -> DeviceList:
    """Read only, beside a running agent or without one, and verified by the reader that counts.

    SansangError for what is no period, LedgerDamagedError for a ledger that is not what was written, LedgerError for
    one that cannot be read.
    """
    organisation = inventory.organisation
    days = period_of(query.period) if query.period else None
    with verified(directory, anyway=query.unverified) as ledger:
        position = position_now(ledger.reader, ledger.alive, now_ms)
        end_ms = position.at_ms if days is None else first_instant(organisation.timezone, days[1])
        start_ms = end_ms - DEFAULT_DAYS * DAY_MS if days is None else first_instant(organisation.timezone, days[0])
        reader = ledger.reader.up_to(position.seq)
        until_ms = max(start_ms, min(end_ms, position.at_ms))
        rows = DeviceRows.of(reader, organisation.observer, position.alive, start_ms, until_ms)
        return DeviceList(
            start_ms,
            end_ms,
            position.at_ms,
            organisation.timezone,
            query.language,
            organisation.name,
            tuple(_devices(inventory, query.selection, rows, position.at_ms)),
            ledger_provenance(reader, organisation.observer, inventory.hash, (), ()),
            mark(ledger.wrong, query.language),
        )


def _devices(inventory: Inventory, selection: Selection, rows: DeviceRows, now_ms: int) -> Iterator[DeviceRecord]:
    """Those of which a target is selected; the others of their sites tell of the power there all the same."""
    devices = {targets[0].id: targets for targets in _by_address(inventory.targets)}
    restarts: dict[str, dict[str, Sequence[int]]] = defaultdict(dict)
    for name, targets in devices.items():
        restarts[targets[0].site][name] = rows.restarts(_asked(targets))
    powers: dict[str, SitePower] = {}
    for name, targets in devices.items():
        if any(map(selection.matches, targets)):
            site = targets[0].site
            if site not in powers:
                powers[site] = _power(inventory, site, rows, restarts[site])
            device = _device(targets, _subject(targets[0], inventory), rows)
            device = replace(device, restarts=tuple(restarts[site][name]), power_cuts=powers[site].explained(name))
            yield judged(device, inventory.organisation.timezone, now_ms)


def _by_address(targets: Iterable[Target]) -> Iterator[Sequence[Target]]:
    """The targets of each device, the pinged ones first."""
    members: dict[tuple[str, str], list[Target]] = defaultdict(list)
    for target in targets:
        if target.probe == _ASKED or (target.probe == _PINGED and target.role in _ROLES):
            members[target.site, target.address].append(target)
    for of_device in members.values():
        yield sorted(of_device, key=lambda target: target.probe != _PINGED)


def _asked(targets: Iterable[Target]) -> list[str]:
    return [target.id for target in targets if target.probe == _ASKED]


def _power(inventory: Inventory, site: str, rows: DeviceRows, restarts: Mapping[str, Sequence[int]]) -> SitePower:
    targets = [target for target in inventory.targets if target.site == site]
    return SitePower(rows, targets, restarts, rows.faults(_asked(targets)))


def _device(targets: Sequence[Target], subject: Subject, rows: DeviceRows) -> DeviceRecord:
    asked = _asked(targets)
    sights, known = rows.sights(asked), rows.known.get(targets[0].id)
    beyond = (rows.spans(target, lambda change: change.cause.value == _BEYOND_LIMITS) for target in asked)
    return DeviceRecord(
        subject,
        targets[0].address,
        _identity(sights[-1][1]) if sights else _NOT_GIVEN,
        None if known is None or known.state is State.UNKNOWN else known.state,
        None if known is None else known.effective_wall_ms,
        known is not None and known.head is not State.UNKNOWN,
        bool(asked),
        any(rows.known[target].state is State.DOWN for target in asked if target in rows.known),
        next((at_ms - row.uptime_ms for at_ms, row in reversed(sights) if row.uptime_ms != NO_INSTANT), None),
        first_seen(sights),
        faults=rows.faults(asked),
        beyond_limits_ms=max((sum(end - start for start, end in spans) for spans in beyond), default=0),
    )


def judged(device: DeviceRecord, zone: str, now_ms: int) -> DeviceRecord:
    wear = DeviceWear(
        device.faults,
        len(device.restarts) - len(device.power_cuts),
        device.beyond_limits_ms,
        device.state_since_ms if device.state is State.DOWN else None,
        old_since(device, zone),
    )
    return replace(device, reasons=replacement_reasons(wear, now_ms))


def old_since(device: DeviceRecord, zone: str) -> int | None:
    """When it was made; where it does not say, since when the ledger knows it."""
    try:
        return first_instant(zone, date.fromisoformat(device.identity.made_on))
    except ValueError:
        return device.seen_ms


def _order(device: DeviceRecord, zone: str, now_ms: int) -> tuple[int, int, int, int, str]:
    made_ms = old_since(device, zone)
    age_ms = 0 if made_ms is None else now_ms - made_ms
    return urgency(device.reasons), -len(device.reasons), -len(device.restarts), -age_ms, device.subject.target


def _subject(target: Target, inventory: Inventory) -> Subject:
    site = next((site.name for site in inventory.sites if site.id == target.site), "")
    unit = next((unit for unit in inventory.units if unit.id == target.unit), None)
    names = ("", "") if unit is None else (unit.name, unit.level)
    return Subject(target.id, target.name, target.role, target.site, site, target.unit, *names)


def _identity(row: DeviceSeen) -> DeviceIdentity:
    return DeviceIdentity(row.vendor, row.model, row.serial, row.firmware, row.hardware, row.made_on)
