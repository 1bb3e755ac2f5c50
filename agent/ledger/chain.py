"""The chain: whether rows follow one another as they were written, and their columns say what their bodies say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from agent.errors import Damage, LedgerDamagedError
from agent.explain import ledger_errors
from agent.ledger.codec import GENESIS, fault_of, hashed
from agent.text import Translatable

Raw = tuple[int, int, str, str | None, int | None, str, bytes]
"""Seq, run, kind, target, instant, body and hash of a row, as the file has them."""

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""


def no_progress(_done: int, _all: int) -> None:
    """For a call that is not followed."""


_STEP = 2_000


@dataclass(slots=True)
class Chain:
    """How far the rows were found to fit, and what the next one has to follow on.

    contents: rows that name a content nobody has looked at yet, with its hash.
    """

    seq: int = 0
    run: int = 0
    hash: bytes = GENESIS
    contents: list[tuple[int, str]] = field(default_factory=list)

    def follow(self, rows: Iterable[Raw], step: Callable[[int], object]) -> None:
        """Go on over the rows after the last one. LedgerDamagedError, with its number, at the first that does not fit.

        step: told every 2,000 rows how many there were.
        """
        coming = iter(rows)
        try:
            while part := list(islice(coming, _STEP)):
                self._fit(part)
                step(self.seq)
        except UnicodeDecodeError as error:
            raise damaged(self.seq + 1, Damage.KIND, ledger_errors.HOLDS_NO_TEXT.filled(why=error.reason)) from error

    def _fit(self, part: Sequence[Raw]) -> None:
        """In one loop of few steps: there are millions of rows."""
        seq, run, previous = self.seq, self.run, self.hash
        for number, of_run, kind, target, at_ms, body, digest in part:
            seq += 1
            if number != seq:
                raise damaged(seq, Damage.MISSING, ledger_errors.ROW_MISSING.filled(row=seq))
            if kind == "agent_run":
                run = seq
            try:
                previous = hashed(previous, seq, run, kind, target, at_ms, body)
            except TypeError as error:
                raise damaged(seq, Damage.KIND, ledger_errors.VALUES_OF_WRONG_KIND) from error
            if previous != digest or of_run != run:
                raise damaged(seq, Damage.EDITED, ledger_errors.OTHER_HASH)
            if wrong := fault_of(kind, target, at_ms, body):
                raise damaged(seq, Damage.COLUMNS, ledger_errors.OTHER_COLUMNS.filled(why=wrong))
            if kind == "content":
                self.contents.append((seq, str(json.loads(body)["hash"])))
        self.seq, self.run, self.hash = seq, run, previous


def damaged(row: int, damage: Damage, why: Translatable) -> LedgerDamagedError:
    """The sentence about one row."""
    return LedgerDamagedError(ledger_errors.DAMAGED_AT.filled(row=row, why=why), damage, row)
