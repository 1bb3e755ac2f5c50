"""/snmp and /metrics/snmp beside a real snmp_exporter: the same series, types and values of the same device."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.cpu import usage
from benchmarks.snmp_switch import PORTS, PreparedSwitch
from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import free_port
from tests.peers.snmp_agents import COMMUNITY, NetSnmpAgent
from tests.peers.snmp_exporter import get5_objects, scraped, snmp_exporter

pytestmark = pytest.mark.peers

Labels = frozenset[tuple[str, str]]
Series = dict[tuple[str, Labels], float]
OF_THE_RUN = re.compile(r"(snmp_scrape_|probe_|sansang_)")
MODULES = ("if_mib", "get5")
SCRAPES = 20


def series(page: str) -> Series:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if not OF_THE_RUN.match(sample.name)
    }


def types(page: str) -> dict[str, str]:
    found = re.findall(r"^# TYPE (\S+) (\S+)$", page, re.MULTILINE)
    return {name: kind for name, kind in found if not OF_THE_RUN.match(name)}


@contextmanager
def prepared_switch() -> Iterator[str]:
    """The address of a switch of 48 ports on which time stands still."""
    switch, sock = PreparedSwitch(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.2)
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                request, peer = sock.recvfrom(4096)
            except TimeoutError:
                continue
            sock.sendto(switch.answer(request), peer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{sock.getsockname()[1]}"
    finally:
        ended.set()
        thread.join()
        sock.close()


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    agent = NetSnmpAgent(tmp_path_factory.mktemp("snmpd"), "127.0.0.1")
    try:
        with prepared_switch() as switch:
            yield {"snmpd": f"{agent.address}:{agent.port}", "switch": switch}
    finally:
        agent.stop()


@dataclass(frozen=True)
class Peers:
    """Where both are asked, and their processes."""

    ours: str
    our_pid: int
    theirs: str
    their_pid: int


def inventory(folder: Path, devices: dict[str, str], port: int) -> Path:
    (folder / "get5.yml").write_text(get5_objects(), encoding="utf-8")
    credentials = folder / "credentials.yml"
    credentials.write_text(f"commune: {{version: 2c, community: {COMMUNITY}}}\n", encoding="utf-8")
    credentials.chmod(0o600)
    common = f"probe: snmp, credentials: {{file: {credentials}}}"
    rows = "".join(
        f"  - {{id: s/{name}, name: {name}, role: device, module: if_mib, address: '{address}'}}\n"
        for name, address in devices.items()
    )
    config = folder / "sansang.yml"
    config.write_text(
        f"""organisation: {{name: Peers, language: en}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: u, name: U, level: commune}}]
defaults: {{interval: 5s, timeout: 4s}}
modules:
  if_mib: {{{common}, objects: [if_mib]}}
  get5: {{{common}, objects: [{folder / "get5.yml"}]}}
sites: [{{id: s, name: S, unit: u}}]
targets:
{rows}listen: 127.0.0.1:{port}
storage: {{path: {folder / "ledger"}}}
probe_endpoint: {{allow: [127.0.0.0/8]}}
""",
        encoding="utf-8",
    )
    return config


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory, devices: dict[str, str]) -> Iterator[Peers]:
    folder, port = tmp_path_factory.mktemp("peers"), free_port()
    address = f"http://127.0.0.1:{port}"
    with (
        snmp_exporter(folder, COMMUNITY) as (theirs, their_pid),
        running(inventory(folder, devices, port), address) as agent,
    ):
        yield Peers(address, agent.pid, f"http://127.0.0.1:{theirs}", their_pid)


def between(before: Series, ours: Series, after: Series) -> None:
    """The same series; values that stood still are the same, the others lie between."""
    assert before.keys() == ours.keys() == after.keys()
    still = [key for key in ours if before[key] == after[key]]
    assert [(key, ours[key]) for key in still] == [(key, before[key]) for key in still]
    moved = {key: (before[key], ours[key], after[key]) for key in ours if before[key] < after[key]}
    assert not {key: values for key, values in moved.items() if sorted(values) != list(values)}


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("device", ["snmpd", "switch"])
def test_a_scrape_gives_the_same_series_types_and_values(
    peers: Peers, devices: dict[str, str], device: str, module: str
) -> None:
    before, ours, after = (
        scraped(who, target=devices[device], module=module) for who in (peers.theirs, peers.ours, peers.theirs)
    )
    assert "probe_success 1" in ours
    assert types(ours) == types(before)
    between(series(before), series(ours), series(after))
    if device == "switch":
        assert series(ours) == series(before)
        assert len(series(ours)) == (5 if module == "get5" else 1 + PORTS * 40)


def test_metrics_show_the_same_with_where_they_come_from(peers: Peers, devices: dict[str, str]) -> None:
    deadline = time.monotonic() + 15
    page = ""
    while not all(f'target="s/{name}"' in page for name in devices):
        assert time.monotonic() < deadline
        time.sleep(0.2)
        page = scraped(peers.ours, "/metrics/snmp")
    theirs = scraped(peers.theirs, target=devices["switch"], module="if_mib")
    where = {("instance", devices["switch"]), ("site", "s"), ("target", "s/switch")}
    shown = {key: value for key, value in series(page).items() if where <= key[1]}
    assert {(name, labels - where): value for (name, labels), value in shown.items()} == series(theirs)
    assert types(page) == types(theirs)


def test_a_walk_of_a_whole_switch_costs_less_than_theirs(peers: Peers, devices: dict[str, str]) -> None:
    def cost(address: str, pid: int) -> float:
        scraped(address, target=devices["switch"], module="if_mib")
        began = usage(pid).cpu_seconds
        for _ in range(SCRAPES):
            scraped(address, target=devices["switch"], module="if_mib")
        return (usage(pid).cpu_seconds - began) / SCRAPES

    ours, theirs = cost(peers.ours, peers.our_pid), cost(peers.theirs, peers.their_pid)
    print(f"if_mib of {PORTS} ports, CPU a scrape: ours {ours * 1000:.1f} ms, snmp_exporter {theirs * 1000:.1f} ms")
    assert ours < theirs
