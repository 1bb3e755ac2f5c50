"""`sansang ledger verify`: is it what was written, and does it still contain what somebody noted elsewhere?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.characters import json_text
from agent.cli.agent_location import locate_agent
from agent.cli.arguments import Subparsers, add_config, add_json, add_language, say
from agent.cli.commands.ledger import days
from agent.cli.commands.ledger.report import ReportComparison, compare_report, lines
from agent.cli.progress import bar
from agent.clock import SystemClock
from agent.explain.environment import environment_language
from agent.explain.ledger import verdict
from agent.ledger.integrity.consistency import first_overlap
from agent.ledger.integrity.noted_head import HeadCheck, HeadVerdict, find_head, parse_noted_head
from agent.ledger.integrity.verify import Verification, VerifiedLedger, verification, verified
from agent.text import Text, Translatable

_HEAD_TEXTS: Mapping[HeadVerdict, Text] = {
    HeadVerdict.CONTAINED: Text(
        "{noted}: có trong sổ này; các dòng từ 1 đến {seq} đúng như lúc mốc được ghi lại",
        "{noted}: in this ledger; rows 1 to {seq} are as they were when it was noted",
    ),
    HeadVerdict.CUT: Text(
        "{noted}: KHÔNG có trong sổ này; sổ kết thúc ở dòng {row}: đã bị cắt, thay bằng bản cũ hoặc lập lại từ đầu",
        "{noted}: NOT in this ledger, which ends at row {row}: it was cut, rolled back or begun anew",
    ),
    HeadVerdict.REWRITTEN: Text(
        "{noted}: KHÔNG có trong sổ này; dòng {row} nay có mã băm {hash}: dòng này hoặc một dòng trước đó đã bị"
        " viết lại",
        "{noted}: NOT in this ledger; row {row} has the hash {hash} now: this row or one before it was rewritten",
    ),
    HeadVerdict.BROKEN: Text(
        "{noted}: không kết luận được vì chuỗi băm đứt ở dòng {row}",
        "{noted}: cannot be judged, because the chain breaks at row {row}",
    ),
}


def add_parser(subcommands: Subparsers) -> None:
    """Register the subcommand."""
    check = subcommands.add_parser(
        "verify",
        help=say(
            "sổ có đúng như lúc được ghi không? mã thoát 1 nếu không", "is it what was written? exit code 1 if not"
        ),
    )
    check.add_argument(
        "--path",
        metavar="DIR",
        type=Path,
        help=say("thư mục khác, chẳng hạn một bản sao lưu", "another directory, such as a backup"),
    )
    check.add_argument(
        "--days",
        action="store_true",
        help=say(
            "tính lại cả số cộng theo ngày: có còn đúng không?",
            "count the daily sums again as well: are they still right?",
        ),
    )
    check.add_argument(
        "--anchor",
        metavar="SEQ:HASH",
        action="append",
        default=[],
        help=say(
            "mốc đã ghi ở nơi khác (báo cáo, nhật ký, cảnh báo): sổ này có còn chứa mốc ấy không?",
            "a head noted elsewhere (a report, the log, an alert): does this ledger still contain it?",
        ),
    )
    check.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help=say(
            "báo cáo đã nộp (.xlsx, .html, .csv, .json): sổ này có còn cho ra đúng từng ô không?",
            "a report that was handed in (.xlsx, .html, .csv, .json): does this ledger still give it, cell by cell?",
        ),
    )
    add_config(check)
    add_json(check)
    add_language(check)
    check.set_defaults(run=_run, agent=None)


def _run(args: argparse.Namespace) -> int:
    """SansangError for an anchor that names no row, before the long work."""
    anchors = [parse_noted_head(text) for text in args.anchor]
    directory = args.path or locate_agent(args).directory
    with bar("rows") as progress, verified(directory, anyway=True, progress=progress) as ledger:
        result = verification(ledger)
        heads = [find_head(noted, ledger.reader.hash_of, result) for noted in anchors]
        fault = _contradiction(args, directory, ledger) if result.ok else None
        wrong = ledger.wrong
    good = result.ok and not fault
    language = args.lang or (environment_language() if args.path else locate_agent(args).language)
    reports = [compare_report(file, locate_agent(args), directory, language) for file in args.report if good]
    fault_text = fault.to("en" if args.json else language) if fault else ""
    sentence = fault_text or (result.message if args.json else verdict(result.rows, wrong, language))
    _say(args, result, sentence, good, _Findings(language, heads, reports))
    whole = all(head.verdict is HeadVerdict.CONTAINED for head in heads) and not any(report.wrong for report in reports)
    return 0 if good and whole else 1


def _contradiction(args: argparse.Namespace, directory: Path, ledger: VerifiedLedger) -> Translatable | None:
    """What contradicts itself although every row is as written; None when nothing does."""
    with bar("targets") as progress:
        fault = first_overlap(ledger.reader, ledger.alive, SystemClock().wall_ms(), progress)
    if not fault and args.days:
        with bar("days") as progress:
            fault = days.first_difference(locate_agent(args), directory, progress)
    return fault


@dataclass(frozen=True, slots=True)
class _Findings:
    """What is reported beside the ledger itself."""

    language: str
    anchors: Sequence[HeadCheck]
    reports: Sequence[ReportComparison]


def _say(args: argparse.Namespace, result: Verification, message: str, good: bool, findings: _Findings) -> None:
    messages = [_head_message(head, findings.language) for head in findings.anchors]
    if not args.json:
        report_lines = [line for report in findings.reports for line in lines(report, findings.language)]
        sys.stdout.write("\n".join((message, *messages, *report_lines)) + "\n")
        return
    document: dict[str, object] = {
        "ok": good,
        "rows": result.rows,
        "first_bad_seq": result.first_bad_seq,
        "message": message,
    }
    if messages:
        document["anchors"] = [
            {"seq": head.noted.seq, "hash": head.noted.digits, "verdict": head.verdict.value, "message": text}
            for head, text in zip(findings.anchors, messages, strict=True)
        ]
    if findings.reports:
        document["reports"] = [
            {"file": str(report.file), "ok": not report.wrong, "differences": report.wrong, "versions": report.versions}
            for report in findings.reports
        ]
    sys.stdout.write(json_text(document) + "\n")


def _head_message(head: HeadCheck, language: str) -> str:
    text = _HEAD_TEXTS[head.verdict].to(language)
    return text.format(noted=head.noted, seq=head.noted.seq, row=head.row, hash=head.hash)
