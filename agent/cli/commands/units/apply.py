"""`sansang units apply FILE`: show what a sheet of changes of units makes of the configuration; write it on --write."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from agent.characters import written_out
from agent.cli.arguments import Subparsers, add_config, add_language, folded, say
from agent.cli.commands.import_ import reload_lines, unwritten_lines
from agent.cli.failures import through_sudo
from agent.cli.tables.row_changes import change_lines, noted
from agent.cli.tables.units import change_text
from agent.clock import SystemClock
from agent.errors import ConfigError, ForbiddenError
from agent.inventory.importing.proposal import write
from agent.inventory.load import reading_failures_as_faults
from agent.inventory.locate import locate
from agent.inventory.unit_changes.propose import UnitChangeProposal, propose_changes
from agent.probes.registry import PROBES
from agent.text import Text

_NOTES = Text("Bỏ qua, hoặc đọc khác cách ghi:", "Left out, or read otherwise than it is written:")
_CHANGES = Text("Thay đổi: {new} mới, {known} đã ghi từ trước", "Changes: {new} new, {known} recorded before")
_NOTHING = Text(
    "Không có gì thay đổi: {known} thay đổi trong bảng đã được ghi từ trước.",
    "Nothing changes: recorded before are {known} of the sheet's changes.",
)
_WRITE = Text("Chưa ghi gì. Để ghi, thêm --write:", "Nothing written yet. To write it, add --write:")
_WRITTEN = Text("Đã ghi: {file}", "Written: {file}")
_GOOD = Text(
    "Cấu hình mới đúng: {sites} điểm, {targets} mục tiêu.",
    "The configuration is good with it: sites {sites}, targets {targets}.",
)


def add_parser(commands: Subparsers) -> None:
    """Register the subcommand."""
    parser = commands.add_parser(
        "apply",
        description=say(
            "Đưa thay đổi đơn vị từ bảng (.csv, .xlsx) vào cấu hình: mã và lịch sử được giữ, mục tiêu theo điểm. "
            "Trước hết chỉ cho xem.",
            "Take changes of units from a sheet (.csv, .xlsx) into the configuration: ids and history stay, targets "
            "follow their sites. The change is shown first.",
        ),
    )
    parser.add_argument(
        "file", type=Path, help=say("bảng thay đổi (.csv, .xlsx)", "the sheet of changes (.csv, .xlsx)")
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help=say("ghi thay đổi; không có thì chỉ cho xem", "write the change; without it only show it"),
    )
    add_config(parser)
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 shown, written or nothing to do; 2 refused, with every fault on stderr; 1 not writable."""
    try:
        config = locate(args.config)
        with reading_failures_as_faults(config, args.lang):
            proposal = propose_changes(config, args.file, PROBES, SystemClock().wall_ms(), args.lang)
    except ForbiddenError:
        raise
    except ConfigError as error:
        sys.stderr.writelines(f"{folded(written_out(str(fault)), sys.stderr)}\n" for fault in error.faults)
        return 2
    language = proposal.files.language
    _say(noted(proposal.files.notes, _NOTES.to(language)))
    if not proposal:
        _say([_NOTHING.to(language).format(known=proposal.repeated)])
        return 0
    _say(_shown(proposal))
    if not args.write:
        _say([_WRITE.to(language), f"  {_command(args, proposal)}"])
        return 0
    return _written(args, proposal, config)


def _shown(proposal: UnitChangeProposal) -> Iterator[str]:
    files, language = proposal.files, proposal.files.language
    yield from (remark.to(language) for remark in files.remarks)
    yield _CHANGES.to(language).format(new=len(proposal.changes), known=proposal.repeated)
    yield from (f"  + {change_text(change, language)}" for change in proposal.changes)
    yield from change_lines(files.changes, language)


def _written(args: argparse.Namespace, proposal: UnitChangeProposal, config: Path) -> int:
    files, language = proposal.files, proposal.files.language
    try:
        write(files, config)
    except OSError as error:
        lines = unwritten_lines(error, files, _command(args, proposal, sudo=False))
        sys.stderr.writelines(f"{written_out(line)}\n" for line in lines)
        return 1
    _say(_WRITTEN.to(language).format(file=path) for path in files.files)
    _say([_GOOD.to(language).format(sites=files.sites, targets=files.targets)])
    _say(reload_lines(config, files.listen, language))
    return 0


def _say(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{written_out(line)}\n" for line in lines)


def _command(args: argparse.Namespace, proposal: UnitChangeProposal, *, sudo: bool = True) -> str:
    """The whole line to type: this call, with --write."""
    given: list[str] = ["sansang", "units", "apply", str(args.file)]
    given += [
        word for name in ("config", "lang") if (value := getattr(args, name)) for word in (f"--{name}", str(value))
    ]
    folder = proposal.files.target.parent
    needed = sudo and (through_sudo() or (folder.exists() and not os.access(folder, os.W_OK)))
    return shlex.join([*(["sudo"] if needed else []), *given, "--write"])
