"""`sansang score values`: the workbook in which a clerk fills in what no record of the agent has."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agent.cli.agent_location import add_location_options, locate_agent
from agent.cli.arguments import Subparsers, say
from agent.cli.commands.score.sheets import chosen_sheet
from agent.cli.commands.score.units_asked import units_asked
from agent.errors import SansangError
from agent.inventory.locate import locate
from agent.scoring.given.asked import asked_values
from agent.text import Text
from exporters.atomic_file import write
from exporters.scores.values_file import values_file

_WRITTEN = Text(
    "Đã ghi {file}: {rows} giá trị cho {units} đơn vị. Điền các ô vàng, rồi: sansang score ... --values {file}",
    "Written {file}: {rows} values for {units} units. Fill in the yellow cells, then: sansang score .. --values {file}",
)
_ENDING = Text("{file}: hãy đặt tên .xlsx", "{file}: right would be a name that ends in .xlsx")
_THERE = Text(
    "{file} đã có, có thể đã điền: thêm --force để ghi đè, hoặc chọn tên khác",
    "{file} is there, and may be filled in: --force writes over it, or choose another name",
)


def add_parser(subcommands: Subparsers) -> None:
    """Register the command."""
    parser = subcommands.add_parser(
        "values",
        help=say("lập bảng để điền giá trị nhập tay", "make the workbook for values given by hand"),
        description=say(
            "Lập bảng (.xlsx) có một dòng cho mỗi giá trị mà sổ không có: a trên b, một số, một lựa chọn hay số điểm,"
            " kèm số và ngày văn bản. Điền xong thì dùng với --values.",
            "Make a workbook (.xlsx) with a row for each value that the ledger does not have: a of b, a number, a"
            " choice or points, with number and date of the document. Filled in, it goes to --values.",
        ),
    )
    parser.add_argument(
        "--sheet",
        metavar="SHEET",
        help=say(
            "biểu chấm điểm: tệp .yml, hoặc mã của biểu ghi trong cấu hình",
            "the score sheet: a .yml file, or the id of one that the configuration names",
        ),
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--unit", default="", metavar="ID", help=say("chỉ đơn vị này", "this unit alone"))
    which.add_argument(
        "--level", default="", metavar="LEVEL", help=say("mọi đơn vị của cấp này", "units of this level")
    )
    parser.add_argument(
        "-o", dest="output", type=Path, required=True, metavar="FILE", help=say("ghi ra tệp này", "write to this file")
    )
    parser.add_argument("--force", action="store_true", help=say("ghi đè tệp đã có", "write over a file that is there"))
    add_location_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """ConfigError with every fault of the sheet; a file that is there is never lost unasked."""
    location = locate_agent(args)
    if args.output.suffix.lower() != ".xlsx":
        raise SansangError(_ENDING.filled(file=args.output))
    folder = locate(args.config).parent
    sheet = chosen_sheet(args.sheet, location.inventory, folder, location.language)
    units = units_asked(sheet, location.inventory, args.unit, args.level)
    content = values_file(sheet, [(unit.id, unit.name) for unit in units], location.language)
    if args.output.exists() and not args.force:
        raise SansangError(_THERE.filled(file=args.output))
    write(args.output, content)
    rows = len(asked_values(sheet)) * len(units)
    sys.stdout.write(_WRITTEN.filled(file=args.output, rows=rows, units=len(units)).to(location.language) + "\n")
    return 0
