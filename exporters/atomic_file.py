"""Files that a command writes for a person: the whole file, or a FileError."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from agent.atomic_file import write_atomically
from agent.errors import FileError


def write(path: Path, content: bytes | Iterable[bytes], *, private_to: int | None = None) -> None:
    """Write the file as write_atomically does; FileError if it cannot be written."""
    try:
        write_atomically(path, content, private_to=private_to)
    except OSError as error:
        raise FileError(path, error, written=True) from error
