"""What made a command end, for the person who must act: which file, whose it is, and what to type."""

from __future__ import annotations

import os
import pwd
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.errors import FileError, ForbiddenError, LabError, LedgerDamagedError, SansangError
from agent.explain.ledger import refusal
from agent.explain.system_errors import why
from agent.inventory.sources.access import AccessBarrier, access_barrier
from agent.text import Text

NOT_AS_WRITTEN = 1
"""The exit code for a damaged ledger, as of `sansang ledger verify`."""
_OF_THE_OWNER = ("ledger", "maintenance", "amend", "run")  # write beside the ledger, as the user who owns it
_OF_THE_CONFIGURATION = ("check", "validate", "build", "export")  # read that and nothing that only the owner may
_FORBIDDEN = Text(
    "người dùng {user} không được phép dùng {path} (của {owner}, nhóm {group}, quyền {mode:04o})",
    "user {user} may not use {path} (of {owner}, group {group}, mode {mode:04o})",
)
_TYPE = Text("Hãy gõ:", "Type:")
_JOIN = Text("Hoặc cho người này vào nhóm rồi đăng nhập lại:", "Or put the user into the group, and log in again:")
_NOT_WRITTEN = Text("không ghi được {path}: {why}", "cannot write {path}: {why}")
_ELSEWHERE = Text("Hãy chọn một chỗ mà bạn được ghi", "Choose a place that you may write to")


def explain(error: Exception, language: str, given: Sequence[str]) -> str:
    """The sentences; "" for an error of the system that belongs to no file: a fault of this program."""
    if isinstance(error, FileError):
        return _of_file(error, language, given)
    if isinstance(error, OSError):
        return _of_system(error, language, given)
    cause = error.__cause__
    if isinstance(cause, PermissionError) and cause.filename and not isinstance(error, LabError):
        return _of_system(cause, language, given)
    return error.to(language) if isinstance(error, SansangError) else str(error)


def refuse_damaged(error: LedgerDamagedError, language: str) -> int:
    """Nothing is printed from a ledger that is not what was written: what is wrong, and what to do; the exit code."""
    sys.stderr.write(f"sansang: {refusal(error, language)}\n")
    return NOT_AS_WRITTEN


def what_to_type(error: ForbiddenError, language: str, given: Sequence[str]) -> str:
    """Below the faults of a configuration that may not be read."""
    return "\n".join(_ways(access_barrier(Path(error.path)), language, given))


def _of_file(error: FileError, language: str, given: Sequence[str]) -> str:
    if error.written:
        return not_written(error.path, error.cause, language)
    return _of_system(OSError(error.cause.errno, error.cause.strerror, str(error.path)), language, given)


def not_written(path: object, error: OSError, language: str) -> str:
    """The message for a file that could not be written."""
    text = _NOT_WRITTEN.to(language).format(path=path, why=why(error, language))
    return f"{text}. {_ELSEWHERE.to(language)}" if isinstance(error, PermissionError) else text


def _of_system(error: OSError, language: str, given: Sequence[str]) -> str:
    if error.filename is None:
        return ""
    path = os.fsdecode(error.filename)
    if not isinstance(error, PermissionError) or os.geteuid() == 0:
        return f"{path}: {why(error, language)}"
    barrier = access_barrier(Path(path))
    text = _FORBIDDEN.to(language).format(
        user=barrier.user, path=barrier.path, owner=barrier.owner, group=barrier.group, mode=barrier.mode
    )
    return "\n".join([text, *_ways(barrier, language, given)])


def _ways(barrier: AccessBarrier, language: str, given: Sequence[str]) -> list[str]:
    """Who may: the owner, root, and often a group."""
    if barrier.own:
        return [_TYPE.to(language), f"  {shlex.join(['chmod', 'u+rwX', str(barrier.path)])}"]
    lines = [_TYPE.to(language), f"  {_again(given, barrier)}"]
    if barrier.for_group and given[:1] and given[0] in _OF_THE_CONFIGURATION:
        lines += [_JOIN.to(language), f"  {shlex.join(['sudo', 'usermod', '-aG', barrier.group, barrier.user])}"]
    return lines


def _again(given: Sequence[str], barrier: AccessBarrier) -> str:
    """The same call with sudo: as the service's user where the command may write beside its ledger."""
    user = barrier.owner if barrier.owner != "root" else barrier.group
    served = given[:1] and given[0] in _OF_THE_OWNER and user != "root" and _is_user(user)
    return shlex.join(["sudo", *(("-u", user) if served else ()), "sansang", *given])


def through_sudo() -> bool:
    """Whether a person called this command with sudo: then the next one needs it too."""
    return "SUDO_USER" in os.environ


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
