"""The boards on a wall: what each panel shows of a lab, asked of a real Prometheus; and what the lab says is true."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from agent.lab.control import send_command
from agent.lab.control_protocol import HostStatus, LabAction, LabCommand
from agent.lab.district import SNMP, LabHost, district
from agent.lab.inventory import title
from agent.model import Role, State
from dashboards.display_values import CUT_OFF, UNSURE, UP_LAST
from tests.agent.lab.net import Lab
from tests.peers import prometheus_process
from tests.peers.board_agent import LabAgent

WITHIN_SECONDS = 90
SITE_SEEN = "ubnd-dong-que"
POINT_SEEN = "ubnd-don-nhan/room"
POINT_PLACE = "room-07"
DISTRICT = district(8)
DEGRADED = {"dc/documents"}  # its certificate ends in ten days, and the module asks for 21
PLACES = {place.name: place for place in DISTRICT.hosts}
TARGETS = {place.target: place for place in DISTRICT.hosts if place.target} | {
    place.targets[1]: replace(place, check=f"{place.check}-{SNMP}", role=Role.DEVICE, device=None)
    for place in DISTRICT.hosts
    if place.device
}
SITE_NAMES = {office.id: office.name for office in DISTRICT.sites}
NAMES = {target: title(place) for target, place in TARGETS.items()}
SERVICE_ROLES = (Role.ONE_STOP, Role.PORTAL, Role.SERVICE)


def full_name(target: str) -> str:
    """As the inventory has it: behind the site's name where it comes from the profile."""
    site = TARGETS[target].site
    return NAMES[target] if site == "dc" else f"{SITE_NAMES[site]}: {NAMES[target]}"


@dataclass(frozen=True)
class Seen:
    """One series of a panel: its legend filled in, its labels, its value."""

    name: str
    labels: dict[str, str]
    value: float


@dataclass(frozen=True)
class Wall:
    """Prometheus, and the boards that ask it."""

    agent: LabAgent
    url: str
    boards: dict[str, dict[str, Any]]
    at: float | None = None

    @property
    def lab(self) -> Lab:
        return self.agent.lab

    def ask(self, query: str) -> list[dict[str, Any]]:
        return prometheus_process.ask(self.url, query, self.at)

    def still(self) -> Wall:
        """The wall of one instant, so that two panels can be compared; of just now, when all samples are in."""
        return replace(self, at=time.time() - 2)

    def targets(self, uid: str) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
        """Each query of the board: panel, target, and the expression with the variables filled in."""
        for panel in self.boards[uid]["panels"]:
            for target in panel.get("targets", []):
                yield panel, target, filled(target["expr"])

    def marks(self, uid: str) -> dict[str, set[str]]:
        """What is marked over the charts now: the name of the mark, and of what it tells."""
        return {
            mark["name"]: {
                one["metric"]["name"] for one in self.ask(filled(mark["target"]["expr"])) if one["value"][1] != "0"
            }
            for mark in self.boards[uid]["annotations"]["list"]
        }

    def column(self, uid: str, title: str, column: str) -> dict[str, float]:
        """A column of a table about targets, by the target."""
        (panel,) = [panel for panel in self.boards[uid]["panels"] if panel["title"] == title]
        (names,) = [each["options"]["renameByName"] for each in panel["transformations"] if each["id"] == "organize"]
        (field,) = [field for field, shown in names.items() if shown == column]
        series = self.seen(uid, title)["A" if field == "Value" else field.removeprefix("Value #")]
        return {one.labels["target"]: one.value for one in series}

    def seen(self, uid: str, title: str) -> dict[str, list[Seen]]:
        """What the panel shows, by the letter of its queries."""
        found: dict[str, list[Seen]] = {}
        for panel, target, expr in self.targets(uid):
            if panel["title"] == title:
                legend = target.get("legendFormat", "")
                found[target["refId"]] = [_seen(series, legend) for series in self.ask(expr)]
        assert found, f"{uid} has no panel {title!r}"
        return found

    def shown(self, uid: str, title: str) -> dict[str, float]:
        """All series of the panel: name to value."""
        return {one.name: one.value for series in self.seen(uid, title).values() for one in series}


FILLED = {
    "$agent": ".+",
    "$site": SITE_SEEN,
    "$place": ".+",
    "$unit": ".+",
    "$point": POINT_SEEN,
    "$role": ".+",
    "$__rate_interval": "4s",
    "$__range": "30m",
}


def filled(expr: str) -> str:
    """With the variables of the boards filled in."""
    for name, value in FILLED.items():
        expr = expr.replace(name, value)
    return expr


def _seen(series: dict[str, Any], legend: str) -> Seen:
    labels = series["metric"]
    name = re.sub(r"{{(\w+)}}", lambda match: labels.get(match[1], ""), legend)
    return Seen(name, labels, float(series["value"][1]))


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.3)


# the lab's own truth


def hosts(wall: Wall) -> tuple[HostStatus, ...]:
    return send_command(wall.lab.state, LabCommand(LabAction.STATUS)).hosts


def faulty(wall: Wall) -> set[str]:
    """The targets whose place the lab has switched off; a busy room works."""
    off = [PLACES[place.name] for place in hosts(wall) if place.fault not in ("", "busy")]
    return {target for place in off for target in place.targets}


def expected_states(wall: Wall) -> dict[str, State]:
    """Off is DOWN; but behind the lost path everything is UNKNOWN."""
    off = faulty(wall)
    lost = {place.name for place in hosts(wall) if place.fault} >= {place.name for place in DISTRICT.anchors}
    behind = {target for office in DISTRICT.communes for place in office.hosts for target in place.targets}

    def state(target: str) -> State:
        if lost and target in behind:
            return State.UNKNOWN
        if target in off:
            return State.DOWN
        return State.DEGRADED if target in DEGRADED else State.UP

    return {target: state(target) for target in TARGETS}


def states(wall: Wall) -> dict[str, State]:
    """What the agent shows, without any board."""
    return {one["metric"]["target"]: State(int(one["value"][1])) for one in wall.ask("sansang_target_state")}


def causes(down: set[str]) -> dict[str, int]:
    """Down by themselves, not behind an uplink that is down; and how many are down at their site, SNMP not counted."""
    sites = Counter(TARGETS[target].site for target in down if not target.endswith(f"-{SNMP}"))
    cut = {TARGETS[target].site for target in down if TARGETS[target].check == "uplink"}
    return {
        target: sites[TARGETS[target].site]
        for target in down
        if TARGETS[target].site not in cut or TARGETS[target].check == "uplink"
    }


def k_of_n(expected: dict[str, State], wanted: Callable[[LabHost], bool]) -> tuple[str, float]:
    """ "k/n" of those targets, and how many are down, half a one more where some are unknown."""
    found = [state for target, state in expected.items() if wanted(TARGETS[target])]
    ready = sum(state in (State.UP, State.DEGRADED) for state in found)
    return f"{ready}/{len(found)}", found.count(State.DOWN) + UNSURE * (State.UNKNOWN in found)


def counts(states: Iterable[State]) -> dict[State, float]:
    """What the tiles say: none is unsure while some are unknown."""
    counted = Counter(states)
    none = UNSURE if counted[State.UNKNOWN] else 0
    return {state: counted[state] or none for state in State}


def ranked(expected: dict[str, State]) -> dict[str, float]:
    """As ``chained``, of all targets, in tables: what is up comes last."""
    return {target: UP_LAST if state == State.UP else state for target, state in chained(expected).items()}


def chained(expected: dict[str, State]) -> dict[str, float]:
    """As the boards show them: what is down behind an uplink that is down is only cut off."""
    down = {target for target, state in expected.items() if state is State.DOWN}
    own = causes(down)
    return {target: CUT_OFF if target in down - set(own) else state for target, state in expected.items()}


def of(expected: dict[str, State], *roles: Role) -> dict[str, State]:
    """Those of these roles."""
    return {target: state for target, state in expected.items() if TARGETS[target].role in roles}
