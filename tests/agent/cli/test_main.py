"""What all commands have in common."""

from __future__ import annotations

import subprocess
import sys


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -m agent validate --schema"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", f"{command} | head -c 1"], capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"{", b"")
