"""Points by a score sheet, worked out a second time: from the YAML as it is written, with whole numbers alone.

Imports nothing of the product. A number is a pair of integers that is never reduced; only rounding divides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

from ruamel.yaml import YAML

Number = tuple[int, int]
Given = Mapping[str, str] | None
"""What is known of one measure: ``{a: .., b: ..}``, ``{a: ..}``, ``{choice: ..}``; None for nothing."""


def document(text: str) -> Any:
    """The sheet with every scalar as the text that it is."""
    return YAML(typ="base", pure=True).load(text)


def number(text: str) -> Number:
    """``33.5``, ``33,5``, ``95%``, ``2/3``, and of a day how many there were before it."""
    text = text.strip()
    if text.endswith("%"):
        above, below = number(text[:-1])
        return above, below * 100
    if "/" in text:
        above_text, below_text = text.split("/")
        return int(above_text), int(below_text)
    if text.count("-") == 2 and not text.startswith("-"):
        return date.fromisoformat(text).toordinal(), 1
    whole, _, decimals = text.replace(",", ".").partition(".")
    return int(whole + decimals), 10 ** len(decimals)


def less(left: Number, right: Number) -> bool:
    """Denominators are above 0."""
    return left[0] * right[1] < right[0] * left[1]


def times(left: Number, right: Number) -> Number:
    return left[0] * right[0], left[1] * right[1]


def over(left: Number, right: Number) -> Number:
    above, below = left[0] * right[1], left[1] * right[0]
    return (-above, -below) if below < 0 else (above, below)


def plus(left: Number, right: Number) -> Number:
    return left[0] * right[1] + right[0] * left[1], left[1] * right[1]


def minus(left: Number, right: Number) -> Number:
    return plus(left, (-right[0], right[1]))


def between(value: Number) -> Number:
    """Not below nothing, not above everything."""
    return (0, 1) if value[0] < 0 else (1, 1) if value[0] > value[1] else value


def half_up(value: Number, decimals: int) -> int:
    """In units of the last decimal: what is whole, and one more where the rest is half or more."""
    scale: int = 10**decimals
    whole, rest = divmod(value[0] * scale, value[1])
    return whole + int(2 * rest >= value[1])


def kinds(formula: Any) -> dict[str, Any]:
    return {"kind": formula} if isinstance(formula, str) else dict(formula)


def worth(row: Mapping[str, str], maximum: Number) -> Number:
    return number(row["share"]) if "share" in row else over(number(row["points"]), maximum)


def counted(given: Mapping[str, str], measure: Any) -> Mapping[str, str]:
    """A share above 1 counts as 1."""
    if kinds(measure).get("quantity") != "share" or not less((1, 1), over(number(given["a"]), number(given["b"]))):
        return given
    return {"a": "1", "b": "1"}


def share(formula: Mapping[str, Any], given: Mapping[str, str], maximum: Number) -> Number:
    """How much of the maximum."""
    kind = formula["kind"]
    if kind == "choice":
        return next(worth(row, maximum) for row in formula["choices"] if row["word"] == given["choice"])
    value = number(given["a"]) if "b" not in given else over(number(given["a"]), number(given["b"]))
    if kind == "ratio":
        return between(value)
    if kind == "points":
        return between(over(value, maximum))
    if kind == "capped":
        return between(over(value, number(formula["cap"])))
    if kind == "linear":
        start, end = number(formula["from"]), number(formula["to"])
        return between(over(minus(value, start), minus(end, start)))
    if kind == "threshold":
        return threshold(formula, value)
    best: Number = (0, 1)
    for row in formula["steps"]:
        reached = (
            not less(value, number(row["at_least"])) if "at_least" in row else not less(number(row["at_most"]), value)
        )
        if reached and less(best, worth(row, maximum)):
            best = worth(row, maximum)
    return best


def threshold(formula: Mapping[str, Any], value: Number) -> Number:
    proportional = formula.get("proportional") == "true"
    if "at_least" in formula:
        bound = number(formula["at_least"])
        return (1, 1) if not less(value, bound) else between(over(value, bound)) if proportional else (0, 1)
    bound = number(formula["at_most"])
    return (1, 1) if not less(bound, value) else between(over(bound, value)) if proportional else (0, 1)


def row_points(criterion: Mapping[str, Any], given: Sequence[Given], decimals: int) -> int | None:
    """In units of the last decimal; None while pending."""
    formula = kinds(criterion["formula"])
    if formula["kind"] == "unscored":
        return 0
    known = [value for value in given if value is not None]
    if len(known) < len(given):
        return 0 if criterion.get("when_missing") == "zero" else None
    maximum = number(criterion["maximum"])
    if formula["kind"] != "sum":
        value = counted(known[0], criterion["measure"])
        return half_up(times(maximum, share(formula, value, maximum)), decimals)
    total: Number = (0, 1)
    for part, value in zip(formula["parts"], known, strict=True):
        of_maximum = worth(part, maximum)
        own = times(maximum, of_maximum)
        total = plus(total, times(of_maximum, share(kinds(part["formula"]), counted(value, part["measure"]), own)))
    return half_up(times(maximum, between(total)), decimals)


def text_of(units: int, decimals: int) -> str:
    digits = str(units).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


def scored(sheet: Any, values: Mapping[str, Sequence[Given]]) -> dict[str, Any]:
    """Every row, what is earned, still possible and lost, and how many earned everything; as text."""
    decimals = int(sheet["sheet"]["decimals"])
    rows = {row["code"]: row_points(row, values[row["code"]], decimals) for row in sheet["criteria"]}
    maxima = {row["code"]: half_up(number(row.get("maximum", "0")), decimals) for row in sheet["criteria"]}
    earned = sum(points or 0 for points in rows.values())
    possible = sum(maxima[code] for code, points in rows.items() if points is None)
    return {
        "rows": {code: None if points is None else text_of(points, decimals) for code, points in rows.items()},
        "earned": text_of(earned, decimals),
        "possible": text_of(possible, decimals),
        "lost": text_of(sum(maxima.values()) - earned - possible, decimals),
        "full": sum(points == maxima[code] > 0 for code, points in rows.items()),
    }


def completions(rows: Sequence[tuple[int, int | None]]) -> Iterator[int]:
    """Every total that pending rows can still make of a unit, one point apart. rows: maximum and points."""
    choices: list[Iterable[int]] = [range(maximum + 1) if points is None else (points,) for maximum, points in rows]
    return (sum(choice) for choice in product(*choices))


def places(units: Mapping[str, Sequence[tuple[int, int | None]]]) -> dict[str, tuple[int, int]]:
    """Best and worst place of each unit over all completions of all of them together."""
    names = list(units)
    spans = {name: (len(names), 1) for name in names}
    for totals in product(*({*completions(units[name])} for name in names)):
        for name, own in zip(names, totals, strict=True):
            place = 1 + sum(other > own for other in totals)
            best, worst = spans[name]
            spans[name] = (min(best, place), max(worst, place))
    return spans
