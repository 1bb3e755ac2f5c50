"""A ledger that is not what was written: nothing is printed from it, unless somebody insists."""

from __future__ import annotations

import argparse
import sys

from agent.cli.arguments import say
from agent.errors import LedgerDamagedError
from agent.explain.ledger import refusal

NOT_AS_WRITTEN = 1
"""The exit code, as of `sansang ledger verify`."""


def add_unverified(parser: argparse.ArgumentParser) -> None:
    """The option of who insists."""
    parser.add_argument(
        "--unverified",
        action="store_true",
        help=say(
            "vẫn in khi sổ không còn đúng như lúc được ghi, có dấu ở mỗi trang",
            "print it also if the ledger is not what was written, with a mark on every page",
        ),
    )


def refused(error: LedgerDamagedError, language: str) -> int:
    """Say what is wrong, in which row, and what to do; the command's exit code."""
    sys.stderr.write(f"sansang: {refusal(error, language)}\n")
    return NOT_AS_WRITTEN
