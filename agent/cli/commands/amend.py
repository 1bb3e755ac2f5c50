"""`sansang amend`: a signed correction of what a row of the ledger says; the row itself stays."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from agent.cli.agent_location import AgentLocation, add_location_options, locate_agent
from agent.cli.arguments import Subparsers, folded, print_json, say
from agent.cli.clients.signed_replies import parse_amendments
from agent.cli.signed_rows import parse_wall_ms, read_signed_rows, row_number, time_formats, write_signed_row
from agent.cli.tables.layout import columns, console, show
from agent.cli.visible import visible
from agent.clock import SystemClock
from agent.errors import SansangError
from agent.explain.labels import STATES
from agent.ledger.history.recorded import stamp
from agent.ledger.signed.amendments import Correction, DatedAmendment, amendment, read
from agent.ledger.signed.outages import CorrectedSpan, outage, span
from agent.ledger.store import Ledger
from agent.model import State
from agent.text import Text
from agent.web.request_body import amendment_body
from agent.web.signed_rows import of_amendments
from exporters.reports.formatting import moment as local_time

PATH = "/api/v1/amendments"
_MEANT = Text("Dòng {seq}: {target}, từ {start} đến {end}.", "Row {seq}: {target}, from {start} to {end}.")
_DONE = Text(
    "Đã ghi đính chính cho dòng {seq}; số liệu đã ghi vẫn giữ nguyên, bản đính chính đứng bên cạnh.",
    "Row {seq} is corrected; the figure as recorded stays, the amended one stands beside it.",
)
_NONE = Text("Chưa có đính chính nào.", "There is no correction.")
_COLUMNS = Text(
    "Dòng|Sửa dòng|Mục tiêu|Trạng thái|Từ|Đến|Ghi lúc|Người ký|Lý do",
    "Row|Corrects|Target|State|From|To|Recorded|Who|Why",
)
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
    parser.add_argument("--from", dest="start", metavar="TIME", help=time_formats())
    parser.add_argument(
        "--to",
        dest="end",
        metavar="TIME",
        help=say("với --outage thì lấy theo lần mất ấy nếu không ghi", "with --outage both are its own, unless given"),
    )
    parser.add_argument("--who", metavar="NAME", help=say("ai ký", "who signs for it"))
    parser.add_argument("--why", metavar="TEXT", help=say("lý do", "the reason"))
    add_location_options(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    location = locate_agent(args)
    if args.list:
        amendments = read_signed_rows(location, PATH, parse_amendments, read)
        if args.json:
            return print_json(of_amendments(amendments))
        _show(amendments, location)
        return 0
    _check_complete(args)
    span_meant = _span(location, args)
    amendments = _write(location, args, span_meant)
    if args.json:
        return print_json(of_amendments(amendments))
    language = location.language
    if span_meant.target:
        start, end = (local_time(at, location.zone.key, language) for at in (span_meant.start_ms, span_meant.end_ms))
        text = _MEANT.filled(seq=span_meant.seq, target=visible(span_meant.target), start=start, end=end)
        _print(text.to(language))
    _print(_DONE.to(language).format(seq=span_meant.seq))
    return 0


def _print(text: str) -> None:
    print(folded(text, sys.stdout))  # noqa: T201 - the command's own output


def _check_complete(args: argparse.Namespace) -> None:
    """SansangError that names every option that is missing."""
    which = [] if args.seq is not None or args.outage is not None or args.target is not None else ["SEQ or --outage"]
    needed = ("state", *(() if args.outage is not None else ("start", "end")), "who", "why")
    missing = [_SPELLED.get(name, f"--{name}") for name in needed if getattr(args, name) is None]
    if missing := [*which, *missing]:
        raise SansangError(_MISSING.filled(names=", ".join(missing)))


def _span(location: AgentLocation, args: argparse.Namespace) -> CorrectedSpan:
    """The row and the span; target "" where the row itself was named. LedgerError if the ledger has no such thing."""
    start, end = (None if text is None else parse_wall_ms(text, location.zone) for text in (args.start, args.end))
    ledger, now_ms = (location.directory, location.inventory.organisation.observer), SystemClock().wall_ms()
    if args.outage is not None:
        whole = outage(*ledger, args.outage, now_ms)
        first, last = (whole.start_ms if start is None else start), (whole.end_ms if end is None else end)
        return replace(whole, start_ms=first, end_ms=last)
    assert start is not None  # noqa: S101 - _check_complete saw to it
    assert end is not None  # noqa: S101 - as above
    return (
        CorrectedSpan(args.seq, "", start, end)
        if args.target is None
        else span(*ledger, args.target, (start, end), now_ms)
    )


def _write(location: AgentLocation, args: argparse.Namespace, corrected: CorrectedSpan) -> tuple[DatedAmendment, ...]:
    span_ms = corrected.start_ms, corrected.end_ms
    correction = Correction(corrected.seq, State[args.state.upper()], args.cause, *span_ms, args.who, args.why)

    def write(ledger: Ledger) -> tuple[DatedAmendment, ...]:
        ledger.append([amendment(ledger, correction, stamp(SystemClock()))])
        return read(ledger)

    return write_signed_row(location, PATH, amendment_body(correction), parse_amendments, write)


def _show(amendments: tuple[DatedAmendment, ...], location: AgentLocation) -> None:
    language = location.language
    if not amendments:
        print(_NONE.to(language))  # noqa: T201
        return
    records = [_record(amended, location) for amended in amendments]
    show(columns(_COLUMNS.to(language), prose=(7, 8), right=(0, 1)), records, console())


def _record(amended: DatedAmendment, location: AgentLocation) -> tuple[str, ...]:
    row, language = amended.row, location.language
    state = f"{STATES[row.state].to(language).lower()} ({row.cause})"
    instants = (row.start_wall_ms, row.end_wall_ms, amended.wall_ms)
    times = (local_time(at_ms, location.zone.key, language) for at_ms in instants)
    seqs = str(amended.seq), str(row.refers_to)
    return (*seqs, visible(amended.target), state, *times, visible(row.who), visible(row.why))
