"""Declared facts: two of one id on the same day, and those that no document bears out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from agent.inventory.document.parts import Parts
from agent.inventory.findings import Finding, Located, listed
from agent.inventory.schema.facts import FactRow


def overlaps(parts: Parts) -> Iterator[Finding]:
    """Each id of a site or unit that is declared twice for one day."""
    for entry, facts in _declaring(parts):
        by_id: dict[str, list[FactRow]] = {}
        for fact in facts:
            by_id.setdefault(fact.id, []).append(fact)
        for identity, same in by_id.items():
            same.sort(key=lambda fact: fact.first or date.min)
            twice = next((later for earlier, later in pairwise(same) if _reaches(earlier, later)), None)
            if twice is not None:
                day = (twice.first or same[0].last or same[-1].last or date.min).isoformat()
                values = {"id": identity, "day": day if day != date.min.isoformat() else "*"}
                yield Finding(entry.at("facts"), "fact_overlap", values)


def _reaches(earlier: FactRow, later: FactRow) -> bool:
    return earlier.last is None or later.first is None or later.first <= earlier.last


def undocumented(parts: Parts) -> Iterator[Finding]:
    """Of each id one remark that names where it is declared without a document."""
    places: dict[str, list[tuple[str, Located[Any]]]] = {}
    for entry, facts in _declaring(parts):
        name = entry.value.id
        for identity in dict.fromkeys(fact.id for fact in facts if not fact.document):
            places.setdefault(identity, []).append((name, entry))
    for identity, where in places.items():
        values = {"id": identity, "count": str(len(where)), "value": listed(name for name, _ in where)}
        yield Finding(where[0][1].at("facts"), "fact_undocumented", values)


def _declaring(parts: Parts) -> Iterator[tuple[Located[Any], tuple[FactRow, ...]]]:
    yield from ((unit, unit.value.facts) for unit in parts.units if unit.value.facts)
    yield from ((site, site.value.row.facts) for site in parts.sites if site.value.row.facts)
