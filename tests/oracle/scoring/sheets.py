"""Random score sheets as people could write them, and random values for them: all of it text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.oracle.scoring.points import Given, number

QUANTITIES = {
    "ratio": ("share",),
    "capped": ("share", "count"),
    "steps": ("share", "count"),
    "threshold": ("share", "count"),
    "linear": ("share", "count"),
    "choice": ("choice",),
    "points": ("points",),
}
WORDS = ("chair", "deputy", "none", "other")


@dataclass(frozen=True)
class Case:
    """A sheet, and for several units what is known: by code one of each of its measures."""

    text: str
    units: list[dict[str, list[Given]]]


def flow(value: Any) -> str:
    """One line of YAML; texts as they are."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return str(value)


@st.composite
def points(draw: Any, decimals: int, most: int = 60) -> str:
    """Above 0, with so many decimals at most, written in one of the ways."""
    units = draw(st.integers(1, most * 10**decimals))
    if draw(st.booleans()):
        return str(max(1, units // 10**decimals))
    text = f"{units // 10**decimals}.{units % 10**decimals:0{decimals}d}"
    return text if draw(st.booleans()) else '"' + text.replace(".", ",") + '"'


@st.composite
def bound(draw: Any, quantity: str) -> str:
    """Above 0."""
    if quantity == "share":
        per_mille = draw(st.integers(1, 1000))
        ways: list[str] = [f"{per_mille / 1000}", f"{per_mille // 10}.{per_mille % 10}%", f"{per_mille}/1000"]
        chosen: int = draw(st.integers(0, 2))
        return ways[chosen]
    if draw(st.booleans()):
        return str(draw(st.integers(1, 20)))
    return f"{draw(st.integers(1, 40))}/{draw(st.integers(1, 7))}"


def as_number(text: str) -> tuple[int, int]:
    return number(text.strip('"'))


def ordered(texts: list[str]) -> list[str]:
    """By size, each size once."""
    by_size: dict[Any, str] = {}
    for text in texts:
        above, below = as_number(text)
        by_size.setdefault((above * 10**9 * 840 // below), text)
    return [by_size[size] for size in sorted(by_size)]


@st.composite
def formula(draw: Any, kind: str, quantity: str) -> dict[str, Any]:
    """Of that kind, and one that a sheet may hold; worth as shares."""
    if kind == "steps":
        bounds = ordered(draw(st.lists(bound(quantity), min_size=1, max_size=4)))
        shares = sorted(draw(st.sets(st.integers(1, 12), min_size=len(bounds), max_size=len(bounds))))
        key = draw(st.sampled_from(["at_least", "at_most"]))
        if key == "at_most":
            bounds.reverse()
        rows = [{key: value, "share": f"{share}/12"} for value, share in zip(bounds, shares, strict=True)]
        return {"kind": kind, "steps": draw(st.permutations(rows))}
    if kind == "threshold":
        key, proportional = draw(st.sampled_from(["at_least", "at_most"])), draw(st.sampled_from(["true", "false"]))
        return {"kind": kind, key: draw(bound(quantity)), "proportional": proportional}
    if kind == "linear":
        ends = ordered([draw(bound(quantity)), draw(bound(quantity)), "0"])
        chosen = draw(st.permutations(ends))
        return {"kind": kind, "from": chosen[0], "to": chosen[1]}
    if kind == "capped":
        return {"kind": kind, "cap": draw(bound(quantity))}
    if kind == "choice":
        words = WORDS[: draw(st.integers(2, 4))]
        return {"kind": kind, "choices": [{"word": word, "share": f"{draw(st.integers(0, 12))}/12"} for word in words]}
    return {"kind": kind}


@st.composite
def measured(draw: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A measure that a person fills in, with a formula that fits."""
    kind = draw(st.sampled_from(sorted(QUANTITIES)))
    quantity = draw(st.sampled_from(QUANTITIES[kind]))
    given = draw(st.sampled_from(["manual", "external"]))
    return {"kind": given, "quantity": quantity}, draw(formula(kind, quantity))


@st.composite
def criterion(draw: Any, code: str, group: str, decimals: int) -> dict[str, Any]:
    row: dict[str, Any] = {"code": code, "group": group, "title": f"Chỉ tiêu {code}"}
    if draw(st.integers(0, 9)) == 0:
        return {**row, "formula": "unscored"}
    row |= {"maximum": draw(points(decimals)), "when_missing": draw(st.sampled_from(["pending", "zero", "manual"]))}
    if draw(st.integers(0, 4)) == 0:
        weights = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
        whole = sum(weights) + draw(st.integers(0, 1))
        parts = []
        for weight in weights:
            measure, inner = draw(measured())
            parts.append({"title": "Phần", "share": f"{weight}/{whole}", "measure": measure, "formula": inner})
        return {**row, "formula": {"kind": "sum", "parts": parts}}
    measure, simple = draw(measured())
    return {**row, "measure": measure, "formula": simple}


@st.composite
def known(draw: Any, quantity: str, of: dict[str, Any]) -> Given:
    """A value of that quantity, or nothing; on the formula's bounds as well as far off."""
    if draw(st.integers(0, 5)) == 0:
        return None
    if quantity == "choice":
        return {"choice": draw(st.sampled_from([choice["word"] for choice in of["choices"]]))}
    if (bounds := bounds_of(of)) and draw(st.booleans()):
        above, below = as_number(draw(st.sampled_from(bounds)))
        return {"a": str(above), "b": str(below)}
    if quantity == "share":
        below = draw(st.one_of(st.integers(1, 20), st.sampled_from([719, 1000, 5200, 10**12])))
        return {"a": str(draw(st.integers(0, below + below // 4))), "b": str(below)}
    if draw(st.booleans()):
        return {"a": str(draw(st.integers(0, 60)))}
    return {"a": f"{draw(st.integers(0, 60))}.{draw(st.integers(0, 9999)):04d}"}


def bounds_of(of: dict[str, Any]) -> list[str]:
    """The numbers at which a formula turns."""
    keys = ("at_least", "at_most", "from", "to", "cap")
    return [row[key] for row in (of, *of.get("steps", [])) for key in keys if key in row]


def measures_of(row: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The quantity of each measure, and the formula that scores it."""
    inner = row["formula"]
    if inner == "unscored":
        return []
    pairs = [(part["measure"], part["formula"]) for part in inner["parts"]] if inner["kind"] == "sum" else []
    return [(measure["quantity"], of) for measure, of in pairs or [(row["measure"], inner)]]


def total(rows: list[dict[str, Any]], decimals: int) -> str:
    units = sum(
        as_number(row["maximum"])[0] * 10**decimals // as_number(row["maximum"])[1] for row in rows if "maximum" in row
    )
    return f"{units // 10**decimals}.{units % 10**decimals:0{decimals}d}"


@st.composite
def cases(draw: Any) -> Case:
    decimals = draw(st.sampled_from([2, 3]))
    number_of_rows = draw(st.integers(1, 5))
    number_of_groups = min(number_of_rows, draw(st.integers(1, 2)))
    rows = [
        draw(criterion(f"{index % number_of_groups}.{index}", str(index % number_of_groups), decimals))
        for index in range(number_of_rows)
    ]
    if not any("maximum" in row for row in rows):
        rows[0] = {**rows[0], "maximum": "1", "measure": "manual", "formula": {"kind": "points"}}
        rows[0]["measure"] = {"kind": "manual", "quantity": "points"}
    head = {"id": "random", "title": "Ngẫu nhiên", "valid": {"from": "2026-01-01"}, "levels": ["commune"]}
    head |= {"decimals": decimals, "maximum": total(rows, decimals)}
    groups = [
        {"code": group, "title": "Nhóm", "maximum": total([row for row in rows if row["group"] == group], decimals)}
        for group in map(str, range(number_of_groups))
    ]
    lines = [f"sheet: {flow(head)}", "groups:", *(f"  - {flow(group)}" for group in groups), "criteria:"]
    lines += [f"  - {flow(row)}" for row in draw(st.permutations(rows))]
    units = [
        {row["code"]: [draw(known(*measure)) for measure in measures_of(row)] for row in rows}
        for _ in range(draw(st.integers(1, 6)))
    ]
    return Case("\n".join(lines) + "\n", units)
