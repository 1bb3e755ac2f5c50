"""What all commands have in common: their streams, their signals and their end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

COMMAND = f"{sys.executable} -m agent"
LIST, SCHEMA = COMMAND, f"{COMMAND} validate --schema"
FULL = "sansang: không in ra được: đĩa đã đầy\n"
CLOSED = "sansang: không in ra được: đầu ra đã đóng\n"


def shell(line: str, **environment: str) -> tuple[int, str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONIO"))}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], capture_output=True, check=False, env={**clean, **environment}
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


@pytest.mark.parametrize("command", [LIST, SCHEMA, f"{COMMAND} check --help"])
def test_a_reader_that_has_seen_enough_is_no_error(command: str) -> None:
    code, out, err = shell(f"{command} | head -c 1")
    assert (code, len(out), err) == (0, 1, "")


@pytest.mark.parametrize("command", [LIST, SCHEMA, f"{COMMAND} --version", f"{COMMAND} check --help"])
def test_what_cannot_be_printed_is_said_in_a_sentence(command: str) -> None:
    assert shell(f"{command} > /dev/full") == (2, "", FULL)
    assert shell(f"{command} >&-") == (2, "", CLOSED)


def test_streams_that_are_closed_or_full_and_not_needed_change_nothing() -> None:
    whole = shell(LIST)
    assert whole[0] == 0
    assert shell(f"{LIST} <&-") == shell(f"{LIST} 2>&-") == shell(f"{LIST} 2>/dev/full") == whole
    assert shell(f"{COMMAND} chek 2>/dev/full") == shell(f"{COMMAND} chek >&- 2>&-") == (2, "", "")


@pytest.mark.parametrize("environment", [{"LANG": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}])
def test_vietnamese_is_utf_8_in_any_locale(environment: dict[str, str]) -> None:
    assert "kiểm tra mọi thứ ngay bây giờ" in shell(LIST, **environment)[1]
    assert "không có lệnh “chek”" in shell(f"{COMMAND} chek", **environment)[2]


ENDED_BY = """\
import os, signal, sys
import agent.cli.main as it
signal.signal(signal.SIGINT, signal.default_int_handler)  # what was started in the background ignores it
def run(arguments=None):
    for number in map(int, sys.argv[1:]):
        os.kill(os.getpid(), number)
    print("whole")
    return 0
it.main = run
sys.exit(it.script())
"""


def test_signals_that_mean_nothing_to_a_command_do_not_end_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDED_BY, str(int(signal.SIGUSR1)), str(int(signal.SIGUSR2))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "whole\n", "")


def test_an_interrupted_command_says_so_by_its_exit_code_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDED_BY, str(int(signal.SIGINT))], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
