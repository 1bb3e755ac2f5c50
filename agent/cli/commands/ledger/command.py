"""`sansang ledger`: backup, export; verify, restore and days in modules of their own beside this one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TextIO

from agent.characters import json_text
from agent.cli.agent_location import locate_agent
from agent.cli.arguments import Subparsers, add_config, add_json, add_language, add_unverified, say
from agent.cli.commands.ledger import days, restore, verify
from agent.cli.failures import refuse_damaged
from agent.cli.progress import bar
from agent.clock import SystemClock
from agent.errors import FileError, LedgerDamagedError
from agent.explain.ledger import mark
from agent.ledger.export import lines
from agent.ledger.integrity.verify import verified
from agent.ledger.lock import check_owner
from agent.ledger.recovery.backup import back_up
from agent.text import Text

_COPIED = Text("{place}: đã sao lưu {rows} dòng và kiểm chứng", "{place}: {rows} rows, verified")


def add_parser(commands: Subparsers) -> None:
    """Register the command with its subcommands."""
    parser = commands.add_parser(
        "ledger",
        description=say(
            "Kiểm chứng, sao lưu, khôi phục hoặc xuất sổ; số cộng theo ngày của sổ.",
            "Verify, back up, restore or export the ledger; its daily sums.",
        ),
    )
    subcommands = parser.add_subparsers(title=say("lệnh", "commands"), metavar="COMMAND", required=True)
    verify.add_parser(subcommands)
    backup = subcommands.add_parser(
        "backup",
        help=say("bản sao đã kiểm chứng, cả khi bộ giám sát đang chạy", "a verified copy, also beside a running agent"),
    )
    backup.add_argument(
        "--to",
        metavar="DIR",
        type=Path,
        help=say("ghi vào đâu (mặc định: backups cạnh sổ)", "where (default: backups beside the ledger)"),
    )
    export = subcommands.add_parser(
        "export", help=say("mỗi dòng sổ là một dòng JSON, kèm mã băm", "every row as a JSON line, with its hash")
    )
    export.add_argument(
        "-o",
        dest="output",
        metavar="FILE",
        type=Path,
        help=say("ghi ra tệp (mặc định: in ra)", "write to a file (default: stdout)"),
    )
    add_language(export)
    add_unverified(export)
    for subcommand, run in ((backup, _backup), (export, _export)):
        add_config(subcommand)
        subcommand.set_defaults(run=run, agent=None)
    add_language(backup)
    restore.add_parser(subcommands)
    days.add_parser(subcommands)
    add_json(backup)


def _backup(args: argparse.Namespace) -> int:
    location = locate_agent(args)
    if args.to is None:
        check_owner(location.directory)
    today = datetime.fromtimestamp(SystemClock().wall_ms() / 1000, location.zone).date().isoformat()
    with bar("pages") as progress:
        copy = back_up(location.directory, today, progress, args.to)
    sentence = _COPIED.to(location.language).format(place=copy.place, rows=copy.rows)
    _say(args, {"path": str(copy.place), "rows": copy.rows}, sentence)
    return 0


def _export(args: argparse.Namespace) -> int:
    location = locate_agent(args)
    language = location.language
    try:
        with verified(location.directory, anyway=args.unverified) as ledger:
            _export_to(args.output, lines(ledger.reader, mark(ledger.wrong, language)))
    except LedgerDamagedError as error:
        return refuse_damaged(error, language)
    return 0


def _export_to(output: Path | None, texts: Iterator[str]) -> None:
    if output is None:
        _write(texts, sys.stdout)
        return
    try:
        with output.open("w", encoding="ascii") as file:
            _write(texts, file)
    except OSError as error:
        raise FileError(output, error, written=True) from error


def _write(texts: Iterator[str], file: TextIO) -> None:
    file.writelines(f"{text}\n" for text in texts)


def _say(args: argparse.Namespace, document: Mapping[str, object], text: str) -> None:
    sys.stdout.write((json_text(document) if args.json else text) + "\n")
