"""What changes make of units and sites: new facts, sites and lower units that go, and what cannot be. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from agent.inventory.findings import Finding, Located, listed
from agent.inventory.schema.rows import Unit
from agent.inventory.schema.unit_changes import UnitChange

_FACTS = ("name", "code", "parent")
Identity = tuple[str, str, str, str]


class UnitState:
    """Units by id as they are, and the unit of each site; found again by what they hang on."""

    def __init__(self, units: Mapping[str, Unit], sites: Mapping[str, str]) -> None:
        self.units, self.sites = dict(units), dict(sites)
        self._below: dict[str | None, dict[str, None]] = defaultdict(dict)
        self._sites_of: dict[str, dict[str, None]] = defaultdict(dict)
        for unit in self.units.values():
            self._below[unit.parent][unit.id] = None
        for site, name in self.sites.items():
            self._sites_of[name][site] = None

    def below(self, unit: str) -> list[str]:
        """The units directly below it."""
        return list(self._below[unit])

    def sites_of(self, unit: str) -> list[str]:
        """The sites that belong to it itself."""
        return list(self._sites_of[unit])

    def put(self, unit: Unit) -> None:
        """The unit with other facts."""
        self._below[self.units[unit.id].parent].pop(unit.id, None)
        self._below[unit.parent][unit.id] = None
        self.units[unit.id] = unit

    def move(self, site: str, unit: str) -> None:
        """The site to another unit."""
        self._sites_of[self.sites[site]].pop(site, None)
        self._sites_of[unit][site] = None
        self.sites[site] = unit


@dataclass(slots=True)
class ChangeEffects:
    """The state after all changes; changes: those that are new, with all that went; repeated: how many were known.

    successors: by each unit that ended, the one in its place.
    """

    state: UnitState
    changes: list[Located[UnitChange]] = field(default_factory=list)
    repeated: int = 0
    successors: dict[str, str | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def identity(change: UnitChange) -> Identity:
    """What makes it this change: a unit has one of a kind in a day, and to each other unit."""
    return change.kind, change.date.isoformat(), change.unit, change.into or ""


def effects(
    before: UnitState, known: Sequence[Located[UnitChange]], new: Sequence[Located[UnitChange]]
) -> ChangeEffects:
    """Of the new changes, in the order of their dates, on a configuration that has the known ones.

    A known change that was not carried out to its end, as after a crash, is.
    """
    recorded = {identity(entry.value): entry for entry in known}
    outcome = _Outcome(ChangeEffects(UnitState(before.units, before.sites)))
    for entry in known:
        outcome.know(entry.value)
    for entry in _joined(new, outcome.effects.findings):
        if (there := recorded.get(identity(entry.value))) is None:
            outcome.carry_out(entry)
        else:
            outcome.effects.repeated += 1
            outcome.effects.findings.extend(_differences(entry, there))
            outcome.finish(there.value)
    outcome.follow()
    return outcome.effects


def _joined(new: Iterable[Located[UnitChange]], findings: list[Finding]) -> list[Located[UnitChange]]:
    """Several rows about one change, as one for each site that goes, are one change."""
    joined: dict[Identity, Located[UnitChange]] = {}
    for entry in new:
        key, change = identity(entry.value), entry.value
        if (first := joined.get(key)) is None:
            joined[key] = entry
            continue
        sites = tuple(dict.fromkeys((*first.value.sites, *change.sites)))
        subunits = tuple(dict.fromkeys((*first.value.subunits, *change.subunits)))
        joined[key] = replace(first, value=replace(first.value, sites=sites, subunits=subunits))
        findings.extend(_differences(entry, joined[key]))
    return list(joined.values())


def _differences(entry: Located[UnitChange], there: Located[UnitChange]) -> Iterator[Finding]:
    """What the sheet says otherwise than the change that is recorded."""
    change, known = entry.value, there.value
    for key in ("document", *_FACTS):
        said = getattr(change, key)
        if said is not None and said != getattr(known, key):
            values = {"first": str(there.at()), "before": str(getattr(known, key) or "-")}
            yield Finding(entry.at(key), "unit_change_known", values)
    for key in ("sites", "subunits"):
        if more := set(getattr(change, key)) - set(getattr(known, key)):
            values = {"first": str(there.at()), "before": f"{key} {listed(getattr(known, key)) or '-'}"}
            yield Finding(entry.at(key), "unit_change_known", values | {"value": listed(more)})


@dataclass(slots=True)
class _Outcome:
    """What comes of one change after the other, by all that the configuration had, and has now."""

    effects: ChangeEffects
    _after: dict[str, str | None] = field(default_factory=dict)  # by unit that ended, the one in its place
    _last: dict[tuple[str, str], date] = field(default_factory=dict)  # by unit and fact, the last change of it
    _went: dict[str, date] = field(default_factory=dict)  # by unit, when anything last came to it

    @property
    def state(self) -> UnitState:
        return self.effects.state

    def know(self, change: UnitChange) -> None:
        """Among all that is recorded."""
        if change.ends:
            self._after.setdefault(change.unit, change.into)
        for fact in _FACTS:
            if getattr(change, fact):
                self._last[change.renamed, fact] = max(change.date, self._last.get((change.renamed, fact), date.min))
        for unit in filter(None, (change.into, change.parent)):
            self._went[unit] = max(change.date, self._went.get(unit, date.min))

    def carry_out(self, entry: Located[UnitChange]) -> None:
        """A change that is new."""
        done = self._moved(self._renamed(entry))
        self.know(done.value)
        self.effects.changes.append(done)

    def finish(self, change: UnitChange) -> None:
        """What a recorded change replaced must not stand there any longer."""
        for fact in _FACTS:
            unit = self.state.units.get(change.renamed)
            new, old = getattr(change, fact), getattr(change, f"old_{fact}")
            if unit and new and old and getattr(unit, fact) == old and not self._later(change, fact):
                self.state.put(_with_fact(unit, fact, new))

    def _refuse(self, entry: Located[UnitChange], key: str, message: str, **values: str) -> None:
        self.effects.findings.append(Finding(entry.at(key), message, values))

    def _later(self, change: UnitChange, fact: str) -> bool:
        """Whether a later change has the last word."""
        return self._last.get((change.renamed, fact), date.min) > change.date

    def _renamed(self, entry: Located[UnitChange]) -> Located[UnitChange]:
        """With the facts that the new ones replace."""
        change, unit = entry.value, self.state.units[entry.value.renamed]
        for fact in _FACTS:
            new, old, now = getattr(change, fact), getattr(change, f"old_{fact}"), getattr(unit, fact)
            if new is None or self._later(change, fact):
                continue
            if old is not None and now not in (None, old, new):
                self._refuse(entry, f"old_{fact}", "unit_old_otherwise", value=unit.id, before=now)
            if fact == "parent" and self._is_below(new, unit.id):
                self._refuse(entry, "parent", "unit_below_itself", value=unit.id, parent=new)
                continue
            if old is None and now != new:
                change = _with_old(change, fact, now)
            unit = _with_fact(unit, fact, new)
            self.state.put(unit)
        return replace(entry, value=change)

    def _is_below(self, unit: str | None, top: str) -> bool:
        seen: set[str] = set()
        while unit is not None and unit not in seen:
            if unit == top:
                return True
            seen.add(unit)
            above = self.state.units.get(unit)
            unit = above.parent if above else None
        return False

    def _moved(self, entry: Located[UnitChange]) -> Located[UnitChange]:
        """With all sites and lower units that went."""
        change = entry.value
        sites = self.state.sites_of(change.unit) if change.ends else []
        below = [unit for unit in self.state.below(change.unit) if unit not in self._after] if change.ends else []
        if sites and change.into is None:
            values = {"value": change.unit, "count": str(len(sites)), "sites": listed(sites)}
            self.effects.findings.append(Finding(entry.at("into"), "unit_end_leaves", values))
        all_sites = dict.fromkeys((*sites, *(site for site in change.sites if self._may_go(entry, site))))
        subunits = dict.fromkeys((*below, *(unit for unit in change.subunits if self._may_go_below(entry, unit))))
        for site in all_sites if change.into else ():
            if self.state.sites.get(site) == change.unit:
                self.state.move(site, change.into or "")
        for unit in subunits:
            if self.state.units[unit].parent == change.unit:
                self.state.put(replace(self.state.units[unit], parent=change.into))
        return replace(entry, value=replace(change, sites=tuple(all_sites), subunits=tuple(subunits)))

    def _may_go(self, entry: Located[UnitChange], site: str) -> bool:
        change, now = entry.value, self.state.sites.get(site, "")
        if now in (change.unit, change.into) or self._went_on(change, now):
            return True
        self._refuse(entry, "sites", "site_elsewhere", site=site, value=now, unit=change.unit)
        return False

    def _may_go_below(self, entry: Located[UnitChange], unit: str) -> bool:
        change, now = entry.value, self.state.units[unit].parent or ""
        if now in (change.unit, change.into) or self._went_on(change, now):
            return True
        self._refuse(entry, "subunits", "unit_elsewhere", site=unit, value=now or "-", unit=change.unit)
        return False

    def _went_on(self, change: UnitChange, now: str) -> bool:
        """Whether a later change that is known brought it where it is."""
        return self._went.get(now, date.min) >= change.date

    def follow(self) -> None:
        """Nothing hangs on a unit that ended, whenever its change was entered."""
        for ended in self._after:
            unit = self.effects.successors[ended] = _successor(ended, self._after)
            for site in self.state.sites_of(ended) if unit else ():
                self.state.move(site, unit or "")
            for below in self.state.below(ended):
                if below not in self._after:
                    self.state.put(replace(self.state.units[below], parent=unit))


def _successor(unit: str, after: Mapping[str, str | None]) -> str | None:
    """The unit that stands in its place; of a circle any."""
    now: str | None = unit
    for _ in range(len(after)):
        if now is None or now not in after:
            break
        now = after[now]
    return now


def _with_fact(unit: Unit, fact: str, value: str) -> Unit:
    if fact == "name":
        return replace(unit, name=value)
    return replace(unit, code=value) if fact == "code" else replace(unit, parent=value)


def _with_old(change: UnitChange, fact: str, value: str | None) -> UnitChange:
    if fact == "name":
        return replace(change, old_name=value)
    return replace(change, old_code=value) if fact == "code" else replace(change, old_parent=value)
