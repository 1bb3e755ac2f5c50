"""The machine's own clocks: what the kernel says, and what it is when the kernel may not be asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASK = "from agent.clock import SystemClock; print(SystemClock().synchronised())"


def ask(*before: str) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-c", ASK]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_kernel_says_yes_or_no() -> None:
    assert ask().stdout in {"True\n", "False\n"}


def test_a_forbidden_call_is_not_a_no() -> None:
    done = ask(sys.executable, "-m", "tests.seccomp", "adjtimex", "clock_adjtime", "--")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("PermissionError: [Errno 1] adjtimex: Operation not permitted\n")
