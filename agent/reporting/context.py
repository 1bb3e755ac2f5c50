"""What a report is for people beside its figures: whose it is, in which language, what was promised and excluded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from agent.availability.figures import Report, Status, TargetFigures
from agent.availability.maintenance import BookedWindow
from agent.ledger.history.breaks import Break, OtherObserver
from agent.ledger.signed.amendments import DatedAmendment
from agent.reporting.request import ReportRequest, rerun_command


@dataclass(frozen=True, slots=True)
class Setting:
    """slos: promised percent by target id. levels: what a level is called, by its id.

    windows, corrections: all known ones.
    asked: the question, with the row and the instant that give the same report again; None where there was none.
    breaks: where the ledger's record breaks off in the period. others: other observers in the same ledger.
    """

    organisation: str = ""
    language: str = "vi"
    slos: Mapping[str, Fraction] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    windows: tuple[BookedWindow, ...] = ()
    corrections: tuple[DatedAmendment, ...] = ()
    breaks: tuple[Break, ...] = ()
    others: tuple[OtherObserver, ...] = ()
    asked: ReportRequest | None = None

    @property
    def repeat(self) -> str:
        """The command that makes the same report again; "" where there is none."""
        return rerun_command(self.asked) if self.asked is not None else ""

    def reached(self, target: TargetFigures) -> bool | None:
        """Whether a target kept what was promised; None without a promise or without enough data to tell."""
        slo, availability = self.slos.get(target.target), target.tally.availability
        if slo is None or availability is None or target.tally.status is not Status.OK:
            return None
        return availability.reaches(slo)

    def corrections_in(self, report: Report) -> tuple[DatedAmendment, ...]:
        """The corrections of what the report tells, in the order signed."""
        told = {one.target for one in report.targets}
        return tuple(
            one
            for one in self.corrections
            if one.target in told and one.row.start_wall_ms < report.end_ms and one.row.end_wall_ms > report.start_ms
        )

    def windows_in(self, report: Report) -> tuple[BookedWindow, ...]:
        """The windows that lie in the report's period, if only in part."""
        return tuple(
            one for one in self.windows if one.start_wall_ms < report.end_ms and one.end_wall_ms > report.start_ms
        )
