"""What /metrics shows of devices: parts, boots, the LAN of a site, the last outage; and what they are counted in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.availability.outage_cause import OutageCause
from agent.engine.agent_stats import AgentStats
from agent.engine.snapshot import ComponentView, SiteOutageView, TargetView
from agent.model import Component, ComponentFault, ComponentKind, Reason, Role, State
from exporters import rendered
from exporters.prometheus import Exposition
from tests.exporters.sample import WALL_MS, inventory, target, view
from tests.exporters.test_prometheus import samples

LAN, ROOM = target("switch", role=Role.LAN), target("room", role=Role.CONFERENCE)
SWITCH = target("switch-snmp", role=Role.DEVICE, probe="tcp")
ALL = (LAN, ROOM, SWITCH)
UP = Component("port:Gi0/1", ComponentKind.PORT, None, "Gi0/1")
DOWN = Component("port:Gi0/3", ComponentKind.PORT, ComponentFault.PORT_DOWN, 'Phòng "họp"\n')
MAINS = Component("power", ComponentKind.POWER, ComponentFault.ON_BATTERY, "power")


@pytest.fixture(autouse=True)
def _tcp_asks_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendered, "asks_devices", lambda probe: probe == "tcp")


def parts(*components: Component, matter: bool = True, state: State = State.DEGRADED) -> TargetView:
    reason = Reason.COMPONENT_FAILED if state is State.DEGRADED else Reason.TIMEOUT
    shown = tuple(ComponentView(component, matter, WALL_MS) for component in components)
    return replace(view(SWITCH, state, None, reason), components=shown, booted_wall_ms=WALL_MS)


def exposed(*views: TargetView) -> Exposition:
    exposition = Exposition(inventory(*ALL), AgentStats)
    for one in views:
        exposition.update(one)
    return exposition


def test_parts_that_matter_are_shown_with_their_names() -> None:
    exposition = exposed(parts(UP, DOWN, MAINS))
    assert {key[0]: value for key, value in samples(exposition, "sansang_port_failed").items()} == {
        "Gi0/1": 0.0,
        'Phòng "họp" ': 1.0,
    }
    assert [key[0] for key in samples(exposition, "sansang_component_failed")] == ["power"]
    assert list(samples(exposition, "sansang_device_boot_timestamp_seconds").values()) == [round(WALL_MS / 1000)]


def test_a_fault_tells_since_when_and_nothing_else_does() -> None:
    exposition = exposed(parts(UP, DOWN, MAINS))
    since = round(WALL_MS / 1000)
    for name, label in (("port", 'Phòng "họp" '), ("component", "power")):
        found = samples(exposition, f"sansang_{name}_failed_since_timestamp_seconds")
        assert {key[0]: value for key, value in found.items()} == {label: since}


@pytest.mark.parametrize("shown", [parts(UP, DOWN, matter=False), parts(UP, DOWN, MAINS, state=State.DOWN)])
def test_what_does_not_matter_or_is_not_known_is_absent(shown: TargetView) -> None:
    exposition = exposed(shown)
    assert samples(exposition, "sansang_port_failed") == samples(exposition, "sansang_component_failed") == {}


def test_a_fault_known_before_a_restart_is_kept_while_unknown() -> None:
    assert list(samples(exposed(parts(DOWN, state=State.UNKNOWN)), "sansang_port_failed").values()) == [1.0]


def test_two_ports_of_one_name_are_one_series_and_the_worse_counts() -> None:
    twins = parts(replace(UP, name="x"), replace(DOWN, name="x"), replace(UP, name="x"))
    assert list(samples(exposed(twins), "sansang_port_failed").values()) == [1.0]


LAN_UP, LAN_DOWN, LAN_UNKNOWN = (view(LAN, state, None, reason) for state, reason in (
    (State.UP, Reason.OK), (State.DOWN, Reason.TIMEOUT), (State.UNKNOWN, Reason.NO_ROUTE)
))  # fmt: skip


@pytest.mark.parametrize(
    ("views", "ready"),
    [
        ((LAN_UP,), [1.0]),
        ((LAN_UP, parts(UP, MAINS)), [1.0]),
        ((LAN_UP, parts(UP, DOWN)), [0.0]),
        ((LAN_UP, parts(DOWN, matter=False)), [1.0]),
        ((LAN_UP, parts(DOWN), parts(UP)), [1.0]),
        ((LAN_UP, parts(DOWN, state=State.DOWN)), [1.0]),  # SNMP is silent: nobody knows of the port
        ((LAN_DOWN, parts(UP)), [0.0]),
        ((LAN_UNKNOWN, parts(UP)), []),
        ((parts(DOWN),), []),
    ],
)
def test_the_lan_of_a_site(views: tuple[TargetView, ...], ready: list[float]) -> None:
    assert list(samples(exposed(*views), "sansang_site_lan_ready").values()) == ready


def test_a_site_without_a_lan_target_has_no_lan_to_be_in_order() -> None:
    exposition = Exposition(inventory(ROOM, SWITCH), AgentStats)
    exposition.update(parts(DOWN))
    exposition.update(view(ROOM, State.UP, None, Reason.OK))
    assert samples(exposition, "sansang_site_lan_ready") == {}


def test_devices_are_counted_in_no_unit_and_in_no_readiness() -> None:
    silent = parts(state=State.DOWN)
    exposition = exposed(LAN_UP, view(ROOM, State.UP, None, Reason.OK), silent)
    assert list(samples(exposition, "sansang_site_ready").values()) == [1.0]
    assert {key[0] for key in samples(exposition, "sansang_unit_targets")} == {"lan", "conference"}

    asked_for = target("switch-snmp", role=Role.LAN, probe="tcp")
    exposition = Exposition(inventory(LAN, asked_for), AgentStats)
    assert samples(exposition, "sansang_unit_targets")["lan", "unknown", "unit-a"] == 2


def test_the_last_outage_of_a_site_is_shown_once_it_is_decided_and_after_a_reload() -> None:
    exposition = exposed()
    for end, cause, shown in (
        (None, None, []),
        (WALL_MS, None, []),
        (WALL_MS, OutageCause.POWER, [("power", "a")]),
        (WALL_MS + 9_000, OutageCause.LINE, [("line", "a")]),
    ):
        exposition.update_site_outage(SiteOutageView("a", WALL_MS - 9_000, end, cause))
        found = samples(exposition, "sansang_site_outage_end_timestamp_seconds")
        assert list(found) == shown
    exposition.replace(inventory(*ALL), [], [])
    assert list(samples(exposition, "sansang_site_outage_end_timestamp_seconds").values()) == [
        round((WALL_MS + 9_000) / 1000)
    ]
