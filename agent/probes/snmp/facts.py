"""The facts that a run of `snmp` measures."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from agent.model import Facts
from agent.probes.snmp.reading import Reading

PortValues = tuple[tuple[str, float], ...]
"""By the name of a port, sensor or supply."""


class SnmpGap(StrEnum):
    """What a device could tell and does not, or what we do not know of it."""

    NO_PORT_NAMES = "no_port_names"
    NO_PORT_ALIASES = "no_port_aliases"
    NO_SERIAL = "no_serial"
    NO_UPTIME = "no_uptime"
    VERSION_1 = "version_1"
    NO_COUNTER64 = "no_counter64"
    UNVERIFIED_SETS = "unverified_sets"
    UNKNOWN_VENDOR = "unknown_vendor"


@dataclass(frozen=True, slots=True)
class SnmpFacts(Facts):
    """What a run read and made of it. version: of SNMP, as it was asked: ``1``, ``2c`` or ``3``.

    Ports by the inventory's name for them, else the device's reduced to what a label may hold. Rates are over the time
    since the reading before; without one there are none. reading: what came, for /metrics/snmp.
    """

    rtt_seconds: float | None = None
    uptime_seconds: float | None = None
    version: str = ""
    cpu_ratio: float | None = None
    memory_used_ratio: float | None = None
    temperatures_celsius: PortValues = ()
    ports_up: PortValues = ()
    port_speeds: PortValues = ()
    port_full_duplex: PortValues = ()
    port_utilisation_ratios: PortValues = ()
    port_errors: PortValues = ()
    port_discards: PortValues = ()
    port_broadcast_ratios: PortValues = ()
    port_flaps: PortValues = ()
    port_receive_powers: PortValues = ()
    stp_changes_per_hour: float | None = None
    ups_on_battery: float | None = None
    ups_runtime_seconds: float | None = None
    ups_charge_ratio: float | None = None
    ups_load_ratio: float | None = None
    ups_battery_replace: float | None = None
    lte_rsrp_dbm: float | None = None
    lte_sinr_db: float | None = None
    printer_supplies: PortValues = ()
    object_sets: tuple[str, ...] = ()
    gaps: tuple[SnmpGap, ...] = ()
    reading: Reading | None = field(default=None, repr=False, compare=False)
