"""Runs the real command many times from one process that has loaded everything: a fork, its user and streams, the call.

Starting Python and its libraries costs half a second a call, forking a few milliseconds.
"""

from __future__ import annotations

import base64
import fcntl
import gc
import importlib
import json
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

COLUMNS = 80
_SECONDS = 60.0
_LATE = (
    "agent.runtime",
    "agent.lab.session",
    "dashboards.build",
    "exporters.reports.xlsx_file",
    "agent.cli.commands.build.push",
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended. At a terminal both streams are one, and stand in ``out``."""

    code: int
    out: str
    err: str


class Zygote:
    """The process that forks; one call at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def call(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, uid: int, *, terminal: bool
    ) -> Ended:
        """`sansang` with these arguments, environment, working directory and user."""
        order = [list(arguments), dict(environment), str(folder), uid, terminal]
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        code, *streams = json.loads(self._process.stdout.readline())
        out, err = (base64.b64decode(one).decode("utf-8") for one in streams)
        return Ended(code, out, err)


@contextmanager
def zygote() -> Iterator[Zygote]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.agent.cli.zygote"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Zygote(process)
        assert process.stdin is not None
        process.stdin.close()


def main() -> None:
    from agent.cli.registry import COMMANDS

    for name in (*(f"agent.cli.commands.{one.module}" for one in COMMANDS.values()), *_LATE):
        importlib.import_module(name)
    _warm()
    gc.collect()
    gc.freeze()  # what was loaded is looked at by no collection: a child would copy every page of it
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        arguments, environment, folder, uid, terminal = json.loads(line)
        streams, theirs = _terminal() if terminal else _pipes()
        if (pid := os.fork()) == 0:
            _child(arguments, environment, folder, uid, theirs)
        for fd in set(theirs):
            os.close(fd)
        read = _read(streams)
        _, status = os.waitpid(pid, 0)
        texts = [base64.b64encode(one).decode() for one in (*read, b"")[:2]]
        answers.write(json.dumps([os.waitstatus_to_exitcode(status), *texts]) + "\n")
        answers.flush()


def _warm() -> None:
    """What commands load late, or make once and keep: a child would do it again in each call."""
    from agent.cli.main import main as sansang
    from tests.agent.reporting.small_ledger import recorded

    calls = "validate", "uptime --period 2025-10", "maintenance list", "ledger verify", "build rules --out {}/built"
    with tempfile.TemporaryDirectory() as name, Path(os.devnull).open("w") as nowhere:
        config = recorded(Path(name))
        with redirect_stdout(nowhere), redirect_stderr(nowhere):
            for call in (*calls, "amend --list", "validate --schema"):
                where = () if "--schema" in call else ("--lang", "en")
                os.environ["SANSANG_CONFIG"] = str(config)
                sansang([*call.format(name).split(), *where])


def _terminal() -> tuple[list[int], list[int]]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    return [ours], [theirs, theirs]


def _pipes() -> tuple[list[int], list[int]]:
    out, err = os.pipe(), os.pipe()
    return [out[0], err[0]], [out[1], err[1]]


def _read(streams: Sequence[int]) -> list[bytes]:
    """All that comes until every writer is gone, or the time is over."""
    found: dict[int, bytes] = dict.fromkeys(streams, b"")
    open_ones, end = set(streams), time.monotonic() + _SECONDS
    while open_ones and time.monotonic() < end:
        for fd in select.select(list(open_ones), [], [], 1)[0]:
            try:
                piece = os.read(fd, 65536)
            except OSError:  # a terminal that nobody has open any more
                piece = b""
            found[fd] += piece
            if not piece:
                open_ones.discard(fd)
    for fd in streams:
        os.close(fd)
    return list(found.values())


def _child(
    arguments: Sequence[str], environment: Mapping[str, str], folder: str, uid: int, streams: Sequence[int]
) -> None:
    """Never returns."""
    code = 99
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, fd in enumerate(streams, start=1):
            os.dup2(fd, number)
        os.closerange(3, 64)
        os.chdir(folder)
        os.umask(0)  # what one user has written, the next may write anew
        if uid != os.geteuid():
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["sansang", *arguments]
        from agent.cli.main import script

        try:
            code = script()
        except BaseException:  # noqa: BLE001 - what Python would print at the end
            sys.excepthook(*sys.exc_info())
            code = 1
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
