"""`sansang validate`: every fault of the configuration, or what would be probed."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence

from rich.console import Console

from agent.characters import json_text, written_out
from agent.cli.arguments import Subparsers, add_json, add_language, say
from agent.cli.clients.silent_anchors import SILENT, silent_anchors
from agent.cli.tables.layout import columns, console, show
from agent.cli.tables.layout import say as say_in
from agent.clock import SystemClock, vouched
from agent.errors import ConfigError, Fault
from agent.explain.clock import warning
from agent.explain.labels import ROLES
from agent.inventory.checks.sample_addresses import sample_lines
from agent.inventory.entities import Inventory
from agent.inventory.json_schema import build
from agent.inventory.load import load_with_shared
from agent.inventory.locate import locate
from agent.inventory.summary import BUSY_CORES, FULL_CORES, InventorySummary, module_remarks, summarise, too_frequent
from agent.model import Role
from agent.probes.registry import PROBES
from agent.text import Text

_GOOD = Text(
    "Cấu hình đúng: {sites} điểm, {targets} mục tiêu, {rate:g} lần kiểm tra mỗi phút.",
    "The configuration is good: sites {sites}, targets {targets}, probes a minute {rate:g}.",
)
_LOAD = Text("Ước tính tải: {cores} của một nhân CPU.", "Estimated load: {cores} of one core.")
_BUSY = Text(
    "Như vậy là nhiều: trên máy chậm hơn, hoặc khi nhiều mục tiêu hỏng, kiểm tra sẽ bắt đầu trễ.",
    "That is a lot: on a slower machine, or while many targets fail, probes would begin late.",
)
_FULL = Text(
    "Quá nhiều cho một máy giám sát: kiểm tra sẽ bắt đầu trễ. Hãy tăng chu kỳ hoặc chia bớt mục tiêu.",
    "That is too much for one agent: probes would begin late. Lengthen intervals or split the targets.",
)
_ROLE = Text("Vai trò", "Role")
_MODULE = Text("Mô-đun", "Module")
_PATH = Text("Đường đi", "Path")
_TARGETS = Text("Mục tiêu", "Targets")
_ANCHORS = Text("Mốc", "Anchors")
_BEHIND = Text("Mục tiêu phía sau", "Targets behind")
_UNREAD = Text(
    "Không mục tiêu nào dùng các mô-đun sau; thử qua /probe sẽ hỏng cho đến khi đọc được tệp:",
    "No target uses these modules; their probes over /probe fail until the files can be read:",
)
_UNUSABLE = Text(
    "Các tệp sau chưa dùng được. Bộ giám sát vẫn chạy; mục tiêu của các mô-đun này là chưa rõ cho đến khi sửa xong và"
    " nạp lại:",
    "These files cannot be used. The agent runs all the same; targets of these modules are unknown until that is mended"
    " and the configuration is read again:",
)
_NOTES = Text(
    "Trong các bảng tính, đã bỏ qua hoặc hiểu khác chữ đã ghi:",
    "Of the sheets, left out or read otherwise than written:",
)
_TOO_FREQUENT = Text(
    "Đo quá dày: máy chủ giờ có thể từ chối ai hỏi nhiều hơn 64 giây một lần; hãy đặt interval: 64s trở lên"
    " cho: {targets}",
    "Probed too often: a time server may refuse whoever asks more than once in 64 s; set interval: 64s or more for:"
    " {targets}",
)
_SHARED = Text(
    "Địa chỉ ghi ở nhiều chỗ, chỉ đúng nếu dùng chung thật:",
    "Addresses that stand twice; right where they are meant to:",
)
_CLOCK = Text("Ghi chú, nếu đây là máy giám sát: {}", "Note, if this is the machine that monitors: {}")
_NO_PATHS = Text(
    "Chưa khai báo mốc (paths): không có gì phân biệt lỗi ở đường truyền của máy giám sát với lỗi ở các điểm; khi"
    " đường truyền đó hỏng, mọi điểm bị ghi là hỏng. Hãy khai báo hai địa chỉ ở phía ngoài đường truyền đó, luôn trả"
    " lời ping, ví dụ bộ định tuyến và máy chủ tên miền của tỉnh:",
    "No anchors are named (paths): nothing tells an outage of this machine's own line from one of the sites; when it"
    " fails, every site is recorded as down. Name two addresses beyond that line that always answer a ping, for"
    " instance the province's router and name server:",
)
_NO_PATHS_EXAMPLE = Text(
    "  paths: [{id: duong-ra, module: ping, anchors: [ĐỊA-CHỈ-1, ĐỊA-CHỈ-2]}]",
    "  paths: [{id: duong-ra, module: ping, anchors: [ADDRESS-1, ADDRESS-2]}]",
)


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "validate",
        description=say(
            "Kiểm tra tệp cấu hình: nêu mọi lỗi cùng một lúc, hoặc những gì sẽ được kiểm tra.",
            "Check the configuration: every fault at once, or what would be probed.",
        ),
    )
    parser.add_argument(
        "path",
        nargs="?",
        help=say(
            "tệp cấu hình hoặc thư mục của nó (mặc định: như của run)",
            "configuration file or its folder (default: as for run)",
        ),
    )
    add_json(parser)
    add_language(parser)
    parser.add_argument(
        "--schema",
        action="store_true",
        help=say("in JSON Schema cho trình soạn thảo rồi thôi", "print the JSON Schema for editors and stop"),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when the configuration is good, 2 with every fault on stderr when it is not."""
    if args.schema:
        sys.stdout.write(json_text(build(PROBES), 2) + "\n")
        return 0
    try:
        inventory, shared = load_with_shared(locate(args.path), PROBES, args.lang)
    except ConfigError as error:
        if not args.json:
            raise
        return _refused(error)
    summary, synchronised = summarise(inventory, PROBES), vouched(SystemClock())
    if args.json:
        unread = [dataclasses.asdict(fault) for fault in inventory.unread]
        document = {
            "ok": True,
            **dataclasses.asdict(summary),
            "clock_synchronised": synchronised,
            "unread": unread,
            "unusable": [dataclasses.asdict(fault) for fault in inventory.unusable],
            "notes": [dataclasses.asdict(fault) for fault in inventory.notes],
            "shared": [dataclasses.asdict(fault) for fault in shared],
            "samples": [dataclasses.asdict(sample) for sample in inventory.samples],
            "silent_anchors": silent_anchors(inventory),
            "too_frequent": too_frequent(inventory, PROBES),
            "remarks": [[module, text.en] for module, text in module_remarks(inventory, PROBES)],
        }
        sys.stdout.write(json_text(document) + "\n")
    else:
        _show(summary, args.lang or inventory.organisation.language)
        _show_remarks(inventory, shared, args.lang or inventory.organisation.language)
        _show_clock(warning(synchronised), args.lang or inventory.organisation.language)
    return 0


def _refused(error: ConfigError) -> int:
    faults = [dataclasses.asdict(fault) for fault in error.faults]
    sys.stdout.write(json_text({"ok": False, "faults": faults}) + "\n")
    sys.stderr.writelines(f"{fault}\n" for fault in error.faults)
    return 2


def _show_remarks(inventory: Inventory, shared: Sequence[Fault], language: str) -> None:
    """What is right as it stands, and may yet not be what is meant."""
    out = console()
    files = ((_UNUSABLE, inventory.unusable), (_UNREAD, inventory.unread))
    for title, faults in (*files, (_NOTES, inventory.notes), (_SHARED, shared)):
        for line in (title.to(language), *map(str, faults)) if faults else ():
            say_in(line, out)
    for line in sample_lines(inventory.samples, language):
        say_in(line, out)
    if targets := too_frequent(inventory, PROBES):
        say_in(written_out(_TOO_FREQUENT.to(language).format(targets=", ".join(targets))), out)
    for module, text in module_remarks(inventory, PROBES):
        say_in(written_out(f"{_MODULE.to(language)} {module}: {text.to(language)}"), out)
    if anchors := silent_anchors(inventory):
        which = ", ".join(f"{path} {address}" for path, address in anchors)
        say_in(written_out(SILENT.to(language).format(which)), out)


def _show_clock(warning: Text | None, language: str) -> None:
    if warning is not None:
        say_in(_CLOCK.to(language).format(warning.to(language)), console())


def _show(summary: InventorySummary, language: str) -> None:
    out = console()
    say_in(_GOOD.to(language).format(sites=summary.sites, targets=summary.targets, rate=summary.probes_per_minute), out)
    _show_load(out, summary.cores, language)
    roles = [(ROLES[Role(role)].to(language), count) for role, count in summary.by_role]
    for title, counts in ((_ROLE, roles), (_MODULE, summary.by_module)):
        shape = columns(f"{title.to(language)}|{_TARGETS.to(language)}", right=(1,))
        show(shape, [(word, str(count)) for word, count in counts], out)
    if not summary.paths:
        say_in(_NO_PATHS.to(language), out)
        out.print(_NO_PATHS_EXAMPLE.to(language), markup=False, soft_wrap=True)
        return
    shape = columns("|".join(title.to(language) for title in (_PATH, _ANCHORS, _BEHIND)), right=(1, 2))
    show(shape, [(identity, str(anchors), str(behind)) for identity, anchors, behind in summary.paths], out)


def _show_load(out: Console, cores: float, language: str) -> None:
    share = f"{cores:.0%}" if cores < 10 else f"{cores:.0f}x"
    say_in(_LOAD.to(language).format(cores=share), out)
    if cores > BUSY_CORES:
        say_in((_FULL if cores > FULL_CORES else _BUSY).to(language), out, "bold")
