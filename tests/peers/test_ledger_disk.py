"""T5, T6: the ledger's disk is full or read-only, at the start and under a running agent. Needs root for the mounts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun
from tests.peers.disk_room import RECOVERS_SECONDS, Room, agent, probing_goes_on, until

pytestmark = [
    pytest.mark.peers,
    pytest.mark.timeout(180),
    pytest.mark.skipif(os.geteuid() != 0, reason="mounts need root"),
]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", place], check=True, timeout=20)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True, timeout=20)


@contextmanager
def read_only(pid: int, place: Path) -> Iterator[None]:
    """Every write to the ledger's files is answered as on a read-only file system, by strace on the running agent.

    The kernel refuses a plain remount as long as a file is open to write.
    """
    calls = "pwrite64,ftruncate,fallocate,unlink,unlinkat,mkdir"
    files = [word for file in place.iterdir() for word in ("-P", str(file))]
    filters = ["-e", f"trace={calls}", "-e", f"inject={calls}:error=EROFS", *files]
    with subprocess.Popen(["strace", "-f", "-q", "-o", "/dev/null", "-p", str(pid), *filters]) as strace:
        try:
            yield
        finally:
            strace.terminate()
            strace.wait(20)


@contextmanager
def ext4(image: Path, place: Path) -> Iterator[str]:
    """An ext4 that goes read-only at its first fault, as it does by default in Debian; the name of its device."""
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop,errors=remount-ro", image, place], check=True, timeout=20)
    try:
        source = ["findmnt", "--noheadings", "--output", "SOURCE", str(place)]
        yield Path(subprocess.run(source, check=True, capture_output=True, text=True, timeout=20).stdout.strip()).name
    finally:
        subprocess.run(["umount", place], check=True, timeout=20)


def fill(disk: Path, name: str) -> None:
    with (disk / name).open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return


def says_so(room: Room) -> None:
    """Full or read-only, at the start or later: the metric, the page and the probes are the same."""
    until(lambda: room.value("sansang_ledger_writable") == 0, 15, "it says so")
    assert "The disk takes no rows" in room.page()
    probing_goes_on(room)


def test_a_full_disk_stops_neither_probes_nor_pages_and_it_recovers_alone(disk: Path, tmp_path: Path) -> None:
    room = Room(tmp_path, disk / "state")
    with agent(room) as process:
        assert (disk / "state/reserve").stat().st_size == 1 << 20
        fill(disk, "ballast")
        room.toggle()
        until(lambda: not (disk / "state/reserve").exists(), 15, "the reserve is given up")
        until(lambda: room.value("sansang_target_state") == 1, 15, "the state is committed all the same")
        errors = room.value("sansang_ledger_write_errors_total")
        fill(disk, "more")
        while room.takes_a_window():  # as long as the log has room that is its own already
            pass
        room.toggle()
        says_so(room)
        assert (room.value("sansang_storage_free_bytes") or 0) < 1 << 20
        assert process.poll() is None
        for name in ("ballast", "more"):
            (disk / name).unlink()
        back = until(lambda: room.value("sansang_ledger_writable") == 1, RECOVERS_SECONDS, "it recovers alone")
        until(lambda: room.value("sansang_target_state") == 0, 15, "what waited is committed")
        until((disk / "state/reserve").exists, 15, "the reserve is taken back")
    print(f"T5: {errors} failed commit before the reserve was given up; writable again after {back:.1f} s")
    assert verify(disk / "state").ok


def test_a_read_only_disk_at_the_start_is_waited_for(disk: Path, tmp_path: Path) -> None:
    room = Room(tmp_path, disk / "state")
    with agent(room):
        until(lambda: room.value("sansang_target_state") == 0, 15, "it knows the state")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True, timeout=20)
    with agent(room):
        says_so(room)
        assert room.value("sansang_target_last_known_up") == 0
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True, timeout=20)
        back = until(lambda: room.value("sansang_ledger_writable") == 1, RECOVERS_SECONDS, "it recovers alone")
        until(lambda: room.value("sansang_target_state") == 0, 15, "what waited is committed")
    print(f"T6: writable again {back:.1f} s after the remount")
    assert verify(disk / "state").ok
    reader = Reader.open(disk / "state")
    runs = len(reader.only(AgentRun))
    reader.close()
    assert runs == 2


def test_a_disk_that_becomes_read_only_under_the_agent_is_waited_for(disk: Path, tmp_path: Path) -> None:
    with closing(Room(tmp_path, disk / "state")) as room, agent(room) as process:
        until(lambda: room.value("sansang_target_state") == 0, 15, "it knows the state")
        with read_only(process.pid, disk / "state"):
            until(lambda: room.takes_a_window() is False, 15, "the tracer has hold of every thread")
            room.toggle()
            says_so(room)
            assert room.value("sansang_target_state") == 0  # what is not on the disk is not shown
            assert process.poll() is None
        back = until(lambda: room.value("sansang_ledger_writable") == 1, RECOVERS_SECONDS, "it recovers alone")
        until(lambda: room.value("sansang_target_state") == 1, 15, "what waited is committed")
    print(f"T6 at run: writable again {back:.1f} s after the disk")
    assert verify(disk / "state").ok


@pytest.mark.alone  # whoever makes a mount namespace meanwhile keeps the broken file system mounted
def test_a_file_system_that_gave_up_under_the_agent_loses_nothing(tmp_path: Path) -> None:
    image, place = tmp_path / "image", tmp_path / "mnt"
    image.write_bytes(b"\0" * (24 << 20))
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True, timeout=20)
    with closing(Room(tmp_path, place / "state")) as room:
        with ext4(image, place) as device, agent(room) as process:
            until(lambda: room.value("sansang_target_state") == 0, 15, "it knows the state")
            committed = room.value("sansang_ledger_head_seq") or 0
            Path("/sys/fs/ext4", device, "trigger_fs_error").write_text("1", "ascii")
            room.toggle()
            says_so(room)
            assert process.poll() is None
        fsck = subprocess.run(["fsck.ext4", "-p", image], check=False, capture_output=True, timeout=20)
        assert fsck.returncode in (0, 1), fsck.stdout  # 1: it mended what there was
        with ext4(image, place):
            with agent(room):
                until(lambda: room.value("sansang_target_state") == 1, 15, "it goes on")
            found = verify(room.storage)
    assert found.ok
    assert found.rows > committed
