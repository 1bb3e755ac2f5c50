"""What made a command end, for the person who must act: which file, whose it is, and what to type."""

from __future__ import annotations

import grp
import os
import pwd
import shlex
from collections.abc import Sequence
from pathlib import Path
from stat import S_IMODE, S_IRGRP

from agent.errors import FileError, LabError
from agent.explain.system_errors import why
from agent.explain.words import Words

_OF_THE_OWNER = ("ledger", "maintenance", "amend", "run")  # write beside the ledger, as the user who owns it
_FORBIDDEN = Words(
    "người dùng {user} không được phép dùng {path} (của {owner}, nhóm {group}, quyền {mode:04o})",
    "user {user} may not use {path} (of {owner}, group {group}, mode {mode:04o})",
)
_TYPE = Words("Hãy gõ:", "Type:")
_JOIN = Words("Hoặc cho người này vào nhóm rồi đăng nhập lại:", "Or put the user into the group, and log in again:")
_NOT_WRITTEN = Words("không ghi được {path}: {why}", "cannot write {path}: {why}")
_ELSEWHERE = Words("Hãy chọn một chỗ mà bạn được ghi.", "Choose a place that you may write to.")


def told(error: Exception, language: str, given: Sequence[str]) -> str:
    """The sentences; "" for an error of the system that belongs to no file: a fault of this program."""
    if isinstance(error, FileError):
        return _of_file(error, language, given)
    if isinstance(error, OSError):
        return _of_system(error, language, given)
    cause = error.__cause__
    if isinstance(cause, PermissionError) and cause.filename and not isinstance(error, LabError):
        return _of_system(cause, language, given)
    return str(error)


def _of_file(error: FileError, language: str, given: Sequence[str]) -> str:
    if not error.written:
        return _of_system(OSError(error.cause.errno, error.cause.strerror, str(error.path)), language, given)
    said = _NOT_WRITTEN.to(language).format(path=error.path, why=why(error.cause, language))
    return f"{said}. {_ELSEWHERE.to(language)}" if isinstance(error.cause, PermissionError) else said


def _of_system(error: OSError, language: str, given: Sequence[str]) -> str:
    if error.filename is None:
        return ""
    path = os.fsdecode(error.filename)
    if isinstance(error, PermissionError) and os.geteuid() != 0:
        return forbidden(Path(path), language, given)
    return f"{path}: {why(error, language)}"


def forbidden(path: Path, language: str, given: Sequence[str]) -> str:
    """Which part of the path is closed to this user, whose it is, and the command to type."""
    closed = _closed(path.absolute())
    status = closed.stat()
    owner, group = _user(status.st_uid), _group(status.st_gid)
    user, mode = _user(os.geteuid()), S_IMODE(status.st_mode)
    lines = [_FORBIDDEN.to(language).format(user=user, path=closed, owner=owner, group=group, mode=mode)]
    if status.st_uid == os.geteuid():
        return "\n".join([*lines, _TYPE.to(language), f"  {shlex.join(['chmod', 'u+rwX', str(closed)])}"])
    lines += [_TYPE.to(language), f"  {_again(given, owner, group)}"]
    if mode & S_IRGRP and status.st_gid != 0:
        lines += [_JOIN.to(language), f"  {shlex.join(['sudo', 'usermod', '-aG', group, user])}"]
    return "\n".join(lines)


def _closed(path: Path) -> Path:
    """The first folder on the way that may not be entered, else the file; its folder where it is still to be made."""
    for folder in reversed(path.parents):
        if not os.access(folder, os.X_OK):
            return folder
    return path if path.exists() else path.parent


def _again(given: Sequence[str], owner: str, group: str) -> str:
    """The same call with sudo: as the service's user where the command may write beside its ledger."""
    user = owner if owner != "root" else group
    served = given[:1] and given[0] in _OF_THE_OWNER and user != "root" and _is_user(user)
    return shlex.join(["sudo", *(("-u", user) if served else ()), "sansang", *given])


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
