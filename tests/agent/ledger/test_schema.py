"""T56: every released schema opens, migrates in one transaction, and a newer one is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import apsw
import pytest

from agent.errors import LedgerError
from agent.ledger import schema
from agent.ledger.codec import KINDS, NAME_OF
from agent.ledger.reading import Reader
from agent.ledger.rows import AgentStop
from agent.ledger.store import Ledger
from agent.ledger.verify import verify
from tests.clock import TravellingClock

RELEASED = sorted((Path(__file__).parent / "fixtures").glob("schema-*"))


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
    kinds = {NAME_OF[type(stored.row)] for stored in ledger.select("seq > 0")}
    head = ledger.append([AgentStop(99)])
    ledger.close()

    assert (version(place), verify(place).ok, verify(place).rows) == (schema.VERSION, True, head.seq)
    assert kinds == set(KINDS)


def test_a_migration_is_whole_or_not_at_all(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = version(place)
    monkeypatch.setattr(schema, "VERSION", found + 1)
    monkeypatch.setitem(schema.MIGRATIONS, found, "CREATE TABLE extra(a) STRICT; SELECT no_such_function()")
    with pytest.raises(LedgerError):
        Ledger.open(place, TravellingClock())
    assert version(place) == found

    monkeypatch.setitem(schema.MIGRATIONS, found, "CREATE TABLE extra(a INTEGER) STRICT")
    Ledger.open(place, TravellingClock()).close()
    assert (version(place), verify(place).ok) == (found + 1, True)

    monkeypatch.setattr(schema, "VERSION", found)
    with pytest.raises(LedgerError, match="newer version"):
        Ledger.open_to_run(place, TravellingClock())
    with pytest.raises(LedgerError, match="has schema"):
        Reader.open(place)
    assert not (place / "quarantine").exists()
