"""Every query of every panel against a real Prometheus that scrapes the agent on the lab, held to the lab's own truth.

One lab of eight communes and one Prometheus for all: in health, with one room dead, with one site cut, with the
path to the communes lost. What should be shown is worked out from what the lab says of its places.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from agent.lab.control_protocol import LabAction
from agent.lab.district import PATH
from agent.model import State
from dashboards import queries as q
from dashboards.boards.links import OVERVIEW
from tests.peers import board_checks
from tests.peers.board_frames import Answers, answers, install, said
from tests.peers.board_overview import check_overview, check_site, since, watched_wall
from tests.peers.board_said import blank, differing, ids, no_words, tiles
from tests.peers.board_wall import (
    FILLED,
    POINT_PLACE,
    POINT_SEEN,
    SITE_SEEN,
    TARGETS,
    Wall,
    causes,
    expected_states,
    faulty,
    filled,
    states,
    until,
)

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]
EMPTY = {
    'role="device"': "the lab has no devices",
    "sansang_target_down_reason": "nothing is down in health",
    'sansang_target_upstream_down{instance=~".+"} == 0)': "nothing is down in health",
    'role!~"uplink|lan|conference"': "the site seen has no services",
    'sansang_tls_expiry_timestamp_seconds{instance=~".+", site=': "the site seen has no certificates",
    'sansang_tls_expiry_timestamp_seconds{instance=~".+", target=': "rooms speak SIP over UDP",
    'sansang_tcp_connect_seconds{instance=~".+", target=': "rooms speak SIP over UDP",
    'sansang_probe_failure_reasons_total{instance=~".+", target=': "nothing has failed yet",
    "@ end()) > 0)": "nothing has gone down yet",
    'period="last_month", site': "nothing is known of the last month",
    "[6h]": "nothing was down",
    f"time() - {filled(q.silent_since())}": "the agent speaks",
    "sansang_clock_offset_seconds": "the lab has no time servers",
    "sansang_score_": "the lab's configuration names no score sheet",
    "sansang_port_failed_since_timestamp_seconds": "no port has lost its link",
    "sansang_port_utilisation_ratio{instance": "no port is busy",
    "sansang_port_errors_per_second{instance": "no port has errors",
    "sansang_port_broadcast_ratio{instance": "no port receives many broadcasts",
    "sansang_port_receive_power_dbm{instance": "no device has an optical port",
    f'sansang_ups_on_battery{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no UPS",
    f'sansang_ups_runtime_seconds{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no UPS",
    f'sansang_ups_charge_ratio{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no UPS",
    f'sansang_ups_load_ratio{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no UPS",
    f'sansang_ups_battery_replace{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no UPS",
    f'sansang_target_info{{instance=~".+", site="{SITE_SEEN}", probe="snmp"': "the site seen has no such device",
    f'_celsius{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no such device",
    f'_ratio{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no such device",
    f'sansang_lte_rsrp_dbm{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no 4G router",
    f'sansang_lte_sinr_db{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no 4G router",
    f'sansang_port_up{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no such device",
    f'sansang_port_failed{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no such device",
    f'_bits_per_second{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no such device",
    f'_boot_timestamp_seconds{{instance=~".+", site="{SITE_SEEN}"': "the site seen has no such device",
    "sansang_site_outage_end_timestamp_seconds": "no site was dark",
}


@pytest.fixture(scope="module")
def heard() -> dict[str, Answers]:
    """Prometheus' answers to every panel in each situation that this lab goes through."""
    return {}


def listen(wall: Wall, heard: dict[str, Answers], situation: str) -> None:
    boards = {f"vi/{uid}": board for uid, board in wall.boards.items()}
    heard[situation] = answers(wall.url, boards, FILLED, time.time() - 1)


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    with watched_wall(tmp_path_factory.mktemp("prometheus")) as wall:
        yield wall


def test_in_health_every_query_has_data_and_none_of_it_is_made_up(wall: Wall) -> None:
    empty = [expr for uid in wall.boards for _, _, expr in wall.targets(uid) if not wall.ask(expr)]
    assert [expr for expr in empty if not any(reason in expr for reason in EMPTY)] == []
    assert not [expr for uid in wall.boards for _, _, expr in wall.targets(uid) if "vector(" in expr]


def test_in_health_every_panel_shows_the_labs_truth(wall: Wall, heard: dict[str, Answers]) -> None:
    assert set(expected_states(wall).values()) == {State.UP, State.DEGRADED}
    check_overview(wall)
    check_site(wall)
    board_checks.check(wall, Counter())
    listen(wall, heard, "health")


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
        "Đồng hồ": 1,
        "Cấu hình": 1,
        "Tên miền": 1,
    }
    (late,) = wall.shown(OVERVIEW, "Kiểm tra trễ bao lâu").values()
    assert 0 < late < 10


def test_a_dead_room_is_the_one_line_with_its_beginning_and_its_reason(wall: Wall, heard: dict[str, Answers]) -> None:
    began = time.time()
    wall.lab.order(LabAction.FAIL, POINT_PLACE)
    wall.lab.order(LabAction.BUSY, "room-03")
    until(lambda: states(wall) == expected_states(wall))
    assert faulty(wall) == {POINT_SEEN}
    check_overview(wall)
    check_site(wall)
    (busy,) = [target for target, place in TARGETS.items() if place.name == "room-03"]
    board_checks.check(wall, Counter([POINT_SEEN]), in_use={busy})
    assert began - 1 <= since(wall, POINT_SEEN) <= time.time()
    listen(wall, heard, "down")


def test_a_cut_site_comes_first_as_one_line_and_its_chain_shows_the_break(
    wall: Wall, heard: dict[str, Answers]
) -> None:
    began = time.time()
    wall.lab.order(LabAction.RESTORE, "room-03")
    wall.lab.order(LabAction.CUT, SITE_SEEN)
    until(lambda: states(wall) == expected_states(wall))
    check_overview(wall)
    check_site(wall)
    board_checks.check(wall, Counter(faulty(wall)))
    assert causes(faulty(wall)) == {f"{SITE_SEEN}/uplink": 4, POINT_SEEN: 1}
    assert began - 1 <= since(wall, f"{SITE_SEEN}/uplink") <= time.time()
    assert since(wall, POINT_SEEN) < began
    listen(wall, heard, "cut")


def test_behind_a_lost_path_all_is_unknown_and_shown_apart(wall: Wall, heard: dict[str, Answers]) -> None:
    wall.lab.order(LabAction.RESTORE, "all")
    until(lambda: states(wall) == expected_states(wall))
    wall.lab.order(LabAction.CUT, PATH)
    until(lambda: states(wall) == expected_states(wall))
    assert set(expected_states(wall).values()) == {State.UP, State.DEGRADED, State.UNKNOWN}
    check_overview(wall)
    check_site(wall)
    went_down = Counter(target for target, place in TARGETS.items() if place.site == SITE_SEEN)
    board_checks.check(wall, went_down + Counter([POINT_SEEN]))
    listen(wall, heard, "path lost")


def test_grafanas_own_code_says_the_same_of_a_real_agent(
    wall: Wall, heard: dict[str, Answers], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("frames")
    install(folder)
    found = said(folder, {f"vi/{uid}": board for uid, board in wall.boards.items()}, heard)
    assert list(heard) == ["health", "down", "cut", "path lost"]
    assert [*no_words(found), *blank(found), *ids(found), *differing(found)] == []
    for version in found:
        ready = {situation: tiles(found, version, situation, OVERVIEW, "Điểm cầu sẵn sàng") for situation in heard}
        assert ready == {
            "health": [("9/9", "green")],
            "down": [("8/9", "red")],
            "cut": [("7/9", "red")],
            "path lost": [("1/9", "purple")],
        }
        down = {each: tiles(found, version, each, OVERVIEW, "Hỏng")[0][1] for each in heard}
        assert down == {"health": "green", "down": "red", "cut": "red", "path lost": "purple"}
