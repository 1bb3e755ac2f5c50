"""The identity of an installation: it stays at every start, and is another one where the directory was copied to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agent.ledger.recovery.installation import NAME, InstallationChange, installation, machine_of

HERE, THERE = "machine-1", "machine-2"


def test_it_is_random_stays_and_is_for_the_owner_alone(tmp_path: Path) -> None:
    first = installation(tmp_path, HERE)
    other = tmp_path / "other"
    other.mkdir()

    assert (len(first.id), first.change) == (32, InstallationChange.MISSING)
    assert [installation(tmp_path, HERE).id for _ in range(3)] == [first.id] * 3
    assert installation(tmp_path, HERE).change is None
    assert installation(other, HERE).id != first.id
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_a_copied_directory_is_another_installation_and_the_original_stays(tmp_path: Path) -> None:
    place, copied = tmp_path / "state", tmp_path / "copied"
    place.mkdir()
    first = installation(place, HERE)
    shutil.copytree(place, copied)

    found = installation(copied, HERE)

    assert (found.change, found.id == first.id) == (InstallationChange.COPY, False)
    assert installation(copied, HERE).id == found.id
    assert (installation(place, HERE).id, installation(place, HERE).change) == (first.id, None)


def test_a_directory_that_is_only_renamed_is_the_same(tmp_path: Path) -> None:
    place = tmp_path / "state"
    place.mkdir()
    first = installation(place, HERE)
    assert installation(place.rename(tmp_path / "elsewhere"), HERE).id == first.id


def test_another_machine_is_another_installation_and_an_unknown_one_proves_nothing(tmp_path: Path) -> None:
    first = installation(tmp_path, HERE)
    assert installation(tmp_path, "").id == first.id
    moved = installation(tmp_path, THERE)
    assert (moved.change, moved.id == first.id) == (InstallationChange.MACHINE, False)
    assert installation(tmp_path, THERE).id == moved.id


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": "a"}', '{"id": "a", "machine": "", "inode": "x"}', "ạ"])
def test_what_is_no_identity_is_made_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, "utf-8")
    assert installation(tmp_path, HERE).change is InstallationChange.MISSING
    assert installation(tmp_path, HERE).change is None


def test_the_machines_own_number_does_not_leave_it(tmp_path: Path) -> None:
    file = tmp_path / "machine-id"
    file.write_text("0123456789abcdef0123456789abcdef\n")
    named = machine_of(file)

    assert (len(named), named == machine_of(file), "0123456789" in named) == (32, True, False)
    file.write_text("uninitialized\n")
    assert (machine_of(file), machine_of(tmp_path / "none")) == ("", "")
