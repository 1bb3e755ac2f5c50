"""What may not be read is told once, with whose it is and what to do; nothing else is told beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.inventory.sources.access import access_barrier

READS = """\
import json, os, sys
from pathlib import Path
from agent.errors import ConfigError, ForbiddenError
from agent.inventory.load import load
from agent.probes.registry import PROBES
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    load(Path(sys.argv[1]), PROBES, sys.argv[2])
except ConfigError as error:
    print(json.dumps([[str(one) for one in error.faults], error.path if isinstance(error, ForbiddenError) else ""]))
"""
INVENTORY = """\
organisation: {name: Test, language: en}
levels: [{id: commune, name: {en: Commune}}]
units: [{id: u, name: A, level: commune}]
modules:
  web: {probe: http, bearer: {file: FOLDER/secret}}
  again: {probe: http, bearer: {file: FOLDER/secret2}}
include: [sites.d/*.csv]
targets:
  - {id: s1/web, name: W, role: portal, module: web, address: "http://127.0.0.1:9/"}
  - {id: s1/again, name: W, role: portal, module: again, address: "http://127.0.0.1:9/"}
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where another user may look: pytest's own folders are closed to all others."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    (made / "sites.d").mkdir()
    (made / "sansang.yml").write_text(INVENTORY.replace("FOLDER", str(made)), "utf-8")
    for number in range(1, 24):
        (made / f"sites.d/{number}.csv").write_text(f"id,name,unit\ns{number},S{number},u\n", "utf-8")
    for name in ("secret", "secret2"):
        (made / name).write_text("x\n", "utf-8")
        (made / name).chmod(0o000 if os.geteuid() else 0o600)
    yield made
    shutil.rmtree(made)


def read(folder: Path, language: str = "en") -> tuple[list[str], str]:
    """As a user who is not root: the faults, and what is closed."""
    done = subprocess.run(
        [sys.executable, "-c", READS, str(folder / "sansang.yml"), language], capture_output=True, text=True, check=True
    )
    faults, path = json.loads(done.stdout)
    return faults, path


def shut(path: Path) -> None:
    path.chmod(0o000 if os.geteuid() else path.stat().st_mode & 0o700)


def test_unreadable_sheets_and_secrets_are_one_fault(folder: Path) -> None:
    for sheet in (folder / "sites.d").iterdir():
        shut(sheet)
    (fault,), path = read(folder)

    assert "nor 24 more files (" not in fault
    assert f"may not read {path} (of " in fault
    assert "nor 24 more files, call with sudo, or let " in fault


def test_an_unreadable_secret_alone_is_told_where_it_is_used(folder: Path) -> None:
    (folder / "secret2").chmod(0o600)
    if os.geteuid() == 0:
        os.chown(folder / "secret2", 65534, 65534)
    (fault,), path = read(folder, "vi")

    assert path == str(folder / "secret")
    assert fault.startswith(f"{folder}/sansang.yml:5:")
    assert f"không được phép đọc {folder}/secret (của " in fault
    assert "Permission" not in fault


def test_a_folder_that_may_not_be_entered_is_what_is_named(folder: Path) -> None:
    shut(folder)
    (fault,), path = read(folder)

    assert (path, "more files" in fault) == (str(folder), False)
    folder.chmod(0o755)


def test_of_a_link_what_it_leads_to_is_named(folder: Path) -> None:
    away = folder / "away"
    away.mkdir()
    (folder / "sansang.yml").rename(away / "sansang.yml")
    (folder / "sansang.yml").symlink_to(away / "sansang.yml")
    shut(away)
    (fault,), path = read(folder)

    assert path == str(away)
    assert f"may not read {away} (of " in fault
    away.chmod(0o755)


def test_what_is_still_to_be_made_is_its_folders_matter(folder: Path) -> None:
    assert access_barrier(folder / "file").path == folder
