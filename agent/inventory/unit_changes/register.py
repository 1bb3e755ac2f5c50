"""Who is called what: units by id, name, former name or code, told apart by when they exist. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from agent.inventory.schema.rows import Unit
from agent.inventory.schema.unit_changes import UnitChange
from agent.inventory.sheets.columns import plain
from agent.inventory.sheets.unit_names import split_kind

_EXACT, _KIND, _BARE = range(3)


class UnitRegister:
    """Units as they are, as changes called them before, and as those call them that are being read."""

    def __init__(self, units: Iterable[Unit], changes: Iterable[UnitChange]) -> None:
        self.ids: set[str] = set()
        self._names: dict[tuple[int, bool, str], set[str]] = defaultdict(set)
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._starts: dict[str, date] = {}
        self._ends: dict[str, date] = {}
        for unit in units:
            self.add(unit.id, unit.name, unit.code)
        for change in changes:
            self.know(change)

    def add(self, unit: str, name: str, code: str | None = None, *, former: bool = False) -> None:
        """A unit under this name; former: one that it had, or is about to have."""
        self.ids.add(unit)
        kind, bare = split_kind(plain(name))
        self._names[_EXACT, former, plain(name)].add(unit)
        self._names[_KIND, former, f"{kind} {bare}".strip()].add(unit)
        if not bare.isdecimal():  # of the many a town has, 1 is no name
            self._names[_BARE, former, bare].add(unit)
        if code:
            self._codes[code].add(unit)

    def know(self, change: UnitChange) -> None:
        """What a recorded change says of names and of beginning and end."""
        for name in (change.old_name, change.name):
            if name and change.renamed in self.ids:
                self.add(change.renamed, name, former=True)
        for code in (change.old_code, change.code):
            if code and change.renamed in self.ids:
                self._codes[code].add(change.renamed)
        if change.ends:
            self.end(change.unit, change.date)
        if change.founds and change.into:
            self.found(change.into, change.date)

    def found(self, unit: str, day: date) -> None:
        """The unit is there from that day on."""
        self._starts.setdefault(unit, day)

    def end(self, unit: str, day: date) -> None:
        """The unit is no more from that day on."""
        self._ends.setdefault(unit, day)

    def founded_on(self, unit: str, day: date) -> bool:
        """Whether a change founds it on that day."""
        return self._starts.get(unit) == day

    def there_on(self, unit: str, day: date) -> bool:
        """Whether the unit exists from that day on."""
        return self._start(unit) <= day < self._end(unit)

    def before(self, text: str, day: date) -> set[str]:
        """The units that may be meant by who speaks of the time until that day."""
        return self._meant_of(text, lambda unit: self._start(unit) < day <= self._end(unit))

    def after(self, text: str, day: date) -> set[str]:
        """The units that may be meant by who speaks of the time from that day on."""
        return self._meant_of(text, lambda unit: self.there_on(unit, day))

    def _meant_of(self, text: str, exists: Callable[[str], bool]) -> set[str]:
        called = self._called(text)
        return ({unit for unit in called if exists(unit)} or called) if len(called) > 1 else called

    def _start(self, unit: str) -> date:
        return self._starts.get(unit, date.min)

    def _end(self, unit: str) -> date:
        return self._ends.get(unit, date.max)

    def _called(self, text: str) -> set[str]:
        if text in self.ids:
            return {text}
        kind, bare = split_kind(plain(text))
        kinds = ((_EXACT, plain(text)), (_KIND, f"{kind} {bare}" if kind else ""), (_BARE, "" if kind else bare))
        for form, name in kinds:
            for former in (False, True):
                if name and (units := self._names.get((form, former, name))):
                    return set(units)
        return set(self._codes.get(text, ()))
