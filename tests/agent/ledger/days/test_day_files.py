"""The yearly files of daily sums: whole or as before, whatever happens."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from agent.errors import LedgerDamagedError, LedgerDiskError, LedgerError
from agent.ledger.days import day_files
from agent.ledger.days.sums import ClosedDay
from tests.agent.ledger.days.sample import closed, month, sums

NEW_YEAR = date(2026, 1, 1)
_CHILD = """
import resource, signal, sys
from pathlib import Path
from agent.ledger.days import day_files
from tests.agent.ledger.days.sample import month
folder, most = Path(sys.argv[1]), int(sys.argv[2])
if most:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
print("go", flush=True)
for number in range(1, 13):
    try:
        day_files.add(folder, month(2026, number, 100))
    except Exception as error:
        print(type(error).__name__, flush=True)
        break
    print(number, flush=True)
"""


def year(folder: Path, number: int = 2026, target: str = "") -> list[ClosedDay]:
    return list(day_files.read(folder, number, target))


def test_what_is_added_is_read_again(tmp_path: Path) -> None:
    days = [closed(date(2026, 3, 1)), closed(date(2026, 3, 2), targets=3), closed(date(2026, 3, 3), targets=0)]
    day_files.add(tmp_path, days[1:])
    day_files.add(tmp_path, days[:1])

    assert year(tmp_path) == days
    assert year(tmp_path, target="xa-0002/uplink") == [
        replace(day, sums=tuple(one for one in day.sums if one.target == "xa-0002/uplink")) for day in days
    ]
    assert day_files.dates(tmp_path, "local") == {day.day for day in days}
    assert day_files.dates(tmp_path, "centre") == frozenset()
    assert [place.name for place in tmp_path.iterdir()] == ["days-2026.sqlite"]
    assert oct(day_files.file_of(tmp_path, 2026).stat().st_mode & 0o777) == "0o600"


def test_two_observers_may_close_the_same_day(tmp_path: Path) -> None:
    day_files.add(tmp_path, [closed(NEW_YEAR)])
    day_files.add(tmp_path, [closed(NEW_YEAR, observer="centre")])

    assert [day.observer for day in year(tmp_path)] == ["centre", "local"]


@pytest.mark.parametrize(
    "wrong",
    [
        [closed(date(2026, 1, 2)), closed(NEW_YEAR)],
        [replace(closed(date(2026, 1, 2)), sums=(replace(sums("a/b"), up_ms=5),))],
    ],
)
def test_a_day_that_is_there_or_does_not_add_up_changes_nothing(tmp_path: Path, wrong: list[ClosedDay]) -> None:
    day_files.add(tmp_path, [closed(NEW_YEAR)])
    before = day_files.file_of(tmp_path, 2026).read_bytes()

    with pytest.raises(LedgerError, match="cannot be added"):
        day_files.add(tmp_path, wrong)

    assert day_files.file_of(tmp_path, 2026).read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_years_have_files_of_their_own_and_old_ones_go(tmp_path: Path) -> None:
    for number in (2023, 2025, 2026, 2027):
        day_files.add(tmp_path, [closed(date(number, 12, 31))])
    (tmp_path / "days-2001.sqlite.mine").touch()

    assert day_files.thin_out(tmp_path, 3) == [day_files.file_of(tmp_path, 2023)]
    assert day_files.years(tmp_path) == [2025, 2026, 2027]
    assert day_files.thin_out(tmp_path, 3) == []
    assert day_files.thin_out(tmp_path / "none", 3) == []
    assert (tmp_path / "days-2001.sqlite.mine").exists()


def test_a_third_party_reads_and_checks_it_without_this_program(tmp_path: Path) -> None:
    """The recipe of docs/ledger.md, with Python's own sqlite3."""
    day_files.add(tmp_path, [closed(NEW_YEAR, targets=3)])
    db = sqlite3.connect(f"file:{day_files.file_of(tmp_path, 2026)}?immutable=1", uri=True)
    daily = db.execute("SELECT * FROM daily ORDER BY target").fetchall()
    columns = "sha256, day, observer, zone, start_ms, end_ms, head_seq, head_hash, version, written_ms"
    digest, *head = db.execute(f"SELECT {columns} FROM days").fetchone()  # noqa: S608
    lines = [head, *(list(row[2:]) for row in daily)]
    db.close()

    assert daily[2][:3] == ("2026-01-01", "local", "xa-0002/uplink")
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    assert hashlib.sha256(text.encode("ascii")).hexdigest() == digest


def test_a_changed_sum_shows(tmp_path: Path) -> None:
    day_files.add(tmp_path, [closed(NEW_YEAR), closed(date(2026, 1, 2))])
    assert day_files.spoilt(tmp_path, 2026) == []
    db = sqlite3.connect(day_files.file_of(tmp_path, 2026))
    db.execute("UPDATE sums SET outages = outages + 1 WHERE day = 2 AND target = 1")
    db.commit()
    db.close()

    assert day_files.spoilt(tmp_path, 2026) == [date(2026, 1, 2)]


@pytest.mark.parametrize("body", [b"", b"nothing of ours" * 500, "cut"])
def test_a_file_that_is_none_of_ours_is_refused_with_a_way_out(tmp_path: Path, body: bytes | str) -> None:
    place = day_files.file_of(tmp_path, 2026)
    day_files.add(tmp_path, month(2026, 1, 50))
    spoilt = place.read_bytes()[:9_000] if isinstance(body, str) else body
    place.write_bytes(spoilt)

    with pytest.raises(LedgerDamagedError, match="move it away"):
        day_files.add(tmp_path, month(2026, 2, 50))
    with pytest.raises(LedgerDamagedError, match="move it away"):
        year(tmp_path)
    assert place.read_bytes() == spoilt


def told(folder: Path, after_seconds: float = 60, most: int = 0) -> tuple[list[str], float]:
    """What a child that adds a year month by month acknowledged until it was killed or done, and how long it took."""
    command = [sys.executable, "-c", _CHILD, str(folder), str(most)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "go\n"
        began = time.monotonic()
        try:
            child.wait(after_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
        return child.stdout.read().split(), time.monotonic() - began


def whole(folder: Path, acknowledged: int) -> None:
    """Every acknowledged month, at most one more, and each as it was written."""
    there = year(folder) if day_files.years(folder) else []
    assert len(there) in (28 * acknowledged, 28 * (acknowledged + 1))
    assert there == [day for number in range(1, len(there) // 28 + 1) for day in month(2026, number, 100)]
    assert not there or day_files.spoilt(folder, 2026) == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kills", [8, pytest.param(40, marks=pytest.mark.soak)])
def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path: Path, kills: int) -> None:
    done, seconds = told(tmp_path / "calm")
    assert done == [str(number) for number in range(1, 13)]
    chance, hit = random.Random(5), 0
    for number in range(kills):
        folder = tmp_path / f"killed-{number}"
        acknowledged, _ = told(folder, chance.uniform(0, seconds))
        whole(folder, len(acknowledged))
        hit += len(acknowledged) < 12
        for left in folder.glob(".*"):  # what the kill left lies in nobody's way
            day_files.add(folder, [closed(date(2026, 12, 31))])
            assert not left.exists()
    assert hit, "no kill came in time"


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    acknowledged, _ = told(tmp_path, most=200_000)

    assert acknowledged[-1] == LedgerDiskError.__name__
    assert 1 < len(acknowledged) < 12
    whole(tmp_path, len(acknowledged) - 1)
    assert len(year(tmp_path)) == 28 * (len(acknowledged) - 1)
    assert [place.name for place in tmp_path.iterdir()] == ["days-2026.sqlite"]
