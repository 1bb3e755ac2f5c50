"""`sansang lab` as a whole: started, broken, mended and stopped by commands, as an ordinary user."""

from __future__ import annotations

import json
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.lab.control_protocol import LabAction
from agent.lab.district import district
from tests.agent.lab import net
from tests.agent.lab.net import Lab

ROOM = "127.100.1.10"
HIDDEN = """
from agent.lab import namespace; from agent.lab.netlink import Loopback
namespace._unshare(); Loopback().up()
"""  # a network like the machine's own, but for this process alone: its ports clash with nobody's


@pytest.fixture(scope="module")
def private() -> Iterator[Lab]:
    net.need_namespaces()
    with net.lab("--no-agent", "--communes", "3") as lab:
        assert "Private network" in lab.said
        yield lab


@pytest.fixture(scope="module")
def plain() -> Iterator[Lab]:
    net.need_namespaces()
    with net.lab("--no-agent", "--plain", "--communes", "2", prelude=HIDDEN) as lab:
        yield lab


def tried(lab: Lab, way: str, *addresses: str) -> Any:
    """What a function of tests.agent.lab.inside finds for each address inside the lab's network."""
    code = f"import json, socket; from tests.agent.lab.inside import *; print(json.dumps([{way} for a in {addresses}]))"
    return json.loads(lab.inside(code))


def ways(lab: Lab, *addresses: str) -> Any:
    return tried(lab, "every_way(a, 5060)", *addresses)


def pings(lab: Lab, *addresses: str) -> Any:
    return tried(lab, "ping(a, socket.SOCK_RAW)", *addresses)


def test_a_failed_room_is_silent_and_comes_back(private: Lab) -> None:
    (before,) = ways(private, ROOM)
    assert (before["raw ping"], before["datagram ping"], before["tcp"]) == ("answered",) * 3
    assert private.sansang("fail", "room-01").stdout == "room-01: failed\n"
    failed, neighbour = ways(private, ROOM, "127.100.2.10")
    assert set(failed.values()) == {"silent"}
    assert neighbour == before
    assert private.sansang("restore", "room-01").stdout == "room-01: restored\n"
    assert ways(private, ROOM) == [before]


def test_what_only_answers_pings_fails_too(private: Lab) -> None:
    assert private.order(LabAction.FAIL, "ubnd-lang-cong/uplink") == ["gateway-01"]
    assert pings(private, "127.100.1.1") == ["silent"]
    private.order(LabAction.RESTORE, "all")
    assert pings(private, "127.100.1.1") == ["answered"]


def test_a_commune_is_cut_whole(private: Lab) -> None:
    assert private.order(LabAction.CUT, "xa-quang-yen") == ["gateway-02", "switch-02", "pc-02", "room-02"]
    hosts = [f"127.100.2.{host}" for host in (1, 2, 3, 10)]
    assert pings(private, ROOM, *hosts) == ["answered", *["silent"] * 4]
    private.order(LabAction.RESTORE, "xa-quang-yen")
    assert pings(private, *hosts) == ["answered"] * 4


def test_a_command_runs_inside_the_private_network(private: Lab) -> None:
    code = "import socket; print(socket.create_connection(('127.100.1.10', 5060), 2).getpeername())"
    assert private.sansang("exec", "--", sys.executable, "-c", code).stdout == "('127.100.1.10', 5060)\n"


def test_status_shows_every_place_and_its_fault(private: Lab) -> None:
    assert private.sansang("slow", "room-02", "--seconds", "2.5").stdout == "room-02: slow (2.5 s)\n"
    table = private.sansang("status").stdout
    for place in district(3).hosts:
        assert re.search(rf"│ {place.name} +│ {place.target} *│ {place.address}[: ]", table), place
    assert re.search(r"room-02 .* slow \(2.5 s\)", table)
    assert table.count(" well ") == len(district(3).hosts) - 1
    private.order(LabAction.RESTORE, "all")


def test_status_speaks_vietnamese(private: Lab) -> None:
    private.order(LabAction.BUSY, "room-03")
    done = net.run([sys.executable, "-m", "agent", "lab", "status", "--state", str(private.state)])
    assert "Tình trạng" in done.stdout
    assert "đang bận họp" in done.stdout
    private.order(LabAction.RESTORE, "room-03")


def test_a_port_is_pulled_and_plugged(private: Lab) -> None:
    assert private.sansang("pull-port", "switch-01", "3").stdout == "switch-01: pulled: Gi0/3\n"
    assert private.sansang("plug-port", "switch-01", "Gi0/3").stdout == "switch-01: restored\n"
    done = private.sansang("pull-port", "switch-01", "25")
    assert (done.returncode, "its ports: Gi0/1, " in done.stderr) == (2, True)


def test_a_commune_without_power_is_silent_once_its_battery_is_empty(private: Lab) -> None:
    said = private.sansang("power-cut", "ubnd-lang-cong", "--seconds", "0.5").stdout
    assert "ups-01: on battery" in said
    assert "gateway-01: on UPS power" in said
    deadline = time.monotonic() + 10
    while pings(private, "127.100.1.1", "127.100.1.4") != ["silent"] * 2:
        assert time.monotonic() < deadline
    private.order(LabAction.POWER_BACK, "ubnd-lang-cong")
    assert pings(private, "127.100.1.1", "127.100.1.4") == ["answered"] * 2


@pytest.mark.parametrize(
    ("deed", "name", "why"),
    [
        ("fail", "room-99", "neither a place"),
        ("busy", "one-stop", "only a conference point"),
        ("slow", "gateway-02", "only answers pings"),
        ("reboot", "switch-02", "every third commune"),
        ("exec", "/no-such-command", "No such file"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_2(private: Lab, deed: str, name: str, why: str) -> None:
    done = private.sansang(deed, name)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert done.stderr.startswith("sansang: ")


def test_one_lab_to_a_state_directory(private: Lab) -> None:
    done = private.sansang("run", "--no-agent")
    assert done.returncode == 2
    assert "a lab is running in" in done.stderr
    assert private.process.poll() is None


def test_the_state_directory_is_for_this_user_alone(private: Lab) -> None:
    assert stat.S_IMODE((private.state / "control").stat().st_mode) == 0o600
    assert stat.S_IMODE((private.state / "pki").stat().st_mode) == 0o700


def test_without_a_private_network_it_says_so(plain: Lab) -> None:
    assert "No private network" in plain.said
    assert "pings cannot fail" in plain.said


def test_without_a_private_network_only_services_fail(plain: Lab) -> None:
    done = plain.sansang("cut", "ubnd-quang-yen", "web-01")
    assert done.stdout.splitlines() == [
        "room-02: failed",
        "web-01: failed",
        "Without a private network these still answer pings: room-02, web-01",
    ]
    done = plain.sansang("fail", "gateway-02")
    assert done.returncode == 2
    assert "only answers pings" in done.stderr
    assert "restored" in plain.sansang("restore", "all").stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_no_socket(number: signal.Signals) -> None:
    net.need_namespaces()
    with net.lab("--no-agent", "--communes", "1") as lab:
        assert lab.end(number) == 0
        assert not (lab.state / "control").exists()
        done = lab.sansang("status")
    assert (done.returncode, done.stdout) == (2, "")
    assert "start one with `sansang lab run`" in done.stderr


def test_the_agent_inside_is_reached_from_outside_and_ends_with_the_lab() -> None:
    net.need_namespaces()
    with net.lab("--communes", "2", "--listen", "127.0.0.1:0") as lab:
        page = re.search(r"Metrics: (http://127\.0\.0\.1:\d+/metrics)", lab.said)
        assert page is not None, lab.said
        with urllib.request.urlopen(page[1], timeout=20) as answer:  # noqa: S310 - the lab's own address
            assert b"sansang_build_info" in answer.read()
        (agent,) = lab.children()
        assert lab.end() == 0
        assert not net.alive(agent)


def test_a_lab_that_is_killed_leaves_no_agent_behind() -> None:
    net.need_namespaces()
    with net.lab("--communes", "1", "--listen", "127.0.0.1:0") as lab:
        agent = _only_child(lab)
        lab.end(signal.SIGKILL)
        deadline = time.monotonic() + 5
        while net.alive(agent) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not net.alive(agent)


def test_an_agent_that_ends_by_itself_ends_the_lab_with_1() -> None:
    net.need_namespaces()
    with net.lab("--communes", "1", "--listen", "127.0.0.1:0") as lab:
        net.run(["kill", "-KILL", str(_only_child(lab))])
        rest, _ = lab.process.communicate(timeout=5)
        assert lab.process.returncode == 1
        assert "The agent ended by itself with code -9" in rest


def _only_child(lab: Lab) -> int:
    deadline = time.monotonic() + 5
    while not (children := lab.children()) and time.monotonic() < deadline:
        time.sleep(0.02)
    (agent,) = children
    return agent


@pytest.mark.parametrize("listen", ["127.0.0.1", "127.0.0.1:http", "127.0.0.1:65536", ":10115", "nowhere:80"])
def test_an_address_that_is_none_is_refused(listen: str) -> None:
    with net.lab("--communes", "1", "--listen", listen) as lab:
        assert lab.process.wait(5) == 2
        assert f"cannot listen on {listen}" in lab.said


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with net.lab("--communes", "1", "--listen", listen) as lab:
            assert lab.process.wait(5) == 2
            assert lab.said == (
                f"sansang: the agent cannot listen on {listen}: Address already in use; choose another with --listen\n"
            )


BESIDE = """
import socket, sys
taken = socket.create_server(("127.0.0.1", 0))  # an installed agent on its usual port
from agent.lab import session
session.LISTEN = "127.0.0.1:%d" % taken.getsockname()[1]
print("usual", session.LISTEN, flush=True)
from agent.cli.main import main
sys.exit(main(["lab", "run", "--communes", "1", "--lang", "en"]))
"""


def beside(home: Path) -> subprocess.Popen[str]:
    """`make run` of a user whose home this is, on a machine where an agent runs already."""
    environment = {**net.ENVIRONMENT, "XDG_STATE_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-c", BESIDE],
        cwd=net.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **net.ordinary_user(),
    )


def test_it_runs_beside_an_installed_agent_and_beside_another_lab() -> None:
    net.need_namespaces()
    with net.folder_of_ordinary_user() as home, beside(home) as first, beside(home) as second:
        try:
            said = [net._said(one) for one in (first, second)]
            pages = [re.search("Landing page: (http://.*)", text) for text in said]
            answers = [net.until_answered(page[1]) for page in pages if page]
        finally:
            for one in (first, second):
                one.terminate()
    assert len(answers) == 2, said
    for text in said:
        usual = text.split()[1]
        assert f"{usual} is taken by another agent, so this one listens elsewhere:" in text
        assert f"check --config {home}/sansang/lab" in text
    assert sorted("/sansang/lab-2/" in text for text in said) == [False, True]
