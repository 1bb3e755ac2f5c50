"""What systemd is told about this process (sd_notify(3)), and what it hands over; nothing happens without it."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass

TRAPS_NAME = "traps"
_FIRST = 3  # file descriptor (SD_LISTEN_FDS_START)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """File descriptors of sockets that systemd opened: for HTTP, and for SNMP traps; None for those it did not."""

    http: int | None = None
    traps: int | None = None


def systemd_sockets(environment: Mapping[str, str], pid: int) -> HandedIn:
    """The sockets handed in to this process (sd_listen_fds_with_names(3)): the one named so, and the first other."""
    if environment.get("LISTEN_PID") != str(pid):
        return HandedIn()
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    numbers = range(int(environment.get("LISTEN_FDS", "0")))
    named = {number: names[number] if number < len(names) else "" for number in numbers}
    traps = [_FIRST + number for number, name in named.items() if name == TRAPS_NAME]
    others = [_FIRST + number for number, name in named.items() if name != TRAPS_NAME]
    return HandedIn(next(iter(others), None), next(iter(traps), None))


def notify_ready() -> None:
    """The agent answers."""
    _notify(b"READY=1")


def notify_watchdog() -> None:
    """The agent is alive; to be called only after a heartbeat reached the disk."""
    _notify(b"WATCHDOG=1")


def _notify(message: bytes) -> None:
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.sendall(message)
