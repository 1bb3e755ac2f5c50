"""Reading a file that a person named: within bounds, and never waiting for what is none."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_regular(path: Path, at_most: int) -> tuple[bytes, int]:
    """The first ``at_most`` bytes of a file and its mode; OSError for a pipe or device, which might never end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe would wait for its writer
    except ValueError as error:  # NUL, or a lone surrogate
        raise OSError(errno.EINVAL, "no file can have this name") from error
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "not a regular file")
        content: bytes | None = file.read(at_most)  # None where a reader would have to wait: some files of /proc
        if content is None:
            raise OSError(errno.EAGAIN, "nothing can be read from it now")
        return content, mode
