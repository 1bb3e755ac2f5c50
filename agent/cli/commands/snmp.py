"""`sansang snmp import-mib FILE`: a MIB that came with a device, as a set of objects that a module can ask for."""

from __future__ import annotations

import argparse
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from agent.cli.arguments import Subparsers, add_language, say
from agent.errors import SansangError
from agent.text import Text
from exporters.atomic_file import write

MAX_CPU_SECONDS = 60

_SLOW = Text(
    "{file}: đọc mãi không xong ({seconds} giây): có phải tệp MIB không?",
    "{file}: not read within {seconds} s: is it a MIB file?",
)
_THERE = Text(
    "{file} đã có. Hãy đặt tên khác, hoặc thêm --force để ghi đè.",
    "{file} is there already. Choose another name, or add --force to write over it.",
)
_WRITTEN = Text(
    "Đã ghi {file}: {count} đối tượng của {mib}. Dùng trong mô-đun:",
    "Written {file}: {count} objects of {mib}. To use it in a module:",
)


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "snmp",
        description=say("Những việc quanh SNMP.", "What belongs to SNMP."),
    )
    subcommands = parser.add_subparsers(title=say("lệnh", "commands"), metavar="COMMAND", required=True)
    mib = subcommands.add_parser(
        "import-mib",
        help=say("biến tệp MIB của hãng thành tập đối tượng", "make a set of objects of a maker's MIB"),
        description=say(
            "Biến một tệp MIB (SMIv1 hoặc SMIv2) thành tập đối tượng mà mô-đun có thể hỏi. Các MIB mà nó cần thì để"
            " cùng thư mục.",
            "Make a set of objects, which a module can ask for, of a MIB file (SMIv1 or SMIv2). Other MIBs that it"
            " needs belong into the same folder.",
        ),
    )
    mib.add_argument("file", type=Path, help=say("tệp MIB", "the MIB file"))
    mib.add_argument(
        "--object",
        action="append",
        default=[],
        metavar="NAME",
        help=say(
            "chỉ lấy đối tượng, bảng hay nhánh này; dùng được nhiều lần",
            "this object, table or branch alone; may be repeated",
        ),
    )
    mib.add_argument(
        "-o",
        dest="output",
        type=Path,
        metavar="FILE",
        help=say("ghi ra tệp (mặc định: in ra)", "write to a file (default: stdout)"),
    )
    mib.add_argument("--force", action="store_true", help=say("ghi đè tệp đã có", "write over a file that is there"))
    add_language(mib)
    mib.set_defaults(run=_import_mib)


def _import_mib(args: argparse.Namespace) -> int:
    """Exit code 0 written; 2 the MIB or the call is wrong (SansangError)."""
    from agent.probes.snmp.mib import object_set  # noqa: PLC0415 - for this command alone
    from agent.probes.snmp.object_writer import object_file  # noqa: PLC0415

    with _bounded(args.file):
        imported = object_set(args.file, args.object)
    body = object_file(imported)
    if args.output is None:
        sys.stdout.write(body)
        return 0
    if args.output.exists() and not args.force:
        raise SansangError(_THERE.filled(file=args.output))
    write(args.output, body.encode())
    said = _WRITTEN.filled(file=args.output, count=len(imported.objects), mib=imported.title)
    sys.stdout.write(f"{say(said.vi, said.en)}\n  snmp-{imported.name}: {{probe: snmp, objects: [{args.output}]}}\n")
    return 0


@contextmanager
def _bounded(file: Path) -> Iterator[None]:
    """A file that keeps the parser busy for ever ends it; the kernel counts the CPU time."""

    def too_slow(_signal: int, _frame: FrameType | None) -> None:
        raise SansangError(_SLOW.filled(file=file.name, seconds=MAX_CPU_SECONDS))

    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    before = resource.getrlimit(resource.RLIMIT_CPU)
    handler = signal.signal(signal.SIGXCPU, too_slow)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + MAX_CPU_SECONDS, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)
        signal.signal(signal.SIGXCPU, handler)
