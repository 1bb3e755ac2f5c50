"""Writing a file that a person named: it is there whole or not at all, also after a power cut."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

UNFINISHED = ".unfinished"
"""Ends the name of a file that is being written."""

_BY_UMASK, _PRIVATE = 0o666, 0o600


def write_atomically(
    path: Path, content: bytes | Iterable[bytes], *, like: Path | None = None, private_to: int | None = None
) -> None:
    """Replace the file by the content, piece by piece where it comes so; a link stays one.

    OSError if it cannot be written: the old content then stays.

    Owner and mode are those of like, else of what was there, as far as this user may give them away; with private_to
    that user alone may read it.
    """
    target = Path(os.path.realpath(path))
    unfinished = target.with_name(f".{target.name}.{os.getpid()}{UNFINISHED}")  # two at once do not take each other's
    model = like or (target if target.is_file() else None)
    try:
        unfinished.unlink(missing_ok=True)  # of a write that was cut off
        _fill(unfinished, content, _BY_UMASK if model is None and private_to is None else _PRIVATE)
        if private_to is not None:
            os.chown(unfinished, private_to, -1)
        elif model is not None:
            copy_access(unfinished, model)
        unfinished.replace(target)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    flush_folder(target.parent)


def _fill(path: Path, content: bytes | Iterable[bytes], mode: int) -> None:
    """A new file, never what somebody has put there under its name meanwhile."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines((content,) if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(descriptor)


def copy_access(path: Path, like: Path) -> None:
    """Mode, group and owner of another file or folder, as far as this user may give them away."""
    status = like.stat()
    with suppress(PermissionError):
        os.chown(path, status.st_uid, status.st_gid)
    with suppress(PermissionError):
        os.chown(path, -1, status.st_gid)
    path.chmod(stat.S_IMODE(status.st_mode))


def flush_folder(folder: Path) -> None:
    """Bring to the disk which files a folder holds."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
