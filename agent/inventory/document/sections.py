"""From the raw documents of all files to validated parts: every section of DESIGN's inventory, in file order."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from agent.inventory.document.calendar_section import read_calendars
from agent.inventory.document.modules import read_module
from agent.inventory.document.parts import (
    Parts,
    ProfileRow,
    Registry,
    SitePart,
    mappings,
    named,
    read_within,
    validated,
)
from agent.inventory.document.validation import keys_of
from agent.inventory.findings import FilePosition, Finding, Located, SourceFile, TooManyError, Trail, missing, unknown
from agent.inventory.schema.agent_sections import PageRow, ProbeEndpointRow, ScoringRow, StorageRow, TrapsRow
from agent.inventory.schema.notify import Base, Notify, faults
from agent.inventory.schema.rows import (
    CheckRow,
    Contact,
    DefaultsRow,
    LevelRow,
    OrganisationRow,
    PathRow,
    SiteRow,
    TargetRow,
    Unit,
)
from agent.inventory.schema.types import Listen, is_module_name, is_word
from agent.inventory.schema.unit_changes import UnitChange
from agent.inventory.sheets.columns import ADDRESS_COLUMNS, slug
from agent.inventory.sheets.contacts import AddressBook, contact_row
from agent.inventory.sheets.tables import TableSource, interpret
from agent.inventory.sources.files import YAML_ENDINGS, Files, included, read_sheets
from agent.inventory.sources.yaml_source import YamlSource
from agent.model import Role
from agent.probes.declared import ASKING_DEVICES
from agent.text import Text

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
FRAGMENT = ("modules", "profiles", "units", "unit_changes", "sites", "targets", "paths", "contacts")
SECTIONS = (
    "organisation",
    "levels",
    "defaults",
    "calendars",
    *FRAGMENT,
    "include",
    "listen",
    "storage",
    "probe_endpoint",
    "page",
    "traps",
    "scoring",
    "notify",
    "runbooks",
    "grafana",
)
_SITE_KEYS = keys_of(SiteRow)
_COMPARED = 100  # columns, to find the one that was meant
_REQUIRED = {"sites": ("name", "unit"), "units": ("name", "level"), "contacts": ("name",)}

Documents = list[tuple[YamlSource, dict[str, Any]]]


def read_parts(files: Files, main: Path, registry: Registry) -> Parts:
    """Read the main file and all it includes, validated part by part, until MAX_FINDINGS are reached."""
    parts = Parts()
    with suppress(TooManyError):
        _read(parts, files, main, registry)
    return parts


def _read(parts: Parts, files: Files, main: Path, registry: Registry) -> None:
    documents, tables = _documents(parts, files, main)
    parts.main = documents[0][0] if documents else None
    parts.columns = columns = frozenset(ADDRESS_COLUMNS) | _used_columns(documents)
    parts.asking_modules = frozenset(_asking_modules(documents))
    for number, (source, data) in enumerate(documents):
        _top_keys(parts, source, data, fragment=number > 0)
        if number == 0:
            _settings(parts, source, data)
            read_calendars(parts, files, source, data.get("calendars"))
        _sections(parts, source, data, registry, columns)
    sources = [source for path in tables for source in _tables(parts, files, path, columns)]
    _contact_rows(parts, [source for source in sources if source.kind == "contacts"])
    _table_rows(parts, [source for source in sources if source.kind != "contacts"], columns)


def _documents(parts: Parts, files: Files, main: Path) -> tuple[Documents, list[Path]]:
    """All YAML documents, the main one first, and the paths of the tables."""
    documents: Documents = []
    tables: list[Path] = []
    _document(parts, documents, files, main)
    if not documents:
        return documents, tables
    for path, finding in included(files, documents[0][0]):
        if finding is not None:
            parts.findings.append(finding)
        elif path.suffix.lower() in YAML_ENDINGS:
            _document(parts, documents, files, path)
        else:
            tables.append(path)
    return documents, tables


def _document(parts: Parts, documents: Documents, files: Files, path: Path) -> None:
    source = read_within(parts, files, path)
    if source is None:
        return
    data = source.data()
    if isinstance(data, dict):
        documents.append((source, data))
    else:
        parts.findings.append(Finding(source.place(()), "not_mapping"))


def _used_columns(documents: Documents) -> frozenset[str]:
    """The columns that profiles name in braces."""
    profiles = [data.get("profiles") for _, data in documents]
    return frozenset(PLACEHOLDER.findall(repr([profile for profile in profiles if profile])))


def _asking_modules(documents: Documents) -> Iterator[str]:
    """The modules that ask devices about themselves, before any of them is read: a later file may have them."""
    for _, data in documents:
        modules = data.get("modules")
        for name, module in modules.items() if isinstance(modules, dict) else ():
            if isinstance(module, dict) and str(module.get("probe")) in ASKING_DEVICES:
                yield str(name)


def _top_keys(parts: Parts, source: YamlSource, data: Mapping[str, Any], *, fragment: bool) -> None:
    for key in data:
        place = source.place((key,), key=True)
        if key not in SECTIONS:
            parts.findings.append(unknown(place, "unknown_key", {"key": key}, key, FRAGMENT if fragment else SECTIONS))
        elif fragment and key not in FRAGMENT:
            parts.findings.append(Finding(place, "fragment_key", {"key": key}))


def _settings(parts: Parts, source: YamlSource, data: Mapping[str, Any]) -> None:
    """The sections that stand in the main file only."""
    findings = parts.findings
    if "organisation" not in data:
        findings.append(missing(source, (), "organisation"))
    else:
        at: Trail = ("organisation",)
        language = data["organisation"].get("language") if isinstance(data["organisation"], dict) else None
        parts.language = language if language in Text._fields else None
        parts.organisation = validated(OrganisationRow, source, at, data["organisation"], findings)
    if data.get("defaults") is not None:
        parts.defaults = validated(DefaultsRow, source, ("defaults",), data["defaults"], findings) or parts.defaults
    if data.get("storage") is not None:
        parts.storage = validated(StorageRow, source, ("storage",), data["storage"], findings) or parts.storage
    if data.get("listen") is not None:
        parts.listen = validated(Listen, source, ("listen",), data["listen"], findings) or parts.listen
    if data.get("probe_endpoint") is not None:
        row = validated(ProbeEndpointRow, source, ("probe_endpoint",), data["probe_endpoint"], findings)
        parts.probe_endpoint = row or parts.probe_endpoint
    if data.get("page") is not None:
        parts.page = validated(PageRow, source, ("page",), data["page"], findings) or parts.page
    if data.get("traps") is not None:
        parts.traps = validated(TrapsRow, source, ("traps",), data["traps"], findings)
    if data.get("scoring") is not None:
        parts.scoring = validated(ScoringRow, source, ("scoring",), data["scoring"], findings) or parts.scoring
    _notify(parts, source, data)
    if data.get("include") is not None:
        validated(tuple[str, ...], source, ("include",), data["include"], findings)
    for trail, item in mappings(parts, source, ("levels",), data.get("levels")):
        _add(parts, ("level", parts.levels, LevelRow), Located(source, trail, item))


def _notify(parts: Parts, source: YamlSource, data: Mapping[str, Any]) -> None:
    """The sections `notify`, `runbooks` and `grafana`."""
    findings = parts.findings
    at: Trail = ("notify",)
    before = len(findings)
    if data.get("notify") is not None:
        parts.notify = validated(Notify, source, at, data["notify"], findings)
    if parts.notify is not None and len(findings) == before:
        findings.extend(
            Finding(source.place((*at, *keys)), kind, values) for keys, kind, values in faults(parts.notify)
        )
    if data.get("runbooks") is not None:
        parts.runbooks = validated(Base, source, ("runbooks",), data["runbooks"], findings) or ""
    if data.get("grafana") is not None:
        parts.grafana = validated(Base, source, ("grafana",), data["grafana"], findings) or ""


def _sections(
    parts: Parts, source: YamlSource, data: Mapping[str, Any], registry: Registry, columns: frozenset[str]
) -> None:
    for trail, name, item in named(parts, source, ("modules",), data.get("modules")):
        if not is_module_name(name):
            parts.findings.append(_no_name(source, trail, name))
        read_module(parts, source, trail, item, registry)
    for trail, name, item in named(parts, source, ("profiles",), data.get("profiles")):
        if not is_word(name):
            parts.findings.append(_no_name(source, trail, name))
        _profile(parts, source, trail, name, item)
    for trail, item in mappings(parts, source, ("units",), data.get("units")):
        _add(parts, ("unit", parts.units, Unit), Located(source, trail, item))
    for trail, item in mappings(parts, source, ("unit_changes",), data.get("unit_changes")):
        _add(parts, ("unit_change", parts.unit_changes, UnitChange), Located(source, trail, item))
    for trail, item in mappings(parts, source, ("sites",), data.get("sites")):
        _site(parts, source, trail, item, columns)
    for trail, item in mappings(parts, source, ("targets",), data.get("targets")):
        _add(parts, ("target", parts.targets, TargetRow), Located(source, trail, _with_role(parts, item)))
    for trail, item in mappings(parts, source, ("paths",), data.get("paths")):
        _add(parts, ("path", parts.paths, PathRow), Located(source, trail, item))
    for trail, item in mappings(parts, source, ("contacts",), data.get("contacts")):
        _add(parts, ("contact", parts.contacts, Contact), Located(source, trail, item))


def _no_name(source: YamlSource, trail: Trail, name: str) -> Finding:
    return Finding(source.place(trail, key=True), "word_syntax", {"value": name[:100]})


def _add(parts: Parts, kind: tuple[str, list[Any], type[Any]], at: Located[Mapping[str, Any]]) -> None:
    """Add one item to its list, or its findings. kind: what it is called, the list, the type."""
    name, entries, model = kind
    source, trail, item = at.source, at.trail, at.value
    row = validated(model, source, trail, item, parts.findings)
    if row is None:
        parts.refuse(name, item.get("id"))
    else:
        entries.append(Located(source, trail, row))


def _with_role(parts: Parts, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """A check or target; whoever asks a device about itself has the role of one unless it says another."""
    asks = str(item.get("module")) in parts.asking_modules
    return {**item, "role": Role.DEVICE.value} if asks and item.get("role") is None else item


def _profile(parts: Parts, source: YamlSource, trail: Trail, name: str, item: object) -> None:
    before = len(parts.findings)
    checks: list[Located[CheckRow]] = []
    for at, check in mappings(parts, source, trail, item):
        _add(parts, (f"check {name}", checks, CheckRow), Located(source, at, _with_role(parts, check)))
    for entry in checks:
        left = PLACEHOLDER.sub("", entry.value.address)
        if "{" in left or "}" in left:
            parts.findings.append(Finding(entry.at("address"), "placeholder"))
    if len(parts.findings) > before:
        parts.refuse("profile", name)
    parts.profiles.append(Located(source, trail, ProfileRow(name, tuple(checks))))


def _site(parts: Parts, source: SourceFile, trail: Trail, item: Mapping[str, Any], columns: frozenset[str]) -> None:
    """A site: the keys every site has are checked, the rest are its columns."""
    item = {**item, **{key: value for key, value in site_defaults(parts).items() if item.get(key) is None}}
    row = validated(
        SiteRow, source, trail, {key: value for key, value in item.items() if key in _SITE_KEYS}, parts.findings
    )
    own: dict[str, str] = {}
    for key, value in item.items():
        if key in _SITE_KEYS or value is None:
            continue
        if key not in columns:
            place = source.place((*trail, key), key=True)
            parts.findings.append(
                unknown(place, "unknown_key", {"key": key}, key, (*_SITE_KEYS, *islice(columns, _COMPARED)))
            )
        elif not isinstance(value, str):
            parts.findings.append(Finding(source.place((*trail, key)), "not_text"))
        elif value.strip():
            own[key] = value.strip()
    if row is None:
        parts.refuse("site", item.get("id"))
    else:
        parts.sites.append(Located(source, trail, SitePart(row, own)))


def _tables(parts: Parts, files: Files, path: Path, columns: frozenset[str]) -> Iterator[TableSource]:
    sheets, findings = read_sheets(files, path)
    parts.findings.extend(findings)
    if not findings and not any(sheet.lines for sheet in sheets):
        parts.findings.append(Finding(FilePosition(str(path)), "file_empty"))
    tables = interpret(str(path), sheets, columns)
    parts.findings.extend(tables.findings)
    parts.notes.extend(tables.notes)
    yield from (source for source in tables.sources if not lacking(parts, source))


def site_defaults(parts: Parts) -> dict[str, str]:
    """The values of a site that does not set them."""
    row = parts.defaults
    defaults = {"unit": row.unit, "profile": row.profile, "calendar": row.calendar}
    return {key: value for key, value in defaults.items() if value is not None}


def lacking(parts: Parts, source: TableSource, optional: Container[str] = ()) -> bool:
    """Whether a column without which no row can be read is not there; said once, not per row."""
    present = {*site_defaults(parts)} if source.kind == "sites" else set()
    keys = [key for key in _REQUIRED[source.kind] if not (key in source.headers or key in present or key in optional)]
    place = source.whole.at(source.header_line)
    parts.findings.extend(Finding(place, "missing_column", {"key": key}) for key in keys)
    return bool(keys)


def with_id(cells: Mapping[str, str]) -> dict[str, str]:
    """The row with an id made from its name when it has none; "" when none can be made."""
    return dict(cells) if "id" in cells or "name" not in cells else {"id": slug(cells["name"]), **cells}


def _contact_rows(parts: Parts, sources: Iterable[TableSource]) -> None:
    """The contacts that have a sheet of their own: those with an id first, so that no other is given it."""
    cells = [Located(source, (index,), row) for source in sources for index, row in enumerate(source.rows)]
    for entry in cells:
        if "id" in entry.value:
            row = contact_row(entry.value)
            _add(parts, ("contact", parts.contacts, Contact), Located(entry.source, entry.trail, row))
    book, origins = _address_book(parts), dict[str, Located[Any]]()
    for entry in cells:
        if "id" not in entry.value:
            origins.setdefault(book.add(entry.value), entry)
    if "" in origins:
        parts.findings.append(Finding(origins[""].at(), "no_id"))
    _add_contacts(parts, book, origins)


def _table_rows(parts: Parts, sources: Iterable[TableSource], columns: frozenset[str]) -> None:
    book, origins = _address_book(parts), dict[str, Located[Any]]()
    for source in sources:
        for index, cells in enumerate(source.rows):
            item = with_id(cells)
            if item.get("id") == "":
                parts.findings.append(Finding(source.place((index,)), "no_id"))
            elif source.kind == "units":
                _add(parts, ("unit", parts.units, Unit), Located(source, (index,), item))
            else:
                site = book.point(item)
                origins.setdefault(site.get("contact", ""), Located(source, (index,), site))
                _site(parts, source, (index,), site, columns)
    _add_contacts(parts, book, origins)


def _address_book(parts: Parts) -> AddressBook:
    rows = (entry.value for entry in parts.contacts)
    return AddressBook(
        {"id": row.id, "name": row.name, "phone": row.phone or "", "email": row.email or ""} for row in rows
    )


def _add_contacts(parts: Parts, book: AddressBook, origins: Mapping[str, Located[Any]]) -> None:
    for identity, row in book.rows.items():
        entry = origins[identity]
        _add(parts, ("contact", parts.contacts, Contact), Located(entry.source, entry.trail, row))
