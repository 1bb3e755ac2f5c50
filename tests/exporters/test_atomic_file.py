"""A file that a person named is there whole or not at all, and nobody's else than before."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from stat import S_IMODE

import pytest

from agent.errors import FileError
from exporters.atomic_file import write


def mode(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def test_mode_and_link_of_what_was_there_stay(tmp_path: Path) -> None:
    file, link = tmp_path / "rules.yml", tmp_path / "link.yml"
    file.write_text("old", "utf-8")
    file.chmod(0o640)
    link.symlink_to(file)
    write(link, b"new")
    assert (file.read_bytes(), mode(file), link.is_symlink()) == (b"new", 0o640, True)


def test_what_is_private_is_so_before_anything_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "sites.xlsx"
    file.write_text("old", "utf-8")
    file.chmod(0o644)
    write(file, b"new", private_to=os.geteuid())
    assert (file.read_bytes(), mode(file)) == (b"new", 0o600)


def test_a_link_that_lies_in_wait_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "passwd"
    other.write_text("root", "utf-8")
    (tmp_path / f".sites.csv.{os.getpid()}.unfinished").symlink_to(other)
    write(tmp_path / "sites.csv", b"new")
    assert (other.read_text("utf-8"), (tmp_path / "sites.csv").read_bytes()) == ("root", b"new")


def test_what_finds_no_room_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "rules.yml"
    file.write_text("old", "utf-8")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, before[1]))
    try:
        with pytest.raises(FileError):
            write(file, b"x" * 4096)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [(one.name, one.read_text("utf-8")) for one in tmp_path.iterdir()] == [("rules.yml", "old")]
