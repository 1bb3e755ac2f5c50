"""The base of listeners over UDP and TCP on one port: sockets, timers, misbehaviour."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import cast

from agent.errors import LabError
from agent.lab.listeners.base import RESET, Listener, Misbehaviour

_PORT_TRIES = 20
_ENDLESS_SECONDS = 0.005
_DRIP_SECONDS = 1.0

Send = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class CannedReply:
    """The bytes of one answer, and those sent in its place by a misbehaviour; ENDLESS sends start, then filler."""

    whole: bytes
    garbage: bytes
    half: bytes
    filler: bytes
    start: bytes = b""


class UdpAndTcpListener(Listener):
    """Listens over UDP and TCP on one port. Over UDP nothing can be closed: CLOSE and RESET are silence."""

    def __init__(self) -> None:
        super().__init__()
        self._port = 0
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None
        self._connections: set[asyncio.Transport] = set()
        self._timers: set[asyncio.TimerHandle] = set()

    @property
    def port(self) -> int:
        return self._port

    async def _listen(
        self,
        host: str,
        port: int,
        datagrams: Callable[[], asyncio.DatagramProtocol],
        stream: Callable[[], asyncio.Protocol],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        udp, tcp = _sockets(host, port)
        self._port = int(tcp.getsockname()[1])
        self._datagrams, _ = await loop.create_datagram_endpoint(datagrams, sock=udp)
        self._server = await loop.create_server(stream, sock=tcp, ssl=tls)

    async def close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        for connection in tuple(self._connections):
            connection.abort()
        if self._datagrams is not None:
            self._datagrams.close()
        if self._server is not None:
            self._server.close()
        await asyncio.sleep(0)  # the loop closes the sockets in its next turn

    def behave(self, reply: CannedReply, send: Send, fill: Send, drip: Callable[[], None]) -> None:
        """Send the answer as the misbehaviour changes it; drip is called once a second for one byte."""
        match self.misbehaviour:
            case Misbehaviour.NONE:
                send(reply.whole)
            case Misbehaviour.GARBAGE:
                send(reply.garbage)
            case Misbehaviour.STALL:
                send(reply.half)
            case Misbehaviour.SLOW:
                self._later(self.slow_seconds, lambda: send(reply.whole))
            case Misbehaviour.ENDLESS:
                if reply.start:
                    send(reply.start)
                self._repeat(_ENDLESS_SECONDS, lambda: fill(reply.filler))
            case Misbehaviour.DRIP:
                self._repeat(_DRIP_SECONDS, drip)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        """Call act after a delay, unless the server is closed first."""

        def fire() -> None:
            self._timers.discard(timer)
            act()

        timer = asyncio.get_running_loop().call_later(seconds, fire)
        self._timers.add(timer)

    def _repeat(self, seconds: float, act: Callable[[], None]) -> None:
        """Call act again and again until the server is closed or its misbehaviour changes."""
        misbehaviour = self.misbehaviour
        act()

        def again() -> None:
            if self.misbehaviour is misbehaviour:
                self._repeat(seconds, act)

        self._later(seconds, again)

    def adopt(self, connection: asyncio.Transport) -> None:
        """Register a connection that ``close`` must drop."""
        self._connections.add(connection)

    def drop(self, connection: asyncio.Transport) -> None:
        """Forget a connection that has ended by itself."""
        self._connections.discard(connection)


class Datagrams(asyncio.DatagramProtocol):
    """The UDP side of such a listener."""

    def __init__(self, server: UdpAndTcpListener) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def behave(self, reply: CannedReply, addr: tuple[str, int]) -> None:
        """One datagram for each piece; DRIP sends the first byte again and again."""

        def send(piece: bytes) -> None:
            self.send(piece, addr)

        self._server.behave(reply, send, send, lambda: send(reply.whole[:1]))

    def send(self, piece: bytes, addr: tuple[str, int]) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(piece, addr)


class Stream(asyncio.Protocol):
    """One connection of such a listener."""

    def __init__(self, server: UdpAndTcpListener) -> None:
        self._server = server
        self._may_write = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.adopt(self._transport)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._server.drop(self._transport)

    def pause_writing(self) -> None:
        self._may_write = False

    def resume_writing(self) -> None:
        self._may_write = True

    def behave(self, reply: CannedReply) -> None:
        """Answer as the misbehaviour changes it; on a connection CLOSE and RESET are possible."""
        match self._server.misbehaviour:
            case Misbehaviour.CLOSE:
                self._transport.close()
            case Misbehaviour.RESET:
                raw = self._transport.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                self._transport.abort()
            case _:
                left = iter(reply.whole)
                self._server.behave(reply, self.write, self._fill, lambda: self.write(bytes(islice(left, 1))))

    def write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def _fill(self, data: bytes) -> None:
        if self._may_write:
            self.write(data)


def _sockets(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """A UDP and a listening TCP socket on one port; OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for _ in range(_PORT_TRIES):
        tcp = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        udp = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tcp.bind((host, port))
            udp.bind((host, tcp.getsockname()[1]))
            tcp.listen(1024)
        except OSError:
            tcp.close()
            udp.close()
            if port:
                raise
        else:
            return udp, tcp
    raise LabError(f"no port is free on {host} for both UDP and TCP")
