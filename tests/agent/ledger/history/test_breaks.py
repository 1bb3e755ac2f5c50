"""Where a record breaks off: each kind from rows, with its cause and its span."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.breaks import Break, BreakKind, OtherObserver, breaks, other_observers
from agent.ledger.reader import Reader
from agent.ledger.rows import (
    AgentRun,
    AgentStop,
    ClockAnchor,
    ClockStep,
    Configured,
    NewInstallation,
    ObserverAlias,
    Quarantined,
    Restored,
    Row,
)
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

HOUR = 3_600_000
RESTORED = Restored(5 * HOUR, "boot-1", 5 * HOUR, True, "lan", "2026-03-01", "20260301T000000.000Z", 7, "ab" * 32, True)


def run(at_hours: int, observer: str = "local", boot: str = "boot-1") -> AgentRun:
    """Boottime is UTC here."""
    return start(at_hours * HOUR, observer, boot, at_hours * HOUR)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state"


def told(
    place: Path, *rows: Row, as_of: int = 10, observer: str = "local", alive: Heartbeat | None = None
) -> list[tuple[BreakKind, float, float]]:
    return [(one.kind, one.start_ms / HOUR, one.end_ms / HOUR) for one in found(place, *rows, as_of=as_of, alive=alive)]


def found(
    place: Path, *rows: Row, as_of: int = 10, observer: str = "local", alive: Heartbeat | None = None
) -> tuple[Break, ...]:
    ledger = Ledger.open(place, TravellingClock())
    ledger.append(rows)
    ledger.close()
    reader = Reader.open(place)
    try:
        return breaks(reader, observer, alive, as_of * HOUR)
    finally:
        reader.close()


def test_stopped_and_killed_are_told_apart(place: Path) -> None:
    rows = (run(0), AgentStop(HOUR), run(2), change(3 * HOUR - 150), run(4), AgentStop(5 * HOUR))
    assert told(place, *rows) == [
        (BreakKind.STOPPED, 1, 2),
        (BreakKind.KILLED, 3, 4),
        (BreakKind.STOPPED, 5, 10),
    ]


def test_a_run_that_lives_has_no_break_and_one_that_fell_silent_has(place: Path) -> None:
    alive = Heartbeat("boot-1", 10 * HOUR - 20_000, 10 * HOUR - 20_000, 1, b"")
    assert told(place, run(0), alive=alive) == []
    assert told(place, as_of=12, alive=alive)[0][0] is BreakKind.KILLED


def test_a_restore_is_the_cause_of_the_time_around_it(place: Path) -> None:
    rows = (run(0), AgentStop(HOUR), RESTORED)
    assert told(place, *rows) == [(BreakKind.RESTORED, 1, 10)]
    assert told(place, run(6), change(7 * HOUR - 150)) == [(BreakKind.RESTORED, 1, 6), (BreakKind.KILLED, 7, 10)]


def test_what_a_start_says_of_itself_is_the_cause_of_the_time_before_it(place: Path) -> None:
    aside = Quarantined(2 * HOUR, "damaged", "folder", "2026-03-01", 9, "ab", HOUR)
    moved = NewInstallation(4 * HOUR, "new", "old", "machine")
    rows = (run(0), AgentStop(HOUR), run(2), aside, AgentStop(3 * HOUR), run(4), moved, AgentStop(5 * HOUR))
    assert told(place, *rows, as_of=5) == [
        (BreakKind.SET_ASIDE, 1, 2),
        (BreakKind.COPIED, 3, 4),
        (BreakKind.STOPPED, 5, 5),
    ]


def test_a_ledger_that_was_begun_anew_breaks_from_the_last_sign_of_life_of_the_old_one(place: Path) -> None:
    row = Quarantined(4 * HOUR, "gone", "folder", "", 9, "ab", HOUR)
    assert told(place, run(4), row, as_of=4) == [(BreakKind.BEGUN_ANEW, 1, 4)]


def test_steps_and_clocks_that_were_never_known(place: Path) -> None:
    step = ClockStep(HOUR, HOUR, HOUR + 5_000)
    after = ClockAnchor(2 * HOUR, 2 * HOUR, synchronised=True)
    lost = replace(run(4, boot="boot-2"), synchronised=False)
    rows = (run(0), step, after, AgentStop(3 * HOUR), lost, AgentStop(5 * HOUR), run(6))
    assert told(place, *rows, as_of=6) == [
        (BreakKind.CLOCK_STEP, 1, 1),
        (BreakKind.STOPPED, 3, 4),
        (BreakKind.CLOCK_UNKNOWN, 4, 5),
        (BreakKind.STOPPED, 5, 6),
    ]


def test_another_observer_is_left_out_and_said_until_an_alias_makes_it_the_same(place: Path) -> None:
    policy = Configured("s/a", 2 * HOUR, 60_000, 5_000, 30_000, 3, 1, "")
    other = (run(2, "other"), policy, replace(policy, target="s/b"), AgentStop(3 * HOUR))
    rows = (run(0), AgentStop(HOUR), *other, run(4), AgentStop(4 * HOUR))
    assert told(place, *rows, as_of=4) == [(BreakKind.OTHER_OBSERVER, 1, 4), (BreakKind.STOPPED, 4, 4)]
    reader = Reader.open(place)
    assert other_observers(reader, "local", None) == (OtherObserver("other", 2 * HOUR, 3 * HOUR, 1, 2),)
    reader.close()

    alias = ObserverAlias(5 * HOUR, "local", "other")
    assert told(place, run(5), alias, AgentStop(5 * HOUR), as_of=5) == [
        (BreakKind.STOPPED, 1, 2),
        (BreakKind.STOPPED, 3, 4),
        (BreakKind.STOPPED, 4, 5),
        (BreakKind.STOPPED, 5, 5),
        (BreakKind.RENAMED, 5, 5),
    ]
    reader = Reader.open(place)
    assert other_observers(reader, "local", None) == ()
    reader.close()
