"""What somebody gains who writes another heartbeat and cannot write the chain: nothing, and it is told."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import pytest

from agent.ledger import heartbeat
from agent.ledger.codec import GENESIS
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.integrity.heartbeat_check import clock_reading_now, foreign_boot_fault, heartbeat_fault
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, HeartbeatRefused, Row, Watermark
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change
from tests.clock import TravellingClock

FILE = "heartbeat"
KILLED_MS = 1_000_000 + 600_000
"""Boottime of the last beat before the kill."""


def killed(place: Path, clock: TravellingClock, *rows: Row) -> Heartbeat:
    """An agent that lived for ten minutes with a row at each, and was killed; its last beat."""
    ledger = Ledger.open(place, clock)
    now = clock.boottime_ms()
    ledger.append([AgentRun("local", clock.boot_id(), now, clock.wall_ms(), synchronised=True, version="1")])
    for _ in range(10):
        clock.advance(60)
        ledger.append([change(clock.boottime_ms() - 150), ClockAnchor(clock.boottime_ms(), clock.wall_ms(), True)])
    ledger.append(rows)
    ledger.close()
    beat = heartbeat.read(place / FILE)
    assert beat is not None
    return beat


def forge(place: Path, beat: Heartbeat) -> None:
    (place / FILE).unlink()
    heartbeat.beat(place / FILE, beat)


def opened(place: Path, clock: TravellingClock) -> tuple[str, list[Row]]:
    """What the next start says of the heartbeat, and the rows that it wrote of it."""
    ledger = Ledger.open(place, clock)
    rows = [one.row for one in ledger.among(Watermark, HeartbeatRefused)]
    ledger.close()
    return ledger.refused, rows


def hash_of(place: Path, seq: int) -> bytes:
    reader = Reader.open(place)
    found = reader.hash_of(seq)
    reader.close()
    assert found is not None
    return found


def test_the_true_heartbeat_is_believed(tmp_path: Path) -> None:
    clock = TravellingClock()
    beat = killed(tmp_path / "state", clock)
    clock.advance(3_600)

    assert verify(tmp_path / "state").ok
    assert opened(tmp_path / "state", clock) == ("", [Watermark(beat.at_ms)])


@pytest.mark.parametrize("kept", [0, 1])
def test_one_true_beat_after_a_last_row_of_any_kind_is_believed(tmp_path: Path, kept: int) -> None:
    """The agent lives on without a row, or stops cleanly."""
    clock = TravellingClock()
    killed(tmp_path / "state", clock, *[AgentStop(KILLED_MS)] * kept)
    ledger = Ledger.open(tmp_path / "state", clock)
    assert ledger.refused == ""
    ledger.close()


FORGED: dict[str, tuple[Callable[[Path, Heartbeat], Heartbeat], str]] = {
    "an hour more": (lambda _, beat: replace(beat, at_ms=beat.at_ms + 3_600_000), "later than now"),
    "for ever": (lambda _, beat: replace(beat, at_ms=(1 << 61)), "later than now"),
    "an earlier row, so that the rows after it are forgotten": (
        lambda place, beat: replace(beat, seq=4, hash=hash_of(place, 4)),
        "later than row 5, which it does not know",
    ),
    "another boot, so that the run ends earlier": (
        lambda _, beat: replace(beat, boot_id="boot-9"),
        "of another boot than row 21",
    ),
    "before the run began": (lambda _, beat: replace(beat, at_ms=5), "older than the start of the agent run"),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_beat_is_refused_and_told(tmp_path: Path, how: str) -> None:
    """By verify, and by the next start in a row of the chain; the run then ends where it is known to have lived."""
    place, clock = tmp_path / "state", TravellingClock()
    true = killed(place, clock)
    make, words = FORGED[how]
    forged = make(place, true)
    forge(place, forged)
    clock.advance(1_800)

    reader = Reader.open(place)
    fault = heartbeat_fault(reader, forged, clock_reading_now(clock)) or foreign_boot_fault(reader, forged)
    assert fault is not None
    assert words in fault.en
    reader.close()
    refused, rows = opened(place, clock)
    assert words in refused
    started = true.at_ms - 600_000
    told = HeartbeatRefused(clock.wall_ms(), "boot-1", clock.boottime_ms(), True, refused, forged.seq, forged.at_ms)
    assert rows == [told, Watermark(started)], "readers trust the rows after it, and nothing beyond"
    assert verify(place).ok, "its place was taken by a true one"


@pytest.mark.parametrize("reboot", [False, True])
def test_a_beat_of_a_run_before_cannot_reach_beyond_the_next(tmp_path: Path, reboot: bool) -> None:
    """Of the same boot by boottime; of another boot by UTC, where both clocks were known."""
    place, clock = tmp_path / "state", TravellingClock()
    run = begun(place, clock)
    beat = heartbeat.read(place / FILE)
    assert beat is not None
    clock.reboot(60) if reboot else clock.advance(60)
    begun(place, clock)

    reader = Reader.open(place)
    try:
        doubts = [
            heartbeat_fault(reader, replace(beat, seq=run, at_ms=beat.at_ms + later), clock_reading_now(clock))
            for later in (59_000, 63_000)
        ]
    finally:
        reader.close()
    assert doubts[0] is None
    assert "later than the start of the next agent run (row 3)" in str(doubts[1])


def begun(place: Path, clock: TravellingClock) -> int:
    """An agent that was killed after its first row: the number of it."""
    ledger = Ledger.open(place, clock)
    ledger.append([AgentRun("local", clock.boot_id(), clock.boottime_ms(), clock.wall_ms(), True, "1")])
    ledger.close()
    return ledger.head().seq


@pytest.mark.parametrize("harm", ["missing", "torn", "nonsense"])
def test_a_heartbeat_that_is_gone_is_told(tmp_path: Path, harm: str) -> None:
    """Without one a cut end would not show: cut it, take the heartbeat away, and the next start would go on."""
    place, clock = tmp_path / "state", TravellingClock()
    killed(place, clock, AgentStop(KILLED_MS))
    if harm == "missing":
        (place / FILE).unlink()
    else:
        (place / FILE).write_bytes(b"\0" * 1_024 if harm == "torn" else crafted({"seq": "21"}))
    clock.advance(60)

    assert not verify(place).ok
    refused, rows = opened(place, clock)
    assert "missing, or neither of its two records is whole" in refused
    assert [type(row) for row in rows] == [HeartbeatRefused]


@pytest.mark.parametrize("odd", ["directory", "pipe", "loop", "socket"])
def test_what_is_no_file_in_the_heartbeats_place_is_told_and_stops_nobody(tmp_path: Path, odd: str) -> None:
    place, clock = tmp_path / "state", TravellingClock()
    killed(place, clock, AgentStop(KILLED_MS))
    (place / FILE).unlink()
    if odd == "directory":
        (place / FILE).mkdir()
    elif odd == "pipe":
        os.mkfifo(place / FILE)
    elif odd == "loop":
        (place / FILE).symlink_to(FILE)
    else:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(place / FILE))
    clock.advance(60)

    assert not verify(place).ok
    assert "missing, or neither of its two records is whole" in opened(place, clock)[0]
    assert (verify(place).ok, (place / FILE).is_file()) == (True, True)
    assert len([*place.glob(f"{FILE}.odd-1")]) == 1, "nothing is deleted"


def test_a_beat_that_names_no_row_hides_no_cut(tmp_path: Path) -> None:
    place, clock = tmp_path / "state", TravellingClock()
    killed(place, clock, AgentStop(KILLED_MS))
    beat = killed(place, clock)
    forge(place, replace(beat, seq=0, hash=GENESIS))

    found = verify(place)
    assert not found.ok
    assert "it names no row" in found.message
    assert "it names no row" in opened(place, clock)[0]


TRUE = Heartbeat("boot-1", KILLED_MS, 1_772_326_800_000, 21, b"\x07" * 32)


def crafted(changed: dict[str, object]) -> bytes:
    """A record with a right checksum and whatever somebody likes in it."""
    plain = asdict(TRUE) | {"hash": TRUE.hash.hex(), "count": 7} | changed
    padded = json.dumps(plain).encode().ljust(480)
    return padded + sha256(padded).digest() if len(padded) == 480 else b""


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": "21"},
        {"seq": 21.0},
        {"seq": True},
        {"seq": -1},
        {"at_ms": None},
        {"at_ms": 1 << 63},
        {"wall_ms": -5},
        {"count": 1 << 62},
        {"count": 10**200},
        {"hash": "07"},
        {"hash": "no"},
        {"hash": 7},
        {"boot_id": 7},
    ],
    ids=str,
)
def test_a_crafted_record_is_not_whole_and_stops_nobody(tmp_path: Path, changed: dict[str, object]) -> None:
    file = tmp_path / FILE
    file.write_bytes(crafted({}))
    assert heartbeat.read(file) == TRUE
    file.write_bytes(crafted(changed))

    assert heartbeat.read(file) is None
    heartbeat.beat(file, TRUE)
    assert heartbeat.read(file) == TRUE
