"""One figure of several targets: pooled and mean, whatever the order, however many and however unlike they are."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.availability.figures import Figure, Pooling, Status, Subject, Tally, TargetFigures, mean
from agent.availability.fraction_sums import sum_of_fractions
from agent.availability.several import group, joint_figures

HOUR = 3_600_000
ROLES = ("uplink", "lan", "conference", "one-stop", "portal", "service", "device", "")


def tally(up_ms: int, down_ms: int, unknown_ms: int = 0, degraded_ms: int = 0, maintenance_ms: int = 0) -> Tally:
    whole = up_ms + down_ms + unknown_ms + degraded_ms + maintenance_ms
    return Tally(whole, maintenance_ms, unknown_ms, down_ms, degraded_ms, up_ms)


def target(number: int, role: str, counted: Tally, *, beside: bool = False) -> TargetFigures:
    return TargetFigures(Subject(f"t/{number}", role=role), counted, beside=beside)


times = st.integers(min_value=0, max_value=10**10)
tallies = st.builds(tally, times, times, times, times, times)
targets = st.lists(st.tuples(st.sampled_from(ROLES), tallies, st.booleans()), max_size=12).map(
    lambda parts: [target(number, *part[:2], beside=part[2]) for number, part in enumerate(parts)]
)


def test_the_same_month_gives_0_924_pooled_and_0_893_as_a_mean() -> None:
    """The example of docs/uptime.md: a line that counts all day, and two rooms that count in office hours."""
    line = tally(709 * HOUR, 35 * HOUR)
    room, other = tally(160 * HOUR, 16 * HOUR), tally(144 * HOUR, 32 * HOUR)
    together = group("", "", [line, room, other])

    assert together.pooled.availability == Figure(1013 * HOUR, 1096 * HOUR)  # 709 + 160 + 144 of 744 + 176 + 176
    assert together.mean == Figure(21_935, 24_552)  # (709/744 + 10/11 + 9/11) / 3 = (7,799 + 7,440 + 6,696) / 8,184 / 3
    shown = [(how, figure.percent(1)) for how in Pooling if (figure := together.availability(how)) is not None]
    assert shown == [(Pooling.POOLED, "92.4"), (Pooling.MEAN, "89.3")]


@given(tallies)
def test_of_one_target_both_are_its_own(counted: Tally) -> None:
    alone = group("x", "", [counted])

    for pooling in Pooling:
        assert equal(alone.availability(pooling), counted.availability)
        assert equal(alone.coverage(pooling), counted.coverage)
        assert alone.status(pooling) is counted.status


@given(targets, st.randoms())
def test_the_order_of_targets_changes_nothing(several: list[TargetFigures], chance: random.Random) -> None:
    mixed = list(several)
    chance.shuffle(mixed)

    assert joint_figures(mixed) == joint_figures(several)


@given(targets)
def test_roles_share_out_all_that_counts_together(several: list[TargetFigures]) -> None:
    joint = joint_figures(several)
    counted = [each for each in several if not each.beside]

    assert joint.overall.targets == sum(role.targets for role in joint.roles) == len(counted)
    assert joint.overall.measured == sum(role.measured for role in joint.roles)
    assert [role.id for role in joint.roles] == [
        role for role in ROLES if role in {one.subject.role for one in counted}
    ]
    whole = [sum(parts) for parts in zip(*(role.pooled.sums for role in joint.roles), strict=True)] or [0] * 6
    assert list(joint.overall.pooled.sums) == whole


@given(st.lists(tallies, min_size=1, max_size=10))
def test_both_lie_between_the_worst_and_the_best(counted: list[Tally]) -> None:
    shares = [Fraction(*exact) for one in counted if (exact := parts(one.availability))]
    together = group("", "", counted)

    for pooling in Pooling:
        figure = parts(together.availability(pooling))
        assert (figure is None) is (not shares)
        if figure:
            assert min(shares) <= Fraction(*figure) <= max(shares)


@given(st.lists(st.tuples(times, st.integers(min_value=1, max_value=10**10)), max_size=40))
def test_a_mean_is_exact(shares: list[tuple[int, int]]) -> None:
    whole = sum((Fraction(*share) for share in shares), Fraction(0))

    assert Fraction(*sum_of_fractions(shares)) == whole
    found = mean([Figure(*share) for share in shares])
    assert parts(found) == ((whole / len(shares)).as_integer_ratio() if shares else None)


def test_the_mean_of_66_420_unlike_targets_takes_no_time() -> None:
    """One after the other, with the common divisor of each sum, it would take minutes."""
    chance = random.Random(14)
    shares = [Figure(chance.randrange(2 * 10**9, known), known) for known in
              (chance.randrange(2 * 10**9 + 1, 3 * 10**9) for _ in range(66_420))]  # fmt: skip
    begun = time.process_time()
    found = mean(shares)
    spent = time.process_time() - begun

    assert found is not None
    near = sum(share.truncated(15) for share in shares) / len(shares)
    assert found.truncated(12) == pytest.approx(near, abs=1e-11)
    assert spent < 30


def test_each_figure_is_judged_by_a_coverage_that_weighs_as_it_does() -> None:
    """A room of which nothing is known is a twenty-fourth of the hours, and a third of the targets."""
    well, unseen = tally(460 * HOUR, 0), tally(0, 0, 40 * HOUR)
    together = group("", "", [well, well, unseen])

    assert (together.targets, together.measured) == (3, 2)
    assert parts(together.coverage(Pooling.POOLED)) == (920 * HOUR, 960 * HOUR)
    assert parts(together.coverage(Pooling.MEAN)) == (2, 3)
    assert together.status(Pooling.POOLED) is Status.OK  # 95.83 %
    assert together.status(Pooling.MEAN) is Status.INSUFFICIENT


def test_a_target_in_whose_calendar_nothing_counts_is_in_no_mean() -> None:
    together = group("", "", [tally(HOUR, HOUR), Tally()])

    assert (together.targets, together.measured) == (2, 1)
    assert parts(together.mean) == (1, 2)
    assert parts(together.mean_coverage) == (1, 1)
    assert together.status(Pooling.MEAN) is Status.OK


def test_of_nothing_there_is_no_figure() -> None:
    joint = joint_figures([target(1, "device", tally(HOUR, 0), beside=True)])

    assert joint.roles == ()
    assert {joint.overall.status(pooling) for pooling in Pooling} == {Status.NO_DATA}
    assert replace(joint.overall, targets=1).availability(Pooling.MEAN) is None


def parts(figure: Figure | None) -> tuple[int, int] | None:
    return None if figure is None else (figure.numerator, figure.denominator)


def equal(one: Figure | None, other: Figure | None) -> bool:
    """The same share, reduced or not."""
    if one is None or other is None:
        return one is other
    return one.numerator * other.denominator == other.numerator * one.denominator
