"""Scores that were handed out: by the hash of its manifest a package can be told from any other, for ever."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.availability.maintenance import ClockQuality
from agent.availability.periods import period_of
from agent.characters import is_blank, quoted
from agent.errors import LedgerError, SansangError
from agent.explain import ledger_errors
from agent.ledger.history.recorded import Recorded, Stamp, recorded
from agent.ledger.queries import RowQueries
from agent.ledger.rows import ScoreIssued
from agent.ledger.signed.maintenance import MAX_TEXT

_SHA256 = re.compile("[0-9a-f]{64}")
_MAY_BE_EMPTY = ("unit", "level")


@dataclass(frozen=True, slots=True)
class ScoreIssue:
    """What somebody hands out; the fields are those of ScoreIssued without its clocks."""

    manifest: str
    sheet: str
    sheet_digest: str
    period: str
    unit: str
    level: str
    units: str
    as_of_seq: int
    as_of_wall_ms: int
    who: str


@dataclass(frozen=True, slots=True)
class DatedScoreIssue:
    """A row in its place, and when it was recorded."""

    seq: int
    row: ScoreIssued
    recorded: Recorded

    @property
    def wall_ms(self) -> int:
        """When it was recorded, for people."""
        known = self.recorded.quality is not ClockQuality.UNSYNCHRONISED
        return self.recorded.at_ms if known else self.row.recorded_wall_ms


def read(source: RowQueries) -> tuple[DatedScoreIssue, ...]:
    """Every row of scores that were handed out, oldest first."""
    dates = recorded(source)
    return tuple(DatedScoreIssue(stored.seq, stored.row, dates[stored.seq]) for stored in source.only(ScoreIssued))


def issue_row(source: RowQueries, issue: ScoreIssue, now: Stamp) -> ScoreIssued | None:
    """The row to write; None where that manifest is recorded already. LedgerError for what cannot be meant."""
    _check(source, issue)
    if any(stored.row.manifest == issue.manifest for stored in source.only(ScoreIssued)):
        return None
    return ScoreIssued(
        manifest=issue.manifest,
        sheet=issue.sheet,
        sheet_digest=issue.sheet_digest,
        period=issue.period,
        unit=issue.unit,
        level=issue.level,
        units=issue.units,
        as_of_seq=issue.as_of_seq,
        as_of_wall_ms=issue.as_of_wall_ms,
        recorded_wall_ms=now.wall_ms,
        who=issue.who,
        boot_id=now.boot_id,
        boottime_ms=now.boottime_ms,
        synchronised=now.synchronised,
    )


def _check(source: RowQueries, issue: ScoreIssue) -> None:
    for name in ("manifest", "sheet_digest"):
        if not _SHA256.fullmatch(getattr(issue, name)):
            raise LedgerError(ledger_errors.NO_SHA256.filled(name=name, value=quoted(getattr(issue, name)[:80])))
    for name in ("sheet", "unit", "level", "units", "who"):
        text = getattr(issue, name)
        if len(text) > MAX_TEXT or (name not in _MAY_BE_EMPTY and is_blank(text)):
            raise LedgerError(ledger_errors.NOT_SIGNED.filled(name=name, most=MAX_TEXT))
    try:
        period_of(issue.period)
    except SansangError as error:
        raise LedgerError(error.text) from error
    if source.row(issue.as_of_seq) is None:
        raise LedgerError(ledger_errors.NO_ROW.filled(row=issue.as_of_seq))
