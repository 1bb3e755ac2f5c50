"""What a report was asked to leave out, in words: it stands wherever the report has a title."""

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
    """For a title: "" where nothing is left out; of long lists the beginning."""
    asked = report.request
    if asked is None or not (asked.selection or asked.calendar):
        return ""
    return _said(report, asked, _IN_A_TITLE)


def selection_text(report: UptimeReport) -> str:
    """All of it, also that nothing was left out; "" where nobody asked (a replay)."""
    asked = report.request
    return "" if asked is None else _said(report, asked, None) or _EVERYTHING.to(report.language)


def terse(asked: ReportRequest | None) -> str:
    """For programs: ``role=uplink; site=a``; "" where nothing is left out."""
    if asked is None:
        return ""
    chosen = asked.selection
    named = (
        ("role", chosen.roles),
        ("site", chosen.sites),
        ("target", chosen.targets),
        ("calendar", (asked.calendar,)),
    )
    return "; ".join(f"{name}={value}" for name, values in named for value in values if value)


def _said(report: UptimeReport, asked: ReportRequest, most: int | None) -> str:
    say = report.language
    parts = []
    if asked.selection:
        only = _ONLY.to(say).format("; ".join(_chosen(report, asked, say, most)))
        there = len(report.targets)
        parts.append(only + _COUNTED.to(say).format(there, there + report.left_out))
    if asked.calendar:
        parts.append(_CALENDAR.to(say).format(calendar_name(asked.calendar, say)))
    return ". ".join(parts)


def _chosen(report: UptimeReport, asked: ReportRequest, say: str, most: int | None) -> Iterator[str]:
    subjects = [one.subject for one in report.targets]
    sites = {one.site: site_name(one) for one in subjects}
    targets = {one.target: target_name(one) for one in subjects}
    named = (
        (_ROLE, [role_name(role, say) for role in asked.selection.roles]),
        (_SITE, [_named(site, sites) for site in asked.selection.sites]),
        (_TARGET, [_named(target, targets) for target in asked.selection.targets]),
    )
    for words, names in named:
        if names:
            yield words.to(say).format(_listed(names, say, most))


def _listed(chosen: Sequence[str], say: str, most: int | None) -> str:
    shown = chosen[:most]
    hidden = len(chosen) - len(shown)
    listed = ", ".join(shown)
    return _MORE.to(say).format(listed, hidden) if hidden else listed


def _named(identity: str, names: Mapping[str, str]) -> str:
    name = names.get(identity, identity)
    return identity if name == identity else f"{name} ({identity})"
