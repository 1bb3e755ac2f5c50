"""`sansang export FILE`: the inventory as a sheet that `sansang import` takes without a change."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
from pathlib import Path

from agent.characters import written_out
from agent.cli.arguments import Subparsers, add_config, add_language, say
from agent.cli.failures import through_sudo
from agent.inventory.export import TITLES, inventory_sheets
from agent.inventory.load import reading_failures_as_faults
from agent.inventory.locate import locate
from agent.probes.registry import PROBES
from agent.text import Text
from exporters.atomic_file import write
from exporters.inventory_file import comma_separated, xlsx

_FORMS = (".xlsx", ".csv")
_FORM = Text("{}: chỉ ghi được .xlsx hoặc .csv", "{}: the name must end in .xlsx or .csv")
_THERE = Text(
    "{} đã có. Hãy đặt tên khác, hoặc thêm --force để ghi đè.",
    "{} is there already. Choose another name, or add --force to write over it.",
)
_EMPTY = Text(
    "Cấu hình chưa có điểm nào để ghi ra CSV; .xlsx ghi cả đơn vị và liên hệ.",
    "There is no site to write as CSV; .xlsx holds units and contacts too.",
)
_WRITTEN = Text("Đã ghi: {} ({})", "Written: {} ({})")
_LEFT_OUT = Text(
    "CSV chỉ chứa các điểm; muốn cả đơn vị và liên hệ thì ghi ra .xlsx.",
    "CSV holds the sites alone; for units and contacts write .xlsx.",
)
_BACK = Text("Sửa xong thì nhập lại:  {}", "When edited, give it back:  {}")


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "export",
        description=say(
            "Ghi các điểm, đơn vị và liên hệ ra bảng tính, kèm mã; nhập lại bảng đó thì không có gì thay đổi.",
            "Write sites, units and contacts as a sheet, with their ids; importing that sheet changes nothing.",
        ),
    )
    parser.add_argument(
        "file",
        type=Path,
        help=say("tệp sẽ ghi: .xlsx, hoặc .csv (chỉ các điểm)", "the file to write: .xlsx, or .csv (sites alone)"),
    )
    parser.add_argument("--force", action="store_true", help=say("ghi đè tệp đã có", "write over a file that is there"))
    add_config(parser)
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 written; 2 the call is wrong. ConfigError: the inventory is; FileError: it cannot be written."""
    config, file = locate(args.config), args.file
    with reading_failures_as_faults(config, args.lang):
        sheets, language = inventory_sheets(config, PROBES, args.lang)
    form = file.suffix.lower()
    sites = [sheet for sheet in sheets if sheet.title == TITLES["sites"].to(language)]
    if form not in _FORMS:
        return _refused(_FORM.to(language).format(file))
    if file.exists() and not args.force:
        return _refused(_THERE.to(language).format(file))
    if form == ".csv" and not sites:
        return _refused(_EMPTY.to(language))
    written = sheets if form == ".xlsx" else tuple(sites)
    write(file, xlsx(written) if form == ".xlsx" else comma_separated(sites[0]), private_to=_caller())
    counts = ", ".join(f"{sheet.title}: {len(sheet.rows)}" for sheet in written)
    lines = [_WRITTEN.to(language).format(file, counts)]
    lines += [_LEFT_OUT.to(language)] if len(written) < len(sheets) else []
    configured = ("--config", str(args.config)) if args.config else ()
    again = shlex.join([*(["sudo"] if through_sudo() else []), "sansang", "import", str(file), *configured])
    lines.append(_BACK.to(language).format(again))
    sys.stdout.writelines(f"{written_out(line)}\n" for line in lines)
    return 0


def _caller() -> int:
    """Who is to open the file: whoever called this with sudo, else the user of this process."""
    behind = os.environ.get("SUDO_UID", "")
    return int(behind) if os.geteuid() == 0 and re.fullmatch("[0-9]{1,9}", behind) else os.geteuid()


def _refused(why: str) -> int:
    sys.stderr.write(f"{written_out(why)}\n")
    return 2
