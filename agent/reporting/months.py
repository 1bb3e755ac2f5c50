"""Availability and coverage of this month and the last, for the metrics: long work, and never done by a scrape."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.availability.figures import Figure, Report
from agent.availability.periods import MONTHS
from agent.inventory.entities import Organisation
from agent.ledger.integrity.verify import VerifiedPrefix
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest


@dataclass(frozen=True, slots=True)
class MonthShare:
    """A target's availability and coverage in a period; None where there is none."""

    period: str
    availability: float | None
    coverage: float | None


MonthShares = Mapping[str, Sequence[MonthShare]]
"""By target id."""

_LAST_MONTH_EVERY = 12  # turns: it changes only by rows that come late


class Months:
    """Each target in its own SLO calendar. Call it from one thread at a time.

    What it found whole itself stays in memory for an hour; then the ledger is verified from its first row again.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._turn = 0
        self._vouched = VerifiedPrefix()
        self._last: tuple[str, Report] | None = None

    def shares(self, organisation: Organisation, now_ms: int) -> MonthShares:
        """Long work. LedgerError if the ledger cannot be read, LedgerDamagedError if it is not what was written."""
        if self._turn % _LAST_MONTH_EVERY == 0:
            self._vouched = VerifiedPrefix()
        this, last = _names(organisation.timezone, now_ms)
        if self._last is None or self._last[0] != last or self._turn % _LAST_MONTH_EVERY == 0:
            self._last = last, self._report(organisation, last, now_ms)
        self._turn += 1
        shares: dict[str, list[MonthShare]] = defaultdict(list)
        reports = self._report(organisation, this, now_ms), self._last[1]
        for period, report in zip(MONTHS, reports, strict=True):
            for target in report.targets:
                tally = target.tally
                shares[target.target].append(MonthShare(period, _number(tally.availability), _number(tally.coverage)))
        return shares

    def _report(self, organisation: Organisation, period: str, now_ms: int) -> Report:
        return report_from_ledger(self._directory, organisation, ReportRequest(period), now_ms, self._vouched)


def _names(zone: str, now_ms: int) -> tuple[str, str]:
    first = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(zone)).date().replace(day=1)
    return f"{first:%Y-%m}", f"{first - timedelta(days=1):%Y-%m}"


def _number(figure: Figure | None) -> float | None:
    return None if figure is None else figure.ratio
