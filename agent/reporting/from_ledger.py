"""A question about uptime to its report, out of the ledger as it lies there, beside a running agent or without one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agent.availability.accounting import ReportTerms
from agent.availability.figures import Report
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.explain.ledger import mark
from agent.inventory.entities import Organisation
from agent.ledger.history.position import AsOf, position_as_of, position_now
from agent.ledger.integrity.verify import VerifiedPrefix, verified
from agent.reporting.builder import ReportQuery
from agent.reporting.context import Setting
from agent.reporting.ledger_context import setting_of, with_breaks
from agent.reporting.ledger_report import report
from agent.reporting.request import ReportRequest


def report_from_ledger(
    directory: Path,
    organisation: Organisation,
    question: ReportRequest,
    now_ms: int,
    vouched: VerifiedPrefix | None = None,
) -> tuple[Report, Setting]:
    """Read only, and verified from the first row by the reader that counts, or from where ``vouched`` knows it.

    SansangError for what is no period or no calendar, LedgerDamagedError for a ledger that is not what was written,
    LedgerError for one that cannot be read.
    """
    first, after = period_of(question.period)
    zone, observer = organisation.timezone, organisation.observer
    with verified(directory, anyway=question.unverified, vouched=vouched) as ledger:
        reader, alive = ledger.reader, ledger.alive
        asked = question.as_of
        stand = position_now(reader, alive, now_ms) if asked is None else position_as_of(reader, alive, asked, now_ms)
        terms = ReportTerms(first_instant(zone, first), first_instant(zone, after), stand.at_ms)
        selection = question.roles, question.sites, question.targets
        query = ReportQuery(terms, zone, observer, question.calendar, *selection, question.by)
        then = reader.up_to(stand.seq)
        counted = report(then, stand.alive, query)
        found = replace(counted, unverified=mark(ledger.wrong, question.language))
        setting = setting_of(then, found, observer, question.language)
        setting = with_breaks(setting, then, found, stand.alive)
        return found, replace(setting, asked=_again(question, found))


def _again(question: ReportRequest, report: Report) -> ReportRequest:
    """The question that has this answer for ever; of an empty ledger there is no row to name."""
    source = report.provenance
    return replace(question, as_of=AsOf(source.last_seq, report.as_of_ms) if source.head else None)
