"""Units, contacts and sites as cells of a sheet: those that the configuration has, and how a sheet's own compare."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.inventory.document.parts import Parts, SitePart, validated
from agent.inventory.document.validation import keys_of
from agent.inventory.findings import FilePosition, Finding, Located
from agent.inventory.schema.rows import TIMING_KEYS, Contact, SiteRow, Unit
from agent.inventory.sheets.contacts import phone
from agent.inventory.sheets.fact_cells import FACTS, text_of_facts
from agent.inventory.sheets.tables import TableSource
from agent.inventory.sources.yaml_writer import Row

KINDS = ("units", "contacts", "sites")
SITE_KEYS = keys_of(SiteRow)
_NO_ADDRESS = {*SITE_KEYS, "phone", "email"}
_MODELS: Mapping[str, type[Any]] = {"units": Unit, "contacts": Contact, "sites": SiteRow}
_NOWHERE = TableSource("", "", "sites", (), (), 0, {})


@dataclass(frozen=True, slots=True)
class CurrentRow:
    """A row that the configuration has, every value as text, and where it stands."""

    row: Row
    place: FilePosition

    @property
    def file(self) -> Path:
        return Path(self.place.file)


def current_rows(parts: Parts) -> dict[str, list[CurrentRow]]:
    """All rows of each kind, in file order. What a row does not say, or says as it would be anyway, is not in it."""
    kinds: Mapping[str, tuple[list[Any], Callable[[Any], dict[str, str]]]] = {
        "units": (parts.units, _cells),
        "contacts": (parts.contacts, _cells),
        "sites": (parts.sites, _site_cells),
    }
    return {kind: [_current_row(entry, cells) for entry in entries] for kind, (entries, cells) in kinds.items()}


def _current_row(entry: Located[Any], cells: Callable[[Any], dict[str, str]]) -> CurrentRow:
    return CurrentRow(cells(entry.value), entry.at())


def normalised_row(kind: str, row: Row) -> dict[str, str]:
    """The row of a sheet with each value as ``current_rows`` has it; one that is faulty stays as it is written."""
    own = {key: value for key, value in row.items() if kind != "sites" or key in SITE_KEYS}
    findings: list[Finding] = []
    value = validated(_MODELS[kind], _NOWHERE, (), own, findings)
    if value is None or findings:
        return dict(row)
    columns = {key: text.strip() for key, text in row.items() if key not in own and text.strip()}
    return _site_cells(SitePart(value, columns)) if kind == "sites" else _cells(value)


def _site_cells(part: SitePart) -> dict[str, str]:
    return {**_cells(part.row), **part.columns}


def _cells(row: Any) -> dict[str, str]:
    fields = dataclasses.fields(row)
    values = {field.name: (getattr(row, field.name), field.default) for field in fields}
    said = {key: value for key, (value, default) in values.items() if value not in (None, default, {})}
    return {key: _text(key, value) for key, value in said.items()}


def _text(key: str, value: Any) -> str:
    if key == "location":
        return "; ".join(_number(part) for part in value)
    if key == "ports":
        return "; ".join(f"{port} = {name}" for port, name in value.items())
    if key == FACTS:
        return text_of_facts(value)
    return f"{_number(value)}s" if key in TIMING_KEYS and isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """Read back it is the same number."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def same_text(key: str, old: str, new: str) -> bool:
    """Whether a cell that would read ``new`` may be just how a sheet gives back ``old``."""
    given = " ".join(old.split())
    given = phone(given) if key == "phone" else f"0{given}" if key == "code" and len(given) == 4 else given
    return " ".join(new.split()) == given


def as_written(row: Row, defaults: Row) -> Row:
    """The row of a site without what it has by default."""
    explicit = {**row, "calendar": row.get("calendar", "always")} if "calendar" in defaults else row
    return {key: value for key, value in explicit.items() if defaults.get(key) != value}


def addresses(row: Row) -> dict[str, str]:
    """The addresses of a site, by column."""
    return {key: value for key, value in row.items() if key not in _NO_ADDRESS}
