"""Putting a copy in the ledger's place: who and what stands in a row, a whole ledger is kept unless forced, kills."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.errors import LedgerBusyError, LedgerError
from agent.ledger.integrity.verify import verify
from agent.ledger.lock import lock_of
from agent.ledger.queries import Head
from agent.ledger.reader import Reader
from agent.ledger.recovery.backup import FOLDER, back_up
from agent.ledger.recovery.exchange import QUARANTINE
from agent.ledger.restore import Restoration, WholeLedgerError, restore
from agent.ledger.rows import AgentStop, Quarantined, Restored, Row, Watermark
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

DAY = "2026-03-01"
COPIED, ROWS = 4, 7


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Four rows that were copied, and three that came after."""
    directory = tmp_path / "state"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append([start(), change(1), change(2), change(3)])
    back_up(directory, DAY)
    ledger.append([change(4), change(5), AgentStop(9)])
    ledger.close()
    return directory


def rows(place: Path) -> list[Row]:
    reader = Reader.open(place)
    try:
        return [stored.row for stored in reader.everything()]
    finally:
        reader.close()


def head(place: Path) -> Head:
    reader = Reader.open(place)
    try:
        seq = reader.last_seq()
        return Head(seq, reader.hash_of(seq) or b"")
    finally:
        reader.close()


def put_back(place: Path, *, force: bool = False) -> Restoration:
    return restore(place, place / FOLDER / DAY, TravellingClock(), "lan (sansang)", force=force)


def files(place: Path) -> dict[str, bytes]:
    """Without what SQLite makes beside a file that is only read."""
    return {name: (place / name).read_bytes() for name in ("ledger.db", "heartbeat") if (place / name).exists()}


def test_over_a_whole_ledger_it_is_refused_and_nothing_is_changed(place: Path) -> None:
    before = files(place)
    with pytest.raises(WholeLedgerError, match="is whole, its newest row is 7"):
        put_back(place)
    assert files(place) == before
    assert not (place / QUARANTINE).exists()


def test_forced_it_says_who_did_it_and_which_head_it_replaced(place: Path) -> None:
    old, clock = head(place), TravellingClock()

    done = put_back(place, force=True)

    row = rows(place)[-1]
    assert isinstance(row, Restored)
    assert row == Restored(
        recorded_wall_ms=clock.wall_ms(),
        boot_id=clock.boot_id(),
        boot_ms=clock.boottime_ms(),
        synchronised=True,
        who="lan (sansang)",
        copy=DAY,
        folder=done.aside.name,
        head_seq=ROWS,
        head_hash=old.hash.hex(),
        forced=True,
    )
    assert (done.rows, done.replaced, done.forced) == (COPIED + 2, old, True)  # and the end of the run that was copied
    assert isinstance(rows(place)[-2], Watermark)
    assert (verify(place).ok, verify(done.aside).ok, head(done.aside)) == (True, True, old)
    assert not list(place.glob(".rest*"))


def test_where_the_clock_may_not_be_read_the_row_does_not_vouch_for_it(place: Path) -> None:
    clock = TravellingClock(is_readable=False)

    restore(place, place / FOLDER / DAY, clock, "lan (sansang)", force=True)

    row = rows(place)[-1]
    assert isinstance(row, Restored)
    assert row.synchronised is False


def test_over_a_damaged_ledger_it_needs_no_force_and_says_so(place: Path) -> None:
    body = bytearray((place / "ledger.db").read_bytes())
    body[body.index(b'"state":1')] ^= 1
    (place / "ledger.db").write_bytes(body)

    done = put_back(place, force=True)

    row = rows(place)[-1]
    assert isinstance(row, Restored)
    assert (row.forced, row.head_seq, done.forced) == (False, ROWS, False)


def test_into_an_empty_place(place: Path) -> None:
    for name in ("ledger.db", "heartbeat"):
        (place / name).unlink()

    put_back(place)

    row = rows(place)[-1]
    assert isinstance(row, Restored)
    assert (row.head_seq, row.head_hash, row.forced, verify(place).ok) == (0, "", False, True)


@pytest.mark.parametrize("gone", ["ledger.db", "heartbeat"])
def test_with_one_of_the_two_files(place: Path, gone: str) -> None:
    """The heartbeat tells what is missing; without it the rows do."""
    (place / gone).unlink()
    put_back(place)
    row = rows(place)[-1]
    assert isinstance(row, Restored)
    assert (row.head_seq, verify(place).ok) == (ROWS, True)


def test_garbage_is_not_whole(place: Path) -> None:
    (place / "ledger.db").write_bytes(b"garbage" * 1000)
    assert put_back(place).forced is False
    assert verify(place).ok


def test_a_bad_copy_or_a_running_agent_changes_nothing(place: Path) -> None:
    before = files(place)
    with lock_of(place), pytest.raises(LedgerBusyError):
        put_back(place, force=True)
    (place / FOLDER / DAY / "heartbeat").unlink()
    with pytest.raises(LedgerError, match="is not a good copy"):
        put_back(place, force=True)
    assert files(place) == before


def test_a_ledger_that_is_gone_with_its_heartbeat_is_missed_by_what_is_left(place: Path) -> None:
    for name in ("ledger.db", "heartbeat"):
        (place / name).unlink()

    ledger, found = Ledger.open_to_run(place, TravellingClock())
    ledger.close()

    assert isinstance(found, tuple)
    assert [(one.restored, "and so is its heartbeat" in one.why) for one in found] == [(DAY, True)]
    assert len(rows(place)) == COPIED + 1


def test_without_a_copy_it_begins_anew_and_that_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "installation").touch()
    ledger, found = Ledger.open_to_run(tmp_path, TravellingClock())
    ledger.close()
    assert isinstance(found, tuple)
    assert [(one.restored, "installation is of a ledger here" in one.why) for one in found] == [("", True)]


_KILLED = """
import os, signal, sys
from pathlib import Path
from agent.ledger.restore import restore
from tests.clock import TravellingClock

left = int(sys.argv[2])
STEPS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree")

def step(event, arguments):
    global left
    if event in STEPS:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

place = Path(sys.argv[1])
sys.addaudithook(step)
restore(place, place / "backups/2026-03-01", TravellingClock(), "lan", force=True)
"""


def killed_at(place: Path, step: int) -> bool:
    """Before its step-th change of names on the disk; False if it had fewer."""
    done = subprocess.run([sys.executable, "-c", _KILLED, place, str(step)], capture_output=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def test_a_kill_at_any_step_leaves_one_of_the_two_ledgers_and_the_row(place: Path, tmp_path: Path) -> None:
    old, step, outcomes = rows(place), 0, []
    there = files(place)
    while True:
        again = tmp_path / f"state-{step}"
        shutil.copytree(place, again)
        killed = killed_at(again, step)
        ledger, found = Ledger.open_to_run(again, TravellingClock())
        ledger.close()
        now = rows(again)
        assert (found, verify(again).ok, list(again.glob(".restored"))) == ((), True, [])
        if now == old:
            assert files(again).keys() == there.keys()
            outcomes.append("old")
        else:
            assert isinstance(now[-1], Restored)
            assert (now[:COPIED], now[-1].head_seq) == (old[:COPIED], ROWS)
            (aside,) = (again / QUARANTINE).glob("*/ledger.db")
            assert rows(aside.parent) == old
            outcomes.append("restored")
        if not killed:
            break
        step += 1
    assert outcomes == sorted(outcomes)  # from some step on it is the restored one
    assert len(set(outcomes)) == 2
    assert step >= 8


def test_a_start_that_finds_damage_is_ended_by_the_next_one_wherever_it_was_killed(place: Path, tmp_path: Path) -> None:
    (place / "ledger.db").write_bytes(b"garbage" * 1000)
    code = _KILLED.replace(
        'restore(place, place / "backups/2026-03-01", TravellingClock(), "lan", force=True)',
        "from agent.ledger.store import Ledger\nLedger.open_to_run(place, TravellingClock())[0].close()",
    )
    assert code != _KILLED
    for step in range(40):
        again = tmp_path / f"state-{step}"
        shutil.copytree(place, again)
        done = subprocess.run([sys.executable, "-c", code, again, str(step)], capture_output=True, check=False)
        ledger, found = Ledger.open_to_run(again, TravellingClock())
        assert isinstance(found, tuple)
        ledger.append([Quarantined(1, one.why, one.where.name, one.restored) for one in found])
        ledger.close()
        assert verify(again).ok
        assert rows(again)[:COPIED] == rows(place / FOLDER / DAY)
        assert {one.restored for one in found} == {DAY}
        assert b"garbage" * 1000 in [file.read_bytes() for file in (again / QUARANTINE).glob("*/ledger.db")]
        if done.returncode == 0:
            break
    else:
        pytest.fail("it never came to its end")
