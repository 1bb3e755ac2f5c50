"""What systemd is told about this process (sd_notify(3)); nothing happens without it."""

from __future__ import annotations

import os
import socket


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
