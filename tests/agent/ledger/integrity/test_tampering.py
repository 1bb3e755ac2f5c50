"""Invariant 11: deleting, editing, inserting, swapping or cutting any row makes `verify` fail; rows at random."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import apsw
import pytest

from agent.ledger.integrity.verify import verify
from agent.ledger.rows import AgentStop, SoftFailure
from agent.ledger.store import Ledger
from agent.model import Reason, State
from tests.agent.ledger.rows import change, content, start
from tests.clock import TravellingClock

ROWS = 400
COLUMNS = ("run", "kind", "target", "at_ms", "body", "hash")
soak = pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
Tamper = Callable[[apsw.Connection, Random], None]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of 400 rows of several kinds, closed, its triggers gone: in the hands of somebody who knows SQL."""
    directory = tmp_path_factory.mktemp("origin") / "state"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append([start(), content(b"units: []")])
    ledger.append([change(at, State(at % 4), Reason.TIMEOUT, f"x/{at % 7}") for at in range(ROWS - 23)])
    ledger.append([*(SoftFailure("x/1", at, 1, Reason.REFUSED) for at in range(20)), AgentStop(9_000)])
    ledger.close()
    db = apsw.Connection(str(directory / "ledger.db"))
    for (name,) in list(db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
        db.execute(f"DROP TRIGGER {name}")
    db.close()
    return directory


def _delete(db: apsw.Connection, rng: Random) -> None:
    seq = rng.randrange(1, ROWS + 1)
    db.execute("DELETE FROM rows WHERE seq = ?", (seq,))
    if rng.random() < 0.5:  # and close the gap
        _move(db, seq + 1, ROWS, -1)


def _edit(db: apsw.Connection, rng: Random) -> None:
    """Another row's value, or one that nobody wrote."""
    seq, column = rng.randrange(1, ROWS + 1), rng.choice(COLUMNS)
    ((old,),) = db.execute(f"SELECT {column} FROM rows WHERE seq = ?", (seq,))  # noqa: S608 - our own words
    others = {value for (value,) in db.execute(f"SELECT {column} FROM rows")} - {old}  # noqa: S608
    new = rng.choice([*sorted(others, key=repr)[:50], *_other(old)])
    db.execute(f"UPDATE rows SET {column} = ? WHERE seq = ?", (new, seq))  # noqa: S608


def _other(old: object) -> list[object]:
    if isinstance(old, bytes):
        return [bytes([old[0] ^ 1]) + old[1:]]
    return [old + 1] if isinstance(old, int) else [f"{old} "]


def _insert(db: apsw.Connection, rng: Random) -> None:
    """A copy of any row at any place, also after the last."""
    seq, place = rng.randrange(1, ROWS + 1), rng.randrange(1, ROWS + 2)
    columns = ", ".join(COLUMNS)
    row = next(iter(db.execute(f"SELECT {columns} FROM rows WHERE seq = ?", (seq,))))  # noqa: S608
    _move(db, place, ROWS, 1)
    db.execute(
        "INSERT INTO rows (seq, run, kind, target, at_ms, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)", (place, *row)
    )


def _swap(db: apsw.Connection, rng: Random) -> None:
    one, two = rng.sample(range(1, ROWS + 1), 2)
    for old, new in ((one, 10_000), (two, one), (10_000, two)):
        db.execute("UPDATE rows SET seq = ? WHERE seq = ?", (new, old))


def _cut(db: apsw.Connection, rng: Random) -> None:
    db.execute("DELETE FROM rows WHERE seq > ?", (rng.randrange(ROWS),))


def _move(db: apsw.Connection, first: int, last: int, by: int) -> None:
    db.execute("UPDATE rows SET seq = seq + 100000 WHERE seq BETWEEN ? AND ?", (first, last))
    db.execute("UPDATE rows SET seq = seq - 100000 + ? WHERE seq > 100000", (by,))


WAYS: tuple[Tamper, ...] = (_delete, _edit, _insert, _swap, _cut)


def tampered(origin: Path, place: Path, number: int) -> Counter[str]:
    """How often each way was tried; every one must be found."""
    rng, tried = Random(11), Counter[str]()
    for _ in range(number):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(origin, place)
        way = rng.choice(WAYS)
        db = apsw.Connection(str(place / "ledger.db"))
        with db:
            way(db, rng)
        db.close()
        assert not verify(place).ok, (way.__name__, sum(tried.values()))
        tried[way.__name__.strip("_")] += 1
    return tried


def test_control_an_untouched_copy_is_whole(origin: Path, tmp_path: Path) -> None:
    shutil.copytree(origin, tmp_path / "copy")

    assert verify(tmp_path / "copy").ok


def test_whatever_is_done_to_any_row_is_found(origin: Path, tmp_path: Path) -> None:
    assert set(tampered(origin, tmp_path / "copy", 150)) == {way.__name__.strip("_") for way in WAYS}


@pytest.mark.soak
@pytest.mark.timeout(1800)
@soak
def test_whatever_is_done_to_any_row_is_found_three_thousand_times(origin: Path, tmp_path: Path) -> None:
    tried = tampered(origin, tmp_path / "copy", 3_000)
    print(f"invariant 11: {dict(tried)}: all found")
