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

from agent.characters import written_out
from agent.cli.arguments import add_language, say
from agent.cli.failures import not_written
from agent.errors import ConfigError, Fault
from agent.explain.environment import environment_language
from agent.inventory.changes import Changes, Row
from agent.inventory.importing import Proposal, propose, propose_blackbox, write
from agent.inventory.load import failures_told
from agent.inventory.locate import locate
from agent.probes.registry import PROBES

_WORDS = {
    "en": {
        "units": "Units",
        "sites": "Sites",
        "modules": "Modules",
        "notes": "Without a counterpart: left out, or read otherwise than by blackbox_exporter",
        "sheet_notes": "Of the sheet, left out or read otherwise than written:",
        "added": "added",
        "removed": "removed",
        "changed": "changed",
        "headers": ("Change", "Id", "Field", "Before", "After"),
        "nothing": "Nothing changes.",
        "apply": "Nothing written yet. To write {file}: add --apply",
        "written": "Written: {file}",
        "secret": "Secret into a file: {file}",
        "alone": "--secrets-to goes with --blackbox: a sheet holds no secrets",
    },
    "vi": {
        "units": "Đơn vị",
        "sites": "Điểm",
        "modules": "Module",
        "notes": "Không có phần tương ứng: bỏ qua hoặc đọc khác blackbox_exporter",
        "sheet_notes": "Trong bảng tính, đã bỏ qua hoặc hiểu khác chữ đã ghi:",
        "added": "thêm",
        "removed": "bỏ",
        "changed": "đổi",
        "headers": ("Thay đổi", "Mã", "Trường", "Trước", "Sau"),
        "nothing": "Không có gì thay đổi.",
        "apply": "Chưa ghi gì. Để ghi {file}: thêm --apply",
        "written": "Đã ghi: {file}",
        "secret": "Bí mật ra tệp: {file}",
        "alone": "--secrets-to chỉ đi với --blackbox: bảng tính không chứa bí mật",
    },
}


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "import",
        description=say(
            "Đưa điểm hoặc đơn vị từ bảng tính, hay mô-đun từ tệp blackbox.yml, vào cấu hình. "
            "Trước hết chỉ cho xem thay đổi.",
            "Take sites or units from a sheet, or modules from a blackbox.yml. The change is shown first.",
        ),
    )
    parser.add_argument(
        "file",
        type=Path,
        help=say(
            "bảng tính (.csv, .xlsx), hoặc với --blackbox là tệp blackbox.yml",
            "the sheet (.csv, .xlsx), or with --blackbox a blackbox.yml",
        ),
    )
    parser.add_argument(
        "--blackbox",
        action="store_true",
        help=say("lấy các mô-đun trong tệp của blackbox_exporter", "take over the modules of blackbox_exporter's file"),
    )
    parser.add_argument(
        "--secrets-to",
        type=Path,
        metavar="DIR",
        help=say(
            "với --blackbox: ghi bí mật để lộ trong tệp ra các tệp riêng trong thư mục này, chỉ chủ tệp đọc được",
            "with --blackbox: write secrets that stand there in clear to files in this folder, readable by its owner",
        ),
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=say(
            "tệp cấu hình hoặc thư mục của nó (mặc định: như của run)",
            "configuration file or its folder (default: as for run)",
        ),
    )
    parser.add_argument(
        "--apply",
        action="store_true",
        help=say("ghi thay đổi; không có thì chỉ cho xem", "write the change; without it only show it"),
    )
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 shown or written, 2 refused, with every fault on stderr; 1 when the file cannot be written."""
    if args.secrets_to is not None and not args.blackbox:
        sys.stderr.write(f"{_WORDS[args.lang or environment_language()]['alone']}\n")
        return 2
    try:
        config = locate(args.config)
        with failures_told(config, args.lang):
            proposal = _proposed(args, config)
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
    for path in proposal.secrets:
        console.print(Text(words["secret"].format(file=written_out(str(path)))), soft_wrap=True)
    if not args.apply:
        console.print(words["apply"].format(file=written_out(str(proposal.target))))
        return 0
    try:
        write(proposal)
    except OSError as error:
        file = error.filename or proposal.target
        sys.stderr.write(written_out(not_written(file, error, proposal.language)) + "\n")
        return 1
    console.print(words["written"].format(file=written_out(str(proposal.target))))
    return 0


def _proposed(args: argparse.Namespace, config: Path) -> Proposal:
    if args.blackbox:
        return propose_blackbox(config, args.file, PROBES, args.lang, args.secrets_to)
    return propose(config, args.file, PROBES, args.lang)


def _show_notes(console: Console, proposal: Proposal, words: dict[str, Any]) -> None:
    """What is alike is said once, before its places."""
    if proposal.notes:
        console.print(words["notes" if "modules" in proposal.changes else "sheet_notes"])
    alike: dict[tuple[str, str], list[Fault]] = {}
    for note in proposal.notes:
        alike.setdefault((note.wrong, note.right), []).append(note)
    for (wrong, right), notes in alike.items():
        lines = [str(notes[0])]
        if len(notes) > 1:
            lines = [f"{wrong}, {right}", *(f"  {note.place}" for note in notes)]
        for line in lines:
            console.print(Text(written_out(line)), soft_wrap=True)


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
