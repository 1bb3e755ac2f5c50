"""What the oracle makes of a configuration that changes: worked by hand, and each rule said wrongly is noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.oracle.changes import Changes, SiteTexts, Told
from tests.oracle.oracle import report
from tests.oracle.rules import FOREVER, Rules, Span, Window

MINUTE, HOUR = 60_000, 3_600_000
DAY = 24 * HOUR
TEN_TO_NOON = {"kind": "windows", "windows": [{"start_utc_ms": 10 * HOUR, "end_utc_ms": 12 * HOUR}]}


Wrong = Callable[[Told, Window, int], bool]


def said_wrongly(rule: str, wrong: Wrong) -> Rules:
    """The rules with one of them replaced; in_scope_before is told no instant."""
    rules = Rules()
    setattr(rules, rule, lambda told, window, x=0: wrong(told, window, x))
    return rules


def words(unit: str, calendar: dict[str, Any] | None = None) -> SiteTexts:
    return SiteTexts(calendar, frozenset({"all", f"unit:{unit}"}))


def counted(
    told: list[tuple[int, SiteTexts]], rules: Rules | None = None, added: int = 0
) -> tuple[int, int, int, list[str]]:
    """S, M, D in minutes of a day with an outage from 10:00 to 14:00, a window of unit b from 12:00 to 16:00."""
    probes = [
        ["boot", at, 0, "failed" if 10 * HOUR <= at < 14 * HOUR else "ok"] for at in range(added, DAY, 10 * MINUTE)
    ]
    policy = {"interval_ms": 10 * MINUTE, "timeout_ms": 0, "fail_after": 1, "recover_after": 1}
    configured = [{"start_utc_ms": added, "end_utc_ms": None}]
    window = {"id": "m1", "start_utc_ms": 12 * HOUR, "end_utc_ms": 16 * HOUR, "recorded_utc_ms": 8 * HOUR}
    document = {
        "version": 1,
        "period": {"from": 0, "to": DAY},
        "agent_runs": [{"boot": "boot", "start_ms": 0, "end": "running"}],
        "clock_anchors": [{"boot": "boot", "at_ms": 0, "wall_utc_ms": 0, "synchronised": True}],
        "maintenance": [window],
        "targets": [{"id": "t", "policy": policy, "configured": configured, "probes": probes}],
    }
    changes = Changes({"t": told}, {"t": [Span(added, FOREVER)]}, {"m1": "unit:b"})
    (found,) = report(document, rules, changes=changes)["targets"]
    sums = (found[f"{key}_ms"] // MINUTE for key in ("scoring", "maintenance", "down"))
    return (*sums, found["retroactive"])


def test_a_site_that_moves() -> None:
    assert counted([(0, words("a")), (13 * HOUR, words("b"))]) == (1440, 0, 240, ["m1"])
    assert counted([(0, words("a")), (12 * HOUR, words("b"))]) == (1440, 0, 240, ["m1"])
    assert counted([(0, words("a")), (12 * HOUR - 1, words("b"))]) == (1440, 240, 120, [])
    assert counted([(0, words("b")), (13 * HOUR, words("a"))]) == (1440, 60, 180, [])
    assert counted([(0, words("a")), (16 * HOUR, words("b"))]) == (1440, 0, 240, [])


def test_a_target_that_is_added() -> None:
    assert counted([(13 * HOUR, words("b"))], added=13 * HOUR) == (660, 0, 60, ["m1"])


def test_a_calendar_that_changes() -> None:
    assert counted([(0, words("a", TEN_TO_NOON)), (11 * HOUR, words("a"))]) == (60 + 780, 0, 240, [])


@pytest.mark.parametrize(
    ("rule", "wrong", "told", "added"),
    [
        (
            "in_scope_before",  # one that joins in the very instant in which the window begins
            lambda told, window, _: told.is_there(window.start) and told.has(window, window.start),
            [(0, words("a")), (12 * HOUR, words("b"))],
            0,
        ),
        ("in_scope_before", lambda *_: True, [(0, words("a")), (13 * HOUR, words("b"))], 0),
        (
            "in_scope_before",  # a scope that had the target before there was one
            lambda told, window, _: told.has(window, window.start - 1),
            [(13 * HOUR, words("b"))],
            13 * HOUR,
        ),
        ("in_scope", lambda *_: True, [(0, words("b")), (13 * HOUR, words("a"))], 0),
    ],
)
def test_a_rule_said_wrongly_is_noticed(rule: str, wrong: Wrong, told: list[tuple[int, SiteTexts]], added: int) -> None:
    assert counted(told, said_wrongly(rule, wrong), added) != counted(told, added=added)
