"""`sansang uptime`: how ready it was, exact to the millisecond; from a file of recorded stories."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import SansangError
from agent.probes.options import read_regular
from exporters.reports.answer import answer
from exporters.reports.replay import replay

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it

_MOST_BYTES = 512 * 1024 * 1024


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser("uptime", help="uptime of a period, exact to the millisecond")
    parser.add_argument("--replay", metavar="FILE", type=Path, required=True, help="compute from recorded stories")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    """ConfigError with every fault of the file."""
    report = replay(_read(args.replay), str(args.replay))
    json.dump(answer(report), sys.stdout, ensure_ascii=False, indent=None if args.json else 1)
    sys.stdout.write("\n")
    return 0


def _read(path: Path) -> bytes:
    try:
        text, _ = read_regular(path, _MOST_BYTES + 1)
    except OSError as error:
        raise SansangError(f"{path}: {error.strerror}") from error
    if len(text) > _MOST_BYTES:
        raise SansangError(f"{path}: larger than {_MOST_BYTES // 1024 // 1024} MiB, which no report needs")
    return text
