"""A device that has no time for all of it in one run: what is told of it meanwhile, and when the rest is asked for."""

from __future__ import annotations

from agent.model import DeviceReport, Reason
from agent.probes.snmp.device import find, of_one_port
from agent.probes.snmp.facts import SnmpGap
from agent.probes.snmp.polling import MOST_FRUITLESS, DeviceChoice
from tests.agent.probes.snmp.recorded import TICKS, RecordedDevice, device

ENTITY_MIB = "1.3.6.1.2.1.47"
PORT_TABLES = ("1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.31.1.1.1.18")
UPTIME = "1.3.6.1.2.1.1.3.0"


def names(found: object) -> list[str]:
    return [state.port.name for state in found.ports]  # type: ignore[attr-defined]


def rebooted(switch: RecordedDevice) -> None:
    switch.set(UPTIME, TICKS, 100)


def test_a_slow_device_is_read_to_the_end_in_a_few_runs_and_nothing_is_called_missing_meanwhile() -> None:
    quick = device("comware_48").read()
    slow = device("comware_48")
    slow.walk_seconds = 0.7
    runs = [slow.read(later=60)]
    while runs[-1].report.identity is None:
        assert set(runs[-1].facts.gaps) <= {SnmpGap.UNVERIFIED_SETS}
        runs.append(slow.read(later=60))
        assert len(runs) < 8

    assert len(runs) > 1
    assert runs[-1].report.identity == quick.report.identity
    assert (names(runs[0]), names(runs[-1])) == (names(quick), names(quick))
    assert set(runs[-1].facts.gaps) == set(quick.facts.gaps)


def test_what_is_known_stays_until_all_of_it_is_read_again() -> None:
    switch = device("comware_48")
    before = switch.read()
    switch.silent = (ENTITY_MIB,)
    rebooted(switch)
    cut = switch.read(later=60)
    switch.silent = ()
    asked = len(switch.asked)
    after = switch.read(later=60)

    assert cut.report.identity == before.report.identity == after.report.identity
    assert cut.facts.gaps == before.facts.gaps == after.facts.gaps
    assert names(cut) == names(before) == names(after)
    assert switch.asked[asked] < sum(switch.asked[:asked]) / 2  # only what was left
    assert max(switch.asked[asked:]) > 8


def test_a_table_that_never_comes_is_waited_for_in_a_few_runs_only() -> None:
    switch = device("comware_48")
    switch.silent = (ENTITY_MIB,)
    found = [switch.read(later=60) for _ in range(MOST_FRUITLESS + 3)]

    assert [run.report.identity is None for run in found] == [True] * MOST_FRUITLESS + [False] * 3
    assert found[-1].report.identity is not None
    assert switch.asked[-1] == 8  # as with any device: the rest again in five minutes


def test_a_table_that_a_device_refuses_is_not_waited_for() -> None:
    switch = device("comware_48")
    switch.silent, switch.why_silent = (ENTITY_MIB,), Reason.TOO_LARGE
    first, second = switch.read(), switch.read(later=60)

    assert first.report.identity == second.report.identity is not None
    assert switch.asked[-1] == 8


def test_ports_that_may_have_other_numbers_after_a_reboot_are_not_told_of_by_their_old_ones() -> None:
    switch = device("comware_48")
    before = switch.read()
    rebooted(switch)
    switch.silent = PORT_TABLES
    cut = switch.read(later=60)
    switch.silent = ()

    assert cut.ports == ()
    assert cut.report.identity == before.report.identity
    assert names(switch.read(later=60)) == names(before)


def test_a_port_whose_name_was_not_read_is_not_called_missing() -> None:
    switch = device("cisco")
    switch.silent = PORT_TABLES
    choice = DeviceChoice(port="Gi1/0/1")
    polled = switch.polled(choice)

    assert polled.trouble
    switch.silent = ()
    assert not switch.polled(choice).trouble
    found = of_one_port(find(switch.history, polled.plan, polled.often), "Gi1/0/1")
    assert found.report == DeviceReport()


def test_no_rate_is_told_from_a_reading_of_several_runs() -> None:
    switch = device("comware_48")
    whole = [switch.read(later=400) for _ in range(3)]
    switch.silent = (ENTITY_MIB,)
    for _ in range(2):
        switch.read(later=400)
    switch.silent = ()

    assert dict(whole[-1].facts.port_discards)
    assert not switch.read(later=1).facts.port_discards
    assert not switch.read(later=400).facts.port_discards
    assert switch.read(later=400).facts.port_discards


def test_a_device_that_began_anew_is_asked_again_what_it_has() -> None:
    switch, other = device("comware_48"), device("mikrotik_lte")
    switch.read()
    switch.values = other.values  # another one at its address
    rebooted(switch)
    switch.read(later=60)
    found = switch.read(later=60)
    asked = len(switch.asked)
    switch.read(later=60)

    assert found.report.identity == other.read().report.identity
    assert found.facts.lte_rsrp_dbm == -98
    assert switch.asked[asked] < switch.asked[asked - 1] / 2  # once


def test_an_uptime_that_is_rounded_down_is_no_new_beginning() -> None:
    switch = device("comware_48")
    switch.read()
    known = switch.values[UPTIME].content
    assert isinstance(known, int)
    switch.set(UPTIME, TICKS, known - 100)
    switch.read()
    switch.read(later=60)

    assert switch.asked[1:] == [8, 8]
