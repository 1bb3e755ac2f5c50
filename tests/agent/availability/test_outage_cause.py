"""A power cut told from a line cut, by when the devices of a dark site began to run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.availability.outage_cause import SLACK_MS, OutageCause, outage_cause

MINUTE, HOUR = 60_000, 3_600_000
START, END = 10 * HOUR, 11 * HOUR
BEFORE, WITHIN, LATER = START - 30 * 24 * HOUR, END - MINUTE, END + 2 * HOUR


@pytest.mark.parametrize(
    ("begun", "on_battery", "cause"),
    [
        ([], False, OutageCause.UNKNOWN),
        ([WITHIN], False, OutageCause.POWER),
        ([WITHIN, WITHIN - MINUTE], False, OutageCause.POWER),
        ([BEFORE], False, OutageCause.LINE),
        ([BEFORE, BEFORE - HOUR], False, OutageCause.LINE),
        ([BEFORE, WITHIN], False, OutageCause.UNKNOWN),  # one of them may hang on a UPS
        ([BEFORE, WITHIN], True, OutageCause.POWER),
        ([BEFORE], True, OutageCause.POWER),  # the UPS kept all of them going; what the line needs was off
        ([], True, OutageCause.POWER),
        ([LATER], False, OutageCause.UNKNOWN),  # somebody restarted it afterwards
        ([LATER, BEFORE], False, OutageCause.LINE),
        ([START - SLACK_MS], False, OutageCause.POWER),  # a blink: it began before anybody asked it in vain
        ([START - SLACK_MS - 1], False, OutageCause.LINE),
        ([END + SLACK_MS], False, OutageCause.POWER),
        ([END + SLACK_MS + 1], False, OutageCause.UNKNOWN),
    ],
)
def test_cause(begun: list[int], on_battery: bool, cause: OutageCause) -> None:
    assert outage_cause(START, END, begun, on_battery=on_battery) is cause


@given(st.lists(st.integers(START - 2 * HOUR, END + 2 * HOUR), max_size=5), st.booleans())
def test_more_devices_of_the_same_kind_change_nothing(begun: list[int], on_battery: bool) -> None:
    once = outage_cause(START, END, begun, on_battery=on_battery)
    assert outage_cause(START, END, reversed(begun * 2), on_battery=on_battery) is once
