"""Uptime from a Prometheus-compatible store instead of the ledger, for the targets of the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agent.availability.figures import Report, Subject
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.cli.clients.prometheus_api import chunks, twins
from agent.errors import SansangError
from agent.inventory.entities import Inventory
from agent.model import Selection
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


def from_store(url: str, inventory: Inventory, period: str, selection: Selection, now_ms: int) -> Report:
    """SansangError if the store does not answer, or knows none of the targets chosen."""
    zone = inventory.organisation.timezone
    start, end = (first_instant(zone, day) for day in period_of(period))
    subjects = {one.target: one for one in _subjects(inventory, selection)}
    shares = StateShares(start, end)
    try:
        for chunk in chunks(url, start, min(end, now_ms), len(inventory.targets)):
            shares.add(one for one in chunk if one.target in subjects)
    except ValueError as error:
        raise SansangError(_SEVERAL.filled(url=url, why=error)) from error
    report = replace(shares.report(subjects, now_ms, zone), left_out=len(inventory.targets) - len(subjects))
    if not report.targets:
        raise SansangError(_NOTHING.filled(url=url, period=period))
    return report


def _subjects(inventory: Inventory, selection: Selection) -> Iterator[Subject]:
    sites = {site.id: site.name for site in inventory.sites}
    units = {unit.id: (unit.name, unit.level) for unit in inventory.units}
    for one in inventory.targets:
        if selection.matches(one):
            names = units.get(one.unit, ("", ""))
            yield Subject(one.id, one.name, one.role, one.site, sites.get(one.site, ""), one.unit, *names)
