from __future__ import annotations

import pytest

from agent.availability.figures import Status, Tally
from agent.reporting.state_seconds import CounterSeries, StateShares

START = 1_700_000_000


def tally(*series: CounterSeries, seconds: int = 1_000) -> Tally:
    shares = StateShares(START * 1000, (START + seconds) * 1000)
    shares.add(series)
    (target,) = shares.report({}, (START + seconds) * 1000, "UTC").targets
    return target.tally


def up(*samples: tuple[int, float]) -> CounterSeries:
    return CounterSeries("a/b", "up", tuple((START + at, value) for at, value in samples))


def down(*samples: tuple[int, float]) -> CounterSeries:
    return CounterSeries("a/b", "down", tuple((START + at, value) for at, value in samples))


@pytest.mark.parametrize(
    ("samples", "up_ms"),
    [
        (((0, 5_000), (500, 5_500), (1_000, 6_000)), 1_000_000),
        (((0, 5_000), (500, 5_500), (600, 40), (1_000, 440)), 940_000),
        (((0, 5_000), (900, 5_900), (1_000, 5_900)), 900_000),
        (((300, 100), (1_000, 800)), 800_000),
        (((300, 5_000), (1_000, 5_700)), 700_000),
        (((0, 5_000),), 0),
    ],
    ids=["steady", "a restart", "the store was away", "the agent began in it", "the store began in it", "one sample"],
)
def test_a_counter_grows_by_its_positive_differences(samples: tuple[tuple[int, float], ...], up_ms: int) -> None:
    assert tally(up(*samples)).up_ms == up_ms


def test_what_is_not_vouched_for_is_unknown_in_the_whole_period() -> None:
    found = tally(up((0, 100), (1_000, 700)), down((0, 0), (1_000, 300)))

    assert found == Tally(1_000_000, 0, 100_000, 300_000, 0, 600_000)
    assert found.status is Status.INSUFFICIENT


def test_chunks_go_on_where_the_one_before_ended() -> None:
    shares = StateShares(START * 1000, (START + 1_000) * 1000)
    shares.add([up((0, 10), (500, 510))])
    shares.add([up((515, 525), (1_000, 1_010))])

    assert shares.report({}, (START + 1_000) * 1000, "UTC").targets[0].tally.up_ms == 1_000_000


def test_a_report_in_the_middle_of_its_period_ends_where_it_is_made() -> None:
    shares = StateShares(START * 1000, (START + 1_000) * 1000)
    shares.add([up((0, 0), (400, 400))])

    assert shares.report({}, (START + 400) * 1000, "UTC").targets[0].tally == Tally(400_000, up_ms=400_000)
