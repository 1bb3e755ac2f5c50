"""`sansang ledger`: verify, backup, restore, export; days in ledger_days.py."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agent.cli import ledger_days
from agent.cli.signing import Place, place_of
from agent.clock import SystemClock
from agent.errors import LedgerError
from agent.ledger.backup import FOLDER, back_up, copies
from agent.ledger.export import lines
from agent.ledger.identity import first_fault
from agent.ledger.lock import lock_of
from agent.ledger.quarantine import replace
from agent.ledger.reading import Reader
from agent.ledger.schema import FILE_NAME
from agent.ledger.store import check_owner
from agent.ledger.verify import verify

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it


def add_parser(commands: Subparsers) -> None:
    """Register the command with its deeds."""
    parser = commands.add_parser("ledger", help="verify, back up, restore or export the ledger; its daily sums")
    deeds = parser.add_subparsers(title="deeds", metavar="DEED", required=True)
    check = deeds.add_parser("verify", help="is it what was written? exit code 1 if not")
    check.add_argument("--path", metavar="DIR", type=Path, help="another directory, such as a backup")
    backup = deeds.add_parser("backup", help="a verified copy, also beside a running agent")
    backup.add_argument("--to", metavar="DIR", type=Path, help="where (default: backups beside the ledger)")
    restore = deeds.add_parser("restore", help="put a copy in the ledger's place; what lies there is set aside")
    restore.add_argument("copy", nargs="?", metavar="DAY|DIR", help="default: the newest")
    export = deeds.add_parser("export", help="every row as a JSON line, with its hash")
    export.add_argument("-o", dest="output", metavar="FILE", type=Path, help="default: stdout")
    for deed, run in ((check, _verify), (backup, _backup), (restore, _restore), (export, _export)):
        deed.add_argument("--config", metavar="FILE", help="the inventory (default: as for run)")
        deed.set_defaults(run=run, agent=None, lang=None)
    ledger_days.add_parser(deeds)
    check.add_argument("--days", action="store_true", help="count the daily sums again as well: are they still right?")
    for deed in (check, backup, restore):
        deed.add_argument("--json", action="store_true", help="one JSON document on stdout")


def _verify(args: argparse.Namespace) -> int:
    directory = args.path or place_of(args).directory
    with _bar("rows") as progress:
        found = verify(directory, progress)
    message, good = found.message, found.ok
    if good:
        with _bar("targets") as progress:
            fault = first_fault(directory, SystemClock().wall_ms(), progress)
        message, good = fault or message, not fault
    if good and args.days:
        with _bar("days") as progress:
            fault = ledger_days.first_difference(place_of(args), directory, progress)
        message, good = fault or message, not fault
    document = {"ok": good, "rows": found.rows, "first_bad_seq": found.first_bad_seq, "message": message}
    _say(args, document, message)
    return 0 if good else 1


def _backup(args: argparse.Namespace) -> int:
    place = place_of(args)
    if args.to is None:
        check_owner(place.directory)
    today = datetime.fromtimestamp(SystemClock().wall_ms() / 1000, place.zone).date().isoformat()
    with _bar("pages") as progress:
        copy = back_up(place.directory, today, progress, args.to)
    _say(args, {"path": str(copy.place), "rows": copy.rows}, f"{copy.place}: {copy.rows} rows, verified")
    return 0


def _restore(args: argparse.Namespace) -> int:
    place = place_of(args)
    copy = _chosen(place, args.copy)
    check_owner(place.directory)
    found = verify(copy)
    if not found.ok:
        raise LedgerError(f"{copy} is not a good copy: {found.message}")
    with lock_of(place.directory):
        try:
            aside = replace(place.directory, copy, "", SystemClock().wall_ms())
        except OSError as error:
            raise LedgerError(f"{place.directory}: the copy cannot be put there: {error}") from error
    document = {"restored": str(copy), "rows": found.rows, "set_aside": str(aside)}
    _say(args, document, f"{copy}: {found.rows} rows are in place; what lay there is in {aside}")
    return 0


def _chosen(place: Place, named: str | None) -> Path:
    folder = place.directory / FOLDER
    if named is None:
        days = copies(folder)
        if not days:
            raise LedgerError(f"{folder}: there is no backup")
        return folder / days[-1]
    return folder / named if (folder / named / FILE_NAME).exists() else Path(named)


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


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=max(done, total))
