"""What is asked of a device, as data: objects, what their values are, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from agent.model import ComponentFault, ComponentKind


class ObjectType(StrEnum):
    """How a value is shown as a series: the words of snmp_exporter's configuration."""

    GAUGE = "gauge"
    COUNTER = "counter"
    FLOAT = "Float"
    DOUBLE = "Double"
    DISPLAY_STRING = "DisplayString"
    OCTET_STRING = "OctetString"
    PHYS_ADDRESS_48 = "PhysAddress48"
    DATE_AND_TIME = "DateAndTime"
    ENUM_AS_INFO = "EnumAsInfo"
    ENUM_AS_STATE_SET = "EnumAsStateSet"
    BITS = "Bits"
    INET_ADDRESS = "InetAddress"
    INET_ADDRESS_MISSING_SIZE = "InetAddressMissingSize"
    INET_ADDRESS_IPV4 = "InetAddressIPv4"
    INET_ADDRESS_IPV6 = "InetAddressIPv6"
    LLDP_PORT_ID = "LldpPortId"


class Meaning(StrEnum):
    """What an object says, whoever made the device.

    Times in seconds, shares in percent, temperatures in degrees Celsius, powers in dBm, once multiplied by the object's
    ``factor``; sysUpTime and its kin in hundredths of a second, as they travel.
    """

    UPTIME = "uptime"
    HOST_UPTIME = "host_uptime"  # of the machine, where uptime is the SNMP agent's
    ENGINE_TIME = "engine_time"
    ENGINE_BOOTS = "engine_boots"
    OBJECT_ID = "object_id"
    DESCRIPTION = "description"
    VENDOR = "vendor"
    MODEL = "model"
    SERIAL = "serial"
    FIRMWARE = "firmware"
    HARDWARE = "hardware"
    MADE_ON = "made_on"
    CPU = "cpu"  # the busiest of several counts
    CORE = "core"  # the mean of several counts
    MEMORY = "memory"
    MEMORY_USED = "memory_used"
    MEMORY_FREE = "memory_free"
    STORAGE_TYPE = "storage_type"
    STORAGE_NAME = "storage_name"
    STORAGE_SIZE = "storage_size"
    STORAGE_USED = "storage_used"
    TEMPERATURE = "temperature"
    SENSOR_TYPE = "sensor_type"
    SENSOR_SCALE = "sensor_scale"
    SENSOR_PRECISION = "sensor_precision"
    SENSOR_VALUE = "sensor_value"
    SENSOR_STATE = "sensor_state"
    ENTITY_CLASS = "entity_class"
    ENTITY_NAME = "entity_name"
    ENTITY_DESCRIPTION = "entity_description"
    ENTITY_VENDOR = "entity_vendor"
    ENTITY_MODEL = "entity_model"
    ENTITY_SERIAL = "entity_serial"
    ENTITY_FIRMWARE = "entity_firmware"
    ENTITY_HARDWARE = "entity_hardware"
    ENTITY_MADE_ON = "entity_made_on"
    COMPONENT = "component"  # the state of a part: ``component``, ``faults``, ``absent``
    ALARM = "alarm"  # a row that is there while something is wrong: ``alarms``
    RUNTIME = "runtime"
    CHARGE = "charge"
    LOAD = "load"
    RECEIVE_POWER = "receive_power"
    RECEIVE_POWER_WATTS = "receive_power_watts"
    RSRP = "rsrp"
    SINR = "sinr"
    SUPPLY_NAME = "supply_name"
    SUPPLY_CAPACITY = "supply_capacity"
    SUPPLY_LEVEL = "supply_level"
    STP_CHANGES = "stp_changes"
    PORT_NAME = "port_name"
    PORT_ALIAS = "port_alias"
    PORT_DESCRIPTION = "port_description"
    PORT_TYPE = "port_type"
    PORT_CONNECTOR = "port_connector"
    PORT_ADMIN = "port_admin"
    PORT_OPER = "port_oper"
    PORT_CHANGED = "port_changed"
    PORT_SPEED = "port_speed"  # bits a second, times ``factor``
    PORT_DUPLEX = "port_duplex"
    PORT_IN_OCTETS = "port_in_octets"
    PORT_OUT_OCTETS = "port_out_octets"
    PORT_ERRORS = "port_errors"  # in and out add up
    PORT_DISCARDS = "port_discards"
    PORT_PACKETS = "port_packets"  # received, broadcast aside
    PORT_BROADCAST = "port_broadcast"
    PORT_DISCONTINUITY = "port_discontinuity"


@dataclass(frozen=True, slots=True)
class ObjectIndex:
    """One index of a table. fixed_size in octets, 0 where the length travels; implied: it ends with the OID."""

    name: str
    type: ObjectType = ObjectType.GAUGE
    fixed_size: int = 0
    implied: bool = False
    values: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObjectLookup:
    """A label that another column of the same index gives, such as ifName of ifIndex; without an oid, one left out."""

    indexes: tuple[str, ...]
    label: str
    oid: bytes = b""
    type: ObjectType = ObjectType.DISPLAY_STRING


@dataclass(frozen=True, slots=True)
class SnmpObject:
    """A scalar or a column. oid: BER content octets, without the instance.

    values: the words of an enumeration. source: where its number and meaning come from. series: on /metrics/snmp.
    rarely: read once in some minutes, since it seldom changes. instead_of: the object that is better where it is.
    means and what belongs to it: see Meaning. factor: what a value is multiplied by for its meaning; scale and offset:
    for its series, as snmp_exporter has them. named_by: the column that names an instance.
    absent: values that say that there is no such part, or no value. alarms: OID values of an alarm, with their faults.
    """

    name: str
    oid: bytes
    type: ObjectType
    help: str = ""
    source: str = ""
    indexes: tuple[ObjectIndex, ...] = ()
    lookups: tuple[ObjectLookup, ...] = ()
    values: Mapping[int, str] = field(default_factory=dict)
    scale: float = 1.0
    offset: float = 0.0
    series: bool = True
    rarely: bool = False
    instead_of: str = ""
    means: Meaning | None = None
    factor: float = 1.0
    named_by: str = ""
    component: ComponentKind | None = None
    faults: Mapping[int, ComponentFault] = field(default_factory=dict)
    absent: tuple[int, ...] = ()
    alarms: Mapping[bytes, tuple[ComponentKind, ComponentFault]] = field(default_factory=dict)

    @property
    def is_column(self) -> bool:
        """Whether it has instances; a scalar has the one instance 0."""
        return bool(self.indexes)


@dataclass(frozen=True, slots=True)
class ObjectSet:
    """Objects that are asked for together.

    identified_by: beginnings of the sysObjectID of the devices that have it. everywhere: any device may have it, so
    each is asked once. verified_by: the recorded walk or MIB file that its numbers were checked against, else "".
    vendor: of the devices that identified_by names. complete: all of it is asked for, also what a better object says.
    """

    name: str
    objects: tuple[SnmpObject, ...]
    title: str = ""
    vendor: str = ""
    identified_by: tuple[bytes, ...] = ()
    everywhere: bool = False
    complete: bool = False
    verified_by: str = ""

    @property
    def verified(self) -> bool:
        """Whether a real walk or MIB file stands behind it."""
        return bool(self.verified_by)
