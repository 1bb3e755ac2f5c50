"""A report as CSV: one row for each target, for machines; yet no cell becomes a formula where a person opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from agent.availability.figures import Figure, TargetFigures
from agent.availability.instants import iso_utc
from agent.characters import cleaned
from agent.reporting.report import UptimeReport
from exporters.reports import thresholds
from exporters.reports.formatting import exact
from exporters.reports.selection import terse
from exporters.reports.sheet_method import MOST_OF_PIECE

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # some spreadsheets read the wide forms alike
HEADINGS = (
    "target", "name", "role", "site", "site_name", "unit", "unit_name", "level", "calendar",
    "period_start", "period_end", "as_of", "status", "availability_percent", "coverage_percent", "low_percent",
    "high_percent", "slo_percent", "slo_reached", "scoring_ms", "maintenance_ms", "unknown_ms", "down_ms",
    "degraded_ms", "up_ms", "outages", "longest_outage_ms", "soft_failures", "resolution_ms",
    "amended_availability_percent", "outage_numbers", "corrections", "shortest_seen_ms", "thresholds", "selection",
    "repeat", "ledger_head", "breaks",
)  # fmt: skip


def csv_file(report: UptimeReport) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by, comma, CRLF, dots, instants in ISO.

    A report that was not verified has one more column, with the reason in each row. A selection and a repeat line of
    thousands of characters stand in the first row only: in each of a thousand they would be most of the file.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    mark = (harmless(report.unverified),) if report.unverified else ()
    writer.writerow((*HEADINGS, "unverified") if mark else HEADINGS)
    for number, target in enumerate(report.targets):
        writer.writerow((*_row(report, target, first=number == 0), *mark))
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before one that could be."""
    shown = cleaned(text)
    return f"'{shown}" if shown.lstrip(" ").startswith(DANGEROUS) or text.startswith(DANGEROUS) else shown


def _row(report: UptimeReport, target: TargetFigures, *, first: bool) -> Iterator[str | int]:
    one = target.subject
    names = (one.target, one.name, one.role, one.site, one.site_name, one.unit, one.unit_name, one.level)
    yield from (harmless(text) for text in (*names, target.calendar))
    yield from (iso_utc(report.start_ms), iso_utc(report.end_ms), iso_utc(report.as_of_ms), target.tally.status.value)
    yield from (_percent(figure) for figure in target.tally.figures)
    slo = report.slos.get(target.target)
    yield "" if slo is None else exact(slo)
    yield {True: "yes", False: "no", None: ""}[report.reached(target)]
    yield from target.tally.sums
    yield from (len(target.outages), target.longest_outage_ms, target.soft_failures, target.resolution_ms)
    yield _percent(target.amended.availability) if target.amended else ""
    yield " ".join(str(outage.number) for outage in target.outages if outage.number)
    yield " ".join(str(one.seq) for one in report.corrections if one.target == target.target)
    yield from (target.shortest_seen_ms, "; ".join(dict.fromkeys(map(thresholds.terse, target.in_force))))
    for text in (harmless(terse(report.request)), harmless(report.rerun)):
        yield text if first or len(text) <= MOST_OF_PIECE else ""
    yield report.provenance.anchor
    yield ";".join(sorted({one.kind.value for one in report.breaks}))


def _percent(figure: Figure | None) -> str:
    return "" if figure is None else figure.percent(4)
