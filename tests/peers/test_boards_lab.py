"""Every query of every panel against a real Prometheus that scrapes the agent on the lab, held to the lab's own truth.

One lab of eight communes and one Prometheus for all: in health, with one room dead, with one site cut, with the
path to the communes lost. What should be shown is worked out from what the lab says of its places.
"""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.explain.texts import explain
from agent.explain.words import ROLES
from agent.lab.district import PATH
from agent.lab.orders import Deed
from agent.model import Reason, Role, State
from dashboards.boards.parts import OVERVIEW, SITE
from dashboards.build import documents
from dashboards.settings import Settings
from tests.agent.lab import net
from tests.peers import board_checks, prometheus_process
from tests.peers.board_wall import (
    DISTRICT,
    POINT_PLACE,
    POINT_SEEN,
    SERVICE_ROLES,
    SITE_NAMES,
    SITE_SEEN,
    TARGETS,
    Wall,
    causes,
    chained,
    expected_states,
    faulty,
    k_of_n,
    states,
    until,
)

_BOOKED = 'sum by (target) (increase(sansang_target_state_seconds_total{state=~"up|degraded"}[30m])) > 0'
pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]
CHAIN = {"1. Đường truyền →": Role.UPLINK, "2. Mạng LAN →": Role.LAN, "3. Điểm cầu": Role.CONFERENCE}
EMPTY = {
    'role="device"': "the lab has no devices",
    "sansang_target_down_reason": "nothing is down in health",
    'sansang_target_upstream_down{instance=~".+"} == 0)': "nothing is down in health",
    'role!~"uplink|lan|conference"': "the site seen has no services",
    'sansang_tls_expiry_timestamp_seconds{instance=~".+", site=': "the site seen has no certificates",
    "sansang_dns_": "the lab has no DNS targets",
    'sansang_tls_expiry_timestamp_seconds{instance=~".+", target=': "rooms speak SIP over UDP",
    'sansang_tcp_connect_seconds{instance=~".+", target=': "rooms speak SIP over UDP",
    'sansang_probe_failure_reasons_total{instance=~".+", target=': "nothing has failed yet",
    "@ end()) > 0)": "nothing has gone down yet",
    "sansang_availability_ratio": "the ledger is asked every five minutes",
    "sansang_coverage_ratio": "the ledger is asked every five minutes",
    "sansang_ledger_verify_success": "the daily copy is not due",
    "sansang_ledger_backup_timestamp_seconds": "the daily copy is not due",
}


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
            announce_maintenance(page[1])
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
    assert wall.shown(OVERVIEW, "Bảo trì") == {"": 1}
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
    marked = {one.labels["target"]: one.value for one in table["C"]}
    assert marked == {target: float(target == POINT_SEEN) for target in causes(down)}
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
    chain = chained(expected)
    for title, role in CHAIN.items():
        assert wall.shown(SITE, title) == {
            TARGETS[target].check: state for target, state in chain.items() if TARGETS[target].role is role
        }
    table = wall.seen(SITE, "Từng mục tiêu")
    assert wall.column(SITE, "Từng mục tiêu", "Trạng thái") == chain
    assert wall.column(SITE, "Từng mục tiêu", "Bảo trì") == dict.fromkeys(expected, 0)
    down = {target for target, state in expected.items() if state is State.DOWN}
    board_checks.marks_of_site(wall, expected)
    assert {one.labels["target"]: one.labels["why"] for one in table[max(table)]} == {
        target: f"{TARGETS[target].role}.timeout" for target in causes(down)
    }
    now = time.time()
    probed = wall.column(SITE, "Từng mục tiêu", "Đo lần cuối")
    assert all(now - 120 < at / 1000 <= now for at in probed.values())
    assert probed.keys() == set(expected)
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
    board_checks.check(wall, Counter())


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
    wall.lab.order(Deed.FAIL, POINT_PLACE)
    wall.lab.order(Deed.BUSY, "room-03")
    until(lambda: states(wall) == expected_states(wall))
    assert faulty(wall) == {POINT_SEEN}
    check_overview(wall)
    check_site(wall)
    (busy,) = [target for target, place in TARGETS.items() if place.name == "room-03"]
    board_checks.check(wall, Counter([POINT_SEEN]), in_use={busy})
    assert began - 1 <= since(wall, POINT_SEEN) <= time.time()


def test_a_cut_site_comes_first_as_one_line_and_its_chain_shows_the_break(wall: Wall) -> None:
    began = time.time()
    wall.lab.order(Deed.RESTORE, "room-03")
    wall.lab.order(Deed.CUT, SITE_SEEN)
    until(lambda: states(wall) == expected_states(wall))
    check_overview(wall)
    check_site(wall)
    board_checks.check(wall, Counter(faulty(wall)))
    assert causes(faulty(wall)) == {f"{SITE_SEEN}/uplink": 4, POINT_SEEN: 1}
    assert began - 1 <= since(wall, f"{SITE_SEEN}/uplink") <= time.time()
    assert since(wall, POINT_SEEN) < began


def test_behind_a_lost_path_all_is_unknown_and_shown_apart(wall: Wall) -> None:
    wall.lab.order(Deed.RESTORE, "all")
    until(lambda: states(wall) == expected_states(wall))
    wall.lab.order(Deed.CUT, PATH)
    until(lambda: states(wall) == expected_states(wall))
    assert set(expected_states(wall).values()) == {State.UP, State.DEGRADED, State.UNKNOWN}
    check_overview(wall)
    check_site(wall)
    went_down = Counter(target for target, place in TARGETS.items() if place.site == SITE_SEEN)
    board_checks.check(wall, went_down + Counter([POINT_SEEN]))
