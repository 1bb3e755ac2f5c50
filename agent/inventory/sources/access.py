"""The reason that this user may not use a file: the closed part of its path, and its owner."""

from __future__ import annotations

import errno
import grp
import os
import pwd
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

from agent.explain.system_errors import system_text
from agent.inventory.findings import FilePosition, Finding

_DENIED = system_text(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


@dataclass(frozen=True, slots=True)
class AccessBarrier:
    """The file or folder that keeps this user out, with its owner; numbers where users and groups have no names."""

    path: Path
    user: str
    owner: str
    group: str
    mode: int
    own: bool
    for_group: bool


def access_barrier(path: Path) -> AccessBarrier:
    """The first folder on the way that may not be entered, else the file; its folder where it is still to be made.

    Of a link, what it leads to: that is what must be opened.
    """
    barrier = _closed(Path(os.path.realpath(path)))
    status, me = barrier.stat(), os.geteuid()
    mode = S_IMODE(status.st_mode)
    return AccessBarrier(
        path=barrier,
        user=user_name(me),
        owner=user_name(status.st_uid),
        group=_group_name(status.st_gid),
        mode=mode,
        own=status.st_uid == me,
        for_group=bool(mode & 0o040) and status.st_gid != 0,
    )


def _closed(path: Path) -> Path:
    for folder in reversed(path.parents):
        if not os.access(folder, os.X_OK):
            return folder
    return path if path.exists() else path.parent


def forbidden(place: FilePosition, path: Path, others: int = 0) -> Finding:
    """The finding; others: how many more files are closed in the same way."""
    barrier = access_barrier(path)
    values = {
        "path": str(barrier.path),
        "user": barrier.user,
        "owner": barrier.owner,
        "group": barrier.group,
        "mode": f"{barrier.mode:04o}",
        "more": str(others),
    }
    return Finding(place, "forbidden_more" if others else "forbidden", values)


def merge_denied(findings: Sequence[Finding]) -> list[Finding]:
    """One finding for all files that may not be read, and no other: the rest mostly follows from them."""
    denied = [
        finding for finding in findings if finding.message == "forbidden" or finding.values.get("detail") == _DENIED
    ]
    if not denied:
        return list(findings)
    first = denied[0]
    files = {_path(finding) for finding in denied}
    return [forbidden(first.place, Path(_path(first)), len(files) - 1)]


def _path(finding: Finding) -> str:
    return str(finding.values.get("path", finding.place.file))


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group_name(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
