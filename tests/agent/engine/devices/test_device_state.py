"""Random answers of a device: what is shown is what the rows say, rows are few, only what matters fails."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.engine.devices.device_state import GONE_AFTER, DeviceReading, DeviceState
from agent.engine.devices.row_budget import MOST_AT_ONCE, ONE_MORE_MS
from agent.ledger.known_device import DatedRow, KnownDevice
from agent.ledger.rows import ComponentChange, DeviceSeen
from agent.model import Component, ComponentFault, ComponentKind, DeviceReport
from tests.clock import TravellingClock

PORTS = st.builds(
    Component,
    st.sampled_from(("port:1", "port:2", "port:3")),
    st.just(ComponentKind.PORT),
    st.sampled_from((None, ComponentFault.PORT_DOWN)),
    named=st.booleans(),
    disabled=st.sampled_from((False, False, True)),
)
OTHERS = st.sampled_from((
    Component("power", ComponentKind.POWER, ComponentFault.ON_BATTERY),
    Component("power", ComponentKind.POWER),
    Component("consumable:toner", ComponentKind.CONSUMABLE, ComponentFault.BATTERY_LOW),
))  # fmt: skip
ANSWERS = st.lists(st.lists(PORTS | OTHERS, max_size=4, unique_by=lambda part: part.id), max_size=30)


def lived(answers: list[list[Component]]) -> tuple[DeviceState, list[ComponentChange | DeviceSeen], TravellingClock]:
    """A minute between two answers; each row is on disk at once."""
    clock = TravellingClock()
    device, rows = DeviceState("a/switch", clock), []
    for parts in answers:
        clock.advance(60)
        reading = DeviceReading(DeviceReport(clock.boottime_ms(), None, tuple(parts)), clock.boottime_ms(), None)
        for row, on_commit in device.take(reading, answered=True):
            rows.append(row)
            assert on_commit is not None
            on_commit()
    return device, [row for row in rows if isinstance(row, ComponentChange | DeviceSeen)], clock


def failed(device: DeviceState) -> dict[str, int | None]:
    return {view.component.id: view.since_wall_ms for view in device.views if view.failed}


@given(ANSWERS)
@settings(max_examples=150)
def test_what_is_shown_is_what_the_rows_say_and_a_restart_knows_it(answers: list[list[Component]]) -> None:
    device, rows, clock = lived(answers)
    newest = {row.component: row for row in rows if isinstance(row, ComponentChange)}
    offset_ms = clock.wall_ms() - clock.boottime_ms()
    assert failed(device) == {id_: row.at_ms + offset_ms for id_, row in newest.items() if row.fault}
    dated = tuple(DatedRow(row, row.at_ms + offset_ms, None) for row in newest.values())
    assert failed(DeviceState("a/switch", clock, KnownDevice(dated))) == failed(device)


@given(ANSWERS)
@settings(max_examples=150)
def test_only_what_matters_fails_and_what_is_gone_does_not(answers: list[list[Component]]) -> None:
    device, _, _ = lived(answers)
    last = {part.id: part for part in answers[-1]} if answers else {}
    for id_ in failed(device):
        part = last.get(id_)
        if part is None:
            recent = [{part.id for part in parts} for parts in answers[-GONE_AFTER:]]
            assert any(id_ in parts for parts in recent)
        else:
            assert part.fault is not None
            assert part.kind is ComponentKind.POWER or (part.named and not part.disabled)


def test_a_device_that_makes_things_up_writes_few_rows() -> None:
    """Another uptime, and 200 other parts at fault, in each answer of two days."""
    clock = TravellingClock()
    device, written = DeviceState("a/switch", clock), 0
    part = Component("", ComponentKind.FAN, ComponentFault.FAN_FAILED)
    for number in range(0, 2_880, 5):
        clock.advance(300)
        parts = tuple(replace(part, id=f"fan:{number}-{each}") for each in range(200))
        report = DeviceReport(number % 7, None, parts)
        written += sum(1 for _ in device.take(DeviceReading(report, clock.boottime_ms(), None), answered=True))
    assert written <= MOST_AT_ONCE + 2 * 86_400_000 // ONE_MORE_MS
    assert len(device.views) <= 2_000
