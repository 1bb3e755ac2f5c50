"""Modules: the part that every module has, and the typed options that its probe declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.inventory.findings import Entry, Finding, Source, Trail, missing, unknown, unknown_reference
from agent.inventory.parts import ModuleRow, Parts, Registry, validated
from agent.inventory.schema import PACE, Pace
from agent.inventory.wording import allowed_keys
from agent.probes.spec import ProbeSpec


def read_module(parts: Parts, source: Source, trail: Trail, data: object, registry: Registry) -> None:
    """Add one module to the parts, or its findings."""
    name = str(trail[-1])
    row = _module(parts, source, trail, data, registry)
    if row is None:
        parts.refuse("module", name)
    else:
        parts.modules.append(Entry(source, trail, row))


def _module(parts: Parts, source: Source, trail: Trail, data: object, registry: Registry) -> ModuleRow | None:
    if not isinstance(data, dict):
        parts.findings.append(Finding(source.place(trail), "not_mapping"))
        return None
    probe = data.get("probe")
    if not isinstance(probe, str):
        parts.findings.append(missing(source, trail, "probe"))
        return None
    if probe not in registry:
        parts.findings.append(unknown_reference(source.place((*trail, "probe")), "probe", probe, registry))
        return None
    spec = registry[probe]
    pace = validated(Pace, source, trail, {key: data[key] for key in PACE if key in data}, parts.findings)
    options = _options(parts, source, trail, data, spec)
    if pace is None or options is None:
        return None
    return ModuleRow(str(trail[-1]), spec, pace, options)


def _options(
    parts: Parts, source: Source, trail: Trail, data: Mapping[str, Any], spec: ProbeSpec[Any, Any]
) -> object | None:
    """The probe's own options; unknown keys are said here, where the choices include the module's own keys."""
    fields = allowed_keys(spec.options, ())
    choices = ("probe", *PACE, *fields)
    strange = [key for key in data if key not in choices]
    for key in strange:
        place = source.place((*trail, key), key=True)
        parts.findings.append(unknown(place, "unknown_key", {"key": key}, key, choices))
    options: object = validated(
        spec.options, source, trail, {key: data[key] for key in fields if key in data}, parts.findings
    )
    return None if strange else options
