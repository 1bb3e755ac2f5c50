"""When a window was recorded: each story of docs/uptime.md, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agent.availability.maintenance import BookedWindow, ClockQuality
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, Maintenance, Row
from agent.ledger.signed.maintenance import read, windows
from agent.ledger.store import Ledger
from tests.clock import TravellingClock

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
NINE = 1_780_279_200_000  # 1 June 2026, 09:00 in Viet Nam; boottime 0 of the first boot
TEN = NINE + HOUR
IN_2099 = 4_070_908_800_000


def run(boot: str, start_ms: int, wall_ms: int, *, known: bool = True) -> AgentRun:
    return AgentRun("local", boot, start_ms, wall_ms, known, "0")


def anchor(at_ms: int, wall_ms: int, *, known: bool = True) -> ClockAnchor:
    return ClockAnchor(at_ms, wall_ms, known)


def window(boot: str, at_ms: int, said_ms: int, *, known: bool = True, name: str = "m1") -> Maintenance:
    """From 10:00 to 12:00; recorded at that boottime, when the wall clock said so."""
    return Maintenance(name, "all", TEN, TEN + 2 * HOUR, said_ms, "A", "B", False, "", boot, at_ms, known)


def told(directory: Path, rows: Sequence[Row]) -> dict[str, BookedWindow]:
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append(rows)
    try:
        return {one.id: one for one in windows(read(ledger))}
    finally:
        ledger.close()


def test_a_clock_set_back_an_hour_does_not_move_the_record(tmp_path: Path) -> None:
    """At 10:30 somebody sets the clock to 09:30: synchronisation ends with it, and the window is an hour late."""
    rows: list[Row] = [
        run("b1", 0, NINE),
        anchor(80 * MINUTE, TEN + 20 * MINUTE),
        anchor(90 * MINUTE, NINE + 30 * MINUTE, known=False),
        window("b1", 91 * MINUTE, NINE + 31 * MINUTE, known=False),
    ]
    one = told(tmp_path, rows)["m1"]

    assert (one.recorded_wall_ms, one.quality) == (TEN + 31 * MINUTE, ClockQuality.SYNCHRONISED)
    assert (one.retroactive, one.excluded) == (True, None)


def test_a_clock_set_back_by_a_false_time_server_is_undone_by_the_right_one(tmp_path: Path) -> None:
    """As long as it lasts all of the boot is an hour earlier, outage and window alike; then all of it moves back."""
    false: list[Row] = [
        run("b1", 0, NINE),
        anchor(90 * MINUTE, NINE + 30 * MINUTE),
        window("b1", 91 * MINUTE, NINE + 31 * MINUTE),
    ]
    right = [anchor(120 * MINUTE, NINE + 120 * MINUTE)]

    assert told(tmp_path / "false", false)["m1"].recorded_wall_ms == NINE + 31 * MINUTE
    assert told(tmp_path / "right", [*false, *right])["m1"].recorded_wall_ms == TEN + 31 * MINUTE


def test_a_boot_that_begins_an_hour_early_cannot_go_behind_the_rows_ahead(tmp_path: Path) -> None:
    """The agent stopped at 10:20; a machine that starts anew with 09:25 has written after 10:20 all the same."""
    rows: list[Row] = [
        run("b1", 0, NINE),
        AgentStop(80 * MINUTE),
        run("b2", 0, NINE + 25 * MINUTE),
        window("b2", 5 * MINUTE, NINE + 30 * MINUTE),
    ]
    one = told(tmp_path, rows)["m1"]

    assert (one.recorded_wall_ms, one.retroactive) == (TEN + 20 * MINUTE, True)


def test_a_step_of_three_seconds_moves_what_was_recorded_before_it(tmp_path: Path) -> None:
    """The clock ran 3 s slow: what it called 09:59:58 was 10:00:01. 2 s would be no step, and stretch the time."""
    slow: list[Row] = [run("b1", 0, NINE), window("b1", HOUR - 2 * SECOND, TEN - 2 * SECOND)]
    stepped = anchor(HOUR + MINUTE, TEN + MINUTE + 3 * SECOND)

    before, after = told(tmp_path / "slow", slow)["m1"], told(tmp_path / "stepped", [*slow, stepped])["m1"]

    assert (before.recorded_wall_ms - TEN, before.retroactive) == (-2 * SECOND, False)
    assert (after.recorded_wall_ms - TEN, after.retroactive) == (SECOND, True)


def test_a_day_without_synchronisation_in_a_known_boot_goes_by_the_anchor_before_it(tmp_path: Path) -> None:
    """Known until Sunday 09:00, then never again; on Monday at 09:00 the wall clock says 11:00."""
    rows: list[Row] = [
        run("b1", 0, NINE - DAY),
        anchor(MINUTE, NINE - DAY + MINUTE, known=False),
        window("b1", DAY, NINE + 2 * HOUR, known=False),
    ]
    one = told(tmp_path, rows)["m1"]

    assert (one.recorded_wall_ms, one.quality, one.retroactive) == (NINE, ClockQuality.SYNCHRONISED, False)
    assert one.excluded == (TEN, TEN + 2 * HOUR)


def test_a_boot_without_any_anchor_excludes_nothing_until_it_has_one(tmp_path: Path) -> None:
    lost: list[Row] = [run("b1", 0, NINE, known=False), window("b1", MINUTE, NINE + MINUTE, known=False)]
    found = anchor(2 * HOUR, NINE + 2 * HOUR)

    one, later = told(tmp_path / "lost", lost)["m1"], told(tmp_path / "found", [*lost, found])["m1"]

    assert (one.quality, one.retroactive, one.excluded) == (ClockQuality.UNSYNCHRONISED, True, None)
    assert one.recorded_wall_ms == NINE + MINUTE  # shown as its clock said
    assert (later.recorded_wall_ms, later.excluded) == (NINE + MINUTE, (TEN, TEN + 2 * HOUR))


def test_rows_of_2099_that_nothing_maps_delay_nobody(tmp_path: Path) -> None:
    """A machine with a dead battery starts in 2099, and an older row says so too."""
    old = replace(window("", -1, IN_2099, name="m2"), boot_id="", boottime_ms=-1, synchronised=False)
    rows: list[Row] = [
        run("b0", 0, IN_2099, known=False),
        window("b0", MINUTE, IN_2099 + MINUTE, known=False, name="m3"),
        old,
        AgentStop(2 * MINUTE),
        run("b1", 0, NINE),
        window("b1", 30 * MINUTE, NINE + 30 * MINUTE),
    ]
    found = told(tmp_path, rows)

    assert (found["m1"].recorded_wall_ms, found["m1"].excluded) == (NINE + 30 * MINUTE, (TEN, TEN + 2 * HOUR))
    assert [found[name].excluded for name in ("m2", "m3")] == [None, None]


def test_while_no_agent_runs_a_known_boot_still_tells_the_time(tmp_path: Path) -> None:
    """Stopped at 10:20; the clock is set back an hour, and the command writes the row itself."""
    rows: list[Row] = [run("b1", 0, NINE), AgentStop(80 * MINUTE), window("b1", 90 * MINUTE, NINE + 30 * MINUTE)]
    one = told(tmp_path, rows)["m1"]

    assert (one.recorded_wall_ms, one.retroactive) == (TEN + 30 * MINUTE, True)


def test_in_a_boot_in_which_no_agent_ran_the_row_speaks_for_itself(tmp_path: Path) -> None:
    """By its own clock if that was synchronised, never before the stop at 09:20; else it excludes nothing."""
    start: list[Row] = [run("b1", 0, NINE), AgentStop(20 * MINUTE)]
    known = told(tmp_path / "known", [*start, window("b2", 7, NINE + 40 * MINUTE)])["m1"]
    early = told(tmp_path / "early", [*start, window("b2", 7, NINE + 5 * MINUTE)])["m1"]
    unset = told(tmp_path / "unset", [*start, window("b2", 7, NINE + 40 * MINUTE, known=False)])["m1"]

    assert (known.recorded_wall_ms, known.excluded) == (NINE + 40 * MINUTE, (TEN, TEN + 2 * HOUR))
    assert (early.recorded_wall_ms, early.excluded) == (NINE + 20 * MINUTE, (TEN, TEN + 2 * HOUR))
    assert (unset.quality, unset.excluded) == (ClockQuality.UNSYNCHRONISED, None)


def test_its_own_clock_is_no_measure_for_others(tmp_path: Path) -> None:
    """A command in a boot without an agent, on a machine that some time server has put into 2099."""
    rows: list[Row] = [
        run("b1", 0, NINE),
        AgentStop(MINUTE),
        window("b2", 7, IN_2099, name="m2"),
        run("b3", 0, NINE + 20 * MINUTE),
        window("b3", MINUTE, NINE + 21 * MINUTE),
    ]

    assert told(tmp_path, rows)["m1"].excluded == (TEN, TEN + 2 * HOUR)


def test_older_rows_keep_their_stored_time_and_say_that_their_clock_is_not_known(tmp_path: Path) -> None:
    old = replace(window("", -1, NINE), synchronised=False)
    rows: list[Row] = [run("b1", 0, NINE + 50 * MINUTE), AgentStop(20 * MINUTE), old]
    one = told(tmp_path, rows)["m1"]

    assert (one.recorded_wall_ms, one.quality, one.excluded) == (NINE, ClockQuality.UNKNOWN, (TEN, TEN + 2 * HOUR))


def test_a_cancellation_that_nobody_can_date_ends_the_window_at_the_earliest_it_can_have_been(tmp_path: Path) -> None:
    taken = replace(window("b2", MINUTE, TEN + 90 * MINUTE, known=False), cancelled=True)
    rows: list[Row] = [
        run("b1", 0, NINE),
        window("b1", MINUTE, NINE + MINUTE),
        AgentStop(90 * MINUTE),
        run("b2", 0, TEN + 89 * MINUTE, known=False),
        taken,
    ]

    assert told(tmp_path, rows)["m1"].excluded == (TEN, TEN + 30 * MINUTE)


def test_a_row_without_clocks_behind_a_run_of_a_program_that_keeps_them_excludes_nothing(tmp_path: Path) -> None:
    """Somebody appends it by hand, as the first schema had it, dated before the outage. Its twin is older."""
    old = window("", 0, NINE - HOUR, known=False)
    rows: list[Row] = [run("b1", 0, NINE - 2 * HOUR), old, replace(run("b2", 0, TEN), installation="i")]
    told_of = told(tmp_path, [*rows, replace(old, id="m2")])

    assert (told_of["m1"].quality, told_of["m1"].retroactive) == (ClockQuality.UNKNOWN, False)
    assert (told_of["m2"].quality, told_of["m2"].excluded) == (ClockQuality.UNSYNCHRONISED, None)
