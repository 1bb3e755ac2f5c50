"""Copies, the drill of putting one back, and what is set aside."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.errors import LedgerBusyError, LedgerDamagedError, LedgerDiskError, LedgerError
from agent.ledger import heartbeat
from agent.ledger.export import lines
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.recovery.backup import DAILY, FOLDER, MONTHLY, back_up, copies, surplus
from agent.ledger.recovery.exchange import QUARANTINE
from agent.ledger.recovery.quarantine import NOTE_NAME, QuarantinedLedger
from agent.ledger.rows import AgentStop, Quarantined, Watermark
from agent.ledger.store import Ledger, LedgerEvents
from agent.model import Reason, State
from tests.agent.ledger.rows import change, content, start
from tests.agent.ledger.timeline import timeline
from tests.clock import TravellingClock

CHECKER = Path(__file__).parents[4] / "docs/check_ledger.py"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A ledger of 13 rows, closed."""
    directory = tmp_path / "state"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append([start(), content(b"units: []")])
    ledger.append([change(at, State.DOWN, Reason.TIMEOUT) for at in range(5)])
    ledger.append([*(change(at) for at in range(5, 10)), AgentStop(11)])
    ledger.close()
    return directory


def exported(directory: Path) -> list[str]:
    reader = Reader.open(directory)
    try:
        return list(lines(reader))
    finally:
        reader.close()


def test_a_copy_taken_while_rows_are_written_is_whole_and_of_one_instant(place: Path) -> None:
    ledger = Ledger.open(place, TravellingClock())

    def meanwhile(_done: int, _all: int) -> None:
        ledger.append([change(1)])

    copy = back_up(place, "2026-03-01", meanwhile)
    ledger.close()

    assert (copy.rows, verify(copy.place).ok) == (13, True)
    assert exported(copy.place) == exported(place)[:13]
    assert len(exported(place)) > 13


def test_a_copy_of_a_damaged_ledger_is_refused_and_the_one_before_stays(place: Path) -> None:
    back_up(place, "2026-03-01")
    _flip(place / "ledger.db", b'"state":0')
    for day in ("2026-03-01", "2026-03-02"):
        with pytest.raises(LedgerError, match="the copy is not whole"):
            back_up(place, day)

    assert copies(place / FOLDER) == ["2026-03-01"]
    assert verify(place / FOLDER / "2026-03-01").ok
    assert [path.name for path in (place / FOLDER).iterdir()] == ["2026-03-01"]


def test_seven_days_and_twelve_months_stay() -> None:
    days = [(date(2024, 1, 1) + timedelta(days=n)).isoformat() for n in range(800)]
    kept: list[str] = []
    for day in days:
        kept.append(day)
        kept = [one for one in kept if one not in surplus(kept)]

    assert kept[-DAILY:] == days[-DAILY:]
    assert len({day[:7] for day in kept}) == MONTHLY
    assert len(kept) <= DAILY + MONTHLY


def test_the_restored_ledger_says_the_same_byte_for_byte(place: Path, tmp_path: Path) -> None:
    def told(directory: Path) -> object:
        reader = Reader.open(directory)
        try:
            alive = heartbeat.read(directory / "heartbeat")
            return timeline(
                reader, "xa-a/room", "local", scopes=frozenset(), alive=alive, until_wall_ms=2_000_000
            ), list(lines(reader))
        finally:
            reader.close()

    before = told(place)
    copy = back_up(place, "2026-03-01", into=tmp_path / "elsewhere")
    shutil.rmtree(place)
    place.mkdir()
    for name in ("ledger.db", "heartbeat"):
        shutil.copy(copy.place / name, place / name)

    assert told(place) == before
    again = Ledger.open(place, TravellingClock())
    assert again.append([start(20)]).seq == 14
    again.close()


def set_aside(place: Path, clock: TravellingClock | None = None) -> tuple[Ledger, QuarantinedLedger]:
    ledger, found = Ledger.open_to_run(place, clock or TravellingClock())
    assert isinstance(found, tuple)
    (one,) = found
    return ledger, one


def test_a_damaged_ledger_is_set_aside_whole_and_its_copy_goes_on(place: Path) -> None:
    back_up(place, "2026-03-01")
    ledger = Ledger.open(place, TravellingClock())
    ledger.append([change(20), change(21)])
    ledger.close()
    _flip(place / "ledger.db", b'"state":0')
    found = {path.name: path.read_bytes() for path in place.glob("*") if path.is_file() and path.name != "ledger.lock"}

    with pytest.raises(LedgerDamagedError):
        Ledger.open(place, TravellingClock())
    ledger, done = set_aside(place)

    assert (done.restored, ledger.head().seq, "damaged at row" in done.why) == ("2026-03-01", 13, True)
    assert {path.name: path.read_bytes() for path in done.where.iterdir() if path.name != NOTE_NAME} == found
    ledger.close()
    assert verify(place).ok


def test_without_a_copy_it_begins_anew_and_the_files_are_kept(place: Path) -> None:
    (place / "ledger.db").write_bytes(b"garbage" * 1000)

    ledger, done = set_aside(place)

    assert (done.restored, ledger.head().seq) == ("", 0)
    assert (done.where / "ledger.db").read_bytes() == b"garbage" * 1000
    assert done.where.parent == place / QUARANTINE
    ledger.close()


def test_what_was_set_aside_is_told_until_a_row_tells_it(place: Path) -> None:
    back_up(place, "2026-03-01")
    _flip(place / "ledger.db", b'"state":0')
    ledger, done = set_aside(place)
    ledger.close()  # killed before it could write the row
    ledger, again = set_aside(place)
    assert again == done
    ledger.append([Quarantined(30, again.why, again.where.name, again.restored)])
    ledger.close()

    ledger, found = Ledger.open_to_run(place, TravellingClock())
    ledger.close()
    assert found == ()


def test_a_disk_that_comes_back_with_a_damaged_ledger_is_a_late_start(place: Path) -> None:
    back_up(place, "2026-03-01")
    (place / "ledger.db").rename(place / "there")
    (place / "ledger.db").mkdir()  # nothing can be opened to write
    told: list[QuarantinedLedger] = []
    ledger, trouble = Ledger.open_to_run(place, TravellingClock(), events=LedgerEvents(told.extend))
    with pytest.raises(LedgerDiskError):
        ledger.append([start(30)])
    (place / "ledger.db").rmdir()
    (place / "there").rename(place / "ledger.db")
    _flip(place / "ledger.db", b'"state":0')

    head = ledger.append([start(30)])

    assert isinstance(trouble, LedgerDiskError)
    assert [(one.restored, "damaged at row" in one.why) for one in told] == [("2026-03-01", True)]
    ledger.close()
    assert (head.seq, verify(place).ok) == (14, True)


def test_what_is_well_or_somebody_elses_is_not_set_aside(place: Path, tmp_path: Path) -> None:
    ledger, done = Ledger.open_to_run(place, TravellingClock())
    assert done == ()
    with pytest.raises(LedgerBusyError):
        Ledger.open_to_run(place, TravellingClock())
    ledger.close()
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "ledger.db").write_bytes(b"somebody's file" * 100)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open_to_run(foreign, TravellingClock())
    assert not (foreign / QUARANTINE).exists()


def test_a_run_killed_after_the_copy_ends_where_the_copy_was_taken(tmp_path: Path) -> None:
    clock, place = TravellingClock(), tmp_path / "state"
    ledger = Ledger.open(place, clock)
    ledger.append([start(clock.boottime_ms(), boot=clock.boot_id())])
    clock.advance(60)
    ledger.beat()
    at_copy = clock.boottime_ms()
    back_up(place, "2026-03-01")
    clock.advance(3_600)
    ledger.append([change(clock.boottime_ms())])
    ledger.close()
    (place / "ledger.db").unlink()

    ledger, _ = set_aside(place, clock)

    assert [stored.row for stored in ledger.only(Watermark)] == [Watermark(at_copy)]
    ledger.close()


def test_a_third_party_can_check_the_export(place: Path, tmp_path: Path) -> None:
    told = exported(place)

    def checked(given: list[str]) -> tuple[int, str]:
        file = tmp_path / "export.jsonl"
        file.write_text("".join(f"{line}\n" for line in given), "ascii")
        done = subprocess.run([sys.executable, CHECKER, file], capture_output=True, text=True, timeout=20, check=False)
        return done.returncode, done.stdout + done.stderr

    head = told[-1].rpartition('"hash": "')[2].removesuffix('"}')
    assert checked(told) == (0, f"13 rows, head {head}\n")
    swapped = [told[0], told[2], told[1], *told[3:]]
    edited = [line.replace("timeout", "refused", 1) if n == 4 else line for n, line in enumerate(told)]
    other = [line.replace('"content": "', '"content": "AAAA', 1) for line in told]
    gone = random.Random(4).randrange(3, 9)
    missing = [line for n, line in enumerate(told) if n != gone]
    assert [checked(each)[0] for each in (swapped, edited, other, missing)] == [1, 1, 1, 1]


def _flip(file: Path, text: bytes) -> None:
    body = bytearray(file.read_bytes())
    body[body.index(text)] ^= 1
    file.write_bytes(body)
