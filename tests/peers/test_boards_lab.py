"""Every query of every panel against a real Prometheus that scrapes the agent on the lab, held to the lab's own truth.

One lab of eight communes and one Prometheus for all: in health, with one room dead, with one site cut, with the
path to the communes lost. What should be shown is worked out from what the lab says of its places.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.explain.texts import explain
from agent.explain.words import ROLES
from agent.lab.control import ask
from agent.lab.district import PATH, Place, district
from agent.lab.orders import Deed, Order, Report
from agent.model import Reason, Role, State
from dashboards.boards.parts import OVERVIEW, SITE
from dashboards.build import documents
from dashboards.settings import Settings
from dashboards.words import BEHIND_BREAK
from tests.agent.lab import net
from tests.agent.lab.net import Lab
from tests.peers import prometheus_process

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]
WITHIN_SECONDS = 90
SITE_SEEN = "ubnd-dong-que"
DISTRICT = district(8)
DEGRADED = {"dc/documents"}  # its certificate ends in ten days, and the module asks for 21
TARGETS = {place.target: place for place in DISTRICT.places if place.target}
SITE_NAMES = {office.id: office.name for office in DISTRICT.offices}
SERVICE_ROLES = (Role.ONE_STOP, Role.PORTAL, Role.SERVICE)
CHAIN = {"1. Đường truyền →": Role.UPLINK, "2. Mạng LAN →": Role.LAN, "3. Điểm cầu": Role.CONFERENCE}
EMPTY = {
    'role="device"': "the lab has no devices",
    "sansang_target_down_reason": "nothing is down in health",
    'sansang_target_upstream_down{instance=~".+"} == 0)': "nothing is down in health",
    'role!~"uplink|lan|conference"': "the site seen has no services",
    'sansang_tls_expiry_timestamp_seconds{instance=~".+", site=': "the site seen has no certificates",
}


@dataclass(frozen=True)
class Seen:
    """One series of a panel: its legend filled in, its labels, its value."""

    name: str
    labels: dict[str, str]
    value: float


@dataclass(frozen=True)
class Wall:
    """Prometheus, and the boards that ask it."""

    lab: Lab
    url: str
    boards: dict[str, dict[str, Any]]

    def ask(self, query: str) -> list[dict[str, Any]]:
        return prometheus_process.ask(self.url, query)

    def targets(self, uid: str) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
        """Each query of the board: panel, target, and the expression with the variables filled in."""
        for panel in self.boards[uid]["panels"]:
            for target in panel.get("targets", []):
                filled = {"$agent": ".+", "$site": SITE_SEEN, "$__rate_interval": "4s"}
                expr = target["expr"]
                for name, value in filled.items():
                    expr = expr.replace(name, value)
                yield panel, target, expr

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


def _seen(series: dict[str, Any], legend: str) -> Seen:
    labels = series["metric"]
    name = re.sub(r"{{(\w+)}}", lambda match: labels.get(match[1], ""), legend)
    return Seen(name, labels, float(series["value"][1]))


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    net.need_namespaces()
    folder = tmp_path_factory.mktemp("prometheus")
    built = documents(Settings(), "boards")
    boards = {Path(path).stem: json.loads(text) for path, text in built.items() if "/vi/" in path}
    with net.lab("--communes", "8", "--listen", "127.0.0.1:0") as lab:
        page = re.search(r"Metrics: http://(\S+)/metrics", lab.said)
        assert page is not None, lab.said
        with prometheus_process.prometheus(folder, page[1]) as url:
            wall = Wall(lab, url, boards)
            until(lambda: states(wall) == expected_states(wall))
            yield wall


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.3)


# the lab's own truth


def places(wall: Wall) -> tuple[Report, ...]:
    return ask(wall.lab.state, Order(Deed.STATUS)).places


def faulty(wall: Wall) -> set[str]:
    """The targets whose place the lab has switched off."""
    return {place.target for place in places(wall) if place.fault and place.target}


def expected_states(wall: Wall) -> dict[str, State]:
    """Off is DOWN; but behind the lost path everything is UNKNOWN."""
    off = faulty(wall)
    lost = {place.name for place in places(wall) if place.fault} >= {place.name for place in DISTRICT.anchors}
    behind = {place.target for office in DISTRICT.communes for place in office.places}

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
    """Down by themselves, not behind an uplink that is down; and how many are down at their site."""
    sites = Counter(TARGETS[target].site for target in down)
    cut = {TARGETS[target].site for target in down if TARGETS[target].check == "uplink"}
    return {
        target: sites[TARGETS[target].site]
        for target in down
        if TARGETS[target].site not in cut or TARGETS[target].check == "uplink"
    }


def k_of_n(expected: dict[str, State], wanted: Callable[[Place], bool]) -> tuple[str, float]:
    """ "k/n" of those targets, and how many are down."""
    found = [state for target, state in expected.items() if wanted(TARGETS[target])]
    ready = sum(state in (State.UP, State.DEGRADED) for state in found)
    return f"{ready}/{len(found)}", found.count(State.DOWN)


# what each panel must show


def check_overview(wall: Wall) -> None:
    expected = expected_states(wall)
    communes = {office.id for office in DISTRICT.communes}
    rooms, rooms_down = k_of_n(expected, lambda place: place.role is Role.CONFERENCE)
    assert wall.shown(OVERVIEW, "Điểm cầu sẵn sàng") == {rooms: rooms_down}
    upper, upper_down = k_of_n(expected, lambda place: place.site not in communes)
    lower, lower_down = k_of_n(expected, lambda place: place.site in communes)
    assert wall.shown(OVERVIEW, "Sẵn sàng theo cấp") == {f"Huyện {upper}": upper_down, f"Xã {lower}": lower_down}
    counted = Counter(expected.values())
    for title, state in (("Hỏng", State.DOWN), ("Kém", State.DEGRADED), ("Chưa rõ", State.UNKNOWN)):
        assert wall.shown(OVERVIEW, title) == {"": counted[state]}
    network, others = (
        wall.shown(OVERVIEW, f"Sẵn sàng: {what}") for what in ("mạng và điểm cầu", "dịch vụ và thiết bị")
    )
    assert network | others == {
        f"{ROLES[role].vi} {text}": down
        for role in Role
        for text, down in [k_of_n(expected, lambda place, role=role: place.role is role)]  # type: ignore[misc]
        if role is not Role.DEVICE
    }
    rows = {
        f"{SITE_NAMES[TARGETS[target].site]}: room": state
        for target, state in expected.items()
        if TARGETS[target].role is Role.CONFERENCE
    }
    until(lambda: wall.shown(OVERVIEW, "Các điểm cầu trong ngày") == rows)
    services = {target for target, place in TARGETS.items() if place.role in SERVICE_ROLES}
    tiles = wall.seen(OVERVIEW, "Một cửa, cổng và dịch vụ")["A"]
    assert {one.labels["target"]: one.value for one in tiles} == {target: expected[target] for target in services}
    check_down(wall, expected)
    lost = State.UNKNOWN in expected.values()
    assert wall.shown(OVERVIEW, "Đường của máy giám sát") == {PATH: float(not lost)}


def check_down(wall: Wall, expected: dict[str, State]) -> None:
    """The table, worst first: as Grafana joins and sorts it."""
    down = {target for target, state in expected.items() if state is State.DOWN}
    table = wall.seen(OVERVIEW, "Đang hỏng, nặng nhất trước")
    count = {one.labels["target"]: one.value for one in table["B"]}
    rows = sorted(table["A"], key=lambda one: (-count[one.labels["target"]], one.value))
    assert {row.labels["target"]: count[row.labels["target"]] for row in rows} == causes(down)
    assert [count[row.labels["target"]] for row in rows] == sorted(causes(down).values(), reverse=True)
    for row in rows:
        role = TARGETS[row.labels["target"]].role
        assert sentence(wall, row.labels["why"]) == explain(role, Reason.TIMEOUT, "vi").what
        assert row.labels["name"].startswith(SITE_NAMES[TARGETS[row.labels["target"]].site])


def sentence(wall: Wall, key: str) -> str:
    """What the table writes for a value of its column Why."""
    (panel,) = [panel for panel in wall.boards[OVERVIEW]["panels"] if panel["type"] == "table"]
    (why,) = [each for each in panel["fieldConfig"]["overrides"] if each["matcher"]["options"] == "Vì sao"]
    (mappings,) = [each["value"] for each in why["properties"] if each["id"] == "mappings"]
    text: str = mappings[0]["options"][key]["text"]
    return text


def check_site(wall: Wall) -> None:
    expected = {target: state for target, state in expected_states(wall).items() if TARGETS[target].site == SITE_SEEN}
    cut = expected[f"{SITE_SEEN}/uplink"] is State.DOWN
    chain = {
        target: BEHIND_BREAK if cut and state is State.DOWN and TARGETS[target].check != "uplink" else state
        for target, state in expected.items()
    }
    for title, role in CHAIN.items():
        assert wall.shown(SITE, title) == {
            TARGETS[target].check: state for target, state in chain.items() if TARGETS[target].role is role
        }
    table = wall.seen(SITE, "Từng mục tiêu")
    assert {one.labels["target"]: one.value for one in table["A"]} == chain
    down = {target for target, state in expected.items() if state is State.DOWN}
    assert {one.labels["target"]: one.labels["why"] for one in table["H"]} == {
        target: f"{TARGETS[target].role}.timeout" for target in causes(down)
    }
    now = time.time()
    assert all(now - 120 < one.value / 1000 <= now for one in table["F"])
    assert {one.labels["target"] for one in table["F"]} == set(expected)
    rows = {TARGETS[target].check: state for target, state in expected.items()}
    until(lambda: wall.shown(SITE, "Trong ngày") == rows)
    ready = {} if State.UNKNOWN in expected.values() else {SITE_NAMES[SITE_SEEN]: float(not down)}
    assert wall.shown(SITE, "Sẵn sàng họp?") == ready
    loss = wall.shown(SITE, "Mất gói")
    pinged = {target: state for target, state in expected.items() if TARGETS[target].role is not Role.CONFERENCE}
    if State.UNKNOWN not in expected.values():
        assert loss == {TARGETS[target].check: float(state is State.DOWN) for target, state in pinged.items()}
        assert set(wall.shown(SITE, "Trễ khứ hồi")) == {
            TARGETS[t].check for t, state in expected.items() if t not in down
        }


def since(wall: Wall, target: str) -> float:
    """What the table of outages says."""
    (row,) = [one for one in wall.seen(OVERVIEW, "Đang hỏng, nặng nhất trước")["A"] if one.labels["target"] == target]
    return row.value / 1000


def test_in_health_every_query_has_data_and_none_of_it_is_made_up(wall: Wall) -> None:
    empty = [expr for uid in wall.boards for _, _, expr in wall.targets(uid) if not wall.ask(expr)]
    assert [expr for expr in empty if not any(reason in expr for reason in EMPTY)] == []
    assert not [expr for uid in wall.boards for _, _, expr in wall.targets(uid) if "vector(" in expr]


def test_in_health_every_panel_shows_the_labs_truth(wall: Wall) -> None:
    assert set(expected_states(wall).values()) == {State.UP, State.DEGRADED}
    check_overview(wall)
    check_site(wall)


def test_certificates_pages_and_the_agent_itself(wall: Wall) -> None:
    days = wall.shown(OVERVIEW, "Chứng thư số còn bao nhiêu ngày")
    assert {name: round(value) for name, value in days.items()} == {"Một cửa điện tử": 365, "Quản lý văn bản": 10}
    pages = wall.seen(OVERVIEW, "Thời gian đến byte đầu tiên")["A"]
    assert {one.labels["target"] for one in pages} == {
        target for target, place in TARGETS.items() if place.service in ("http", "https")
    }
    assert all(0 < one.value < 2 for one in pages)
    assert wall.shown(OVERVIEW, "Máy giám sát có khỏe không") == {
        "Sổ ghi": 1,
        "Đồng hồ": float(SystemClock().synchronised()),
        "Cấu hình": 1,
        "Tên miền": 1,
    }
    (late,) = wall.shown(OVERVIEW, "Kiểm tra trễ bao lâu").values()
    assert 0 < late < 10


def test_a_dead_room_is_the_one_line_with_its_beginning_and_its_reason(wall: Wall) -> None:
    began = time.time()
    wall.lab.order(Deed.FAIL, "room-07")
    until(lambda: states(wall) == expected_states(wall))
    assert faulty(wall) == {"ubnd-don-nhan/room"}
    check_overview(wall)
    check_site(wall)
    assert began - 1 <= since(wall, "ubnd-don-nhan/room") <= time.time()


def test_a_cut_site_comes_first_as_one_line_and_its_chain_shows_the_break(wall: Wall) -> None:
    began = time.time()
    wall.lab.order(Deed.CUT, SITE_SEEN)
    until(lambda: states(wall) == expected_states(wall))
    check_overview(wall)
    check_site(wall)
    assert causes(faulty(wall)) == {f"{SITE_SEEN}/uplink": 4, "ubnd-don-nhan/room": 1}
    assert began - 1 <= since(wall, f"{SITE_SEEN}/uplink") <= time.time()
    assert since(wall, "ubnd-don-nhan/room") < began


def test_behind_a_lost_path_all_is_unknown_and_shown_apart(wall: Wall) -> None:
    wall.lab.order(Deed.RESTORE, "all")
    until(lambda: states(wall) == expected_states(wall))
    wall.lab.order(Deed.CUT, PATH)
    until(lambda: states(wall) == expected_states(wall))
    assert set(expected_states(wall).values()) == {State.UP, State.DEGRADED, State.UNKNOWN}
    check_overview(wall)
    check_site(wall)
