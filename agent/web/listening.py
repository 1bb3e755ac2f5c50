"""The socket that the web server answers on."""

from __future__ import annotations

import socket

from agent.errors import SansangError
from agent.explain.system_errors import system_text
from agent.text import Text

_NOT_LISTENING = Text(
    "không nhận được kết nối ở {listen}: {why}. Có bộ giám sát khác đang chạy, hay mục `listen` ghi sai? Xem chương"
    " trình nào đang giữ cổng: ss -ltnp",
    "cannot listen on {listen}: {why}; another agent running, or `listen` wrong?",
)
_NO_SOCKET = Text(
    "--listen-fd {descriptor}: {why}; hãy trao một socket TCP đang nghe",
    "--listen-fd {descriptor}: {why}; hand in a listening TCP socket",
)
_NOT_TCP = Text(
    "--listen-fd {descriptor}: đây không phải là socket TCP; hãy trao một socket đang nghe",
    "--listen-fd {descriptor}: not a TCP socket; hand in a listening one",
)


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
        raise SansangError(_NOT_LISTENING.filled(listen=listen, why=system_text(error))) from error
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
        raise SansangError(_NO_SOCKET.filled(descriptor=descriptor, why=system_text(error))) from error
    if sock.family not in (socket.AF_INET, socket.AF_INET6) or sock.type != socket.SOCK_STREAM:
        sock.close()
        raise SansangError(_NOT_TCP.filled(descriptor=descriptor))
    sock.setblocking(False)
    return sock
