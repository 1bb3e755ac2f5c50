"""The manifest of a package: what it answers, what it was counted from, and the hash of every file. One spelling."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

from agent.characters import json_text
from agent.errors import SansangError
from agent.text import Text

NAME = "manifest.json"
WORKBOOK = "score.xlsx"
"""Not in the manifest, because the manifest's hash stands in it: it is made again from the rest, and compared."""

FORMAT = 1
MOST_BYTES = 16 * 1024 * 1024
_SHA256 = re.compile("[0-9a-f]{64}")
_NO_JSON = Text("{file}: không phải JSON ({why})", "{file}: no JSON ({why})")
_OTHER_FORMAT = Text(
    "{file}: định dạng {found}; bản chương trình này đọc định dạng {right}",
    "{file}: format {found}; this version of the program reads format {right}",
)
_SHAPE = Text("{file}: {key} không như chương trình này ghi", "{file}: {key} is not as this program writes it")
_SPELLING = Text(
    "{file}: cách ghi khác với cách chương trình này ghi cùng nội dung",
    "{file}: spelled otherwise than this program spells the same content",
)


class ManifestError(SansangError):
    """A manifest that is none."""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of the package: its name, length and SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was asked (as ScoreRequest has it), by which sheet, from which row of which ledger, made by which program.

    as_of: as the command takes it, ROW@TIME. rerun: the command that repeats it. files: all but the manifest itself and
    the workbook, by name.
    """

    sheet: str
    sheet_sha256: str
    sheet_file: str
    period: str
    language: str
    unit: str
    level: str
    units: str
    as_of: str
    values: tuple[str, ...]
    before: str
    unverified: str
    rerun: str
    observer: str
    last_row: int
    last_row_sha256: str
    version: str
    tzdata: str
    xlsxwriter: str
    files: tuple[PackedFile, ...]


def packed(name: str, content: bytes) -> PackedFile:
    """The line of the manifest about a file."""
    return PackedFile(name, len(content), sha256(content).hexdigest())


def manifest_bytes(manifest: Manifest) -> bytes:
    """The file: JSON, one line for each value and each file."""
    document = {"format": FORMAT, **asdict(manifest)}
    lines = [json_text(one) for one in document.pop("files")]
    head, between = json_text(document, 1).removesuffix("\n}"), ",\n  "
    return f'{head},\n "files": [\n  {between.join(lines)}\n ]\n}}\n'.encode()


def read_manifest(content: bytes) -> Manifest:
    """The manifest in such a file. ManifestError for anything that ``manifest_bytes`` does not write."""
    document = _document(content)
    if document.get("format") != FORMAT:
        raise ManifestError(_OTHER_FORMAT.filled(file=NAME, found=str(document.get("format"))[:20], right=FORMAT))
    names = [field.name for field in fields(Manifest)]
    for key in (*names, *document):
        if key not in document or key not in ("format", *names):
            raise ManifestError(_SHAPE.filled(file=NAME, key=str(key)[:80]))
    manifest = Manifest(**{name: _value(name, document[name]) for name in names})
    if manifest_bytes(manifest) != content:
        raise ManifestError(_SPELLING.filled(file=NAME))
    return manifest


def _document(content: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(content[: MOST_BYTES + 1].decode())
    except (ValueError, RecursionError) as error:
        raise ManifestError(_NO_JSON.filled(file=NAME, why=error)) from error
    if not isinstance(document, dict):
        raise ManifestError(_SHAPE.filled(file=NAME, key="{"))
    return document


def _value(name: str, value: Any) -> Any:
    if name == "last_row":
        good = type(value) is int and value >= 0
    elif name == "values":
        good = isinstance(value, list) and all(isinstance(one, str) for one in value)
        value = tuple(value) if good else value
    elif name == "files":
        good = isinstance(value, list) and all(map(_is_file, value))
        value = tuple(PackedFile(**one) for one in value) if good else value
    else:
        good = isinstance(value, str)
    if not good:
        raise ManifestError(_SHAPE.filled(file=NAME, key=name))
    return value


def _is_file(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"name", "bytes", "sha256"}
        and isinstance(value["name"], str)
        and type(value["bytes"]) is int
        and isinstance(value["sha256"], str)
        and _SHA256.fullmatch(value["sha256"]) is not None
    )
