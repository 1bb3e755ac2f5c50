"""What the boards of points, services, lines, uptime and the agent must show for what the lab says is true."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Set as AbstractSet

import pytest

from agent import __version__
from agent.explain.labels import ROLES
from agent.lab.district import PATH, SNMP
from agent.model import Role, State
from dashboards.boards.links import LINES, MONITOR, POINTS, SERVICES, SITE, UPTIME
from dashboards.display_values import UNSURE
from tests.peers.board_wall import (
    NAMES,
    POINT_SEEN,
    SERVICE_ROLES,
    SITE_NAMES,
    TARGETS,
    Wall,
    chained,
    counts,
    expected_states,
    full_name,
    k_of_n,
    of,
    ranked,
    states,
    until,
)

READY = (State.UP, State.DEGRADED)
NAME_SERVERS = {target for target, place in TARGETS.items() if place.service == "dns"}
WEB = {target for target, place in TARGETS.items() if place.service in ("http", "https")}


def check(wall: Wall, went_down: Counter[str], in_use: AbstractSet[str] = frozenset()) -> None:
    """All of them. went_down: how often since the lab began; in_use: the points where somebody is in a call."""
    expected = expected_states(wall)
    check_points(wall, expected, went_down, in_use)
    check_services(wall, expected)
    check_names(wall)
    check_lines(wall, expected)
    check_devices(wall, expected)
    check_uptime(wall, expected, went_down)
    check_monitor(wall, expected)


def check_standing(wall: Wall, uid: str, title: str, expected: dict[str, State], *roles: Role) -> None:
    """The line of tiles at the top of a board."""
    text, down = k_of_n(expected, lambda place: place.role in roles)
    assert wall.shown(uid, title) == {text: down}
    counted = counts(of(expected, *roles).values())
    for tile, state in (("Hỏng", State.DOWN), ("Kém", State.DEGRADED), ("Chưa rõ", State.UNKNOWN)):
        assert wall.shown(uid, tile) == {"": counted[state]}
    assert wall.shown(uid, "Bảo trì") == {"": float(TARGETS[POINT_SEEN].role in roles)}


def check_points(wall: Wall, expected: dict[str, State], went_down: Counter[str], in_use: AbstractSet[str]) -> None:
    rooms = of(expected, Role.CONFERENCE)
    check_standing(wall, POINTS, "Điểm cầu sẵn sàng", expected, Role.CONFERENCE)
    table = "Từng điểm cầu"
    sorted_as = ranked(expected)
    assert wall.column(POINTS, table, "Trạng thái") == {room: sorted_as[room] for room in rooms}
    assert wall.column(POINTS, table, "Bảo trì") == {room: float(room == POINT_SEEN) for room in rooms}
    check_point(wall, expected, POINT_SEEN in went_down)
    if State.UNKNOWN in expected.values():
        return
    answering = {room for room, state in rooms.items() if state in READY}
    codes = {room: 486 if room in in_use else 200 for room in answering if TARGETS[room].service == "sip"}
    until(lambda: wall.column(POINTS, table, "Mã SIP") == codes)
    assert wall.column(POINTS, table, "Đang họp?") == {room: float(room in in_use) for room in codes}
    assert wall.column(POINTS, table, "Mất gói") == dict.fromkeys(answering, 0)
    assert wall.shown(POINTS, "Mất gói") == {SITE_NAMES[TARGETS[room].site]: 0 for room in answering}
    until(lambda: states(wall.still()) == expected)
    still = wall.still()
    for column, least, most in (("Chất lượng thoại MOS", 4, 4.5), ("Biến động trễ", 0, 0.05), ("Trễ khứ hồi", 0, 0.2)):
        figures = still.column(POINTS, table, column)
        assert figures.keys() == answering
        assert all(least <= value <= most for value in figures.values())
        charted = still.shown(POINTS, column)
        assert charted == {SITE_NAMES[TARGETS[room].site]: value for room, value in figures.items()}


def check_point(wall: Wall, expected: dict[str, State], went_down: bool) -> None:
    """The one that is chosen. Runs are those of this agent, what failed is that of the time shown."""
    table = "Mọi số đo của điểm cầu đã chọn"
    assert wall.column(POINTS, table, "Trạng thái") == {POINT_SEEN: ranked(expected)[POINT_SEEN]}
    (runs,) = wall.column(POINTS, table, "Số lần đo").values()
    (failed,) = wall.column(POINTS, table, "Lần hỏng").values()
    reasons = {one.labels["why"]: one.value for one in wall.seen(POINTS, "Vì sao các lần đo hỏng")["A"]}
    assert reasons.keys() == ({"conference.timeout"} if went_down else set())
    assert 0 <= failed <= runs
    there = {target: state for target, state in chained(expected).items() if TARGETS[target].site == _site()}
    rows = {NAMES[target]: state for target, state in there.items()}
    until(lambda: wall.shown(POINTS, "Điểm cầu đã chọn và nơi đặt nó") == rows)
    down = {full_name(POINT_SEEN)} if expected[POINT_SEEN] is State.DOWN else set()
    assert wall.marks(POINTS) == {"Hỏng": down, "Bảo trì": {full_name(POINT_SEEN)}}


def _site() -> str:
    return TARGETS[POINT_SEEN].site


def check_services(wall: Wall, expected: dict[str, State]) -> None:
    services = of(expected, *SERVICE_ROLES)
    check_standing(wall, SERVICES, "Dịch vụ dùng được", expected, *SERVICE_ROLES)
    table, phases = "Từng dịch vụ", "Chậm ở giai đoạn nào"
    sorted_as = ranked(expected)
    assert wall.column(SERVICES, table, "Trạng thái") == {target: sorted_as[target] for target in services}
    answering = {target for target in WEB if expected[target] in READY}
    still = wall.still()
    if State.UNKNOWN not in expected.values():
        assert wall.column(SERVICES, table, "Mã HTTP") == dict.fromkeys(answering, 200)
        first = still.column(SERVICES, table, "Byte đầu")
        assert first.keys() == answering
        assert {
            one.labels["target"]: one.value for one in still.seen(SERVICES, "Thời gian đến byte đầu tiên")["A"]
        } == first
    days = {target: round(value) for target, value in wall.column(SERVICES, table, "Ngày chứng thư").items()}
    assert days == {"dc/one-stop": 365, "dc/documents": 10}
    each = [
        still.column(SERVICES, phases, name)
        for name in ("Tìm tên miền", "Kết nối", "Bắt tay TLS", "Máy chủ xử lý", "Truyền trang")
    ]
    longest = {one.labels["target"]: one.value for one in still.seen(SERVICES, phases)["A"]}
    assert longest == {target: max(column[target] for column in each if target in column) for target in longest}
    assert longest.keys() >= answering


def check_names(wall: Wall) -> None:
    """The name servers; nothing of theirs is broken in any story here."""
    table = "Máy chủ tên miền trả lời gì"
    assert wall.column(SERVICES, table, "Trả lời") == dict.fromkeys(NAME_SERVERS, 0)
    assert wall.column(SERVICES, table, "Số bản ghi") == dict.fromkeys(NAME_SERVERS, 1)
    assert wall.column(SERVICES, table, "Ký DNSSEC") == {"dc/names": 1, "dc/zone": 0}
    assert wall.column(SERVICES, table, "Số hiệu vùng") == {"dc/zone": 2026010101}
    still = wall.still()
    took = still.column(SERVICES, table, "Trả lời sau")
    charted = still.shown(SERVICES, "Tên miền trả lời sau bao lâu")
    assert charted == {NAMES[target]: seconds for target, seconds in took.items()}
    assert all(0 < seconds < 0.2 for seconds in took.values())


def check_lines(wall: Wall, expected: dict[str, State]) -> None:
    uplinks, lan = of(expected, Role.UPLINK), of(expected, Role.LAN)
    check_standing(wall, LINES, "Đường truyền dùng được", expected, Role.UPLINK)
    sorted_as = ranked(expected)
    table, devices = "Từng đường truyền", "Từng thiết bị trong mạng LAN"
    assert wall.column(LINES, table, "Trạng thái") == {target: sorted_as[target] for target in uplinks}
    assert wall.column(LINES, table, "Im lặng mà vẫn thông") == dict.fromkeys(uplinks, 0)
    assert wall.column(LINES, devices, "Trạng thái") == {target: sorted_as[target] for target in lan}
    text, down = k_of_n(expected, lambda place: place.role is Role.LAN)
    assert wall.shown(LINES, "Thiết bị LAN dùng được") == {text: down}
    lost = State.UNKNOWN in expected.values()
    assert wall.shown(LINES, "Đường của máy giám sát") == {PATH: float(not lost)}
    until(lambda: wall.shown(LINES, "Đường của máy giám sát theo thời gian") == {PATH: float(not lost)})
    until(lambda: list(wall.shown(LINES, "Đường truyền theo thời gian").values()).count(0) == down_of(uplinks))
    if not lost:
        loss = {target: 0.0 for target, state in uplinks.items() if state is not State.DOWN}
        assert wall.column(LINES, table, "Mất gói") == loss
        by_target = {one.labels["target"]: one.value for one in wall.seen(LINES, "Mất gói trên đường truyền")["A"]}
        assert by_target == loss
        assert wall.column(LINES, table, "Trễ").keys() == loss.keys()


def check_devices(wall: Wall, expected: dict[str, State]) -> None:
    """What devices tell: in this lab nothing is wrong with any but that some are not reached."""
    lans: dict[str, list[State]] = {}
    for target, state in of(expected, Role.LAN).items():
        lans.setdefault(TARGETS[target].site, []).append(state)
    ready = {site: float(State.DOWN not in states) for site, states in lans.items() if State.UNKNOWN not in states}
    until(lambda: {one.labels["site"]: one.value for one in wall.seen(LINES, "Mạng LAN từng nơi")["A"]} == ready)
    count, unsure = list(ready.values()).count, UNSURE * (len(ready) < len(lans))
    assert wall.shown(LINES, "Đơn vị có mạng LAN tốt") == {f"{count(1)}/{len(lans)}": count(0) + unsure}
    assert wall.shown(LINES, "Cổng đang dùng bị mất kết nối") == {}
    asked = {target for target in TARGETS if target.endswith(f"-{SNMP}")}
    assert wall.column(LINES, "Từng thiết bị tự báo", "Trạng thái").keys() == asked
    told = {target for target in asked if expected[target] in READY}
    ups = {target for target in told if target.endswith(f"/ups-{SNMP}")}
    if State.UNKNOWN not in expected.values():
        until(lambda: wall.column(LINES, "Từng bộ lưu điện", "Nguồn") == dict.fromkeys(ups, 0))
        left = wall.column(LINES, "Từng bộ lưu điện", "Còn phút")
        assert left.keys() == ups
        assert all(5 < minutes < 600 for minutes in left.values())
        assert wall.column(LINES, "Từng thiết bị tự báo", "Chạy từ").keys() == asked
        heat = wall.column(LINES, "Từng thiết bị tự báo", "Nhiệt độ")
        assert heat.keys() <= told
        assert all(10 < celsius < 90 for celsius in heat.values())


def down_of(states: dict[str, State]) -> int:
    return list(states.values()).count(State.DOWN)


def check_uptime(wall: Wall, expected: dict[str, State], went_down: Counter[str]) -> None:
    table = "Từng mục tiêu trong khoảng đang xem"
    outages = {target: float(went_down[target]) for target in TARGETS}
    until(lambda: wall.column(UPTIME, table, "Số lần hỏng") == outages)
    assert wall.shown(UPTIME, "Số lần hỏng") == {"": went_down.total()}
    promised = [target for target in TARGETS if not target.endswith(f"-{SNMP}")]  # who asks a device promises nothing
    objective = {target: 0.995 if TARGETS[target].site == "dc" else 0.99 for target in promised}
    assert wall.column(UPTIME, table, "Cam kết") == objective
    down = {target for target, state in expected.items() if state is State.DOWN}
    until(lambda: _ever_down(wall.still()) == set(went_down))
    still = wall.still()
    worked, left = (still.column(UPTIME, table, column) for column in ("Hoạt động", "Hạn mức lỗi còn lại"))
    assert {target for target, share in worked.items() if share < 1} == set(went_down) >= down
    measured = {target: share for target, share in worked.items() if target in objective}
    assert left == pytest.approx({t: 1 - (1 - share) / (1 - objective[t]) for t, share in measured.items()})
    broken = sum(share < objective[target] for target, share in measured.items())
    assert still.shown(UPTIME, "Chưa đạt cam kết") == {"": broken}
    check_burn(still, measured, objective)
    check_months(wall, went_down)
    roles = wall.shown(UPTIME, "Hoạt động theo vai trò")
    assert {name for name, share in roles.items() if share < 1} == {ROLES[TARGETS[t].role].vi for t in went_down}
    (coverage,) = wall.shown(UPTIME, "Đo được bao nhiêu").values()
    assert 0 < coverage <= 1
    seen = {one.labels.get("target", one.name) for one in wall.seen(UPTIME, "Hỏng lúc nào")["A"]}
    assert seen == (set(went_down) or {"không có gì hỏng"})


def check_months(wall: Wall, went_down: Counter[str]) -> None:
    """The official half: without maintenance, as the agent's own report says; nothing is known of the last month."""
    table = "Tháng này và tháng trước"
    counted = set(went_down) - {POINT_SEEN}
    until(lambda: {t for t, share in wall.column(UPTIME, table, "Tháng này").items() if share < 1} == counted)
    still = wall.still()
    share, left = (still.column(UPTIME, table, column) for column in ("Tháng này", "Hạn mức lỗi còn lại"))
    objective = still.column(UPTIME, table, "Cam kết")
    assert share.keys() | {POINT_SEEN} == set(TARGETS)  # its window began before its first run was over, or just after
    promised = {target: worked for target, worked in share.items() if target in objective}
    assert left == pytest.approx({t: 1 - (1 - worked) / (1 - objective[t]) for t, worked in promised.items()})
    missed = sum(worked < objective[target] for target, worked in promised.items())
    assert still.shown(UPTIME, "Tháng này chưa đạt cam kết") == {"": missed}
    seen = still.column(UPTIME, table, "Đo được tháng này")
    assert all(0 < part <= 1 for target, part in seen.items() if target != POINT_SEEN)
    for column in ("Tháng trước", "Đo được tháng trước"):
        assert still.column(UPTIME, table, column) == {}
    assert still.shown(UPTIME, "Tháng trước không đạt cam kết") == {}


def check_burn(wall: Wall, worked: dict[str, float], objective: dict[str, float]) -> None:
    """Everything here happened within its six hours, so it tells the same share as the table."""
    burnt = {one.labels["target"]: one.value for one in wall.seen(UPTIME, "Tốc độ tiêu hạn mức lỗi")["A"]}
    expected = {t: (1 - share) / (1 - objective[t]) for t, share in worked.items() if share < 1}
    assert burnt == pytest.approx(expected, rel=0.1)


def _ever_down(wall: Wall) -> set[str]:
    took = wall.column(UPTIME, "Từng mục tiêu trong khoảng đang xem", "Thời gian hỏng")
    return {target for target, seconds in took.items() if seconds > 0}


def check_monitor(wall: Wall, expected: dict[str, State]) -> None:
    never = {"Vòng bị bỏ": 0, "Lỗi chương trình": 0, "Ghi sổ lỗi": 0, "Gói tin bị rơi": 0}
    assert wall.shown(MONITOR, "Không được xảy ra") == never
    counters = {
        "Đo quá lịch": "sansang_probe_overruns_total",
        "Đo lại bị hoãn": "sansang_reprobes_deferred_total",
        "Tên miền im lặng": "sansang_resolver_failures_total",
        "Đồng hồ nhảy": "sansang_clock_steps_total",
    }
    counted = {title: wall.ask(sample)[0]["value"][1] != "0" for title, sample in counters.items()}
    shown = wall.shown(MONITOR, "Thỉnh thoảng thì không sao")
    assert shown.pop("Vòng lặp khựng") >= 0  # a busy machine may stop it; before the first scrape no increase tells
    assert {title: bool(many) for title, many in shown.items()} == counted
    assert wall.shown(MONITOR, "Đường của máy giám sát") == {PATH: float(State.UNKNOWN not in expected.values())}
    late = list(wall.shown(MONITOR, "Kiểm tra bắt đầu trễ bao lâu").values())
    assert len(late) == 3
    assert late == sorted(late)
    assert wall.shown(MONITOR, "Sổ hỏng đã cất riêng") == {"": 0}
    assert wall.shown(MONITOR, "Bản sao gần nhất còn nguyên") == {"": 1}
    (hours,) = wall.shown(MONITOR, "Bản sao cách đây (giờ)").values()
    assert 0 < hours < 0.2
    (free,) = wall.shown(MONITOR, "Đĩa còn trống").values()
    assert 0 < free < 1
    (read,) = wall.shown(MONITOR, "Đọc cấu hình lúc").values()
    assert 0 < time.time() - read / 1000 < 3600
    (version,) = wall.shown(MONITOR, "Phiên bản đang chạy")
    assert f"phiên bản {__version__}, Python 3." in version
    (took,) = wall.shown(MONITOR, "Prometheus lấy số liệu mất bao lâu").values()
    assert 0 < took < 1
    (samples,) = wall.shown(MONITOR, "Số liệu mỗi lần lấy").values()
    assert samples > len(TARGETS) * 10
    probes = wall.shown(MONITOR, "Đo mỗi giây")
    assert len(probes) == 2
    assert sum(probes.values()) > 0


def marks_of_site(wall: Wall, expected: dict[str, State]) -> None:
    """The site board marks what is down there."""
    down = {full_name(target) for target, state in expected.items() if state is State.DOWN}
    assert wall.marks(SITE)["Hỏng"] == down
