"""Contents take little room, come back whole, and hostile ones neither pass nor fill the memory."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import LedgerDamagedError, LedgerError
from agent.ledger.contents import MOST_BYTES, Contents, Packed, difference, joined, pack, unpack
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.schema import FILE_NAME
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import content, start
from tests.clock import TravellingClock


def inventory(moved: int = 0, targets: int = 500) -> bytes:
    """Of so many targets; that many of them, all over it, at another address."""
    every = targets // moved if moved else targets + 1
    rows = [
        {
            "id": f"xa-{n}/room",
            "name": f"Xã {n * 7919 % 1000}",
            "address": f"192.0.{n // 250}.{n % 250 + (n % every == every - 1)}",
        }
        for n in range(targets)
    ]
    return json.dumps({"calendars": {}, "targets": rows}, separators=(",", ":"), sort_keys=True).encode()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path, TravellingClock())
    opened.append([start()])
    yield opened
    opened.close()


def kept(place: Path) -> list[tuple[int, str | None]]:
    db = apsw.Connection(str(place / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return sorted(db.execute("SELECT length(body), base FROM contents"), key=lambda one: -one[0])
    finally:
        db.close()


PIECES = st.lists(st.sampled_from([b"{a},", b"{b},", b"{cc},", b"},", b"x", b""]), max_size=30).map(b"".join)


@given(PIECES | st.binary(max_size=60), PIECES | st.binary(max_size=60))
def test_what_was_packed_comes_back(base: bytes, whole: bytes) -> None:
    digest = sha256(base).hexdigest()

    assert joined(difference(base, whole), base, len(whole)) == whole
    assert unpack("", pack(whole)) == whole
    packed = pack(whole, (digest, base))
    assert unpack("", packed, None if packed.base is None else base) == whole


def test_each_reload_costs_what_it_changed(tmp_path: Path, ledger: Ledger) -> None:
    bodies = [inventory(moved) for moved in (0, 1, 3, 9)]
    for body in bodies:
        ledger.append([content(body)])

    (first, base), *later = kept(tmp_path)
    assert (base, first < len(bodies[0]) / 4) == (None, True)
    assert [size < 600 for size, _ in later] == [True] * 3
    assert {base for _, base in later} == {sha256(bodies[0]).hexdigest()}
    reader = Reader.open(tmp_path)
    assert [reader.content(sha256(body).hexdigest()) for body in bodies] == bodies
    reader.close()
    assert verify(tmp_path).ok


def test_one_that_differs_in_most_is_kept_whole_and_the_next_ones_differ_from_it(
    tmp_path: Path, ledger: Ledger
) -> None:
    other = inventory(250)
    for body in (inventory(), other, other.replace(b"xa-77/", b"xa-1077/")):
        ledger.append([content(body)])

    assert [base for _, base in kept(tmp_path)][:2] == [None, None]
    assert [base for _, base in kept(tmp_path)][2] == sha256(other).hexdigest()


def test_nothing_is_built_on_a_content_that_is_not_what_was_written(tmp_path: Path, ledger: Ledger) -> None:
    ledger.append([content(inventory())])
    db = apsw.Connection(str(tmp_path / FILE_NAME))
    db.execute("DROP TRIGGER contents_stay; UPDATE contents SET body = x'00', size = NULL")
    db.close()
    ledger.append([content(inventory(1))])

    assert [base for _, base in kept(tmp_path)] == [None, None]


BOMB = zlib.compress(b"\0" * 200_000_000, 9)


@pytest.mark.parametrize(
    "packed",
    [
        Packed(BOMB, 1_000),
        Packed(BOMB, MOST_BYTES),
        Packed(BOMB, 1 << 40),
        Packed(BOMB, -1),
        Packed(BOMB, MOST_BYTES, "base"),
        Packed(zlib.compress(b"\0\0\0\0\0\0\0\4" * 8_000_000), 100, "base"),
        Packed(zlib.compress(b"\0\0\0\0\0\0\0\5"), 5, "base"),
        Packed(zlib.compress(b"\xff\xff\xff\xff\0\0\0\5abc"), 5, "base"),
        Packed(zlib.compress(b"\0\0\0\0\0\0\0\0"), 0, "base"),
        Packed(zlib.compress(b"\0\0\0"), 1, "base"),
        Packed(zlib.compress(b"abc"), 2),
        Packed(zlib.compress(b"abc"), 4),
        Packed(zlib.compress(b"abc")[:-1], 3),
        Packed(zlib.compress(b"abc") + b"x", 3),
        Packed(b"abc", 3),
    ],
)
def test_hostile_ones_are_refused_in_little_memory(packed: Packed) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(LedgerDamagedError, match="cannot be unpacked"):
            unpack("digest", packed, None if packed.base is None else b"base")
        assert tracemalloc.get_traced_memory()[1] < 3 * MOST_BYTES
    finally:
        tracemalloc.stop()


def test_a_base_that_is_a_difference_itself_or_missing_is_refused(tmp_path: Path, ledger: Ledger) -> None:
    for moved in (0, 1, 2):
        ledger.append([content(inventory(moved))])
    one, two = (sha256(inventory(moved)).hexdigest() for moved in (1, 2))
    db = apsw.Connection(str(tmp_path / FILE_NAME))
    db.execute("DROP TRIGGER contents_stay")
    for base in (two, one, "0" * 64):
        db.execute("UPDATE contents SET base = ? WHERE hash = ?", (base, one))
        with pytest.raises(LedgerError, match="that others need, is missing"):
            Contents(db).of(one)
        assert not verify(tmp_path).ok
    db.close()


def test_what_the_first_schema_kept_plain_stays_and_is_a_base(tmp_path: Path, ledger: Ledger) -> None:
    ledger.append([content(inventory())])
    db = apsw.Connection(str(tmp_path / FILE_NAME))
    db.execute("DROP TRIGGER contents_stay; UPDATE contents SET body = ?, size = NULL", (inventory(),))
    db.execute(
        "CREATE TRIGGER contents_stay BEFORE UPDATE ON contents BEGIN "
        "SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )
    db.close()
    ledger.append([content(inventory(1))])

    assert [base is None for _, base in kept(tmp_path)] == [True, False]
    assert verify(tmp_path).ok
