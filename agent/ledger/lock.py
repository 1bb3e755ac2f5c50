"""One writer at a time: the lock beside the ledger. Loads nothing heavy, so that who comes second is told at once."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import LedgerBusyError, LedgerError
from agent.explain import ledger_errors
from agent.explain.system_errors import system_text

LOCK_NAME = "ledger.lock"


def take(directory: Path) -> int:
    """The ledger's lock, to be closed; the directory is made (0700) if there is none.

    LedgerBusyError while another agent holds it, LedgerError where the directory cannot be used.
    """
    try:
        _make_directory(directory)
        return _lock(directory)
    except OSError as error:
        raise LedgerError(ledger_errors.NOT_OPENED.filled(place=directory, why=system_text(error))) from error


def kept(directory: Path, lock: int) -> int:
    """The lock that somebody holds, taken anew where its file was deleted or replaced; then the old one is closed.

    LedgerBusyError: another agent was faster.
    """
    try:
        if os.path.samestat((directory / LOCK_NAME).stat(), os.fstat(lock)):
            return lock
    except FileNotFoundError:
        pass
    except OSError:
        return lock  # a disk that cannot be asked contradicts nothing
    anew = take(directory)
    os.close(lock)
    return anew


@contextmanager
def lock_of(directory: Path) -> Iterator[None]:
    """Hold the ledger's lock; LedgerBusyError while an agent holds it."""
    descriptor = take(directory)
    try:
        yield
    finally:
        os.close(descriptor)


def check_owner(directory: Path) -> None:
    """LedgerError if there is no ledger, or it is another user's."""
    try:
        owner = directory.stat().st_uid
    except OSError as error:
        raise LedgerError(ledger_errors.NOT_SEEN.filled(place=directory, why=system_text(error))) from error
    if owner != os.geteuid():
        raise LedgerError(ledger_errors.NOT_OURS.filled(place=directory))


def _make_directory(directory: Path) -> None:
    if not directory.is_dir():
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)


def _lock(directory: Path) -> int:
    try:
        descriptor = os.open(directory / LOCK_NAME, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOSPC):
            raise
        descriptor = os.open(directory / LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise LedgerBusyError(ledger_errors.BUSY.filled(place=directory)) from None
    return descriptor
