"""The schema for editors: committed as generated, and of one mind with the loader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from agent.inventory.json_schema import build
from agent.inventory.sources.files import Files, read_document
from agent.probes.registry import PROBES

ROOT = Path(__file__).parents[3]
SCHEMA = build(PROBES)
PAGE = (ROOT / "docs" / "inventory.md").read_text(encoding="utf-8")


def test_the_committed_schema_is_the_generated_one() -> None:
    committed = (ROOT / "docs" / "inventory.schema.json").read_text(encoding="utf-8")
    how = "run: sansang validate --schema > docs/inventory.schema.json"
    assert json.loads(committed) == json.loads(json.dumps(SCHEMA)), how


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ["district-22", "district-33", "province-65"])
def test_the_examples_satisfy_it(name: str) -> None:
    source, _ = read_document(Files(), ROOT / "config" / "examples" / name / "sansang.yml")
    assert source is not None
    assert list(Draft202012Validator(SCHEMA).iter_errors(source.data())) == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"organisation": {"name": "A"}, "sties": []},
        {"organisation": {"name": "A"}, "modules": {"ping": {"probe": "icmp", "packetes": 3}}},
        {"organisation": {"name": "A"}, "targets": [{"id": "a", "role": "lan", "module": "m", "address": "x"}]},
        {"organisation": {"name": "A"}, "defaults": {"interval": 60}},
    ],
)
def test_what_the_loader_refuses_it_refuses(document: dict[str, Any]) -> None:
    assert list(Draft202012Validator(SCHEMA).iter_errors(document))


def _keys(schema: dict[str, Any]) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        yield name
        yield from _keys(part)
    for name, part in schema.get("$defs", {}).items():
        if "." not in name:  # options of a probe have their own page
            yield from _keys(part)


@pytest.mark.parametrize("key", sorted({*_keys(SCHEMA)}))
def test_every_key_is_documented(key: str) -> None:
    assert f"`{key}`" in PAGE
