"""Every way to tamper with a ledger is found: by the chain inside, or by the heartbeat outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest

from agent.errors import LedgerError
from agent.ledger import reader
from agent.ledger.integrity.verify import verify
from agent.ledger.queries import Head
from agent.ledger.rows import AgentStop
from agent.ledger.store import Ledger
from agent.model import Reason, State
from tests.agent.ledger.rows import change, content, start
from tests.clock import TravellingClock


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A ledger of 12 rows, closed."""
    directory = tmp_path / "state"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append([start(), content(b"units: []")])
    ledger.append([change(at, State.DOWN, Reason.TIMEOUT) for at in range(5)])
    ledger.append([change(at) for at in range(5, 10)])
    ledger.close()
    return directory


@contextmanager
def tampering(place: Path) -> Iterator[apsw.Connection]:
    """The file in the hands of somebody who knows SQL: the triggers are no obstacle."""
    db = apsw.Connection(str(place / "ledger.db"))
    for (name,) in list(db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
        db.execute(f"DROP TRIGGER {name}")
    yield db
    db.close()


def assert_found(place: Path, seq: int | None, words: str) -> None:
    found = verify(place)
    assert not found.ok
    assert found.first_bad_seq == seq
    assert words in found.message


def test_an_untouched_ledger_is_whole(place: Path) -> None:
    found = verify(place)
    assert (found.ok, found.rows, found.first_bad_seq, found.message) == (True, 12, None, "12 rows, all as written")


@pytest.mark.parametrize(
    "edit",
    [
        "body = replace(body, '\"state\":0', '\"state\":1')",
        "body = body || ' '",
        "target = 'xa-b/room'",
        "at_ms = at_ms + 1",
        "kind = 'soft_failure'",
        "run = 0",
        "hash = zeroblob(32)",
    ],
)
def test_an_edited_row(place: Path, edit: str) -> None:
    with tampering(place) as db:
        db.execute(f"UPDATE rows SET {edit} WHERE seq = 5")  # noqa: S608 - our own words
    assert_found(place, 5, "does not fit its hash")


def test_a_deleted_row(place: Path) -> None:
    with tampering(place) as db:
        db.execute("DELETE FROM rows WHERE seq = 5")
    assert_found(place, 5, "missing")


def test_a_deleted_row_with_the_rest_moved_up(place: Path) -> None:
    with tampering(place) as db:
        db.execute("DELETE FROM rows WHERE seq = 5")
        db.execute("UPDATE rows SET seq = seq - 1 WHERE seq > 5")
    assert_found(place, 5, "does not fit its hash")


def test_an_inserted_row(place: Path) -> None:
    """A copy of row 5 put in after it, the rest moved down."""
    with tampering(place) as db:
        db.execute("UPDATE rows SET seq = seq + 100 WHERE seq > 5")
        db.execute("UPDATE rows SET seq = seq - 99 WHERE seq > 100")
        db.execute("INSERT INTO rows SELECT 6, run, kind, target, at_ms, body, hash FROM rows WHERE seq = 5")
    assert_found(place, 6, "does not fit its hash")


def test_two_swapped_rows(place: Path) -> None:
    with tampering(place) as db:
        db.execute("UPDATE rows SET seq = 99 WHERE seq = 4")
        db.execute("UPDATE rows SET seq = 4 WHERE seq = 5")
        db.execute("UPDATE rows SET seq = 5 WHERE seq = 99")
    assert_found(place, 4, "does not fit its hash")


def test_a_cut_end_is_seen_by_the_heartbeat(place: Path) -> None:
    with tampering(place) as db:
        db.execute("DELETE FROM rows WHERE seq > 10")
    assert_found(place, None, "cut or rolled back")
    with pytest.raises(LedgerError, match="cut or rolled back"):
        Ledger.open(place, TravellingClock())


def test_a_chain_built_anew_is_seen_by_the_heartbeat(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    forged = Ledger.open(other, TravellingClock())
    forged.append([change(at) for at in range(12)])
    forged.close()
    shutil.copy(other / "ledger.db", place / "ledger.db")
    assert_found(place, None, "rewritten")


def test_an_old_copy_put_back(place: Path, tmp_path: Path) -> None:
    shutil.copy(place / "ledger.db", tmp_path / "old.db")
    ledger = Ledger.open(place, TravellingClock())
    ledger.append([change(100)])
    ledger.close()
    shutil.copy(tmp_path / "old.db", place / "ledger.db")
    assert_found(place, None, "cut or rolled back")


def test_a_lost_write_ahead_log(tmp_path: Path) -> None:
    """Commits that were not yet carried into the main file vanish with the -wal file; SQLite itself says nothing."""
    directory, copy = tmp_path / "state", tmp_path / "copy"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append([start(), change(1)])
    copy.mkdir()
    for name in ("ledger.db", "heartbeat"):
        shutil.copy(directory / name, copy / name)
    ledger.close()
    with pytest.raises(LedgerError):
        Ledger.open(copy, TravellingClock())


@pytest.mark.parametrize("change_bytes", ["UPDATE contents SET body = x'00'", "DELETE FROM contents"])
def test_a_changed_content(place: Path, change_bytes: str) -> None:
    with tampering(place) as db:
        db.execute(change_bytes)
    assert_found(place, None, "content")


def test_a_missing_heartbeat_is_no_proof(place: Path) -> None:
    (place / "heartbeat").unlink()
    assert_found(place, None, "cut end would not show")


def test_a_missing_file_is_not_replaced_by_an_empty_one(place: Path) -> None:
    (place / "ledger.db").unlink()
    with pytest.raises(LedgerError, match="missing"):
        Ledger.open(place, TravellingClock())
    with pytest.raises(LedgerError, match="no ledger"):
        verify(place)
    assert not (place / "ledger.db").exists()


def test_opening_checks_the_newest_rows_and_changes_nothing(place: Path) -> None:
    with tampering(place) as db:
        db.execute("UPDATE rows SET body = body || ' ' WHERE seq = 11")
    before = (place / "ledger.db").read_bytes()
    with pytest.raises(LedgerError, match="damaged at row 11"):
        Ledger.open(place, TravellingClock())
    assert (place / "ledger.db").read_bytes() == before


def test_opening_a_long_ledger_checks_its_tail_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_TAIL_ROWS", 1_000)
    directory = tmp_path / "long"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append([start(), *(change(at) for at in range(2_499)), AgentStop(9_000)])
    ledger.close()
    with tampering(directory) as db:
        db.execute("UPDATE rows SET body = body || ' ' WHERE seq = 100")
    again = Ledger.open(directory, TravellingClock())
    assert again.head().seq == 2_501
    again.close()
    assert_found(directory, 100, "does not fit its hash")


def test_a_ledger_in_use_can_be_verified(place: Path) -> None:
    ledger = Ledger.open(place, TravellingClock())
    head = ledger.append([change(100)])
    assert verify(place).ok
    assert isinstance(head, Head)
    ledger.close()


def test_every_flipped_byte_of_the_rows_is_found_or_harmless(place: Path) -> None:
    """Either verify says no, or every row is still read as it was written."""
    file = place / "ledger.db"
    whole = file.read_bytes()
    expected = _rows(place)
    missed = []
    for offset in range(100, len(whole), len(whole) // 150):
        file.write_bytes(whole[:offset] + bytes([whole[offset] ^ 0x41]) + whole[offset + 1 :])
        try:
            if verify(place).ok and _rows(place) != expected:
                missed.append(offset)
        except LedgerError:
            continue
    assert missed == []


def _rows(place: Path) -> list[object]:
    db = apsw.Connection(str(place / "ledger.db"))
    try:
        return list(db.execute("SELECT seq, run, kind, target, at_ms, body, hash FROM rows ORDER BY seq"))
    finally:
        db.close()
