"""`sansang ledger restore`: a copy takes the ledger's place, with a row that says who did it and what it replaced."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import apsw

from agent.clock import Clock, vouched
from agent.errors import LedgerDamagedError, LedgerError
from agent.explain import ledger_errors
from agent.ledger import heartbeat
from agent.ledger.integrity.verify import verify
from agent.ledger.lock import LOCK_NAME, lock_of
from agent.ledger.queries import Head
from agent.ledger.reader import Reader
from agent.ledger.recovery.backup import put_back
from agent.ledger.recovery.exchange import exchange, finish, prepared
from agent.ledger.recovery.quarantine import folder_of
from agent.ledger.rows import Restored
from agent.ledger.schema import FILE_NAME, HEARTBEAT_NAME, NotALedgerError, why_of
from agent.ledger.store import Ledger


class WholeLedgerError(LedgerError):
    """What lies there is whole, and would be replaced all the same."""


@dataclass(frozen=True, slots=True)
class Restoration:
    """How many rows are in place, where what lay there is kept, and what it was."""

    rows: int
    aside: Path
    replaced: Head
    forced: bool


def restore(directory: Path, copy: Path, clock: Clock, who: str, *, force: bool) -> Restoration:
    """Put a copy in the place of the ledger in that directory; what lay there is set aside whole.

    The row Restored goes to the end of the copy before it takes the place. A kill leaves the one ledger or the other.
    WholeLedgerError for a ledger with rows that is what was written, unless forced; LedgerError for a copy that is not
    good, while an agent runs, or if the disk refuses. Nothing is changed then.
    """
    verification = verify(copy)
    if not verification.ok:
        raise LedgerError(ledger_errors.NOT_A_GOOD_COPY.filled(place=copy, why=verification.sentence))
    with lock_of(directory):
        try:
            finish(directory)
            return _restored(directory, copy, clock, who, force=force)
        except OSError as error:
            raise LedgerError(ledger_errors.COPY_NOT_PUT.filled(place=directory, why=why_of(error))) from error


def _restored(directory: Path, copy: Path, clock: Clock, who: str, *, force: bool) -> Restoration:
    replaced = _head(directory)
    forced = replaced.seq > 0 and _whole(directory)
    if forced and not force:
        raise WholeLedgerError(ledger_errors.STILL_WHOLE.filled(place=directory, row=replaced.seq))
    aside = folder_of(directory, clock.wall_ms())
    fresh = prepared(directory)
    put_back(copy, fresh)
    ledger = Ledger.open(fresh, clock)
    try:
        row = _row(clock, who, copy.name, aside.name, replaced, forced=forced)
        rows = ledger.append([row]).seq
    finally:
        ledger.close()
    (fresh / LOCK_NAME).unlink()
    exchange(directory, fresh, aside)
    return Restoration(rows, aside, replaced, forced)


def _row(clock: Clock, who: str, copy: str, folder: str, replaced: Head, *, forced: bool) -> Restored:
    clocks = clock.wall_ms(), clock.boot_id(), clock.boottime_ms(), bool(vouched(clock))
    head = "" if not replaced.seq else replaced.hash.hex()
    return Restored(*clocks, who, copy, folder, replaced.seq, head, forced)


def _whole(directory: Path) -> bool:
    """Whether the ledger is whole. One of a newer version is: that this one cannot read it is no damage."""
    if not (directory / FILE_NAME).exists():
        return False
    try:
        return verify(directory).ok
    except (NotALedgerError, LedgerDamagedError):
        return False
    except LedgerError as error:
        return not isinstance(error.__cause__, apsw.Error)


def _head(directory: Path) -> Head:
    """The newest row of what lies there, else what its heartbeat knows; (0, b"") of nothing."""
    alive = heartbeat.read(directory / HEARTBEAT_NAME)
    known = Head(0, b"") if alive is None else Head(alive.seq, alive.hash)
    if not (directory / FILE_NAME).exists():
        return known
    try:
        reader = Reader.open(directory)
    except LedgerError:
        return known
    try:
        seq = reader.last_seq()
        return Head(seq, reader.hash_of(seq) or b"") if seq > known.seq else known
    except (apsw.Error, LedgerError):
        return known
    finally:
        reader.close()
