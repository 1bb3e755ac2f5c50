"""Reading the main file and what it includes: bytes within limits, patterns resolved, nothing written."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.characters import NOT_IN_TEXTS
from agent.explain.system_errors import system_text
from agent.inventory.findings import FilePosition, Finding, hidden_character
from agent.inventory.sheets.encoding import decode
from agent.inventory.sheets.reader import RawSheet, read_csv, read_xlsx
from agent.inventory.sheets.workbook import BOOKS
from agent.inventory.sources.access import forbidden
from agent.inventory.sources.yaml_source import MAX_NODES, YamlSource, read_yaml
from agent.regular_file import read_regular

MAX_BYTES = 5 * 1024 * 1024
MAX_FILES = 1_000
YAML_ENDINGS = (".yml", ".yaml")
BACKUP = ".bak"
"""Ends the name of what stood in a file before the last import."""


@dataclass(frozen=True, slots=True)
class Files:
    """Access to files; ``overlay`` holds contents that are tried before they are written.

    without: files that are to be there no longer.
    """

    overlay: Mapping[Path, bytes] = field(default_factory=dict)
    without: frozenset[Path] = frozenset()

    def read(self, path: Path) -> bytes | Finding:
        """At most MAX_BYTES of a file, or what is wrong with it."""
        if path in self.overlay:
            return self.overlay[path]
        try:
            data, _ = read_regular(path, MAX_BYTES + 1)
        except FileNotFoundError:
            return Finding(FilePosition(str(path)), "file_missing")
        except PermissionError:
            return forbidden(FilePosition(str(path)), path)
        except OSError as error:
            return Finding(FilePosition(str(path)), "file_unreadable", {"detail": system_text(error)})
        if len(data) > MAX_BYTES:
            return Finding(FilePosition(str(path)), "file_too_large", {"limit": str(MAX_BYTES // 1024 // 1024)})
        return data

    def matching(self, base: Path, pattern: str) -> list[Path]:
        """The files of one include pattern, sorted; a pattern without wildcards stands for itself."""
        full = base / pattern
        if not glob.has_magic(pattern):
            return [full]
        paths = {Path(name) for name in glob.iglob(str(full))}  # noqa: PTH207 - Path.glob takes no absolute pattern
        paths |= {path for path in self.overlay if path.match(str(full))}
        hidden = (path for path in paths if path.name.startswith((".", "~$")) or path.name.endswith(BACKUP))
        return sorted(paths - {*hidden} - self.without)

    def unlisted(self, base: Path, pattern: str) -> Finding | None:
        """The reason that the folder of a pattern cannot be listed; glob would silently find nothing."""
        folder = (base / pattern).parent
        if not glob.has_magic(pattern) or glob.has_magic(str(folder)):
            return None
        try:
            os.scandir(folder).close()
        except FileNotFoundError:
            return None  # there may be none yet
        except PermissionError:
            return forbidden(FilePosition(str(folder)), folder)
        except (OSError, ValueError) as error:
            return Finding(FilePosition(str(folder)), "file_unreadable", {"detail": system_text(error)})
        return None


def read_document(
    files: Files, path: Path, most: int = MAX_NODES, *, exact: bool = False
) -> tuple[YamlSource | None, list[Finding]]:
    """One YAML file; most: of the values in it. exact: its numbers stay text, as they were written."""
    data = files.read(path)
    if isinstance(data, Finding):
        return None, [data]
    text = decode(data)
    if text is None:
        return None, [Finding(FilePosition(str(path)), "encoding")]
    return read_yaml(str(path), text, most, exact=exact)


def read_sheets(files: Files, path: Path) -> tuple[list[RawSheet], list[Finding]]:
    """The sheets of one CSV or XLSX file, whichever of the two it is by its content."""
    data = files.read(path)
    if isinstance(data, Finding):
        return [], [data]
    is_book = path.suffix.lower() == ".xlsx" or data.startswith(BOOKS)
    return (read_xlsx if is_book else read_csv)(str(path), data)


def included(files: Files, main: YamlSource) -> Iterator[tuple[Path, Finding | None]]:
    """Every file the main one includes, once, in order; with a finding instead where the pattern is wrong."""
    data = main.data()
    patterns = data.get("include") if isinstance(data, dict) else None
    base = Path(main.file).parent
    read: set[Path] = {Path(main.file)}
    for index, pattern in enumerate(patterns if isinstance(patterns, list) else []):
        if not isinstance(pattern, str):
            continue  # the schema says so
        place = main.place(("include", index))
        if index >= MAX_FILES:
            yield base, Finding(place, "too_many_files", {"limit": str(MAX_FILES)})
            return
        if unlisted := files.unlisted(base, pattern):
            yield base, unlisted
            continue
        paths = files.matching(base, pattern)
        if len(paths) > MAX_FILES or len(read) > MAX_FILES:
            yield base, Finding(place, "too_many_files", {"limit": str(MAX_FILES)})
            return
        for path in paths:
            if path in read:
                continue
            read.add(path)
            if sign := NOT_IN_TEXTS.search(path.name):
                yield path, hidden_character(place, sign[0])
                continue
            readable = path.suffix.lower() in (*YAML_ENDINGS, ".csv", ".xlsx")
            yield path, None if readable else Finding(place, "file_kind")
