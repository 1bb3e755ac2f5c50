"""The one writer: durable appends, faults of the disk, a second agent, the heartbeat beside it."""

from __future__ import annotations

import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import apsw
import pytest

from agent.errors import LedgerError
from agent.ledger import heartbeat
from agent.ledger.codec import GENESIS, encode
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.integrity.verify import verify
from agent.ledger.queries import Head, StoredRow
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentStop, Content, Row, Watermark
from agent.ledger.schema import LOG_BYTES, VERSION, refuse_old_sqlite
from agent.ledger.store import Ledger, _UncertainCommit
from tests.agent.ledger.rows import change, content, start
from tests.clock import TravellingClock


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def ledger(place: Path) -> Iterator[Ledger]:
    opened = Ledger.open(place, TravellingClock())
    yield opened
    opened.close()


def test_a_new_ledger_is_empty_and_private(place: Path, ledger: Ledger) -> None:
    assert ledger.head() == Head(0, GENESIS)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    ledger.append([start()])
    assert {stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()} == {0o600}


def test_append_returns_the_head_and_rows_come_back(ledger: Ledger) -> None:
    rows: list[Row] = [start(), change(1), content(b"units: []"), change(2, target="xa-b/room")]
    head = ledger.append(rows)
    assert head == ledger.head()
    assert head.seq == 4
    stored = ledger.everything()
    assert [one.row for one in stored] == rows
    assert [one.run for one in stored] == [1, 1, 1, 1]
    assert ledger.append([]) == head


def test_reopened_it_goes_on_where_it_was(place: Path, ledger: Ledger) -> None:
    first = ledger.append([start(), change(1), AgentStop(5)])
    ledger.close()
    again = Ledger.open(place, TravellingClock())
    assert again.head() == first
    again.append([start(10), change(11)])
    assert [one.run for one in again.everything()] == [1, 1, 1, 4, 4]
    again.close()
    assert verify(place).ok


def test_a_killed_run_leaves_its_last_heartbeat_as_a_row(place: Path) -> None:
    clock = TravellingClock()
    ledger = Ledger.open(place, clock)
    ledger.append([start(clock.boottime_ms())])
    clock.advance(10)
    ledger.beat()
    last = clock.boottime_ms()
    ledger.close()  # as a kill leaves it: no AgentStop
    clock.advance(300)
    for _ in range(2):  # killed once more before it said that it started
        again = Ledger.open(place, clock)
        assert again.everything()[1:] == [StoredRow(2, 1, Watermark(last))]
        again.close()
        clock.advance(10)
    again = Ledger.open(place, clock)
    again.append([start(clock.boottime_ms()), AgentStop(clock.boottime_ms())])
    again.close()
    clock.reboot(60)
    again = Ledger.open(place, clock)
    assert again.head().seq == 4
    again.close()


def test_the_same_content_is_kept_once(place: Path, ledger: Ledger) -> None:
    ledger.append([content(b"same"), content(b"same"), content(b"other")])
    assert len(ledger.only(Content)) == 3
    ledger.close()
    db = apsw.Connection(str(place / "ledger.db"))
    assert db.execute("SELECT count(*) FROM contents").get == 2
    db.close()


def test_a_refused_row_writes_nothing(ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        ledger.append([change(1), change(1 << 63)])
    assert ledger.head().seq == 0
    assert ledger.append([change(1)]).seq == 1


def test_rows_can_be_neither_updated_nor_deleted(place: Path, ledger: Ledger) -> None:
    ledger.append([start(), content(b"x")])
    ledger.close()
    db = apsw.Connection(str(place / "ledger.db"))
    for order in ("UPDATE rows SET body = ''", "DELETE FROM rows", "UPDATE contents SET body = x'00'"):
        with pytest.raises(apsw.ConstraintError, match="append-only"):
            db.execute(order)
    db.close()


def test_a_commit_is_durable_by_its_settings(ledger: Ledger) -> None:
    db = ledger._db
    assert db is not None
    assert (db.pragma("journal_mode"), db.pragma("synchronous"), db.pragma("mmap_size")) == ("wal", 2, 0)


def test_a_second_agent_is_refused_and_harms_nothing(place: Path, ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="another agent"):
        Ledger.open(place, TravellingClock())
    code = (
        "import sys; from pathlib import Path; from agent.clock import SystemClock; "
        "from agent.errors import LedgerError; from agent.ledger.store import Ledger\n"
        "try: Ledger.open(Path(sys.argv[1]), SystemClock())\n"
        "except LedgerError: sys.exit(7)"
    )
    assert subprocess.run([sys.executable, "-c", code, place], check=False, timeout=30).returncode == 7
    ledger.append([change(1)])
    assert verify(place).ok


def test_a_reader_reads_beside_the_writer(place: Path, ledger: Ledger) -> None:
    ledger.append([start()])
    reader = Reader.open(place)
    ledger.append([change(1)])
    assert len(reader.everything()) == 2
    reader.close()


def test_a_closed_ledger_says_so(ledger: Ledger) -> None:
    ledger.close()
    ledger.close()
    with pytest.raises(LedgerError, match="closed"):
        ledger.append([change(1)])


def test_a_full_file_is_an_error_and_passes(ledger: Ledger) -> None:
    ledger.append([start()])
    db = ledger._db
    assert db is not None
    db.pragma("max_page_count", db.pragma("page_count"))
    bulk = [change(at) for at in range(2_000)]
    with pytest.raises(LedgerError, match="cannot be written"):
        ledger.append(bulk)
    assert ledger.head().seq == 1
    assert ledger.append(bulk).seq == 2_001  # opened anew, without the limit


_SMALL_DISK = """
import resource, signal, sys
from pathlib import Path
from agent.errors import LedgerError
from agent.ledger.store import Ledger
from agent.ledger.integrity.verify import verify
from tests.agent.ledger.rows import change
from tests.clock import TravellingClock

place = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = Ledger.open(place, TravellingClock())
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
kept = refused = 0
for at in range(400):
    try:
        ledger.append([change(at * 10 + n) for n in range(10)])
        kept += 10
    except LedgerError:
        refused += 1
    if refused == 3:
        break
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
head = ledger.append([change(1_000_000)])
ledger.close()
print(refused, head.seq - kept, verify(place).ok)
"""


def test_writes_that_fail_in_the_kernel_lose_nothing_and_pass(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SMALL_DISK, place], capture_output=True, text=True, check=False, timeout=50
    )
    assert done.stdout.split() == ["3", "1", "True"], done.stderr


def test_a_commit_in_doubt_is_not_written_twice(ledger: Ledger) -> None:
    """The commit lands, but its answer and the look afterwards fail: the engine appends the same rows again."""
    rows: list[Row] = [start(), change(1)]
    landed = ledger.append(rows)
    ledger._drop()
    ledger._head = Head(0, GENESIS)
    ledger._doubt = _UncertainCommit(landed, tuple(encode(row) for row in rows))
    restamped = replace(change(1), committed_at_ms=9_999)
    assert ledger.append([start(), restamped, change(2)]).seq == 3
    assert [one.row for one in ledger.everything()] == [*rows, change(2)]


def test_a_newer_schema_is_refused_untouched(place: Path, ledger: Ledger) -> None:
    ledger.close()
    db = apsw.Connection(str(place / "ledger.db"))
    db.execute("CREATE TABLE of_the_next_version(a ANY) STRICT")
    db.pragma("user_version", VERSION + 1)
    db.close()
    with pytest.raises(LedgerError, match="newer version"):
        Ledger.open(place, TravellingClock())
    with pytest.raises(LedgerError, match=f"schema {VERSION + 1}"):
        Reader.open(place)


def test_a_foreign_file_is_refused_untouched(place: Path) -> None:
    place.mkdir()
    file = place / "ledger.db"
    file.write_bytes(b"not a database, but somebody's file" * 100)
    before = file.read_bytes()
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(place, TravellingClock())
    assert file.read_bytes() == before
    file.unlink()
    db = apsw.Connection(str(file))
    db.execute("CREATE TABLE theirs(x)")
    db.close()
    with pytest.raises(LedgerError, match="not a ledger"):
        Ledger.open(place, TravellingClock())


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2"])
def test_an_sqlite_with_the_wal_race_is_refused(version: str) -> None:
    with pytest.raises(LedgerError, match=r"3\.51\.3"):
        refuse_old_sqlite(version)
    refuse_old_sqlite("3.51.3")
    refuse_old_sqlite("3.60")


def test_the_heartbeat_follows_each_commit(place: Path, ledger: Ledger) -> None:
    head = ledger.append([start()])
    newest = heartbeat.read(place / "heartbeat")
    assert newest == Heartbeat("boot-1", 1_000_000, TravellingClock().wall_ms(), head.seq, head.hash)
    assert ledger.anchored_seq == 1


def test_a_heartbeat_that_cannot_be_written_is_no_lost_row(place: Path, ledger: Ledger) -> None:
    file = place / "heartbeat"
    file.unlink()
    file.symlink_to(place / "nowhere" / "heartbeat")
    assert ledger.append([start()]).seq == 1
    assert ledger.anchored_seq == 0
    file.unlink()
    assert ledger.beat()
    assert ledger.anchored_seq == 1


def test_a_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(tmp_path / "file" / "state", TravellingClock())


def test_no_descriptor_is_left_open(place: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    ledger = Ledger.open(place, TravellingClock())
    ledger.append([start()])
    ledger.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_rows_and_heartbeats_are_written_when_no_descriptor_is_left(place: Path, ledger: Ledger) -> None:
    ledger.append([start()])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1, hard))
    try:
        heads = [ledger.append([change(at)]) for at in range(3)]
        beaten = ledger.beat()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    newest = heartbeat.read(place / "heartbeat")
    assert beaten
    assert newest is not None
    assert newest.hash == heads[-1].hash


def test_the_log_gives_its_room_back_after_a_big_commit(place: Path, ledger: Ledger) -> None:
    log = place / "ledger.db-wal"
    ledger.append([start(), content(Random(1).randbytes(3 * LOG_BYTES))])
    grown = log.stat().st_size
    ledger.append([change(1)])

    assert (grown > 3 * LOG_BYTES, log.stat().st_size <= LOG_BYTES) == (True, True)
