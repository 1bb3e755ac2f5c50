"""What devices say of themselves: identity, parts, load, battery, signal, toner."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.model import ComponentFault, ComponentKind
from agent.probes.snmp.device import uptime_of
from agent.probes.snmp.device_values import DeviceValues
from agent.probes.snmp.facts import SnmpGap
from agent.probes.snmp.history import DeviceHistories, DeviceHistory
from agent.probes.snmp.object_file import read_object_set
from agent.probes.snmp.parts import iso_date
from agent.probes.snmp.polling import DeviceChoice
from agent.probes.snmp.values import Value
from agent.probes.snmp.vendors import described
from tests.agent.probes.snmp.recorded import GAUGE, INTEGER, TICKS, WALKS, RecordedDevice, device, recorded


def faults(found: object) -> dict[str, ComponentFault | None]:
    return {part.id: part.fault for part in found.report.components if part.kind is not ComponentKind.PORT}  # type: ignore[attr-defined]


def test_a_modular_switch_says_what_it_is() -> None:
    found = device("comware_48").read()
    identity = found.report.identity

    assert identity is not None
    assert (identity.vendor, identity.model, identity.serial) == ("H3C", "HP 10508", "SN00001")
    assert identity.firmware == "10500-CMW-1201"
    assert found.report.uptime_ms == 22501335310
    assert found.facts.cpu_ratio == 0.21
    assert found.facts.object_sets == ("interfaces", "system", "h3c", "bridge", "entity")
    assert SnmpGap.UNKNOWN_VENDOR not in found.facts.gaps


def test_an_access_point_with_lte_gives_its_signal() -> None:
    found = device("mikrotik_lte").read()
    identity = found.report.identity

    assert identity is not None
    assert (identity.vendor, identity.model, identity.firmware) == ("MikroTik", "RB952Ui-5ac2nD", "6.40.5")
    assert identity.serial == "0000000000AB"
    assert (found.facts.lte_rsrp_dbm, found.facts.lte_sinr_db) == (-98, 9)
    assert dict(found.facts.port_receive_powers) == {"sfp1": pytest.approx(-7.321)}
    assert found.facts.cpu_ratio == 0.21
    assert found.facts.memory_used_ratio == pytest.approx(27196 / 65536)
    assert dict(found.facts.temperatures_celsius) == {"HlTemperature": pytest.approx(33.0)}


def test_an_apc_asks_for_a_new_battery() -> None:
    found = device("apc_ups").read()

    assert found.report.identity is not None
    assert found.report.identity.made_on == "2015-07-21"
    assert found.report.identity.model == "Smart-UPS 1500 RM"
    assert faults(found) == {"power": None, "battery": ComponentFault.BATTERY_REPLACE}
    assert found.facts.ups_battery_replace == 1.0
    assert found.facts.ups_on_battery == 0.0
    assert found.facts.ups_runtime_seconds == pytest.approx(2520)
    assert (found.facts.ups_charge_ratio, found.facts.ups_load_ratio) == (1.0, 0.31)


def test_a_ups_on_battery_tells_the_worst_of_each_part() -> None:
    found = device("ups_on_battery").read()

    assert faults(found) == {"power": ComponentFault.ON_BATTERY, "battery": ComponentFault.BATTERY_LOW}
    assert found.facts.ups_on_battery == 1.0
    assert found.facts.ups_battery_replace == 1.0
    assert found.facts.ups_runtime_seconds == 360
    assert found.facts.ups_charge_ratio == 0.22
    assert found.report.identity is not None
    assert (found.report.identity.vendor, found.report.identity.model) == ("SANTAK", "C3K")


def test_the_alarms_of_a_ups_are_asked_for_though_there_were_none_at_first() -> None:
    ups = device("ups_on_battery")
    alarms = {oid: ups.values.pop(oid) for oid in list(ups.values) if oid.startswith("1.3.6.1.2.1.33.1.6.2")}
    ups.set("1.3.6.1.2.1.33.1.2.1.0", INTEGER, 2)
    assert faults(ups.read())["battery"] is None

    ups.values |= alarms
    assert faults(ups.read(later=60))["battery"] is ComponentFault.BATTERY_LOW


def test_a_printer_out_of_toner_and_paper_has_no_fault() -> None:
    found = device("printer").read()

    assert faults(found) == {}
    assert found.facts.printer_supplies == (("Black-Cartridge-HP-CF280A", 0.0),)
    assert found.report.identity is not None
    assert found.report.identity.serial == "PHK0000000"
    assert found.report.identity.vendor == "HPE"


def test_a_huawei_switch_tells_what_its_fibre_receives() -> None:
    found = device("huawei").read()

    assert dict(found.facts.port_receive_powers) == {"GigabitEthernet0/0/1": pytest.approx(-6.003, abs=0.01)}
    assert found.facts.temperatures_celsius == (("S5720-28X-SI-AC", 38.0),)
    assert (found.facts.cpu_ratio, found.facts.memory_used_ratio) == (0.17, 0.41)
    assert found.report.identity is not None
    assert found.report.identity.made_on == "2020-05-22"
    assert found.report.identity.serial == "2102350000000000"


def test_a_cisco_switch_tells_of_its_fans_and_supplies() -> None:
    found = device("cisco").read()

    assert faults(found) == {
        "temperature:SW-1-Sensor-1-GREEN": None,
        "fan:Switch-1-Fan-1": None,
        "fan:Switch-1-Fan-2": ComponentFault.FAN_FAILED,
        "supply:Sw1-PS1-Normal-RPS-NotExist": None,
    }
    assert found.facts.cpu_ratio == 0.12
    assert found.facts.memory_used_ratio == 0.25
    assert found.report.identity is not None
    assert found.report.identity.model == "C2960S"
    assert found.report.identity.firmware == "15.2(2)E7"
    assert SnmpGap.NO_SERIAL in found.facts.gaps


def test_only_the_device_itself_is_asked_where_the_inventory_says_so() -> None:
    own = read_object_set(
        "own.yml",
        b"name: own\nobjects:\n  - {name: load, oid: 1.3.6.1.4.1.9.9.109.1.1.1.1.8.1, type: gauge, means: cpu}\n",
    )
    switch = device("cisco")
    switch.set("1.3.6.1.4.1.9.9.109.1.1.1.1.8.1.0", GAUGE, 42)
    found = switch.read(DeviceChoice(sets=(own,)))

    assert found.facts.cpu_ratio == 0.42
    assert found.facts.object_sets == ("own",)
    assert SnmpGap.UNVERIFIED_SETS in found.facts.gaps
    assert found.report.components == ()


def test_what_changes_is_asked_often_and_the_rest_now_and_then() -> None:
    switch = device("comware_48")
    for _ in range(3):
        switch.read(later=60)
    everything, *often = switch.asked
    switch.read(later=301)

    assert everything > 60
    assert often == [8, 8]  # sysUpTime, topology changes, and six columns of the ports
    assert switch.asked[-1] > 20
    of_ports = {item.name for item in switch.polled().plan.series if "ifIndex" in repr(item.indexes)}
    assert of_ports == {"ifAdminStatus", "ifOperStatus", "ifHighSpeed", "ifHCInOctets", "ifHCOutOctets", "ifInErrors"}


@pytest.mark.parametrize(
    ("ticks", "engine_seconds", "host_ticks", "uptime_ms"),
    [
        (500, None, None, 5_000),
        (500, 5, None, 5_000),
        (4294967000, 42949670, None, 42949670000),
        (2704, 42949700, None, 42949700000),  # 497 days and half a minute: gone round
        (2704, 27, None, 27040),  # begun anew
        (2704, 42900000, None, 27040),  # an engine time of another kind
        (500, None, 8_640_000, 86_400_000),  # the agent was restarted, not the machine
        (8_640_000, None, 500, 86_400_000),  # the machine's went round
        (None, None, 500, 5_000),
        (None, 5, None, None),
    ],
)
def test_a_wrap_is_told_from_a_reboot(
    ticks: int | None, engine_seconds: int | None, host_ticks: int | None, uptime_ms: int | None
) -> None:
    values = DeviceValues(uptime_ticks=ticks, engine_seconds=engine_seconds, host_uptime_ticks=host_ticks)

    assert uptime_of(values, DeviceHistory()) == uptime_ms


@pytest.mark.parametrize(
    ("oid", "tag", "content"),
    [
        ("1.3.6.1.4.1.9.9.13.1.3.1.3.1006", GAUGE, 0),
        ("1.3.6.1.4.1.9.9.13.1.3.1.3.1006", GAUGE, 255),
        ("1.3.6.1.4.1.9.9.13.1.3.1.3.1006", INTEGER, -128),
        ("1.3.6.1.4.1.9.9.13.1.3.1.3.1006", GAUGE, 2**32 - 1),
    ],
)
def test_an_absurd_temperature_is_none(oid: str, tag: int, content: int) -> None:
    switch = device("cisco")
    switch.set(oid, tag, content)

    assert switch.read().facts.temperatures_celsius == ()


def test_linux_gives_its_caches_back() -> None:
    host = RecordedDevice({})
    ram, other = b"\x2b\x06\x01\x02\x01\x19\x02\x01\x02", b"\x2b\x06\x01\x02\x01\x19\x02\x01\x01"
    for row, kind, name, size, used in (
        (1, ram, b"Physical memory", 1000, 900),
        (6, other, b"Memory buffers", 1000, 100),
        (7, other, b"Cached memory", 500, 500),
    ):
        host.set(f"1.3.6.1.2.1.25.2.3.1.2.{row}", 6, kind)
        host.set(f"1.3.6.1.2.1.25.2.3.1.3.{row}", 4, name)
        host.set(f"1.3.6.1.2.1.25.2.3.1.5.{row}", INTEGER, size)
        host.set(f"1.3.6.1.2.1.25.2.3.1.6.{row}", INTEGER, used)
    host.set("1.3.6.1.2.1.1.3.0", TICKS, 5)

    assert host.read().facts.memory_used_ratio == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("written", "date"),
    [("07/21/15", "2015-07-21"), ("07/21/2015", "2015-07-21"), ("12/01/98", "1998-12-01"), ("2020-01-31", "2020-01-31"),
     ("21/07/15", ""), ("soon", ""), ("", "")],
)  # fmt: skip
def test_dates_of_makers(written: str, date: str) -> None:
    assert iso_date(written) == date


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("Linux gw-xa-a 5.10.0-21-amd64 #1 SMP x86_64", {"model": "Linux", "firmware": "5.10.0-21-amd64"}),
        ("RouterOS RB5009UG+S+", {"model": "RB5009UG+S+"}),
        (
            "DrayTek Corporation, Router Model: Vigor2925 Series, Version: 3.8.9.2, Build Date/Time:Oct 26 2018",
            {"model": "Vigor2925 Series", "firmware": "3.8.9.2"},
        ),
        (
            "APC Web/SNMP Management Card (MB:v3.9.2 PF:v3.5.9 MN:AP9617 HR:05 SN: ZA0000000000 MD:07/07/2012)",
            {"model": "AP9617", "hardware": "05", "serial": "ZA0000000000"},
        ),
        ("JetStream 24-Port Gigabit Smart Switch with 4 SFP Slots", {}),
    ],
)
def test_what_a_description_says(description: str, said: dict[str, str]) -> None:
    assert described(description) == said


def test_a_device_that_nobody_asks_for_is_forgotten() -> None:
    histories, same = DeviceHistories(), object()
    first = histories.of("a", same, 0.0)

    assert histories.of("a", same, 10.0) is first
    assert histories.of("a", object(), 20.0) is not first
    histories.of("b", same, 5000.0)
    assert len(histories) == 1


NAMES = sorted(path.stem for path in WALKS.glob("*.snmprec"))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.lists(
        st.tuples(
            st.integers(min_value=0, max_value=10_000),
            st.sampled_from((2, 4, 6, 65, 66, 67, 70)),
            st.one_of(st.integers(-(2**31), 2**64 - 1), st.binary(max_size=80)),
        ),
        max_size=30,
    ),
)
def test_whatever_a_device_says_is_no_error_and_stays_within_bounds(
    name: str, changes: list[tuple[int, int, int | bytes]]
) -> None:
    values = recorded(name)
    oids = sorted(values)
    hostile = RecordedDevice(values)
    hostile.read()
    for at, tag, content in changes:
        hostile.set(oids[at % len(oids)], tag, content)
    found = hostile.read(later=301)

    ids = [part.id for part in found.report.components]
    assert len(set(ids)) == len(ids) <= 128
    assert len({part.name for part in found.report.components if part.kind is ComponentKind.PORT}) <= 64
    for name_ in (part.name for part in found.report.components):
        assert 0 < len(name_) <= 32
    for field in ("temperatures_celsius", "ports_up", "port_errors", "printer_supplies"):
        named = getattr(found.facts, field)
        assert len({label for label, _ in named}) == len(named) <= 64
    for share in (found.facts.cpu_ratio, found.facts.memory_used_ratio, found.facts.ups_charge_ratio):
        assert share is None or 0 <= share <= 1


def test_a_device_that_has_nothing_is_asked_again_all_the_same() -> None:
    bare = RecordedDevice({})
    bare.read()
    bare.read(later=30.0)
    assert bare.asked[1] == bare.asked[0] > 0


def test_an_optic_that_is_called_as_the_inventory_calls_a_port_is_not_told_twice() -> None:
    optics = "1.3.6.1.4.1.14988.1.1.19.1.1"
    router = device("mikrotik_lte")
    router.values |= {
        f"{optics}.2.14": Value(0x04, b"ether2"),
        f"{optics}.2.99": Value(0x04, b"sfp9"),
        f"{optics}.10.99": Value(INTEGER, -9000),
    }
    found = router.read(DeviceChoice(ports={"ether2": "sfp9"}))

    assert [name for name, _ in found.facts.port_receive_powers] == ["sfp9"]
    assert dict(found.facts.port_receive_powers)["sfp9"] == pytest.approx(-7.321)


def test_a_machine_s_clock_that_goes_round_or_is_missing_once_is_no_restart() -> None:
    """The agent on it was started a month ago, the machine 497 days ago."""
    history, month = DeviceHistory(), 30 * 8_640_000
    before = uptime_of(DeviceValues(uptime_ticks=month, host_uptime_ticks=2**32 - 100), history)
    missing = uptime_of(DeviceValues(uptime_ticks=month + 6_000), history)
    after = uptime_of(DeviceValues(uptime_ticks=month + 12_000, host_uptime_ticks=11_900), history)
    restarted = uptime_of(DeviceValues(uptime_ticks=5_000, host_uptime_ticks=6_000), history)

    assert before is not None
    assert after == before + 120_000
    assert missing is None
    assert restarted == 60_000
