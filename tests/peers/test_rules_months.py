"""Budgets that burn and coverage that falls: days in steps of a minute, `promtool test rules`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.settings import AlertLimits, Burn
from tests.peers.rule_story import ANY_HOUR, Spans, Story

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

BURNS, COVERAGE = "SansangBudgetBurning", "SansangCoverageFalling"
FAST = replace(ANY_HOUR, limits=AlertLimits(burns=(Burn(2 * 3600, 600, 6),)))
SLOW = replace(ANY_HOUR, limits=AlertLimits(burns=(Burn(4 * 3600, 1200, 1, below=True),)))
"""The same rules with shorter windows: 99 % allows 7.2 minutes of two hours, and 2.4 of four."""
X = {"role": "lan", "site": "a", "target": "a/x"}
ROOM = {"role": "conference", "site": "a", "target": "a/room"}
BEGIN, END, STEPS = 130, 144, 240


def booked(story: Story, down: Spans, up: Spans, unknown: Spans = (), labels: dict[str, str] = X) -> Story:
    """Seconds a minute in each state."""
    states = {"down": down, "up": up, "unknown": unknown or ((0, story.steps),), "degraded": ((0, story.steps),)}
    for state, parts in states.items():
        story.counts("sansang_target_state_seconds_total", parts, state=state, **labels)
    return story


def figures(story: Story, worked: Spans, seen: float = 1, labels: dict[str, str] = X) -> Story:
    """The month's own figures."""
    month = {"period": "this_month"} | labels
    story.shows("sansang_availability_ratio", worked, **month)
    return story.shows("sansang_coverage_ratio", ((seen, story.steps),), **month)


def falling(steps: int) -> Spans:
    """A figure that goes down a little each minute."""
    return tuple((round(0.999 - at / 10000, 5), 1) for at in range(steps))


def outage(end: int = END, slo: float = 0.99, **also: Spans) -> Story:
    """A target with an objective, down from BEGIN to end; the month's own figure follows."""
    story = Story(STEPS, FAST, step=60).agent().target("a/x", "lan", **also)
    story.shows("sansang_target_slo_ratio", ((slo, STEPS),), **X)
    length = end - BEGIN
    booked(story, ((0, BEGIN), (60, length), (0, STEPS - end)), ((60, BEGIN), (0, length), (60, STEPS - end)))
    return figures(story, ((0.999, BEGIN), *falling(length), (0.997, STEPS - end)))


def never(story: Story, path: Path) -> None:
    story.firing(BURNS, *((step, 0) for step in range(100, story.steps, 2))).check(path)


def test_a_fast_burn_is_told_and_ends_soon_after(tmp_path: Path) -> None:
    outage().firing(BURNS, (BEGIN + 6, 0), (BEGIN + 11, 1), (END, 1), (END + 20, 0), (STEPS - 1, 0)).check(tmp_path)


def test_an_outage_that_is_over_burns_no_more_though_the_months_figure_comes_late(tmp_path: Path) -> None:
    story = outage()
    story.series = [row for row in story.series if not row["series"].startswith("sansang_availability_ratio")]
    figures(story, ((0.999, BEGIN), *falling(STEPS - BEGIN)))
    story.firing(BURNS, (BEGIN + 11, 1), (END + 20, 0), (STEPS - 1, 0)).check(tmp_path)


@pytest.mark.parametrize(("end", "slo"), [(END, 0.97), (BEGIN + 5, 0.99), (END, 1.0)])
def test_the_twin_with_another_objective_or_a_shorter_outage(tmp_path: Path, end: int, slo: float) -> None:
    """An objective of 100 % has no budget that could burn."""
    never(outage(end, slo), tmp_path)


def test_no_objective_no_budget(tmp_path: Path) -> None:
    story = outage()
    story.series = [row for row in story.series if not row["series"].startswith("sansang_target_slo_ratio")]
    never(story, tmp_path)


def test_an_snmp_check_beside_its_ping_burns_nothing(tmp_path: Path) -> None:
    snmp = X | {"probe": "snmp", "role": "device"}
    never(outage().shows("sansang_target_info", ((1, STEPS),), **snmp), tmp_path)


def test_a_night_that_does_not_count_burns_nothing(tmp_path: Path) -> None:
    """Switched off at night: the month's own figure, in office hours, stays as it is."""
    story = outage()
    story.series = [row for row in story.series if not row["series"].startswith("sansang_availability_ratio")]
    never(figures(story, ((0.995, STEPS),)), tmp_path)


def test_maintenance_burns_nothing(tmp_path: Path) -> None:
    """In the window and after it."""
    never(outage(maintenance=((0, BEGIN - 2), (1, 18), (0, STEPS - BEGIN - 16))), tmp_path)


def test_what_a_parent_explains_burns_the_parents_budget(tmp_path: Path) -> None:
    never(outage(upstream=((0, BEGIN), (1, END - BEGIN), (0, STEPS - END))), tmp_path)


def test_too_little_known_says_nothing(tmp_path: Path) -> None:
    """Down for as long, but only a quarter of the two hours is known."""
    story = Story(STEPS, FAST, step=60).agent().target("a/x", "lan")
    story.shows("sansang_target_slo_ratio", ((0.99, STEPS),), **X)
    blind = 100
    booked(story, ((0, BEGIN), (60, 110)), ((60, BEGIN - blind), (0, 210)), ((0, 30), (60, blind), (0, 110)))
    figures(story, ((0.999, BEGIN), *falling(110)))
    story.firing(BURNS, *((step, 0) for step in range(100, BEGIN + 30, 2)), (BEGIN + 70, 1)).check(tmp_path)


GAP: Spans = (("stale", 1), ("_", 4))


def burning(*up: tuple[int, int], gap: Spans = GAP) -> Story:
    """Burns from BEGIN to the end; up: minutes answering and, by turns, away; at a return counters begin at 0."""

    def broken(*parts: tuple[float, int]) -> Spans:
        return tuple(one for at, part in enumerate(parts) for one in ((part,) if at == 0 else (*gap, part)))

    first, second, third = (minutes for minutes, _ in up)
    away = len(gap) and sum(count for _, count in gap)
    steps = first + second + third + 2 * away
    story = Story(steps, FAST, step=60).agent((1, first), (0, away), (1, second), (0, away), (1, third))
    calm = broken((0, first), (0, second), (0, third))
    story.target("a/x", "lan", calm, maintenance=calm, passing=calm, upstream=calm)
    story.shows("sansang_target_slo_ratio", broken((0.99, first), (0.99, second), (0.99, third)), **X)
    well = BEGIN - first - away
    bad = second - well
    booked(story, ((0, first), *gap, (0, well), (60, bad), *gap, (60, third)),
           ((60, first), *gap, (60, well), (0, bad), *gap, (0, third)))  # fmt: skip
    return figures(story, ((0.999, BEGIN), *falling(steps - BEGIN)))


def test_a_restart_burns_nothing_and_ends_nothing(tmp_path: Path) -> None:
    """Five minutes away while all is well, and again while it burns."""
    story = burning((60, 1), (85, 1), (60, 1))
    told = BEGIN + 11
    story.firing(BURNS, *((step, 0) for step in range(50, BEGIN + 6, 2)))
    story.firing(BURNS, *((step, 1) for step in range(told, story.steps))).check(tmp_path)


def test_the_agents_absence_ends_nothing(tmp_path: Path) -> None:
    """Away for half an hour while it burns: the short window empties, and nobody can tell."""
    story = burning((40, 1), (75, 1), (40, 1), gap=(("stale", 1), ("_", 29)))
    story.firing(BURNS, *((step, 1) for step in range(BEGIN + 11, story.steps))).check(tmp_path)


def test_a_target_told_down_has_no_second_message_at_once(tmp_path: Path) -> None:
    """The same outage of a room: its own alert first; what it cost when that is over."""
    story = Story(STEPS, FAST, step=60).agent()
    length = END - BEGIN
    story.target("a/room", "conference", ((1, BEGIN + 1), (0, length), (1, STEPS)))
    story.shows("sansang_target_slo_ratio", ((0.99, STEPS),), **ROOM)
    rest = STEPS - END
    booked(story, ((0, BEGIN), (60, length), (0, rest)), ((60, BEGIN), (0, length), (60, rest)), labels=ROOM)
    figures(story, ((0.999, BEGIN), *falling(length), (0.997, rest)), labels=ROOM)
    story.firing("SansangConferencePointDown", (BEGIN + 4, 1), (END, 1), (END + 5, 0))
    story.firing(BURNS, *((step, 0) for step in range(BEGIN, END + 2)), (END + 5, 1), (END + 20, 0)).check(tmp_path)


@pytest.mark.parametrize(("month", "seen", "fires"), [(0.985, 1.0, 1), (0.995, 1.0, 0), (0.985, 0.9, 0)])
def test_a_slow_burn_counts_when_the_month_is_below_its_objective_and_known(
    tmp_path: Path, month: float, seen: float, fires: int
) -> None:
    """Two outages of two minutes: the second is too much for four hours."""
    steps = 400
    story = Story(steps, SLOW, step=60).agent().target("a/x", "lan")
    story.shows("sansang_target_slo_ratio", ((0.99, steps),), **X)
    rest = steps - 344
    booked(story, ((0, 250), (60, 2), (0, 90), (60, 2), (0, rest)), ((60, 250), (0, 2), (60, 90), (0, 2), (60, rest)))
    figures(story, ((month + 0.002, 250), (month + 0.001, 92), (month, steps - 342)), seen)
    story.firing(BURNS, (260, 0), (341, 0), (348, fires), (360, fires), (380, 0)).check(tmp_path)


def covered(*values: tuple[float, int]) -> Story:
    """Of one target; compared with an hour before."""
    steps = sum(count for _, count in values)
    story = Story(steps, replace(ANY_HOUR, limits=AlertLimits(coverage_within=3600)), step=60).agent()
    return story.shows("sansang_coverage_ratio", values, period="this_month", **X)


def test_coverage_below_its_threshold_and_falling(tmp_path: Path) -> None:
    """Falls for 50 minutes, through 95 % after 20; then rises, and is told until it is above what it was before."""
    down = tuple((round(0.97 - at / 1000, 5), 1) for at in range(50))
    risen = tuple((round(0.92 + at / 2000, 5), 1) for at in range(90))
    story = covered((0.97, 70), *down, *risen)
    story.firing(COVERAGE, (70 + 20 + 14, 0), (70 + 20 + 18, 1), (140, 1), (205, 0)).check(tmp_path)


def test_coverage_of_an_snmp_check_is_nobodys(tmp_path: Path) -> None:
    snmp = X | {"probe": "snmp", "role": "device"}
    story = covered((0.97, 70), (0.93, 40)).shows("sansang_target_info", ((1, 110),), **snmp)
    story.firing(COVERAGE, (90, 0), (109, 0)).check(tmp_path)


@pytest.mark.parametrize(("before", "after"), [(0.94, 0.945), (0.97, 0.955), (0.94, 0.94)])
def test_coverage_that_rises_or_stands_or_is_enough(tmp_path: Path, before: float, after: float) -> None:
    story = covered((before, 90), (after, 90))
    story.firing(COVERAGE, *((step, 0) for step in range(0, 180, 5))).check(tmp_path)


def test_a_night_that_does_not_count_does_not_end_it(tmp_path: Path) -> None:
    """Falls by day; then the figure stands for longer than it is compared with."""
    story = covered((0.97, 70), (0.93, 140), (0.94, 30))
    story.firing(COVERAGE, (70, 0), *((step, 1) for step in range(87, 210)), (220, 0)).check(tmp_path)


def test_many_targets_are_one_alert(tmp_path: Path) -> None:
    story = covered((0.97, 70), (0.93, 40))
    for name in ("b/y", "c/z"):
        labels = {"role": "lan", "site": name[0], "target": name, "period": "this_month"}
        story.shows("sansang_coverage_ratio", ((0.97, 70), (0.92, 40)), **labels)
    story.firing(COVERAGE, (100, 1)).check(tmp_path)


def test_coverage_told_stands_while_the_agent_is_away_or_has_just_started(tmp_path: Path) -> None:
    away: Spans = ((0.97, 70), (0.93, 40), ("stale", 1), ("_", 34), (0.93, 35))
    story = Story(180, replace(ANY_HOUR, limits=AlertLimits(coverage_within=3600)), step=60)
    story.agent((1, 110), (0, 30), (1, 40)).shows("sansang_coverage_ratio", away, period="this_month", **X)
    story.firing(COVERAGE, *((step, 1) for step in range(87, 180))).check(tmp_path)
