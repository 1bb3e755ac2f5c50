"""The one way from a file to a score sheet: everything that is wrong with it said at once, or the sheet, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import ConfigError, Fault
from agent.inventory.entities import Inventory
from agent.inventory.findings import FilePosition, Finding, faults_in
from agent.inventory.sources.files import Files, read_document
from agent.inventory.sources.yaml_source import YamlSource
from agent.scoring.document.canonical import with_digest
from agent.scoring.document.consistency import inconsistencies, remarkable
from agent.scoring.document.inventory_names import unknown_names
from agent.scoring.document.read import built, read_sheet
from agent.scoring.sheet import ScoreSheet

MAX_NODES = 60_000
"""Values in the YAML of one sheet: 1,000 criteria as people write them, with room; two seconds of reading."""


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """A sheet, and what in it is right as it stands and may yet not be meant."""

    sheet: ScoreSheet
    remarks: tuple[Fault, ...]


def load_sheet(path: Path, language: str = "vi") -> ScoreSheet:
    """The score sheet of a file. ConfigError with every fault of it, in the language."""
    return checked_sheet(path, language).sheet


def sheet_from_bytes(name: str, data: bytes, language: str = "vi") -> ScoreSheet:
    """A score sheet from the bytes of its YAML or of its canonical JSON; name: what faults call the file."""
    path = Path(name)
    return checked_sheet(path, language, files=Files({path: data})).sheet


def checked_sheet(
    path: Path, language: str = "vi", inventory: Inventory | None = None, files: Files | None = None
) -> CheckedSheet:
    """The sheet with its remarks; with an inventory also checked against what that has. ConfigError as above."""
    source, findings = read_document(files or Files(), path, MAX_NODES, exact=True)
    findings = [_crowded(finding) if finding.message == "yaml_crowded" else finding for finding in findings]
    if source is None:
        raise ConfigError(_faults(findings, path, language))
    sheet, faults, remarks = _checked(source, inventory, sound=not findings)
    if findings or faults:
        spots = {(finding.place.line, finding.place.column) for finding in findings}
        others = [fault for fault in faults if (fault.place.line, fault.place.column) not in spots]
        raise ConfigError(_faults([*findings, *others], path, language))
    assert sheet is not None  # noqa: S101 - without a finding there is one
    return CheckedSheet(sheet, _faults(remarks, path, language))


def _checked(
    source: YamlSource, inventory: Inventory | None, *, sound: bool
) -> tuple[ScoreSheet | None, list[Finding], list[Finding]]:
    draft = read_sheet(source)
    draft.complete = draft.complete and sound
    faults = list(draft.findings)
    faults += inconsistencies(draft)
    if inventory is not None:
        faults += unknown_names(draft, inventory)
    if faults or draft.head is None:
        return None, faults, []
    return with_digest(built(draft)), [], list(remarkable(draft))


def _crowded(finding: Finding) -> Finding:
    """A sheet has a limit of its own."""
    return Finding(finding.place, "sheet_crowded", {"limit": str(MAX_NODES)})


def _faults(findings: Sequence[Finding], path: Path, language: str) -> tuple[Fault, ...]:
    """In the order of the file, and of equal places in that of reading."""

    def order(finding: Finding) -> tuple[int, int]:
        place: FilePosition = finding.place
        return place.line, place.column

    return faults_in(sorted(findings, key=order), path, language)
