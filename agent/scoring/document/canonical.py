"""A score sheet as the mapping that its file holds: canonical JSON to hash, YAML to read. Both read back equal."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from agent.inventory.sources.yaml_writer import yaml_text
from agent.scoring.document.numbers import exact_text
from agent.scoring.formulas import (
    CappedFormula,
    ChoiceFormula,
    Formula,
    LinearFormula,
    PointsFormula,
    RatioFormula,
    StepsFormula,
    SumFormula,
    ThresholdFormula,
)
from agent.scoring.measures import (
    UNNAMED,
    AgeMeasure,
    AgeTest,
    Area,
    BooleanMeasure,
    CountMeasure,
    ExternalMeasure,
    FactMeasure,
    FactTest,
    FeatureTest,
    FirstByteTest,
    ManualMeasure,
    Measure,
    QuantileMeasure,
    Quantity,
    ShareMeasure,
    Test,
    UptimeMeasure,
    UptimeTest,
    quantity_of,
)
from agent.scoring.sheet import Criterion, CriterionGroup, FormSource, RowCells, ScoreSheet, WhenMissing
from agent.text import Text

Keys = dict[str, Any]

_PLAIN = re.compile(
    r"[0-9]+(?:[.][0-9]+|/[0-9]+|ms|-[0-9]{2}-[0-9]{2})?|(?!(?:true|false|null|yes|off)$)[a-z]{3,}(?:[_-][a-z0-9]+)*"
)
_NUMBERS = ("maximum", "points", "share", "at_least", "at_most", "from", "to", "cap", "quantile", "at_most_years")
_WORDS = (
    "kind",
    "of",
    "feature",
    "quantity",
    "pooling",
    "roles",
    "levels",
    "level",
    "calendar",
    "fact",
    "when_missing",
)
_PLAIN_KEYS = frozenset((*_NUMBERS, *_WORDS))


def sheet_document(sheet: ScoreSheet) -> bytes:
    """Canonical JSON: equal sheets give equal bytes, however their files were written. Reads back as a sheet."""
    return json.dumps(sheet_mapping(sheet), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def with_digest(sheet: ScoreSheet) -> ScoreSheet:
    """The sheet with the SHA-256 of its canonical JSON."""
    return dataclasses.replace(sheet, digest=hashlib.sha256(sheet_document(sheet)).hexdigest())


def sheet_yaml(sheet: ScoreSheet) -> str:
    """The sheet as a file that people go on writing: a group a line, a criterion a paragraph."""
    mapping = sheet_mapping(sheet)
    lines = ["sheet:", *(f"  {key}: {_flow(value, key)}" for key, value in mapping["sheet"].items()), "", "groups:"]
    lines += [f"  - {_flow(group)}" for group in mapping["groups"]]
    lines += ["", "criteria:"]
    for criterion in mapping["criteria"]:
        first, *others = criterion.items()
        lines += [f"  - {first[0]}: {_flow(first[1])}", *(f"    {key}: {_flow(value, key)}" for key, value in others)]
    if (form := mapping.get("form")) is not None:
        head = {key: value for key, value in form.items() if key != "rows"}
        lines += ["", "form:", *(f"  {key}: {_flow(value, key)}" for key, value in head.items()), "  rows:"]
        lines += [f"    - {_flow(cells)}" for cells in form["rows"]]
    return "\n".join(lines) + "\n"


def _flow(value: object, key: str = "") -> str:
    """On one line; numbers and words of ours without quotation marks, everything else as JSON, which is YAML."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_flow(item, name)}' for name, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flow(item, key) for item in value)}]"
    plain = isinstance(value, str) and key in _PLAIN_KEYS and _PLAIN.fullmatch(value)
    return value if plain and isinstance(value, str) else yaml_text(value)


def sheet_mapping(sheet: ScoreSheet) -> Keys:
    """The file as plain data; without keys that say what goes without saying, so that equal sheets are equal data."""
    head = {
        "id": sheet.id,
        "title": _text(sheet.title),
        "legal_reference": sheet.legal_reference,
        "valid": {"from": sheet.valid_from.isoformat(), "to": sheet.valid_to and sheet.valid_to.isoformat()},
        "maximum": exact_text(sheet.maximum),
        "decimals": sheet.decimals,
        "levels": list(sheet.levels),
        "illustrative": sheet.illustrative,
    }
    document: Keys = {
        "sheet": head,
        "groups": [_group(group) for group in sheet.groups],
        "criteria": [_criterion(criterion) for criterion in sheet.criteria],
    }
    return document if sheet.form is None else {**document, "form": _form(sheet.form)}


def _text(text: Text) -> object:
    return text.vi if text.vi == text.en else {"vi": text.vi, "en": text.en}


def _said(**keys: object) -> Keys:
    """The keys that say something; ``from_`` is ``from``."""
    return {key.rstrip("_"): value for key, value in keys.items() if value not in (None, "", [], False)}


def _group(group: CriterionGroup) -> Keys:
    return {
        "code": group.code,
        "title": _text(group.title),
        "maximum": exact_text(group.maximum),
        **_said(parent=group.parent),
    }


def _criterion(criterion: Criterion) -> Keys:
    measure = criterion.measure
    quantity = None if measure is None else quantity_of(measure)
    missing = "" if criterion.when_missing is WhenMissing.PENDING else criterion.when_missing.value
    return {
        "code": criterion.code,
        "group": criterion.group,
        "title": _text(criterion.title),
        "maximum": exact_text(criterion.maximum),
        **_said(
            measure=None if measure is None else _measure(measure),
            formula=_formula(criterion.formula, quantity),
            when_missing=missing,
            method=criterion.method,
            evidence=criterion.evidence,
            verifier=criterion.verifier,
        ),
    }


def _measure(measure: Measure) -> Keys:
    match measure:
        case UptimeMeasure(area, pooling):
            return {"kind": "uptime", **_area(area), "pooling": pooling.value}
        case ShareMeasure(of, test, area):
            return {"kind": "share", "of": of.value, "test": _test(test), **_area(area)}
        case CountMeasure(of, perhaps, area):
            return {"kind": "count", "of": of.value, **_said(test=perhaps and _test(perhaps)), **_area(area)}
        case BooleanMeasure(feature, area):
            return {"kind": "boolean", "feature": feature.value, **_area(area)}
        case QuantileMeasure(quantile, area):
            return {"kind": "quantile", "quantile": exact_text(quantile), **_area(area)}
        case AgeMeasure(area):
            return {"kind": "age", **_area(area)}
        case FactMeasure(fact, quantity):
            return {"kind": "fact", "fact": fact, "quantity": quantity.value}
        case ManualMeasure(quantity, a, b):
            return {"kind": "manual", "quantity": quantity.value, **_said(a=_label(a), b=_label(b))}
        case ExternalMeasure(quantity, source):
            return {"kind": "external", "quantity": quantity.value, **_said(source=source)}


def _label(text: Text) -> object:
    return None if text == UNNAMED else _text(text)


def _area(area: Area) -> Keys:
    chosen = area.selection
    return _said(
        roles=[str(role) for role in chosen.roles],
        sites=list(chosen.sites),
        targets=list(chosen.targets),
        probes=list(chosen.probes),
        level=area.level,
        calendar=area.calendar,
    )


def _test(test: Test) -> Keys:
    match test:
        case UptimeTest(at_least):
            return {"kind": "uptime", "at_least": exact_text(at_least)}
        case FeatureTest(feature):
            return {"kind": "feature", "feature": feature.value}
        case FirstByteTest(quantile, at_most_ms):
            return {"kind": "first_byte", "quantile": exact_text(quantile), "at_most": f"{at_most_ms}ms"}
        case AgeTest(at_most_years):
            return {"kind": "age", "at_most_years": exact_text(at_most_years)}
        case FactTest(fact, least):
            return {"kind": "fact", "fact": fact, **_said(at_least=None if least is None else exact_text(least))}


def _formula(formula: Formula, quantity: Quantity | None) -> Keys:
    match formula:
        case RatioFormula():
            return {"kind": "ratio"}
        case StepsFormula(steps, at_most):
            key = "at_most" if at_most else "at_least"
            rows = [{key: _bound(step.bound, quantity), "share": exact_text(step.share)} for step in steps]
            return {"kind": "steps", "steps": rows}
        case ThresholdFormula(bound, at_most, proportional):
            key = "at_most" if at_most else "at_least"
            return {"kind": "threshold", key: _bound(bound, quantity), **_said(proportional=proportional)}
        case LinearFormula(start, end):
            return {"kind": "linear", "from": _bound(start, quantity), "to": _bound(end, quantity)}
        case CappedFormula(cap):
            return {"kind": "capped", "cap": exact_text(cap)}
        case ChoiceFormula(shares, titles):
            return {"kind": "choice", "choices": [_choice(word, shares, titles) for word in shares]}
        case SumFormula(parts):
            return {
                "kind": "sum",
                "parts": [
                    {
                        "title": _text(part.title),
                        "share": exact_text(part.share),
                        "measure": _measure(part.measure),
                        "formula": _formula(part.formula, quantity_of(part.measure)),
                    }
                    for part in parts
                ],
            }
        case PointsFormula():
            return {"kind": "points"}
        case _:
            return {"kind": "unscored"}


def _choice(word: str, shares: Mapping[str, Fraction], titles: Mapping[str, Text]) -> Keys:
    title = titles.get(word, Text(word, word))
    return {"word": word, "title": _text(title), "share": exact_text(shares[word])}


def _bound(bound: Fraction, quantity: Quantity | None) -> str:
    """A number, or of a date its day."""
    return date.fromordinal(int(bound)).isoformat() if quantity is Quantity.DATE else exact_text(bound)


def _form(form: FormSource) -> Keys:
    return {"name": form.name, "sha256": form.sha256, "tab": form.tab, "rows": [_cells(row) for row in form.rows]}


def _cells(row: RowCells) -> Keys:
    return {"code": row.code, "points": row.points, **_said(explanation=row.explanation, evidence=row.evidence)}
