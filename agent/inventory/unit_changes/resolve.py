"""The rows of a sheet as changes: names become ids, units that a change founds come into being. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.inventory.checks.unit_changes import unit_change_itself
from agent.inventory.document.names import Names
from agent.inventory.document.parts import validated
from agent.inventory.findings import Finding, Findings, Located, listed, unknown, unknown_reference
from agent.inventory.schema.rows import Unit
from agent.inventory.schema.unit_changes import ENDING, UnitChange
from agent.inventory.sheets.columns import plain, slug
from agent.inventory.unit_changes.register import UnitRegister
from agent.inventory.unit_changes.sheet import ChangeCells

_FACTS = ("name", "code", "parent")
_NONE_MEANT = frozenset(("", "khong", "khong co", "none", "n a"))


@dataclass(slots=True)
class ResolvedSheet:
    """The changes in the order of their dates, each with its cells; the units that they found, by id, with theirs."""

    changes: list[Located[UnitChange]] = field(default_factory=list)
    founded: dict[str, tuple[Unit, ChangeCells]] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What cells may speak of: levels by name, sites by name and id, units; founded: by changes that are recorded."""

    levels: Names
    sites: Mapping[str, str]
    units: Mapping[str, Unit]
    founded: frozenset[str]


def resolve(rows: Sequence[ChangeCells], register: UnitRegister, known: KnownNames, sheet: ResolvedSheet) -> None:
    """Add to the sheet. TooManyError after the last finding that anybody reads."""
    reader = _SheetResolver(register, known, sheet)
    ordered = sorted(rows, key=lambda cells: (cells.day, cells.kind in ENDING))  # of one day, what ends comes last
    for cells in ordered:  # what ends is known before the names of what begins are looked up
        if cells.kind in ENDING and len(units := register.before(cells.unit, cells.day)) == 1:
            register.end(next(iter(units)), cells.day)
    for cells in ordered:
        reader.found(cells)
        reader.rename(cells)
    for cells in ordered:
        reader.change(cells)


@dataclass(slots=True)
class _SheetResolver:
    register: UnitRegister
    known: KnownNames
    sheet: ResolvedSheet

    def rename(self, cells: ChangeCells) -> None:
        """Later rows may call the unit by its new name."""
        name = cells.cells.get("name")
        if name and cells.kind == "rename" and len(units := self.register.before(cells.unit, cells.day)) == 1:
            self.register.add(next(iter(units)), name, former=True)

    def found(self, cells: ChangeCells) -> None:
        """The unit of the column *into*, where the row says that it is new and nothing of that name is there yet."""
        text = cells.cells.get("into", "")
        if not (cells.founds and text):
            return
        units = self._into(cells)
        unit = next(iter(units)) if len(units) == 1 else ""
        if unit and self.register.there_on(unit, cells.day):
            self.register.found(unit, cells.day)
        elif unit or not units:  # of that name there is none, or an old one that ends while the new one begins
            self._create(cells, text)

    def _into(self, cells: ChangeCells) -> set[str]:
        """The units that may be meant by where a change goes; never the changed one itself, if there is another."""
        units = self.register.after(cells.cells.get("into", ""), cells.day)
        own = self.register.before(cells.unit, cells.day)
        return (units - own) or units

    def _create(self, cells: ChangeCells, text: str) -> None:
        identity = self._free_id(text, cells)
        before = self.register.before(cells.unit, cells.day)
        source = self.known.units.get(next(iter(before))) if len(before) == 1 else None
        level = self.known.levels.level(cells.cells.get("level", "")) if cells.cells.get("level") else ""
        said = {"id": identity, "name": text, "level": level or (source.level if source else "")}
        code = cells.cells.get("code")
        parent = source.parent if source else None
        data = said | ({"code": code} if code else {}) | ({"parent": parent} if parent else {})
        findings: list[Finding] = []
        unit = validated(Unit, cells.source, (cells.index,), data, findings)
        if unit is None or findings:
            self.sheet.findings.extend(Finding(cells.at("into"), one.message, one.values) for one in findings)
            return
        self.register.add(identity, text, code)
        self.register.found(identity, cells.day)
        self.sheet.founded[identity] = (unit, cells)

    def _free_id(self, text: str, cells: ChangeCells) -> str:
        """Of its name; where another has or had that, with the year."""
        base = slug(text) or "unit"
        if base not in self.register.ids:
            return base
        tries = (f"{base}-{cells.day.year}{extra}" for extra in ("", *(f"-{number}" for number in range(2, 1000))))
        return next(identity for identity in tries if identity not in self.register.ids)

    def change(self, cells: ChangeCells) -> None:
        """The row as a change, or what is wrong with it."""
        before = len(self.sheet.findings)
        data: dict[str, object] = {
            "kind": cells.kind,
            "date": cells.day.isoformat(),
            "document": cells.cells.get("document", ""),
            "unit": self._one(cells, "unit", cells.unit, self.register.before(cells.unit, cells.day)),
        }
        text = cells.cells.get("into", "")
        if plain(text) not in _NONE_MEANT:
            data["into"] = self._one(cells, "into", text, self._into(cells))
        data |= self._facts(cells, str(data.get("into", "")))
        data |= {key: ids for key in ("sites", "subunits") if (ids := list(self._several(cells, key)))}
        if cells.founds and text:
            data["founds"] = True
        if len(self.sheet.findings) > before:
            return
        findings: list[Finding] = []
        change = validated(UnitChange, cells.source, (cells.index,), data, findings)
        if change is not None and not findings:
            located = Located(cells.source, (cells.index,), change)
            findings += unit_change_itself(located)
            self.sheet.changes.append(located)
        self.sheet.findings.extend(findings)

    def _facts(self, cells: ChangeCells, into: str) -> Iterator[tuple[str, object]]:
        """New and old name, code and parent. Those of a unit that is founded are its own, and no change of it."""
        is_new = cells.founds and self.register.founded_on(into, cells.day)
        for fact in _FACTS:
            for key in (fact, f"old_{fact}"):
                text = cells.cells.get(key, "")
                if not text or plain(text) in _NONE_MEANT:
                    continue
                value: str = text
                if fact == "parent":
                    lookup = self.register.after if key == fact else self.register.before
                    value = self._one(cells, key, text, lookup(text, cells.day))
                if is_new and key == fact:
                    self._founded_with(cells, into, fact, value)
                elif not is_new:
                    yield key, value

    def _founded_with(self, cells: ChangeCells, into: str, fact: str, value: str) -> None:
        """A fact of a new unit. One that stands in the configuration already, without a change, must say the same."""
        if into in self.sheet.founded:
            unit, origin = self.sheet.founded[into]
            self.sheet.founded[into] = (_with(unit, fact, value), origin)
        elif into not in self.known.founded and (there := getattr(self.known.units[into], fact)) != value:
            values = {"value": into, "key": cells.source.headers[fact][1], "before": str(there or "-")}
            self.sheet.findings.append(Finding(cells.at(fact), "unit_founded_otherwise", values))

    def _one(self, cells: ChangeCells, key: str, text: str, units: set[str]) -> str:
        """The unit's id; a finding where none is called so, or more than one."""
        if len(units) == 1:
            return next(iter(units))
        place = cells.at(key)
        if units:
            values = {"value": text[:100], "choices": listed(units)}
            self.sheet.findings.append(Finding(place, "ambiguous_reference", values))
        elif key == "into":
            names = [unit.name for unit in self.known.units.values()]
            self.sheet.findings.append(unknown(place, "unit_not_founded", {"value": text[:100]}, text, names))
        else:
            self.sheet.findings.append(unknown_reference(place, "unit", text[:100], self.register.ids))
        return ""

    def _several(self, cells: ChangeCells, key: str) -> Iterator[str]:
        """The ids of sites or units that a cell lists, with ; or , between."""
        text = cells.cells.get(key, "")
        if plain(text) in _NONE_MEANT:
            return
        for part in _parts(text):
            if key == "subunits":
                yield self._one(cells, key, part, self.register.before(part, cells.day))
            elif site := self.known.sites.get(part) or self.known.sites.get(plain(part)):
                yield site
            else:
                self.sheet.findings.append(unknown_reference(cells.at(key), "site", part[:100], _ids(self.known.sites)))


def _parts(text: str) -> list[str]:
    separator = ";" if ";" in text else ","
    return [part for piece in text.split(separator) if (part := piece.strip())]


def _ids(sites: Mapping[str, str]) -> Iterable[str]:
    return dict.fromkeys(sites.values())


def sites_by_name(sites: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Ids by id and by plain name; a name that two share stands for neither."""
    by_name: dict[str, set[str]] = {}
    ids: dict[str, str] = {}
    for identity, name in sites:
        ids[identity] = identity
        by_name.setdefault(plain(name), set()).add(identity)
    return {name: next(iter(found)) for name, found in by_name.items() if len(found) == 1} | ids


def _with(unit: Unit, fact: str, value: str) -> Unit:
    if fact == "name":
        return replace(unit, name=value)
    return replace(unit, parent=value) if fact == "parent" else replace(unit, code=value)
