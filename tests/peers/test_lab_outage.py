"""The lab and its agent together: an outage is made, seen with its reason, explained, and mended.

Takes the engine's real pace (15 s rounds), so it stands with the slow tests; needs no server.
"""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from agent.lab.control_protocol import LabAction
from agent.lab.district import district
from tests.agent.lab import net
from tests.agent.lab.net import Lab

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]
WITHIN_SECONDS = 60


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    net.need_namespaces()
    with net.lab("--communes", "8", "--listen", "127.0.0.1:0") as running:
        wait(running, lambda text: count(text, "sansang_target_state") == targets())
        yield running


def targets() -> int:
    return sum(len(place.targets) for place in district(8).hosts)


def metrics(lab: Lab) -> str:
    page = re.search(r"Metrics: (http://\S+)", lab.said)
    assert page is not None, lab.said
    with urllib.request.urlopen(page[1], timeout=10) as answer:  # noqa: S310 - the lab's own address
        text: str = answer.read().decode()
    return text


def count(text: str, name: str, value: str = r"[012](\.0)?") -> int:
    return len(re.findall(rf"^{name}{{[^}}]*}} {value}$", text, re.MULTILINE))


def value(text: str, name: str, target: str) -> float | None:
    found = re.search(rf'^{name}{{[^}}]*target="{target}"[^}}]*}} (\S+)$', text, re.MULTILINE)
    return float(found[1]) if found else None


def wait(lab: Lab, until: Callable[[str], bool]) -> str:
    """The metrics once they are as wanted."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while not until(text := metrics(lab)):
        assert time.monotonic() < deadline, text
        time.sleep(0.5)
    return text


def test_all_is_well_but_one_certificate(lab: Lab) -> None:
    text = metrics(lab)
    assert count(text, "sansang_target_state", r"1(\.0)?") == targets() - 1
    assert value(text, "sansang_target_state", "dc/documents") == 2


@pytest.mark.parametrize(
    ("deed", "name", "target", "reason"),
    [
        (LabAction.FAIL, "room-07", "ubnd-don-nhan/room", "timeout"),
        (LabAction.FAIL, "switch-02", "ubnd-quang-yen/switch", "timeout"),
        (LabAction.EXPIRE, "one-stop", "dc/one-stop", "tls_expired"),
        (LabAction.GARBAGE, "portal", "dc/portal", "protocol_error"),
    ],
)
def test_an_outage_is_seen_with_its_reason_and_its_end(
    lab: Lab, deed: LabAction, name: str, target: str, reason: str
) -> None:
    lab.order(deed, name)
    text = wait(lab, lambda text: value(text, "sansang_target_up", target) == 0)
    assert re.search(rf'sansang_probe_failure_reasons_total{{reason="{reason}",[^}}]*target="{target}"}} [3-9]', text)
    assert count(text, "sansang_target_up", r"0(\.0)?") == 1
    lab.order(LabAction.RESTORE, "all")
    wait(lab, lambda text: value(text, "sansang_target_up", target) == 1)


def test_a_cut_commune_is_down_and_its_rooms_are_explained(lab: Lab) -> None:
    lab.order(LabAction.CUT, "xa-dong-que")
    hosts = ("uplink", "switch", "pc", "room")
    text = wait(lab, lambda text: all(value(text, "sansang_target_up", f"ubnd-dong-que/{host}") == 0 for host in hosts))
    assert count(text, "sansang_target_up", r"0(\.0)?") == len(hosts)
    assert value(text, "sansang_target_upstream_down", "ubnd-dong-que/room") == 1
    lab.order(LabAction.RESTORE, "all")
    wait(lab, lambda text: count(text, "sansang_target_up", r"0(\.0)?") == 0)


def test_a_lost_path_makes_the_communes_unknown_and_never_down(lab: Lab) -> None:
    lab.order(LabAction.CUT, "district-uplink")
    communes = sum(len(host.targets) for office in district(8).communes for host in office.hosts)
    text = wait(lab, lambda text: count(text, "sansang_target_state", r"3(\.0)?") == communes)
    assert count(text, "sansang_target_up", r"0(\.0)?") == 0
    assert value(text, "sansang_target_up", "ubnd-huyen/room") == 1
    lab.order(LabAction.RESTORE, "all")
    wait(lab, lambda text: count(text, "sansang_target_state", r"3(\.0)?") == 0)
