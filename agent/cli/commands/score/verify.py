"""`sansang score verify`: does a package follow from its own evidence, from the ledger, and is it the one handed in?"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from agent.characters import quoted
from agent.cli.agent_location import AgentLocation, locate_agent
from agent.cli.arguments import Subparsers, add_config, add_json, add_language, print_json, say
from agent.cli.commands.score.verdicts import LedgerCheck, PackageOrigin, PackageVerdict, document, lines
from agent.cli.failures import refuse_damaged
from agent.clock import SystemClock
from agent.errors import FileError, LedgerDamagedError, SansangError
from agent.explain.environment import environment_language
from agent.ledger.integrity.verify import verified
from agent.ledger.signed.score_issues import DatedScoreIssue, read
from agent.regular_file import read_regular
from agent.reporting.scoring.ledger_score import score_from_ledger
from agent.scoring.package.archive import read_archive
from agent.text import Text
from exporters.scores.package import request_of, score_package
from exporters.scores.verification import PackageCheck, check_package, compared, made_by

MOST_BYTES = 2 * 1024 * 1024 * 1024
_SHA256 = re.compile("[0-9a-f]{64}")
_TOO_LARGE = Text(
    "{path}: lớn hơn {most} MiB, không gói chấm điểm nào cần nhiều như vậy",
    "{path}: larger than {most} MiB, which no score package needs",
)
_NO_HASH = Text(
    "--manifest {value}: phải là mã SHA-256, 64 chữ số 0-9, a-f, như ở bảng điểm đã nộp",
    "--manifest {value}: right would be a SHA-256, 64 digits 0-9, a-f, as the workbook that was handed in has it",
)


def add_parser(subcommands: Subparsers) -> None:
    """Register the subcommand."""
    parser = subcommands.add_parser(
        "verify",
        help=say(
            "gói chấm điểm có đúng từng byte không, và có phải gói đã nộp không? mã thoát 1 nếu không",
            "is a package right to the byte, and is it the one handed in? exit code 1 if not",
        ),
    )
    parser.add_argument("package", metavar="PACKAGE", type=Path, help=say("tệp package.zip", "the package.zip"))
    parser.add_argument(
        "--manifest",
        metavar="SHA256",
        help=say(
            "mã của gói, như ở bảng điểm đã nộp: chứng minh nguồn gốc",
            "the package's hash, as the workbook handed in has it: proves its origin",
        ),
    )
    parser.add_argument(
        "--ledger",
        action="store_true",
        help=say("lập lại từ sổ của bộ giám sát rồi so từng byte", "make it again from the ledger, and compare"),
    )
    parser.add_argument(
        "--path",
        metavar="DIR",
        type=Path,
        help=say("sổ ở thư mục khác, chẳng hạn một bản sao lưu", "a ledger elsewhere, such as a backup"),
    )
    add_config(parser)
    add_json(parser)
    add_language(parser)
    parser.set_defaults(run=_run, agent=None)


def _run(args: argparse.Namespace) -> int:
    """ArchiveError for what is no package. A ledger that is not what was written: 1."""
    wanted = _wanted(args.manifest)
    location = locate_agent(args) if args.ledger or args.path else None
    language = args.lang or (environment_language() if location is None else location.language)
    data = _read(args.package)
    check = check_package(data)
    try:
        ledger = None if location is None else _against_ledger(data, check, location, args.path or location.directory)
    except LedgerDamagedError as error:
        return refuse_damaged(error, language)
    verdict = PackageVerdict(args.package.name, len(data), check, _origin(check, wanted, ledger), wanted, ledger)
    if args.json:
        print_json(document(verdict))
    else:
        zone = "UTC" if location is None else location.zone.key
        sys.stdout.write("\n".join(lines(verdict, language, zone)) + "\n")
    return 0 if verdict.good else 1


def _wanted(text: str | None) -> str:
    if text is None:
        return ""
    digits = text.strip().lower()
    if _SHA256.fullmatch(digits) is None:
        raise SansangError(_NO_HASH.filled(value=quoted(text[:80])))
    return digits


def _read(path: Path) -> bytes:
    try:
        data, _ = read_regular(path, MOST_BYTES + 1)
    except OSError as error:
        raise FileError(path, error) from error
    if len(data) > MOST_BYTES:
        raise SansangError(_TOO_LARGE.filled(path=path, most=MOST_BYTES // 1024 // 1024))
    return data


def _origin(check: PackageCheck, wanted: str, ledger: LedgerCheck | None) -> PackageOrigin:
    if wanted:
        return PackageOrigin.HASH if wanted == check.manifest_sha256 else PackageOrigin.OTHER
    return PackageOrigin.LEDGER if ledger is not None and ledger.issue is not None else PackageOrigin.NOT_PROVED


def _against_ledger(data: bytes, check: PackageCheck, location: AgentLocation, directory: Path) -> LedgerCheck:
    """The package as the ledger gives it at the row and instant that it names, and the row that names its hash."""
    issue = _issue(directory, check.manifest_sha256)
    if check.manifest is None or check.report is None:
        return LedgerCheck(issue, None)
    packed, request = check.report, request_of(check.manifest)
    try:
        report = score_from_ledger(
            directory,
            location.inventory.organisation,
            request,
            packed.sheet,
            packed.evidence.given,
            SystemClock().wall_ms(),
            before=packed.before,
        )
    except LedgerDamagedError:
        raise
    except SansangError as error:
        return LedgerCheck(issue, None, error)
    rebuilt = score_package(report, made_by(check.manifest)).files
    return LedgerCheck(issue, tuple(compared(read_archive(data).files, rebuilt)))


def _issue(directory: Path, manifest: str) -> DatedScoreIssue | None:
    with verified(directory) as ledger:
        return next((issue for issue in read(ledger.reader) if issue.row.manifest == manifest), None)
