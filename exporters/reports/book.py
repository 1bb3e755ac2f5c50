"""A report as the tables that people read."""

from __future__ import annotations

from agent.availability.figures import Report
from exporters.reports.cells import Book
from exporters.reports.selection import title_of
from exporters.reports.setting import Setting
from exporters.reports.sheet_breaks import breaks
from exporters.reports.sheet_corrections import corrections
from exporters.reports.sheet_events import excluded, outages
from exporters.reports.sheet_figures import base, sites, targets
from exporters.reports.sheet_groups import groups
from exporters.reports.sheet_method import method
from exporters.reports.sheet_summary import summary
from exporters.reports.sheet_thresholds import thresholds

_ORDER = (summary, groups, sites, targets, outages, excluded, corrections, breaks, base, thresholds, method)


def book(report: Report, setting: Setting) -> Book:
    """Every sheet, in the language of the setting and the zone of the report."""
    sheets = (sheet(report, setting) for sheet in _ORDER)
    present = tuple(one for one in sheets if one is not None)
    title = title_of(report, setting)
    return Book(setting.organisation, setting.language, report.zone, present, title, report.unverified)
