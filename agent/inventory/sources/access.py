"""Why a file may not be used by this user: which part of its path is closed, and whose that is."""

from __future__ import annotations

import errno
import grp
import os
import pwd
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

from agent.explain.system_errors import system_said
from agent.inventory.findings import FilePosition, Finding

_DENIED = system_said(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


@dataclass(frozen=True, slots=True)
class AccessBarrier:
    """What keeps this user out; names of users and groups, their numbers where they have none."""

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
    found = _closed(Path(os.path.realpath(path)))
    status, me = found.stat(), os.geteuid()
    mode = S_IMODE(status.st_mode)
    return AccessBarrier(
        path=found,
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
    found = access_barrier(path)
    values = {
        "path": str(found.path),
        "user": found.user,
        "owner": found.owner,
        "group": found.group,
        "mode": f"{found.mode:04o}",
        "more": str(others),
    }
    return Finding(place, "forbidden_more" if others else "forbidden", values)


def merge_denied(findings: Sequence[Finding]) -> list[Finding]:
    """Where something may not be read, that alone and once: what else is found then is mostly its doing."""
    denied = [one for one in findings if one.message == "forbidden" or one.values.get("detail") == _DENIED]
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
