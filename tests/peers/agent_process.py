"""A real agent in a namespace of its own: its configuration, its process, what it shows and what it has written.

Two namespaces, ``mon`` with the agent and ``far`` with everything it watches, joined by one cable and a route:

    mon 10.99.0.1 == far 10.99.0.2, behind it 10.99.16.0/20 (targets) and 10.99.1.0/24 (anchors), all of them local

The kernel answers pings for every address of a local route, so that a thousand targets cost one line.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from typing import Any, Self

from agent.ledger.codec import KINDS
from agent.ledger.reader import Reader
from agent.ledger.rows import StateChange
from agent.model import State
from tests.peers.icmp_network import Network

ROOT = Path(__file__).parents[2]
PORT = 10115
ANCHORS = ("10.99.1.1", "10.99.1.2")
TARGETS = "10.99.16.0/20"
STATES = {state.value: state.name for state in State}
_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
_LABEL = re.compile(r'(\w+)="([^"]*)"')

_PORTS = cycle(range(20_000, 30_000))  # the test has its own, below those that the agent may have to do without
Labels = dict[str, str]


class FaultNetwork(Network):
    """The two namespaces, named ss-f-PID-mon and ss-f-PID-far."""

    def __enter__(self) -> Self:
        super().__enter__()
        self.add("mon", "far")
        self.veth(("mon", "eth0"), ("far", "eth0"))
        self.address("mon", "eth0", "10.99.0.1/30")
        self.address("far", "eth0", "10.99.0.2/30")
        for network in (TARGETS, "10.99.1.0/24"):
            self.ip("far", "route", "add", "local", network, "dev", "lo")
        self.route()
        self.run("far", "nft", "add table ip f; add chain ip f in { type filter hook prerouting priority -300; }")
        return self

    def name(self, short: str) -> str:
        return f"ss-f-{os.getpid()}-{short}"

    def route(self) -> None:
        """The monitor's way to the district; the kernel forgets it when the device goes down."""
        for network in (TARGETS, "10.99.1.0/24"):
            self.ip("mon", "route", "replace", network, "via", "10.99.0.2")

    def drop(self, *matches: str) -> None:
        """What arrives in the district and matches is thrown away; nothing else is, not even what was before."""
        rules = "".join(f"add rule ip f in {match} drop; " for match in matches)
        self.run("far", "nft", f"flush chain ip f in; {rules}")


def host(number: int) -> str:
    """The address of target number so and so."""
    return f"10.99.{16 + number // 250}.{1 + number % 250}"


@dataclass(frozen=True, slots=True)
class Check:
    """One line under ``targets:``; the site is made from the id."""

    id: str
    module: str
    address: str
    role: str = "device"
    parents: tuple[str, ...] = ()


@dataclass(slots=True)
class Config:
    """What the generated inventory says."""

    checks: Sequence[Check]
    interval: float = 4.0
    timeout: float = 1.0
    confirm: float = 1.0
    budget: int = 1000
    anchors: tuple[str, ...] = ANCHORS
    modules: dict[str, dict[str, Any]] = field(default_factory=dict)

    def document(self, storage: Path) -> str:
        """As JSON, which is YAML."""
        modules = {"ping": {"probe": "icmp", "packets": 1}, "port": {"probe": "tcp"}, "web": {"probe": "http"}}
        sites = sorted({check.id.partition("/")[0] for check in self.checks})
        document: dict[str, Any] = {
            "organisation": {"name": "Huyện Thử", "language": "en", "timezone": "Asia/Ho_Chi_Minh"},
            "levels": [{"id": "district", "name": {"vi": "Huyện", "en": "District"}}],
            "units": [{"id": "thu", "name": "Huyện Thử", "level": "district"}],
            "defaults": {
                "interval": f"{self.interval:g}s",
                "timeout": f"{self.timeout:g}s",
                "confirm_interval": f"{self.confirm:g}s",
                "reprobe_budget": f"{self.budget}/s",
            },
            "modules": modules | self.modules,
            "sites": [{"id": site, "name": site, "unit": "thu"} for site in sites],
            "targets": [_row(check) for check in self.checks],
            "listen": f"127.0.0.1:{PORT}",
            "storage": {"path": str(storage)},
        }
        if self.anchors:
            behind = {"sites": "all"}
            path = {"id": "line", "module": "ping", "anchors": list(self.anchors), "behind": behind}
            document["paths"] = [path]
        return json.dumps(document, ensure_ascii=False, indent=1)


def _row(check: Check) -> dict[str, Any]:
    row: dict[str, Any] = {"id": check.id, "role": check.role, "module": check.module, "address": check.address}
    return row | ({"parents": list(check.parents)} if check.parents else {})


def pings(count: int) -> list[Check]:
    """So many targets for ping, each at its own address."""
    return [Check(f"khu/ping-{number}", "ping", host(number)) for number in range(count)]


@dataclass(slots=True)
class AgentProcess:
    """`sansang run` in a namespace. Not started until start(); ended with the ``with`` block at the latest."""

    network: Network
    folder: Path
    config: Config
    environment: dict[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = ("-m", "agent")
    process: subprocess.Popen[bytes] | None = None

    @property
    def file(self) -> Path:
        return self.folder / "sansang.yml"

    @property
    def storage(self) -> Path:
        return self.folder / "storage"

    @property
    def log(self) -> str:
        return (self.folder / "agent.log").read_text(encoding="utf-8", errors="replace")

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def start(self, *arguments: str) -> float:
        """Write the configuration, start, wait until it is ready; seconds that took."""
        if not self.file.exists():
            self.file.write_text(self.config.document(self.storage), encoding="utf-8")
        began = time.monotonic()
        with (self.folder / "agent.log").open("ab") as log:
            where = ("ip", "netns", "exec", self.network.name("mon"), sys.executable, *self.program)
            self.process = subprocess.Popen(
                (*where, "run", "--config", str(self.file), *arguments),
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=os.environ | self.environment,
            )
        self.until(self._is_ready, 30, "the agent is ready")
        return time.monotonic() - began

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log[-4000:]
        try:
            return self.get("/-/ready")[0] == 200
        except OSError:
            return False

    def stop(self) -> float:
        """SIGTERM, wait for the end; seconds that took. Its exit status must be 0."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        assert status == 0, self.log[-4000:]
        return time.monotonic() - began

    def get(self, path: str, timeout: float = 10.0) -> tuple[int, bytes]:
        """Status and body. OSError if it does not answer."""
        with self.network.inside("mon"):
            ours = ("127.0.0.1", next(_PORTS))
            sock = socket.create_connection(("127.0.0.1", PORT), timeout, ours)
        connection = HTTPConnection("127.0.0.1", PORT)
        connection.sock = sock
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def samples(self, *names: str) -> list[tuple[str, Labels, float]]:
        """Samples of /metrics whose name begins with one of these."""
        status, body = self.get("/metrics")
        assert status == 200
        lines = (line for line in body.decode().splitlines() if line.startswith(names))
        matches = (match for match in map(_SAMPLE.match, lines) if match)
        return [(match[1], dict(_LABEL.findall(match[2] or "")), float(match[3])) for match in matches]

    def value(self, name: str) -> float | None:
        """The one sample of that name, or None."""
        values = [value for found, _, value in self.samples(name) if found == name]
        assert len(values) <= 1
        return values[0] if values else None

    def by_target(self, name: str) -> dict[str, float]:
        """The samples of that name by their target."""
        return {labels["target"]: value for found, labels, value in self.samples(name) if found == name}

    def states(self) -> Counter[str]:
        """How many targets are shown in which state."""
        return Counter(STATES[int(value)] for value in self.by_target("sansang_target_state").values())

    def until(self, holds: Callable[[], bool], seconds: float, what: str) -> float:
        """Wait until that holds; seconds it took. Fails after so many."""
        began = time.monotonic()
        while not holds():
            gone = time.monotonic() - began
            assert gone < seconds, (
                f"not within {seconds} s: {what}; states {self._states_or_none()}\n{self.log[-2000:]}"
            )
            time.sleep(0.1)
        return time.monotonic() - began

    def _states_or_none(self) -> object:
        try:
            return self.states()
        except (OSError, AssertionError) as error:
            return error

    def until_all(self, state: str, seconds: float) -> float:
        """Wait until every target is shown in that state."""
        count = len(self.config.checks)
        return self.until(lambda: self.states()[state] == count, seconds, f"all {state}")

    def rows(self, kind: str) -> list[Any]:
        """Rows of the ledger of that kind, oldest first."""
        reader = Reader.open(self.storage)
        try:
            return [stored.row for stored in reader.only(KINDS[kind].row)]
        finally:
            reader.close()

    def changes(self) -> list[StateChange]:
        """Every transition that was written."""
        return self.rows("state_change")

    def downs(self) -> list[StateChange]:
        """Every transition to DOWN that was written."""
        return [change for change in self.changes() if change.state is State.DOWN]


@contextmanager
def server(network: Network, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The district's servers (district_server.py) in the namespace far, ready."""
    script = Path(__file__).with_name("district_server.py")
    with subprocess.Popen(
        ["ip", "netns", "exec", network.name("far"), sys.executable, str(script), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def boottime_ms() -> int:
    """Now, on the axis of the ledger."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
