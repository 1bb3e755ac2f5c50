"""Names in a score sheet that the inventory must know: calendars, levels, sites, targets, roles, probes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from agent.inventory.entities import Inventory
from agent.inventory.findings import Finding, Located, unknown
from agent.inventory.messages.document import KINDS
from agent.inventory.messages.message import Value
from agent.scoring.document.read import SheetDraft
from agent.scoring.formulas import SumFormula
from agent.scoring.measures import Measure, area_of
from agent.scoring.sheet import Criterion

Known = Mapping[str, Collection[str]]
"""The words of each kind."""

_KIND_OF_KEY = {"calendar": "calendar", "level": "level", "sites": "site", "targets": "target", "probes": "probe"}


def unknown_names(draft: SheetDraft, inventory: Inventory) -> Iterator[Finding]:
    """A finding for every name that the inventory does not have."""
    known: Known = {
        "calendar": inventory.calendars.keys(),
        "level": {level.id for level in inventory.levels},
        "site": {site.id for site in inventory.sites},
        "target": {target.id for target in inventory.targets},
        "probe": {target.probe for target in inventory.targets},
    }
    for index, level in enumerate(draft.head.levels if draft.head else ()):
        if level not in known["level"]:
            yield _unknown(Located(draft.source, ("sheet",), None), ("levels", index), "level", level, known)
    for entry in draft.criteria:
        yield from _of_criterion(entry, known)


def _of_criterion(entry: Located[Criterion], known: Known) -> Iterator[Finding]:
    formula = entry.value.formula
    if isinstance(formula, SumFormula):
        for index, part in enumerate(formula.parts):
            at: Located[object] = Located(entry.source, (*entry.trail, "formula", "parts", index, "measure"), None)
            yield from _of_measure(at, part.measure, known)
    elif entry.value.measure is not None:
        yield from _of_measure(Located(entry.source, (*entry.trail, "measure"), None), entry.value.measure, known)


def _of_measure(at: Located[object], measure: Measure, known: Known) -> Iterator[Finding]:
    area = area_of(measure)
    if area is None:
        return
    chosen = area.selection
    named = {"sites": chosen.sites, "targets": chosen.targets, "probes": chosen.probes}
    named |= {"calendar": (area.calendar,) if area.calendar else (), "level": (area.level,) if area.level else ()}
    for key, words in named.items():
        kind = _KIND_OF_KEY[key]
        for word in words:
            if word not in known[kind]:
                yield _unknown(at, (key,), kind, word, known)


def _unknown(at: Located[object], steps: tuple[str | int, ...], kind: str, word: str, known: Known) -> Finding:
    values: dict[str, Value] = {"kind": KINDS[kind], "value": word}
    return unknown(at.at(*steps), "sheet_reference", values, word, known[kind])
