"""`sansang build`: boards, rules and the configuration around them, to files, compared with them, or into a Grafana."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from agent.cli.arguments import Subparsers, folded, language_now, say
from agent.cli.commands.build import push_options
from agent.cli.commands.build.settings import settings_of
from agent.cli.failures import not_written
from agent.clock import SystemClock
from agent.errors import FileError
from agent.inventory.load import load
from agent.inventory.locate import locate
from agent.probes.registry import PROBES
from agent.text import LANGUAGES, Text
from dashboards.generated_files import is_as_built
from dashboards.settings import ALL, PARTS, BuildSettings
from exporters.atomic_file import write

_WRITTEN = Text("Đã ghi {changed} trong {all} tệp vào {out}.", "{changed} of {all} files written to {out}.")
_SAME = Text(
    "Cả {all} tệp trong {out} đều đúng như khi tạo mới.",
    "All {all} files in {out} are as they would be built.",
)
_DIFFERS = Text("đã cũ: {file}", "out of date: {file}")
_MISSING = Text("còn thiếu: {file}", "missing: {file}")
_BUILD = Text("Ghi lại bằng: sansang build {part}", "Write them with: sansang build {part}")
_EDITED = Text("để nguyên vì đã sửa tay: {file}", "left alone, edited by hand: {file}")
_FORCE = Text(
    "Hãy đưa phần đã sửa vào sansang.yml (notify, runbooks, grafana), rồi thêm --force để ghi lại.",
    "What it holds belongs into sansang.yml (notify, runbooks, grafana); then --force writes it anew.",
)
_NOBODY = Text(
    "sansang.yml chưa có notify: cảnh báo chỉ gửi tới root@localhost trên máy này (docs/alerts.md).",
    "sansang.yml has no notify: alerts go to root@localhost, on this machine, alone (docs/alerts.md).",
)


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "build",
        description=say(
            "Tạo bảng Grafana, luật cảnh báo và cấu hình đi kèm: ghi ra tệp, so với tệp đã có, hoặc đưa lên Grafana.",
            "Write Grafana boards, alert rules and the configuration around them: to files, compared with them, or "
            "into a Grafana.",
        ),
    )
    parser.add_argument(
        "part",
        nargs="?",
        choices=(ALL, *PARTS),
        default=ALL,
        help=say("phần cần tạo (mặc định: %(default)s)", "what to write (default: %(default)s)"),
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=say("lấy tên, cấp và địa chỉ từ tệp cấu hình này", "take names, levels and addresses from this inventory"),
    )
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        help=say(
            "ngôn ngữ được nạp (mặc định: ngôn ngữ của cơ quan)",
            "the language that is loaded (default: the organisation's)",
        ),
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("config"),
        metavar="DIR",
        help=say("thư mục ghi ra (mặc định: %(default)s)", "where to (default: %(default)s)"),
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help=say("không ghi gì; mã thoát 1 khi có tệp khác đi", "write nothing; exit 1 when a file differs"),
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help=say(
            "ghi đè cả những gì đã có người sửa, trong tệp hay trong Grafana",
            "overwrite what people have changed, in files or in Grafana",
        ),
    )
    push_options.add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 written or up to date, 1 when a file differs (--check) or something could not be written."""
    settings, nobody = BuildSettings(), False
    if args.config is not None:
        inventory = load(locate(args.config), PROBES, args.lang)
        settings = settings_of(inventory, SystemClock())
        nobody = inventory.notify is None and args.part in (ALL, "alertmanager") and args.push is None
    settings = replace(settings, language=args.lang or settings.language)
    push_options.check(args)
    if args.push is not None:
        from agent.cli.commands.build import push  # noqa: PLC0415 - loads grafanalib: 75 ms and 6 MB

        return push.run(args, settings)
    if nobody:
        sys.stderr.write(folded(_NOBODY.to(language_now()), sys.stderr) + "\n")
    return _files(args, settings)


def _files(args: argparse.Namespace, settings: BuildSettings) -> int:
    from dashboards.build import documents  # noqa: PLC0415 - as above

    built = documents(settings, args.part)
    language = language_now()
    there = {name: _read(args.out / name) for name in built}
    changed = {name: text for name, text in built.items() if there[name] != text.encode()}
    edited = frozenset(name for name in changed if not args.force and not _replaceable(there[name]))
    if args.check:
        return _compare(args, {name: there[name] is None for name in changed}, edited, len(built), language)
    for name in changed.keys() - edited:
        try:
            _write(args.out / name, built[name])
        except FileError as error:
            sys.stderr.write(not_written(error.path, error.cause, language_now()) + "\n")
            return 1
    sys.stdout.write(
        _WRITTEN.to(language).format(changed=len(changed) - len(edited), all=len(built), out=args.out) + "\n"
    )
    return _left_alone(args, edited, language)


def _replaceable(there: bytes | None) -> bool:
    """Whether nobody's work is lost: no file, or one as a build has written it."""
    try:
        return there is None or is_as_built(there.decode())
    except UnicodeDecodeError:
        return False


def _left_alone(args: argparse.Namespace, edited: Iterable[str], language: str) -> int:
    names = sorted(edited)
    for name in names:
        sys.stderr.write(_EDITED.to(language).format(file=args.out / name) + "\n")
    if names:
        sys.stderr.write(_FORCE.to(language) + "\n")
    return 1 if names else 0


def _compare(
    args: argparse.Namespace, changed: Mapping[str, bool], edited: frozenset[str], count: int, language: str
) -> int:
    """changed: each file that differs, and whether it is missing."""
    if not changed:
        sys.stdout.write(_SAME.to(language).format(all=count, out=args.out) + "\n")
        return 0
    for name, missing in changed.items():
        text = _MISSING if missing else _EDITED if name in edited else _DIFFERS
        sys.stderr.write(text.to(language).format(file=args.out / name) + "\n")
    if changed.keys() - edited:
        sys.stderr.write(_BUILD.to(language).format(part=args.part) + "\n")
    if edited:
        sys.stderr.write(_FORCE.to(language) + "\n")
    return 1


def _read(file: Path) -> bytes | None:
    """What lies there; something that cannot be read is nobody's work: writing it will say what is wrong."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def _write(file: Path, text: str) -> None:
    """Whole or not at all: half a file would look as if a person had edited it, and be left alone for ever."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(file, error, written=True) from error
    write(file, text.encode())
