"""What readings say of a device over time: how it is now, and how fast its counters grow.

A counter that went back, a device that began anew, a reading that is missing: no rate rather than a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from agent.model import Component, ComponentFault, ComponentKind, DeviceIdentity, DeviceReport
from agent.probes.snmp import ports as port_table
from agent.probes.snmp.device_values import DeviceValues, reduced
from agent.probes.snmp.facts import PortValues, SnmpFacts, SnmpGap
from agent.probes.snmp.history import DeviceHistory, HourlyEvents, ReadColumns
from agent.probes.snmp.object_set import Meaning, SnmpObject
from agent.probes.snmp.parts import values_of
from agent.probes.snmp.plan import ReadingPlan
from agent.probes.snmp.ports import COUNTER32, PortState, Rates
from agent.probes.snmp.reading import Column, Reading
from agent.probes.snmp.vendors import described, vendor_of

LEAST_SECONDS = 1.0
"""Between two readings whose counters are compared: a device may count its octets once a second."""

_TICKS_WRAP = 1 << 32
_SLACK_TICKS = 60 * 100
_RARE_COUNTERS = (Meaning.PORT_ERRORS, Meaning.PORT_DISCARDS, Meaning.PORT_PACKETS, Meaning.PORT_BROADCAST)


@dataclass(frozen=True, slots=True)
class PollingCounts:
    """What the way to the device adds to the facts."""

    version: str = ""
    rtt_seconds: float | None = None
    took_seconds: float = 0.0
    packets_sent: int = 0
    packets_retried: int = 0
    pdus_returned: int = 0


@dataclass(frozen=True, slots=True)
class DeviceFindings:
    """What a run found: facts, the report, and the ports as they are."""

    facts: SnmpFacts
    report: DeviceReport
    ports: tuple[PortState, ...]


_NO_COUNTS = PollingCounts()


def uptime_of(values: DeviceValues, history: DeviceHistory) -> int | None:
    """Milliseconds since the device began to run.

    sysUpTime goes round after 497 days, which snmpEngineTime (seconds) tells from a reboot; where it is that of an SNMP
    agent alone, hrSystemUptime is the machine's, and from then on it alone counts: no agent outlives its machine, so a
    machine's clock behind the agent's has gone round.
    """
    ticks = values.uptime_ticks
    if ticks is not None and values.engine_seconds is not None:
        rounds = round((values.engine_seconds * 100 - ticks) / _TICKS_WRAP)
        if rounds > 0 and abs(values.engine_seconds * 100 - ticks - rounds * _TICKS_WRAP) <= _SLACK_TICKS:
            ticks += rounds * _TICKS_WRAP
    host = values.host_uptime_ticks
    is_behind = ticks is not None and host is not None and host < ticks - _SLACK_TICKS
    if host and not is_behind:
        history.by_host_clock = True
        return host * 10
    if history.by_host_clock:
        return None if host is None else (host + _TICKS_WRAP) * 10
    return None if ticks is None else ticks * 10


def note_rare(
    history: DeviceHistory, plan: ReadingPlan, often: ReadColumns, read: ReadColumns, given: Mapping[str, str]
) -> None:
    """Take in what was read of what seldom changes. given: the inventory's names of ports."""
    columns, before = read.columns, history.rare
    everything = {**often.columns, **columns}
    history.rare_values = values_of(plan.rarely, everything, plan.oids)
    objects = (*plan.rarely, *plan.often)
    if names_are_in(plan, everything):
        history.ports = port_table.ports_of(objects, everything, given)  # without their names they would get others
    history.duplex = port_table.full_duplex(history.ports, plan.rarely, columns)
    if before is None or before.mixed or read.mixed:
        history.rare_rates = {}
    else:
        steady = _steady(plan.rarely, columns, before.columns)
        for meaning in _RARE_COUNTERS:
            found = port_table.rates(meaning, plan.rarely, columns, before.columns, read.at - before.at)
            history.rare_rates[meaning] = {
                suffix: rate for suffix, rate in found.items() if suffix in steady or not steady
            }
    _note_changes(history, plan, everything, read.at)
    history.identity = _identity(history.rare_values, plan)
    history.gaps = _gaps(history, plan, everything)
    history.rare = _kept(plan, read)


def note_partial(
    history: DeviceHistory, plan: ReadingPlan, often: ReadColumns, read: ReadColumns, given: Mapping[str, str]
) -> None:
    """Take in as much as there was time to read of what seldom changes: what was known of the rest stays."""
    everything = {**often.columns, **read.columns}
    if names_are_in(plan, everything):
        history.ports = port_table.ports_of((*plan.rarely, *plan.often), everything, given)
    if history.identity is None:  # it was never read as a whole
        history.rare_values = values_of(plan.rarely, everything, plan.oids)
        history.rare = replace(_kept(plan, read), mixed=True)


def names_are_in(plan: ReadingPlan, columns: Mapping[bytes, Column]) -> bool:
    """Whether ports can be named from these columns. Without all of their names they would get others."""
    named = (Meaning.PORT_NAME, Meaning.PORT_DESCRIPTION)
    return any(item.oid in columns for item in (*plan.rarely, *plan.often) if item.means in named)


def _kept(plan: ReadingPlan, read: ReadColumns) -> ReadColumns:
    """The columns that are needed until they are read again."""
    return replace(read, columns={oid: column for oid, column in read.columns.items() if oid in plan.kept})


def _steady(
    objects: Iterable[SnmpObject], columns: Mapping[bytes, Column], before: Mapping[bytes, Column]
) -> set[bytes]:
    """Instances whose counters had no discontinuity in between; empty where the device does not say."""
    for item in objects:
        if item.means is Meaning.PORT_DISCONTINUITY:
            old = before.get(item.oid, {})
            return {suffix for suffix, value in columns.get(item.oid, {}).items() if old.get(suffix) == value}
    return set()


def _note_changes(history: DeviceHistory, plan: ReadingPlan, columns: Mapping[bytes, Column], at: float) -> None:
    """A link that was lost and came back between two runs shows in ifLastChange alone."""
    item = next((item for item in plan.rarely if item.means is Meaning.PORT_CHANGED), None)
    if item is None:
        return
    changed = {
        suffix: value.content for suffix, value in columns.get(item.oid, {}).items() if isinstance(value.content, int)
    }
    for state in port_table.port_states(history.ports, plan.often, columns):
        port = state.port
        before, flaps = history.port_changed.get(port.suffix), history.flaps.get(port.id)
        still_up = state.up is True and history.oper.get(port.id) is True
        if still_up and flaps is not None and before is not None and changed.get(port.suffix, 0) > before:
            flaps.add(at, 0 if flaps.within_hour(at) else 1)  # one that was seen may be this very one
    history.port_changed = changed


def _identity(values: DeviceValues, plan: ReadingPlan) -> DeviceIdentity:
    said = described(values.description)
    of_sets = next((part.vendor for part in plan.sets if part.vendor), "")
    vendor = vendor_of(values.object_id) or of_sets or values.vendor
    return DeviceIdentity(
        vendor=vendor,
        model=values.model or said.get("model", "") or values.description[:64],
        serial=values.serial or said.get("serial", ""),
        firmware=values.firmware or said.get("firmware", ""),
        hardware=values.hardware or said.get("hardware", ""),
        made_on=values.made_on,
    )


def _gaps(history: DeviceHistory, plan: ReadingPlan, columns: Mapping[bytes, Column]) -> tuple[SnmpGap, ...]:
    """What the device could tell and does not; of ports only where it has some."""
    meanings = {item.means for item in (*plan.often, *plan.rarely) if columns.get(item.oid)}
    counted = [
        value.tag
        for item in plan.often
        if item.means is Meaning.PORT_IN_OCTETS
        for value in columns.get(item.oid, {}).values()
    ]
    has_ports = Meaning.PORT_OPER in meanings
    found = {
        SnmpGap.NO_PORT_NAMES: has_ports and Meaning.PORT_NAME not in meanings,
        SnmpGap.NO_PORT_ALIASES: has_ports and not any(port.text for port in history.ports),
        SnmpGap.NO_SERIAL: history.identity is not None and not history.identity.serial,
        SnmpGap.NO_UPTIME: not meanings & {Meaning.UPTIME, Meaning.HOST_UPTIME},
        SnmpGap.NO_COUNTER64: bool(counted) and all(tag == COUNTER32 for tag in counted),
        SnmpGap.UNVERIFIED_SETS: not all(part.verified for part in plan.sets),
        SnmpGap.UNKNOWN_VENDOR: history.identity is not None and not history.identity.vendor,
    }
    return tuple(gap for gap, there in found.items() if there)


def find(
    history: DeviceHistory, plan: ReadingPlan, often: ReadColumns, counts: PollingCounts = _NO_COUNTS
) -> DeviceFindings:
    """What this run found, with what is known from before. Keeps this reading for the next one."""
    before, known_uptime = history.often, history.uptime_ms
    values = values_of(plan.often, often.columns, plan.oids)
    uptime_ms = uptime_of(values, history)
    anew = uptime_ms is not None and known_uptime is not None and uptime_ms < known_uptime
    close = before is not None and not anew and often.at - before.at < LEAST_SECONDS
    if history.rare is not None:
        values.fill(history.rare_values)
    comparable = None if anew or close else before
    ports: tuple[PortState, ...] = ()
    if history.ports:
        ports = port_table.port_states(history.ports, plan.often, often.columns)
        _note_flaps(history, ports, often.at)
    history.often, history.uptime_ms = (before if close else often), uptime_ms
    _note_stp(history, values, often.at, anew=anew)
    facts = _facts(history, plan, values, often, counts)
    if ports:
        facts = _with_ports(facts, history, plan, ports, _Pair(comparable, often))
    components = (*map(_port_component, ports), *_parts(values)) if ports or values.parts else ()
    return DeviceFindings(facts, DeviceReport(uptime_ms, history.identity, components), ports)


def of_one_port(found: DeviceFindings, written: str) -> DeviceFindings:
    """What concerns one port of a device: of its parts, its reboots and its identity the check of the device tells."""
    ports = tuple(state for state in found.ports if state.port.is_called(written))
    return replace(found, ports=ports, report=DeviceReport(None, None, ()))


def _note_flaps(history: DeviceHistory, states: Iterable[PortState], at: float) -> None:
    for state in states:
        port_id = state.port.id
        if state.up is None:
            continue
        flaps = history.flaps.get(port_id)
        if flaps is None:
            flaps = history.flaps[port_id] = HourlyEvents()
        if port_id in history.oper:
            flaps.add(at, int(history.oper[port_id] and not state.up))
        history.oper[port_id] = state.up
    if len(history.flaps) > 2 * port_table.MOST_PORTS:
        there = {port.id for port in history.ports}
        history.flaps = {name: flaps for name, flaps in history.flaps.items() if name in there}
        history.oper = {name: up for name, up in history.oper.items() if name in there}


def _note_stp(history: DeviceHistory, values: DeviceValues, at: float, *, anew: bool) -> None:
    if values.stp_changes is not None:
        if history.stp_count is not None and not anew:
            history.stp.add(at, values.stp_changes - history.stp_count)
        history.stp_count = values.stp_changes


def _facts(
    history: DeviceHistory, plan: ReadingPlan, values: DeviceValues, read: ReadColumns, counts: PollingCounts
) -> SnmpFacts:
    """What is measured of the device itself."""
    power = next((part for part in values.parts if part.kind is ComponentKind.POWER), None)
    by_id = {port.id: port.name for port in history.ports}
    uptime_ms = history.uptime_ms
    powers = sorted(values.receive_powers, key=lambda found: reduced(found[0]) in by_id)  # of two names alike: a port's
    return SnmpFacts(
        rtt_seconds=counts.rtt_seconds,
        uptime_seconds=None if uptime_ms is None else uptime_ms / 1000,
        version=counts.version,
        cpu_ratio=values.cpu,
        memory_used_ratio=values.memory,
        temperatures_celsius=values.temperatures,
        port_receive_powers=tuple({by_id.get(reduced(name), name): power for name, power in powers}.items()),
        stp_changes_per_hour=history.stp.within_hour(read.at),
        ups_on_battery=None if power is None else float(power.fault is ComponentFault.ON_BATTERY),
        ups_runtime_seconds=values.runtime_seconds,
        ups_charge_ratio=values.charge,
        ups_load_ratio=values.load,
        ups_battery_replace=None if values.battery_replace is None else float(values.battery_replace),
        lte_rsrp_dbm=values.rsrp,
        lte_sinr_db=values.sinr,
        printer_supplies=values.supplies,
        object_sets=tuple(part.name for part in (history.plan or plan).sets),
        gaps=(*history.gaps, SnmpGap.VERSION_1) if counts.version == "1" else history.gaps,
        reading=Reading(
            plan.series,
            read.columns if history.rare is None else {**history.rare.columns, **read.columns},
            read.at,
            counts.took_seconds,
            counts.packets_sent,
            counts.packets_retried,
            counts.pdus_returned,
        ),
    )


def _with_ports(
    facts: SnmpFacts, history: DeviceHistory, plan: ReadingPlan, states: tuple[PortState, ...], pair: _Pair
) -> SnmpFacts:
    """And of its ports."""
    names = {state.port.suffix: state.port.name for state in states}

    def named(found: Rates) -> PortValues:
        return tuple((names[suffix], value) for suffix, value in found.items() if suffix in names)

    errors, shares = _often_rates(plan, states, pair)
    rare = history.rare_rates
    rare_errors = rare.get(Meaning.PORT_ERRORS, {})
    broadcast = port_table.broadcast_share(rare.get(Meaning.PORT_PACKETS, {}), rare.get(Meaning.PORT_BROADCAST, {}))
    flaps = ((state.port, history.flaps.get(state.port.id)) for state in states)
    per_hour = ((port.name, events.within_hour(pair.now.at)) for port, events in flaps if events is not None)
    linked = {state.port.suffix for state in states if state.up}
    return replace(
        facts,
        ports_up=tuple(
            (state.port.name, float(state.up)) for state in states if state.up is not None and not state.disabled
        ),
        port_speeds=tuple((state.port.name, state.speed / 8) for state in states if state.speed is not None),
        port_full_duplex=named({suffix: mode for suffix, mode in history.duplex.items() if suffix in linked}),
        port_utilisation_ratios=named(shares),
        port_errors=named({suffix: rate + rare_errors.get(suffix, 0.0) for suffix, rate in errors.items()}),
        port_discards=named(rare.get(Meaning.PORT_DISCARDS, {})),
        port_broadcast_ratios=named(broadcast),
        port_flaps=tuple((name, count) for name, count in per_hour if count is not None),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """A reading, and the one before where the two can be compared."""

    before: ReadColumns | None
    now: ReadColumns


def _often_rates(plan: ReadingPlan, states: tuple[PortState, ...], pair: _Pair) -> tuple[Rates, Rates]:
    """Errors a second, and the share of its speed that each port uses."""
    before, often = pair.before, pair.now
    if before is None:
        return {}, {}
    seconds = often.at - before.at
    errors, received, sent = (
        port_table.rates(meaning, plan.often, often.columns, before.columns, seconds)
        for meaning in (Meaning.PORT_ERRORS, Meaning.PORT_IN_OCTETS, Meaning.PORT_OUT_OCTETS)
    )
    counted = (item for item in plan.often if item.means is Meaning.PORT_IN_OCTETS)
    column = next((often.columns[item.oid] for item in counted if often.columns.get(item.oid)), {})
    in_32_bits = next((value.tag == COUNTER32 for value in column.values()), False)
    return errors, port_table.utilisation(states, received, sent, seconds if in_32_bits else None)


def _port_component(state: PortState) -> Component:
    port = state.port
    down = state.up is False and not state.disabled
    return Component(
        id=f"port:{port.id}",
        kind=ComponentKind.PORT,
        fault=ComponentFault.PORT_DOWN if down else None,
        name=port.name,
        text=port.text,
        named=port.named,
        disabled=state.disabled,
        operational=state.up,
    )


def _parts(values: DeviceValues) -> Iterable[Component]:
    for part in values.parts:
        yield Component(part.id, part.kind, part.fault, part.name, part.text)
