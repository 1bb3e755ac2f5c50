"""The JSON Schema of a score sheet, for editors: from the same types that validate it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.inventory.json_schema import part_schema
from agent.scoring.document.formula_rows import FORMULA_ROWS, MAX_PARTS, PartRow
from agent.scoring.document.measure_rows import MEASURE_ROWS, TEST_ROWS
from agent.scoring.document.rows import MAX_CRITERIA, MAX_GROUPS, CriterionRow, FormRow, GroupRow, SheetRow

_MEASURE = {"$ref": "#/$defs/measure"}
_FORMULA = {"$ref": "#/$defs/formula"}


def build() -> dict[str, Any]:
    """The schema (draft 2020-12)."""
    definitions: dict[str, Any] = {}
    criterion = part_schema(CriterionRow, definitions)
    criterion["properties"] |= {"measure": _MEASURE, "formula": _FORMULA}
    part = part_schema(PartRow, definitions)
    part["properties"] |= {"measure": _MEASURE, "formula": _FORMULA}
    definitions["part"] = part
    definitions["test"] = _kinds(TEST_ROWS, definitions)
    definitions["measure"] = _kinds(MEASURE_ROWS, definitions)
    definitions["formula"] = _kinds(FORMULA_ROWS, definitions)
    properties = {
        "sheet": part_schema(SheetRow, definitions),
        "groups": {"type": "array", "items": part_schema(GroupRow, definitions), "maxItems": MAX_GROUPS},
        "criteria": {"type": "array", "items": criterion, "maxItems": MAX_CRITERIA},
        "form": part_schema(FormRow, definitions),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "San Sang score sheet",
        "type": "object",
        "properties": properties,
        "required": ["sheet", "groups", "criteria"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def _kinds(rows: Mapping[str, type], definitions: dict[str, Any]) -> dict[str, Any]:
    """One of the kinds with its keys, or the mere word of one that needs none."""
    shapes = {kind: _kind(kind, row, definitions) for kind, row in rows.items()}
    words = [kind for kind, shape in shapes.items() if shape["required"] == ["kind"]]
    return {"oneOf": [*([{"enum": words}] if words else []), *shapes.values()]}


def _kind(kind: str, row: type, definitions: dict[str, Any]) -> dict[str, Any]:
    shape = part_schema(row, definitions)
    properties = {"kind": {"const": kind}, **shape.get("properties", {})}
    if "test" in properties:
        properties["test"] = {"$ref": "#/$defs/test"}
    if "parts" in properties:
        properties["parts"] = {
            "type": "array",
            "items": {"$ref": "#/$defs/part"},
            "minItems": 1,
            "maxItems": MAX_PARTS,
        }
    return {
        "title": kind,
        "type": "object",
        "properties": properties,
        "required": ["kind", *shape.get("required", [])],
        "additionalProperties": False,
    }
