"""A question about uptime to its report, out of the ledger as it lies there, beside a running agent or without one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent.availability.accounting import Terms
from agent.availability.figures import Report
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.inventory.entities import Organisation
from agent.ledger.heartbeat import read as read_beat
from agent.ledger.reading import Reader
from agent.ledger.schema import HEARTBEAT_NAME
from agent.ledger.stand import AsOf, past, present
from exporters.reports.ledger_book import Query
from exporters.reports.ledger_report import report
from exporters.reports.ledger_setting import setting_of
from exporters.reports.setting import Setting


@dataclass(frozen=True, slots=True)
class Question:
    """period as people write it; empty: all roles, sites and targets, and each target in its own calendar.

    as_of: the ledger as it stood then, None: as it stands.
    """

    period: str
    language: str = "vi"
    calendar: str = ""
    roles: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    by: str = "target"
    as_of: AsOf | None = None


def answer_from(directory: Path, organisation: Organisation, question: Question, now_ms: int) -> tuple[Report, Setting]:
    """Read only. SansangError for what is no period or no calendar, LedgerError for a ledger that cannot be read."""
    first, after = period_of(question.period)
    zone, observer = organisation.timezone, organisation.observer
    reader = Reader.open(directory)
    try:
        alive = read_beat(directory / HEARTBEAT_NAME)
        asked = question.as_of
        stand = present(reader, alive, now_ms) if asked is None else past(reader, alive, asked, now_ms)
        terms = Terms(first_instant(zone, first), first_instant(zone, after), stand.at_ms)
        selection = question.roles, question.sites, question.targets
        query = Query(terms, zone, observer, question.calendar, *selection, question.by)
        with reader.up_to(stand.seq):
            found = report(reader, stand.alive, query)
            return found, setting_of(reader, found, observer, question.language)
    finally:
        reader.close()
