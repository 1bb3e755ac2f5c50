"""T1, T9 on whole agents: kill -9 at a start, in a burst and in a reload; a second `sansang run` on one ledger."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from agent.explain.ledger_errors import BUSY
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from tests.peers.disk_room import ROOT, Room, agent, until

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]
soak = pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
TARGETS = 100
PROBES_WITHIN_SECONDS = 5.0
WHOLE_COMMAND_SECONDS = 3.0  # the slowest of them: a machine may stand still for a moment


def begun(room: Room) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "agent", "run", "--config", str(room.config())]
    with (room.folder / "agent.log").open("ab") as log:
        return subprocess.Popen(command, stderr=log, cwd=ROOT)


def probing(room: Room) -> float:
    return until(lambda: (room.value("sansang_probes_total") or 0) > 0, 30, "it probes")


def hashes(place: Path) -> dict[int, bytes]:
    reader = Reader.open(place)
    try:
        return {link.seq: link.hash for link in reader.links()}
    finally:
        reader.close()


def nothing(_room: Room, _process: subprocess.Popen[bytes]) -> None:
    """It has only just begun."""


def burst(room: Room, _process: subprocess.Popen[bytes]) -> None:
    probing(room)
    room.toggle()


def reload(room: Room, process: subprocess.Popen[bytes]) -> None:
    probing(room)
    room.targets = TARGETS if room.targets != TARGETS else TARGETS // 2
    room.config()
    process.send_signal(signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Moment:
    """What goes before, and within how many seconds from there the kill comes."""

    before: Callable[[Room, subprocess.Popen[bytes]], None]
    within_seconds: float


MOMENTS = {"start": Moment(nothing, 2.0), "burst": Moment(burst, 1.5), "reload": Moment(reload, 0.5)}


def kills(folder: Path, name: str, count: int) -> str:
    chance, moment = random.Random(name), MOMENTS[name]
    with closing(Room(folder, folder / "state", targets=TARGETS)) as room:
        seen: dict[int, bytes] = {}
        for _ in range(count):
            process = begun(room)
            try:
                moment.before(room, process)
                time.sleep(chance.uniform(0, moment.within_seconds))
            finally:
                process.kill()
                process.wait(10)
            if not (room.storage / "ledger.db").exists():
                continue  # killed before it had one
            there = hashes(room.storage)
            assert there.items() >= seen.items()
            seen = there
        began = time.monotonic()
        with agent(room):
            probing(room)
            first = time.monotonic() - began
        assert hashes(room.storage).items() >= seen.items()
        assert verify(room.storage).ok
    assert first <= PROBES_WITHIN_SECONDS
    return (
        f"T1 {name}: {count} kills, {len(seen)} rows, 0 lost, chain whole; probing {first:.1f} s after its next start"
    )


@pytest.mark.parametrize("name", MOMENTS)
def test_an_agent_killed_at_a_bad_moment_goes_on(tmp_path: Path, name: str) -> None:
    print(kills(tmp_path, name, 2))


@pytest.mark.soak
@pytest.mark.timeout(600)
@soak
@pytest.mark.parametrize("name", MOMENTS)
def test_an_agent_killed_twenty_times_at_a_bad_moment(tmp_path: Path, name: str) -> None:
    print(kills(tmp_path, name, 20))


@dataclass(frozen=True, slots=True)
class Called:
    """One more `sansang`: exit code, last words, seconds by the clock on the wall and of the processor."""

    code: int
    said: str
    wall_seconds: float
    processor_seconds: float


def called(*arguments: str) -> Called:
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "agent", *arguments], stderr=subprocess.PIPE, cwd=ROOT)
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Called(process.returncode, said, time.monotonic() - began, used.ru_utime + used.ru_stime)


def seconds(folder: Path, count: int) -> str:
    with closing(Room(folder, folder / "state")) as room, agent(room) as first:
        before = hashes(room.storage)
        run = ("run", "--config", str(room.folder / "sansang.yml"))
        found = [called(*run) for _ in range(count)]
        with ThreadPoolExecutor(4) as pool:
            crowd = list(pool.map(lambda _: called(*run), range(count)))
        assert {one.code for one in (*found, *crowd)} == {2}
        assert all(BUSY.to("vi").partition(": ")[2] in one.said for one in (*found, *crowd))
        assert first.poll() is None
        probes = room.value("sansang_probes_total") or 0
        until(lambda: (room.value("sansang_probes_total") or 0) > probes, 10, "the first one goes on")
        assert hashes(room.storage).items() >= before.items()
        assert room.value("sansang_ledger_write_errors_total") == 0
    runs = [link for link in _kinds(room.storage) if link == "agent_run"]
    assert (len(runs), verify(room.storage).ok) == (1, True)
    walls = sorted(one.wall_seconds for one in found)
    used = sorted(one.processor_seconds for one in (*found, *crowd))
    assert median(walls) <= 1.0  # the whole command, beside the agent and whatever else this machine does
    assert walls[-1] <= WHOLE_COMMAND_SECONDS
    assert median(used) <= 0.7
    return (
        f"T9: {2 * count} of {2 * count} refused with exit code 2; one after another {walls[0]:.2f} to {walls[-1]:.2f},"
        f" median {median(walls):.2f} s from call to exit; processor median {median(used):.2f} s"
    )


def _kinds(place: Path) -> list[str]:
    reader = Reader.open(place)
    try:
        return [link.row.kind for link in reader.links()]
    finally:
        reader.close()


@pytest.mark.alone
def test_a_second_agent_on_one_ledger_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    print(seconds(tmp_path, 6))


@pytest.mark.soak
@pytest.mark.timeout(900)
@soak
@pytest.mark.parametrize("turn", [1, 2])
def test_a_hundred_second_agents_on_one_ledger(tmp_path: Path, turn: int) -> None:
    print(f"{turn}/2", seconds(tmp_path, 100))
