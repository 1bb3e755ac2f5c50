"""What a reading says of a device apart from its ports: identity, load, temperatures, mains, battery, signal. Pure.

A value that cannot be true is no value: a temperature of 0, a share above 100 %, what a maker writes for "not known".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping

from agent.model import ComponentFault, ComponentKind
from agent.probes.snmp.device_values import DeviceValues, PartState, ValueSource, joined, reduced, unique_names
from agent.probes.snmp.object_set import Meaning, SnmpObject
from agent.probes.snmp.reading import SCALAR, Column, number, text
from agent.probes.snmp.values import decode_oid, encode_oid

_RAM = encode_oid("1.3.6.1.2.1.25.2.1.2")
_CACHES = ("Memory buffers", "Cached memory")  # Linux counts them as used
_CELSIUS, _SENSOR_OK, _UNITS = 8, 1, 9
_CHASSIS, _STACK = 3, 11
_Sources = Mapping[Meaning, list[ValueSource]]


def values_of(
    objects: Iterable[SnmpObject], columns: Mapping[bytes, Column], oids: Mapping[str, bytes]
) -> DeviceValues:
    """What these objects say; oids: of the columns that names are in."""
    sources: dict[Meaning, list[ValueSource]] = {}
    for item in objects:
        column = columns.get(item.oid)
        if column and item.means is not None:
            names = columns.get(oids.get(item.named_by, b""), {}) if item.named_by else {}
            sources.setdefault(item.means, []).append(ValueSource(item, column, names))
    values = DeviceValues()
    for meaning in sources:
        reader = _READERS.get(meaning)
        if reader is not None:
            reader(values, sources)
    return values


_Reader = Callable[[DeviceValues, _Sources], None]


def _first(sources: _Sources, meaning: Meaning) -> int | None:
    return sources[meaning][0].scalar()


def _uptime(values: DeviceValues, sources: _Sources) -> None:
    values.uptime_ticks = _first(sources, Meaning.UPTIME)


def _host_uptime(values: DeviceValues, sources: _Sources) -> None:
    values.host_uptime_ticks = _first(sources, Meaning.HOST_UPTIME)


def _engine_time(values: DeviceValues, sources: _Sources) -> None:
    values.engine_seconds = _first(sources, Meaning.ENGINE_TIME)


def _engine_boots(values: DeviceValues, sources: _Sources) -> None:
    values.engine_boots = _first(sources, Meaning.ENGINE_BOOTS)


def _object_id(values: DeviceValues, sources: _Sources) -> None:
    value = sources[Meaning.OBJECT_ID][0].column.get(SCALAR)
    if value is not None and isinstance(value.content, bytes):
        values.object_id = value.content


def _description(values: DeviceValues, sources: _Sources) -> None:
    value = sources[Meaning.DESCRIPTION][0].column.get(SCALAR)
    values.description = text(value, 255)


def _texts(values: DeviceValues, sources: _Sources) -> None:
    """What a vendor's own objects say of its identity."""
    for meaning in (Meaning.VENDOR, Meaning.MODEL, Meaning.SERIAL, Meaning.FIRMWARE, Meaning.HARDWARE):
        found = next((said for source in sources.get(meaning, ()) if (said := source.text())), "")
        if found:
            setattr(values, meaning.value, found)
    found = next((said for source in sources.get(Meaning.MADE_ON, ()) if (said := source.text())), "")
    values.made_on = iso_date(found) or values.made_on


def _entities(values: DeviceValues, sources: _Sources) -> None:
    """The chassis, or the first part with a serial number."""
    classes = dict(sources[Meaning.ENTITY_CLASS][0].numbers())
    serials = sources.get(Meaning.ENTITY_SERIAL)
    serial_of = serials[0].column if serials else {}
    order = sorted(classes, key=lambda suffix: (classes[suffix] != _CHASSIS, not text(serial_of.get(suffix)), suffix))
    if not order or (classes[order[0]] != _CHASSIS and not text(serial_of.get(order[0]))):
        return
    chassis = order[0]
    for meaning, name in _ENTITY_FIELDS:
        for source in sources.get(meaning, ()):
            found = text(source.column.get(chassis), 64)
            if found and not getattr(values, name):
                setattr(values, name, found)
    for source in sources.get(Meaning.ENTITY_MADE_ON, ()):
        value = source.column.get(chassis)
        if value is not None and isinstance(value.content, bytes):
            values.made_on = values.made_on or _date_and_time(value.content)


_ENTITY_FIELDS = (
    (Meaning.ENTITY_VENDOR, "vendor"),
    (Meaning.ENTITY_MODEL, "model"),
    (Meaning.ENTITY_SERIAL, "serial"),
    (Meaning.ENTITY_FIRMWARE, "firmware"),
    (Meaning.ENTITY_HARDWARE, "hardware"),
)


def _date_and_time(octets: bytes) -> str:
    """The date of RFC 2579's DateAndTime; "" for what is none, such as all zeros."""
    if len(octets) not in (8, 11):
        return ""
    year, month, day = octets[0] << 8 | octets[1], octets[2], octets[3]
    return f"{year:04}-{month:02}-{day:02}" if 1990 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31 else ""


def iso_date(written: str) -> str:
    """A date as makers write it, month first: ``07/21/15``, ``07/21/2015``; or ISO. "" for anything else."""
    if re.fullmatch(r"(?:19|20)\d\d-\d\d-\d\d", written):
        return written
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d\d|(?:19|20)\d\d)", written)
    if match is None or not (1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31):
        return ""
    year = match[3] if len(match[3]) == 4 else ("19" if match[3] >= "90" else "20") + match[3]
    return f"{year}-{match[1]}-{match[2]}"


def _shares(sources: Iterable[ValueSource], most: float = 100.0) -> list[float]:
    return [value / 100 for source in sources for _, value in source.numbers() if 0 <= value <= most]


def _cpu(values: DeviceValues, sources: _Sources) -> None:
    values.cpu = max(_shares(sources[Meaning.CPU]), default=None)


def _core(values: DeviceValues, sources: _Sources) -> None:
    cores = _shares(sources[Meaning.CORE])
    values.cpu = values.cpu if values.cpu is not None or not cores else sum(cores) / len(cores)


def _memory(values: DeviceValues, sources: _Sources) -> None:
    values.memory = max(_shares(sources[Meaning.MEMORY]), default=None)


def _memory_pools(values: DeviceValues, sources: _Sources) -> None:
    """The largest of a device's pools."""
    free = dict(next((source.numbers() for source in sources.get(Meaning.MEMORY_FREE, ())), iter(())))
    used = dict(sources[Meaning.MEMORY_USED][0].numbers())
    pools = [(used[suffix] + free[suffix], used[suffix]) for suffix in used.keys() & free.keys()]
    total, taken = max(pools, default=(0.0, 0.0))
    if values.memory is None and total > 0 and 0 <= taken <= total:
        values.memory = taken / total


def _storage(values: DeviceValues, sources: _Sources) -> None:
    """The largest memory among the storages of a host, without what Linux keeps there and gives back when asked."""
    size, used = (
        dict(next((source.numbers() for source in sources.get(meaning, ())), iter(())))
        for meaning in (Meaning.STORAGE_SIZE, Meaning.STORAGE_USED)
    )
    kinds = sources[Meaning.STORAGE_TYPE][0].column
    names = next((source.column for source in sources.get(Meaning.STORAGE_NAME, ())), {})
    memories = [suffix for suffix, kind in kinds.items() if kind.content == _RAM and size.get(suffix, 0) > 0]
    if not memories or values.memory is not None:
        return
    main = max(memories, key=lambda suffix: size[suffix])
    caches = sum(used.get(suffix, 0) for suffix, name in names.items() if text(name) in _CACHES)
    taken = max(0.0, used.get(main, -1.0) - caches)
    if main in used and used[main] <= size[main]:
        values.memory = taken / size[main]


def _temperatures(values: DeviceValues, sources: _Sources) -> None:
    found = [
        (source.name(suffix) or _index_name(source, suffix), value)
        for source in sources[Meaning.TEMPERATURE]
        for suffix, value in source.numbers()
        if plausible_celsius(value)
    ]
    values.temperatures += unique_names(found)


def plausible_celsius(value: float) -> bool:
    """Whether a device of an office can be that warm; 0, 255 and larger are how makers write "no sensor"."""
    return -40 < value < 150 and value != 0


def _index_name(source: ValueSource, suffix: bytes) -> str:
    """A name for an instance without one: the object's, and its index in a table."""
    short = re.sub(r"^[a-z]+(?=[A-Z])", "", source.item.name) or source.item.name
    return short if suffix == SCALAR else f"{short}-{_index(suffix)}"


def _index(suffix: bytes) -> str:
    """Instance octets as numbers with dots: an OID begins with two arcs in one octet, an instance does not."""
    return decode_oid(b"\x2b" + suffix)[4:]


def _sensors(values: DeviceValues, sources: _Sources) -> None:
    """Temperatures of ENTITY-SENSOR-MIB, with their scale and precision."""
    by = {meaning: dict(sources[meaning][0].numbers()) for meaning in _SENSOR_MEANINGS if meaning in sources}
    names = {
        suffix: value for source in sources.get(Meaning.ENTITY_NAME, ()) for suffix, value in source.column.items()
    }
    described = sources.get(Meaning.ENTITY_DESCRIPTION)
    found = []
    for suffix, kind in by.get(Meaning.SENSOR_TYPE, {}).items():
        value = by.get(Meaning.SENSOR_VALUE, {}).get(suffix)
        if kind != _CELSIUS or value is None or by.get(Meaning.SENSOR_STATE, {}).get(suffix, 1) != _SENSOR_OK:
            continue
        scale = by.get(Meaning.SENSOR_SCALE, {}).get(suffix, _UNITS)
        precision = by.get(Meaning.SENSOR_PRECISION, {}).get(suffix, 0)
        celsius = value * 10.0 ** (3 * (min(max(scale, 1), 17) - _UNITS) - min(max(precision, -8), 9))
        if plausible_celsius(celsius):
            name = text(names.get(suffix), 64) or (text(described[0].column.get(suffix), 64) if described else "")
            found.append((name or _index(suffix), celsius))
    values.temperatures += unique_names(found)


_SENSOR_MEANINGS = (
    Meaning.SENSOR_TYPE,
    Meaning.SENSOR_SCALE,
    Meaning.SENSOR_PRECISION,
    Meaning.SENSOR_VALUE,
    Meaning.SENSOR_STATE,
)


def _runtime(values: DeviceValues, sources: _Sources) -> None:
    found = [value for source in sources[Meaning.RUNTIME] for _, value in source.numbers()]
    values.runtime_seconds = next((value for value in found if 0 <= value < 30 * 86400), None)


def _charge(values: DeviceValues, sources: _Sources) -> None:
    values.charge = next(iter(_shares(sources[Meaning.CHARGE])), None)


def _load(values: DeviceValues, sources: _Sources) -> None:
    values.load = max(_shares(sources[Meaning.LOAD], 200), default=None)


def _receive_powers(values: DeviceValues, sources: _Sources) -> None:
    found = [
        (source.name(suffix) or _index(suffix), value)
        for source in sources.get(Meaning.RECEIVE_POWER, ())
        for suffix, value in source.numbers()
    ]
    found += [
        (source.name(suffix) or _index(suffix), 10 * math.log10(watts * 1000))
        for source in sources.get(Meaning.RECEIVE_POWER_WATTS, ())
        for suffix, watts in source.numbers()
        if watts > 0
    ]
    values.receive_powers = unique_names((name, value) for name, value in found if -50 < value < 20)


def _rsrp(values: DeviceValues, sources: _Sources) -> None:
    """The best of several modems or antennas."""
    found = [value for source in sources[Meaning.RSRP] for _, value in source.numbers() if -156 <= value < -20]
    values.rsrp = max(found, default=None)


def _sinr(values: DeviceValues, sources: _Sources) -> None:
    found = [value for source in sources[Meaning.SINR] for _, value in source.numbers() if -30 <= value <= 60]
    values.sinr = max(found, default=None)


def _supplies(values: DeviceValues, sources: _Sources) -> None:
    """What is left of toner and the like; a level below 0 stands for "some" or "not known"."""
    capacity = dict(next((source.numbers() for source in sources.get(Meaning.SUPPLY_CAPACITY, ())), iter(())))
    names = next((source.column for source in sources.get(Meaning.SUPPLY_NAME, ())), {})
    found = [
        (text(names.get(suffix), 64) or _index(suffix), level / capacity[suffix])
        for suffix, level in sources[Meaning.SUPPLY_LEVEL][0].numbers()
        if 0 <= level <= capacity.get(suffix, 0) > 0
    ]
    values.supplies = unique_names(found)


def _stp_changes(values: DeviceValues, sources: _Sources) -> None:
    values.stp_changes = _first(sources, Meaning.STP_CHANGES)


def _parts(values: DeviceValues, sources: _Sources) -> None:
    """The parts whose state an object gives."""
    for source in sources[Meaning.COMPONENT]:
        for suffix, value in source.column.items():
            state = number(value)
            if state is not None and state not in source.item.absent and source.item.component is not None:
                called = source.name(suffix) or ("" if suffix == SCALAR else _index(suffix))
                _add_part(values, source.item.component, called, source.item.faults.get(state))


def _alarms(values: DeviceValues, sources: _Sources) -> None:
    for source in sources[Meaning.ALARM]:
        for value in source.column.values():
            kind_and_fault = source.item.alarms.get(value.content) if isinstance(value.content, bytes) else None
            if kind_and_fault is not None:
                _add_part(values, kind_and_fault[0], "", kind_and_fault[1])


def _add_part(values: DeviceValues, kind: ComponentKind, called: str, fault: ComponentFault | None) -> None:
    name = reduced(called)
    part = PartState(f"{kind.value}:{name}" if name else kind.value, kind, name or kind.value, called, fault)
    values.parts = joined(values.parts, (part,))
    if kind is ComponentKind.BATTERY:
        values.battery_replace = values.battery_replace or fault is ComponentFault.BATTERY_REPLACE


_READERS: Mapping[Meaning, _Reader] = {
    Meaning.UPTIME: _uptime,
    Meaning.HOST_UPTIME: _host_uptime,
    Meaning.ENGINE_TIME: _engine_time,
    Meaning.ENGINE_BOOTS: _engine_boots,
    Meaning.OBJECT_ID: _object_id,
    Meaning.DESCRIPTION: _description,
    **dict.fromkeys((Meaning.VENDOR, Meaning.MODEL, Meaning.SERIAL, Meaning.FIRMWARE, Meaning.HARDWARE), _texts),
    Meaning.MADE_ON: _texts,
    Meaning.ENTITY_CLASS: _entities,
    Meaning.CPU: _cpu,
    Meaning.CORE: _core,
    Meaning.MEMORY: _memory,
    Meaning.MEMORY_USED: _memory_pools,
    Meaning.STORAGE_TYPE: _storage,
    Meaning.TEMPERATURE: _temperatures,
    Meaning.SENSOR_TYPE: _sensors,
    Meaning.RUNTIME: _runtime,
    Meaning.CHARGE: _charge,
    Meaning.LOAD: _load,
    Meaning.RECEIVE_POWER: _receive_powers,
    Meaning.RECEIVE_POWER_WATTS: _receive_powers,
    Meaning.RSRP: _rsrp,
    Meaning.SINR: _sinr,
    Meaning.SUPPLY_LEVEL: _supplies,
    Meaning.STP_CHANGES: _stp_changes,
    Meaning.COMPONENT: _parts,
    Meaning.ALARM: _alarms,
}
