"""A sheet to a file beside the configuration: proposed first, refused if the whole would not validate, then written."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from agent.errors import ConfigError, Fault
from agent.explain.environment import environment_language
from agent.inventory.blackbox import translated
from agent.inventory.blackbox_made import Note
from agent.inventory.blackbox_secrets import SecretFiles, write_secrets
from agent.inventory.blackbox_source import read_blackbox
from agent.inventory.blackbox_trial import Trial, moved, sort
from agent.inventory.changes import Changes, Row, as_yaml, difference, keep_ids, modules_as_yaml
from agent.inventory.columns import slug
from agent.inventory.files import YAML_ENDINGS, Files, read_document, read_sheets
from agent.inventory.findings import MAX_FINDINGS, Finding, Findings, Place, TooManyError
from agent.inventory.load import faults_of
from agent.inventory.names import Names, names_of
from agent.inventory.parts import Parts, Registry
from agent.inventory.sections import lacking, read_parts, with_id
from agent.inventory.tables import TableSource, interpret
from agent.inventory.yaml_source import YamlSource

KINDS = ("units", "sites")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an import would do: the file it writes, with what text, and the difference for each kind of row.

    notes say what of the source is read otherwise or left out; secrets are files to be written before it.
    """

    target: Path
    text: str
    changes: Mapping[str, Changes]
    language: str
    notes: tuple[Fault, ...] = ()
    secrets: Mapping[Path, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.changes.values()) or not all(path.exists() for path in self.secrets)


def propose(config: Path, sheet: Path, registry: Registry, language: str | None = None) -> Proposal:
    """What importing ``sheet`` would change. Raises ConfigError, placed in the sheet where it can be."""
    parts = read_parts(Files(), config, registry)
    words = language or parts.language or environment_language()
    sources, notes = _sources(parts, sheet, words)
    target = _target(config, sheet, words)
    before = _written(target)
    after, places = _rows(parts, sources, before)
    text = "".join(as_yaml(kind, after[kind]) for kind in KINDS if after[kind])
    if not text:  # headers alone
        raise ConfigError([Finding(Place(str(sheet)), "file_empty").fault(words)])
    faults = faults_of(config, registry, words, Files({target: text.encode()}))  # as if it were written
    if faults:
        raise ConfigError([_in_sheet(fault, str(target), text, places, words) for fault in faults])
    changes = {kind: difference(before[kind], after[kind]) for kind in KINDS}
    return Proposal(target, text, changes, words, notes)


def propose_blackbox(
    config: Path, file: Path, registry: Registry, language: str | None = None, secrets_to: Path | None = None
) -> Proposal:
    """What taking over the modules of a blackbox.yml would change.

    Secrets in clear go to files in secrets_to; where no folder is given, their modules are left out. Raises
    ConfigError: a file that cannot be read, no module at all that could be taken over, or an inventory that is wrong
    without those that could not.
    """
    words = language or read_parts(Files(), config, registry).language or environment_language()
    source, findings = _read_blackbox(file)
    if source is None:
        raise ConfigError([finding.fault(words) for finding in findings])
    secrets = SecretFiles(secrets_to.absolute()) if secrets_to is not None else None
    modules, notes = translated(source.data(), secrets, file.absolute().parent)
    target = _target(config, file, words)
    kept = secrets.kept if secrets is not None else {}
    found = sort(modules, Trial(config, target, registry, words, kept))
    gone = {made.trail for made, _ in found.faulty}
    left_out = [moved(source, made, fault, "blackbox_module") for made, fault in found.faulty]
    left_out += [_finding(source, note) for note in notes if note.leaves_out]
    if found.beside:
        raise ConfigError([*_told(sorted(left_out, key=_in_order), file, words), *found.beside])
    findings += [_finding(source, note) for note in notes if note.trail[:2] not in gone and not note.leaves_out]
    findings += [moved(source, made, fault, "blackbox_wants") for made, fault in found.wanting]
    findings = sorted([*findings, *left_out], key=_in_order)
    if not found.good:
        raise ConfigError(_told(findings, file, words))
    said = tuple(dict.fromkeys(one.fault(words) for one in findings))
    options = {made.name: made.options for made in found.good}
    text = modules_as_yaml(options)
    changes = difference(_module_rows(_written_modules(target)), _module_rows(options))
    wanted = {path: secret for path, secret in kept.items() if json.dumps(str(path))[1:-1] in text}
    return Proposal(target, text, {"modules": changes}, words, said, wanted)


def _read_blackbox(file: Path) -> tuple[YamlSource | None, list[Finding]]:
    data = Files().read(file)
    return (None, [data]) if isinstance(data, Finding) else read_blackbox(str(file), data)


def _told(findings: Sequence[Finding], file: Path, words: str) -> tuple[Fault, ...]:
    """Some of the findings, and that there are more."""
    told = list(findings[:MAX_FINDINGS])
    if len(findings) > MAX_FINDINGS:
        told.append(Finding(Place(str(file)), "too_many_findings", {"limit": str(MAX_FINDINGS)}))
    return tuple(dict.fromkeys(one.fault(words) for one in told))


def _finding(source: YamlSource, note: Note) -> Finding:
    return Finding(source.place(note.trail), note.message, note.values)


def _in_order(finding: Finding) -> tuple[int, int]:
    return finding.place.line, finding.place.column


def _written_modules(target: Path) -> Mapping[str, Any]:
    """The modules of the last import."""
    source, _ = read_document(Files(), target) if target.exists() else (None, [])
    data: Any = source.data() if source else {}
    before = data.get("modules") if isinstance(data, dict) else None
    return before if isinstance(before, dict) else {}


def _module_rows(modules: Mapping[str, Any]) -> list[Row]:
    return [
        {
            "id": name,
            **{
                key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                for key, value in options.items()
            },
        }
        for name, options in modules.items()
        if isinstance(options, dict)
    ]


def write(proposal: Proposal) -> None:
    """Put the file there at once or not at all: a crash leaves the old one. Its secrets come first."""
    target = proposal.target
    write_secrets(proposal.secrets)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".import-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(proposal.text.encode())
            file.flush()
            os.fchmod(file.fileno(), target.stat().st_mode & 0o777 if target.exists() else 0o644)
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _sources(parts: Parts, sheet: Path, language: str) -> tuple[list[TableSource], tuple[Fault, ...]]:
    """The tables of the file and what of it was left out; ConfigError with everything wrong about their form."""
    if sheet.suffix.lower() not in (".csv", ".xlsx"):
        raise ConfigError([Finding(Place(str(sheet)), "file_kind").fault(language)])
    sheets, findings = read_sheets(Files(), sheet)
    form = Parts(findings=Findings(findings), defaults=parts.defaults)
    sources: list[TableSource] = []
    tables = interpret(str(sheet), sheets, parts.columns)
    with suppress(TooManyError):
        form.findings.extend(tables.findings)
        sources += [source for source in tables.sources if not lacking(form, source)]
    if not sources and not form.findings:
        form.findings.append(Finding(Place(str(sheet)), "file_empty"))
    if form.findings:
        raise ConfigError([finding.fault(language) for finding in form.findings[:MAX_FINDINGS]])
    return sources, _told(tables.notes, sheet, language)


def _target(config: Path, sheet: Path, language: str) -> Path:
    """Where the rows go: the first included folder of YAML files, under the sheet's own name."""
    source, _ = read_document(Files(), config)
    data = source.data() if source else None
    patterns = data.get("include") if isinstance(data, dict) else None
    for pattern in patterns if isinstance(patterns, list) else []:
        ending = Path(str(pattern)).suffix
        name = f"{slug(sheet.stem) or 'sheet'}{ending}"
        if ending in YAML_ENDINGS and fnmatch(name, Path(str(pattern)).name):
            return config.parent / Path(str(pattern)).parent / name
    wanted = f"sites.d/{slug(sheet.stem) or 'sheet'}.yml"
    raise ConfigError([Finding(Place(str(config)), "not_included", {"file": wanted}).fault(language)])


def _written(target: Path) -> dict[str, list[Row]]:
    """The rows of the last import, as text."""
    source, _ = read_document(Files(), target) if target.exists() else (None, [])
    data: Any = source.data() if source else {}
    rows = {kind: data.get(kind) if isinstance(data, dict) else None for kind in KINDS}
    return {kind: [_as_text(row) for row in _mappings(rows[kind]) if "id" in row] for kind in KINDS}


def _mappings(rows: object) -> list[dict[str, object]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _as_text(row: Mapping[str, object]) -> Row:
    def text(value: object) -> str:
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    return {key: text(value) for key, value in row.items() if value is not None}


def _rows(
    parts: Parts, sources: Sequence[TableSource], before: Mapping[str, Sequence[Row]]
) -> tuple[dict[str, list[Row]], list[tuple[TableSource, int]]]:
    """The new rows of each kind with their ids, and for every line of the text where it came from."""
    rows: dict[str, list[Row]] = {}
    places: list[tuple[TableSource, int]] = []
    units = [(entry.value.id, entry.value.name) for entry in parts.units]
    for kind in KINDS:
        cells = list(_cells(sources, kind))
        names = names_of((entry.value for entry in parts.levels), units)
        resolved = [_resolved(source.rows[index], names) for source, index in cells]
        written = frozenset(index for index, row in enumerate(resolved) if "id" in row)
        rows[kind] = keep_ids(before[kind], [with_id(row) for row in resolved], written)
        units += [(row["id"], row.get("name", "")) for row in rows["units"]]
        places += cells
    return rows, places


def _cells(sources: Sequence[TableSource], kind: str) -> Iterator[tuple[TableSource, int]]:
    for source in sources:
        if source.kind == kind:
            yield from ((source, index) for index in range(len(source.rows)))


def _resolved(row: Mapping[str, str], names: Names) -> dict[str, str]:
    """Units and levels by id, where the sheet writes their names."""
    translate = {"unit": names.unit, "parent": names.unit, "level": names.level}
    return {key: translate[key](value) if key in translate else value for key, value in row.items()}


def _in_sheet(fault: Fault, target: str, text: str, places: Sequence[tuple[TableSource, int]], language: str) -> Fault:
    """A fault of the file to be written, moved to the row and column of the sheet it came from."""
    if fault.file != target or not fault.line:
        return fault
    lines = text.splitlines()
    index = sum(1 for line in lines[: fault.line] if line.startswith("  - ")) - 1
    if not 0 <= index < len(places):
        return fault
    source, row = places[index]
    key = fault.path.rpartition(".")[2]
    place = source.place((row, key) if key in source.headers else (row,))
    return place.fault(fault.wrong, fault.right, language)
