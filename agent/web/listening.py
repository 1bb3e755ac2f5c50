"""The socket that the web server answers on."""

from __future__ import annotations

import socket

from agent.errors import SansangError


def listening_socket(listen: str, handed_in: int | None) -> socket.socket:
    """The socket to answer HTTP on: the one handed in, or a new one on HOST:PORT."""
    if handed_in is not None:
        sock = socket.socket(fileno=handed_in)
        sock.setblocking(False)
        return sock
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, int(port)))
    except OSError as error:
        sock.close()
        raise SansangError(
            f"cannot listen on {listen}: {error.strerror}; another agent running, or `listen` wrong?"
        ) from error
    sock.listen(128)
    sock.setblocking(False)
    return sock
