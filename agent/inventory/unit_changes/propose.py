"""Changes of units out of a sheet: proposed first, refused if the whole would not validate, then written."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.explain.environment import environment_language
from agent.inventory.document.names import names_of, resolve_names
from agent.inventory.document.parts import Parts, Registry
from agent.inventory.document.sections import read_parts, site_defaults
from agent.inventory.expand import paths_by_site
from agent.inventory.findings import MAX_FINDINGS, FilePosition, Finding, TooManyError, faults_in, listed
from agent.inventory.importing.changes import difference
from agent.inventory.importing.current_rows import current_rows
from agent.inventory.importing.lists import CurrentConfiguration, free_path
from agent.inventory.importing.proposal import ImportProposal, target_for
from agent.inventory.importing.remarks import Remark
from agent.inventory.load import config_error, examine
from agent.inventory.schema.rows import Unit
from agent.inventory.schema.unit_changes import UnitChange
from agent.inventory.sources.files import Files
from agent.inventory.sources.yaml_writer import Row
from agent.inventory.unit_changes.effects import ChangeEffects, UnitState, effects
from agent.inventory.unit_changes.files import (
    ChangedFiles,
    WrittenReferences,
    change_file,
    changed_files,
    current_row_after,
    references,
)
from agent.inventory.unit_changes.register import UnitRegister
from agent.inventory.unit_changes.resolve import KnownNames, ResolvedSheet, resolve, sites_by_name
from agent.inventory.unit_changes.sheet import ChangeSheet, read_change_sheet

_ROW = re.compile(r"(unit_changes|units)\[([0-9]+)\](?:\.([a-z_]+))?")
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class UnitChangeProposal:
    """What would be written, the changes that are new, and how many of the sheet were recorded already."""

    files: ImportProposal
    changes: tuple[UnitChange, ...]
    repeated: int

    def __bool__(self) -> bool:
        return bool(self.files.files)


def propose_changes(
    config: Path, file: Path, registry: Registry, now_ms: int, language: str | None = None
) -> UnitChangeProposal:
    """Raises ConfigError with every fault: in the sheet by its cells, else where it stands."""
    parts = read_parts(Files(), config, registry)
    words = language or parts.language or environment_language()
    if parts.main is None or parts.findings:
        raise config_error(parts.findings[:MAX_FINDINGS], words)
    written = references(parts)
    resolve_names(parts)
    sheet, resolved = _read(parts, file, words)
    done = effects(_state(parts, resolved), parts.unit_changes, resolved.changes)
    _refuse(done.findings, words)
    zone = ZoneInfo(parts.organisation.timezone if parts.organisation else "UTC")
    today = datetime.fromtimestamp(now_ms / 1000, zone).date()
    return _Proposal(config, file, parts, written, resolved, done, words).made(registry, sheet, today)


def _read(parts: Parts, file: Path, words: str) -> tuple[ChangeSheet, ResolvedSheet]:
    """The sheet with its units and sites known by id."""
    sheet, resolved = ChangeSheet(), ResolvedSheet()
    units = {entry.value.id: entry.value for entry in parts.units}
    recorded = [entry.value for entry in parts.unit_changes]
    founded = frozenset(change.into for change in recorded if change.founds and change.into)
    names = KnownNames(
        names_of((entry.value for entry in parts.levels), ()),
        sites_by_name((entry.value.id, entry.value.row.name) for entry in parts.sites),
        units,
        founded,
    )
    with suppress(TooManyError):
        read_change_sheet(file, sheet)
        if not sheet.findings:
            resolve(sheet.rows, UnitRegister(units.values(), recorded), names, resolved)
    _refuse([*sheet.findings, *resolved.findings], words)
    return sheet, resolved


def _refuse(findings: Sequence[Finding], words: str) -> None:
    """ConfigError, if there is anything wrong; in the order of the file."""
    if findings:
        ordered = sorted(findings, key=lambda one: (one.place.file, one.place.sheet, one.place.line, one.place.column))
        raise config_error(ordered[:MAX_FINDINGS], words)


def _state(parts: Parts, resolved: ResolvedSheet) -> UnitState:
    units = {entry.value.id: entry.value for entry in parts.units}
    units |= {identity: unit for identity, (unit, _) in resolved.founded.items()}
    return UnitState(units, {entry.value.id: entry.value.row.unit for entry in parts.sites})


@dataclass(frozen=True, slots=True)
class _Proposal:
    config: Path
    file: Path
    parts: Parts
    written: WrittenReferences
    resolved: ResolvedSheet
    done: ChangeEffects
    words: str

    def made(self, registry: Registry, sheet: ChangeSheet, today: date) -> UnitChangeProposal:
        rows = current_rows(self.parts)
        present = CurrentConfiguration(self.config, rows, self.words, site_defaults(self.parts))
        files = changed_files(self.parts, self.written, present, self.done)
        _refuse(files.findings, self.words)
        texts = self._texts(files)
        changes = tuple(entry.value for entry in self.done.changes)
        overlay = {path: text.encode() for path, text in texts.items()}
        after, drafts, findings = examine(self.config, registry, Files(overlay, frozenset(files.retired)))
        _refuse(
            [dataclasses.replace(finding, place=self._moved(finding.place, texts)) for finding in findings], self.words
        )
        before: dict[str, list[Row]] = {kind: [row.row for row in rows[kind]] for kind in ("units", "sites")}
        now: dict[str, list[Row]] = {
            kind: [current_row_after(kind, row, self.done.state) for row in rows[kind]] for kind in before
        }
        now["units"] += [self._founded_row(unit) for unit in self._founded]
        proposal = ImportProposal(
            texts,
            {kind: difference(before[kind], now[kind]) for kind in before},
            self.words,
            retired=tuple(files.retired),
            remarks=tuple(self._remarks(files, after, today)),
            notes=faults_in(sheet.notes, self.file, self.words),
            sites=len(after.sites),
            targets=len(drafts),
            listen=after.listen,
        )
        return UnitChangeProposal(proposal, changes, self.done.repeated)

    @property
    def _founded(self) -> list[Unit]:
        return [self.done.state.units[identity] for identity in self.resolved.founded]

    def _founded_row(self, unit: Unit) -> Row:
        said = {key: getattr(unit, key) for key in ("id", "name", "level", "parent", "code")}
        return {key: value for key, value in said.items() if value}

    def _texts(self, files: ChangedFiles) -> Mapping[Path, str]:
        """The changes first: who applies them again after a crash finishes what was begun."""
        if not self.done.changes:
            return files.texts
        path = free_path(target_for(self.config, self.file, self.words))
        return {path: change_file(self._founded, (entry.value for entry in self.done.changes)), **files.texts}

    def _moved(self, place: FilePosition, texts: Mapping[Path, str]) -> FilePosition:
        """From a place in the file of changes to the cell that it comes from."""
        match = _ROW.match(place.path)
        if not self.done.changes or match is None or place.file != str(next(iter(texts))):
            return place
        index, key = int(match[2]), match[3] or ""
        if match[1] == "units":
            _, cells = list(self.resolved.founded.values())[index]
            return cells.at({"name": "into"}.get(key, key))
        entry = self.done.changes[index]
        return entry.at(key) if key in getattr(entry.source, "headers", {}) else entry.at()

    def _remarks(self, files: ChangedFiles, after: Parts, today: date) -> Iterator[Remark]:
        for unit in self._founded:
            yield Remark("unit_founded", {"name": unit.name, "id": unit.id})
        days = [entry.value.date for entry in self.done.changes]
        late, ahead = sum(day < today for day in days), sum(day > today for day in days)
        if late:
            yield Remark("units_late", {"count": str(late)})
        if ahead:
            yield Remark("units_ahead", {"count": str(ahead)})
        yield from _scopes(self.parts, after)
        for path, target in files.retired.items():
            yield Remark("retired", {"file": path.name, "new": target.name})


def _scopes(before: Parts, after: Parts) -> Iterator[Remark]:
    """Paths that go by units: what lies behind them now, and what no longer does."""
    was, now = _by_path(before), _by_path(after)
    for path, sites in was.items():
        more, less = now.get(path, set()) - sites, sites - now.get(path, set())
        if more or less:
            yield Remark("path_scope", {"path": path, "more": _some(more), "less": _some(less)})


def _by_path(parts: Parts) -> dict[str, set[str]]:
    paths: dict[str, set[str]] = {entry.value.id: set() for entry in parts.paths}
    for site, ids in paths_by_site(parts).items():
        for path in ids:
            paths[path].add(site)
    return paths


def _some(sites: set[str]) -> str:
    named = listed(sorted(sites)[:_MOST_NAMED]) or "-"
    return named if len(sites) <= _MOST_NAMED else f"{named}, ... ({len(sites)})"
