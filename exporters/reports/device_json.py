"""A list of devices as JSON, and the JSON Schema of it (``python -m exporters.reports.device_json``)."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from agent.availability.instants import iso_utc
from agent.characters import cleaned, json_escaped
from agent.model import State
from agent.reporting.devices import DeviceList, DeviceRecord
from agent.reporting.replacement import FaultSpan, ReplacementReason, Urgency, urgency
from exporters.reports.device_words import made_on, reason_text
from exporters.reports.json_document import EXACT, Count, Instant, Milliseconds, PeriodJson, StateName

UrgencyName = Literal["now", "soon", "planned", "none"]


@dataclass(frozen=True, slots=True)
class ComponentFaultJson:
    """A fault of a part; end is null while it lasts."""

    __pydantic_config__ = EXACT

    component: str
    kind: str
    name: str
    text: str
    fault: str
    start: Instant
    end: Instant | None


@dataclass(frozen=True, slots=True)
class ReplacementReasonJson:
    """cause: its word; amount: how many restarts, failures, hours, days or years, 0 where it says nothing."""

    __pydantic_config__ = EXACT

    cause: str
    amount: Count
    component: str | None
    words: str


@dataclass(frozen=True, slots=True)
class DeviceJson:
    """One device.

    state: the last known one, null if it never had one; state_known: whether it is known now. power_cuts: those of the
    restarts that one explains.
    """

    __pydantic_config__ = EXACT

    target: str
    name: str
    role: str
    site: str
    site_name: str
    unit: str
    unit_name: str
    level: str
    address: str
    vendor: str
    model: str
    serial: str
    firmware: str
    hardware: str
    made_on: str | None
    seen_since: Instant | None
    state: StateName | None
    state_since: Instant | None
    state_known: bool
    snmp: Literal["answers", "silent", "not_asked"]
    booted: Instant | None
    restarts: tuple[Instant, ...]
    power_cuts: tuple[Instant, ...]
    faults: tuple[ComponentFaultJson, ...]
    beyond_limits_ms: Milliseconds
    replace: UrgencyName
    replace_reasons: tuple[ReplacementReasonJson, ...]


@dataclass(frozen=True, slots=True)
class DeviceListJson:
    """The devices of an inventory. replace_first: ids of those to replace, the most urgent first."""

    __pydantic_config__ = EXACT

    version: Literal[1]
    unverified: str | None
    organisation: str
    period: PeriodJson
    as_of: Instant
    ledger_head: str
    devices: tuple[DeviceJson, ...]
    replace_first: tuple[str, ...]


_DOCUMENT = TypeAdapter(DeviceListJson)
_STATES: dict[State, StateName] = {State.DOWN: "down", State.UP: "up", State.DEGRADED: "degraded"}
_URGENCIES: dict[Urgency, UrgencyName] = {
    Urgency.NOW: "now",
    Urgency.SOON: "soon",
    Urgency.PLANNED: "planned",
    Urgency.NONE: "none",
}


def device_json(devices: DeviceList) -> bytes:
    """UTF-8, indented, in the order of the schema: what ``--json`` and a file give alike."""
    document = DeviceListJson(
        1,
        cleaned(devices.unverified) or None,
        cleaned(devices.organisation),
        PeriodJson(iso_utc(devices.start_ms), iso_utc(devices.end_ms), devices.zone),
        iso_utc(devices.as_of_ms),
        devices.provenance.anchor,
        tuple(_device(device, devices.language) for device in devices.devices),
        tuple(cleaned(device.subject.target) for device in devices.replace_first),
    )
    return (json_escaped(_DOCUMENT.dump_json(document, indent=1).decode()) + "\n").encode()


def device_schema() -> str:
    """The JSON Schema."""
    json_schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_DOCUMENT.json_schema()}
    return json.dumps(json_schema, indent=2, ensure_ascii=False) + "\n"


def _device(device: DeviceRecord, language: str) -> DeviceJson:
    subject, identity = device.subject, device.identity
    return DeviceJson(
        target=cleaned(subject.target),
        name=cleaned(subject.name),
        role=subject.role,
        site=cleaned(subject.site),
        site_name=cleaned(subject.site_name),
        unit=cleaned(subject.unit),
        unit_name=cleaned(subject.unit_name),
        level=cleaned(subject.level),
        address=cleaned(device.address),
        vendor=cleaned(identity.vendor),
        model=cleaned(identity.model),
        serial=cleaned(identity.serial),
        firmware=cleaned(identity.firmware),
        hardware=cleaned(identity.hardware),
        made_on=made_on(device) or None,
        seen_since=_iso(device.seen_ms),
        state=None if device.state is None else _STATES[device.state],
        state_since=_iso(device.state_since_ms),
        state_known=device.known,
        snmp=device.snmp,
        booted=_iso(device.booted_ms),
        restarts=tuple(map(iso_utc, device.restarts)),
        power_cuts=tuple(map(iso_utc, device.power_cuts)),
        faults=tuple(map(_fault, device.faults)),
        beyond_limits_ms=device.beyond_limits_ms,
        replace=_URGENCIES[urgency(device.reasons)],
        replace_reasons=tuple(_reason(reason, language) for reason in device.reasons),
    )


def _reason(reason: ReplacementReason, language: str) -> ReplacementReasonJson:
    part = None if reason.component is None else reason.component.id
    return ReplacementReasonJson(reason.cause.value, reason.amount, part, reason_text(reason, language))


def _fault(span: FaultSpan) -> ComponentFaultJson:
    part = span.component
    return ComponentFaultJson(
        part.id,
        part.kind.value,
        cleaned(part.name),
        cleaned(part.text),
        "" if part.fault is None else part.fault.value,
        iso_utc(span.start_ms),
        _iso(span.end_ms),
    )


def _iso(ms: int | None) -> str | None:
    return None if ms is None else iso_utc(ms)


if __name__ == "__main__":
    sys.stdout.write(device_schema())
