"""A report as the tables that people read."""

from __future__ import annotations

from agent.explain.periods import instants_in_words
from agent.reporting.report import UptimeReport
from exporters.reports.cells import Workbook
from exporters.reports.selection import selection_title
from exporters.reports.sheet_breaks import breaks
from exporters.reports.sheet_corrections import corrections
from exporters.reports.sheet_events import excluded, outages
from exporters.reports.sheet_figures import base, groups, sites, targets
from exporters.reports.sheet_method import method
from exporters.reports.sheet_summary import summary
from exporters.reports.sheet_thresholds import thresholds
from exporters.reports.unit_bases import indices

_ORDER = (summary, groups, indices, sites, targets, outages, excluded, corrections, breaks, base, thresholds, method)


def build_workbook(report: UptimeReport) -> Workbook:
    """Every sheet, in the language of the report and the zone of the report."""
    sheets = (sheet(report) for sheet in _ORDER)
    present = tuple(sheet for sheet in sheets if sheet is not None)
    return Workbook(
        report.organisation,
        report.language,
        report.zone,
        present,
        selection_title(report),
        report.unverified,
        instants_in_words(report.start_ms, report.end_ms, report.zone).to(report.language),
    )
