"""The schema for editors: committed as generated, and of one mind with the loader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from agent.scoring.document.canonical import sheet_document
from agent.scoring.document.json_schema import build
from agent.scoring.document.load import load_sheet

ROOT = Path(__file__).parents[4]
SCHEMA = build()
SHEETS = sorted((ROOT / "config" / "scoring").glob("*.yml"))


def errors(document: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(document)]


def test_the_committed_schema_is_the_generated_one() -> None:
    committed = (ROOT / "docs" / "scoresheet.schema.json").read_text(encoding="utf-8")
    assert json.loads(committed) == json.loads(json.dumps(SCHEMA)), "run: make generate"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_sheets_satisfy_it_as_editors_read_them_and_in_canonical_form(path: Path) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.yaml_constructors.pop("tag:yaml.org,2002:timestamp")  # days are text to the schema
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    assert errors(yaml.load(path.read_text(encoding="utf-8"))) == []
    assert errors(json.loads(sheet_document(load_sheet(path)))) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"measure": {"kind": "uptime", "role": "lan"}}, "$.criteria[0].measure"),
        ({"measure": "share"}, "$.criteria[0].measure"),
        ({"formula": {"kind": "linear", "from": 1}}, "$.criteria[0].formula"),
        ({"formula": "steps"}, "$.criteria[0].formula"),
        ({"point": 3}, "$.criteria[0]"),
        ({"when_missing": "full"}, "$.criteria[0].when_missing"),
    ],
)
def test_what_the_loader_refuses_it_refuses(change: dict[str, Any], where: str) -> None:
    document = json.loads(sheet_document(load_sheet(SHEETS[0])))
    document["criteria"][0].update(change)
    assert errors(document) == [where]
