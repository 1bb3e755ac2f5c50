"""A conference room that answers OPTIONS over UDP, TCP and TLS, or a registrar that knows some rooms.

Built from plain strings, so that the probe's codec cannot confirm its own mistake.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Collection, Coroutine

from agent.lab.listeners import udp_and_tcp
from agent.lab.listeners.base import LabService, Misbehaviour
from agent.lab.listeners.udp_and_tcp import CannedReply, UdpAndTcpListener

_PHRASES = {
    100: "Trying", 200: "OK", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    480: "Temporarily Unavailable", 486: "Busy Here", 503: "Service Unavailable", 603: "Decline",
}  # fmt: skip
_COPIED = ("via:", "from:", "to:", "call-id:", "cseq:")  # RFC 3261 8.2.6.2
_GARBAGE = b"\x00\xffnot a telephone\r\n\r\n"
_FILLER = b"X-Padding: " + b"x" * 1000 + b"\r\n"


class SipRoom(UdpAndTcpListener):
    """One room: UDP and TCP on the same port, TLS on ``tls_port`` when a server context is given.

    ``status`` is its answer; with ``users`` it is a registrar that answers 404 for anybody else. ``invites`` counts
    the INVITEs it ever saw: a probe must never send one. ``rewrite`` makes of the whole answer what is sent. Over UDP
    nothing can be closed: CLOSE and RESET are silence.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.status = 200
        self.users: Collection[str] | None = None
        self.server = "Lab-Room/1.0"
        self.rewrite: Callable[[bytes], bytes] = bytes
        self.ignores_udp = False
        self.invites = 0
        self.requests = 0
        self._tls = tls
        self._tls_port = 0
        self._secure: socket.socket | None = None
        self._stalled: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def tls_port(self) -> int:
        """The port in use for TLS: the next one after ``port``, or a free one where that was free too."""
        return self._tls_port

    async def open(self, host: str, port: int = 0) -> None:
        await self._listen(host, port, lambda: SipDatagrams(self), lambda: SipStream(self))
        if self._tls is not None:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listening = socket.create_server((host, port + 1 if port else 0), family=family, backlog=128)
            listening.setblocking(False)
            self._tls_port = int(listening.getsockname()[1])
            self._secure = listening
            self._start(self._accept(listening, self._tls))

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for raw in (*self._stalled, self._secure):
            if raw is not None:
                raw.close()
        await super().close()

    def answer(self, request: str) -> bytes | None:
        """The whole answer to a request, None where none is due."""
        lines = request.split("\r\n")
        method, _, rest = lines[0].partition(" ")
        self.requests += 1
        if method == "INVITE":
            self.invites += 1
        if method == "ACK":
            return None
        status = self._status_for(rest) if method == "OPTIONS" else 405
        return self.rewrite(_response(status, lines, self.server))

    def _status_for(self, rest: str) -> int:
        if self.users is None:
            return self.status
        user, at, _ = rest.removeprefix("sip:").partition("@")
        if not at:
            return 200  # asked for the registrar itself
        return self.status if user in self.users else 404

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        while True:
            raw, _ = await asyncio.get_running_loop().sock_accept(listening)
            if self.misbehaviour is Misbehaviour.SILENT:
                self._stalled.append(raw)
            else:
                self._start(self._secured(raw, context))

    async def _secured(self, raw: socket.socket, context: ssl.SSLContext) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(lambda: SipStream(self), raw, ssl=context)
        except OSError:  # the other side did not like the certificate, or left
            raw.close()


class SipDatagrams(udp_and_tcp.Datagrams):
    def __init__(self, room: SipRoom) -> None:
        super().__init__(room)
        self._room = room

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._room.answer(data.decode("latin-1"))
        if answer is not None and not self._room.ignores_udp:
            provisional = _provisional(data)
            self.behave(CannedReply(answer, _GARBAGE, provisional, provisional), addr)


class SipStream(udp_and_tcp.Stream):
    def __init__(self, room: SipRoom) -> None:
        super().__init__(room)
        self._room = room
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.lstrip(b"\r\n").partition(b"\r\n\r\n")
        if not end:
            return
        self._received = rest
        answer = self._room.answer(head.decode("latin-1"))
        if answer is not None:
            self.behave(CannedReply(answer, _GARBAGE, answer[: len(answer) // 2], _FILLER * 16, b"SIP/2.0 200 OK\r\n"))


def _provisional(request: bytes) -> bytes:
    return _response(100, request.decode("latin-1").split("\r\n"), "")


def _response(status: int, request: list[str], server: str) -> bytes:
    lines = [f"SIP/2.0 {status} {_PHRASES.get(status, 'Whatever')}"]
    for line in request[1:]:
        if line.lower().startswith(_COPIED):
            tag = ";tag=lab" if line.lower().startswith("to:") and status != 100 else ""
            lines.append(line + tag)
    if server:
        lines.append(f"Server: {server}")
    lines += ["Allow: INVITE, ACK, CANCEL, BYE, OPTIONS", "Content-Length: 0", "", ""]
    return "\r\n".join(lines).encode("latin-1")


SERVICES = (
    LabService(
        "sip", 5060, 5060, lambda _settings: SipRoom(), {"sip_room": "{probe: sip, transport: udp, via: endpoint}"}
    ),
)
