"""Three weeks of a commune's switch, its UPS and a printer that is not asked by SNMP, in a real ledger file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agent.inventory.entities import CanonicalForm, Inventory
from agent.ledger.rows import (
    AgentRun,
    ClockAnchor,
    ComponentChange,
    Configured,
    Content,
    DeviceSeen,
    Row,
    StateChange,
)
from agent.ledger.store import Ledger
from agent.model import Reason, Role, State
from tests.clock import TravellingClock
from tests.exporters.reports.sample import DAY, HOUR, at
from tests.exporters.sample import inventory, target

BEGIN, NOW = at("2026-11-01 00:00"), at("2026-11-22 00:00")
MINUTE = 60_000
CUT = BEGIN + 18 * DAY
HOSTILE = '=HYPERLINK("http://x")\x1b[31m\u202e'


def devices_inventory(folder: Path) -> Inventory:
    """The switch is pinged and asked by SNMP, the UPS asked alone, the printer pinged alone."""
    targets = (
        target("web", "a", Role.SERVICE, "http"),
        target("switch", "a", Role.LAN, title="Xã A: Bộ chuyển mạch"),
        target("switch-snmp", "a", Role.DEVICE, "snmp"),
        replace(target("ups", "a", Role.DEVICE, "snmp", title="Xã A: UPS"), address="127.0.0.2"),
        replace(target("printer", "b", Role.DEVICE, title="Xã B: Máy in"), address="127.0.0.3"),
    )
    made = inventory(*targets, name="Xã A")
    sites = tuple(replace(site, name=f"Xã {site.id.upper()}") for site in made.sites)
    units = tuple(replace(unit, name=f"Xã {unit.id[-1].upper()}") for unit in made.units)
    form = CanonicalForm(lambda: b"{}")
    return replace(made, sites=sites, units=units, storage_path=str(folder), canonical_form=form)


def seen(name: str, at_ms: int, uptime_ms: int, **said: str) -> DeviceSeen:
    facts = {"vendor": "HPE", "model": "1920-24G", "serial": "CN1", "firmware": "5.20", "hardware": "", "made_on": ""}
    return DeviceSeen(f"a/{name}", at_ms, uptime_ms, **(facts | said))


def part(name: str, at_ms: int, component: str, fault: str, text: str = "") -> ComponentChange:
    return ComponentChange(f"a/{name}", at_ms, component, fault, component.partition(":")[2], text)


def rows() -> list[Row]:
    """The switch began anew five times, its port 3 was down twice; the UPS of 2015 asks for a battery.

    On the eighth day the UPS ran on its battery; on the eighteenth the whole site was down.
    """
    switch: list[DeviceSeen | ComponentChange] = [
        seen("switch-snmp", BEGIN, 40 * DAY),
        *(seen("switch-snmp", BEGIN + day * DAY, 5 * MINUTE) for day in (3, 5, 8, 13)),
        seen("switch-snmp", BEGIN + 14 * DAY, DAY + 5 * MINUTE, firmware="5.21"),
        seen("switch-snmp", CUT + HOUR, 5 * MINUTE + HOUR // 2, firmware="5.21"),
        part("switch-snmp", BEGIN + DAY, "port:3", "port_down", "Phòng họp"),
        part("switch-snmp", BEGIN + DAY + HOUR, "port:3", "", "Phòng họp"),
        part("switch-snmp", BEGIN + 20 * DAY, "port:3", "port_down", HOSTILE),
    ]
    ups: list[DeviceSeen | ComponentChange] = [
        seen("ups", BEGIN, 400 * DAY, vendor="Santak", model="C3KR", serial="S9", made_on="2015-05-01"),
        part("ups", BEGIN + 2 * DAY, "battery", "battery_replace"),
        part("ups", BEGIN + 8 * DAY - HOUR, "power", "on_battery"),
        part("ups", BEGIN + 8 * DAY - 6 * MINUTE, "power", ""),
    ]
    return [*sorted((*switch, *ups), key=lambda row: row.at_ms)]


def dark() -> list[Row]:
    """The site is down for half an hour."""
    names = ("a/switch", "a/switch-snmp", "a/ups")
    down = [StateChange(name, State.DOWN, Reason.TIMEOUT, CUT, CUT, CUT) for name in names]
    back = CUT + HOUR // 2
    return [*down, *(StateChange(name, State.UP, Reason.OK, back, back, back) for name in names)]


def devices_ledger(folder: Path) -> Inventory:
    """The inventory; its ledger lies in the folder, the agent that wrote it was killed at NOW."""
    made = devices_inventory(folder)
    ledger = Ledger.open(folder, TravellingClock())
    names = [one.id for one in made.targets]
    ledger.append([AgentRun("local", "boot", BEGIN, BEGIN, synchronised=True, version="0")])
    ledger.append(
        [
            Content(made.hash, "inventory", made.content),
            *(Configured(name, BEGIN, 60_000, 5_000, 30_000, 3, 1, made.hash) for name in names),
            *(StateChange(name, State.UP, Reason.OK, BEGIN, BEGIN + 20, BEGIN + 250) for name in names),
            *rows(),
            *dark(),
            StateChange("b/printer", State.DOWN, Reason.TIMEOUT, NOW - 5 * DAY, NOW - 5 * DAY, NOW - 5 * DAY + 250),
            ClockAnchor(NOW, NOW, synchronised=True),
        ]
    )
    ledger.close()
    return made
