"""An agent that looks at one service once a second, with its ledger where a test wants it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECOVERS_SECONDS = 30


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass
class Room:
    """A service that is there or not, and an agent that looks at it once a second."""

    folder: Path
    storage: Path
    service: int = field(default_factory=free_port)
    port: int = field(default_factory=free_port)
    listener: socket.socket | None = None
    targets: int = 1

    def toggle(self) -> None:
        if self.listener is None:
            self.listener = socket.create_server(("127.0.0.1", self.service))
        else:
            self.close()

    def close(self) -> None:
        if self.listener is not None:
            self.listener.close()
            self.listener = None

    def config(self) -> Path:
        file = self.folder / "sansang.yml"
        file.write_text(
            f"""organisation: {{name: Thử}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: u, name: Xã A, level: commune}}]
defaults: {{interval: 1s, timeout: 1s, confirm_interval: 1s, fail_after: 1}}
modules: {{port: {{probe: tcp}}}}
sites: [{{id: s, name: A, unit: u}}]
targets:
{"".join(self._target(number) for number in range(self.targets))}
listen: 127.0.0.1:{self.port}
storage: {{path: {self.storage}, reserve: 1MiB}}
""",
            "utf-8",
        )
        return file

    def _target(self, number: int) -> str:
        address = f'"127.0.0.1:{self.service}"'
        return f"  - {{id: s/{number}, name: Một, role: service, module: port, address: {address}}}\n"

    def value(self, name: str) -> float | None:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            found = re.search(rf"^{name}(?:{{.*}})? (\S+)$", answer.read().decode(), re.MULTILINE)
        return float(found[1]) if found else None

    def takes_a_window(self) -> bool:
        """Whether the ledger takes one more row."""
        order = {"do": "add", "scope": "all", "who": "An", "why": "x" * 400}
        order |= {"from": "2027-01-01T00:00:00Z", "to": "2027-01-01T01:00:00Z"}
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/maintenance",
            json.dumps(order).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310 - our own
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            return error.code != 409

    def page(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/?lang=en", timeout=5) as answer:
            return str(answer.read().decode())


@contextmanager
def agent(room: Room) -> Iterator[subprocess.Popen[bytes]]:
    with (room.folder / "agent.log").open("ab") as log:
        command = [sys.executable, "-m", "agent", "run", "--config", str(room.config())]
        process = subprocess.Popen(command, stderr=log, cwd=ROOT)
    try:
        until(lambda: room.value("sansang_probes_total") is not None, 30, "it answers")
        yield process
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait(10)


def until(holds: Callable[[], bool], seconds: float, what: str) -> float:
    began = time.monotonic()
    while True:
        try:
            if holds():
                return time.monotonic() - began
        except OSError:
            pass
        assert time.monotonic() - began < seconds, what
        time.sleep(0.2)


def probing_goes_on(room: Room) -> None:
    before = room.value("sansang_probes_total") or 0
    until(lambda: (room.value("sansang_probes_total") or 0) > before, 10, "it goes on probing")
