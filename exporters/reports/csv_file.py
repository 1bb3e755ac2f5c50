"""A report as CSV: one row for each target, for machines; yet no cell becomes a formula where a person opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agent.availability.figures import Figure, GroupFigures, Outage, Subject, Tally, TargetFigures
from agent.availability.instants import iso_utc
from agent.availability.several import joint_figures
from agent.characters import FORMULA_BEGINS, cleaned
from agent.reporting.report import UptimeReport
from exporters.reports import thresholds
from exporters.reports.formatting import exact
from exporters.reports.selection import terse
from exporters.reports.sheet_method import MOST_OF_PIECE

DANGEROUS = FORMULA_BEGINS


def csv_file(report: UptimeReport) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by, comma, CRLF, dots, instants in ISO.

    A report that was not verified has one more column, with the reason in each row. A selection and a repeat line of
    thousands of characters stand in the first row only: in each of a thousand they would be most of the file.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    columns = {**COLUMNS, "unverified": _unverified} if report.unverified else COLUMNS
    writer.writerow(columns)
    joint = joint_figures(report.targets)
    roles = {role.id: role for role in joint.roles}
    for number, target in enumerate(report.targets):
        role = None if target.beside else roles.get(target.subject.role)
        row = _TargetRow(report, target, number == 0, role, joint.overall)
        writer.writerow(column(row) for column in columns.values())
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before one that could be."""
    printable = cleaned(text)
    return f"'{printable}" if printable.lstrip(" ").startswith(DANGEROUS) or text.startswith(DANGEROUS) else printable


@dataclass(frozen=True, slots=True)
class _TargetRow:
    report: UptimeReport
    target: TargetFigures
    first: bool
    role: GroupFigures | None
    overall: GroupFigures

    @property
    def subject(self) -> Subject:
        return self.target.subject

    @property
    def amended(self) -> Figure | None:
        return None if self.target.amended is None else self.target.amended.availability

    @property
    def tally(self) -> Tally:
        return self.target.tally


def _percent(figure: Figure | None) -> str:
    return "" if figure is None else figure.percent(4)


def _slo(row: _TargetRow) -> str:
    slo = row.report.slos.get(row.target.target)
    return "" if slo is None else exact(slo)


def _causes(outages: Sequence[Outage]) -> str:
    """One word for each outage, in the order of outage_numbers; empty where none has a cause."""
    causes = ["-" if outage.site_cause is None else outage.site_cause.value for outage in outages]
    return " ".join(causes) if any(cause != "-" for cause in causes) else ""


def _corrections(row: _TargetRow) -> str:
    return " ".join(
        str(correction.seq) for correction in row.report.corrections if correction.target == row.target.target
    )


def _once(row: _TargetRow, text: str) -> str:
    """A long text in the first row only."""
    return text if row.first or len(text) <= MOST_OF_PIECE else ""


def _unverified(row: _TargetRow) -> str:
    return harmless(row.report.unverified)


def _joint_percent(group: GroupFigures | None, report: UptimeReport) -> str:
    return "" if group is None else _percent(group.availability(report.pooling))


def _joint_status(group: GroupFigures | None, report: UptimeReport) -> str:
    return "" if group is None else group.status(report.pooling).value


COLUMNS: Mapping[str, Callable[[_TargetRow], str | int]] = {
    "target": lambda row: harmless(row.subject.target),
    "name": lambda row: harmless(row.subject.name),
    "role": lambda row: harmless(row.subject.role),
    "site": lambda row: harmless(row.subject.site),
    "site_name": lambda row: harmless(row.subject.site_name),
    "unit": lambda row: harmless(row.subject.unit),
    "unit_name": lambda row: harmless(row.subject.unit_name),
    "level": lambda row: harmless(row.subject.level),
    "calendar": lambda row: harmless(row.target.calendar),
    "period_start": lambda row: iso_utc(row.report.start_ms),
    "period_end": lambda row: iso_utc(row.report.end_ms),
    "as_of": lambda row: iso_utc(row.report.as_of_ms),
    "status": lambda row: row.tally.status.value,
    "availability_percent": lambda row: _percent(row.tally.availability),
    "coverage_percent": lambda row: _percent(row.tally.coverage),
    "low_percent": lambda row: _percent(row.tally.low),
    "high_percent": lambda row: _percent(row.tally.high),
    "slo_percent": _slo,
    "slo_reached": lambda row: {True: "yes", False: "no", None: ""}[row.report.reached(row.target)],
    "scoring_ms": lambda row: row.tally.scoring_ms,
    "maintenance_ms": lambda row: row.tally.maintenance_ms,
    "unknown_ms": lambda row: row.tally.unknown_ms,
    "down_ms": lambda row: row.tally.down_ms,
    "degraded_ms": lambda row: row.tally.degraded_ms,
    "up_ms": lambda row: row.tally.up_ms,
    "outages": lambda row: len(row.target.outages),
    "longest_outage_ms": lambda row: row.target.longest_outage_ms,
    "soft_failures": lambda row: row.target.soft_failures,
    "resolution_ms": lambda row: row.target.resolution_ms,
    "amended_availability_percent": lambda row: _percent(row.amended),
    "outage_numbers": lambda row: " ".join(str(outage.number) for outage in row.target.outages if outage.number),
    "corrections": _corrections,
    "shortest_seen_ms": lambda row: row.target.shortest_seen_ms,
    "thresholds": lambda row: "; ".join(dict.fromkeys(map(thresholds.terse, row.target.in_force))),
    "selection": lambda row: _once(row, harmless(terse(row.report.request))),
    "repeat": lambda row: _once(row, harmless(row.report.rerun)),
    "ledger_head": lambda row: row.report.provenance.anchor,
    "breaks": lambda row: ";".join(sorted({break_.kind.value for break_ in row.report.breaks})),
    "outage_causes": lambda row: _causes(row.target.outages),
    "pooling": lambda row: row.report.pooling.value,
    "role_availability_percent": lambda row: _joint_percent(row.role, row.report),
    "role_status": lambda row: _joint_status(row.role, row.report),
    "overall_availability_percent": lambda row: _joint_percent(row.overall, row.report),
    "overall_status": lambda row: _joint_status(row.overall, row.report),
    "units": lambda row: row.report.units.value,
}
"""Heading and value of each column, in the order of the file."""
