"""T5, T6: the ledger's disk is full while the agent runs, or read-only when it starts. Needs root for the mounts."""

from __future__ import annotations

import json
import os
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

import pytest

from agent.ledger.reading import Reader
from agent.ledger.verify import verify

pytestmark = [
    pytest.mark.peers,
    pytest.mark.timeout(180),
    pytest.mark.skipif(os.geteuid() != 0, reason="mounts need root"),
]
ROOT = Path(__file__).parents[2]
RECOVERS_SECONDS = 30


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", place], check=True, timeout=20)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True, timeout=20)


@dataclass
class Room:
    """A service that is there or not, and an agent that looks at it once a second."""

    folder: Path
    storage: Path
    service: int = field(default_factory=free_port)
    port: int = field(default_factory=free_port)
    listener: socket.socket | None = None

    def toggle(self) -> None:
        if self.listener is None:
            self.listener = socket.create_server(("127.0.0.1", self.service))
        else:
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
targets: [{{id: s/one, name: Một, role: service, module: port, address: "127.0.0.1:{self.service}"}}]
listen: 127.0.0.1:{self.port}
storage: {{path: {self.storage}, reserve: 1MiB}}
""",
            "utf-8",
        )
        return file

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


def fill(disk: Path, name: str) -> None:
    with (disk / name).open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return


def probing_goes_on(room: Room) -> None:
    before = room.value("sansang_probes_total") or 0
    until(lambda: (room.value("sansang_probes_total") or 0) > before, 10, "it goes on probing")


def test_a_full_disk_stops_neither_probes_nor_pages_and_it_recovers_alone(disk: Path, tmp_path: Path) -> None:
    room = Room(tmp_path, disk / "state")
    with agent(room) as process:
        assert (disk / "state/reserve").stat().st_size == 1 << 20
        fill(disk, "ballast")
        room.toggle()
        until(lambda: not (disk / "state/reserve").exists(), 15, "the reserve is given up")
        until(lambda: room.value("sansang_target_state") == 1, 15, "the state is committed all the same")
        errors = room.value("sansang_ledger_write_errors_total")
        fill(disk, "more")
        while room.takes_a_window():  # as long as the log has room that is its own already
            pass
        room.toggle()
        until(lambda: room.value("sansang_ledger_writable") == 0, 15, "it says so")
        assert (room.value("sansang_storage_free_bytes") or 0) < 1 << 20
        assert "The disk takes no rows" in room.page()
        probing_goes_on(room)
        assert process.poll() is None
        for name in ("ballast", "more"):
            (disk / name).unlink()
        back = until(lambda: room.value("sansang_ledger_writable") == 1, RECOVERS_SECONDS, "it recovers alone")
        until(lambda: room.value("sansang_target_state") == 0, 15, "what waited is committed")
        until((disk / "state/reserve").exists, 15, "the reserve is taken back")
    print(f"T5: {errors} failed commit before the reserve was given up; writable again after {back:.1f} s")
    assert verify(disk / "state").ok


def test_a_read_only_disk_at_the_start_is_waited_for(disk: Path, tmp_path: Path) -> None:
    room = Room(tmp_path, disk / "state")
    with agent(room):
        until(lambda: room.value("sansang_target_state") == 0, 15, "it knows the state")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True, timeout=20)
    with agent(room):
        until(lambda: room.value("sansang_ledger_writable") == 0, 15, "it says so")
        probing_goes_on(room)
        assert room.value("sansang_target_last_known_up") == 0
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True, timeout=20)
        back = until(lambda: room.value("sansang_ledger_writable") == 1, RECOVERS_SECONDS, "it recovers alone")
        until(lambda: room.value("sansang_target_state") == 0, 15, "what waited is committed")
    print(f"T6: writable again {back:.1f} s after the remount")
    assert verify(disk / "state").ok
    reader = Reader.open(disk / "state")
    runs = len(reader.select("kind = 'agent_run'"))
    reader.close()
    assert runs == 2
