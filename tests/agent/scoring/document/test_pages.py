"""docs/score-sheets.md, in both languages, is held to the code: every key, every kind, and every worked figure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from agent.scoring.document import rows
from agent.scoring.document.formula_rows import FORMULA_ROWS, ChoiceOptionRow, PartRow, StepRow
from agent.scoring.document.kinds import FITTING
from agent.scoring.document.load import sheet_from_bytes
from agent.scoring.document.measure_rows import MEASURE_ROWS, TEST_ROWS
from agent.scoring.document.numbers import exact_text
from agent.scoring.evaluation import score_row
from agent.scoring.evidence import DeviceEvidence, FeatureDays, MeasuredSpan
from agent.scoring.measures import Feature, Measure, Quantity, quantity_of
from agent.scoring.measuring.measured import measured
from agent.scoring.sheet import Criterion, WhenMissing
from agent.scoring.values import MeasuredValue, Origin, ValueStatus
from tests.agent.scoring.measuring.evidence import DAYS, END, START, evidence, states, target, unit

DOCS = Path(__file__).parents[4] / "docs"
PAGES = ["score-sheets.md", "vi/score-sheets.md"]
BLOCK = re.compile(r"```yaml\n(.*?)```(?:\n\n((?:\|[^\n]*\n)+))?", re.DOTALL)
HEAD = """\
sheet: {{id: s, title: S, valid: {{from: 2024-01-01}}, maximum: {maximum}, decimals: 3, levels: commune}}
groups: [{{code: "1", title: G}}]
criteria:
{criteria}
"""
WORTH = '- {code: "99", group: "1", title: T, maximum: 1, measure: manual, formula: points}\n'


def read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def yaml(text: str) -> Any:
    return YAML(typ="base", pure=True).load(text)


def examples(page: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each criterion of the page, with the values and points of the table below it."""
    for text, table in BLOCK.findall(read(page)):
        if not text.startswith("sheet:"):
            yield (
                text,
                [(value, points) for value, points in re.findall(r"^\| `([^`]+)` \| (\S+) \|$", table, re.MULTILINE)],
            )


def criterion(text: str) -> Criterion:
    maximum = yaml(text)[0].get("maximum", "0")
    if maximum == "0":  # a scale needs a row that is worth something
        text += WORTH
        maximum = "1"
    return sheet_from_bytes("page.yml", HEAD.format(maximum=maximum, criteria=text).encode(), "en").criteria[0]


def known(measure: Measure, written: str) -> MeasuredValue:
    quantity = quantity_of(measure)
    if quantity is Quantity.CHOICE:
        return MeasuredValue(ValueStatus.KNOWN, quantity, Origin.MANUAL, choice=written)
    if quantity is Quantity.DATE:
        days = Fraction(date.fromisoformat(written).toordinal())
        return MeasuredValue(ValueStatus.KNOWN, quantity, Origin.DECLARED, days)
    above, _, below = written.partition("/")
    return MeasuredValue(ValueStatus.KNOWN, quantity, Origin.MANUAL, Fraction(above), Fraction(below or 1))


@pytest.mark.parametrize("page", PAGES)
def test_every_worked_example_of_a_formula(page: str) -> None:
    kinds: set[str] = set()
    for text, worked in examples(page):
        row = criterion(text)
        kinds.add(yaml_kind(text))
        measures = row.measures
        assert worked, text
        for written, points in worked:
            values = [known(measure, one) for measure, one in zip(measures, written.split("; "), strict=True)]
            scored = score_row(row, values, 3).points
            assert scored is not None
            assert exact_text(scored) == points.replace(",", "."), (text, written)
    assert kinds == set(FORMULA_ROWS)


def yaml_kind(text: str) -> str:
    formula = yaml(text)[0]["formula"]
    return str(formula if isinstance(formula, str) else formula["kind"])


@pytest.mark.parametrize("page", PAGES)
def test_the_whole_sheet_is_one(page: str) -> None:
    (whole,) = (text for text, _ in BLOCK.findall(read(page)) if text.startswith("sheet:"))
    sheet = sheet_from_bytes("page.yml", whole.encode(), "en")
    assert [criterion.when_missing for criterion in sheet.criteria] == [WhenMissing.PENDING, WhenMissing.ZERO]


def story() -> Any:
    """The commune of the page: two sites, 91 days from 1 January 2024."""
    always = [(0, DAYS, "xa")]
    runs = tuple(80 if bucket == 3 else 20 if bucket == 6 else 0 for bucket in range(15))
    told = (FeatureDays("https", date(2024, 3, 31), 10, 0), FeatureDays("ipv6", date(2024, 3, 31), 0, 10))
    portal = MeasuredSpan(START, END, DAYS, runs, told)
    return evidence(
        [unit("xa")],
        [
            target("a/up", always, states((0, 9.1))),
            target("a/web", always, role="portal", probe="http", measured=[portal]),
            target("a/sw", always, role="device", device=DeviceEvidence(date(2020, 3, 31), START)),
            target("b/up", always),
        ],
        facts=[
            ("site:a", "fibre", "true", "none"),
            ("site:b", "fibre", "false", "none"),
            ("unit:xa", "broadband_households", "0.75", "ratio"),
            ("unit:xa", "plan", "2024-01-15", "date"),
        ],
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_worked_value_of_a_measure(page: str) -> None:
    worked = re.findall(r"^\| `(\{kind: [^`]+)` \| `([^`]+)` \|", read(page), re.MULTILINE)
    line = "- {{code: {code}, group: 1, title: T, formula: unscored, measure: {measure}}}\n"
    text = "".join(line.format(code=code, measure=one) for code, (one, _) in enumerate(worked)) + WORTH
    sheet = sheet_from_bytes("page.yml", HEAD.format(maximum=1, criteria=text).encode(), "en")
    values = measured(sheet, story(), ["xa"])["xa"]
    for (written, figure), of_row, row in zip(worked, values, sheet.criteria, strict=False):
        (value,) = of_row
        assert value.status is ValueStatus.KNOWN, written
        assert value.number == known(row.measures[0], figure).number, written
    kinds = {yaml(written)["kind"] for written, _ in worked}
    assert kinds == set(MEASURE_ROWS) - {"manual", "external"}
    assert {yaml(written)["test"]["kind"] for written, _ in worked if "test:" in written} == set(TEST_ROWS)


def keys(*models: type) -> set[str]:
    """As they are written."""
    renamed = {"first": "from", "last": "to", "start": "from", "end": "to"}
    names = {field.name for model in models for field in dataclasses.fields(model)}
    return {renamed.get(name, name) for name in names}


SECTIONS: Mapping[str, type] = {
    "sheet.": rows.SheetRow,
    "groups[].": rows.GroupRow,
    "criteria[].": rows.CriterionRow,
}


@pytest.mark.parametrize("page", PAGES)
def test_every_key_and_word_stands_on_the_page(page: str) -> None:
    text = read(page)
    wanted = {f"{section}{key}" for section, model in SECTIONS.items() for key in keys(model)}
    wanted |= keys(rows.ValidRow, rows.FormRow, rows.FormCellsRow)
    wanted |= keys(*MEASURE_ROWS.values(), *TEST_ROWS.values()) | {feature.value for feature in Feature}
    wanted |= {*MEASURE_ROWS, *TEST_ROWS, *FORMULA_ROWS, *(missing.value for missing in WhenMissing)}
    assert [key for key in sorted(wanted) if f"`{key}`" not in text] == []
    inside = keys(StepRow, ChoiceOptionRow, PartRow, *FORMULA_ROWS.values())
    assert [key for key in sorted(inside) if f"{key}: " not in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_which_formula_takes_what(page: str) -> None:
    words = {"share": Quantity.SHARE, "tỷ lệ": Quantity.SHARE, "count": Quantity.COUNT, "số đếm": Quantity.COUNT}
    words |= {"seconds": Quantity.SECONDS, "số giây": Quantity.SECONDS, "years": Quantity.YEARS}
    words |= {"số năm": Quantity.YEARS, "date": Quantity.DATE, "ngày": Quantity.DATE, "word": Quantity.CHOICE}
    words |= {"từ": Quantity.CHOICE, "points": Quantity.POINTS, "điểm": Quantity.POINTS}
    row = r"^\| `(ratio|steps|choice|threshold|linear|capped|points)` \| ([^|]+) \| \""
    table = dict(re.findall(row, read(page), re.MULTILINE))
    assert {kind: {words[word] for word in takes.split(", ")} for kind, takes in table.items()} == {
        kind: set(quantities) for kind, quantities in FITTING.items() if kind in table
    }
    assert len(table) == 7
