"""The boards before a live lab, and what the overview and a site must show of it."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.explain.labels import ROLES
from agent.explain.texts import explain
from agent.lab.district import PATH, SNMP
from agent.model import Reason, Role, State
from dashboards.boards.links import OVERVIEW, SITE
from dashboards.build import documents
from dashboards.display_values import CUT_OFF, UP_LAST
from dashboards.settings import AlertTiming, BuildSettings
from tests.agent.lab import net
from tests.peers import board_checks, prometheus_process
from tests.peers.board_agent import watched_lab
from tests.peers.board_alerts import check_alerts
from tests.peers.board_wall import (
    DISTRICT,
    NAMES,
    POINT_SEEN,
    SERVICE_ROLES,
    SITE_NAMES,
    SITE_SEEN,
    TARGETS,
    Wall,
    causes,
    chained,
    counts,
    expected_states,
    filled,
    full_name,
    k_of_n,
    of,
    ranked,
    states,
    until,
)

PACE = AlertTiming(resolve_hold=6, absent_after=5)
_BOOKED = 'sum by (target) (increase(sansang_target_state_seconds_total{state=~"up|degraded"}[30m])) > 0'
POINTS_AT = {place.site for place in TARGETS.values() if place.role is Role.CONFERENCE}
CHAIN = "Đường truyền → mạng LAN → điểm cầu → dịch vụ"


@contextmanager
def watched_wall(folder: Path) -> Iterator[Wall]:
    """A lab of eight communes in health, its agent with a window of maintenance, and Prometheus with the rules."""
    net.need_namespaces()
    built = documents(BuildSettings(), "boards")
    boards = {Path(path).stem: json.loads(text) for path, text in built.items() if "/vi/" in path}
    with watched_lab(8) as agent, prometheus_process.prometheus(folder, agent.address, timing=PACE) as url:
        wall = Wall(agent, url, boards)
        announce_maintenance(agent.address)
        until(lambda: states(wall) == expected_states(wall))
        until(lambda: len(wall.ask(_BOOKED)) == len(TARGETS))
        yield wall


def announce_maintenance(agent: str) -> None:
    """A window over the point seen, from the next moment on: a mark that changes no state."""
    begins = datetime.now(UTC) + timedelta(seconds=5)
    ends = begins + timedelta(hours=1)
    wanted = {"do": "add", "scope": f"target:{POINT_SEEN}", "who": "An", "why": "thay codec"}
    body = wanted | {"from": begins.isoformat(), "to": ends.isoformat()}
    request = urllib.request.Request(f"http://{agent}/api/v1/maintenance", json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the lab's own agent
        assert [window["retroactive"] for window in json.load(answer)["windows"]] == [False]


def check_overview(wall: Wall) -> None:
    expected = expected_states(wall)
    communes = {office.id for office in DISTRICT.communes}
    (age,) = wall.shown(OVERVIEW, "Máy giám sát báo về cách đây").values()
    assert 0 <= age < 10
    rooms, rooms_down = k_of_n(expected, lambda place: place.role is Role.CONFERENCE)
    assert wall.shown(OVERVIEW, "Điểm cầu sẵn sàng") == {rooms: rooms_down}
    counting = {target: state for target, state in expected.items() if not target.endswith(f"-{SNMP}")}
    upper, upper_down = k_of_n(counting, lambda place: place.site not in communes)
    lower, lower_down = k_of_n(counting, lambda place: place.site in communes)
    assert wall.shown(OVERVIEW, "Sẵn sàng theo cấp") == {f"Huyện {upper}": upper_down, f"Xã {lower}": lower_down}
    counted = counts(counting.values())
    for title, state in (("Hỏng", State.DOWN), ("Kém", State.DEGRADED), ("Chưa rõ", State.UNKNOWN)):
        assert wall.shown(OVERVIEW, title) == {"": counted[state]}
    assert wall.shown(OVERVIEW, "Bảo trì") == {"": 1}
    assert wall.shown(OVERVIEW, "Sẵn sàng theo vai trò") == {
        f"{ROLES[role].vi} {text}": down
        for role in Role
        for text, down in [k_of_n(counting, lambda place, role=role: place.role is role)]  # type: ignore[misc]
        if role is not Role.CONFERENCE
    }
    shown = chained(expected)
    rows = {full_name(target): shown[target] for target in of(expected, Role.CONFERENCE)}
    until(lambda: wall.shown(OVERVIEW, "Các điểm cầu trong ngày") == rows)
    services = {target: state for target, state in ranked(expected).items() if TARGETS[target].role in SERVICE_ROLES}
    stand = wall.column(OVERVIEW, "Dịch vụ chưa tốt", "Trạng thái")
    assert stand == {target: state for target, state in services.items() if state != UP_LAST}
    check_down(wall, expected)
    check_alerts(wall)
    lost = State.UNKNOWN in expected.values()
    assert wall.shown(OVERVIEW, "Đường của máy giám sát") == {PATH: float(not lost)}


def check_down(wall: Wall, expected: dict[str, State]) -> None:
    """The table, worst first: as Grafana joins and sorts it."""
    down = {target for target, state in expected.items() if state is State.DOWN}
    table = wall.seen(OVERVIEW, "Đang hỏng, nặng nhất trước")
    count = {one.labels["target"]: one.value for one in table["B"]}
    rows = sorted(table["A"], key=lambda one: (-count[one.labels["target"]], one.value))
    assert {row.labels["target"]: count[row.labels["target"]] for row in rows} == causes(down)
    marked = {one.labels["target"]: one.value for one in table["C"]}
    assert marked == {target: float(target == POINT_SEEN) for target in causes(down)}
    assert [count[row.labels["target"]] for row in rows] == sorted(causes(down).values(), reverse=True)
    for row in rows:
        role = TARGETS[row.labels["target"]].role
        assert sentence(wall, row.labels["why"]) == explain(role, Reason.TIMEOUT, "vi").what
        assert row.labels["name"] == full_name(row.labels["target"])


def sentence(wall: Wall, key: str) -> str:
    """What the table writes for a value of its column Why."""
    title = "Đang hỏng, nặng nhất trước"
    (panel,) = [panel for panel in wall.boards[OVERVIEW]["panels"] if panel["title"] == title]
    (why,) = [each for each in panel["fieldConfig"]["overrides"] if each["matcher"]["options"] == "Vì sao"]
    (mappings,) = [each["value"] for each in why["properties"] if each["id"] == "mappings"]
    text: str = mappings[0]["options"][key]["text"]
    return text


def check_site(wall: Wall) -> None:
    expected = {target: state for target, state in expected_states(wall).items() if TARGETS[target].site == SITE_SEEN}
    chain = chained(expected)
    assert wall.shown(SITE, CHAIN) == {NAMES[target]: state for target, state in chain.items()}
    steps = [[one.labels["role"] for one in series] for series in wall.seen(SITE, CHAIN).values()]
    assert [set(roles) for roles in steps] == [{Role.UPLINK}, {Role.LAN}, {Role.CONFERENCE}, set()]
    table = wall.seen(SITE, "Từng mục tiêu")
    assert wall.column(SITE, "Từng mục tiêu", "Trạng thái") == ranked(expected)
    assert wall.column(SITE, "Từng mục tiêu", "Bảo trì") == dict.fromkeys(expected, 0)
    assert [site in POINTS_AT for site in listed(wall)] == [True] * len(POINTS_AT) + [False]
    down = {target for target, state in expected.items() if state is State.DOWN}
    board_checks.marks_of_site(wall, expected)
    assert {one.labels["target"]: one.labels["why"] for one in table[max(table)]} == {
        target: f"{TARGETS[target].role}.timeout" for target in causes(down)
    }
    now = time.time()
    probed = wall.column(SITE, "Từng mục tiêu", "Đo lần cuối")
    assert all(now - 120 < at / 1000 <= now for at in probed.values())
    assert probed.keys() == set(expected)
    rows = {NAMES[target]: state for target, state in chain.items()}
    until(lambda: wall.shown(SITE, "Trong ngày") == rows)
    ready = {} if State.UNKNOWN in expected.values() else {SITE_NAMES[SITE_SEEN]: float(not down)}
    assert wall.shown(SITE, "Sẵn sàng họp?") == ready
    loss = wall.shown(SITE, "Mất gói")
    measured = {target: state for target, state in chain.items() if state != CUT_OFF}
    pinged = {target: state for target, state in measured.items() if TARGETS[target].role is not Role.CONFERENCE}
    if State.UNKNOWN not in expected.values():
        assert loss == {NAMES[target]: 0 for target, state in pinged.items() if state != State.DOWN}
        assert set(wall.shown(SITE, "Trễ khứ hồi")) == {NAMES[t] for t, state in expected.items() if t not in down}


def listed(wall: Wall) -> list[str]:
    """The sites that can be chosen, in their order: the first is shown at first."""
    (choice,) = [each for each in wall.boards[SITE]["templating"]["list"] if each["name"] == "site"]
    query = choice["query"]["query"].removeprefix("query_result(").removesuffix(")")
    return [one["metric"]["site"] for one in wall.ask(filled(query))]


def since(wall: Wall, target: str) -> float:
    """What the table of outages says."""
    (row,) = [one for one in wall.seen(OVERVIEW, "Đang hỏng, nặng nhất trước")["A"] if one.labels["target"] == target]
    return row.value / 1000
