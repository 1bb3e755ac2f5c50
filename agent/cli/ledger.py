"""`sansang ledger`: backup, export; verify, restore and days in modules of their own beside this one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from agent.cli import ledger_days, ledger_restore, ledger_verify
from agent.cli.progress import bar
from agent.cli.signing import place_of
from agent.clock import SystemClock
from agent.errors import LedgerError
from agent.ledger.backup import back_up
from agent.ledger.export import lines
from agent.ledger.reading import Reader
from agent.ledger.store import check_owner

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it


def add_parser(commands: Subparsers) -> None:
    """Register the command with its deeds."""
    parser = commands.add_parser("ledger", help="verify, back up, restore or export the ledger; its daily sums")
    deeds = parser.add_subparsers(title="deeds", metavar="DEED", required=True)
    ledger_verify.add_parser(deeds)
    backup = deeds.add_parser("backup", help="a verified copy, also beside a running agent")
    backup.add_argument("--to", metavar="DIR", type=Path, help="where (default: backups beside the ledger)")
    export = deeds.add_parser("export", help="every row as a JSON line, with its hash")
    export.add_argument("-o", dest="output", metavar="FILE", type=Path, help="default: stdout")
    for deed, run in ((backup, _backup), (export, _export)):
        deed.add_argument("--config", metavar="FILE", help="the inventory (default: as for run)")
        deed.set_defaults(run=run, agent=None, lang=None)
    ledger_restore.add_parser(deeds)
    ledger_days.add_parser(deeds)
    backup.add_argument("--json", action="store_true", help="one JSON document on stdout")


def _backup(args: argparse.Namespace) -> int:
    place = place_of(args)
    if args.to is None:
        check_owner(place.directory)
    today = datetime.fromtimestamp(SystemClock().wall_ms() / 1000, place.zone).date().isoformat()
    with bar("pages") as progress:
        copy = back_up(place.directory, today, progress, args.to)
    _say(args, {"path": str(copy.place), "rows": copy.rows}, f"{copy.place}: {copy.rows} rows, verified")
    return 0


def _export(args: argparse.Namespace) -> int:
    reader = Reader.open(place_of(args).directory)
    try:
        if args.output is None:
            _write(lines(reader), sys.stdout)
        else:
            with args.output.open("w", encoding="ascii") as file:
                _write(lines(reader), file)
    except OSError as error:
        raise LedgerError(f"{args.output}: {error.strerror}") from error
    finally:
        reader.close()
    return 0


def _write(texts: Iterator[str], file: TextIO) -> None:
    file.writelines(f"{text}\n" for text in texts)


def _say(args: argparse.Namespace, document: Mapping[str, object], text: str) -> None:
    sys.stdout.write((json.dumps(document, ensure_ascii=False) if args.json else text) + "\n")
