"""The state of the clock, as the ledger, the metrics and the log tell it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from structlog.testing import capture_logs

from agent.engine.upkeep.commit_queue import CommitQueue
from agent.engine.upkeep.timekeeper import Timekeeper
from agent.ledger.rows import AgentRun, ClockAnchor
from tests.agent.engine.world import Shelf
from tests.clock import TravellingClock


@pytest.fixture
def writer() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def test_a_clock_that_nothing_sets_is_told_at_the_start_and_when_it_changes(writer: ThreadPoolExecutor) -> None:
    clock = TravellingClock(is_synchronised=False)
    anchored: list[int] = []
    commit_queue = CommitQueue(Shelf(), clock, writer)
    timekeeper = Timekeeper(clock, commit_queue, lambda: True, lambda _boottime, wall_ms: anchored.append(wall_ms))

    with capture_logs() as lines:
        timekeeper.record_start("local", "1")
        timekeeper.check_clocks()
        clock.is_synchronised = True
        timekeeper.check_clocks()
        timekeeper.check_clocks()
        clock.is_synchronised = False
        timekeeper.check_clocks()

    told = ["clock_not_synchronised", "clock_synchronised", "clock_not_synchronised"]
    assert [line["event"] for line in lines] == told
    assert "count as unknown" in lines[0]["meaning"]
    assert "timedatectl set-ntp true" in lines[0]["todo"]
    assert "province's time server" in lines[0]["todo"]
    assert anchored == [clock.wall_ms()] * 2


async def test_a_clock_that_is_set_is_not_worth_a_line(writer: ThreadPoolExecutor) -> None:
    clock = TravellingClock()
    timekeeper = Timekeeper(clock, CommitQueue(Shelf(), clock, writer), lambda: True, lambda *_: None)
    with capture_logs() as lines:
        timekeeper.record_start("local", "1")
        timekeeper.check_clocks()
    assert lines == []


async def test_a_clock_that_cannot_be_read_is_told_once_with_its_cause_and_vouches_for_nothing(
    writer: ThreadPoolExecutor,
) -> None:
    clock, shelf = TravellingClock(is_readable=False), Shelf()
    commit_queue = CommitQueue(shelf, clock, writer)
    timekeeper = Timekeeper(clock, commit_queue, lambda: True, lambda _boottime, _wall: None)

    with capture_logs() as lines:
        timekeeper.record_start("local", "1")
        timekeeper.check_clocks()

    (line,) = lines
    assert (line["event"], line["error"]) == ("clock_not_readable", "Operation not permitted")
    assert "SystemCallFilter=" in line["todo"]
    assert (timekeeper.stats.readable, timekeeper.stats.synchronised) == (False, False)
    await commit_queue.flush()
    assert [row.synchronised for row in shelf.rows if isinstance(row, AgentRun)] == [False]

    clock.is_readable = True
    with capture_logs() as lines:
        timekeeper.check_clocks()

    assert [line["event"] for line in lines] == ["clock_readable_again"]
    assert (timekeeper.stats.readable, timekeeper.stats.synchronised) == (True, True)
    await commit_queue.flush()
    assert [row.synchronised for row in shelf.rows if isinstance(row, ClockAnchor)] == [True]
