"""`sansang import FILE`: show what a sheet or a blackbox.yml would change, and apply it on --apply."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.errors import ConfigError, written_out
from agent.inventory.changes import Changes, Row
from agent.inventory.importing import Proposal, propose, propose_blackbox, write
from agent.inventory.load import failures_told
from agent.inventory.locate import locate
from agent.inventory.messages import LANGUAGES
from agent.probes.registry import PROBES

_WORDS = {
    "en": {
        "units": "Units",
        "sites": "Sites",
        "modules": "Modules",
        "notes": "Without a counterpart:",
        "added": "added",
        "removed": "removed",
        "changed": "changed",
        "headers": ("Change", "Id", "Field", "Before", "After"),
        "nothing": "Nothing changes.",
        "apply": "Nothing written yet. To write {file}: add --apply",
        "written": "Written: {file}",
        "failed": "cannot write {file}: {detail}",
    },
    "vi": {
        "units": "Đơn vị",
        "sites": "Điểm",
        "modules": "Module",
        "notes": "Không có phần tương ứng:",
        "added": "thêm",
        "removed": "bỏ",
        "changed": "đổi",
        "headers": ("Thay đổi", "Mã", "Trường", "Trước", "Sau"),
        "nothing": "Không có gì thay đổi.",
        "apply": "Chưa ghi gì. Để ghi {file}: thêm --apply",
        "written": "Đã ghi: {file}",
        "failed": "không ghi được {file}: {detail}",
    },
}


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("import", help="take sites or units from a sheet, or modules from a blackbox.yml")
    parser.add_argument("file", type=Path, help="the sheet (.csv, .xlsx), or with --blackbox a blackbox.yml")
    parser.add_argument("--blackbox", action="store_true", help="take over the modules of blackbox_exporter's file")
    parser.add_argument("--config", help="configuration file or its folder (default: as for run)")
    parser.add_argument("--apply", action="store_true", help="write the change; without it only show it")
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the messages (default: the organisation's)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 shown or written, 2 refused, with every fault on stderr; 1 when the file cannot be written."""
    try:
        proposing = propose_blackbox if args.blackbox else propose
        config = locate(args.config)
        with failures_told(config, args.lang):
            proposal = proposing(config, args.file, PROBES, args.lang)
    except ConfigError as error:
        sys.stderr.writelines(f"{fault}\n" for fault in error.faults)
        return 2
    words: dict[str, Any] = _WORDS[proposal.language]
    console = Console(highlight=False, markup=False)
    _show_notes(console, proposal, words)
    if not proposal:
        console.print(words["nothing"])
        return 0
    _show(console, proposal, words)
    if not args.apply:
        console.print(words["apply"].format(file=written_out(str(proposal.target))))
        return 0
    try:
        write(proposal)
    except OSError as error:
        sys.stderr.write(words["failed"].format(file=proposal.target, detail=error.strerror) + "\n")
        return 1
    console.print(words["written"].format(file=written_out(str(proposal.target))))
    return 0


def _show_notes(console: Console, proposal: Proposal, words: dict[str, Any]) -> None:
    if proposal.notes:
        console.print(words["notes"])
    for note in proposal.notes:
        console.print(Text(written_out(str(note))), soft_wrap=True)


def _show(console: Console, proposal: Proposal, words: dict[str, Any]) -> None:
    for kind, changes in proposal.changes.items():
        if not changes:
            continue
        table = Table(*words["headers"], title=words[kind])
        for cells in _lines(changes, words):
            table.add_row(*(Text(written_out(cell)) for cell in cells))
        console.print(table)


def _lines(changes: Changes, words: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for row in changes.added:
        yield (f"+ {words['added']}", row["id"], "", "", _summary(row))
    for row in changes.removed:
        yield (f"- {words['removed']}", row["id"], "", _summary(row), "")
    for changed in changes.changed:
        for field in changed.fields:
            yield (f"~ {words['changed']}", changed.id, field.key, field.before, field.after)


def _summary(row: Row) -> str:
    return ", ".join(f"{key} {value}" for key, value in row.items() if key != "id")
