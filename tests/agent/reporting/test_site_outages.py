"""Outages of whole sites in a report: the cause told by rows, as the running agent tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from agent.availability.calendar import Always
from agent.availability.intervals import Interval
from agent.availability.outage_cause import OutageCause
from agent.engine.upkeep.restored_state import restore_state
from agent.inventory.canonical import FigureInputs, canonical
from agent.inventory.entities import CanonicalForm, Inventory, Module, Organisation, Site
from agent.inventory.schema.rows import Unit
from agent.ledger.rows import AgentRun
from agent.ledger.store import Ledger
from agent.model import Component, ComponentFault, ComponentKind, DeviceReport, Reason, Role, Selection, State
from agent.probes.declared import ASKING_DEVICES
from agent.probes.registry import PROBES
from agent.reporting import site_outages
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest
from exporters.reports.csv_file import csv_file
from exporters.reports.html_page import html_page
from exporters.reports.json_file import json_file
from tests.agent.engine.devices.test_components import skip
from tests.agent.engine.world import POLICY, World, inventory, target
from tests.clock import TravellingClock

MINUTE, DAY = 60_000, 86_400_000
SWITCH, UPS = "a/switch-snmp", "a/ups-snmp"
TARGETS = [
    target("a/uplink", role=Role.UPLINK),
    target("a/portal", role=Role.PORTAL),
    target(SWITCH, role=Role.DEVICE, probe="asks"),
    target(UPS, role=Role.DEVICE, probe="asks"),
    target("b/uplink", role=Role.UPLINK),
]
ON_BATTERY = Component("power", ComponentKind.POWER, ComponentFault.ON_BATTERY)
CUTS = {10: "power", 40: "line", 70: "mixed", 100: "battery"}
"""Minute at which site a goes dark for ten minutes, and what happened."""


def plan() -> Inventory:
    targets = tuple(replace(one, module=one.probe) for one in TARGETS)
    whole = replace(inventory(targets), sites=tuple(Site(name, name, "u") for name in "ab"))
    modules = {name: Module(name, probe, POLICY, POLICY) for name, probe in (("fake", "icmp"), ("asks", "snmp"))}
    units = (Unit("u", "Xã A", "commune"),)
    figures = FigureInputs(whole.organisation, (), units, whole.sites, modules, targets, ())
    content = canonical(figures, {"always": Always()})
    return replace(whole, units=units, canonical_form=CanonicalForm(lambda: content))


def truth(who: str, at_ms: int) -> Reason:
    away = any(start * MINUTE <= at_ms < (start + 10) * MINUTE for start in CUTS)
    return Reason.TIMEOUT if away and who.startswith("a/") and who != "a/portal" else Reason.OK


def report_of(who: str, at_ms: int) -> DeviceReport | None:
    """The switch has no battery, the UPS's card runs on through all but the first cut."""
    if truth(who, at_ms) is not Reason.OK or who not in (SWITCH, UPS):
        return None
    restarts = {SWITCH: ("power", "mixed", "battery"), UPS: ("power",)}[who]
    begun = [(start + 9) * MINUTE for start, what in CUTS.items() if what in restarts]
    began = max((at for at in begun if at <= at_ms), default=-30 * DAY)
    parts = (ON_BATTERY,) if who == UPS and 95 * MINUTE <= at_ms < 112 * MINUTE else ()
    return DeviceReport(at_ms - began, None, parts)


@pytest.fixture
async def lived(tmp_path: Path) -> tuple[Path, Organisation, TravellingClock, list[str]]:
    """Two hours in a real ledger, with a restart of the agent in the last darkness; the causes told on the way."""
    clock, told = TravellingClock(), list[object]()
    began_ms = clock.boottime_ms()
    for minutes in (105, 30):
        ledger = Ledger.open(tmp_path, clock)
        ledger.append([AgentRun("local", clock.boot_id(), clock.boottime_ms(), clock.wall_ms(), True, "1")])
        known = restore_state(ledger, tmp_path, clock, "local", asked=[SWITCH, UPS])
        later = clock.boottime_ms() - began_ms
        world = World(lambda who, at, late=later: truth(who, at + late), known, clock=clock, ledger=ledger)  # type: ignore[misc]
        world.devices = lambda who, at, late=later: report_of(who, at + late)  # type: ignore[misc]
        await world.begin(plan())
        for _ in range(minutes // 5):
            await skip(world, 5)
            cause = world.outages["a"].cause if "a" in world.outages else None
            if cause is not None and world.outages["a"].end_wall_ms not in told:
                told += [world.outages["a"].end_wall_ms, cause.value]
        await world.engine.stop()
        ledger.close()
        clock.advance(60)
    return tmp_path, world.engine._inventory.organisation, clock, [word for word in told if isinstance(word, str)]


async def test_the_report_tells_what_the_agent_told(
    lived: tuple[Path, Organisation, TravellingClock, list[str]],
) -> None:
    directory, organisation, clock, told = lived
    assert told == ["power", "line", "unknown", "power"]
    report = report_from_ledger(directory, organisation, ReportRequest("2026-03"), clock.wall_ms())
    causes = {
        target.target: [outage.site_cause for outage in target.outages] for target in report.targets if target.outages
    }
    assert causes.keys() == {"a/uplink", SWITCH, UPS}
    first = [OutageCause.POWER, OutageCause.LINE, None, OutageCause.POWER]
    assert causes["a/uplink"][:4] == first
    assert set(causes["a/uplink"][4:]) <= {OutageCause.POWER}  # the part of the last one after the restart

    page, document = html_page(report), json.loads(json_file(report))
    assert ("mất điện" in page, "đứt đường truyền" in page) == (True, True)
    uplink = next(one for one in document["targets"] if one["target"] == "a/uplink")
    assert [outage["cause"] for outage in uplink["outages"]][:4] == ["power", "line", None, "power"]
    assert b"power line - power" in csv_file(report)

    assert report.request is not None
    again = report_from_ledger(directory, organisation, report.request, clock.wall_ms() + DAY)
    assert again.targets == report.targets


async def test_devices_stand_beside_what_is_counted_unless_asked_for(
    lived: tuple[Path, Organisation, TravellingClock, list[str]],
) -> None:
    directory, organisation, clock, _ = lived
    for selection, counted in (
        (Selection(), {"a": 2, "b": 1}),
        (Selection(roles=(Role.DEVICE,)), {"a": 2}),
        (Selection(targets=(SWITCH, "a/uplink")), {"a": 2}),
        (Selection(sites=("a",)), {"a": 2}),
    ):
        request = ReportRequest("2026-03", selection=selection, by="site")
        report = report_from_ledger(directory, organisation, request, clock.wall_ms())
        assert {group.id: group.targets for group in report.groups} == counted, selection
    assert {target.target for target in report.targets} == {"a/uplink", "a/portal", SWITCH, UPS}


def test_the_protocols_that_ask_devices_are_those_that_say_so() -> None:
    assert {name for name, spec in PROBES.items() if spec.silence_beside_ping is not None} == ASKING_DEVICES


@pytest.mark.parametrize(
    ("changes", "dark"),
    [
        ({"a": "0 up 10 down 20 up", "b": "0 up 12 down 25 up"}, [(12, 20)]),
        ({"a": "0 up 10 down 14 unknown 16 down 20 up", "b": "0 down"}, [(10, 20)]),
        ({"a": "0 unknown", "b": "0 up 5 down 9 up"}, [(5, 9)]),  # of one nothing was ever known
        ({"a": "0 up", "b": "0 up 5 down 9 up"}, []),
        ({"a": "0 up 5 down 6 degraded", "b": "0 up 5 down 6 up"}, [(5, 6)]),
        ({"a": "0 up 10 down"}, []),  # it has not ended
    ],
)
def test_where_a_site_is_dark(changes: Mapping[str, str], dark: list[tuple[int, int]]) -> None:
    assert list(site_outages.dark_spans(states(one) for one in changes.values())) == dark


def states(written: str) -> list[Interval]:
    words = written.split()
    starts = [int(at) for at in words[::2]]
    return [
        Interval(start, end, State[word.upper()], Reason.OK)
        for start, end, word in zip(starts, [*starts[1:], 100], words[1::2], strict=True)
    ]
