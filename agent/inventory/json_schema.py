"""The JSON Schema of an inventory file, for editors: from the same types that validate it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

from pydantic import BeforeValidator, TypeAdapter

from agent.inventory.document.parts import Registry
from agent.inventory.schema.agent_sections import PageRow, ProbeEndpointRow, ScoringRow, StorageRow, TrapsRow
from agent.inventory.schema.notify import Base, Notify
from agent.inventory.schema.rows import (
    CalendarRow,
    CheckRow,
    Contact,
    DefaultsRow,
    LevelRow,
    OrganisationRow,
    PathRow,
    ProbeTiming,
    SiteRow,
    TargetRow,
    Unit,
)
from agent.inventory.schema.types import Listen
from agent.inventory.schema.unit_changes import UnitChange

_ROWS: Mapping[str, Any] = {
    "organisation": OrganisationRow,
    "defaults": DefaultsRow,
    "storage": StorageRow,
    "probe_endpoint": ProbeEndpointRow,
    "page": PageRow,
    "traps": TrapsRow,
    "scoring": ScoringRow,
    "notify": Notify,
    "runbooks": Base,
    "grafana": Base,
    "listen": Listen,
    "include": tuple[str, ...],
    "levels": tuple[LevelRow, ...],
    "units": tuple[Unit, ...],
    "unit_changes": tuple[UnitChange, ...],
    "sites": tuple[SiteRow, ...],
    "targets": tuple[TargetRow, ...],
    "paths": tuple[PathRow, ...],
    "contacts": tuple[Contact, ...],
    "calendars": dict[str, CalendarRow],
    "profiles": dict[str, tuple[CheckRow, ...]],
}


def build(registry: Registry) -> dict[str, Any]:
    """The schema (draft 2020-12), with the modules of every probe of the registry."""
    definitions: dict[str, Any] = {}
    properties = {key: part_schema(model, definitions) for key, model in _ROWS.items()}
    properties["modules"] = {
        "type": "object",
        "additionalProperties": {"oneOf": [_module(probe, registry, definitions) for probe in sorted(registry)]},
    }
    # a site has columns of its own, named by the profiles
    definitions["SiteRow"]["additionalProperties"] = {"type": ["string", "null"]}
    definitions["SiteRow"]["required"].remove("unit")  # which defaults may say
    for row in ("SiteRow", "Unit"):  # a cell's text is read too
        facts = definitions[row]["properties"]["facts"]
        definitions[row]["properties"]["facts"] = {"anyOf": [facts, {"type": "string"}]}
    for row in ("CheckRow", "TargetRow"):
        definitions[row]["required"].remove("role")  # which goes without saying of a device that is asked about itself
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "San Sang inventory",
        "type": "object",
        "properties": properties,
        "required": ["organisation"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def part_schema(model: Any, definitions: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """The schema of one type; what it refers to is added to the shared definitions, under ``prefix``."""
    template = "#/$defs/" + prefix + "{model}"
    schema = TypeAdapter(model).json_schema(ref_template=template)
    for name, definition in schema.pop("$defs", {}).items():
        definitions[prefix + name] = definition
    return schema


def _module(probe: str, registry: Registry, definitions: dict[str, Any]) -> dict[str, Any]:
    """One probe's module: ``probe``, the pace every module may set, and the probe's options."""
    model = registry[probe].options
    options = part_schema(model, definitions, f"{probe}.")
    _allow_single(model, options.get("properties", {}))
    own = {"probe": {"const": probe}, **part_schema(ProbeTiming, definitions)["properties"]}
    return {
        "title": f"{probe} module",
        "type": "object",
        "properties": {**own, **options.get("properties", {})},
        "required": ["probe", *options.get("required", [])],
        "additionalProperties": False,
    }


def _allow_single(model: Any, properties: dict[str, Any]) -> None:
    """A list read through a BeforeValidator also takes one value without its list, which pydantic cannot say."""
    for name, hint in get_type_hints(model, include_extras=True).items():
        before = any(isinstance(item, BeforeValidator) for item in getattr(hint, "__metadata__", ()))
        if before and properties[name].get("type") == "array":
            properties[name] = {"anyOf": [properties[name]["items"], properties[name]]}
