"""Signed rows while the agent runs, corrections and scores handed out: read from the ledger's file, written through
the commit queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from agent.clock import Clock
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.engine.upkeep.maintenance import ListOnly
from agent.ledger.history.recorded import stamp
from agent.ledger.reader import Reader
from agent.ledger.signed import score_issues
from agent.ledger.signed.amendments import Correction, DatedAmendment, amendment, read
from agent.ledger.signed.score_issues import DatedScoreIssue, ScoreIssue

_Answer = TypeVar("_Answer")


class Amendments:
    """Corrections of the running agent's ledger, and the packages of scores that were made from it."""

    def __init__(self, directory: Path, commit_queue: CommitQueue, clock: Clock) -> None:
        self._directory = directory
        self._commit_queue = commit_queue
        self._clock = clock

    async def order(self, order: Correction | ListOnly) -> tuple[DatedAmendment, ...]:
        """Write a correction, unless they are only to be listed; returns every correction. LedgerError says why not."""
        if isinstance(order, Correction):
            row = await self._read(lambda reader: amendment(reader, order, stamp(self._clock)))
            await self._commit_queue.record(lambda: row)
        return await self._read(read)

    async def issue_score(self, order: ScoreIssue | ListOnly) -> tuple[DatedScoreIssue, ...]:
        """Write the row unless it is there, or they are only to be listed; returns all. LedgerError says why not."""
        if isinstance(order, ScoreIssue):
            row = await self._read(lambda reader: score_issues.issue_row(reader, order, stamp(self._clock)))
            if row is not None:
                await self._commit_queue.record(lambda: row)
        return await self._read(score_issues.read)

    async def _read(self, query: Callable[[Reader], _Answer]) -> _Answer:
        return await asyncio.to_thread(_run, self._directory, query)


def _run(directory: Path, query: Callable[[Reader], _Answer]) -> _Answer:
    reader = Reader.open(directory)
    try:
        return query(reader)
    finally:
        reader.close()
