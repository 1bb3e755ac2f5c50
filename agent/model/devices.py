"""What a device says of itself and its parts: identity, how long it has run, and which part is at fault.

No protocol's words: the engine keeps it over time, the ledger stores what changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ComponentKind(StrEnum):
    """What a part of a device is."""

    PORT = "port"
    POWER = "power"  # a UPS's mains input
    BATTERY = "battery"
    FAN = "fan"
    SUPPLY = "supply"  # a power supply unit
    TEMPERATURE = "temperature"
    CONSUMABLE = "consumable"  # of a printer: never a fault of the check


class ComponentFault(StrEnum):
    """What is wrong with a part."""

    PORT_DOWN = "port_down"
    ON_BATTERY = "on_battery"
    POWER_OUT = "power_out"  # no output at all
    BATTERY_LOW = "battery_low"
    BATTERY_REPLACE = "battery_replace"
    OVERLOADED = "overloaded"
    OVERHEATED = "overheated"
    FAN_FAILED = "fan_failed"
    SUPPLY_FAILED = "supply_failed"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a device, as one run found it.

    id: stable within the target, ``<kind>:<name>`` or ``<kind>``, of ``[A-Za-z0-9:/._-]``; a port's name is its ifName
    reduced to these characters, so that it outlives a change of ifIndex.
    fault: None where it is in order.
    name: the inventory's name for it, else the one in the id, at most 32 characters: what metrics carry.
    text: what the device's administrator calls it (ifAlias), cleaned: for pages, ``check`` and reports only.
    named: the inventory or the device's administrator gave it a name, so it matters.
    disabled: switched off by hand, which is no fault.
    operational: whether it is in use now (a port is up); None where that says nothing.
    """

    id: str
    kind: ComponentKind
    fault: ComponentFault | None = None
    name: str = ""
    text: str = ""
    named: bool = False
    disabled: bool = False
    operational: bool | None = None

    @property
    def matters_always(self) -> bool:
        """Whether its fault counts whatever is known of its use; of a port that nobody named its use decides."""
        if self.disabled or self.kind is ComponentKind.CONSUMABLE:
            return False
        return self.named or self.kind is not ComponentKind.PORT


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """What a device says it is; "" where it does not say. Hostile text, cleaned: for pages and reports only.

    made_on: an ISO date.
    """

    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    hardware: str = ""
    made_on: str = ""


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """A device as one run found it.

    uptime_ms: how long it has run, None where it did not say. identity: None where this run did not ask.
    """

    uptime_ms: int | None = None
    identity: DeviceIdentity | None = None
    components: tuple[Component, ...] = ()


class TrapResult(StrEnum):
    """What became of a notification (SNMP trap) that came in."""

    ACCEPTED = "accepted"  # its sender's targets are probed at once
    IGNORED = "ignored"  # authentic, and about something else than ports, power and restarts
    UNAUTHENTICATED = "unauthenticated"  # not in the name of the credential that the sender is asked with
    MALFORMED = "malformed"
    UNKNOWN_SENDER = "unknown_sender"  # from an address that no target has
    RATE_LIMITED = "rate_limited"
