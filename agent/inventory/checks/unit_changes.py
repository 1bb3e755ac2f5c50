"""Checks of `unit_changes`: keys by kind, references, dates, circles, and what still hangs on a unit that ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from agent.inventory.document.parts import Parts
from agent.inventory.findings import FilePosition, Finding, Located
from agent.inventory.messages.message import Value
from agent.inventory.messages.unit_changes import NO_SUCCESSOR, SUCCESSOR
from agent.inventory.schema.unit_changes import KIND_RULES, UnitChange
from agent.text import Text

LocatedChange = Located[UnitChange]
_UnitOf = Callable[[UnitChange], str | None]
_ALWAYS = ("kind", "date", "document", "unit")


def unit_change_findings(parts: Parts) -> Iterator[Finding]:
    """Every fault of the changes, and of sites and units that they leave behind."""
    changes = parts.unit_changes
    if not changes:
        return
    for change in changes:
        yield from unit_change_itself(change)
    ended = _first(changes, lambda change: change.unit if change.ends else None)
    founded = _first(changes, lambda change: change.into if change.founds else None)
    yield from _twice(changes, ended, founded)
    yield from _dates(changes, ended, founded)
    yield from _circles(ended)
    yield from _left_behind(parts, ended)


def unit_change_mentions(parts: Parts) -> Iterator[tuple[FilePosition, str, str]]:
    """Every unit that a change names. Sites come and go: those of an old change may be there no longer."""
    for change in parts.unit_changes:
        row = change.value
        for key, unit in (("unit", row.unit), ("into", row.into), ("parent", row.parent)):
            if unit is not None:
                yield change.at(key), "unit", unit
        for index, unit in enumerate(row.subunits):
            yield change.at("subunits", index), "unit", unit


def unit_change_itself(change: LocatedChange) -> Iterator[Finding]:
    """What is wrong with a change whatever others there are."""
    yield from _keys(change)
    if change.value.into == change.value.unit:
        yield Finding(change.at("into"), "unit_change_self", {"value": change.value.unit})


def _keys(change: LocatedChange) -> Iterator[Finding]:
    row, rules = change.value, KIND_RULES[change.value.kind]
    said = [key for key in UnitChange.__dataclass_fields__ if getattr(row, key) not in (None, (), False)]
    may = {*_ALWAYS, *rules.may}
    for key in said:
        if key not in may:
            values: dict[str, Value] = {"key": key, "kind": row.kind, "choices": ", ".join(sorted(rules.may))}
            yield Finding(change.at(key), "unit_change_key", values)
    lacking = [key for key in rules.needs if key not in said]
    if rules.one_of and not any(key in said for key in rules.one_of):
        lacking.append("/".join(rules.one_of))
    if row.kind in ("split", "transfer") and row.into and not (row.sites or row.subunits):
        lacking.append("sites/subunits")
    for keys in lacking:
        yield Finding(change.at(), "unit_change_lacks", {"kind": row.kind, "keys": keys})


def _first(changes: Sequence[LocatedChange], unit_of: _UnitOf) -> dict[str, LocatedChange]:
    """The change that ends or founds each unit; of several the one that stands first."""
    first: dict[str, LocatedChange] = {}
    for change in changes:
        unit = unit_of(change.value)
        if unit is not None:
            first.setdefault(unit, change)
    return first


def _twice(
    changes: Sequence[LocatedChange], ended: Mapping[str, LocatedChange], founded: Mapping[str, LocatedChange]
) -> Iterator[Finding]:
    for change in changes:
        row = change.value
        if row.ends and ended[row.unit] is not change:
            yield Finding(change.at("unit"), "unit_ended_twice", _about(row.unit, ended[row.unit]))
        if row.founds and row.into and founded[row.into].value.date != row.date:
            yield Finding(change.at("date"), "unit_founded_twice", _about(row.into, founded[row.into]))


def _about(unit: str, first: LocatedChange) -> dict[str, Value]:
    return {"value": unit, "first": str(first.at())}


def _dates(
    changes: Sequence[LocatedChange], ended: Mapping[str, LocatedChange], founded: Mapping[str, LocatedChange]
) -> Iterator[Finding]:
    """A unit is changed neither after its end nor before its beginning; on the day itself, it is."""
    for change in changes:
        row = change.value
        for unit in filter(None, (row.unit, row.into)):
            end, start = ended.get(unit), founded.get(unit)
            if end is not None and row.date > end.value.date and not (row.ends and unit == row.unit):
                dates = {"date": _day(row.date), "end": _day(end.value.date)}
                yield Finding(change.at("date"), "unit_change_after_end", {**_about(unit, end), **dates})
            if start is not None and row.date < start.value.date and not row.founds:
                dates = {"date": _day(row.date), "start": _day(start.value.date)}
                yield Finding(change.at("date"), "unit_change_before_start", {**_about(unit, start), **dates})


def _day(day: date) -> Text:
    return Text(f"{day:%d/%m/%Y}", day.isoformat())


def _circles(ended: Mapping[str, LocatedChange]) -> Iterator[Finding]:
    """Units that ended into one another: none of them would have a successor."""
    reported: set[str] = set()
    for start in ended:
        walk = [start]
        while (change := ended.get(walk[-1])) is not None and change.value.into and change.value.into not in walk:
            walk.append(change.value.into)
        into = change.value.into if change is not None else None
        if into == start and start not in reported and len(walk) > 1:
            reported.update(walk)
            yield Finding(ended[start].at("into"), "unit_change_cycle", {"circle": " -> ".join([*walk, start])})


def _left_behind(parts: Parts, ended: Mapping[str, LocatedChange]) -> Iterator[Finding]:
    for site in parts.sites:
        row = site.value.row
        if (change := ended.get(row.unit)) is not None:
            values = {"site": row.id, **_about(row.unit, change), "right": _right(change)}
            yield Finding(site.at("unit"), "site_of_ended_unit", values)
    for unit in parts.units:
        parent = unit.value.parent
        change = ended.get(parent) if parent is not None and unit.value.id not in ended else None
        if parent is not None and change is not None:
            values = {"unit": unit.value.id, **_about(parent, change), "right": _right(change)}
            yield Finding(unit.at("parent"), "unit_below_ended", values)


def _right(change: LocatedChange) -> Text:
    return NO_SUCCESSOR if change.value.into is None else SUCCESSOR.filled(into=change.value.into)
