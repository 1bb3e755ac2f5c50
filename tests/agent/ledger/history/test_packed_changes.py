"""Changes kept as plain numbers come out as they went in, in the order written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.availability.intervals import Change
from agent.ledger.history.packed_changes import PackedChanges
from agent.ledger.transitions import TRANSITIONS
from agent.model import State

_INSTANTS = st.integers(-(2**62), 2**62)
_KINDS = st.integers(0, len(TRANSITIONS) - 1)
_ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 2**62), _INSTANTS, _INSTANTS, _KINDS),
    unique_by=lambda row: row[1],
    max_size=20,
)


@given(_ROWS)
def test_they_come_out_by_target_in_the_order_written(rows: list[tuple[str, int, int, int, int]]) -> None:
    changes = PackedChanges()
    for row in rows:
        changes.add(*row)
    for target in ("a", "b", "nobody"):
        own = sorted((row for row in rows if row[0] == target), key=lambda row: row[1])
        assert changes.take(target) == tuple(
            Change(at_ms, *TRANSITIONS[kind], confirmed_ms, seq) for _, seq, at_ms, confirmed_ms, kind in own
        )
        assert changes.take(target) == ()


@given(_ROWS)
def test_the_newest_row_that_wrote_down(rows: list[tuple[str, int, int, int, int]]) -> None:
    changes = PackedChanges()
    newest: dict[str, int] = {}
    for row in rows:
        changes.add(*row)
        down = TRANSITIONS[row[4]][0] is State.DOWN
        newest[row[0]] = max(newest.get(row[0], 0), row[1] if down else 0)
    assert changes.newest_down() == newest
