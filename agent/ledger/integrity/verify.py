"""Whether a ledger is what was written: the whole chain, its contents, its file, and the anchor outside the file.

Whoever makes figures of a ledger reads it within ``verified``: what is counted was looked at by the same reader, at the
same moment, over the same connection. Nothing in a file says that it was verified once; only what a process found
whole itself may stay in its memory (``VerifiedPrefix``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import apsw

from agent.clock import SystemClock
from agent.errors import Damage, LedgerDamagedError, LedgerError
from agent.explain import ledger_errors
from agent.explain.ledger import WHOLE
from agent.ledger import heartbeat
from agent.ledger.chain import Chain, Progress, no_progress
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.integrity.heartbeat_check import ClockReading, heartbeat_fault
from agent.ledger.reader import Reader, check_anchor
from agent.ledger.schema import HEARTBEAT_NAME, why_of
from agent.text import Translatable

_OF_THE_CHAIN = (Damage.MISSING, Damage.BEFORE, Damage.EDITED, Damage.COLUMNS, Damage.KIND)


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of looking at a ledger. rows: how many were looked at; first_bad_seq: None when the chain is whole."""

    ok: bool
    rows: int
    first_bad_seq: int | None
    sentence: Translatable

    @property
    def message(self) -> str:
        """In English."""
        return self.sentence.to("en")


@dataclass(frozen=True, slots=True)
class VerifiedLedger:
    """A ledger at one moment, the heartbeat of just before, and what is wrong with it: None where nothing is."""

    reader: Reader
    alive: Heartbeat | None
    rows: int
    wrong: LedgerDamagedError | None


class VerifiedPrefix:
    """How far this process itself found a ledger whole, in its memory alone; for one thread at a time.

    Only for what is counted again and again and handed to nobody: a byte that is changed below is not seen through it.
    Another file in the place, or another row at its end, and it begins at the first row again.
    """

    def __init__(self) -> None:
        self._file: tuple[int, int] | None = None
        self._chain = Chain()

    def known(self, reader: Reader) -> Chain:
        """What to go on from."""
        chain = self._chain
        if reader.file != self._file or (chain.seq and reader.hash_of(chain.seq) != chain.hash):
            return Chain()
        return replace(chain, contents=[])

    def keep(self, reader: Reader, chain: Chain) -> None:
        """It was whole up to there."""
        self._file, self._chain = reader.file, chain


@contextmanager
def verified(
    directory: Path, *, anyway: bool = False, vouched: VerifiedPrefix | None = None, progress: Progress = no_progress
) -> Iterator[VerifiedLedger]:
    """The ledger of that directory, open at one moment and looked at as a whole: read it within. Reads only.

    LedgerDamagedError where it is not what was written, unless anyway; LedgerError if there is none that can be read.
    """
    alive = heartbeat.read(directory / HEARTBEAT_NAME)  # before the rows: the anchor is never ahead of them
    reader = Reader.open(directory)
    try:
        with reader.at_one_moment():
            chain = Chain() if vouched is None else vouched.known(reader)
            wrong = _looked_at(reader, alive, chain, progress)
            if wrong is not None and not anyway:
                raise wrong
            if vouched is not None and wrong is None:
                vouched.keep(reader, chain)
            yield VerifiedLedger(reader, alive, chain.seq, wrong)
    finally:
        reader.close()


def verify(directory: Path, progress: Progress = no_progress) -> Verification:
    """Check every row against the chain, every content against its hash, the end against the heartbeat.

    Reads only, also beside a running agent. LedgerError if there is no ledger of this version.
    """
    with verified(directory, anyway=True, progress=progress) as ledger:
        return verification(ledger)


def verification(ledger: VerifiedLedger) -> Verification:
    """The result of looking at the ledger, in a sentence."""
    wrong = ledger.wrong
    if wrong is None:
        return Verification(ok=True, rows=ledger.rows, first_bad_seq=None, sentence=WHOLE.filled(rows=ledger.rows))
    bad = wrong.row if wrong.damage in _OF_THE_CHAIN else None
    return Verification(ok=False, rows=max(bad or ledger.rows, 0), first_bad_seq=bad, sentence=wrong)


def _looked_at(reader: Reader, alive: Heartbeat | None, chain: Chain, progress: Progress) -> LedgerDamagedError | None:
    total = 0 if alive is None else alive.seq
    step: Callable[[int], None] = lambda done: progress(done, total)  # noqa: E731 - half of a call
    try:
        reader.follow(chain, step)
        reader.check_contents(chain)
        reader.check_file()
        _check_end(reader, alive, chain.seq)
    except LedgerDamagedError as error:
        return error
    except (apsw.CorruptError, apsw.NotADBError, UnicodeDecodeError) as error:
        return LedgerDamagedError(ledger_errors.DATABASE_DAMAGED.filled(why=why_of(error)))
    except apsw.Error as error:
        raise LedgerError(ledger_errors.UNREADABLE.filled(why=why_of(error))) from error
    return None


def _check_end(reader: Reader, anchor: Heartbeat | None, rows: int) -> None:
    if anchor is None:
        raise LedgerDamagedError(ledger_errors.NO_HEARTBEAT.filled(rows=rows), Damage.UNPROVED)
    if anchor.seq:
        check_anchor(anchor, reader.hash_of(anchor.seq))
    clock = SystemClock()
    now = ClockReading(clock.boot_id(), clock.boottime_ms(), None)  # a wall clock set back accuses nobody
    if doubt := heartbeat_fault(reader, anchor, now):
        raise LedgerDamagedError(ledger_errors.HEARTBEAT_DOUBTED.filled(why=doubt), Damage.HEARTBEAT)
