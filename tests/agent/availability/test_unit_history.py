"""Under which unit a site is grouped when: by the legal date where a change has one, else as it was recorded."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.availability.spans import BEGINNING, FOREVER
from agent.availability.unit_history import (
    LegalEnd,
    LegalFacts,
    LegalMove,
    LegalMoves,
    UnitFacts,
    UnitSpan,
    existence,
    facts_at,
    grouped,
    successors,
)

A, B, C = "thieu-phu", "thieu-hoa", "c"


def recorded(*pieces: tuple[int, str]) -> tuple[UnitSpan, ...]:
    """From each instant on the unit; the last one up to 100."""
    ends = [*(start for start, _ in pieces[1:]), 100]
    return tuple(UnitSpan(start, end, unit) for (start, unit), end in zip(pieces, ends, strict=True))


def told(site: str, spans: tuple[UnitSpan, ...], *moves: LegalMove) -> list[tuple[int, str]]:
    return [(span.start_ms, span.unit) for span in grouped(site, spans, LegalMoves(moves))]


def test_a_move_that_no_change_explains_keeps_the_instant_of_its_record() -> None:
    assert told("s", recorded((0, A), (50, B))) == [(0, A), (50, B)]
    assert told("s", recorded((0, A), (50, B)), LegalMove(30, 50, A, C, whole=True)) == [(0, A), (30, C), (50, B)]


def test_the_boundary_moves_to_the_legal_date_which_may_lie_before_the_record() -> None:
    assert told("s", recorded((0, A), (50, B)), LegalMove(30, 50, A, B, whole=True)) == [(0, A), (30, B)]


def test_the_legal_date_may_lie_after_the_record() -> None:
    assert told("s", recorded((0, A), (50, B)), LegalMove(70, 50, A, B, whole=True)) == [(0, A), (70, B)]
    assert told("s", recorded((0, B)), LegalMove(70, BEGINNING, A, B, frozenset({"s"}), whole=True)) == [
        (0, A),
        (70, B),
    ]
    assert told("other", recorded((0, B)), LegalMove(70, BEGINNING, A, B, frozenset({"s"}), whole=True)) == [(0, B)]


def test_what_is_entered_after_all_that_is_looked_at_counts_all_the_same() -> None:
    assert told("s", recorded((0, A)), LegalMove(30, FOREVER, A, B, frozenset({"s"}))) == [(0, A), (30, B)]
    assert told("other", recorded((0, A)), LegalMove(30, FOREVER, A, B, frozenset({"s"}))) == [(0, A)]
    assert told("other", recorded((0, A)), LegalMove(30, FOREVER, A, B, whole=True)) == [(0, A), (30, B)]


def test_rows_that_were_changed_before_the_change_was_entered() -> None:
    assert told("s", recorded((0, A), (20, B)), LegalMove(40, 60, A, B, whole=True)) == [(0, A), (40, B)]
    assert told("s", recorded((0, A), (60, B)), LegalMove(40, 20, A, B, frozenset({"s"}))) == [(0, A), (40, B)]


def test_one_step_of_the_record_may_be_two_changes() -> None:
    moves = LegalMove(20, 50, A, B, whole=True), LegalMove(40, 50, B, C, whole=True)
    assert told("s", recorded((0, A), (50, C)), *moves) == [(0, A), (20, B), (40, C)]
    assert told("s", recorded((0, A), (10, C)), *moves) == [(0, A), (10, C)]
    named = tuple(LegalMove(move.at_ms, 10, move.source, move.destination, frozenset({"s"}), True) for move in moves)
    assert told("s", recorded((0, A), (10, C)), *named) == [(0, A), (20, B), (40, C)]


def test_a_site_that_came_back_by_hand_stays_where_it_was_put() -> None:
    move = LegalMove(30, 40, A, B, frozenset({"s"}))
    assert told("s", recorded((0, A), (40, B), (60, A)), move) == [(0, A), (30, B), (60, A)]


def test_a_site_that_was_in_the_unit_before_is_no_site_that_came() -> None:
    move = LegalMove(80, 50, A, B, frozenset({"s"}))
    assert told("s", recorded((0, B), (20, A), (50, B)), move) == [(0, B), (20, A), (80, B)]


def test_the_names_of_a_unit_follow_the_legal_date() -> None:
    before, after = UnitFacts(A, "Xã A", "19807"), UnitFacts(A, "Phường A", "19808")
    late = LegalFacts(30, 50, A, {"name": "Phường A", "code": "19808"}, {"name": "Xã A", "code": "19807"})
    early = LegalFacts(70, 50, A, late.new, late.old)

    assert facts_at(before, [late], 29) == before
    assert facts_at(before, [late], 30) == after
    assert facts_at(after, [late], 60) == after
    assert facts_at(after, [early], 60) == before
    assert facts_at(after, [early], 70) == after
    assert facts_at(UnitFacts(B, "Xã B"), [late], 30) == UnitFacts(B, "Xã B")


def test_what_stands_in_the_place_of_a_unit() -> None:
    ends = [LegalEnd(30, A, (B,)), LegalEnd(60, B, (C, "d")), LegalEnd(60, "huyen")]

    assert successors(A, ends, 29) == (A,)
    assert successors(A, ends, 30) == (B,)
    assert successors(A, ends, 60) == (C, "d")
    assert successors("huyen", ends, 60) == ()
    assert existence(A, [(C, 60)], ends) == (BEGINNING, 30)
    assert existence(C, [(C, 60)], ends) == (60, FOREVER)


SLOW = [HealthCheck.too_slow]  # a busy machine is no fault
UNITS = st.sampled_from([A, B, C])
RECORDED = st.lists(st.tuples(st.integers(1, 99), UNITS), max_size=5, unique_by=lambda piece: piece[0]).map(
    lambda pieces: recorded((0, A), *sorted(pieces))
)
MOVES = st.lists(
    st.builds(
        LegalMove,
        at_ms=st.integers(-20, 120),
        known_ms=st.one_of(st.just(FOREVER), st.integers(-20, 120)),
        source=UNITS,
        destination=UNITS,
        sites=st.frozensets(st.sampled_from(["s", "t"])),
        whole=st.booleans(),
    ),
    max_size=5,
)


@settings(max_examples=500, deadline=None, suppress_health_check=SLOW)
@given(RECORDED, MOVES)
def test_the_grouping_parts_the_time_whatever_the_changes(spans: tuple[UnitSpan, ...], moves: list[LegalMove]) -> None:
    pieces = grouped("s", spans, LegalMoves(moves))

    assert (pieces[0].start_ms, pieces[-1].end_ms) == (0, 100)
    assert all(one.end_ms == other.start_ms and one.unit != other.unit for one, other in pairwise(pieces))
    assert all(piece.start_ms < piece.end_ms for piece in pieces)


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(RECORDED, MOVES)
def test_only_units_that_a_record_or_a_change_names_and_no_change_of_others_matters(
    spans: tuple[UnitSpan, ...], moves: list[LegalMove]
) -> None:
    named = {span.unit for span in spans} | {unit for move in moves for unit in (move.source, move.destination)}
    pieces = grouped("s", spans, LegalMoves(moves))

    assert {piece.unit for piece in pieces} <= named
    assert grouped("s", spans, LegalMoves([*moves, LegalMove(10, 20, "x", "y", whole=True)])) == pieces


@settings(deadline=None)
@given(st.integers(1, 99), st.integers(1, 99))
def test_where_a_merger_is_recorded_makes_no_difference(legal: int, entered: int) -> None:
    move = LegalMove(legal, entered, A, B, frozenset({"s"}), whole=True)

    assert told("s", recorded((0, A), (entered, B)), move) == [(0, A), (legal, B)]
