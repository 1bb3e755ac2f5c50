"""`sansang import FILE`: show what a sheet, a blackbox.yml or a snmp.yml would change, and apply it on --apply."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.atomic_file import UNFINISHED
from agent.characters import written_out
from agent.cli.arguments import Subparsers, add_language, folded, say
from agent.cli.failures import through_sudo
from agent.cli.tables.row_changes import change_lines, noted
from agent.errors import ConfigError, ForbiddenError
from agent.explain.environment import environment_language
from agent.explain.system_errors import why
from agent.inventory.importing.lists import ImportAnswers
from agent.inventory.importing.proposal import ImportProposal, write
from agent.inventory.importing.propose import propose
from agent.inventory.importing.propose_blackbox import propose_blackbox
from agent.inventory.importing.propose_snmp_exporter import propose_snmp_exporter
from agent.inventory.load import reading_failures_as_faults
from agent.inventory.locate import locate
from agent.probes.registry import PROBES
from agent.text import Text

_UNIT_FILES = (Path("/etc/systemd/system/sansang.service"), Path("/usr/lib/systemd/system/sansang.service"))
_SYSTEMD = Path("/run/systemd/system")
_NOTES = Text(
    "Không có phần tương ứng: bỏ qua hoặc đọc khác blackbox_exporter",
    "Without a counterpart: left out, or read otherwise than by blackbox_exporter",
)
_SNMP_NOTES = Text(
    "Không có phần tương ứng: bỏ qua hoặc đọc khác snmp_exporter",
    "Without a counterpart: left out, or read otherwise than by snmp_exporter",
)
_WARNINGS = Text("Nên xem lại, nhưng không vì thế mà bị từ chối:", "Worth a look; nothing is refused for it:")
_NOTHING = Text("Không có gì thay đổi.", "Nothing changes.")
_APPLY = Text("Chưa ghi gì. Để ghi {file}, thêm --apply:", "Nothing written yet. To write {file}, add --apply:")
_ASKED = Text(
    "Chưa ghi gì, vì còn câu hỏi cần trả lời; hãy gõ một trong các dòng lệnh sau:",
    "Nothing is written before this is answered; one of the lines is what to type:",
)
_WRITTEN = Text("Đã ghi: {file}", "Written: {file}")
_GOOD = Text(
    "Cấu hình mới đúng: {sites} điểm, {targets} mục tiêu.",
    "The configuration is good with it: sites {sites}, targets {targets}.",
)
_RELOAD = Text("Bây giờ cho bộ giám sát đọc cấu hình mới:", "Now let the agent read it:")
_START = Text("Nếu bộ giám sát chưa chạy:", "If no agent runs yet:")
_SECRET = Text("Bí mật ra tệp: {file}", "Secret into a file: {file}")
_ALONE = Text(
    "--secrets-to chỉ đi với --blackbox, --snmp-exporter: bảng tính không chứa bí mật",
    "--secrets-to goes with --blackbox, --snmp-exporter: a sheet holds no secrets",
)
_FAILED = Text("không ghi được {file}: {detail}", "cannot write {file}: {detail}")
_AS_ROOT = Text(
    "Người dùng này không được ghi ở đó. Hãy gõ: {command}",
    "This user may not write there. Type: {command}",
)


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "import",
        description=say(
            "Đưa điểm, đơn vị, liên hệ từ bảng tính, hay mô-đun từ tệp blackbox.yml hoặc snmp.yml, vào cấu hình. "
            "Trước hết chỉ cho xem thay đổi.",
            "Take sites, units and contacts from a sheet, or modules from a blackbox.yml or a snmp.yml. "
            "The change is shown first.",
        ),
    )
    parser.add_argument(
        "file",
        type=Path,
        help=say(
            "bảng tính (.csv, .xlsx), hoặc với --blackbox là tệp blackbox.yml, với --snmp-exporter là tệp snmp.yml",
            "the sheet (.csv, .xlsx), or with --blackbox a blackbox.yml, with --snmp-exporter a snmp.yml",
        ),
    )
    parser.add_argument(
        "--apply",
        action="store_true",
        help=say("ghi thay đổi; không có thì chỉ cho xem", "write the change; without it only show it"),
    )
    _add_answers(parser)
    _add_exporters(parser)
    parser.add_argument(
        "--secrets-to",
        type=Path,
        metavar="DIR",
        help=say(
            "với --blackbox, --snmp-exporter: ghi bí mật để lộ trong tệp ra tệp riêng trong thư mục này, "
            "chỉ chủ tệp đọc được",
            "with --blackbox, --snmp-exporter: write secrets that stand there in clear to files in this folder, "
            "readable by its owner",
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
    add_language(parser)
    parser.set_defaults(run=run)


def _add_exporters(parser: argparse.ArgumentParser) -> None:
    """Files of other programs."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--blackbox",
        action="store_true",
        help=say("lấy các mô-đun trong tệp của blackbox_exporter", "take over the modules of blackbox_exporter's file"),
    )
    which.add_argument(
        "--snmp-exporter",
        action="store_true",
        help=say("lấy các mô-đun trong tệp của snmp_exporter", "take over the modules of snmp_exporter's file"),
    )


def _add_answers(parser: argparse.ArgumentParser) -> None:
    """The answers to what an import may ask."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--replaces",
        metavar="LIST",
        default="",
        help=say("bảng này là bản mới của danh sách đó", "the list that this sheet is the new version of"),
    )
    which.add_argument(
        "--new", action="store_true", help=say("bảng này là một danh sách riêng", "the sheet is a list of its own")
    )
    parser.add_argument(
        "--renamed",
        metavar="ID,...",
        default="",
        help=say(
            "mã các điểm chỉ đổi tên; hoặc all (tất cả), none (không điểm nào)",
            "sites that only have a new name, by id; or all, or none",
        ),
    )
    parser.add_argument(
        "--gone",
        choices=("keep", "remove"),
        default="",
        help=say(
            "điểm không có trong bảng: keep (giữ) hay remove (bỏ)", "sites that are not in the sheet: keep or remove"
        ),
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0 shown or written; 2 refused, with every fault on stderr, or a question is open; 1 not writable."""
    if args.secrets_to is not None and not (args.blackbox or args.snmp_exporter):
        sys.stderr.write(f"{_ALONE.to(args.lang or environment_language())}\n")
        return 2
    try:
        config = locate(args.config)
        with reading_failures_as_faults(config, args.lang):
            proposal = _proposed(args, config)
    except ForbiddenError:
        raise
    except ConfigError as error:
        sys.stderr.writelines(f"{folded(written_out(str(fault)), sys.stderr)}\n" for fault in error.faults)
        return 2
    language = proposal.language
    heading = _NOTES if args.blackbox else _SNMP_NOTES if args.snmp_exporter else _WARNINGS
    _say(noted(proposal.notes, heading.to(language)))
    if not (proposal or proposal.questions):
        _say([_NOTHING.to(language)])
        return 0
    _say([*(remark.to(language) for remark in proposal.remarks), *change_lines(proposal.changes, language)])
    _say(_SECRET.to(language).format(file=path) for path in proposal.secrets)
    if proposal.questions:
        sys.stdout.flush()
        sys.stderr.writelines(f"{written_out(line)}\n" for line in _asked(args, proposal))
        return 2
    if not args.apply:
        _say([_APPLY.to(language).format(file=proposal.target), f"  {_command(args, proposal, ('--apply',))}"])
        return 0
    return _written(args, proposal, config)


def _proposed(args: argparse.Namespace, config: Path) -> ImportProposal:
    if args.blackbox:
        return propose_blackbox(config, args.file, PROBES, args.lang, args.secrets_to)
    if args.snmp_exporter:
        return propose_snmp_exporter(config, args.file, PROBES, args.lang, args.secrets_to)
    renamed = tuple(part.strip() for part in args.renamed.split(",") if part.strip())
    return propose(config, args.file, PROBES, args.lang, ImportAnswers(args.replaces, args.new, renamed, args.gone))


def _written(args: argparse.Namespace, proposal: ImportProposal, config: Path) -> int:
    language = proposal.language
    try:
        write(proposal, config)
    except OSError as error:
        lines = unwritten_lines(error, proposal, _command(args, proposal, ("--apply",), sudo=False))
        sys.stderr.writelines(f"{written_out(line)}\n" for line in lines)
        return 1
    _say(_WRITTEN.to(language).format(file=path) for path in (*proposal.named, *proposal.files))
    if not (args.blackbox or args.snmp_exporter):
        _say([_GOOD.to(language).format(sites=proposal.sites, targets=proposal.targets)])
        _say(reload_lines(config, proposal.listen, language))
    return 0


def _say(lines: Iterator[str] | Sequence[str]) -> None:
    sys.stdout.writelines(f"{written_out(line)}\n" for line in lines)


def _asked(args: argparse.Namespace, proposal: ImportProposal) -> Iterator[str]:
    """Every question with what to type for each answer, those of the others being the first."""
    language = proposal.language
    yield _ASKED.to(language)
    for question in proposal.questions:
        yield ""
        yield question.asks.to(proposal.language)
        yield from (f"  {detail.to(proposal.language)}" for detail in question.details)
        others = [other.answers[0].options for other in proposal.questions if other is not question]
        for answer in question.answers:
            yield f"  * {answer.means.to(proposal.language)}:"
            yield f"    {_command(args, proposal, ('--apply', *_options((answer.options, *others))))}"


def _options(answers: Sequence[tuple[str, ...]]) -> list[str]:
    """The options of several answers; of two that begin alike the first."""
    by_name = {options[0]: options for options in reversed(answers)}
    return [word for options in by_name.values() for word in options]


def _command(args: argparse.Namespace, proposal: ImportProposal, more: Sequence[str], *, sudo: bool = True) -> str:
    """The whole line to type: this call, and more."""
    given: list[str] = ["sansang", "import", str(args.file)]
    given += [word for name in ("config", "lang", "replaces", "renamed", "gone", "secrets_to")
              if (value := getattr(args, name)) for word in (f"--{name.replace('_', '-')}", str(value))]  # fmt: skip
    given += [f"--{name.replace('_', '-')}" for name in ("new", "blackbox", "snmp_exporter") if getattr(args, name)]
    needed = sudo and (through_sudo() or not _writable(proposal.target))
    return shlex.join([*(["sudo"] if needed else []), *given, *more])


def _writable(target: Path) -> bool:
    """Whether this user may write there, as far as can be told before."""
    folder = next((path for path in target.parents if path.exists()), target.parent)
    return os.access(folder, os.W_OK)


def unwritten_lines(error: OSError, proposal: ImportProposal, command: str) -> Iterator[str]:
    """Which file could not be written and why; where root may, the command to type as root."""
    language = proposal.language
    unfinished = Path(error.filename or "").name.endswith(UNFINISHED)
    file = proposal.target if unfinished or not error.filename else error.filename
    yield _FAILED.to(language).format(file=file, detail=why(error, language))
    if isinstance(error, PermissionError) and os.geteuid() != 0:
        yield _AS_ROOT.to(language).format(command=f"sudo {command}")


def reload_lines(config: Path, listen: str, language: str) -> Iterator[str]:
    """What to type now: to systemd where its unit runs this configuration, else to the agent itself."""
    yield _RELOAD.to(language)
    if _has_unit(config):
        yield "  sudo systemctl reload-or-restart sansang"
        return
    yield f"  curl -X POST http://{listen}/-/reload"
    yield _START.to(language)
    yield f"  {shlex.join(['sansang', 'run', '--config', str(config)])}"


def _has_unit(config: Path) -> bool:
    def runs(unit: Path) -> bool:
        try:
            return str(config.resolve()) in unit.read_text("utf-8")
        except OSError:
            return False

    return _SYSTEMD.exists() and any(map(runs, _UNIT_FILES))
