"""A sheet to files beside the configuration: proposed first, refused if the whole would not validate, then written."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from agent.errors import ConfigError
from agent.explain.environment import environment_language
from agent.inventory.checks.shared_addresses import shared_addresses
from agent.inventory.document.names import resolve_names
from agent.inventory.document.parts import Registry
from agent.inventory.document.sections import read_parts, site_defaults
from agent.inventory.expand import credential_columns
from agent.inventory.findings import FilePosition, Finding
from agent.inventory.importing.changes import RowChanges, difference
from agent.inventory.importing.current_rows import KINDS, CurrentRow, as_written, current_rows
from agent.inventory.importing.lists import CurrentConfiguration, ImportAnswers, choose_list, written_to
from agent.inventory.importing.merge import Merged, Placed, merge
from agent.inventory.importing.proposal import ImportProposal
from agent.inventory.importing.remarks import Remark
from agent.inventory.importing.sheet import read_sheet
from agent.inventory.load import config_error, examine
from agent.inventory.sources.files import Files, read_document
from agent.inventory.sources.yaml_writer import Row, as_yaml, section_as_yaml

_ROW = re.compile(r"(units|contacts|sites)\[([0-9]+)\](?:\.([a-z0-9_]+))?")
_COMMENT = re.compile(r"^\s*#", re.MULTILINE)


def propose(
    config: Path, file: Path, registry: Registry, language: str | None = None, answers: ImportAnswers | None = None
) -> ImportProposal:
    """Propose the import of a sheet. Raises ConfigError, with positions in the sheet where possible."""
    answers = answers or ImportAnswers()
    parts = read_parts(Files(), config, registry)
    words = language or parts.language or environment_language()
    if parts.main is None:
        raise config_error(parts.findings, words)
    resolve_names(parts)
    present = CurrentConfiguration(config, current_rows(parts), words, site_defaults(parts))
    sheet = read_sheet(parts, file, present.rows, words)
    rows = {kind: [cells.full for cells in sheet.cells[kind]] for kind in KINDS}
    to = choose_list(present, file, rows, answers)
    merged = merge(sheet, present, to, answers)
    if merged.findings:
        raise ConfigError([finding.fault(words) for finding in (*sheet.findings, *merged.findings)])
    written = {path: to.target if path == to.path else written_to(present, path) for path in merged.files}
    changes = {kind: _changes(present.rows[kind], merged, kind) for kind in KINDS}
    retired = _retired(written, changed=any(changes.values()))
    questions = (*to.questions, *merged.questions)
    if not (retired or any(changes.values()) or sheet.findings or merged.questions):
        return ImportProposal({to.target: ""}, changes, words, notes=sheet.notes)
    files = {target: _text(target, merged.files[path], present.defaults) for path, target in written.items()}
    proposal = ImportProposal(files, changes, words, retired, questions=questions, notes=sheet.notes)
    remarks = [Remark("retired", {"file": path.name, "new": written[path].name}) for path in retired]
    remarks = [*to.remarks, *sheet.remarks, *merged.remarks, *remarks]
    return _tried(proposal, config, registry, remarks, _places(written, merged), wrong=sheet.findings)


def _retired(written: Mapping[Path, Path], *, changed: bool) -> tuple[Path, ...]:
    """The sheets whose rows go elsewhere: where something changes, or where an import was cut off before its end."""
    return tuple(path for path, target in written.items() if path != target and (changed or target.exists()))


def _changes(now: Sequence[CurrentRow], merged: Merged, kind: str) -> RowChanges:
    before = [row.row for row in now if row.file in merged.files]
    return difference(before, [row for rows in merged.files.values() for row, _ in rows[kind]])


def _text(target: Path, rows: Mapping[str, Sequence[Placed]], defaults: Row) -> str:
    """The file with these rows, and with what else stands in it."""
    source, _ = read_document(Files(), target) if target.exists() else (None, [])
    data = source.data() if source else None
    others = {key: value for key, value in data.items() if key not in KINDS} if isinstance(data, dict) else {}
    sites = [as_written(row, defaults) for row, _ in rows["sites"]]
    written = {kind: sites if kind == "sites" else [row for row, _ in rows[kind]] for kind in KINDS}
    kinds = [as_yaml(kind, written[kind]) for kind in KINDS if written[kind]]
    return "".join([*(kinds or [as_yaml("sites", [])]), section_as_yaml(others)])


def _places(written: Mapping[Path, Path], merged: Merged) -> Callable[[FilePosition], FilePosition]:
    """From a place in a file to be written to that in the sheet which it comes from, if it does."""
    cells = {
        str(target): {kind: [cells for _, cells in merged.files[path][kind]] for kind in KINDS}
        for path, target in written.items()
    }

    def moved(place: FilePosition) -> FilePosition:
        match = _ROW.match(place.path)
        if place.file not in cells or match is None:
            return place
        origin = cells[place.file][match[1]][int(match[2])]
        return origin.place(match[3]) if origin is not None else place

    return moved


def _moved(
    place: FilePosition, moved: Callable[[FilePosition], FilePosition], concealed: frozenset[str]
) -> FilePosition:
    """Where it really is, without what stands there if that may be a secret."""
    there = moved(place)
    return dataclasses.replace(there, value="") if place.path.rpartition(".")[2] in concealed else there


def _in_file_order(finding: Finding) -> tuple[str, str, int, int]:
    at = finding.place
    return at.file, at.sheet, at.line, at.column


def _tried(
    proposal: ImportProposal,
    config: Path,
    registry: Registry,
    remarks: Sequence[Remark],
    moved: Callable[[FilePosition], FilePosition],
    *,
    wrong: Sequence[Finding],
) -> ImportProposal:
    """The proposal with what is to be said, if the whole would load with it and nothing is wrong with the sheet."""
    words = proposal.language
    overlay = {path: text.encode() for path, text in proposal.files.items()}
    parts, drafts, findings = examine(config, registry, Files(overlay, frozenset(proposal.retired)))
    if findings or wrong:
        concealed = credential_columns(parts)
        in_sheet = [dataclasses.replace(finding, place=_moved(finding.place, moved, concealed)) for finding in findings]
        all_findings = [*wrong, *in_sheet]
        raise config_error(sorted(all_findings, key=_in_file_order), words)
    rewritten = [
        path for path in proposal.files if path.exists() and _COMMENT.search(path.read_text("utf-8", "replace"))
    ]
    more = [Remark("rewritten", {"file": path.name}) for path in rewritten]
    shared = shared_addresses(drafts)
    return dataclasses.replace(
        proposal,
        remarks=(*remarks, *more),
        notes=(*proposal.notes, *(address.finding(moved).fault(words) for address in shared)),
        sites=len(parts.sites),
        targets=len(drafts),
        listen=parts.listen,
    )
