"""`sansang run`: the agent, in the foreground, until SIGTERM. SIGHUP reloads the configuration."""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

from agent.cli.arguments import Subparsers, say
from agent.garbage import suspend, uncollected
from agent.inventory.load import load
from agent.inventory.locate import locate
from agent.ledger.lock import take
from agent.probes.registry import PROBES

_LOG_FORMATS = ("logfmt", "json")
_LOG_LEVELS = ("debug", "info", "warning", "error")


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "run",
        description=say(
            "Chạy bộ giám sát ở đây: kiểm tra các mục tiêu, ghi sổ và phục vụ số liệu cho đến khi được dừng.",
            "Run the agent in the foreground: probe the inventory, keep the ledger, serve metrics until stopped.",
        ),
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=say(
            "tệp cấu hình (mặc định: $SANSANG_CONFIG, ./sansang.yml, /etc/sansang/sansang.yml)",
            "the inventory (default: $SANSANG_CONFIG, ./sansang.yml, /etc/sansang/sansang.yml)",
        ),
    )
    parser.add_argument(
        "--listen-fd",
        type=int,
        metavar="N",
        help=say(
            "trả lời HTTP trên ổ cắm đang nghe được trao sẵn này", "answer HTTP on this inherited listening socket"
        ),
    )
    parser.add_argument(
        "--log-format",
        choices=_LOG_FORMATS,
        default="logfmt",
        help=say("dạng nhật ký, mỗi sự kiện một dòng", "of the log: one event, one line"),
    )
    parser.add_argument(
        "--log-level",
        choices=_LOG_LEVELS,
        default="info",
        help=say("ghi nhật ký từ mức này trở lên (mặc định: info)", "log from this level on (default: info)"),
    )
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    """A second agent is refused before what takes long: half a second of modules are loaded only then."""
    signal.signal(signal.SIGHUP, lambda *_: None)  # what is being read is what a reload would read
    config = locate(args.config)
    with uncollected():
        inventory = load(config, PROBES)
    lock = take(Path(inventory.storage_path))

    import uvloop  # noqa: PLC0415 - see above

    from agent.cli import logs  # noqa: PLC0415
    from agent.engine.systemd import systemd_sockets  # noqa: PLC0415
    from agent.runtime import Settings, run  # noqa: PLC0415

    logs.configure(args.log_format, args.log_level)
    handed_in = systemd_sockets(os.environ, os.getpid())
    fd = args.listen_fd if args.listen_fd is not None else handed_in.http
    settings = Settings(config, inventory, lock, fd, trap_fd=handed_in.traps)
    suspend()  # until all is ready
    uvloop.run(run(settings, lambda address: logs.log().info("listening", address=address)))
    return 0
