"""Writing a file that a person named: it is there whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from agent.errors import FileError

_OF_ANYBODY = 0o666  # less what the umask takes


def write(path: Path, content: bytes, *, private_to: int | None = None) -> None:
    """In the place of what was there, with its mode and owner; a link stays one.

    private_to: the user who alone may read it. FileError if it cannot be written; what was there then stays.
    """
    target = Path(os.path.realpath(path))
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")  # two at once do not take each other's
    try:
        unfinished.unlink(missing_ok=True)  # of a write that was cut off
        _fill(unfinished, content, private=private_to is not None)
        if private_to is not None:
            os.chown(unfinished, private_to, -1)
        elif target.is_file():
            _as_before(unfinished, target)
        unfinished.replace(target)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise FileError(path, error, written=True) from error


def _fill(path: Path, content: bytes, *, private: bool) -> None:
    """A new file, never what somebody has put there under its name meanwhile."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600 if private else _OF_ANYBODY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _as_before(path: Path, before: Path) -> None:
    found = before.stat()
    with suppress(PermissionError):
        os.chown(path, found.st_uid, found.st_gid)
    path.chmod(stat.S_IMODE(found.st_mode))
