"""T56: every released schema opens, migrates in one transaction, and a newer one is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from agent.errors import LedgerError
from agent.ledger import schema
from agent.ledger.codec import KINDS, NAME_OF
from agent.ledger.export import lines
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.recovery.backup import FOLDER, back_up, last_good, put_back
from agent.ledger.rows import AgentStop
from agent.ledger.store import Ledger
from tests.clock import TravellingClock

STAY = "CREATE TRIGGER rows_stay BEFORE UPDATE ON rows BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
CHECKER = Path(__file__).parents[3] / "docs" / "check_ledger.py"
RELEASED = sorted((Path(__file__).parent / "fixtures").glob("schema-*"))
LATER_KINDS = {
    "restored", "observer_alias", "new_installation", "heartbeat_refused",
    "component_change", "components_used", "device_seen", "measured_sums", "score_issued",
}  # fmt: skip
FIRST_KINDS = set(KINDS) - LATER_KINDS  # what the first schema had


@pytest.fixture(params=RELEASED, ids=lambda path: path.name)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    directory = tmp_path / "state"
    shutil.copytree(request.param, directory)
    return directory


def version(place: Path) -> int:
    db = apsw.Connection(str(place / "ledger.db"))
    try:
        return int(str(db.pragma("user_version")))
    finally:
        db.close()


def test_a_ledger_of_a_released_version_goes_on_with_every_row_kind(place: Path) -> None:
    ledger = Ledger.open(place, TravellingClock())
    kinds = {NAME_OF[type(stored.row)] for stored in ledger.everything()}
    head = ledger.append([AgentStop(99)])
    ledger.close()

    assert (version(place), verify(place).ok, verify(place).rows) == (schema.VERSION, True, head.seq)
    assert FIRST_KINDS <= kinds <= set(KINDS)


def test_a_migration_is_whole_or_not_at_all(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, newest = version(place), schema.VERSION
    monkeypatch.setattr(schema, "VERSION", newest + 1)
    monkeypatch.setitem(schema.MIGRATIONS, newest, "CREATE TABLE extra(a) STRICT; SELECT no_such_function()")
    with pytest.raises(LedgerError):
        Ledger.open(place, TravellingClock())
    assert version(place) == found

    monkeypatch.setitem(schema.MIGRATIONS, newest, "CREATE TABLE extra(a INTEGER) STRICT")
    Ledger.open(place, TravellingClock()).close()
    assert (version(place), verify(place).ok) == (newest + 1, True)

    monkeypatch.setattr(schema, "VERSION", newest)
    with pytest.raises(LedgerError, match="newer version"):
        Ledger.open_to_run(place, TravellingClock())
    with pytest.raises(LedgerError, match="has schema"):
        Reader.open(place)
    assert not (place / "quarantine").exists()


def test_its_export_is_what_a_third_party_can_check(place: Path, tmp_path: Path) -> None:
    """Contents in full, however they are kept: before and after the migration the same lines."""
    told = [exported(place)]
    Ledger.open(place, TravellingClock()).close()
    told.append(exported(place))
    file = tmp_path / "export.jsonl"
    file.write_text("".join(f"{line}\n" for line in told[0]), "ascii")
    done = subprocess.run([sys.executable, CHECKER, file], capture_output=True, text=True, timeout=20, check=False)

    assert (done.returncode, done.stdout.split()[0]) == (0, str(len(told[0]))), done.stderr
    assert told[1][: len(told[0])] == told[0]


def exported(place: Path) -> list[str]:
    reader = Reader.open(place)
    try:
        return list(lines(reader))
    finally:
        reader.close()


def contents(place: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in place.iterdir() if file.is_file()}


def test_an_older_copy_is_verified_read_and_put_back_as_it_is(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger.open(place, TravellingClock()).close()
    copy = back_up(place, "2026-10-01").place
    rows, before = verify(copy).rows, contents(copy)
    found = version(copy)
    monkeypatch.setattr(schema, "VERSION", found + 1)
    monkeypatch.setitem(schema.MIGRATIONS, found, "CREATE TABLE extra(a INTEGER) STRICT")

    reader = Reader.open(copy)
    kinds = {NAME_OF[type(stored.row)] for stored in reader.everything()}
    reader.close()

    assert (verify(copy).ok, verify(copy).rows, kinds >= FIRST_KINDS) == (True, rows, True)
    assert (contents(copy), version(copy)) == (before, found), "it was read and nothing else"
    assert last_good(place / FOLDER) == copy
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    put_back(copy, fresh)
    Ledger.open(fresh, TravellingClock()).close()
    assert (version(fresh), verify(fresh).ok) == (found + 1, True)


def test_a_spoilt_older_copy_does_not_verify(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger.open(place, TravellingClock()).close()
    copy = back_up(place, "2026-10-01").place
    db = apsw.Connection(str(copy / "ledger.db"))
    db.execute("DROP TRIGGER rows_stay; UPDATE rows SET body = replace(body, 'timeout', 'refused')")
    db.execute(STAY)
    db.close()
    monkeypatch.setitem(schema.MIGRATIONS, version(copy), "CREATE TABLE extra(a INTEGER) STRICT")
    monkeypatch.setattr(schema, "VERSION", version(copy) + 1)

    assert not verify(copy).ok
    assert last_good(place / FOLDER) is None


def test_a_header_that_lies_about_its_schema_is_no_older_copy(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = schema.VERSION
    monkeypatch.setitem(schema.MIGRATIONS, found, "CREATE TABLE extra(a INTEGER) STRICT")
    monkeypatch.setattr(schema, "VERSION", found + 1)
    Ledger.open(place, TravellingClock()).close()
    db = apsw.Connection(str(place / "ledger.db"))
    db.pragma("user_version", found)
    db.close()

    with pytest.raises(LedgerError, match="its header says schema"):
        Reader.open(place)
