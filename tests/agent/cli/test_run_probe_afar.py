"""An agent that listens everywhere, in a network of its own where a neighbour's address is another than loopback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

INSIDE = "SANSANG_AFAR_NET"

if INSIDE in os.environ:
    from tests.agent.cli.probe_afar import *  # noqa: F403  # the tests themselves

else:

    def test_in_a_private_network() -> None:
        code = (
            "import sys\nfrom ipaddress import IPv4Address\nfrom agent.lab import namespace\n"
            "why = namespace.refusal()\n"
            "if why: sys.exit('refused: ' + why)\n"
            "net = namespace.enter(); net.give([IPv4Address('127.0.0.1'), IPv4Address('192.0.2.1')])\n"
            "import pytest\nsys.exit(pytest.main(['-p', 'no:cacheprovider', sys.argv[1]]))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, __file__],
            env=os.environ | {INSIDE: "1"},
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
        if "refused: " in done.stderr and os.environ.get("SANSANG_CI") != "1":
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stdout + done.stderr
