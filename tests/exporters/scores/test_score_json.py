from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from agent.scoring.evaluation import score_unit
from exporters.scores.json_file import json_file, json_pieces, schema
from tests.agent.scoring.explanations.samples import SHARE, known
from tests.exporters.reports.hostile import NAMES
from tests.exporters.scores.score_sample import score_report, sheet, values

SCHEMA = Path(__file__).parents[3] / "docs" / "score.schema.json"


def test_the_schema_in_the_docs_is_the_generated_one() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_scores_keep_to_their_schema(language: str) -> None:
    document = json.loads(json_file(score_report(language)))

    jsonschema.validate(document, json.loads(schema()))

    assert [unit["unit"] for unit in document["units"]] == ["xa-a", "xa-b", "xa-c"]


def test_another_key_or_a_rounded_point_does_not() -> None:
    document = json.loads(json_file(score_report()))

    for wrong in ({**document, "more": 1}, {**document, "as_of": "01/11/2026"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, json.loads(schema()))


def test_points_and_values_are_exact() -> None:
    first, second, _ = json.loads(json_file(score_report()))["units"]

    assert first["total"] == {
        "earned": "93.590", "possible": "0", "lost": "6.410", "maximum": "100", "full": 1, "rows": 6, "pending": 0,
    }  # fmt: skip
    assert first["delta"] == "1.618"
    assert first["criteria"][0]["points"] == "18.182"
    assert first["criteria"][0]["values"][0]["exact"] == ["30", "33"]
    assert first["criteria"][0]["values"][0]["percent"] == "90.9090"
    assert first["criteria"][4]["values"][0]["document"] == {"number": "5/BC-UBND", "dated": "2026-01-02", "note": ""}
    assert (second["criteria"][2]["points"], second["criteria"][2]["values"][0]["exact"]) == (None, None)
    assert (second["place"], second["delta"]) == ({"best": 1, "worst": 3, "of": 3}, None)


def test_a_unit_is_a_line_and_the_same_report_gives_the_same_bytes() -> None:
    lines = json_file(score_report()).decode().splitlines()

    assert json.loads(lines[1].rstrip(","))["unit"] == "xa-a"
    assert len(lines) == 5
    assert b"".join(json_pieces(score_report())) == json_file(score_report())


def test_any_name_is_json() -> None:
    report = score_report()
    units = tuple(replace(unit, name=name) for unit, name in zip(report.evidence.units, NAMES, strict=False))
    odd = replace(report, evidence=replace(report.evidence, units=units))

    jsonschema.validate(json.loads(json_file(odd)), json.loads(schema()))


def test_an_exact_fraction_of_thousands_of_digits_is_left_out() -> None:
    report, rows = score_report(), values()
    rows[1] = (known(SHARE, Fraction(3**9000, 3**9000 + 1), members=900),)
    long = replace(report, scores=(score_unit(sheet(), "xa-a", rows),))
    value = json.loads(json_file(long))["units"][0]["criteria"][1]["values"][0]

    assert (value["exact"], value["percent"]) == (None, "99.9999")
