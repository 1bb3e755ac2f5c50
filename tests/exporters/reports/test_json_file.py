from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from exporters.reports.json_file import json_file, schema
from tests.exporters.reports.hostile import NAMES
from tests.exporters.reports.sample import figures, report, subject

SCHEMA = Path(__file__).parents[3] / "docs" / "uptime.schema.json"


def test_the_schema_in_the_docs_is_the_generated_one() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema()


def test_a_report_keeps_to_its_schema() -> None:
    document = json.loads(json_file(report()))

    jsonschema.validate(document, json.loads(schema()))

    assert len(document["targets"]) == len(report().targets)


def test_another_key_or_a_wrong_instant_does_not() -> None:
    document = json.loads(json_file(report()))

    for wrong in ({**document, "more": 1}, {**document, "as_of": "01/11/2026"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, json.loads(schema()))


def test_the_figures_are_exact_and_the_instants_utc() -> None:
    document = json.loads(json_file(report()))
    portal = next(target for target in document["targets"] if target["target"] == "dc/one-stop")

    assert document["period"] == {
        "start": "2026-09-30T17:00:00.000Z", "end": "2026-10-31T17:00:00.000Z", "zone": "Asia/Ho_Chi_Minh",
    }  # fmt: skip
    assert portal["recorded"]["availability"] == {
        "exact": [2_664_708_000, 2_667_600_000], "percent_2": "99.89", "percent_4": "99.8915",
    }  # fmt: skip
    assert portal["outages"][0] == {
        "number": 84_201, "start": "2026-10-12T01:02:11.000Z", "end": "2026-10-12T01:45:23.000Z",
        "counted_ms": 2_592_000, "confirmed": "2026-10-12T01:04:16.000Z", "reason": "bad_status",
        "cause": None,
    }  # fmt: skip
    assert [(one["id"], one["excluded"]) for one in document["maintenance"]] == [
        ("bt-2026-10-03", True),
        ("bt-2026-10-19", False),
    ]


def test_any_name_is_json_and_the_same_report_gives_the_same_bytes() -> None:
    odd = report(*(figures(subject(f"x/{number}", name)) for number, name in enumerate(NAMES)))

    jsonschema.validate(json.loads(json_file(odd)), json.loads(schema()))

    assert json_file(odd) == json_file(odd)
