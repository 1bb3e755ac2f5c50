"""Days are closed when nothing can reach them any more, once; missed ones are caught up; old years go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.availability.zones import first_instant
from agent.engine.upkeep.daily_rollup import DailyRollup, settling_ms
from agent.errors import LedgerDiskError, LedgerError
from agent.inventory.entities import Inventory, Organisation
from agent.ledger.days import day_files
from agent.ledger.days.sums import ClosedDay
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, Configured, StateChange
from agent.ledger.store import Ledger
from agent.model import Policy, Reason, State
from agent.reporting.days import closed_days, differences
from tests.agent.engine.world import inventory, target
from tests.clock import TravellingClock

HOUR, ZONE = 3_600, "Asia/Ho_Chi_Minh"
BEGAN = date(2026, 3, 1)  # 08:00, as the clock of the tests


class Machine:
    """An agent's ledger and the closing beside it; the disk may refuse."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.clock, self.writable = directory, TravellingClock(), True
        self.inventory: Inventory = inventory([target("s0/room")])
        self.ledger = Ledger.open(directory, self.clock)
        self.daily_rollup = DailyRollup(
            directory, self.clock, lambda: self.inventory, lambda: self.writable, self.count
        )
        self.asked: list[tuple[date, date]] = []
        self.broken = False

    def count(self, place: Path, whose: Organisation, days: Sequence[date], now_ms: int) -> list[ClosedDay]:
        self.asked.append((days[0], days[-1]))
        if self.broken:
            raise LedgerDiskError("no room")
        return closed_days(place, whose, days, now_ms)

    def start(self, *, known: bool = True) -> None:
        at, wall = self.clock.boottime_ms(), self.clock.wall_ms()
        self.ledger.append([AgentRun("local", self.clock.boot_id(), at, wall, known, "0")])

    def see(self) -> None:
        at = self.clock.boottime_ms()
        policy = (60_000, 5_000, 30_000, 3, 1, "")
        self.ledger.append(
            [Configured("s0/room", at, *policy), StateChange("s0/room", State.UP, Reason.OK, at, at, at)]
        )

    def anchor(self) -> None:
        self.ledger.append([ClockAnchor(self.clock.boottime_ms(), self.clock.wall_ms(), synchronised=True)])
        self.ledger.beat()

    def stop(self) -> None:
        self.ledger.append([AgentStop(self.clock.boottime_ms())])

    def days(self) -> list[ClosedDay]:
        folder = self.directory / day_files.FOLDER
        return [day for year in day_files.years(folder) for day in day_files.read(folder, year)]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "state")
    yield made
    made.ledger.close()


def travel(machine: Machine, to: date, hours: float) -> None:
    there_ms = first_instant(ZONE, to) + hours * HOUR * 1000
    machine.clock.advance((there_ms - machine.clock.wall_ms()) / 1000)
    machine.anchor()


async def test_a_day_is_closed_when_it_is_settled_and_never_again(machine: Machine) -> None:
    machine.start()
    machine.see()
    for hours in (0.5, 1, 2, 3, 25.5, 27):
        travel(machine, BEGAN + timedelta(days=1), hours)
        await machine.daily_rollup.run()

    assert machine.asked == [(BEGAN, BEGAN), (BEGAN + timedelta(days=1), BEGAN + timedelta(days=1))]
    first, second = (day.sums[0] for day in machine.days())
    assert (first.scoring_ms, first.up_ms) == (16 * HOUR * 1000, 16 * HOUR * 1000)
    assert second.up_ms == 24 * HOUR * 1000
    assert machine.daily_rollup.stats.closed_until_wall_ms == first_instant(ZONE, BEGAN + timedelta(days=2))


async def test_weeks_without_an_agent_are_caught_up_over_new_year(machine: Machine) -> None:
    machine.start()
    machine.see()
    travel(machine, date(2026, 12, 20), 12)
    machine.stop()
    machine.clock.reboot(20 * 24 * HOUR)
    machine.start()
    await machine.daily_rollup.run()

    days = machine.days()
    assert [day.day for day in days] == [
        BEGAN + timedelta(days=ahead) for ahead in range((date(2027, 1, 9) - BEGAN).days)
    ]
    assert day_files.years(machine.directory / day_files.FOLDER) == [2026, 2027]
    assert {first.replace(day=1) for first, _ in machine.asked} == {first.replace(day=1) for _, first in machine.asked}
    assert sum(day.sums[0].unknown_ms for day in days) == (12 + 19 * 24) * HOUR * 1000
    assert list(differences(machine.directory, machine.inventory.organisation, machine.clock.wall_ms())) == []


async def test_a_clock_never_known_closes_nothing_and_deletes_nothing(machine: Machine) -> None:
    machine.start()
    machine.see()
    travel(machine, date(2026, 3, 3), 12)
    await machine.daily_rollup.run()
    machine.stop()
    machine.clock.reboot(50 * 365 * 24 * HOUR)
    machine.start(known=False)
    await machine.daily_rollup.run()

    assert [str(day.day) for day in machine.days()] == ["2026-03-01", "2026-03-02"]


async def test_a_clock_that_was_known_is_read_through_the_ledger(machine: Machine) -> None:
    machine.start()
    machine.see()
    travel(machine, date(2026, 3, 2), 12)
    machine.clock.step_wall(50 * 365 * 24 * HOUR)  # by hand, since the time source is gone
    await machine.daily_rollup.run()

    assert [str(day.day) for day in machine.days()] == ["2026-03-01"]


async def test_what_fails_is_counted_and_tried_again(machine: Machine) -> None:
    machine.start()
    machine.see()
    travel(machine, date(2026, 3, 2), 12)
    machine.broken = True
    for _ in range(2):
        with pytest.raises(LedgerDiskError, match="no room"):
            await machine.daily_rollup.run()
    assert (
        machine.daily_rollup.stats.write_errors,
        machine.daily_rollup.stats.closed_until_wall_ms,
        machine.days(),
    ) == (2, 0, [])

    machine.broken = False
    machine.writable = False  # rows wait for the disk: they may be of that day
    await machine.daily_rollup.run()
    assert machine.days() == []
    machine.writable = True
    await machine.daily_rollup.run()

    assert len(machine.days()) == 1


async def test_a_damaged_file_is_left_to_a_person(machine: Machine) -> None:
    machine.start()
    machine.see()
    travel(machine, date(2026, 3, 2), 12)
    await machine.daily_rollup.run()
    place = day_files.file_of(machine.directory / day_files.FOLDER, 2026)
    place.write_bytes(b"scribble")
    travel(machine, date(2026, 3, 3), 12)
    with pytest.raises(LedgerError, match="2026"):
        await machine.daily_rollup.run()
    assert (machine.daily_rollup.stats.write_errors, place.read_bytes()) == (1, b"scribble")

    place.unlink()
    await machine.daily_rollup.run()
    assert [day.day.day for day in machine.days()] == [1, 2]


async def test_years_beyond_the_setting_are_deleted_and_not_counted_again(machine: Machine) -> None:
    machine.start()
    machine.see()
    travel(machine, date(2028, 2, 1), 12)
    machine.inventory = replace(machine.inventory, storage_days_kept_years=2)
    await machine.daily_rollup.run()
    folder = machine.directory / day_files.FOLDER
    assert day_files.years(folder) == [2027, 2028]

    machine.inventory = replace(machine.inventory, storage_days_kept_years=1)
    travel(machine, date(2028, 2, 2), 12)
    await machine.daily_rollup.run()
    await machine.daily_rollup.run()

    assert day_files.years(folder) == [2028]
    assert machine.days()[0].day == date(2028, 1, 1)


def test_slow_targets_take_longer_to_settle() -> None:
    slow = Policy(3_600_000, 5_000, 1_800_000, 2, 5, 5_000)

    assert settling_ms(inventory([target("s0/room")])) == 3_600_000 + 30_000 + 4 * 60_000 + 35_000
    assert settling_ms(inventory([target("s0/room", policy=slow)])) == 3_630_000 + 6 * 3_600_000 + 1_805_000
