"""A network namespace of our own with the servers to probe in it (world.py), for the commands that measure probers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_MARK = "SANSANG_BENCH"


@contextmanager
def world(module: str) -> Iterator[Path]:
    """A folder to write to, while the servers run. The first call starts that module again inside the namespace."""
    if os.environ.get(_MARK) != "inside":
        os.environ[_MARK] = "inside"
        os.execvp("unshare", ["unshare", "--net", sys.executable, "-m", module, *sys.argv[1:]])
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        command = [sys.executable, "-m", "benchmarks.world", name]
        servers = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert servers.stdout is not None
        assert servers.stdin is not None
        if servers.stdout.readline() != b"ready\n":
            raise SystemExit("the world of servers did not start")
        try:
            yield Path(name)
        finally:
            servers.stdin.close()
            servers.wait(10)
