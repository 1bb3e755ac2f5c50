"""`sansang amend`: a signed correction of what a row of the ledger says; the row itself stays."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.availability.instants import iso_utc
from agent.cli.agent_location import (
    Place,
    add_place,
    as_json,
    known,
    language_of,
    local,
    moment,
    place_of,
    row_number,
    sign,
    times,
    understood,
)
from agent.cli.arguments import folded, say
from agent.cli.tables.layout import columns, console, show
from agent.cli.visible import visible
from agent.clock import SystemClock
from agent.errors import SansangError
from agent.explain.words import STATES
from agent.ledger.history.recorded import stamp
from agent.ledger.signed.amendments import Correction, amendment, read
from agent.ledger.signed.outages import CorrectedSpan, outage, span
from agent.ledger.store import Ledger
from agent.model import State
from agent.text import Text
from agent.web.ledger_writes import of_amended, parse_amendment
from exporters.reports.formatting import moment as shown

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it

PATH = "/api/v1/amendments"
_WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "meant": "Dòng {seq}: {target}, từ {start} đến {end}.",
        "done": "Đã ghi đính chính cho dòng {seq}; số liệu đã ghi vẫn giữ nguyên, bản đính chính đứng bên cạnh.",
        "none": "Chưa có đính chính nào.",
        "columns": "Dòng|Sửa dòng|Mục tiêu|Trạng thái|Từ|Đến|Ghi lúc|Người ký|Lý do",
    },
    "en": {
        "meant": "Row {seq}: {target}, from {start} to {end}.",
        "done": "Row {seq} is corrected; the figure as recorded stays, the amended one stands beside it.",
        "none": "There is no correction.",
        "columns": "Row|Corrects|Target|State|From|To|Recorded|Who|Why",
    },
}
_MISSING = Text("còn thiếu: {names}", "missing: {names}")
_SPELLED = {"start": "--from", "end": "--to"}


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "amend",
        description=say(
            "Ký đính chính điều sổ đã ghi về một mục tiêu. Số liệu đã ghi vẫn giữ nguyên, bản đính chính đứng cạnh.",
            "Sign a correction of what the ledger says of a target. The figure as recorded stays beside it.",
        ),
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "seq",
        nargs="?",
        type=row_number,
        metavar="SEQ",
        help=say("dòng cần sửa (`sansang ledger export`)", "the row to correct (`sansang ledger export`)"),
    )
    what.add_argument(
        "--outage",
        type=row_number,
        metavar="NUMBER",
        help=say("lần mất cần sửa, theo số trong báo cáo", "the outage to correct, as reports number it"),
    )
    what.add_argument(
        "--target",
        metavar="ID",
        help=say("sửa trạng thái của mục tiêu từ --from đến --to", "what the target was from --from to --to"),
    )
    what.add_argument("--list", action="store_true", help=say("mọi đính chính đã có", "every correction there is"))
    parser.add_argument(
        "--state", choices=[state.name.lower() for state in State], help=say("trạng thái thật", "what it really was")
    )
    parser.add_argument(
        "--cause",
        default="ok",
        metavar="WORD",
        help=say("lý do, hoặc nguyên nhân của unknown (mặc định: ok)", "a reason, or of unknown a cause (default: ok)"),
    )
    parser.add_argument("--from", dest="start", metavar="TIME", help=times())
    parser.add_argument(
        "--to",
        dest="end",
        metavar="TIME",
        help=say("với --outage thì lấy theo lần mất ấy nếu không ghi", "with --outage both are its own, unless given"),
    )
    parser.add_argument("--who", metavar="NAME", help=say("ai ký", "who signs for it"))
    parser.add_argument("--why", metavar="TEXT", help=say("lý do", "the reason"))
    add_place(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    place = place_of(args)
    language = language_of(args, place)
    words = _WORDS[language]
    if args.list:
        answer = known(place, PATH, lambda reader: dict(of_amended(read(reader))))
        if args.json:
            return as_json(answer)
        _show(answer, words, place, language)
        return 0
    _complete(args)
    meant = _meant(place, args)
    answer = _write(place, args, meant)
    if args.json:
        return as_json(answer)
    if meant.target:
        start, end = (shown(at, place.zone.key, language) for at in (meant.start_ms, meant.end_ms))
        _say(words["meant"].format(seq=meant.seq, target=visible(meant.target), start=start, end=end))
    _say(words["done"].format(seq=meant.seq))
    return 0


def _say(text: str) -> None:
    print(folded(text, sys.stdout))  # noqa: T201 - the command's own output


def _complete(args: argparse.Namespace) -> None:
    """SansangError that names every option that is missing."""
    which = [] if args.seq is not None or args.outage is not None or args.target is not None else ["SEQ or --outage"]
    needed = ("state", *(() if args.outage is not None else ("start", "end")), "who", "why")
    missing = [_SPELLED.get(name, f"--{name}") for name in needed if getattr(args, name) is None]
    if missing := [*which, *missing]:
        raise SansangError(_MISSING.filled(names=", ".join(missing)))


def _meant(place: Place, args: argparse.Namespace) -> CorrectedSpan:
    """The row and the span; target "" where the row itself was named. LedgerError if the ledger has no such thing."""
    start, end = (None if text is None else _wall(text, place) for text in (args.start, args.end))
    ledger, now_ms = (place.directory, place.inventory.organisation.observer), SystemClock().wall_ms()
    if args.outage is not None:
        found = outage(*ledger, args.outage, now_ms)
        first, last = (found.start_ms if start is None else start), (found.end_ms if end is None else end)
        return replace(found, start_ms=first, end_ms=last)
    assert start is not None  # noqa: S101 - _complete saw to it
    assert end is not None  # noqa: S101 - as above
    return (
        CorrectedSpan(args.seq, "", start, end)
        if args.target is None
        else span(*ledger, args.target, (start, end), now_ms)
    )


def _wall(text: str, place: Place) -> int:
    return round(moment(text, place.zone).timestamp() * 1000)


def _write(place: Place, args: argparse.Namespace, meant: CorrectedSpan) -> dict[str, Any]:
    document = {
        "do": "add",
        "refers_to": meant.seq,
        "state": args.state,
        "cause": args.cause,
        "from": iso_utc(meant.start_ms),
        "to": iso_utc(meant.end_ms),
        "who": args.who,
        "why": args.why,
    }
    wanted = understood(parse_amendment, document)
    assert isinstance(wanted, Correction)  # noqa: S101 - it was just written so

    def write(ledger: Ledger) -> dict[str, Any]:
        ledger.append([amendment(ledger, wanted, stamp(SystemClock()))])
        return dict(of_amended(read(ledger)))

    return sign(place, PATH, document, write)


def _show(answer: dict[str, Any], words: Mapping[str, str], place: Place, language: str) -> None:
    if not answer["amendments"]:
        print(words["none"])  # noqa: T201
        return
    records = [
        (
            str(one["seq"]),
            str(one["refers_to"]),
            visible(one["target"]),
            f"{STATES[State[one['state'].upper()]].to(language).lower()} ({one['cause']})",
            *(local(one[field], place, language) for field in ("from", "to", "recorded")),
            visible(one["who"]),
            visible(one["why"]),
        )
        for one in answer["amendments"]
    ]
    show(columns(words["columns"], prose=(7, 8), right=(0, 1)), records, console())
