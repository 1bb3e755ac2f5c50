"""T7, T8, T9: flipped bytes, cut or lost logs, older copies, second instances. The long forms: make soak."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import LedgerDamagedError, LedgerError
from agent.ledger.contents import pack
from agent.ledger.export import lines
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.recovery.backup import back_up
from agent.ledger.rows import AgentStop
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change, content, start
from tests.clock import TravellingClock

ROWS = 400
soak = pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
_SECOND = """
import sys, time
from pathlib import Path
from agent.errors import LedgerBusyError
from agent.ledger.store import Ledger
from tests.clock import TravellingClock
began = time.monotonic()
try:
    Ledger.open_to_run(Path(sys.argv[1]), TravellingClock())
except LedgerBusyError:
    print(time.monotonic() - began)
    raise SystemExit(7)
"""

INVENTORY = random.Random(3).randbytes(2_000)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A closed ledger with a copy of its first half."""
    directory = tmp_path / "state"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append([start(), content(INVENTORY), *(change(at) for at in range(ROWS // 2))])
    back_up(directory, "2026-03-01")
    ledger.append([*(change(at) for at in range(ROWS // 2, ROWS)), AgentStop(9_000)])
    ledger.close()
    return directory


def told(directory: Path) -> list[str]:
    reader = Reader.open(directory)
    try:
        return list(lines(reader))
    finally:
        reader.close()


def outcome(directory: Path, whole: list[str]) -> tuple[bool, bool]:
    """Whether verify finds the damage; whether an agent that starts on it ends up with a whole ledger all the same."""
    try:
        found = not verify(directory).ok
    except LedgerError:
        found = True
    harmless = not found and told(directory) == whole
    ledger, done = Ledger.open_to_run(directory, TravellingClock())
    ledger.close()
    return found or harmless, verify(directory).ok and (harmless or bool(done) or told(directory) != [])


def anywhere(body: bytes, chance: random.Random) -> int:
    return chance.randrange(100, len(body))


def in_the_header(body: bytes, chance: random.Random) -> int:
    return chance.randrange(100)


def in_a_content(body: bytes, chance: random.Random) -> int:
    return body.index(pack(INVENTORY).body[:32]) + chance.randrange(1_000)


def in_a_contents_hash(body: bytes, chance: random.Random) -> int:
    return body.index(pack(INVENTORY).body[:32]) - chance.randrange(1, 65)


def in_a_row(body: bytes, chance: random.Random) -> int:
    return body.index(b'"target":"xa-a/room"') + chance.randrange(1_000)


PLACES = [anywhere, in_the_header, in_a_content, in_a_contents_hash, in_a_row]
Somewhere = Callable[[bytes, random.Random], int]


def flips(place: Path, tmp_path: Path, where: Somewhere, count: int) -> tuple[int, int, float]:
    """How many were found or without effect, how often the agent went on, and how many seconds it took at most."""
    chance, whole = random.Random(7), told(place)
    detected = went_on = 0
    slowest = 0.0
    for _ in range(count):
        victim = tmp_path / "victim"
        shutil.copytree(place, victim)
        body = bytearray((victim / "ledger.db").read_bytes())
        body[where(bytes(body), chance)] ^= 1 << chance.randrange(8)
        (victim / "ledger.db").write_bytes(body)
        began = time.monotonic()
        seen, on = outcome(victim, whole)
        slowest = max(slowest, time.monotonic() - began)
        detected, went_on = detected + seen, went_on + on
        shutil.rmtree(victim)
    return detected, went_on, slowest


@pytest.mark.parametrize("where", PLACES)
def test_a_flipped_byte_is_found_or_changes_nothing(place: Path, tmp_path: Path, where: Somewhere) -> None:
    assert flips(place, tmp_path, where, 20)[:2] == (20, 20)


def test_every_byte_of_the_header(place: Path, tmp_path: Path) -> None:
    turns = iter(range(100))
    assert flips(place, tmp_path, lambda _body, _chance: next(turns), 100)[:2] == (100, 100)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@soak
@pytest.mark.parametrize("where", PLACES)
def test_five_hundred_flipped_bytes(place: Path, tmp_path: Path, where: Somewhere) -> None:
    detected, went_on, slowest = flips(place, tmp_path, where, 500)
    print(
        f"T7 {where.__name__}: 500 flips, {detected} found or without effect, the agent went on {went_on} times,"
        f" at most {slowest:.2f} s"
    )
    assert (detected, went_on) == (500, 500)


def with_log(tmp_path: Path) -> tuple[Path, Path]:
    """A ledger as a kill leaves it, with rows in its write-ahead log, and an older copy of all its database files."""
    directory, older = tmp_path / "live", tmp_path / "older"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append([start(), *(change(at) for at in range(50))])
    shutil.copytree(directory, older)
    for at in range(50, 80):
        ledger.append([change(at)])
    crashed = tmp_path / "crashed"
    shutil.copytree(directory, crashed)
    ledger.close()
    return crashed, older


def _cut(victim: Path, _: Path, chance: random.Random) -> None:
    log = victim / "ledger.db-wal"
    os.truncate(log, chance.randrange(log.stat().st_size - 4_000))


def _lose(victim: Path, _: Path, chance: random.Random) -> None:
    (victim / "ledger.db-wal").unlink()
    if chance.random() < 0.5:
        (victim / "ledger.db-shm").unlink()


def _flip(victim: Path, _: Path, chance: random.Random) -> None:
    log = victim / "ledger.db-wal"
    body = bytearray(log.read_bytes())
    body[chance.randrange(32, len(body))] ^= 1 << chance.randrange(8)
    log.write_bytes(body)


def _roll_back(victim: Path, older: Path, _: random.Random) -> None:
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (victim / name).unlink(missing_ok=True)
        if (older / name).exists():
            shutil.copy(older / name, victim / name)


def lost_logs(tmp_path: Path, harm: Callable[[Path, Path, random.Random], None], count: int) -> int:
    crashed, older = with_log(tmp_path)
    chance, found = random.Random(8), 0
    whole = told(crashed)
    for number in range(count):
        victim = tmp_path / f"victim-{number}"
        shutil.copytree(crashed, victim)
        harm(victim, older, chance)
        try:
            ledger = Ledger.open(victim, TravellingClock())
            same = len(ledger.everything()) >= len(whole)
            ledger.close()
            found += same and told(victim)[: len(whole)] == whole
        except LedgerDamagedError:
            ledger, done = Ledger.open_to_run(victim, TravellingClock())
            ledger.close()
            found += bool(done) and verify(victim).ok
        shutil.rmtree(victim)
    return found


@pytest.mark.parametrize("harm", [_cut, _lose, _flip, _roll_back])
def test_a_harmed_log_or_an_older_copy_is_found(
    tmp_path: Path, harm: Callable[[Path, Path, random.Random], None]
) -> None:
    assert lost_logs(tmp_path, harm, 15) == 15


@pytest.mark.soak
@pytest.mark.timeout(1800)
@soak
@pytest.mark.parametrize("harm", [_cut, _lose, _flip, _roll_back])
def test_two_hundred_harmed_logs(tmp_path: Path, harm: Callable[[Path, Path, random.Random], None]) -> None:
    found = lost_logs(tmp_path, harm, 200)
    print(f"T8 {harm.__name__}: {found} of 200 found or without effect")
    assert found == 200


def second_instances(place: Path, count: int) -> list[float]:
    before = told(place)
    took = []
    ledger = Ledger.open(place, TravellingClock())
    for _ in range(count):
        done = subprocess.run(
            [sys.executable, "-c", _SECOND, place], capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 7, done.stderr
        took.append(float(done.stdout))
    ledger.close()
    assert told(place) == before
    return took


def test_a_second_instance_is_refused_at_once(place: Path) -> None:
    assert max(second_instances(place, 3)) < 1.0


@pytest.mark.soak
@pytest.mark.timeout(1800)
@soak
def test_two_hundred_second_instances(place: Path) -> None:
    took = second_instances(place, 200)
    print(f"T9: 200 of 200 refused, at most {max(took) * 1000:.0f} ms, ledger untouched")
    assert max(took) < 1.0
