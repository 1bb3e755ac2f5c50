"""A score sheet from its file: what it becomes, what is refused with which words, and that it reads back equal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.scoring.document.canonical import sheet_document, sheet_yaml
from agent.scoring.document.formula_rows import FORMULA_ROWS
from agent.scoring.document.load import load_sheet, sheet_from_bytes
from agent.scoring.document.measure_rows import MEASURE_ROWS, TEST_ROWS
from agent.scoring.document.numbers import exact_text
from agent.scoring.formulas import PointsStep, StepsFormula, ThresholdFormula
from agent.scoring.measures import ManualMeasure, Quantity, UptimeMeasure, quantity_of
from agent.scoring.sheet import ScoreSheet

ROOT = Path(__file__).parents[4]
ILLUSTRATIVE = sorted((ROOT / "config" / "scoring").glob("*.yml"))

GOOD = """\
sheet:
  id: example
  title: {vi: "Ví dụ", en: Example}
  valid: {from: 2026-01-01}
  maximum: 30
  decimals: 3
  levels: commune
groups:
  - {code: 1, title: Hạ tầng số, maximum: 30}
criteria:
  - {code: 1.10, group: 1, title: Đường truyền, maximum: 10.5, measure: {kind: uptime, roles: uplink}, formula: ratio}
  - code: 1.2
    group: 1
    title: Họp
    maximum: "19,5"
    measure: {kind: manual, quantity: count}
    formula: {kind: steps, steps: [{at_least: 4, points: 19.5}, {at_least: 2, share: 1/3}]}
"""


def sheet(text: str = GOOD) -> ScoreSheet:
    return sheet_from_bytes("s.yml", text.encode(), "en")


def faults(text: str, language: str = "en") -> str:
    with pytest.raises(ConfigError) as refused:
        sheet_from_bytes("s.yml", text.encode(), language)
    return "\n".join(str(fault) for fault in refused.value.faults)


def test_what_it_becomes() -> None:
    read = sheet()
    assert (read.id, read.title.vi, read.maximum, read.levels) == ("example", "Ví dụ", Decimal(30), ("commune",))
    assert (read.valid_from, read.valid_to, read.illustrative) == (date(2026, 1, 1), None, False)
    line, meetings = read.criteria
    assert (line.code, line.maximum) == ("1.10", Decimal("10.5"))  # no number: the zero stays
    assert isinstance(line.measure, UptimeMeasure)
    assert line.measure.area.selection.roles == ("uplink",)
    assert meetings.measure == ManualMeasure(Quantity.COUNT)
    assert meetings.maximum == Decimal("19.5")
    steps = (PointsStep(Fraction(2), Fraction(1, 3)), PointsStep(Fraction(4), Fraction(1)))
    assert meetings.formula == StepsFormula(steps)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("99.5%", Fraction(995, 1000)),
        ("'99,5 %'", Fraction(995, 1000)),
        ("0.995", Fraction(995, 1000)),
        ("199/200", Fraction(995, 1000)),
        ("0.1", Fraction(1, 10)),
        ("1/3", Fraction(1, 3)),
    ],
)
def test_numbers_are_what_is_written(written: str, number: Fraction) -> None:
    text = GOOD.replace("formula: ratio", f"formula: {{kind: threshold, at_least: {written}}}")
    assert sheet(text).criteria[0].formula == ThresholdFormula(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 8), "0.125"),
        (Decimal("1E+3"), "1000"),
        (Fraction(744_213, 1000), "744.213"),
        (Fraction(0), "0"),
        (Fraction(1, 40), "0.025"),
        (Fraction(-5, 2), "-2.5"),
    ],
)
def test_exact_numbers_as_text(number: Fraction | Decimal, text: str) -> None:
    assert exact_text(number) == text


@pytest.mark.parametrize("path", ILLUSTRATIVE, ids=lambda path: path.stem)
def test_reads_back_equal(path: Path) -> None:
    read = load_sheet(path)
    assert sheet(sheet_yaml(read)) == read
    assert sheet_from_bytes("s.json", sheet_document(read)) == read
    assert sheet_document(sheet(sheet_yaml(read))) == sheet_document(read)


def test_the_digest_is_of_what_is_said_and_not_of_how() -> None:
    other = json.loads(sheet_document(sheet()))
    backwards = {key: dict(reversed(part.items())) if isinstance(part, dict) else part for key, part in other.items()}
    text = "# comment\n" + json.dumps(dict(reversed(backwards.items())), indent=3)
    assert sheet(text).digest == sheet().digest
    assert sheet(GOOD.replace("10.5,", "10.50,")).digest == sheet().digest
    assert sheet(GOOD.replace("Họp", "Họp.")).digest != sheet().digest


REFUSED = [
    (
        ("maximum: 10.5", "maximum: 10"),
        (
            "s.yml:5:12: sheet.maximum: all criteria add up to 29.5, not 30, mend the maxima of the criteria or the"
            " scale\n"
            "s.yml:9:43: groups[0].maximum: the criteria of group 1 add up to 29.5, not 30, mend the maxima of the"
            " criteria or of the group"
        ),
    ),
    (("code: 1.2\n", "code: 1.10\n"), "s.yml:12:11: criteria[1].code: the code 1.10 stands twice, each code once"),
    (("group: 1\n", "group: 2\n"), "s.yml:13:12: criteria[1].group: there is no group 2, one of: 1"),
    (
        ("formula: ratio", "formula: rato"),
        "s.yml:11:113: criteria[0].formula: unknown kind 'rato', did you mean 'ratio'?",
    ),
]


@pytest.mark.parametrize(("change", "words"), REFUSED)
def test_refused_with_these_words(change: tuple[str, str], words: str) -> None:
    assert faults(GOOD.replace(*change)) == words


def test_the_illustrative_sheets_use_every_measure_test_and_formula() -> None:
    assert [path.stem for path in ILLUSTRATIVE] == ["commune-illustrative", "province-illustrative"]
    sheets = [load_sheet(path) for path in ILLUSTRATIVE]
    assert all(sheet.illustrative for sheet in sheets)
    documents = [json.loads(sheet_document(sheet)) for sheet in sheets]
    for rows, key in ((MEASURE_ROWS, "measure"), (FORMULA_ROWS, "formula"), (TEST_ROWS, "test")):
        kinds = {part["kind"] for document in documents for part in parts(document, key)}
        assert kinds == set(rows), key
    quantities = {quantity_of(measure) for sheet in sheets for row in sheet.criteria for measure in row.measures}
    assert quantities == set(Quantity)


def parts(document: object, key: str) -> Iterator[dict[str, str]]:
    """Every mapping that stands under that key, however deep."""
    if isinstance(document, dict):
        if isinstance(document.get(key), dict):
            yield document[key]
        for value in document.values():
            yield from parts(value, key)
    elif isinstance(document, list):
        for value in document:
            yield from parts(value, key)
