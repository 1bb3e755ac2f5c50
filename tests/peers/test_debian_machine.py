"""The machine for tests boots and ends; where what it needs is refused, its tests fail and say what that was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.debian_machine import ROOT, machine

pytestmark = pytest.mark.peers

BOOT = """
import sys
from pathlib import Path
from tests.peers.debian_machine import machine
with machine(Path(sys.argv[1])):
    print("booted")
"""


def refused(folder: Path, *before: str) -> str:
    """The last line of what a test would show."""
    command = [*before, sys.executable, "-c", BOOT, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, ""), done.stdout + done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_it_boots_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with machine(tmp_path) as debian:
        assert debian.done("cat", "/proc/1/comm") == "systemd\n"
        assert debian.done("sh", "-c", "ls /sys/class/net") == "lo\n"
        mount = Path(f"/run/{debian.cgroup.name}")
        assert mount.is_dir()
        debian.write("/etc/only-there", "x")

    assert [place for place in (mount, debian.cgroup, Path("/etc/only-there")) if place.exists()] == []


def test_no_cgroup2_is_said(tmp_path: Path) -> None:
    said = refused(tmp_path, "unshare", "--mount", "sh", "-c", 'umount -a -t cgroup2 && exec "$@"', "sh")

    assert "no cgroup2 is mounted here, so no systemd can run beside the one there is" in said


def test_refused_namespaces_are_said(tmp_path: Path) -> None:
    said = refused(tmp_path, sys.executable, "-m", "tests.seccomp", "unshare", "--")

    assert "namespaces or mounts are refused here, so no systemd can run: unshare: " in said
