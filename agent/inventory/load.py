"""The one way from files to an Inventory: read everything, say every fault at once, or return it checked and frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from agent.availability.calendar import Calendar
from agent.errors import ConfigError, Fault, ForbiddenError, ReadingFailedError, fault_place
from agent.explain.environment import environment_language
from agent.inventory import expand
from agent.inventory.calendars import calendars_of, weekly
from agent.inventory.canonical import FigureInputs, canonical
from agent.inventory.checks.consistency import cross_checks
from agent.inventory.checks.declared_facts import undocumented
from agent.inventory.checks.sample_addresses import sample_addresses
from agent.inventory.checks.shared_addresses import shared_addresses
from agent.inventory.device_checks import with_device_checks
from agent.inventory.document.modules import unread_files, used_without_files
from agent.inventory.document.names import resolve_names
from agent.inventory.document.parts import Parts, Registry
from agent.inventory.document.sections import read_parts
from agent.inventory.entities import (
    CanonicalForm,
    EngineSettings,
    Inventory,
    Level,
    Module,
    Organisation,
    ScoringSettings,
    Site,
    UnreadableOptions,
)
from agent.inventory.findings import MAX_FINDINGS, FilePosition, Finding, TooManyError
from agent.inventory.sources.access import merge_denied
from agent.inventory.sources.files import Files

_REPROBE_BUDGET = 200.0


def load(path: Path, registry: Registry, language: str | None = None, files: Files | None = None) -> Inventory:
    """Read, validate and expand the inventory at ``path`` with all it includes.

    Raises ConfigError with every fault of every file, in ``language`` (``vi``, ``en``), else in the
    organisation's, else in that of $LANG. Nothing is sent and nothing is written.
    """
    return _loaded(path, registry, language, files or Files())[0]


def load_with_shared(
    path: Path, registry: Registry, language: str | None = None
) -> tuple[Inventory, tuple[Fault, ...]]:
    """The inventory, and the addresses that several targets have: nearly always a slip, and never refused."""
    inventory, drafts, words = _loaded(path, registry, language, Files())
    return inventory, _faults((shared.finding() for shared in shared_addresses(drafts)[:MAX_FINDINGS]), words)


def _loaded(
    path: Path, registry: Registry, language: str | None, files: Files
) -> tuple[Inventory, list[expand.TargetDraft], str]:
    with reading_failures_as_faults(path, language):
        parts, drafts, findings = examine(path, registry, files)
        if not findings and not drafts:
            findings.append(Finding(FilePosition(str(path)), "nothing_to_probe"))
        words = language or parts.language or environment_language()
        if findings:
            raise config_error(findings, words)
        return _inventory(parts, drafts, words), drafts, words


def config_error(findings: Sequence[Finding], language: str) -> ConfigError:
    """The findings as an error: ForbiddenError where this user may not read a file."""
    faults = _faults(findings, language)
    path = next((str(finding.values["path"]) for finding in findings if finding.message.startswith("forbidden")), "")
    return ForbiddenError(faults, path) if path else ConfigError(faults)


@contextmanager
def reading_failures_as_faults(path: Path, language: str | None) -> Iterator[None]:
    """Whatever the content of files makes this program trip over is a fault of the file at ``path``."""
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:
        finding = Finding(FilePosition(str(path)), "program_failed", {"detail": fault_place(error)})
        raise ReadingFailedError([finding.fault(language or environment_language())]) from error


def faults_and_unreadable(
    path: Path, registry: Registry, language: str, files: Files
) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """All faults of the inventory; and apart from them those in files of modules that nothing in it uses."""
    parts, drafts, findings = examine(path, registry, files)
    unread, unusable = unread_files(parts, {draft.module.id for draft in drafts})
    return _faults(findings, language), _faults([*unread, *unusable], language)


def examine(path: Path, registry: Registry, files: Files) -> tuple[Parts, list[expand.TargetDraft], list[Finding]]:
    """The parts that were read, the targets drafted from them, and all findings in file order."""
    parts = read_parts(files, path, registry)
    drafts: list[expand.TargetDraft] = []
    with suppress(TooManyError):
        if not parts.findings.full:
            parts.findings.extend(used_without_files(parts))
            resolve_names(parts)
            checks = with_device_checks(parts, expand.draft(parts))
            drafts = checks.drafts
            parts.notes.extend(checks.notes)
            parts.notes.extend(undocumented(parts))
            parts.findings.extend(checks.findings)
            parts.findings.extend(cross_checks(parts, drafts))
    ordered = merge_denied(_in_file_order(parts.findings[:MAX_FINDINGS], str(path)))
    if parts.findings.full:
        ordered.append(Finding(FilePosition(str(path)), "too_many_findings", {"limit": str(MAX_FINDINGS)}))
    return parts, drafts, ordered


def _faults(findings: Iterable[Finding], language: str) -> tuple[Fault, ...]:
    return tuple(dict.fromkeys(finding.fault(language) for finding in findings))


def _in_file_order(findings: Iterable[Finding], main: str) -> list[Finding]:
    def order(finding: Finding) -> tuple[bool, str, int, int]:
        at = finding.place
        return (at.file != main, at.file, at.line, at.column)

    all_findings = list(findings)
    first = (
        "yaml_alias",
        "yaml_decimal_comma",
        "control_character",
    )  # what else is found of such a value is not the writer's doing
    places = {finding.place for finding in all_findings if finding.message in first}
    return sorted(
        (finding for finding in all_findings if finding.message in first or finding.place not in places), key=order
    )


def _inventory(parts: Parts, drafts: list[expand.TargetDraft], language: str) -> Inventory:
    assert parts.organisation is not None  # noqa: S101 - load has refused that
    row = parts.organisation
    figures = FigureInputs(
        organisation=Organisation(row.name, row.language, row.timezone, row.observer),
        levels=tuple(_level(entry.value.id, entry.value.name.vi, entry.value.name.en) for entry in parts.levels),
        units=tuple(entry.value for entry in parts.units),
        sites=_sites(parts),
        modules=_modules(parts),
        targets=expand.targets(parts, drafts),
        paths=expand.paths(parts),
        unit_changes=tuple(entry.value for entry in parts.unit_changes),
        ports={draft.id: draft.settings.port for draft in drafts if draft.settings.port},
    )
    unread, unusable = unread_files(parts, {draft.module.id for draft in drafts})
    calendars = calendars_of(row.timezone, _calendars(parts, row.timezone))
    return Inventory(
        organisation=figures.organisation,
        levels=figures.levels,
        units=figures.units,
        sites=figures.sites,
        targets=figures.targets,
        paths=figures.paths,
        contacts=tuple(entry.value for entry in parts.contacts),
        engine=EngineSettings(parts.defaults.reprobe_budget or _REPROBE_BUDGET),
        listen=parts.listen,
        storage_path=parts.storage.path,
        storage_reserve_bytes=parts.storage.reserve,
        storage_days_kept_years=parts.storage.days_kept_years,
        canonical_form=CanonicalForm(lambda: canonical(figures, calendars)),
        calendars=calendars,
        modules=figures.modules,
        probe_allow=parts.probe_endpoint.allow,
        probe_allow_ids=parts.probe_endpoint.allow_ids,
        page_contacts=parts.page.contacts,
        traps_listen="" if parts.traps is None else parts.traps.listen,
        scoring=_scoring(parts),
        observer_was=row.observer_was,
        notify=parts.notify,
        runbooks=parts.runbooks,
        grafana=parts.grafana,
        unit_changes=figures.unit_changes,
        unread=_faults(unread, language),
        unusable=_faults(unusable, language),
        notes=_faults(parts.notes[:MAX_FINDINGS], language),
        samples=sample_addresses(parts, drafts),
    )


def _scoring(parts: Parts) -> ScoringSettings:
    """Paths as from anywhere: in the file they begin at its own folder."""
    folder = Path(parts.main.place(()).file).absolute().parent if parts.main else Path.cwd()
    row = parts.scoring
    return ScoringSettings(
        tuple(str(folder / name) for name in row.sheets), tuple(str(folder / name) for name in row.values)
    )


def _calendars(parts: Parts, zone: str) -> dict[str, Callable[[], Calendar]]:
    entries = (entry.value for entry in parts.calendars)
    return {entry.id: partial(weekly, entry.row, entry.override, zone) for entry in entries}


def _level(identity: str, vi: str | None, en: str | None) -> Level:
    return Level(identity, {language: name for language, name in (("vi", vi), ("en", en)) if name})


def _sites(parts: Parts) -> tuple[Site, ...]:
    """Without the columns that name credentials."""
    secretive = expand.credential_columns(parts)
    return tuple(
        Site(
            id=row.id,
            name=row.name,
            unit=row.unit,
            profile=row.profile,
            calendar=row.calendar,
            slo=row.slo,
            contact=row.contact,
            location=row.location,
            uplinks=row.uplinks,
            columns={key: value for key, value in columns.items() if key not in secretive} if secretive else columns,
            facts=row.facts,
        )
        for row, columns in ((entry.value.row, entry.value.columns) for entry in parts.sites)
    )


def _modules(parts: Parts) -> dict[str, Module]:
    rows = (entry.value for entry in parts.modules)
    return {
        row.id: Module(
            row.id,
            row.spec.probe,
            row.options if row.read_again is None else UnreadableOptions(row.read_again),
            expand.policy(row.timing, parts.defaults),
        )
        for row in rows
    }
