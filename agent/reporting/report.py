"""An uptime report: its figures, whose it is, what was promised and excluded, and where its record breaks off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from agent.availability.figures import Pooling, Report, Status, TargetFigures
from agent.availability.maintenance import BookedWindow
from agent.ledger.history.breaks import Break, OtherObserver
from agent.ledger.signed.amendments import DatedAmendment
from agent.reporting.request import ReportRequest, rerun_command
from agent.reporting.unit_grouping import LateChange
from agent.scoring.evidence import UnitBasis


@dataclass(frozen=True, slots=True)
class UptimeReport(Report):
    """All that a rendering of a report needs.

    slos: promised percent by target id. levels: what a level is called, by its id.
    windows, corrections: those that touch the period, and of corrections those of its targets, in the order signed.
    request: with the row and the instant that give the same report again; None of a replay.
    breaks: where the ledger's record breaks off in the period. others: other observers in the same ledger.
    pooling: which of the two figures of several targets the first page shows; both are there.
    units: under which units it is grouped. late_changes: of units, recorded after their legal date.
    """

    organisation: str = ""
    language: str = "vi"
    slos: Mapping[str, Fraction] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    windows: tuple[BookedWindow, ...] = ()
    corrections: tuple[DatedAmendment, ...] = ()
    breaks: tuple[Break, ...] = ()
    others: tuple[OtherObserver, ...] = ()
    request: ReportRequest | None = None
    pooling: Pooling = Pooling.POOLED
    units: UnitBasis = UnitBasis.AS_WAS
    late_changes: tuple[LateChange, ...] = ()

    @property
    def rerun(self) -> str:
        """The command that makes the same report again; "" where there is none."""
        return rerun_command(self.request) if self.request is not None else ""

    def reached(self, target: TargetFigures) -> bool | None:
        """True if the target reached its SLO, False if not; None without an SLO or without enough data."""
        slo, availability = self.slos.get(target.target), target.tally.availability
        if slo is None or availability is None or target.tally.status is not Status.OK:
            return None
        return availability.reaches(slo)
