"""A proposed import and its writing: each file whole or not at all, the previous one kept beside it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from agent.atomic_file import copy_access, flush_folder, write_atomically
from agent.errors import ConfigError, Fault
from agent.inventory.blackbox.secret_files import write_secrets
from agent.inventory.findings import FilePosition, Finding
from agent.inventory.importing.changes import RowChanges
from agent.inventory.importing.remarks import ImportQuestion, Remark
from agent.inventory.sheets.columns import slug
from agent.inventory.sources.files import BACKUP, YAML_ENDINGS, Files, read_document


@dataclass(frozen=True, slots=True)
class ImportProposal:
    """A proposed import: the files with their texts, and the changes for each kind of row.

    retired are sheets whose rows go into a file: they are no longer read. said is what was recognised or supplied,
    questions what must be answered before anything is written. notes say what of a source is read otherwise or left
    out; secrets are files to be written before all others, named those that the others name and
    that are written next. sites and targets: how many there are with it; listen:
    where its agent is asked.
    """

    files: Mapping[Path, str]
    changes: Mapping[str, RowChanges]
    language: str
    retired: tuple[Path, ...] = ()
    remarks: tuple[Remark, ...] = ()
    questions: tuple[ImportQuestion, ...] = ()
    notes: tuple[Fault, ...] = ()
    secrets: Mapping[Path, str] = field(default_factory=dict)
    named: Mapping[Path, str] = field(default_factory=dict)
    sites: int = 0
    targets: int = 0
    listen: str = ""

    @property
    def target(self) -> Path:
        """The file of the list itself."""
        return next(iter(self.files))

    @property
    def text(self) -> str:
        """The text of the list's own file."""
        return self.files[self.target]

    def __bool__(self) -> bool:
        absent = not all(path.exists() for path in self.secrets)
        return any(self.changes.values()) or absent or any(path.exists() for path in self.retired)


def target_for(config: Path, sheet: Path, language: str) -> Path:
    """The file for new rows: in the first included folder of YAML files, under the sheet's own name."""
    source, _ = read_document(Files(), config)
    data = source.data() if source else None
    patterns = data.get("include") if isinstance(data, dict) else None
    for pattern in patterns if isinstance(patterns, list) else []:
        ending = Path(str(pattern)).suffix
        name = f"{slug(sheet.stem) or 'sheet'}{ending}"
        if ending in YAML_ENDINGS and fnmatch(name, Path(str(pattern)).name):
            return config.parent / Path(str(pattern)).parent / name
    file = f"sites.d/{slug(sheet.stem) or 'sheet'}.yml"
    raise ConfigError([Finding(FilePosition(str(config)), "not_included", {"file": file}).fault(language)])


def write(proposal: ImportProposal, config: Path | None = None) -> None:
    """Write the files one after the other, the secrets first, what is retired last: after a crash each is old or new.

    A new file may be read by whoever may read config. Between the last two steps a row may stand in two files: loading
    refuses that, and the same import again ends it.
    """
    write_secrets(proposal.secrets)
    for path, text in (*proposal.named.items(), *proposal.files.items()):
        _replace(path, text.encode(), config)
    for path in proposal.retired:
        with suppress(FileNotFoundError):
            path.replace(_backup(path))
            flush_folder(path.parent)


def _backup(path: Path) -> Path:
    return path.with_name(f"{path.name}{BACKUP}")


def _replace(target: Path, data: bytes, config: Path | None) -> None:
    like = next((path for path in (target, config) if path is not None and path.exists()), None)
    if not target.parent.exists():
        target.parent.mkdir(parents=True)
        if config is not None:
            copy_access(target.parent, config.parent)
    if target.exists():
        write_atomically(_backup(target), target.read_bytes(), like=target)
    write_atomically(target, data, like=like)
