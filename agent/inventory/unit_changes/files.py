"""The files of a configuration as changes of units make them: YAML value by value, sheets as YAML, one of changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.inventory.document.parts import Parts
from agent.inventory.findings import FilePosition, Finding, Located, Trail
from agent.inventory.importing.current_rows import KINDS, CurrentRow, as_written
from agent.inventory.importing.lists import CurrentConfiguration, written_to
from agent.inventory.schema.rows import Unit
from agent.inventory.schema.unit_changes import UnitChange
from agent.inventory.sheets.columns import plain
from agent.inventory.sheets.tables import TableSource
from agent.inventory.sources.files import Files
from agent.inventory.sources.yaml_edits import YamlValue, edited_yaml
from agent.inventory.sources.yaml_source import YamlSource
from agent.inventory.sources.yaml_writer import as_yaml
from agent.inventory.unit_changes.effects import ChangeEffects, UnitState

_FACTS = ("name", "code", "parent")


@dataclass(slots=True)
class WrittenReferences:
    """How sheets call units, before names became ids: by site and by unit whose parent is called so."""

    sites: dict[str, str]
    parents: dict[str, str]


@dataclass(slots=True)
class ChangedFiles:
    """texts: of files; retired: by sheet, the file that takes its rows; findings: what cannot be written."""

    texts: dict[Path, str] = field(default_factory=dict)
    retired: dict[Path, Path] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def references(parts: Parts) -> WrittenReferences:
    """Ask before names are resolved."""
    return WrittenReferences(
        {entry.value.id: entry.value.row.unit for entry in parts.sites},
        {entry.value.id: entry.value.parent or "" for entry in parts.units},
    )


def changed_files(
    parts: Parts, written: WrittenReferences, present: CurrentConfiguration, done: ChangeEffects
) -> ChangedFiles:
    """Every file in which something stands otherwise after the changes."""
    files, after = ChangedFiles(), done.state
    edits: dict[Path, dict[Trail, YamlValue]] = defaultdict(dict)
    sheets: dict[Path, None] = {}
    touched = _touched_names(parts, after)
    for unit in parts.units:
        new = after.units[unit.value.id]
        said = {key: getattr(new, key) for key in _FACTS if getattr(new, key) != getattr(unit.value, key)}
        _note(unit, said, edits, sheets, named=_is_named(written.parents[unit.value.id], unit.value.parent, touched))
    for site in parts.sites:
        row, unit_now = site.value.row, after.sites[site.value.id]
        said = {"unit": unit_now} if unit_now != row.unit else {}
        _note(site, said, edits, sheets, named=_is_named(written.sites[row.id], row.unit, touched))
    successor = done.successors.get(present.defaults.get("unit", ""))
    if successor is not None:
        edits[present.main]["defaults", "unit"] = successor
    for path in sheets:
        files.retired[path] = written_to(present, path)
        files.texts[files.retired[path]] = _sheet_as_yaml(path, present, after)
    for path, values in edits.items():
        _edit(path, values, files)
    return files


def _is_named(written: str, identity: str | None, touched: frozenset[str]) -> bool:
    """Whether a sheet calls the unit by a name that will not do any more."""
    return written != (identity or "") and plain(written) in touched


def _touched_names(parts: Parts, after: UnitState) -> frozenset[str]:
    """Names that mean something else, or nothing, once the changes are in force."""
    before = {entry.value.id: entry.value for entry in parts.units}
    changed = {unit for unit, row in before.items() if after.units[unit].name != row.name}
    new = {plain(row.name) for unit, row in after.units.items() if unit not in before or unit in changed}
    return frozenset(new | {plain(before[unit].name) for unit in changed})


def _note(
    entry: Located[Any],
    said: Mapping[str, YamlValue],
    edits: dict[Path, dict[Trail, YamlValue]],
    sheets: dict[Path, None],
    *,
    named: bool,
) -> None:
    if isinstance(entry.source, YamlSource):
        edits_of = edits[Path(entry.source.file)] if said else {}
        edits_of.update({(*entry.trail, key): value for key, value in said.items()})
    elif isinstance(entry.source, TableSource) and (said or named):
        sheets[Path(entry.source.file)] = None


def _sheet_as_yaml(path: Path, present: CurrentConfiguration, after: UnitState) -> str:
    """All rows of a sheet as YAML, as an import would write them, with what changes."""
    rows: dict[str, list[Mapping[str, object]]] = {kind: [] for kind in KINDS}
    for kind in KINDS:
        for current in present.rows[kind]:
            if current.file == path:
                new = dict(current_row_after(kind, current, after))
                rows[kind].append(as_written(new, present.defaults) if kind == "sites" else new)
    return "".join(as_yaml(kind, rows[kind]) for kind in KINDS if rows[kind])


def current_row_after(kind: str, current: CurrentRow, after: UnitState) -> dict[str, str]:
    """The row with what the changes make of it."""
    identity = current.row["id"]
    if kind == "sites":
        return {**current.row, "unit": after.sites[identity]}
    if kind != "units":
        return dict(current.row)
    facts = {key: getattr(after.units[identity], key) for key in _FACTS}
    return {key: value for key, value in {**current.row, **facts}.items() if value}


def _edit(path: Path, values: Mapping[Trail, YamlValue], files: ChangedFiles) -> None:
    data = Files().read(path)
    if isinstance(data, Finding):
        files.findings.append(data)
        return
    text = edited_yaml(data, values)
    if text is not None:
        files.texts[path] = text
        return
    for trail, value in values.items():
        place = FilePosition(str(path), path="".join(f".{step}" for step in trail).lstrip("."))
        files.findings.append(Finding(place, "yaml_not_editable", {"value": value or "null"}))


def change_file(founded: Sequence[Unit], changes: Iterable[UnitChange]) -> str:
    """An included file with new units, and changes one a line."""
    units = [
        {key: value for key in ("id", "name", "level", *_FACTS[1:]) if (value := getattr(unit, key))}
        for unit in founded
    ]
    rows = [_as_row(change) for change in changes]
    return (as_yaml("units", units) if units else "") + as_yaml("unit_changes", rows)


def _as_row(change: UnitChange) -> dict[str, object]:
    said = ((key, getattr(change, key)) for key in UnitChange.__dataclass_fields__)
    row: dict[str, object] = {key: value for key, value in said if value not in (None, (), False)}
    return {**row, "date": change.date.isoformat()}
