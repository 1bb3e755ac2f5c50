"""Readings of simulated devices, as a run leaves them."""

from __future__ import annotations

from collections.abc import Mapping

from agent.probes.snmp.object_set import ObjectIndex, ObjectLookup, ObjectType, SnmpObject
from agent.probes.snmp.reading import Reading
from agent.probes.snmp.values import Value, encode_oid

IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
INTEGER, OCTETS, OID, IP_ADDRESS, COUNTER32, TICKS, OPAQUE, COUNTER64 = 2, 4, 6, 0x40, 0x41, 0x43, 0x44, 0x46
IF_INDEX = (ObjectIndex("ifIndex", ObjectType.GAUGE),)
IF_LOOKUPS = tuple(
    ObjectLookup(("ifIndex",), label, encode_oid(oid), ObjectType.DISPLAY_STRING)
    for label, oid in (("ifAlias", f"{IFX}.18"), ("ifDescr", f"{IF}.2"), ("ifName", f"{IFX}.1"))
)


def of_ports(name: str, oid: str, kind: ObjectType, **more: object) -> SnmpObject:
    """A column of ifTable or ifXTable, with if_mib's lookups."""
    return SnmpObject(name, encode_oid(oid), kind, f"{name} of a port", indexes=IF_INDEX, lookups=IF_LOOKUPS, **more)  # type: ignore[arg-type]


OPER_STATUS = of_ports("ifOperStatus", f"{IF}.8", ObjectType.GAUGE)
IN_OCTETS = of_ports("ifHCInOctets", f"{IFX}.6", ObjectType.COUNTER)
UPTIME = SnmpObject("sysUpTime", encode_oid("1.3.6.1.2.1.1.3"), ObjectType.GAUGE, "Since the start.")


def rows(oid: str, values: Mapping[str, Value]) -> tuple[bytes, dict[bytes, Value]]:
    """A column by its OID, its rows by the part that names them."""
    return encode_oid(oid), {encode_oid(f"1.3.{row}")[1:]: value for row, value in values.items()}


def switch(*names: bytes, octets: int = 1000) -> Reading:
    """A switch with ports of these names, the first of them down."""
    ports = {str(index): name for index, name in enumerate(names, start=1)}
    return Reading(
        (UPTIME, OPER_STATUS, IN_OCTETS),
        dict(
            (
                rows("1.3.6.1.2.1.1.3", {"0": Value(TICKS, 4242)}),
                rows(f"{IF}.2", {port: Value(OCTETS, b"port " + name) for port, name in ports.items()}),
                rows(f"{IF}.8", {port: Value(INTEGER, 2 if port == "1" else 1) for port in ports}),
                rows(f"{IFX}.1", {port: Value(OCTETS, name) for port, name in ports.items()}),
                rows(f"{IFX}.6", {port: Value(COUNTER64, octets * int(port)) for port in ports}),
                rows(f"{IFX}.18", {port: Value(OCTETS, "Phòng họp".encode()) for port in ports if port == "1"}),
            )
        ),
        walk_seconds=0.25,
        packets_sent=4,
        packets_retried=1,
        pdus_returned=12,
    )
