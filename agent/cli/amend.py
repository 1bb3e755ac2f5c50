"""`sansang amend`: a signed correction of what a row of the ledger says; the row itself stays."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agent.cli.signing import Place, add_place, as_json, known, language_of, local, moment, place_of, sign
from agent.cli.visible import visible
from agent.clock import SystemClock
from agent.errors import SansangError
from agent.ledger.amendments import Correction, amendment, read
from agent.ledger.store import Ledger
from agent.model import State
from agent.web.orders import of_amended, parse_amendment

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it

PATH = "/api/v1/amendments"
_WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "done": "Đã ghi đính chính cho dòng {seq}; số liệu đã ghi vẫn giữ nguyên, bản đính chính đứng bên cạnh.",
        "none": "Chưa có đính chính nào.",
        "columns": "Dòng|Sửa dòng|Mục tiêu|Trạng thái|Từ|Đến|Ghi lúc|Người ký|Lý do",
    },
    "en": {
        "done": "Row {seq} is corrected; the figure as recorded stays, the amended one stands beside it.",
        "none": "There is no correction.",
        "columns": "Row|Corrects|Target|State|From|To|Recorded|Who|Why",
    },
}
_NEEDED = ("seq", "state", "start", "end", "who", "why")


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser("amend", help="sign a correction of what the ledger says of a target")
    parser.add_argument("seq", nargs="?", type=int, metavar="SEQ", help="the row to correct (`sansang ledger export`)")
    parser.add_argument("--list", action="store_true", help="every correction there is")
    parser.add_argument("--state", choices=[state.name.lower() for state in State], help="what it really was")
    parser.add_argument("--cause", default="ok", metavar="WORD", help="a reason, or of unknown a cause (default: ok)")
    parser.add_argument("--from", dest="start", metavar="TIME", help='local time: "2026-12-01 22:00"')
    parser.add_argument("--to", dest="end", metavar="TIME")
    parser.add_argument("--who", metavar="NAME", help="who signs for it")
    parser.add_argument("--why", metavar="TEXT")
    add_place(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    place = place_of(args)
    words = _WORDS[language_of(args, place)]
    answer = _known(place) if args.list else _write(place, args)
    if args.json:
        return as_json(answer)
    if args.list:
        _show(answer, words, place)
    else:
        print(words["done"].format(seq=args.seq))  # noqa: T201 - the command's own output
    return 0


def _write(place: Place, args: argparse.Namespace) -> dict[str, Any]:
    if missing := [name for name in _NEEDED if getattr(args, name) is None]:
        spelled = {"seq": "SEQ", "start": "--from", "end": "--to"}
        raise SansangError(f"missing: {', '.join(spelled.get(name, f'--{name}') for name in missing)}")
    document = {
        "do": "add",
        "refers_to": args.seq,
        "state": args.state,
        "cause": args.cause,
        "from": moment(args.start, place.zone).isoformat(),
        "to": moment(args.end, place.zone).isoformat(),
        "who": args.who,
        "why": args.why,
    }
    wanted = parse_amendment(json.dumps(document).encode())
    assert isinstance(wanted, Correction)  # noqa: S101 - it was just written so

    def write(ledger: Ledger) -> dict[str, Any]:
        ledger.append([amendment(ledger, wanted, SystemClock().wall_ms())])
        return dict(of_amended(read(ledger)))

    return sign(place, PATH, document, write)


def _known(place: Place) -> dict[str, Any]:
    return known(place, PATH, lambda reader: dict(of_amended(read(reader))))


def _show(answer: dict[str, Any], words: Mapping[str, str], place: Place) -> None:
    if not answer["amendments"]:
        print(words["none"])  # noqa: T201
        return
    table = Table(*words["columns"].split("|"))
    for one in answer["amendments"]:
        table.add_row(
            str(one["seq"]),
            str(one["refers_to"]),
            escape(visible(one["target"])),
            f"{one['state']} ({one['cause']})",
            *(local(one[field], place.zone) for field in ("from", "to", "recorded")),
            escape(visible(one["who"])),
            escape(visible(one["why"])),
        )
    Console(highlight=False).print(table)
