"""A question about uptime to its report, out of the ledger as it lies there, beside a running agent or without one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent.availability.accounting import Terms
from agent.availability.figures import Report
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.inventory.entities import Organisation
from agent.ledger.heartbeat import Beat
from agent.ledger.heartbeat import read as read_beat
from agent.ledger.reading import Reader
from agent.ledger.schema import HEARTBEAT_NAME
from exporters.reports.ledger_book import Query
from exporters.reports.ledger_report import report
from exporters.reports.ledger_setting import setting_of
from exporters.reports.setting import Setting

_BEAT_IS_FRESH_MS = 60_000


@dataclass(frozen=True, slots=True)
class Question:
    """period as people write it; empty: all roles, sites and targets, and each target in its own calendar."""

    period: str
    language: str = "vi"
    calendar: str = ""
    roles: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    by: str = "target"


def answer_from(directory: Path, organisation: Organisation, question: Question, now_ms: int) -> tuple[Report, Setting]:
    """Read only. SansangError for what is no period or no calendar, LedgerError for a ledger that cannot be read."""
    first, after = period_of(question.period)
    zone, observer = organisation.timezone, organisation.observer
    reader = Reader.open(directory)
    try:
        alive = read_beat(directory / HEARTBEAT_NAME)
        terms = Terms(first_instant(zone, first), first_instant(zone, after), _as_of(alive, now_ms))
        selection = question.roles, question.sites, question.targets
        found = report(reader, alive, Query(terms, zone, observer, question.calendar, *selection, question.by))
        return found, setting_of(reader, found, observer, question.language)
    finally:
        reader.close()


def _as_of(alive: Beat | None, now_ms: int) -> int:
    """Now; beside a running agent its last heartbeat, because no row vouches yet for the seconds since."""
    if alive is not None and 0 <= now_ms - alive.wall_ms < _BEAT_IS_FRESH_MS:
        return alive.wall_ms
    return now_ms
