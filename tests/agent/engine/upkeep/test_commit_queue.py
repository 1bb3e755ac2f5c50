"""The journal: every row is written once, in order, whatever else wants to flush; nothing is told before its commit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.engine.upkeep import commit_queue as journals
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.errors import LedgerRowError
from agent.ledger.rows import AgentStop, Maintenance, Row, StateChange
from agent.ledger.store import Ledger
from agent.model import Reason, State, Transition
from tests.agent.engine.world import Head, Inline, Shelf
from tests.clock import TravellingClock


@dataclass
class SlowShelf(Shelf):
    """A ledger on a disk that answers when it is let."""

    asked: threading.Event = field(default_factory=threading.Event)
    let: threading.Event = field(default_factory=threading.Event)

    def append(self, rows: Sequence[Row]) -> Head:
        self.asked.set()
        assert self.let.wait(5)
        return super().append(rows)


@pytest.fixture
def writer() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def _asked(shelf: SlowShelf) -> None:
    assert await asyncio.to_thread(shelf.asked.wait, 5)


def _rows(*numbers: int) -> list[Row]:
    return [AgentStop(number) for number in numbers]


async def test_two_flushes_at_once_write_each_row_once(writer: ThreadPoolExecutor) -> None:
    shelf = SlowShelf()
    commit_queue = CommitQueue(shelf, TravellingClock(), writer)
    commit_queue.enqueue(AgentStop(1))
    first = asyncio.create_task(commit_queue.flush())
    await _asked(shelf)
    commit_queue.enqueue(AgentStop(2))
    second = asyncio.create_task(commit_queue.flush())
    await asyncio.sleep(0)
    commit_queue.enqueue(AgentStop(3))
    shelf.let.set()

    assert await first
    assert await second
    assert await commit_queue.flush()
    assert shelf.rows == _rows(1, 2, 3)


async def test_a_cancelled_flush_neither_doubles_nor_loses_rows(writer: ThreadPoolExecutor) -> None:
    shelf = SlowShelf()
    told: list[int] = []
    commit_queue = CommitQueue(shelf, TravellingClock(), writer)
    commit_queue.enqueue(AgentStop(1), lambda: told.append(1))
    flushing = asyncio.create_task(commit_queue.flush())
    await _asked(shelf)
    flushing.cancel()
    await asyncio.gather(flushing, return_exceptions=True)
    commit_queue.enqueue(AgentStop(2), lambda: told.append(2))
    shelf.let.set()

    assert await commit_queue.flush()
    assert shelf.rows == _rows(1, 2)
    assert told == [1, 2]


async def test_rows_refused_stay_queued_in_order_and_nothing_is_told() -> None:
    shelf, clock = Shelf(broken=True), TravellingClock()
    commit_queue = CommitQueue(shelf, clock, Inline())
    told: list[int] = []
    commit_queue.enqueue(AgentStop(1), lambda: told.append(1))
    since_ms = clock.boottime_ms()
    clock.advance(40)

    assert not await commit_queue.flush()
    commit_queue.enqueue(AgentStop(2), lambda: told.append(2))
    assert told == []
    assert (commit_queue.writable, commit_queue.stats.write_errors, commit_queue.stats.rows_queued) == (False, 1, 2)
    assert commit_queue.waiting_since_ms == since_ms

    shelf.broken = False
    assert await commit_queue.flush()
    assert shelf.rows == _rows(1, 2)
    assert told == [1, 2]
    assert (commit_queue.writable, commit_queue.stats.rows_queued, commit_queue.stats.head_seq) == (True, 0, 2)
    assert commit_queue.waiting_since_ms is None


async def test_a_long_queue_goes_to_the_disk_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "MAX_COMMIT_ROWS", 10)
    shelf = Shelf()
    commit_queue = CommitQueue(shelf, TravellingClock(), Inline())
    for number in range(25):
        commit_queue.enqueue(AgentStop(number))

    assert await commit_queue.flush()
    assert shelf.rows == _rows(*range(25))
    assert shelf.commits == [10, 10, 5]


async def test_a_transition_carries_the_instant_of_its_commit() -> None:
    shelf, clock = Shelf(), TravellingClock()
    commit_queue = CommitQueue(shelf, clock, Inline())
    commit_queue.enqueue(Transition("a/room", State.DOWN, Reason.TIMEOUT, 1, 2))
    clock.advance(3)

    await commit_queue.flush()

    assert shelf.rows == [StateChange("a/room", State.DOWN, Reason.TIMEOUT, 1, 2, clock.boottime_ms())]


async def test_what_a_commit_entails_may_write_again() -> None:
    shelf = Shelf()
    commit_queue = CommitQueue(shelf, TravellingClock(), Inline())
    commit_queue.enqueue(AgentStop(1), lambda: commit_queue.enqueue(AgentStop(2)))

    assert await commit_queue.flush()
    assert await commit_queue.flush()
    assert shelf.rows == _rows(1, 2)


async def test_full_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "MAX_QUEUE_ROWS", 2)
    commit_queue = CommitQueue(Shelf(broken=True), TravellingClock(), Inline())
    commit_queue.enqueue(AgentStop(1))
    assert not commit_queue.full
    commit_queue.enqueue(AgentStop(2))
    assert commit_queue.full
    assert not await commit_queue.flush()
    assert commit_queue.full


async def test_an_unforeseen_error_is_not_swallowed() -> None:
    class Torn(Shelf):
        def append(self, rows: Sequence[Row]) -> Head:
            raise ZeroDivisionError(len(rows))

    commit_queue = CommitQueue(Torn(), TravellingClock(), Inline())
    commit_queue.enqueue(AgentStop(1))
    with pytest.raises(ZeroDivisionError):
        await commit_queue.flush()


def _opened(directory: Path) -> Ledger:
    directory.mkdir(exist_ok=True)
    return Ledger.open(directory, TravellingClock())


def _signed(who: str) -> Maintenance:
    return Maintenance("m1", "all", 1, 2, 0, who, "thay switch")


async def test_a_row_that_cannot_be_kept_is_refused_alone(tmp_path: Path, writer: ThreadPoolExecutor) -> None:
    ledger = _opened(tmp_path / "ledger")
    commit_queue = CommitQueue(ledger, TravellingClock(), writer)
    with pytest.raises(LedgerRowError, match="surrogates not allowed"):
        await commit_queue.record(lambda: _signed("An\ud800"))
    await commit_queue.record(lambda: _signed("An"))

    assert (commit_queue.writable, commit_queue.stats.write_errors, commit_queue.stats.rows) == (True, 0, 1)
    ledger.close()


async def test_of_the_rows_that_wait_only_the_sound_ones_are_written_and_told(
    tmp_path: Path, writer: ThreadPoolExecutor
) -> None:
    ledger, told = _opened(tmp_path / "ledger"), list[str]()
    commit_queue = CommitQueue(ledger, TravellingClock(), writer)
    for who in ("An", "\udcff", "Bình", "\ud800", "Chi"):
        commit_queue.enqueue(_signed(who), lambda who=who: told.append(who))  # type: ignore[misc]

    assert await commit_queue.flush()
    assert commit_queue.empty
    assert (commit_queue.writable, commit_queue.stats.write_errors, commit_queue.stats.rows) == (True, 0, 3)
    assert commit_queue.stats.rows_refused == 2
    assert told == ["An", "Bình", "Chi"]
    ledger.close()


async def test_where_no_row_is_sound_nothing_waits(tmp_path: Path, writer: ThreadPoolExecutor) -> None:
    ledger = _opened(tmp_path / "ledger")
    commit_queue = CommitQueue(ledger, TravellingClock(), writer)
    commit_queue.enqueue(_signed("\ud800"))

    assert await commit_queue.flush()
    assert (commit_queue.empty, commit_queue.writable, ledger.head().seq) == (True, True, 0)
    ledger.close()
