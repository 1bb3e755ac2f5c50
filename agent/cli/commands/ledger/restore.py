"""`sansang ledger restore`: a copy in the ledger's place, signed with the name of who did it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agent.characters import json_text
from agent.cli.agent_location import AgentLocation, locate_agent
from agent.cli.arguments import Subparsers, add_config, add_json, add_language, say
from agent.cli.signed_rows import who_asks
from agent.clock import SystemClock
from agent.errors import LedgerError
from agent.ledger.lock import check_owner
from agent.ledger.recovery.backup import FOLDER, copies
from agent.ledger.restore import Restoration, WholeLedgerError, restore
from agent.ledger.schema import FILE_NAME
from agent.text import Text

_REFUSED = Text(
    "{error}\nSổ ở đó còn nguyên vẹn. Thay bằng bản sao {copy} thì mất phần ghi sau bản sao, và báo cáo sẽ nói rõ ai đã"
    " khôi phục. Nếu đúng là muốn vậy: thêm --force",
    "{error}\nNothing is wrong with it. With the copy {copy} in its place, what was written after that copy is missing,"
    " and reports will say who restored it. If that is what you want: add --force",
)
_DONE = Text(
    "{copy}: đã khôi phục {rows} dòng; các tệp có trước đó nằm trong {aside}. Việc này đã ghi vào sổ: {who} khôi phục,"
    " thay cho {head}",
    "{copy}: {rows} rows are in place; what lay there is in {aside}. The ledger says so: by {who}, in place of {head}",
)
_HEAD = Text("dòng {} ({})", "row {} ({})")
_EMPTY = Text("chỗ chưa có sổ nào", "no ledger")
_NO_COPY = Text("{place}: không có bản sao nào", "{place}: there is no backup")


def add_parser(subcommands: Subparsers) -> None:
    """Register the subcommand."""
    parser = subcommands.add_parser(
        "restore",
        help=say(
            "đưa một bản sao vào chỗ của sổ; những gì ở đó được cất riêng",
            "put a copy in the ledger's place; what lies there is set aside",
        ),
    )
    parser.add_argument(
        "copy",
        nargs="?",
        metavar="DAY|DIR",
        help=say("bản sao nào (mặc định: bản mới nhất)", "which copy (default: the newest)"),
    )
    parser.add_argument(
        "--force", action="store_true", help=say("kể cả khi sổ đang nguyên vẹn", "also over a ledger that is whole")
    )
    add_config(parser)
    add_json(parser)
    add_language(parser)
    parser.set_defaults(run=_run, agent=None)


def _run(args: argparse.Namespace) -> int:
    location = locate_agent(args)
    say, who = location.language, who_asks()
    copy = _chosen(location, args.copy)
    check_owner(location.directory)
    try:
        done = restore(location.directory, copy, SystemClock(), who, force=args.force)
    except WholeLedgerError as error:
        raise LedgerError(_REFUSED.filled(error=error, copy=copy.name)) from error
    if args.json:
        sys.stdout.write(json_text(_document(copy, done, who)) + "\n")
    else:
        sys.stdout.write(_printed(copy, done, who, say) + "\n")
    return 0


def _chosen(location: AgentLocation, named: str | None) -> Path:
    folder = location.directory / FOLDER
    if named is None:
        days = copies(folder)
        if not days:
            raise LedgerError(_NO_COPY.filled(place=folder))
        return folder / days[-1]
    return folder / named if (folder / named / FILE_NAME).exists() else Path(named)


def _document(copy: Path, done: Restoration, who: str) -> dict[str, object]:
    replaced = {"seq": done.replaced.seq, "hash": done.replaced.hash.hex()} if done.replaced.seq else None
    document = {"restored": str(copy), "rows": done.rows, "set_aside": str(done.aside)}
    return document | {"who": who, "replaced": replaced, "forced": done.forced}


def _printed(copy: Path, done: Restoration, who: str, language: str) -> str:
    head = _EMPTY.to(language)
    if done.replaced.seq:
        head = _HEAD.to(language).format(done.replaced.seq, done.replaced.hash.hex()[:12])
    return _DONE.to(language).format(copy=copy, rows=done.rows, aside=done.aside, who=who, head=head)
