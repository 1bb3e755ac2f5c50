"""The selection of a report in words, shown wherever the report has a title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent.reporting.report import UptimeReport
from agent.reporting.request import ReportRequest
from agent.text import Text
from exporters.reports.names import calendar_name, role_name, site_name, target_name

_IN_A_TITLE = 3
_ONLY = Text("Chỉ gồm {}", "Only {}")
_COUNTED = Text(" ({} trong {} mục tiêu của kỳ)", " ({} of {} targets of the period)")
_CALENDAR = Text("Mọi mục tiêu tính theo lịch: {}", "All targets counted in the calendar: {}")
_EVERYTHING = Text("Toàn bộ mục tiêu, mỗi mục tiêu theo lịch của mình", "All targets, each in its own calendar")
_ROLE = Text("vai trò: {}", "role: {}")
_SITE = Text("điểm: {}", "site: {}")
_TARGET = Text("mục tiêu: {}", "target: {}")
_MORE = Text("{} và {} nữa", "{} and {} more")


def selection_title(report: UptimeReport) -> str:
    """The selection for a title, with long lists cut short; "" if nothing is left out."""
    request = report.request
    if request is None or not (request.selection or request.calendar):
        return ""
    return _sentences(report, request, _IN_A_TITLE)


def selection_text(report: UptimeReport) -> str:
    """The whole selection, also if nothing is left out; "" for a replay, which has no request."""
    request = report.request
    return "" if request is None else _sentences(report, request, None) or _EVERYTHING.to(report.language)


def terse(request: ReportRequest | None) -> str:
    """The selection for programs: ``role=uplink; site=a``; "" if nothing is left out."""
    if request is None:
        return ""
    selection = request.selection
    options = (
        ("role", selection.roles),
        ("site", selection.sites),
        ("target", selection.targets),
        ("calendar", (request.calendar,)),
    )
    return "; ".join(f"{name}={value}" for name, values in options for value in values if value)


def _sentences(report: UptimeReport, request: ReportRequest, most: int | None) -> str:
    language = report.language
    parts = []
    if request.selection:
        only = _ONLY.to(language).format("; ".join(_selected(report, request, language, most)))
        count = len(report.targets)
        parts.append(only + _COUNTED.to(language).format(count, count + report.left_out))
    if request.calendar:
        parts.append(_CALENDAR.to(language).format(calendar_name(request.calendar, language)))
    return ". ".join(parts)


def _selected(report: UptimeReport, request: ReportRequest, language: str, most: int | None) -> Iterator[str]:
    subjects = [target.subject for target in report.targets]
    sites = {subject.site: site_name(subject) for subject in subjects}
    targets = {subject.target: target_name(subject) for subject in subjects}
    parts = (
        (_ROLE, [role_name(role, language) for role in request.selection.roles]),
        (_SITE, [_named(site, sites) for site in request.selection.sites]),
        (_TARGET, [_named(target, targets) for target in request.selection.targets]),
    )
    for words, names in parts:
        if names:
            yield words.to(language).format(_listed(names, language, most))


def _listed(names: Sequence[str], language: str, most: int | None) -> str:
    beginning = names[:most]
    hidden = len(names) - len(beginning)
    listed = ", ".join(beginning)
    return _MORE.to(language).format(listed, hidden) if hidden else listed


def _named(identity: str, names: Mapping[str, str]) -> str:
    name = names.get(identity, identity)
    return identity if name == identity else f"{name} ({identity})"
