"""Runs icmp_loopback.py here where pings are permitted, else in a private user and network namespace."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from agent.probes.icmp import permission_hint

INSIDE = "SANSANG_PRIVATE_NET"

if permission_hint() is None or INSIDE in os.environ:
    from tests.agent.probes.icmp_loopback import *  # noqa: F403  # the tests themselves

else:

    def test_on_the_loopback_of_a_private_network() -> None:
        inner = f"ip link set lo up && exec {sys.executable} -m pytest -p no:cacheprovider {__file__}"
        command = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", inner]
        done = subprocess.run(
            command, env=os.environ | {INSIDE: "1"}, capture_output=True, text=True, timeout=50, check=False
        )
        if done.returncode and "passed" not in done.stdout and "SANSANG_CI" not in os.environ:
            pytest.skip(f"neither pings nor namespaces are permitted: {done.stderr.strip()[:200]}")
        assert done.returncode == 0, done.stdout + done.stderr
