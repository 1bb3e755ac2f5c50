"""Whether a ledger is what was written: the whole chain, its contents, and the anchor outside the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw

from agent.errors import LedgerError
from agent.ledger import heartbeat
from agent.ledger.codec import GENESIS, Encoded
from agent.ledger.heartbeat import Beat
from agent.ledger.reading import Link, Reader, check_anchor, first_break
from agent.ledger.schema import HEARTBEAT_NAME, of_kinds


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found. rows: how many rows were looked at; first_bad_seq: None when no single row is to blame."""

    ok: bool
    rows: int
    first_bad_seq: int | None
    message: str


Progress = Callable[[int, int], None]
"""Called with the rows looked at and those the heartbeat knows."""

_STEP = 2_000


def _nobody(_done: int, _all: int) -> None:
    """Nobody watches."""


class _Count:
    """Passes links on and counts them."""

    def __init__(self, links: Iterator[Link], total: int, progress: Progress) -> None:
        self._links = links
        self._total = total
        self._progress = progress
        self.rows = 0

    def __iter__(self) -> Iterator[Link]:
        for one in self._links:
            self.rows += 1
            if self.rows % _STEP == 0:
                self._progress(self.rows, self._total)
            yield one


def verify(directory: Path, progress: Progress = _nobody) -> Verification:
    """Check every row against the chain, every content against its hash, the end against the heartbeat.

    Reads only, also beside a running agent. LedgerError if there is no ledger of this version.
    """
    anchor = heartbeat.read(directory / HEARTBEAT_NAME)  # before the rows: the anchor is never ahead of them
    reader = Reader.open(directory)
    try:
        return _verify(reader, anchor, progress)
    finally:
        reader.close()


def _verify(reader: Reader, anchor: Beat | None, progress: Progress) -> Verification:
    chain = _Count(reader.links(), 0 if anchor is None else anchor.seq, progress)
    try:
        bad = first_break(Link(0, 0, Encoded("", None, None, ""), GENESIS), chain)
        if bad is not None:
            return Verification(ok=False, rows=chain.rows, first_bad_seq=bad[0], message=f"row {bad[0]}: {bad[1]}")
        reader.select(of_kinds("content"))  # reads each with its bytes, and checks them
        _check_end(reader, anchor, chain.rows)
        if faults := reader.faults():
            return Verification(ok=False, rows=chain.rows, first_bad_seq=None, message=f"the file is damaged: {faults}")
    except (apsw.Error, LedgerError) as error:
        return Verification(ok=False, rows=chain.rows, first_bad_seq=None, message=str(error))
    return Verification(ok=True, rows=chain.rows, first_bad_seq=None, message=f"{chain.rows} rows, all as written")


def _check_end(reader: Reader, anchor: Beat | None, rows: int) -> None:
    if anchor is None:
        raise LedgerError(f"no whole heartbeat: the chain of {rows} rows hangs together, but a cut end would not show")
    if anchor.seq:
        check_anchor(anchor, reader.hash_of(anchor.seq))
