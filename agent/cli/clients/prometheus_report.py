"""Uptime from a Prometheus-compatible store instead of the ledger, for the targets of the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agent.availability.figures import Subject
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.cli.clients.prometheus_api import chunks, twins
from agent.errors import SansangError
from agent.inventory.entities import Inventory
from agent.model import Selection
from agent.reporting.report import UptimeReport
from agent.reporting.request import ReportRequest
from agent.reporting.state_seconds import StateShares
from agent.text import Text

_TWINS = Text(
    "{url}: hai máy giám sát cùng tên trạm quan sát {observer} trong kỳ này: {agents}. Số liệu của chúng lẫn vào nhau"
    " nên không lập báo cáo từ kho này; hãy lập từ sổ: bỏ --source. Dừng máy thừa hoặc đặt organisation.observer khác"
    " (cảnh báo SansangObserverTwice)",
    "{url}: two agents had the observer name {observer} in this period: {agents}. Their figures are mixed up, so that"
    " no report is made from this store; make it from the ledger: without --source. Stop one of them, or give it"
    " another organisation.observer (alert SansangObserverTwice)",
)

_SEVERAL = Text("{url}: trong kho có số liệu của nhiều máy giám sát cho cùng một mục tiêu", "{url}: {why}")
_NOTHING = Text(
    "{url}: kho không có gì về các mục tiêu này trong kỳ {period}",
    "{url}: the store has nothing of these targets in {period}",
)


def refuse_twins(url: str, inventory: Inventory, period: str, now_ms: int) -> None:
    """SansangError if two agents had the observer's name at once in the period, or the store does not answer."""
    zone, observer = inventory.organisation.timezone, inventory.organisation.observer
    start, end = (first_instant(zone, day) for day in period_of(period))
    if several := twins(url, observer, start, min(end, now_ms)):
        raise SansangError(_TWINS.filled(url=url, observer=observer, agents=", ".join(several)))


def from_store(url: str, inventory: Inventory, request: ReportRequest, now_ms: int) -> UptimeReport:
    """SansangError if the store does not answer, or knows none of the targets chosen."""
    organisation = inventory.organisation
    start, end = (first_instant(organisation.timezone, day) for day in period_of(request.period))
    subjects = {subject.target: subject for subject in _subjects(inventory, request.selection)}
    shares = StateShares(start, end)
    try:
        for chunk in chunks(url, start, min(end, now_ms), len(inventory.targets)):
            shares.add(series for series in chunk if series.target in subjects)
    except ValueError as error:
        raise SansangError(_SEVERAL.filled(url=url, why=error)) from error
    report = shares.report(subjects, now_ms, organisation.timezone)
    if not report.targets:
        raise SansangError(_NOTHING.filled(url=url, period=request.period))
    return replace(
        report,
        organisation=organisation.name,
        language=request.language,
        request=request,
        left_out=len(inventory.targets) - len(subjects),
    )


def _subjects(inventory: Inventory, selection: Selection) -> Iterator[Subject]:
    sites = {site.id: site.name for site in inventory.sites}
    units = {unit.id: (unit.name, unit.level) for unit in inventory.units}
    for target in inventory.targets:
        if selection.matches(target):
            names = units.get(target.unit, ("", ""))
            yield Subject(
                target.id, target.name, target.role, target.site, sites.get(target.site, ""), target.unit, *names
            )
