"""A conference room that answers OPTIONS over UDP, TCP and TLS, or a registrar that knows some rooms.

Built from plain strings, so that the probe's codec cannot confirm its own mistake.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable, Collection, Coroutine
from typing import cast

from agent.lab.listeners.base import Listener, Vice, udp_and_tcp

_PHRASES = {
    100: "Trying", 200: "OK", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    480: "Temporarily Unavailable", 486: "Busy Here", 503: "Service Unavailable", 603: "Decline",
}  # fmt: skip
_COPIED = ("via:", "from:", "to:", "call-id:", "cseq:")  # RFC 3261 8.2.6.2
_ENDLESS_SECONDS = 0.005
_DRIP_SECONDS = 1.0
_FILLER = b"X-Padding: " + b"x" * 1000 + b"\r\n"

Send = Callable[[bytes], None]


class SipRoom(Listener):
    """One room: UDP and TCP on the same port, TLS on ``tls_port`` when a server context is given.

    ``status`` is its answer; with ``users`` it is a registrar that answers 404 for anybody else. ``invites`` counts
    the INVITEs it ever saw: a probe must never send one. Over UDP nothing can be closed: CLOSE and RESET are silence.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.status = 200
        self.users: Collection[str] | None = None
        self.server = "Lab-Room/1.0"
        self.deaf_over_udp = False
        self.invites = 0
        self.requests = 0
        self._tls = tls
        self._port = 0
        self._tls_port = 0
        self._server: asyncio.Server | None = None
        self._secure: socket.socket | None = None
        self._stalled: list[socket.socket] = []
        self._datagrams: asyncio.DatagramTransport | None = None
        self._connections: set[asyncio.Transport] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        return self._port

    @property
    def tls_port(self) -> int:
        """The port in use for TLS: the next one after ``port``, or a free one where that was free too."""
        return self._tls_port

    async def open(self, host: str, port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        udp, tcp = udp_and_tcp(host, port)
        self._port = int(tcp.getsockname()[1])
        self._datagrams, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), sock=udp)
        self._server = await loop.create_server(lambda: _Stream(self), sock=tcp)
        if self._tls is not None:
            listening = socket.create_server((host, port + 1 if port else 0), family=tcp.family, backlog=128)
            listening.setblocking(False)
            self._tls_port = int(listening.getsockname()[1])
            self._secure = listening
            self._start(self._accept(listening, self._tls))

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for timer in self._timers:
            timer.cancel()
        for connection in tuple(self._connections):
            connection.abort()
        for raw in (*self._stalled, self._secure):
            if raw is not None:
                raw.close()
        if self._datagrams is not None:
            self._datagrams.close()
        if self._server is not None:
            self._server.close()
        await asyncio.sleep(0)  # the loop closes the sockets in its next turn

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something after a while unless the room is closed first."""

        def fire() -> None:
            self._timers.discard(timer)
            act()

        timer = asyncio.get_running_loop().call_later(seconds, fire)
        self._timers.add(timer)

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
        return _response(status, lines, self.server)

    def _status_for(self, rest: str) -> int:
        if self.users is None:
            return self.status
        user, at, _ = rest.removeprefix("sip:").partition("@")
        if not at:
            return 200  # asked for the registrar itself
        return self.status if user in self.users else 404

    # What the two protocols below share

    def adopt(self, connection: asyncio.Transport) -> None:
        self._connections.add(connection)

    def drop(self, connection: asyncio.Transport) -> None:
        self._connections.discard(connection)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        while True:
            raw, _ = await asyncio.get_running_loop().sock_accept(listening)
            if self.vice is Vice.SILENT:
                self._stalled.append(raw)
            else:
                self._start(self._secured(raw, context))

    async def _secured(self, raw: socket.socket, context: ssl.SSLContext) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(lambda: _Stream(self), raw, ssl=context)
        except OSError:  # the other side did not like the certificate, or left
            raw.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, room: SipRoom) -> None:
        self._room = room

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        room = self._room
        answer = room.answer(data.decode("latin-1"))
        if answer is None or room.deaf_over_udp:
            return

        def send(piece: bytes) -> None:
            if not self._transport.is_closing():
                self._transport.sendto(piece, addr)

        if room.vice is Vice.NONE:
            send(answer)
        elif room.vice is Vice.GARBAGE:
            send(b"\x00\xffnot a telephone\r\n\r\n")
        elif room.vice is Vice.STALL:
            send(_provisional(data))
        elif room.vice is Vice.SLOW:
            room.later(room.slow_seconds, lambda: send(answer))
        elif room.vice is Vice.ENDLESS:
            _repeat(room, Vice.ENDLESS, _ENDLESS_SECONDS, lambda: send(_provisional(data)))
        elif room.vice is Vice.DRIP:
            _repeat(room, Vice.DRIP, _DRIP_SECONDS, lambda: send(answer[:1]))


class _Stream(asyncio.Protocol):
    def __init__(self, room: SipRoom) -> None:
        self._room = room
        self._received = b""
        self._may_write = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._room.adopt(self._transport)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._room.drop(self._transport)

    def pause_writing(self) -> None:
        self._may_write = False

    def resume_writing(self) -> None:
        self._may_write = True

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.lstrip(b"\r\n").partition(b"\r\n\r\n")
        if not end:
            return
        self._received = rest
        answer = self._room.answer(head.decode("latin-1"))
        if answer is not None:
            self._misbehave(answer)

    def _misbehave(self, answer: bytes) -> None:
        room = self._room
        if room.vice is Vice.NONE:
            self._write(answer)
        elif room.vice is Vice.GARBAGE:
            self._write(b"\x00\xffnot a telephone\r\n\r\n")
        elif room.vice is Vice.STALL:
            self._write(answer[: len(answer) // 2])
        elif room.vice is Vice.SLOW:
            room.later(room.slow_seconds, lambda: self._write(answer))
        elif room.vice is Vice.ENDLESS:
            self._write(b"SIP/2.0 200 OK\r\n")
            _repeat(room, Vice.ENDLESS, _ENDLESS_SECONDS, self._fill)
        elif room.vice is Vice.DRIP:
            left = bytearray(answer)
            _repeat(room, Vice.DRIP, _DRIP_SECONDS, lambda: self._write(bytes((left.pop(0),))) if left else None)
        elif room.vice is Vice.CLOSE:
            self._transport.close()
        elif room.vice is Vice.RESET:
            raw = self._transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def _fill(self) -> None:
        if self._may_write:
            self._write(_FILLER * 16)


def _repeat(room: SipRoom, vice: Vice, seconds: float, act: Callable[[], None]) -> None:
    """Act again and again until the room is closed or cured."""
    act()
    if room.vice is vice:
        room.later(seconds, lambda: _repeat(room, vice, seconds, act))


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
