"""The devices of an inventory as the ledger knows them, and what to replace first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from agent.availability.outage_cause import SLACK_MS
from agent.errors import SansangError
from agent.inventory.entities import Inventory
from agent.ledger.reader import Reader
from agent.ledger.rows import DeviceSeen
from agent.model import Component, ComponentFault, ComponentKind, Selection, State
from agent.reporting.device_rows import DeviceRows, first_seen
from agent.reporting.devices import DeviceList, DeviceQuery, DeviceRecord, device_list
from agent.reporting.power_cuts import SitePower
from agent.reporting.replacement import (
    LIMIT_HOURS,
    PORT_FAILURES,
    RESTARTS,
    SILENT_DAYS,
    YEARS,
    DeviceWear,
    FaultSpan,
    ReplacementCause,
    Urgency,
    replacement_reasons,
    urgency,
)
from tests.agent.reporting.device_ledger import BEGIN, CUT, MINUTE, NOW, devices_ledger
from tests.exporters.reports.sample import DAY, HOUR

BACK = CUT + HOUR // 2 - 5 * MINUTE
YEAR = int(365.25 * DAY)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Inventory]:
    folder = tmp_path_factory.mktemp("ledger")
    return folder, devices_ledger(folder)


def asked(kept: tuple[Path, Inventory], query: DeviceQuery = DeviceQuery()) -> DeviceList:  # noqa: B008 - frozen
    return device_list(*kept, query, NOW)


@contextmanager
def reader(folder: Path) -> Iterator[Reader]:
    found = Reader.open(folder)
    yield found
    found.close()


def device(kept: tuple[Path, Inventory], name: str) -> DeviceRecord:
    return next(one for one in asked(kept).devices if one.subject.target == name)


def test_each_address_of_a_site_is_one_device(kept: tuple[Path, Inventory]) -> None:
    listed = asked(kept).devices

    assert [one.subject.target for one in listed] == ["a/switch", "a/ups", "b/printer"]
    assert [one.snmp for one in listed] == ["answers", "answers", "not_asked"]
    assert listed[0].subject.site_name == "Xã A"


def test_it_is_what_it_said_last_and_runs_since_its_last_restart(kept: tuple[Path, Inventory]) -> None:
    switch = device(kept, "a/switch")

    assert (switch.identity.model, switch.identity.firmware) == ("1920-24G", "5.21")
    assert switch.booted_ms == BACK
    assert switch.seen_ms == BEGIN
    assert switch.restarts == (*(BEGIN + day * DAY - 5 * MINUTE for day in (3, 5, 8, 13)), BACK)


def test_a_device_that_had_not_yet_said_what_it_is_was_the_same() -> None:
    unread = DeviceSeen("a/switch", 0, 1000, "", "", "", "", "", "")
    said, other = replace(unread, model="1920-24G", serial="CN1"), replace(unread, model="C2960S")

    assert first_seen([(1, unread), (2, said), (3, said)]) == 1
    assert first_seen([(1, other), (2, unread), (3, said)]) == 2


def test_a_power_cut_explains_a_restart(kept: tuple[Path, Inventory]) -> None:
    """The UPS ran on its battery at the first of them; at the other the whole site was down."""
    switch = device(kept, "a/switch")

    assert switch.power_cuts == (BEGIN + 8 * DAY - 5 * MINUTE, BACK)
    assert switch.reasons[0].amount == 3


def test_devices_that_begin_anew_together_had_no_power(kept: tuple[Path, Inventory]) -> None:
    with reader(kept[0]) as found:
        rows = DeviceRows.of(found, "local", None, BEGIN, NOW)
        power = SitePower(rows, [], {"a": (BEGIN, BEGIN + DAY), "b": (BEGIN + SLACK_MS,), "c": (NOW,)}, ())

        assert [power.explained(name) for name in "abc"] == [(BEGIN,), (BEGIN + SLACK_MS,), ()]


def test_only_what_is_of_the_period_is_counted(kept: tuple[Path, Inventory]) -> None:
    switch = asked(kept, DeviceQuery("2026-11-02..2026-11-04")).devices[0]

    assert len(switch.restarts) == 1
    assert [span.end_ms for span in switch.faults] == [BEGIN + DAY + HOUR]


def test_a_fault_of_a_part_lasts_until_a_row_ends_it(kept: tuple[Path, Inventory]) -> None:
    switch = device(kept, "a/switch")

    assert [(span.start_ms, span.end_ms) for span in switch.faults] == [
        (BEGIN + DAY, BEGIN + DAY + HOUR),
        (BEGIN + 20 * DAY, None),
    ]
    assert switch.faults[0].component == Component(
        "port:3", ComponentKind.PORT, ComponentFault.PORT_DOWN, "3", "Phòng họp"
    )
    assert len(switch.open_faults) == 1


def test_what_has_to_be_replaced_now_comes_first(kept: tuple[Path, Inventory]) -> None:
    listed = asked(kept)

    assert [(one.subject.target, [reason.cause for reason in one.reasons]) for one in listed.replace_first] == [
        ("a/ups", [ReplacementCause.BATTERY_WORN, ReplacementCause.AGE]),
        ("b/printer", [ReplacementCause.SILENT]),
        ("a/switch", [ReplacementCause.RESTARTS]),
    ]


def test_a_device_that_does_not_answer_is_down_since_then(kept: tuple[Path, Inventory]) -> None:
    printer = device(kept, "b/printer")

    assert (printer.state, printer.state_since_ms) == (State.DOWN, NOW - 5 * DAY)
    assert printer.reasons[0].amount == 5


def test_a_selection_leaves_devices_out(kept: tuple[Path, Inventory]) -> None:
    chosen = asked(kept, DeviceQuery(selection=Selection(sites=("b",))))

    assert [one.subject.target for one in chosen.devices] == ["b/printer"]


def test_a_period_that_is_none_is_refused(kept: tuple[Path, Inventory]) -> None:
    with pytest.raises(SansangError, match="is no period"):
        asked(kept, DeviceQuery("last-month"))


# -- the rule ---------------------------------------------------------------------------------------------------------


def wear(**limits: object) -> DeviceWear:
    return replace(DeviceWear(), **limits)  # type: ignore[arg-type]


def failed(kind: ComponentKind, fault: ComponentFault, times: int) -> list[FaultSpan]:
    part = Component(f"{kind}:1", kind, fault, "1")
    return [FaultSpan(part, number, number + 1) for number in range(times)]


@pytest.mark.parametrize(
    ("worn", "sound", "cause"),
    [
        (wear(restarts=RESTARTS), wear(restarts=RESTARTS - 1), ReplacementCause.RESTARTS),
        (
            wear(silent_since_ms=-SILENT_DAYS * DAY),
            wear(silent_since_ms=1 - SILENT_DAYS * DAY),
            ReplacementCause.SILENT,
        ),
        (wear(old_since_ms=-YEARS * YEAR), wear(old_since_ms=1 - YEARS * YEAR), ReplacementCause.AGE),
        (
            wear(beyond_limits_ms=LIMIT_HOURS * HOUR),
            wear(beyond_limits_ms=LIMIT_HOURS * HOUR - 1),
            ReplacementCause.BEYOND_LIMITS,
        ),
        (
            wear(faults=failed(ComponentKind.PORT, ComponentFault.PORT_DOWN, PORT_FAILURES)),
            wear(faults=failed(ComponentKind.PORT, ComponentFault.PORT_DOWN, PORT_FAILURES - 1)),
            ReplacementCause.PART_FAILS,
        ),
        (
            wear(faults=failed(ComponentKind.FAN, ComponentFault.FAN_FAILED, 3)),
            wear(faults=failed(ComponentKind.POWER, ComponentFault.ON_BATTERY, 30)),
            ReplacementCause.PART_FAILS,
        ),
    ],
)
def test_each_limit_of_the_rule_holds_at_its_edge(worn: DeviceWear, sound: DeviceWear, cause: ReplacementCause) -> None:
    assert [reason.cause for reason in replacement_reasons(worn, 0)] == [cause]
    assert replacement_reasons(sound, 0) == ()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (ComponentFault.BATTERY_REPLACE, ComponentKind.BATTERY),
        (ComponentFault.SUPPLY_FAILED, ComponentKind.SUPPLY),
        (ComponentFault.FAN_FAILED, ComponentKind.FAN),
    ],
)
def test_a_worn_part_is_replaced_now_and_no_more_once_it_is_in_order(
    fault: ComponentFault, kind: ComponentKind
) -> None:
    part = Component(f"{kind}:1", kind, fault, "1")

    assert urgency(replacement_reasons(wear(faults=[FaultSpan(part, 0)]), 1)) is Urgency.NOW
    assert urgency(replacement_reasons(wear(faults=[FaultSpan(part, 0, 1)]), 1)) is Urgency.NONE
