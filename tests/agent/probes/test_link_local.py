"""Runs link_local.py in a network namespace whose loopback has a link-local address."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

INSIDE = "SANSANG_LINK_LOCAL_NET"
PYTEST = f"exec {sys.executable} -m pytest -p no:cacheprovider {__file__}"

if INSIDE in os.environ:
    from tests.agent.probes.link_local import *  # noqa: F403  # the tests themselves

else:

    def test_in_a_network_of_its_own() -> None:
        inner = f"ip link set lo up && ip -6 addr add fe80::1/64 dev lo nodad && {PYTEST}"
        command = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", inner]
        done = subprocess.run(
            command, env=os.environ | {INSIDE: "1"}, capture_output=True, text=True, timeout=50, check=False
        )
        if done.returncode and "passed" not in done.stdout and "SANSANG_CI" not in os.environ:
            pytest.skip(f"namespaces are not permitted: {done.stderr.strip()[:200]}")
        assert done.returncode == 0, done.stdout + done.stderr
