"""Ports: which interfaces are ones, what they are called, and rates that are right or none."""

from __future__ import annotations

import pytest

from agent.model import ComponentFault, ComponentKind, Reason
from agent.probes.snmp.client import SnmpFailure
from agent.probes.snmp.device import DeviceFindings, of_one_port
from agent.probes.snmp.facts import SnmpGap
from agent.probes.snmp.object_file import shipped_set
from agent.probes.snmp.polling import DeviceChoice
from tests.agent.probes.snmp.recorded import COUNTER32, COUNTER64, GAUGE, INTEGER, TICKS, RecordedDevice, device

IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"


def switch(ports: int = 2, *, wide: bool = True, speed: int = 1000) -> RecordedDevice:
    made = RecordedDevice({})
    made.set("1.3.6.1.2.1.1.3.0", TICKS, 100_000)
    for port in range(1, ports + 1):
        made.set(f"{IF}.2.{port}", 4, f"GigabitEthernet0/{port}".encode())
        made.set(f"{IF}.3.{port}", INTEGER, 6)
        made.set(f"{IF}.5.{port}", GAUGE, min(speed * 10**6, 2**32 - 1))
        made.set(f"{IF}.7.{port}", INTEGER, 1)
        made.set(f"{IF}.8.{port}", INTEGER, 1)
        made.set(f"{IF}.10.{port}", COUNTER32, 0)
        made.set(f"{IF}.16.{port}", COUNTER32, 0)
        made.set(f"{IF}.14.{port}", COUNTER32, 0)
        made.set(f"{IF}.20.{port}", COUNTER32, 0)
        made.set(f"{IFX}.1.{port}", 4, f"Gi0/{port}".encode())
        if wide:
            made.set(f"{IFX}.15.{port}", GAUGE, speed)
            made.set(f"{IFX}.6.{port}", COUNTER64, 0)
            made.set(f"{IFX}.10.{port}", COUNTER64, 0)
    return made


def components(found: DeviceFindings) -> dict[str, ComponentFault | None]:
    return {part.name: part.fault for part in found.report.components if part.kind is ComponentKind.PORT}


def test_of_a_real_switch_only_ports_are_ports() -> None:
    found = device("comware_48").read()
    ports = [part for part in found.report.components if part.kind is ComponentKind.PORT]

    named = {part.name for part in ports if part.named}

    assert len(ports) == 50  # with the one for management, and the aggregate that has a name
    assert named == {"Route-Aggregation8", *(f"GigabitEthernet0/0/{port}" for port in (1, 2, 5))}
    assert next(part for part in ports if part.name == "GigabitEthernet0/0/1").text == "Phong hop"
    assert all(part.id == f"port:{part.name}" for part in ports)
    assert dict(found.facts.port_full_duplex)
    assert found.facts.port_utilisation_ratios == ()  # nothing to compare with yet


def test_of_a_real_access_point_bridges_are_no_ports_and_radios_are() -> None:
    found = device("mikrotik_lte").read()

    assert components(found) == {
        "wlan1": None,
        "wlan2": ComponentFault.PORT_DOWN,
        "WAN": None,
        "ether2": None,
        "ether3": ComponentFault.PORT_DOWN,
        "ether4": ComponentFault.PORT_DOWN,
        "ether5": None,  # switched off by hand
        "wlan3": ComponentFault.PORT_DOWN,
        "wlan4": None,
        "pppoe-out1": None,
    }
    assert "ether5" not in dict(found.facts.ports_up)
    assert SnmpGap.NO_PORT_ALIASES in found.facts.gaps


def test_the_inventorys_name_wins_and_makes_a_port_matter() -> None:
    found = switch().read(DeviceChoice(ports={"gi0/2": "Phòng họp"}))
    port = next(part for part in found.report.components if part.id == "port:Gi0/2")

    assert (port.name, port.named) == ("Phòng họp", True)
    assert dict(found.facts.ports_up) == {"Gi0/1": 1.0, "Phòng họp": 1.0}


def test_a_port_keeps_its_name_when_its_index_changes_with_a_reboot() -> None:
    made = switch()
    made.read()
    for column in (f"{IF}.2", f"{IF}.3", f"{IF}.7", f"{IF}.8", f"{IFX}.1", f"{IFX}.6", f"{IFX}.10", f"{IFX}.15"):
        made.values[f"{column}.51"] = made.values.pop(f"{column}.1")
    made.set(f"{IF}.8.51", INTEGER, 2)
    made.set("1.3.6.1.2.1.1.3.0", TICKS, 50)
    found = made.read(later=10)

    assert components(found) == {"Gi0/1": ComponentFault.PORT_DOWN, "Gi0/2": None}
    assert found.facts.port_errors == ()


def test_octets_become_a_share_of_the_speed() -> None:
    made = switch()
    made.read()
    made.set(f"{IFX}.6.1", COUNTER64, 60 * 10**9 // 8 // 2)
    made.set(f"{IFX}.10.1", COUNTER64, 60 * 10**9 // 8)
    made.set(f"{IF}.14.1", COUNTER32, 120)
    facts = made.read(later=60).facts

    assert dict(facts.port_utilisation_ratios) == {"Gi0/1": pytest.approx(1.0), "Gi0/2": 0.0}
    assert dict(facts.port_errors) == {"Gi0/1": 2.0, "Gi0/2": 0.0}


@pytest.mark.parametrize("before", [10**12, 2**64 - 5])
def test_a_counter_that_went_back_has_no_rate(before: int) -> None:
    made = switch()
    made.set(f"{IFX}.6.1", COUNTER64, before)
    made.set(f"{IFX}.10.1", COUNTER64, before)
    made.read()
    made.set(f"{IFX}.6.1", COUNTER64, 5)
    made.set(f"{IFX}.10.1", COUNTER64, 5)

    assert dict(made.read(later=60).facts.port_utilisation_ratios) == {"Gi0/2": 0.0}


def test_a_counter_of_32_bits_goes_round_where_it_can_be_told() -> None:
    made = switch(wide=False, speed=100)
    made.set(f"{IF}.10.1", COUNTER32, 2**32 - 1000)
    made.read()
    made.set(f"{IF}.10.1", COUNTER32, 125_000_000 - 1000)
    found = made.read(later=60)

    assert dict(found.facts.port_utilisation_ratios)["Gi0/1"] == pytest.approx(1 / 6)
    assert SnmpGap.NO_COUNTER64 in found.facts.gaps


def test_a_counter_that_may_have_gone_round_twice_gives_no_share() -> None:
    made = switch(wide=False)
    made.read()
    made.set(f"{IF}.10.1", COUNTER32, 1000)

    assert made.read(later=60).facts.port_utilisation_ratios == ()


def test_more_than_a_port_can_carry_is_no_share() -> None:
    made = switch()
    made.read()
    made.set(f"{IFX}.6.1", COUNTER64, 10**14)

    assert "Gi0/1" not in dict(made.read(later=60).facts.port_utilisation_ratios)


@pytest.mark.parametrize("speed", [0, 4294967295])
def test_an_unknown_speed_is_none(speed: int) -> None:
    made = switch(wide=False)
    made.set(f"{IF}.5.1", GAUGE, speed)

    assert "Gi0/1" not in dict(made.read().facts.port_speeds)


def test_after_a_reboot_there_are_no_rates() -> None:
    made = switch()
    made.read()
    made.set("1.3.6.1.2.1.1.3.0", TICKS, 5)
    made.set(f"{IF}.14.1", COUNTER32, 10)

    assert made.read(later=60).facts.port_errors == ()


def test_lost_links_are_counted_for_an_hour() -> None:
    made = switch()
    made.read()
    for status in (2, 1, 2, 1):
        made.set(f"{IF}.8.1", INTEGER, status)
        facts = made.read(later=60).facts
    assert dict(facts.port_flaps) == {"Gi0/1": 2.0, "Gi0/2": 0.0}
    assert dict(made.read(later=3700).facts.port_flaps) == {"Gi0/1": 0.0, "Gi0/2": 0.0}


def test_a_link_that_was_lost_between_two_runs_is_counted_once() -> None:
    made = switch()
    for port in (1, 2):
        made.set(f"{IF}.9.{port}", TICKS, 500)
    made.read()
    made.read(later=60)
    made.set(f"{IF}.9.1", TICKS, 90_000)
    made.set(f"{IF}.9.2", TICKS, 90_000)
    made.set(f"{IF}.8.2", INTEGER, 2)
    facts = made.read(later=301).facts

    assert dict(facts.port_flaps) == {"Gi0/1": 1.0, "Gi0/2": 1.0}


def test_readings_within_a_second_are_not_compared() -> None:
    made = switch()
    made.read()
    made.set(f"{IF}.14.1", COUNTER32, 60)

    assert made.read(later=0.2).facts.port_errors == ()
    assert dict(made.read(later=59.8).facts.port_errors)["Gi0/1"] == 1.0


def test_a_storm_is_a_share_of_much_traffic() -> None:
    made = switch()
    for column in (7, 9):
        for port in (1, 2):
            made.set(f"{IFX}.{column}.{port}", COUNTER64, 0)
    made.read()
    made.set(f"{IFX}.7.1", COUNTER64, 100_000)
    made.set(f"{IFX}.9.1", COUNTER64, 300_000)
    made.set(f"{IFX}.9.2", COUNTER64, 300)
    facts = made.read(later=300).facts

    assert dict(facts.port_broadcast_ratios) == {"Gi0/1": 0.75, "Gi0/2": 0.0}


def test_topology_changes_are_counted() -> None:
    made = switch()
    made.set("1.3.6.1.2.1.17.2.4.0", COUNTER32, 7)
    assert made.read().facts.stp_changes_per_hour is None

    made.set("1.3.6.1.2.1.17.2.4.0", COUNTER32, 12)
    assert made.read(later=60).facts.stp_changes_per_hour == 5


def test_at_most_64_ports_and_those_with_a_name_first() -> None:
    found = switch(200).read(DeviceChoice(ports={"Gi0/199": "Một cửa"}))

    assert len(components(found)) == 64
    assert "Một cửa" in components(found)


def test_ports_of_one_name_stay_apart() -> None:
    made = switch(3)
    for port in (1, 2, 3):
        made.set(f"{IFX}.1.{port}", 4, b"Port")

    assert set(components(made.read())) == {"Port", "Port-2", "Port-3"}


@pytest.mark.parametrize(("written", "there"), [("Gi0/2", 1), ("GigabitEthernet0/2", 1), ("gi0/2", 1), ("Gi0/9", 0)])
def test_a_target_may_be_one_port(written: str, there: int) -> None:
    made = switch()
    found = of_one_port(made.read(DeviceChoice(port=written)), written)

    assert len(found.ports) == there
    assert found.report.components == ()
    assert found.facts.object_sets == ("system", "interfaces")


def test_if_mib_asks_for_all_of_both_tables_each_time() -> None:
    made = switch()
    choice = DeviceChoice(sets=(shipped_set("if_mib"),))
    made.read(choice)
    found = made.read(choice, later=60)

    assert found.facts.reading is not None
    assert {item.name for item in found.facts.reading.objects} >= {
        "ifInOctets",
        "ifHCInOctets",
        "ifName",
        "ifSpeed",
        "ifHighSpeed",
    }
    assert dict(found.facts.port_utilisation_ratios) == {"Gi0/1": 0.0, "Gi0/2": 0.0}


def test_a_table_that_not_every_device_has_costs_nothing_when_it_fails() -> None:
    made = switch()
    made.failure, made.failing = SnmpFailure(Reason.TIMEOUT), 0
    made.read()
    made.failing = 1
    polled = made.polled()

    assert polled.trouble.startswith("not all of a table came")
