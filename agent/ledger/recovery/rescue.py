"""A ledger whose file was taken from under the running agent: its rows are still behind the open connection."""

from __future__ import annotations

import os
from pathlib import Path

import apsw

from agent.explain import ledger_errors
from agent.ledger import heartbeat
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.recovery.exchange import exchange, prepared
from agent.ledger.recovery.quarantine import QuarantinedLedger, make_quarantine_folder
from agent.ledger.schema import FILE_NAME, HEARTBEAT_NAME

TAKEN, RESCUED = ledger_errors.TAKEN.en, ledger_errors.RESCUED.en


def rescue(directory: Path, db: apsw.Connection, newest: Heartbeat, wall_ms: int) -> QuarantinedLedger:
    """Copy the rows into a new file in the ledger's place; what lies there is set aside. For whoever holds the lock.

    The connection still has the old file afterwards, to be closed. OSError, apsw.Error: the place is as it was.
    """
    fresh = prepared(directory)
    os.close(os.open(fresh / FILE_NAME, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    copy = apsw.Connection(str(fresh / FILE_NAME), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        copy.pragma("synchronous", "full")
        with copy.backup("main", db, "main") as backup:
            backup.step()
        copy.pragma("journal_mode", "delete")  # one file, no log beside it
    finally:
        copy.close()
    heartbeat.beat(fresh / HEARTBEAT_NAME, newest)
    place = make_quarantine_folder(directory, TAKEN, RESCUED, wall_ms)
    exchange(directory, fresh, place)
    return QuarantinedLedger(TAKEN, place, RESCUED)
