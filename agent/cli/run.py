"""`sansang run`: the agent, in the foreground, until SIGTERM. SIGHUP reloads the configuration."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

import uvloop

from agent.cli import logs
from agent.inventory.locate import locate
from agent.runtime import Settings, run

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it


def add_parser(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser("run", help="probe the inventory and serve metrics until stopped")
    parser.add_argument("--config", metavar="FILE", help="the inventory (default: $SANSANG_CONFIG, ./sansang.yml, ...)")
    parser.add_argument("--listen-fd", type=int, metavar="N", help="answer HTTP on this inherited listening socket")
    parser.add_argument("--log-format", choices=logs.FORMATS, default="logfmt", help="one event, one line")
    parser.add_argument("--log-level", choices=logs.LEVELS, default="info")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    logs.configure(args.log_format, args.log_level)
    fd = args.listen_fd if args.listen_fd is not None else _systemd_socket()
    uvloop.run(run(Settings(locate(args.config), fd), lambda address: logs.log().info("listening", address=address)))
    return 0


def _systemd_socket() -> int | None:
    """The first socket systemd hands in (sd_listen_fds(3)), if the unit is socket activated."""
    if os.environ.get("LISTEN_PID") == str(os.getpid()) and int(os.environ.get("LISTEN_FDS", "0")) > 0:
        return 3
    return None
