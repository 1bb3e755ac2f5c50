"""The inventory as canonical JSON: the same bytes for the same meaning, for the ledger to keep by hash."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePath

from agent.availability.calendar import Calendar
from agent.availability.calendar_document import document_of
from agent.inventory.entities import Level, Module, Organisation, Site, UnreadableOptions
from agent.inventory.schema.rows import Unit
from agent.inventory.schema.unit_changes import UnitChange
from agent.model import Path, Policy, Target
from agent.model.declared_facts import DeclaredFact, plain_facts
from agent.probes.options import Concealed

_LEFT_OUT = ("options", "probe")  # said once, by the module


@dataclass(frozen=True, slots=True)
class FigureInputs:
    """The part of an inventory that figures depend on, beside the calendars: no contacts, no settings of the agent.

    ports: by target id the part of a device that the target is about, of those that are about one.
    """

    organisation: Organisation
    levels: tuple[Level, ...]
    units: tuple[Unit, ...]
    sites: tuple[Site, ...]
    modules: Mapping[str, Module]
    targets: tuple[Target, ...]
    paths: tuple[Path, ...]
    ports: Mapping[str, str] = field(default_factory=dict)
    unit_changes: tuple[UnitChange, ...] = ()


def canonical(figures: FigureInputs, calendars: Mapping[str, Calendar]) -> bytes:
    """Canonical JSON: equal inputs give equal bytes. A secret appears as the place it is read from."""
    document = {
        "organisation": dataclasses.asdict(figures.organisation),
        "levels": [dataclasses.asdict(level) for level in figures.levels],
        "units": [_with_facts(dataclasses.asdict(unit), unit.facts) for unit in figures.units],
        "sites": [_site(site) for site in figures.sites],
        "modules": {module.id: _module(module) for module in figures.modules.values()},
        "targets": [_port_or_whole(target, figures.ports) for target in figures.targets],
        "calendars": {name: document_of(calendar) for name, calendar in calendars.items()},
        "paths": [{"id": path.id, "anchors": [_target(anchor) for anchor in path.anchors]} for path in figures.paths],
    }
    if figures.unit_changes:  # without any, the bytes are those of before there was such a section
        document["unit_changes"] = [_unit_change(change) for change in figures.unit_changes]
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _site(site: Site) -> dict[str, object]:
    """Without whom to call: that may be a person's name, and what is in the ledger stays for ever and is handed out."""
    fields = dataclasses.asdict(site)
    del fields["contact"]
    return _with_facts(fields, site.facts)


def _with_facts(fields: dict[str, object], facts: tuple[DeclaredFact, ...]) -> dict[str, object]:
    """With its facts, which only those have that declare some: what is said of others stays what it was."""
    del fields["facts"]
    return fields | ({"facts": plain_facts(facts)} if facts else {})


def _unit_change(change: UnitChange) -> dict[str, object]:
    """Its date as a text, and without what it does not say."""
    fields = {key: value for key, value in dataclasses.asdict(change).items() if value not in (None, (), False)}
    return {**fields, "date": change.date.isoformat()}


def _module(module: Module) -> dict[str, object]:
    options = {} if isinstance(module.options, UnreadableOptions) else _plain(module.options)
    return {"probe": module.probe, "options": options, "policy": dataclasses.asdict(module.policy)}


def _plain(value: object) -> object:
    """An option as JSON has it; a secret shows as where it was read from."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, Concealed | PurePath | ipaddress.IPv4Address | ipaddress.IPv6Address):
        return str(value)
    raise TypeError(f"an option of type {type(value).__name__} has no place in canonical JSON")


def _port_or_whole(target: Target, ports: Mapping[str, str]) -> dict[str, object]:
    """A target with its port, which only those have that are about one: what is said of others stays what it was."""
    return _target(target) | ({"port": ports[target.id]} if target.id in ports else {})


_TARGET_FIELDS = tuple(item.name for item in dataclasses.fields(Target) if item.name not in (*_LEFT_OUT, "policy"))
_POLICY_FIELDS = tuple(item.name for item in dataclasses.fields(Policy))


def _target(target: Target) -> dict[str, object]:
    policy = {name: getattr(target.policy, name) for name in _POLICY_FIELDS}
    return {**{name: getattr(target, name) for name in _TARGET_FIELDS}, "policy": policy}
