"""A head noted elsewhere: read in the forms in which people copy it, and found again in the ledger, or not."""

from __future__ import annotations

import shutil
from pathlib import Path

import apsw
import pytest

from agent.errors import SansangError
from agent.ledger import heartbeat
from agent.ledger.codec import GENESIS
from agent.ledger.integrity.noted_head import HeadVerdict, NotedHead, find_head, parse_noted_head
from agent.ledger.integrity.verify import verify
from agent.ledger.queries import Head
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentStop
from agent.ledger.store import Ledger
from agent.model import Reason, State
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize(
    "text",
    [
        f"4711:{HASH}",
        f"4711:{HASH.upper()}",
        f" 4711 : {HASH} ",
        f"4711@{HASH}",
        f"4711 {HASH}",
        f"4711,{HASH}",
        "4711: 9f86d081 884c7d65 9a2feaa0 c55ad015\na3bf4f1b 2b0b822c d15d6c15 b0f00a08",
        f"seq=4711 hash={HASH}",
        f"2026-11-30T00:00:00Z [info] ledger_head hash={HASH} seq=4711",
        f'{{"event": "ledger_head", "hash": "{HASH}", "seq": 4711}}',
        f'sansang_ledger_daily_head_info{{hash="{HASH}",seq="4711"}} 1',
        f'"last_seq": 4711,\n "head": "{HASH}"',
    ],
)
def test_a_head_is_read_as_people_copy_it(text: str) -> None:
    assert parse_noted_head(text) == NotedHead(4711, HASH)


@pytest.mark.parametrize("cut", ["", "…", "...", " …"])
def test_a_head_cut_short_is_read_with_what_is_left_of_it(cut: str) -> None:
    assert parse_noted_head(f"4711:{HASH[:16]}{cut}") == NotedHead(4711, HASH[:16])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no head"),
        ("4711", "is no head"),
        (HASH, "is no head"),
        (f"4711:{HASH[:15]}", "gives 15 digits"),
        (f"4711:{HASH}0", "gives 65 digits"),
        (f"-1:{HASH}x", "is no head"),
        ("4711:không phải", "is no head"),
        (f"{'9' * 40}:{HASH}", "is no head"),
        ("\udcff:\0", "is no head"),
    ],
)
def test_what_is_no_head_is_refused_with_what_would_be_right(text: str, words: str) -> None:
    with pytest.raises(SansangError, match=words) as refused:
        parse_noted_head(text)
    assert str(refused.value).isprintable()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    directory = tmp_path / "state"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append([start(), *(change(at) for at in range(9))])
    ledger.close()
    return directory


def head_of(place: Path) -> Head:
    reader = Reader.open(place)
    last = reader.last_seq()
    found = reader.hash_of(last)
    reader.close()
    assert found is not None
    return Head(last, found)


def looked_for(place: Path, head: Head) -> tuple[HeadVerdict, int]:
    reader = Reader.open(place)
    try:
        found = find_head(NotedHead(head.seq, head.hash.hex()), reader.hash_of, verify(place))
        return found.verdict, found.row
    finally:
        reader.close()


def grown(place: Path, *states: State) -> None:
    ledger = Ledger.open(place, TravellingClock())
    ledger.append([*(change(20 + at, state, Reason.OK) for at, state in enumerate(states)), AgentStop(40)])
    ledger.close()


def test_a_ledger_that_went_on_contains_what_was_noted_before(place: Path) -> None:
    then = head_of(place)
    grown(place, State.UP, State.DOWN)

    assert looked_for(place, then) == (HeadVerdict.CONTAINED, then.seq)
    assert looked_for(place, Head(0, GENESIS)) == (HeadVerdict.CONTAINED, 0)


def test_a_ledger_rolled_back_with_its_heartbeat_is_shown_by_the_head_noted_elsewhere(
    place: Path, tmp_path: Path
) -> None:
    shutil.copytree(place, tmp_path / "old")
    grown(place, State.DOWN)
    then = head_of(place)
    shutil.rmtree(place)
    shutil.copytree(tmp_path / "old", place)

    assert verify(place).ok, "nothing inside can show it"
    assert looked_for(place, then) == (HeadVerdict.CUT, head_of(tmp_path / "old").seq)
    grown(place, State.UP, State.UP, State.UP)
    assert verify(place).ok
    assert looked_for(place, then) == (HeadVerdict.REWRITTEN, then.seq)


def test_what_lies_before_a_broken_row_is_proved_and_what_lies_behind_is_not(place: Path) -> None:
    early = Head(4, reader_hash(place, 4))
    late = head_of(place)
    db = apsw.Connection(str(place / "ledger.db"))
    for (name,) in list(db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
        db.execute(f"DROP TRIGGER {name}")
    db.execute("UPDATE rows SET body = replace(body, '\"state\":1', '\"state\":0') WHERE seq = 6")
    db.close()

    assert looked_for(place, early) == (HeadVerdict.CONTAINED, 4)
    assert looked_for(place, late) == (HeadVerdict.BROKEN, 6)


def reader_hash(place: Path, seq: int) -> bytes:
    reader = Reader.open(place)
    found = reader.hash_of(seq)
    reader.close()
    assert found is not None
    return found


def test_a_rebuilt_chain_with_a_rebuilt_heartbeat_is_shown(place: Path, tmp_path: Path) -> None:
    """Who owns the machine writes all of it anew, with other states: whole inside, and not what was noted."""
    then = head_of(place)
    shutil.rmtree(place)
    ledger = Ledger.open(place, TravellingClock())
    ledger.append([start(), *(change(at, State.DOWN, Reason.TIMEOUT) for at in range(12))])
    ledger.close()

    assert verify(place).ok
    assert heartbeat.read(place / "heartbeat") is not None
    assert looked_for(place, then) == (HeadVerdict.REWRITTEN, then.seq)
