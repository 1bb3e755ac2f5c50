"""The document's parts, each validated by itself, so that one bad line does not hide the faults of the others."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from agent.errors import Fault
from agent.inventory.document.validation import findings_of
from agent.inventory.findings import FilePosition, Finding, Findings, Located, SourceFile, Trail
from agent.inventory.schema.agent_sections import PageRow, ProbeEndpointRow, ScoringRow, StorageRow, TrapsRow
from agent.inventory.schema.notify import Notify
from agent.inventory.schema.rows import (
    CalendarRow,
    CheckRow,
    Contact,
    DefaultsRow,
    LevelRow,
    OrganisationRow,
    OverrideRow,
    PathRow,
    ProbeTiming,
    SiteRow,
    TargetRow,
    Unit,
)
from agent.inventory.schema.unit_changes import UnitChange
from agent.inventory.sources.files import Files, read_document
from agent.inventory.sources.yaml_source import MAX_NODES, YamlSource
from agent.probes.spec import ProbeSpec

RowT = TypeVar("RowT")
Registry = Mapping[str, ProbeSpec[Any, Any]]


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module: its probe, its own pace and its checked options.

    unread: the files of its options that could not be used; options are then without them, and again reads them anew.
    """

    id: str
    spec: ProbeSpec[Any, Any]
    timing: ProbeTiming
    options: object
    unread: tuple[Finding, ...] = ()
    read_again: Callable[[], object | Fault] | None = None


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A profile and its checks."""

    id: str
    checks: tuple[Located[CheckRow], ...]


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar and the year's notice to it; not yet a calendar that counts: its zone may be the organisation's."""

    id: str
    row: CalendarRow
    override: OverrideRow


@dataclass(frozen=True, slots=True)
class SitePart:
    """A site and its own columns."""

    row: SiteRow
    columns: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.row.id


@dataclass(slots=True)
class Parts:
    """All that was read from all files. ``refused`` are ids that exist but whose entry is faulty."""

    language: str | None = None
    organisation: OrganisationRow | None = None
    defaults: DefaultsRow = field(default_factory=DefaultsRow)
    listen: str = "127.0.0.1:10115"
    storage: StorageRow = field(default_factory=StorageRow)
    probe_endpoint: ProbeEndpointRow = field(default_factory=ProbeEndpointRow)
    page: PageRow = field(default_factory=PageRow)
    traps: TrapsRow | None = None
    scoring: ScoringRow = field(default_factory=ScoringRow)
    notify: Notify | None = None
    runbooks: str = ""
    grafana: str = ""
    levels: list[Located[LevelRow]] = field(default_factory=list)
    units: list[Located[Unit]] = field(default_factory=list)
    unit_changes: list[Located[UnitChange]] = field(default_factory=list)
    modules: list[Located[ModuleRow]] = field(default_factory=list)
    profiles: list[Located[ProfileRow]] = field(default_factory=list)
    sites: list[Located[SitePart]] = field(default_factory=list)
    targets: list[Located[TargetRow]] = field(default_factory=list)
    paths: list[Located[PathRow]] = field(default_factory=list)
    contacts: list[Located[Contact]] = field(default_factory=list)
    calendars: list[Located[CalendarPart]] = field(default_factory=list)
    main: SourceFile | None = None
    refused: dict[str, set[str]] = field(default_factory=dict)
    nodes: int = 0  # values in the YAML that was read
    findings: Findings = field(default_factory=Findings)
    notes: list[Finding] = field(default_factory=list)  # what of sheets was left out or supplied: no faults
    columns: frozenset[str] = frozenset()  # that a site may have
    asking_modules: frozenset[str] = frozenset()  # that ask devices about themselves, read or not

    def refuse(self, kind: str, identity: object) -> None:
        """Remember a faulty entry's id, so that references to it are not faults of their own."""
        if isinstance(identity, str):
            self.refused.setdefault(kind, set()).add(identity)


def read_within(parts: Parts, files: Files, path: Path) -> YamlSource | None:
    """One YAML file, within what is left of MAX_NODES: after one that is too much for it no other is gone through."""
    if parts.nodes >= MAX_NODES:
        parts.findings.append(Finding(FilePosition(str(path)), "yaml_crowded", {"limit": str(MAX_NODES)}))
        return None
    source, findings = read_document(files, path, MAX_NODES - parts.nodes)
    crowded = any(finding.message == "yaml_crowded" for finding in findings)
    parts.nodes = MAX_NODES if crowded else parts.nodes + (source.nodes if source else 0)
    parts.findings.extend(findings)
    return source


@cache
def _adapter(model: Hashable) -> TypeAdapter[Any]:
    """One compiled validator for each type."""
    return TypeAdapter(cast("Any", model))


def validated(
    model: type[RowT], source: SourceFile, trail: Trail, data: object, findings: list[Finding]
) -> RowT | None:
    """The data as one row, its findings added; without what is faulty, or None if it cannot be without."""
    try:
        return cast("RowT", _adapter(cast("Hashable", model)).validate_python(data))
    except ValidationError as error:
        findings.extend(findings_of(error, source, trail, model, data))
        faulty = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
    return _without(model, data, faulty)


def _without(model: type[RowT], data: object, faulty: set[int | str]) -> RowT | None:
    """The row without its faulty keys, if it can do without them: so that its other keys are checked all the same."""
    if not isinstance(data, dict):
        return None
    try:
        sound = {key: value for key, value in data.items() if key not in faulty}
        return cast("RowT", _adapter(cast("Hashable", model)).validate_python(sound))
    except ValidationError:
        return None


def mappings(parts: Parts, source: SourceFile, trail: Trail, data: object) -> Iterator[tuple[Trail, dict[str, Any]]]:
    """The mappings of a list of mappings, each with its place; what is none is a finding."""
    if data is None:
        return
    if not isinstance(data, list):
        parts.findings.append(Finding(source.place(trail), "not_list"))
        return
    for index, item in enumerate(data):
        at = (*trail, index)
        if isinstance(item, dict):
            yield at, item
        else:
            parts.findings.append(Finding(source.place(at), "not_mapping"))


def named(parts: Parts, source: SourceFile, trail: Trail, data: object) -> Iterator[tuple[Trail, str, Any]]:
    """The entries of a mapping by name."""
    if data is None:
        return
    if not isinstance(data, dict):
        parts.findings.append(Finding(source.place(trail), "not_mapping"))
        return
    for key, item in data.items():
        yield (*trail, key), key, item
