"""What an agent's API says of a device and its parts, as typed values. An older agent does not say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from agent.availability.outage_cause import OutageCause
from agent.engine.snapshot import ComponentView, SiteOutageView
from agent.model import Component, ComponentFault, ComponentKind, DeviceIdentity, DeviceReport

_IDENTITY = tuple(field.name for field in fields(DeviceIdentity))
_KINDS, _FAULTS = frozenset(ComponentKind), frozenset(ComponentFault)


def parse_parts(document: Mapping[str, Any]) -> tuple[ComponentView, ...]:
    """The parts of a target over time; KeyError, TypeError or ValueError for what is none."""
    return tuple(
        ComponentView(part, bool(row["matters"]), _ms(parse_instant(row["since"])))
        for part, row in _parts(document.get("components", ()))
    )


def parse_device(run: Mapping[str, Any]) -> DeviceReport | None:
    """What one run found; None of a target that is no device. Raises as above."""
    document = run.get("device")
    if document is None:
        return None
    uptime_seconds = document["uptime_seconds"]
    return DeviceReport(
        None if uptime_seconds is None else int(uptime_seconds * 1000),
        parse_identity(document["identity"]),
        tuple(part for part, _ in _parts(document["components"])),
    )


def parse_identity(document: Mapping[str, Any] | None) -> DeviceIdentity | None:
    """What a device says it is, None where it was not asked. Raises as above."""
    return None if document is None else DeviceIdentity(*(str(document[name]) for name in _IDENTITY))


def parse_outages(document: Mapping[str, Any]) -> tuple[SiteOutageView, ...]:
    """The last outage of each site as a whole. Raises as above."""
    return tuple(
        SiteOutageView(
            str(row["site"]),
            _ms_of(row["start"]),
            None if row["end"] is None else _ms_of(row["end"]),
            None if row["cause"] is None else OutageCause(row["cause"]),
        )
        for row in document.get("outages", ())
    )


def parse_instant(text: str | None) -> datetime | None:
    """ValueError for what is none."""
    return None if text is None else datetime.fromisoformat(text)


def _ms(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp() * 1000)


def _ms_of(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def _parts(rows: Any) -> Iterator[tuple[Component, Mapping[str, Any]]]:
    """Of kinds and faults that this version knows."""
    for row in rows:
        kind, fault = row["kind"], row["fault"]
        if kind in _KINDS and (fault is None or fault in _FAULTS):
            yield _part(row, ComponentKind(kind), None if fault is None else ComponentFault(fault)), row


def _part(row: Mapping[str, Any], kind: ComponentKind, fault: ComponentFault | None) -> Component:
    return Component(
        id=str(row["component"]),
        kind=kind,
        fault=fault,
        name=str(row["name"]),
        text=str(row["text"]),
        named=bool(row["named"]),
        disabled=bool(row["disabled"]),
        operational=row["operational"],
    )
