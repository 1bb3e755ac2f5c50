"""From a dead address to a message while the office opens and closes, and while Prometheus and Alertmanager restart.

The office of this test is open for one whole minute; what is told before, in and after it is counted at two places:
the officers' webhook, which is told everything, and the loud one. All rows run side by side in one district.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboards.hours import OpenHours
from dashboards.settings import AlertLimits, BuildSettings
from tests.peers.agent_process import Check, FaultNetwork, host
from tests.peers.alert_chain import ALERTMANAGER, HEARD, HOOK, PROMETHEUS
from tests.peers.alert_world import CUT, PACE, ROOM, SETTINGS, World, ends, fires, monitored

pytestmark = [
    pytest.mark.peers,
    pytest.mark.waits,
    pytest.mark.timeout(360),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

OPENS_AFTER, OPEN = 65, 60
PACE_LOUD = replace(PACE, loud_wait=1)
LOUD = replace(HEARD, loud_webhook=f"http://127.0.0.1:{HOOK}/loud")
ROOMS = ("night", "over-night", "day", "evening", "late")
MANY, SPARE = "SansangManyPointsDown", "SansangUplinkRedundancyLost"
MANY_ROOMS = tuple(f"many-{number}" for number in range(1, 8))
VILLAGES = tuple(f"village-{number}" for number in range(1, 7))


def checks() -> list[Check]:
    """Rooms behind a line each; villages behind one district line; a site with two lines; a portal."""
    rows: list[Check] = []

    def add(id_: str, role: str, *parents: str) -> None:
        rows.append(Check(id_, "ping", host(len(rows)), role, parents))

    for site in ROOMS:
        add(f"{site}/uplink", "uplink")
        add(f"{site}/room", "conference", f"{site}/uplink")
    for site in MANY_ROOMS:
        add(f"{site}/room", "conference")
    add("hub/uplink", "uplink")
    for site in VILLAGES:
        add(f"{site}/uplink", "uplink", "hub/uplink")
        add(f"{site}/room", "conference", f"{site}/uplink")
    add("two-lines/first", "uplink")
    add("two-lines/second", "uplink")
    add("two-lines/room", "conference", "two-lines/first", "two-lines/second")
    return rows


@dataclass(frozen=True, slots=True)
class Office:
    """Open in [opens, opens + OPEN) of Unix time, whole minutes."""

    opens: int

    def hours(self) -> OpenHours:
        """On that date only."""
        start = datetime.fromtimestamp(self.opens, UTC)
        opens_ms = (start.hour * 60 + start.minute) * 60_000
        return OpenHours("office", "UTC", (), {start.date(): ((opens_ms, opens_ms + OPEN * 1000),)})

    def wait(self, after: float) -> None:
        """Until so many seconds after it opened."""
        time.sleep(max(0.0, self.opens + after - time.time()))

    def closed_yet(self) -> bool:
        return time.time() < self.opens


@pytest.fixture
def office() -> Office:
    return Office(-(-int(time.time() + OPENS_AFTER) // 60) * 60)


@pytest.fixture
def world(tmp_path: Path, office: Office) -> Iterator[World]:
    limits = AlertLimits(many_points=len(MANY_ROOMS) - 1, many_share=0.2, flaps=99)
    settings: BuildSettings = replace(
        SETTINGS, calendars=(office.hours(),), messages=LOUD, timing=PACE_LOUD, limits=limits
    )
    with FaultNetwork() as network, monitored(network, tmp_path, checks(), settings) as made:
        yield made


def test_the_office_opens_and_closes_over_outages(world: World, office: Office) -> None:
    _before_hours(world)
    _many_at_once(world)
    assert office.closed_yet(), "the machine is too slow for this test"
    assert world.chain.loud == []
    _hours_begin(world, office)
    _many_are_over(world)
    _in_hours(world)
    _servers_restart(world)
    _after_hours(world, office)
    sites = (*ROOMS, *MANY_ROOMS, "hub", *VILLAGES, "two-lines", "")
    for site in sites:
        print(f"{site}: {world.chain.of(site)}, loud {world.chain.rung(site)}")
    assert sum(len(world.chain.of(site)) for site in sites) == len(world.chain.messages)
    assert sum(len(world.chain.rung(site)) for site in sites) == len(world.chain.loud)


def _many_at_once(world: World) -> None:
    """Seven rooms of the district from no known cause: one message. One was told before, alone; its end will be."""
    first, *others = (f"{site}/room" for site in MANY_ROOMS)
    world.kill(first)
    world.told(MANY_ROOMS[0], fires(ROOM))
    world.kill(*others)
    world.told("", fires(MANY))


def _before_hours(world: World) -> None:
    """Told at once where everything is told, and nowhere else. A dead district line is one message."""
    villages = [f"{site}/{place}" for site in VILLAGES for place in ("uplink", "room")]
    world.kill("night/room", "over-night/room", "hub/uplink", *villages, "two-lines/first")
    for site, alert in (("night", ROOM), ("over-night", ROOM), ("hub", CUT)):
        world.told(site, fires(alert))
    world.mend("over-night/room")
    world.told("over-night", fires(ROOM), ends(ROOM))


def _hours_begin(world: World, office: Office) -> None:
    """What is down when the office opens rings then, once; what was over before does not. A warning has waited."""
    office.wait(0)
    world.chain.until(lambda: len(world.chain.loud) >= 4, 15, "what is down rings")
    print(f"rings {time.time() - office.opens:.1f} s after the office opens")
    assert (world.chain.rung("night"), world.chain.rung("hub")) == ([fires(ROOM)], [fires(CUT)])
    assert (world.chain.rung(MANY_ROOMS[0]), world.chain.rung("")) == ([fires(ROOM)], [fires(MANY)])
    world.told("two-lines", fires(SPARE))


def _many_are_over(world: World) -> None:
    """All but one are back: the end of the many, of the one that was told before, and the one that is left."""
    *back, stays = MANY_ROOMS
    world.mend(*(f"{site}/room" for site in back))
    world.told("", fires(MANY), ends(MANY))
    world.told(MANY_ROOMS[0], fires(ROOM), ends(ROOM))
    world.told(stays, fires(ROOM))
    world.mend(f"{stays}/room")


def _in_hours(world: World) -> None:
    """Told at both places, the end at one. The villages come back with their line: one end. A spare line rings not."""
    world.kill("day/room", "evening/room", "two-lines/second", "two-lines/room")
    villages = [f"{site}/{place}" for site in VILLAGES for place in ("uplink", "room")]
    world.mend("hub/uplink", *villages)
    for site, alert in (("day", ROOM), ("evening", ROOM)):
        world.told(site, fires(alert))
        world.chain.until(lambda site=site: bool(world.chain.rung(site)), 5, f"{site} rings")  # type: ignore[misc]
    world.mend("day/room", "two-lines/first", "two-lines/second", "two-lines/room")
    world.told("hub", fires(CUT), ends(CUT))
    world.told("day", fires(ROOM), ends(ROOM))
    world.told(MANY_ROOMS[-1], fires(ROOM), ends(ROOM))
    world.told("two-lines", fires(SPARE), fires(CUT), ends(CUT), ends(SPARE))


def _servers_restart(world: World) -> None:
    """During outages that were told: nothing is told again, at neither place."""
    messages, rung = list(world.chain.messages), list(world.chain.loud)
    world.chain.restart(ALERTMANAGER)
    world.chain.restart(PROMETHEUS)
    time.sleep(PACE.resolve_hold + 3)
    assert (world.chain.messages, world.chain.loud) == (messages, rung)


def _after_hours(world: World, office: Office) -> None:
    """Ends are told where they always are; what begins now is told there too, and rings nowhere."""
    office.wait(OPEN + 1)
    rung = list(world.chain.loud)
    world.mend("night/room", "evening/room")
    world.kill("late/room")
    world.told("night", fires(ROOM), ends(ROOM))
    world.told("evening", fires(ROOM), ends(ROOM))
    world.told("late", fires(ROOM))
    world.kill("evening/room")
    world.told("evening", fires(ROOM), ends(ROOM), fires(ROOM))
    world.mend("late/room", "evening/room")
    world.told("late", fires(ROOM), ends(ROOM))
    world.told("evening", fires(ROOM), ends(ROOM), fires(ROOM), ends(ROOM))
    assert world.chain.loud == rung
