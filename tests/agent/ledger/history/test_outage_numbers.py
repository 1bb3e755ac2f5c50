"""An outage has the number of the row that began it, whatever is asked for and whatever is written later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.state_history import HistoryQuery, target_histories
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, BlindEnd, BlindStart, Configured, Removed, Row, StateChange
from agent.ledger.store import Ledger
from agent.model import Reason, State, UnknownCause
from tests.clock import TravellingClock

MINUTE = 60_000
BEGIN = 1_790_000_000_000
FOREVER = BEGIN + 10_000 * MINUTE
ALIVE = Heartbeat("boot", FOREVER, FOREVER, 1, b"")
DOWN, UP, UNKNOWN = (State.DOWN, Reason.TIMEOUT), (State.UP, Reason.OK), (State.UNKNOWN, UnknownCause.OVERLOAD)


def at(minute: float) -> int:
    return BEGIN + int(minute * MINUTE)


def change(state: tuple[State, Reason | UnknownCause], minute: float, target: str = "s/t") -> StateChange:
    start = at(minute)
    return StateChange(target, *state, start, start + 20, start + 250)


@contextmanager
def ledger_of(folder: Path, *rows: Row) -> Iterator[Reader]:
    """Rows 1 to 3: a run, the target configured, UP. What is given begins at row 4."""
    ledger = Ledger.open(folder, TravellingClock())
    first = Configured("s/t", BEGIN, MINUTE, 5_000, 30_000, 3, 1, "")
    ledger.append(
        [AgentRun("local", "boot", BEGIN, BEGIN, synchronised=True, version="0"), first, change(UP, 0), *rows]
    )
    ledger.close()
    reader = Reader.open(folder)
    try:
        yield reader
    finally:
        reader.close()


def numbers(
    reader: Reader, start: float = 0, end: float = 9_000, target: str = "s/t"
) -> list[tuple[int, float, float]]:  # fmt: skip
    """Number, first and last minute of every outage, as a report of that stretch has it."""
    asked = HistoryQuery("local", at(start), at(end), FOREVER, ALIVE, lambda _, __: frozenset())
    (life,) = (one for one in target_histories(reader, asked) if one.target == target)
    down = [one for one in life.states if one.state is State.DOWN and one.end_ms > at(start)]
    return [(one.number, (one.start_ms - BEGIN) / MINUTE, (one.end_ms - BEGIN) / MINUTE) for one in down]


def test_it_is_the_row_that_began_it(tmp_path: Path) -> None:
    with ledger_of(tmp_path, change(DOWN, 10), change(UP, 20), change(DOWN, 30), change(UP, 40)) as reader:
        assert numbers(reader) == [(4, 10, 20), (6, 30, 40)]


def test_over_a_months_edge_it_is_the_same_on_both_sides(tmp_path: Path) -> None:
    with ledger_of(tmp_path, change(DOWN, 10), change(DOWN, 15), change(UP, 40)) as reader:
        assert [numbers(reader, *span)[0][0] for span in ((0, 20), (20, 60), (12, 13), (18, 22))] == [4, 4, 4, 4]


def test_a_row_that_repeats_it_or_dates_it_otherwise_keeps_the_number(tmp_path: Path) -> None:
    """4 says 10:00; 5 the same again; 6 dates it back to 8:00; 7 repeats it later in the same stretch."""
    rows = (change(DOWN, 10), change(DOWN, 10), change(DOWN, 8), change(DOWN, 12), change(UP, 40))
    with ledger_of(tmp_path, *rows) as reader:
        assert numbers(reader) == [(4, 8, 40)]
        for seq, began in ((4, 10), (5, 10), (6, 8), (7, 8)):
            assert [one[:2] for one in numbers(reader.up_to(seq), end=30)] == [(4, began)]


def test_a_row_dated_back_over_a_months_edge_keeps_it_in_both_months(tmp_path: Path) -> None:
    """Row 4 says DOWN from minute 20 on, row 5 that it was from 16 on; the month ends at 18."""
    with ledger_of(tmp_path, change(DOWN, 20), change(DOWN, 16), change(UP, 17), change(UP, 40)) as reader:
        assert numbers(reader, 0, 18) == [(4, 16, 17)]
        assert numbers(reader) == [(4, 16, 17)]
        then = reader.up_to(5)
        assert (numbers(then, 0, 18)[0][0], numbers(then, 18, 30)[0][0]) == (4, 4)


def test_what_was_unknown_for_a_while_is_one_outage_again_once_that_is_taken_back(tmp_path: Path) -> None:
    """A run that came late: rows 5 and 6 said UNKNOWN and DOWN again, row 7 says that it was DOWN all the time."""
    rows = (change(DOWN, 10), change(UNKNOWN, 15), change(DOWN, 18), change(DOWN, 15), change(UP, 40))
    with ledger_of(tmp_path, *rows) as reader:
        assert numbers(reader.up_to(6), end=30) == [(4, 10, 15), (6, 18, 30)]
        assert numbers(reader) == [(4, 10, 40)]
        assert numbers(reader, 16, 17) == [(4, 10, 17)]


def test_two_stretches_that_unknown_time_parts_have_two_numbers(tmp_path: Path) -> None:
    rows = (
        change(DOWN, 10),
        BlindStart("", UnknownCause.PAUSED, at(20)),
        BlindEnd("", UnknownCause.PAUSED, at(25)),
        change(DOWN, 26),
        change(UP, 40),
    )
    with ledger_of(tmp_path, *rows) as reader:
        assert numbers(reader) == [(4, 10, 20), (7, 26, 40)]
        assert numbers(reader, 30, 35) == [(7, 26, 35)]


def test_what_removal_parts_has_the_number_of_the_row_that_configured_it_again(tmp_path: Path) -> None:
    again = Configured("s/t", at(30), MINUTE, 5_000, 30_000, 3, 1, "")
    with ledger_of(tmp_path, change(DOWN, 10), Removed("s/t", at(20)), again, change(UP, 40)) as reader:
        assert numbers(reader) == [(4, 10, 20), (6, 30, 40)]
        assert numbers(reader, 32, 35) == [(6, 30, 35)]


def test_targets_have_their_own(tmp_path: Path) -> None:
    other = Configured("s/u", BEGIN, MINUTE, 5_000, 30_000, 3, 1, "")
    rows = (
        other,
        change(UP, 0, "s/u"),
        change(DOWN, 10),
        change(DOWN, 10, "s/u"),
        change(UP, 20),
        change(DOWN, 9, "s/u"),
    )
    with ledger_of(tmp_path, *rows) as reader:
        assert (numbers(reader, end=30), numbers(reader, end=30, target="s/u")) == ([(6, 10, 20)], [(7, 9, 30)])


def test_the_worked_example_of_the_documentation(tmp_path: Path) -> None:
    """Minutes after 09:50; row by row what stands in docs/uptime.md."""
    rows = (
        change(DOWN, 10), change(DOWN, 10), change(DOWN, 8), change(UNKNOWN, 30), change(DOWN, 35), change(UP, 50),
        change(DOWN, 30), change(UP, 50),
    )  # fmt: skip
    expected = {
        4: [(4, 10, 90)],
        5: [(4, 10, 90)],
        6: [(4, 8, 90)],
        7: [(4, 8, 30)],
        8: [(4, 8, 30), (8, 35, 90)],
        9: [(4, 8, 30), (8, 35, 50)],
        10: [(4, 8, 90)],
        11: [(4, 8, 50)],
    }
    with ledger_of(tmp_path, *rows) as reader:
        for seq, outages in expected.items():
            assert numbers(reader.up_to(seq), end=90) == outages
