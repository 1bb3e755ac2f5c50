"""Runs pieces of Python, and whole labs, as an ordinary user: where the tests run as root, as nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

import pytest

from agent.lab.control import send_command
from agent.lab.control_protocol import LabAction, LabCommand

ROOT = Path(__file__).resolve().parents[3]
NOBODY = 65534
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "160"}


class Identity(TypedDict, total=False):
    """What subprocess is told about whose process the child is."""

    user: int
    group: int
    extra_groups: list[int]


@cache
def ordinary_user() -> Identity:
    """The identity of an ordinary user; as root in a place that nobody can read, root's own."""
    if os.geteuid() != 0:
        return {}
    nobody = Identity(user=NOBODY, group=NOBODY, extra_groups=[])
    command = [sys.executable, "-c", "import agent.errors"]
    reads = subprocess.run(command, cwd="/", capture_output=True, check=False, env=ENVIRONMENT, **nobody)
    return nobody if reads.returncode == 0 else {}


def python_as_ordinary_user(code: str, seconds: float = 30.0) -> subprocess.CompletedProcess[str]:
    """Run code as an ordinary user and bring back what it said."""
    return run([sys.executable, "-c", code], seconds)


def run(command: Sequence[str], seconds: float = 30.0) -> subprocess.CompletedProcess[str]:
    """Run a command as an ordinary user, in the project's folder."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        **ordinary_user(),
    )


def need(held: object, what: str) -> None:
    """Leave the test out where something cannot be had; on the build machine that is an error."""
    if not held:
        if os.environ.get("SANSANG_CI") == "1":
            pytest.fail(what)
        pytest.skip(what)


def need_namespaces() -> None:
    """The test needs user namespaces."""
    why = python_as_ordinary_user("from agent.lab import namespace; print(namespace.refusal())").stdout.strip()
    need(why == "None", f"user namespaces are refused here: {why}")


@dataclass(frozen=True, slots=True)
class Lab:
    """A whole `sansang lab run`, and what it said when it was up."""

    process: subprocess.Popen[str]
    state: Path
    said: str

    def sansang(self, deed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`sansang lab DEED` for this lab, as the user who runs it, in English."""
        return run([sys.executable, "-m", "agent", "lab", deed, "--state", str(self.state), "--lang", "en", *arguments])

    def inside(self, code: str) -> str:
        """What a piece of Python prints in the lab's network."""
        join = f"from agent.lab import namespace; namespace.join({self.process.pid})\n"
        done = python_as_ordinary_user(join + code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def order(self, action: LabAction, *names: str) -> list[str]:
        """Give an order without the command's start; the places it was done to."""
        return [place.name for place in send_command(self.state, LabCommand(action, names)).hosts]

    def children(self) -> list[int]:
        """The processes it has started."""
        return [
            int(child)
            for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait at most five seconds, as promised; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(5)


@contextmanager
def folder_of_ordinary_user() -> Iterator[Path]:
    """A folder that belongs to the ordinary user."""
    with tempfile.TemporaryDirectory(prefix="lab-") as name:
        owner = ordinary_user().get("user", os.geteuid())
        os.chown(name, owner, -1)
        yield Path(name)


@contextmanager
def lab(*options: str, prelude: str = "") -> Iterator[Lab]:
    """A lab with these options of `sansang lab run`; prelude is Python that its process runs first."""
    with folder_of_ordinary_user() as state:
        code = f"{prelude}\nimport sys; from agent.cli.main import main; sys.exit(main(sys.argv[1:]))"
        arguments = ["lab", "run", "--state", str(state), "--lang", "en", *options]
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **ordinary_user(),
        )
        with process:
            try:
                yield Lab(process, state, _said(process))
            finally:
                if process.poll() is None:
                    process.kill()


def _said(process: subprocess.Popen[str]) -> str:
    """All lines up to the last of the announcement, or to the end."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("To stop:"):
            break
    return "".join(lines)


def until_answered(page: str, seconds: float = 30) -> int:
    """The status that an agent's page gives once there is one."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(page, timeout=5) as answer:  # noqa: S310 - our own
                return int(answer.status)
        except OSError:
            assert time.monotonic() < deadline, page
            time.sleep(0.1)


def alive(process: int) -> bool:
    """Whether a process runs: a zombie does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
