"""Runs resolv_conf.py in a mount namespace where /etc is a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

INSIDE = "SANSANG_PRIVATE_ETC"

if INSIDE in os.environ:
    from tests.agent.probes.resolv_conf import *  # noqa: F403  # the tests themselves

else:

    def test_in_an_etc_of_its_own(tmp_path: Path) -> None:
        (tmp_path / "hosts").write_text("127.0.0.1 localhost\n", encoding="ascii")
        inner = f"mount --bind {tmp_path} /etc && exec {sys.executable} -m pytest -p no:cacheprovider {__file__}"
        command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inner]
        done = subprocess.run(
            command, env=os.environ | {INSIDE: "1"}, capture_output=True, text=True, timeout=50, check=False
        )
        if done.returncode and "passed" not in done.stdout and "SANSANG_CI" not in os.environ:
            pytest.skip(f"namespaces are not permitted: {done.stderr.strip()[:200]}")
        assert done.returncode == 0, done.stdout + done.stderr
