"""Standard input, output and error as commands need them: UTF-8 in any locale, and quiet when nobody reads on."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_OPEN_THE_OTHER_WAY = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)  # so that using one fails, as it would have when closed


class OutputError(Exception):
    """Standard output takes nothing more: its reader is gone, its disk is full, or it was closed."""

    def __init__(self, cause: OSError) -> None:
        self.cause = cause
        super().__init__(str(cause))


class _Output(io.FileIO):
    """The first write that fails raises OutputError (of an OSError libraries make their own); later ones do nothing."""

    failed = False

    def write(self, data: ReadableBuffer, /) -> int:
        if self.failed:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except OSError as error:
            self.failed = True
            raise OutputError(error) from error


class _Errors(io.FileIO):
    """Where nobody can be told that nothing can be told."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def prepare() -> None:
    """Replace Python's own streams. What was closed becomes /dev/null: the next file opened must not take its place."""
    for number, flags in enumerate(_OPEN_THE_OTHER_WAY):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # the lowest number that is free
    sys.stdout = _text(_Output(1, "w", closefd=False))
    sys.stderr = _text(_Errors(2, "w", closefd=False))


def _text(raw: io.FileIO) -> io.TextIOWrapper:
    buffered, lines = io.BufferedWriter(raw), raw.isatty() or raw.fileno() == 2
    return io.TextIOWrapper(buffered, encoding="utf-8", errors="backslashreplace", line_buffering=lines)
