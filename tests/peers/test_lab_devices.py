"""Devices of the lab and a real agent: a pulled port, a reboot, a UPS on battery, a power cut told from a line cut.

One lab of one commune, probed every two seconds; what is waited for comes within some seconds.
"""

from __future__ import annotations

import re
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from agent.lab.control import send_command
from agent.lab.control_protocol import LabAction, LabCommand
from agent.ledger.reader import Reader
from agent.ledger.rows import ComponentChange, DeviceSeen
from tests.agent.lab import net
from tests.peers.board_agent import LabAgent, watched_lab

pytestmark = [pytest.mark.peers, pytest.mark.waits, pytest.mark.timeout(300)]
WITHIN_SECONDS = 45
SITE = "ubnd-lang-cong"
SWITCH, ROUTER, UPS = f"{SITE}/switch-snmp", f"{SITE}/uplink-snmp", f"{SITE}/ups-snmp"
SENTENCE = r"Cổng Gi0/3 \(Phòng họp\) của [^.]*? mất kết nối từ (\d\d:\d\d)"
DEVICES = (SWITCH, ROUTER, UPS, f"{SITE}/pc-snmp")


RowT = TypeVar("RowT", ComponentChange, DeviceSeen)


def hasten(inventory: str) -> str:
    return re.sub(
        r"(?m)^defaults: .*$",
        "defaults: {interval: 2s, timeout: 2s, fail_after: 2, confirm_interval: 1s}",
        inventory,
    )


@pytest.fixture(scope="module")
def watched() -> Iterator[LabAgent]:
    net.need_namespaces()
    with watched_lab(1, hasten) as agent:
        until(agent, lambda text: all(value(text, "sansang_target_state", target) == 1 for target in DEVICES))
        yield agent


@pytest.fixture(autouse=True)
def mended(watched: LabAgent) -> Iterator[None]:
    yield
    order(watched, LabAction.RESTORE, "all")
    until(watched, lambda text: all(value(text, "sansang_target_state", target) == 1 for target in DEVICES))


def order(watched: LabAgent, action: LabAction, name: str, seconds: float | None = None, port: str = "") -> None:
    send_command(watched.lab.state, LabCommand(action, (name,), seconds, port))


def page(watched: LabAgent, path: str) -> str:
    with urllib.request.urlopen(f"http://{watched.address}{path}", timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def metrics(watched: LabAgent) -> str:
    return page(watched, "/metrics")


def value(text: str, name: str, target: str, **labels: str) -> float | None:
    wanted = {"target": target, **labels}
    for line in re.findall(rf"(?m)^{name}{{.*$", text):
        if all(f'{label}="{held}"' in line for label, held in wanted.items()):
            return float(line.rpartition(" ")[2])
    return None


def until(watched: LabAgent, holds: Callable[[str], bool]) -> str:
    """The metrics once they are as wanted."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while not holds(text := metrics(watched)):
        assert time.monotonic() < deadline, "\n".join(line for line in text.splitlines() if "-snmp" in line)
        time.sleep(0.2)
    return text


def check(watched: LabAgent, *arguments: str, language: str = "vi") -> str:
    """What `sansang check` says; on a line."""
    config = str(watched.lab.state / "inventory.yaml")
    command = [
        "env",
        "COLUMNS=1000",
        sys.executable,
        "-m",
        "agent",
        "check",
        "--config",
        config,
        "--lang",
        language,
        *arguments,
    ]
    done = net.run(command)
    return " ".join(f"{done.stdout}{done.stderr}".split())


def since(watched: LabAgent) -> str:
    """Since when the port is without its link, as the sentence about it says; that comes with the next run."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while (found := re.search(SENTENCE, said := check(watched, "--site", SITE))) is None:
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    return found[1]


def rows(watched: LabAgent, kind: type[RowT], target: str) -> list[RowT]:
    """Rows of the ledger of that kind about the target, oldest first."""
    reader = Reader.open(watched.lab.state / "agent")
    try:
        return [stored.row for stored in reader.only(kind) if stored.row.target == target]
    finally:
        reader.close()


def dark(text: str) -> bool:
    return all(value(text, "sansang_target_state", target) == 0 for target in (*DEVICES, f"{SITE}/uplink"))


def ended(text: str, cause: str) -> bool:
    return re.search(rf'sansang_site_outage_end_timestamp_seconds{{[^}}]*cause="{cause}"[^}}]*}}', text) is not None


def test_a_line_cut_is_told_from_a_power_cut(watched: LabAgent) -> None:
    """First of all: within five minutes of a boot nothing tells that a device ran on."""
    order(watched, LabAction.CUT, SITE)
    until(watched, dark)
    order(watched, LabAction.RESTORE, SITE)
    until(watched, lambda text: ended(text, "line"))
    assert "Đứt đường truyền từ" in check(watched, "--site", SITE)
    order(watched, LabAction.POWER_CUT, SITE, 3)
    until(watched, lambda text: value(text, "sansang_ups_on_battery", UPS) == 1)
    until(watched, dark)
    order(watched, LabAction.POWER_BACK, SITE)
    until(watched, lambda text: ended(text, "power"))
    assert "Mất điện từ" in check(watched, "--site", SITE)


def test_a_pulled_port_has_a_sentence_a_series_and_a_row_and_outlives_a_restart(watched: LabAgent) -> None:
    order(watched, LabAction.PULL_PORT, "switch-01", port="3")
    text = until(watched, lambda text: value(text, "sansang_target_state", SWITCH) == 2)
    assert value(text, "sansang_port_failed", SWITCH, port="Gi0/3") == 1
    assert value(text, "sansang_port_failed", SWITCH, port="Gi0/4") == 0
    assert value(text, "sansang_port_failed", SWITCH, port="Gi0/20") is None
    assert value(text, "sansang_target_state", f"{SITE}/switch") == 1
    told = since(watched)
    (row,) = [row for row in rows(watched, ComponentChange, SWITCH) if row.component == "port:Gi0/3"]
    assert (row.fault, row.text) == ("port_down", "Phòng họp")
    watched.stop()
    watched.start()
    until(watched, lambda text: value(text, "sansang_port_failed", SWITCH, port="Gi0/3") == 1)
    assert since(watched) == told
    order(watched, LabAction.PLUG_PORT, "switch-01", port="Gi0/3")
    until(watched, lambda text: value(text, "sansang_port_failed", SWITCH, port="Gi0/3") == 0)
    last = [row.fault for row in rows(watched, ComponentChange, SWITCH) if row.component == "port:Gi0/3"]
    assert last == ["port_down", ""]


def test_an_empty_port_is_no_fault(watched: LabAgent) -> None:
    text = until(watched, lambda text: value(text, "sansang_port_up", SWITCH, port="Gi0/20") == 0)
    assert value(text, "sansang_target_state", SWITCH) == 1


@pytest.mark.parametrize(("place", "target"), [("switch-01", SWITCH), ("gateway-01", ROUTER)])
def test_a_reboot_is_seen_and_its_ports_keep_their_names(watched: LabAgent, place: str, target: str) -> None:
    ordered, serial = time.time(), rows(watched, DeviceSeen, target)[0].serial
    order(watched, LabAction.REBOOT, place, 1.5)
    until(watched, lambda text: (value(text, "sansang_device_boot_timestamp_seconds", target) or 0) > ordered)
    port = "Gi0/1" if target == SWITCH else "ether1"
    until(watched, lambda text: value(text, "sansang_port_up", target, port=port) == 1)
    newest = rows(watched, DeviceSeen, target)[-1]
    assert (newest.uptime_ms < 60_000, newest.serial) == (True, serial)


def test_a_ups_on_battery_runs_low(watched: LabAgent) -> None:
    order(watched, LabAction.ON_BATTERY, "ups-01", 600)
    text = until(watched, lambda text: value(text, "sansang_ups_on_battery", UPS) == 1)
    text = until(watched, lambda text: value(text, "sansang_target_state", UPS) == 2)
    left = value(text, "sansang_ups_runtime_seconds", UPS)
    assert left is not None
    assert 480 <= left <= 600
    assert "đang chạy bằng ắc quy" in check(watched, "--site", SITE)
    order(watched, LabAction.ON_BATTERY, "ups-01", 5)
    until(watched, lambda text: value(text, "sansang_component_failed", UPS, component="battery") == 1)
    assert "ắc quy" in check(watched, "--site", SITE)
    order(watched, LabAction.ON_MAINS, "ups-01")
    until(watched, lambda text: value(text, "sansang_ups_on_battery", UPS) == 0)


@pytest.mark.parametrize("fault", [LabAction.SILENT, LabAction.WRONG_COMMUNITY])
def test_silent_snmp_is_not_a_silent_device(watched: LabAgent, fault: LabAction) -> None:
    before = metrics(watched)
    order(watched, fault, "switch-01")
    text = until(watched, lambda text: value(text, "sansang_target_state", SWITCH) == 0)
    assert value(text, "sansang_target_state", f"{SITE}/switch") == 1
    counted = "sansang_probe_failure_reasons_total"
    assert value(text, counted, SWITCH, reason="no_snmp_answer") != value(
        before, counted, SWITCH, reason="no_snmp_answer"
    )
    assert value(text, counted, SWITCH, reason="timeout") == value(before, counted, SWITCH, reason="timeout")
    said = check(watched, "--site", SITE)
    assert "community" in said or "mã SNMP" in said
