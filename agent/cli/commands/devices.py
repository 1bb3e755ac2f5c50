"""`sansang devices`: every device of the inventory, what it is, how it fared, and what to replace first."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agent.cli.agent_location import add_location_options, locate_agent
from agent.cli.arguments import Subparsers, add_selection, add_unverified, say
from agent.cli.failures import refuse_damaged
from agent.cli.tables.devices import NO_DEVICES, device_table
from agent.cli.tables.layout import console
from agent.clock import SystemClock
from agent.errors import LedgerDamagedError, SansangError
from agent.model import Selection
from agent.reporting.devices import DEFAULT_DAYS, DeviceQuery, device_list
from exporters.atomic_file import write
from exporters.reports.device_files import device_writer
from exporters.reports.device_json import device_json


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "devices",
        description=say(
            "Hiện trạng thiết bị: hãng, kiểu, số sê-ri, phiên bản, tuổi, lỗi, và nên thay cái nào trước.",
            "The devices: vendor, model, serial number, firmware, age, faults, and what to replace first.",
        ),
    )
    parser.add_argument(
        "--period",
        metavar="PERIOD",
        default="",
        help=say(
            f"đếm lỗi và lần khởi động lại của kỳ này, như ở lệnh uptime (mặc định: {DEFAULT_DAYS} ngày qua)",
            f"faults and restarts of this period, as for uptime (default: the last {DEFAULT_DAYS} days)",
        ),
    )
    add_selection(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        help=say("ghi thành .xlsx, .csv hoặc .json", "write it as .xlsx, .csv or .json"),
    )
    add_unverified(parser)
    add_location_options(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    """ConfigError with every fault of the inventory. A ledger that is not what was written: 1."""
    writer = None if args.output is None else device_writer(args.output)
    location = locate_agent(args)
    selection = Selection(tuple(args.site), tuple(args.role), tuple(args.target))
    query = DeviceQuery(args.period, location.language, selection, args.unverified)
    try:
        devices = device_list(location.directory, location.inventory, query, SystemClock().wall_ms())
    except LedgerDamagedError as error:
        return refuse_damaged(error, location.language)
    if not devices.devices:
        raise SansangError(NO_DEVICES)
    if writer is not None:
        write(args.output, writer(devices))
    if args.json:
        sys.stdout.write(device_json(devices).decode())
    elif writer is None:
        device_table(devices, console())
    return 0
