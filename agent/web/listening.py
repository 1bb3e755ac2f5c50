"""The socket that the web server answers on."""

from __future__ import annotations

import socket

from agent.errors import SansangError


def listening_socket(listen: str, handed_in: int | None) -> socket.socket:
    """The socket to answer HTTP on: the one handed in, or a new one on HOST:PORT."""
    if handed_in is not None:
        return _handed_in(handed_in)
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


def url(sock: socket.socket) -> str:
    """Where the socket answers, for a person to click on."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}/" if sock.family == socket.AF_INET6 else f"http://{host}:{port}/"


def _handed_in(descriptor: int) -> socket.socket:
    try:
        sock = socket.socket(fileno=descriptor)
    except (OSError, OverflowError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise SansangError(f"--listen-fd {descriptor}: {why}; hand in a listening TCP socket") from error
    if sock.family not in (socket.AF_INET, socket.AF_INET6) or sock.type != socket.SOCK_STREAM:
        sock.close()
        raise SansangError(f"--listen-fd {descriptor}: not a TCP socket; hand in a listening one")
    sock.setblocking(False)
    return sock
