"""Secrets that stand in clear in a blackbox.yml, each on its way to a file of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.inventory.findings import Step

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_MAX_NAME = 200


@dataclass(slots=True)
class SecretFiles:
    """The files to be: by path the text."""

    folder: Path
    contents: dict[Path, str] = field(default_factory=dict)

    def add(self, module: str, steps: tuple[Step, ...], secret: str) -> Path:
        """The path of the file for a secret; its name tells module and option."""
        stem = _UNSAFE.sub("_", "-".join(map(str, (module, *steps)))).lstrip(".")[:_MAX_NAME] or "secret"
        names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(self.contents) + 2))
        path = next(self.folder / name for name in names if self.contents.get(self.folder / name, secret) == secret)
        self.contents[path] = secret
        return path

    def taken(self, path: Path) -> bool:
        """Whether something else is there already: nothing is overwritten."""
        return os.path.lexists(path) and _content(path) != self.contents[path].encode("utf-8", "surrogateescape")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() and not path.is_symlink() else None
    except OSError:
        return None


def write_secrets(secrets: Mapping[Path, str]) -> list[Path]:
    """Write those that are not there yet, each readable by the folder's owner alone; gives what was written.

    Raises OSError, FileExistsError included, and then leaves none of its own behind.
    """
    written: list[Path] = []
    try:
        for path, secret in secrets.items():
            if _content(path) == secret.encode("utf-8", "surrogateescape"):
                path.chmod(0o600)
                continue
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, secret.encode("utf-8", "surrogateescape"))
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            owner = path.parent.stat()
            if os.geteuid() == 0:  # the agent runs as the folder's owner, and reads what root imports
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
