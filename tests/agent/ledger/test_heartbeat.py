"""The heartbeat file: newest whole beat wins, a torn write costs one beat at most."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.errors import LedgerError
from agent.ledger import heartbeat
from agent.ledger.heartbeat import Heartbeat

FIRST = Heartbeat("boot-1", 10_000, 1_772_326_800_000, 7, b"\x07" * 32)
SECOND = replace(FIRST, at_ms=20_000, seq=8)
THIRD = replace(FIRST, at_ms=30_000, seq=9)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "heartbeat"
    for one in (FIRST, SECOND, THIRD):
        heartbeat.beat(path, one)
    return path


def test_no_file_no_beat(tmp_path: Path) -> None:
    assert heartbeat.read(tmp_path / "heartbeat") is None


def test_the_newest_beat_is_read(file: Path) -> None:
    assert heartbeat.read(file) == THIRD
    assert file.stat().st_size == 1_024
    assert file.stat().st_mode & 0o777 == 0o600


def test_every_torn_write_leaves_the_beat_before(file: Path) -> None:
    before = file.read_bytes()
    heartbeat.beat(file, replace(FIRST, at_ms=40_000, seq=10))
    after = file.read_bytes()
    for cut in range(1, 1_024):
        file.write_bytes(after[:cut] + before[cut:])
        found = heartbeat.read(file)
        assert found is not None
        assert found.seq in (9, 10)


def test_a_beat_after_damage_repairs_the_damaged_slot(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[600] ^= 1
    file.write_bytes(content)
    assert heartbeat.read(file) == THIRD
    heartbeat.beat(file, replace(THIRD, seq=10))
    content = bytearray(file.read_bytes())
    content[20] ^= 1
    file.write_bytes(content)
    newest = heartbeat.read(file)
    assert newest is not None
    assert newest.seq == 10


@pytest.mark.parametrize("content", [b"", b"\0" * 1_024, b"x" * 5_000])
def test_garbage_is_no_beat(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "heartbeat"
    file.write_bytes(content)
    assert heartbeat.read(file) is None


def test_a_beat_too_long_for_its_slot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError):
        heartbeat.beat(tmp_path / "heartbeat", replace(FIRST, boot_id="b" * 500))
