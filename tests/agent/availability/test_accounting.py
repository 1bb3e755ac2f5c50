"""What must hold of every account, whatever states, calendar and windows."""

from __future__ import annotations

from dataclasses import astuple
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.availability.accounting import ReportTerms, Scoring, account
from agent.availability.calendar import Always, Calendar, Season, Weekday, Weekly, Windows
from agent.availability.figures import Figure, Subject, Tally, TargetFigures, mean, pooled
from agent.availability.intervals import Interval
from agent.availability.maintenance import AppliedWindow
from agent.availability.spans import SpanIndex, difference, intersection, union
from agent.model import Cause, Reason, State, UnknownCause

DAY = 86_400_000
START = 1_774_573_200_000  # 27 March 2026, two days before the clocks of Europe change
LATEST = START + 6 * DAY
CAUSES: dict[State, Cause] = {State.UNKNOWN: UnknownCause.OVERLOAD, State.DOWN: Reason.TIMEOUT}
HOURS = dict.fromkeys(Weekday, ((7 * DAY // 24, 11 * DAY // 24), (13 * DAY // 24, DAY)))

instants = st.integers(START, LATEST)
spans = st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair) + 1))
calendars: st.SearchStrategy[Calendar] = st.one_of(
    st.just(Always()),
    st.lists(spans, max_size=4).map(lambda found: Windows(tuple(found))),
    st.sampled_from(("Asia/Ho_Chi_Minh", "Europe/Berlin")).map(
        lambda zone: Weekly(zone, (Season((1, 1), (12, 31), HOURS),))
    ),
)


@st.composite
def windows(draw: Any) -> list[AppliedWindow]:
    found = draw(st.lists(st.tuples(spans, st.integers(-DAY, DAY)), max_size=4))
    return [AppliedWindow(f"m{n}", start, end, excluded=ago < 0) for n, ((start, end), ago) in enumerate(found)]


@st.composite
def states(draw: Any) -> list[Interval]:
    edges = sorted(draw(st.sets(instants, min_size=2, max_size=12)))
    told = [draw(st.sampled_from(State)) for _ in edges[1:]]
    return [Interval(a, b, one, CAUSES.get(one, Reason.OK)) for (a, b), one in zip(pairwise(edges), told, strict=True)]


def counted(
    found: list[Interval], period: tuple[int, int], calendar: Calendar, booked: list[AppliedWindow]
) -> TargetFigures:
    return account(Subject("t"), found, Scoring(ReportTerms(*period, LATEST + 1), calendar, booked))


def sums(tally: Tally) -> tuple[int, ...]:
    return astuple(tally)[:6]


@settings(deadline=None)
@given(states(), spans, instants, calendars, windows())
def test_two_parts_of_a_period_add_up_to_the_whole(
    found: list[Interval], period: tuple[int, int], cut: int, calendar: Calendar, booked: list[AppliedWindow]
) -> None:
    middle = min(max(cut, period[0] + 1), max(period[1] - 1, period[0] + 1))
    parts = [counted(found, part, calendar, booked).tally for part in ((period[0], middle), (middle, period[1]))]

    assert sums(pooled(parts)) == sums(counted(found, period, calendar, booked).tally)


@settings(deadline=None)
@given(states(), spans, calendars, windows(), spans)
def test_one_more_window_never_raises_what_is_down_or_unknown(
    found: list[Interval],
    period: tuple[int, int],
    calendar: Calendar,
    booked: list[AppliedWindow],
    more: tuple[int, int],
) -> None:
    before = counted(found, period, calendar, booked).tally
    after = counted(found, period, calendar, [*booked, AppliedWindow("more", *more, excluded=True)]).tally

    assert after.scoring_ms == before.scoring_ms
    assert (after.down_ms <= before.down_ms, after.unknown_ms <= before.unknown_ms) == (True, True)


@settings(deadline=None)
@given(states(), spans, calendars, windows(), spans)
def test_one_more_outage_never_raises_availability(
    found: list[Interval],
    period: tuple[int, int],
    calendar: Calendar,
    booked: list[AppliedWindow],
    outage: tuple[int, int],
) -> None:
    worse = [
        Interval(one.start_ms, one.end_ms, State.DOWN, Reason.TIMEOUT) if outage[0] <= one.start_ms < outage[1] else one
        for one in found
        if one.state is not State.UNKNOWN
    ]
    same = [one for one in found if one.state is not State.UNKNOWN]

    assert _share(counted(worse, period, calendar, booked).tally.availability) <= _share(
        counted(same, period, calendar, booked).tally.availability
    )


def _share(figure: Figure | None) -> Fraction:
    return Fraction(0) if figure is None else Fraction(figure.numerator, figure.denominator)


@settings(deadline=None)
@given(states(), spans, calendars, windows())
def test_bounds_enclose_availability_and_outages_add_up(
    found: list[Interval], period: tuple[int, int], calendar: Calendar, booked: list[AppliedWindow]
) -> None:
    one = counted(found, period, calendar, booked)
    tally = one.tally

    assert sum(outage.counted_ms for outage in one.outages) == tally.down_ms
    if tally.availability is not None:
        assert _share(tally.low) <= _share(tally.availability) <= _share(tally.high)
        if not tally.unknown_ms:
            assert _share(tally.low) == _share(tally.high)


@settings(deadline=None)
@given(states(), spans, calendars, windows(), st.randoms(use_true_random=False))
def test_the_order_of_windows_changes_nothing(
    found: list[Interval], period: tuple[int, int], calendar: Calendar, booked: list[AppliedWindow], random: Any
) -> None:
    shuffled = random.sample(booked, len(booked))

    assert sums(counted(found, period, calendar, shuffled).tally) == sums(
        counted(found, period, calendar, booked).tally
    )


small = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


@given(small, small, st.integers(-2, 42), st.integers(-2, 42))
def test_sets_of_spans_are_sets_of_instants(
    left: list[tuple[int, int]], right: list[tuple[int, int]], start: int, end: int
) -> None:
    one, two = union(left), union(right)
    ones, twos = ({x for a, b in spans for x in range(a, b)} for spans in (left, right))

    assert {x for a, b in intersection(one, two) for x in range(a, b)} == ones & twos
    assert {x for a, b in difference(one, two) for x in range(a, b)} == ones - twos
    assert SpanIndex(one).within(start, end) == len(ones & set(range(start, end)))
    assert SpanIndex(one).holds(start) == (start in ones)


def test_percents_are_cut_off() -> None:
    assert [Figure(99_995, 100_000).percent(2), Figure(1, 1).percent(4), Figure(2, 3).percent(1)] == [
        "99.99",
        "100.0000",
        "66.6",
    ]
    assert mean([Figure(1, 2), None, Figure(1, 3)]) == Figure(5, 12)
