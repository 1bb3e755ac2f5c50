"""An agent that stops and starts again: what every panel shows in the gap, and that nothing false comes of it after."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from agent.lab.control_protocol import LabAction
from dashboards.boards.links import OVERVIEW, POINTS, UPTIME
from dashboards.display_values import SILENT
from tests.peers import board_checks
from tests.peers.board_alerts import told
from tests.peers.board_overview import check_overview, check_site, since, watched_wall
from tests.peers.board_wall import POINT_PLACE, POINT_SEEN, TARGETS, Wall, expected_states, states, until

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]
OF_THE_PAST = ("[30m]", "[6h]", "ALERTS")
"""What looks back: it goes on showing what was booked and told before."""
OF_SILENCE = ("absent(", "[1d:5m]")
"""What says that an agent is silent, and since when."""


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    with watched_wall(tmp_path_factory.mktemp("prometheus")) as wall:
        yield wall


def speaking(wall: Wall) -> list[str]:
    return [expr for uid in wall.boards for _, _, expr in wall.targets(uid) if wall.ask(expr)]


def test_a_stopped_agent_leaves_no_figure_and_a_started_one_no_false_outage(wall: Wall) -> None:
    wall.lab.order(LabAction.FAIL, POINT_PLACE)
    until(lambda: states(wall) == expected_states(wall))
    before = wall.column(UPTIME, "Từng mục tiêu trong khoảng đang xem", "Thời gian hỏng")
    wall.agent.stop()
    check_gap(wall)
    gap_ends = time.time()
    wall.agent.start()
    until(lambda: states(wall.still()) == expected_states(wall))  # also where checks compare a moment ago
    assert wall.shown(OVERVIEW, "Hỏng") == {"": 1}
    check_overview(wall)
    check_site(wall)
    board_checks.check(wall, Counter([POINT_SEEN]))
    assert gap_ends - 1 <= since(wall, POINT_SEEN) <= time.time()  # nobody knows the time between
    down = wall.column(UPTIME, "Từng mục tiêu trong khoảng đang xem", "Thời gian hỏng")
    assert {target for target, seconds in down.items() if seconds > before[target]} <= {POINT_SEEN}


def check_gap(wall: Wall) -> None:
    """No zero and no last value stands for what nobody measures; the alert says why."""
    until(lambda: not states(wall))
    until(lambda: all(any(mark in expr for mark in OF_THE_PAST + OF_SILENCE) for expr in speaking(wall)))
    silent, expiring = ("SansangAgentSilent", wall.agent.address), ("SansangCertificateExpiring", "dc/documents")
    until(lambda: told(wall) == {silent, expiring})
    (age,) = wall.shown(OVERVIEW, "Máy giám sát báo về cách đây").values()
    assert 0 < age < 60
    assert wall.shown(OVERVIEW, "Điểm cầu sẵn sàng") == {"–/–": SILENT}
    for title in ("Hỏng", "Kém", "Chưa rõ", "Bảo trì"):
        assert wall.shown(OVERVIEW, title) == {"": SILENT}
    (row,) = wall.seen(OVERVIEW, "Đang hỏng, nặng nhất trước")["A"]
    assert (row.labels["name"], row.labels["why"]) == (wall.agent.address, "agent.silent")
    (row,) = wall.seen(OVERVIEW, "Dịch vụ chưa tốt")["A"]
    assert (row.labels["name"], row.value) == (wall.agent.address, SILENT)
    assert wall.shown(POINTS, "Các điểm cầu theo thời gian") == {"Máy giám sát im lặng": SILENT}
    outages = wall.column(UPTIME, "Từng mục tiêu trong khoảng đang xem", "Số lần hỏng")
    assert outages == {target: float(target == POINT_SEEN) for target in TARGETS}
