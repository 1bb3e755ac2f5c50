"""A snmp.yml of snmp_exporter to modules, their object sets and a file of credentials, proposed first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.errors import ConfigError, Fault
from agent.explain.environment import environment_language
from agent.inventory.blackbox.module import TranslationNote
from agent.inventory.blackbox.secret_files import SecretFiles
from agent.inventory.blackbox.source import read_exporter_file
from agent.inventory.blackbox.trial import Trial, moved, sort
from agent.inventory.document.parts import Registry
from agent.inventory.document.sections import read_parts
from agent.inventory.findings import FilePosition, Finding, faults_in
from agent.inventory.importing.changes import RowChanges, difference
from agent.inventory.importing.module_rows import module_rows, written_modules
from agent.inventory.importing.proposal import ImportProposal, target_for
from agent.inventory.sheets.columns import slug
from agent.inventory.snmp_exporter.translate import ExporterConfiguration, ExporterModule, translate_snmp_exporter
from agent.inventory.sources.files import Files
from agent.inventory.sources.yaml_source import YamlSource
from agent.inventory.sources.yaml_writer import Row, modules_as_yaml
from agent.probes.snmp.object_file import ObjectFileError, own_set
from agent.probes.snmp.object_set import SnmpObject
from agent.probes.snmp.object_writer import object_line

MAX_NODES = 400_000
"""Keys and values of a file; the largest that snmp_exporter ships has half of it, 5 seconds of reading."""


def propose_snmp_exporter(
    config: Path, file: Path, registry: Registry, language: str | None = None, secrets_to: Path | None = None
) -> ImportProposal:
    """Propose the import of a configuration of snmp_exporter; its auths go to a file in secrets_to, else beside config.

    Raises ConfigError: a file that cannot be read, nothing in it that could be taken over, credentials that would
    overwrite others, or an inventory that is wrong without those modules that could not.
    """
    words = language or read_parts(Files(), config, registry).language or environment_language()
    source, findings = _read(file)
    if source is None:
        raise ConfigError([finding.fault(words) for finding in findings])
    target = target_for(config, file, words)
    beside, stem = config.parent.absolute(), slug(file.stem) or "snmp"
    secrets = SecretFiles((secrets_to or beside).absolute())
    credentials = secrets.folder / f"{stem}.credentials"
    given = translate_snmp_exporter(source.data(), beside / "objects", stem, credentials)
    if given.auths.entries and given.modules:
        _take_credentials(secrets, credentials, given, words)
    found = _Found(source, findings, file, words)
    good = _tried(found, given, Trial(config, target, registry, words, {**secrets.contents, **_texts(given.modules)}))
    options = {part.module.name: part.module.options for part in good}
    changes = {
        "modules": difference(module_rows(written_modules(target)), module_rows(options)),
        "objects": _object_changes(good),
    }
    notes = tuple(dict.fromkeys(found.faults()))
    return ImportProposal(
        {target: modules_as_yaml(options)}, changes, words, notes=notes, secrets=secrets.contents, named=_texts(good)
    )


class _Found:
    """What was found, at its places in the file."""

    def __init__(self, source: YamlSource, findings: list[Finding], file: Path, language: str) -> None:
        self.source = source
        self.findings = findings
        self._file = file
        self._language = language

    def add(self, notes: Sequence[TranslationNote]) -> None:
        self.findings += [Finding(self.source.place(note.trail), note.message, note.values) for note in notes]

    def faults(self) -> list[Fault]:
        ordered = sorted(self.findings, key=lambda finding: (finding.place.line, finding.place.column))
        return list(faults_in(ordered, self._file, self._language))


def _read(file: Path) -> tuple[YamlSource | None, list[Finding]]:
    data = Files().read(file)
    return (None, [data]) if isinstance(data, Finding) else read_exporter_file(str(file), data, MAX_NODES)


def _take_credentials(secrets: SecretFiles, path: Path, given: ExporterConfiguration, language: str) -> None:
    secrets.contents[path] = given.auths.file_text()
    if secrets.taken(path):
        finding = Finding(FilePosition(str(path)), "snmp_exporter_credentials_taken")
        raise ConfigError([finding.fault(language)])


def _tried(found: _Found, given: ExporterConfiguration, trial: Trial) -> list[ExporterModule]:
    """The modules that load; the faults of the others are told where they came from. Raises ConfigError."""
    trials = sort([part.module for part in given.modules], trial)
    found.add([note for note in given.notes if note.leaves_out])
    found.findings += [moved(found.source, module, fault, "blackbox_module") for module, fault in trials.faulty]
    if trials.beside:
        raise ConfigError([*found.faults(), *trials.beside])
    found.add([note for note in given.notes if not note.leaves_out])
    found.findings += [moved(found.source, module, fault, "blackbox_wants") for module, fault in trials.wanting]
    if not trials.good:
        raise ConfigError(found.faults())
    names = {module.name for module in trials.good}
    return [part for part in given.modules if part.module.name in names]


def _texts(modules: Sequence[ExporterModule]) -> Mapping[Path, str]:
    return {part.path: part.text for part in modules}


def _object_changes(modules: Sequence[ExporterModule]) -> RowChanges:
    """A new set in one line; of one that is there each object that differs."""
    parts: list[RowChanges] = []
    for part in modules:
        if not part.path.exists():
            row = {"id": str(part.path), "objects": str(len(part.objects.objects))}
            parts.append(RowChanges((row,), (), ()))
            continue
        after = _rows(part.objects.name, part.objects.objects)
        parts.append(difference(_rows(part.objects.name, _objects_there(part.path)), after))
    return RowChanges(
        tuple(row for part in parts for row in part.added),
        tuple(row for part in parts for row in part.removed),
        tuple(row for part in parts for row in part.changed),
    )


def _objects_there(path: Path) -> tuple[SnmpObject, ...]:
    try:
        return own_set(str(path)).objects
    except ObjectFileError:
        return ()


def _rows(name: str, objects: Sequence[SnmpObject]) -> list[Row]:
    return [{"id": f"{name}: {part.name}", "object": object_line(part)} for part in objects]
