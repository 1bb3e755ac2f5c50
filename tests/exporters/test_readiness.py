"""Sites with one line, two lines and none: ready, not ready, not known."""

from __future__ import annotations

import gzip
from dataclasses import replace
from itertools import product
from typing import Literal

import pytest

from agent.engine.agent_stats import AgentStats
from agent.inventory.entities import Inventory, Site
from agent.model import Role, State
from exporters.prometheus import Exposition
from exporters.readiness import SiteReadiness
from tests.exporters.sample import inventory, target, view

FIBRE, SPARE = target("fibre"), target("spare")
ROOM = target("room", role=Role.CONFERENCE)
UP, DEGRADED, DOWN, UNKNOWN = State.UP, State.DEGRADED, State.DOWN, State.UNKNOWN


def ready(uplinks: tuple[State, ...], room: State, rule: Literal["any", "all"]) -> bool | None:
    readiness = SiteReadiness(Site("a", "Xã A", "u", uplinks=rule))
    for role, state in (*((Role.UPLINK, state) for state in uplinks), (Role.CONFERENCE, room)):
        counts = readiness.counts_of(role)
        assert counts is not None
        counts[state] += 1
    return readiness.ready()


@pytest.mark.parametrize(
    ("fibre", "spare", "alternatives", "each"),
    [
        (UP, UP, True, True),
        (UP, DEGRADED, True, True),
        (UP, DOWN, True, False),
        (DOWN, DEGRADED, True, False),
        (UP, UNKNOWN, True, None),
        (DOWN, UNKNOWN, None, False),
        (UNKNOWN, UNKNOWN, None, None),
        (DOWN, DOWN, False, False),
    ],
)
def test_two_lines_stand_in_for_each_other_unless_the_site_needs_all(
    fibre: State, spare: State, alternatives: bool | None, each: bool | None
) -> None:
    assert ready((fibre, spare), UP, "any") is alternatives
    assert ready((fibre, spare), UP, "all") is each


@pytest.mark.parametrize("rule", ["any", "all"])
def test_one_line_is_needed_and_none_is_not(rule: Literal["any", "all"]) -> None:
    assert [ready((state,), UP, rule) for state in (UP, DEGRADED, DOWN, UNKNOWN)] == [True, True, False, None]
    assert [ready((), state, rule) for state in (UP, DEGRADED, DOWN, UNKNOWN)] == [True, True, False, None]


@pytest.mark.parametrize("rule", ["any", "all"])
def test_a_dead_room_is_not_ready_whatever_the_lines_do(rule: Literal["any", "all"]) -> None:
    assert {ready(lines, DOWN, rule) for lines in product(State, repeat=2)} == {False}


def test_what_no_meeting_needs_is_not_counted() -> None:
    readiness = SiteReadiness(Site("a", "Xã A", "u"))
    assert [readiness.counts_of(role) for role in (Role.PORTAL, Role.SERVICE, Role.DEVICE, Role.ONE_STOP)] == [None] * 4


def shown(house: Inventory, *states: State) -> list[str]:
    exposition = Exposition(house, AgentStats)
    for one, state in zip((FIBRE, SPARE, ROOM), states, strict=True):
        exposition.update(view(one, state))
    lines = gzip.decompress(exposition.render(openmetrics=False)).decode().splitlines()
    return [line for line in lines if line.startswith("sansang_site_ready{")]


def test_the_metric_says_ready_while_one_line_works() -> None:
    house = inventory(FIBRE, SPARE, ROOM)
    strict = replace(house, sites=tuple(replace(site, uplinks="all") for site in house.sites))

    assert shown(house, DOWN, UP, UP) == ['sansang_site_ready{site="a"} 1.0']
    assert shown(strict, DOWN, UP, UP) == ['sansang_site_ready{site="a"} 0.0']
    assert shown(house, DOWN, DOWN, UP) == ['sansang_site_ready{site="a"} 0.0']
    assert shown(house, DOWN, UNKNOWN, UP) == []
