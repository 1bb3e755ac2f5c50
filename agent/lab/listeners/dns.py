"""A name server of the lab over UDP and TCP, or TLS. Its messages are put together here from bytes.

It shares no code with the probe, so that a codec cannot confirm its own mistake.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import cast

from agent.lab.listeners.base import Listener, Vice, udp_and_tcp

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV = 1, 2, 5, 6, 12, 15, 16, 28, 33  # RFC 1035 3.2.2, 3596, 2782
_INTERNET = 1
_TO_THE_QUESTION = b"\xc0\x0c"  # a pointer to the name behind the header, RFC 1035 4.1.4
_RESPONSE, _TRUNCATED, _RECURSION, _AUTHENTICATED = 0x8000, 0x0200, 0x0080, 0x0020
_GARBAGE = b"\x00\xffnot a name server\r\n\r\n"
_ENDLESS_SECONDS = 0.005
_DRIP_SECONDS = 1.0
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close() sends RST

Spoil = Callable[[bytes, bytes], bytes]
"""Query and true answer to the message that is sent before it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record; its name is the one asked for unless another is given."""

    kind: int
    data: bytes
    name: str = ""
    ttl: int = 60

    def packed(self) -> bytes:
        name = packed_name(self.name) if self.name else _TO_THE_QUESTION
        return name + struct.pack("!HHIH", self.kind, _INTERNET, self.ttl, len(self.data)) + self.data


def packed_name(name: str) -> bytes:
    """``a.example`` as labels, without compression."""
    labels = [label.encode("ascii") for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def address(text: str) -> Record:
    """An A or AAAA record."""
    number = ip_address(text)
    return Record(A if number.version == 4 else AAAA, number.packed)


def soa(serial: int) -> Record:
    """The SOA record of a zone."""
    names = packed_name("ns.lab.example") + packed_name("noc.lab.example")
    return Record(SOA, names + struct.pack("!IIIII", serial, 3600, 600, 86_400, 60))


class DnsListener(Listener):
    """Gives the same records to every question of one name; with a server context its TCP port speaks TLS.

    truncated cuts what goes over UDP; spoiled messages go out before the true one, over UDP those of
    `elsewhere` from another port. `heard` counts the queries by transport. Over UDP nothing can be closed: CLOSE and
    RESET are silence. SILENT comes after the TLS handshake.
    """

    def __init__(self, *answers: Record, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.answers = answers or (address("192.0.2.80"),)
        self.authority: tuple[Record, ...] = ()
        self.additional: tuple[Record, ...] = ()
        self.rcode = 0
        self.authenticated = False
        self.truncated = False
        self.spoiled: Sequence[Spoil] = ()
        self.elsewhere: Sequence[Spoil] = ()
        self.deaf_to = 0  # so many queries over UDP get lost
        self.heard = {"udp": 0, "tcp": 0}
        self._tls = tls
        self._port = 0
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None
        self._connections: set[asyncio.Transport] = set()
        self._timers: set[asyncio.TimerHandle] = set()

    @property
    def port(self) -> int:
        return self._port

    async def open(self, host: str, port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        udp, tcp = udp_and_tcp(host, port)
        self._port = int(tcp.getsockname()[1])
        self._datagrams, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), sock=udp)
        self._server = await loop.create_server(lambda: _Stream(self), sock=tcp, ssl=self._tls)

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

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something after a while unless the server is closed first."""

        def fire() -> None:
            self._timers.discard(timer)
            act()

        timer = asyncio.get_running_loop().call_later(seconds, fire)
        self._timers.add(timer)

    def repeat(self, seconds: float, act: Callable[[], None]) -> None:
        """Act again and again until the server is closed or cured."""
        vice = self.vice
        act()

        def again() -> None:
            if self.vice is vice:
                self.repeat(seconds, act)

        self.later(seconds, again)

    def answer(self, query: bytes, *, cut: bool) -> bytes:
        """The whole answer to a query of one question."""
        end = query.index(b"\0", 12) + 5
        flags = _RESPONSE | (query[2] & 1) << 8 | _RECURSION | self.rcode
        flags |= (_TRUNCATED if cut else 0) | (_AUTHENTICATED if self.authenticated else 0)
        sections = ((), (), ()) if cut else (self.answers, self.authority, self.additional)
        head = query[:2] + struct.pack("!HHHHH", flags, 1, *map(len, sections))
        return head + query[12:end] + b"".join(record.packed() for section in sections for record in section)

    def adopt(self, connection: asyncio.Transport) -> None:
        self._connections.add(connection)

    def drop(self, connection: asyncio.Transport) -> None:
        self._connections.discard(connection)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: DnsListener) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        server = self._server
        server.heard["udp"] += 1
        if server.heard["udp"] <= server.deaf_to:
            return
        answer = server.answer(data, cut=server.truncated)
        _from_elsewhere([spoil(data, answer) for spoil in server.elsewhere], addr)

        def send(piece: bytes) -> None:
            if not self._transport.is_closing():
                self._transport.sendto(piece, addr)

        for spoil in server.spoiled:
            send(spoil(data, answer))
        match server.vice:
            case Vice.NONE:
                send(answer)
            case Vice.GARBAGE:
                send(_GARBAGE)
            case Vice.STALL:
                send(answer[: len(answer) // 2])
            case Vice.SLOW:
                server.later(server.slow_seconds, lambda: send(answer))
            case Vice.ENDLESS:
                server.repeat(_ENDLESS_SECONDS, lambda: send(_of_another(answer)))
            case Vice.DRIP:
                server.repeat(_DRIP_SECONDS, lambda: send(answer[:1]))


class _Stream(asyncio.Protocol):
    def __init__(self, server: DnsListener) -> None:
        self._server = server
        self._received = b""
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

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) < 2 + int.from_bytes(self._received[:2], "big"):
            return
        query, self._received = self._received[2:], b""
        self._server.heard["tcp"] += 1
        answer = self._server.answer(query, cut=False)
        for spoil in self._server.spoiled:
            self._write(_framed(spoil(query, answer)))
        self._misbehave(answer)

    def _misbehave(self, answer: bytes) -> None:
        server, whole = self._server, _framed(answer)
        match server.vice:
            case Vice.NONE:
                self._write(whole)
            case Vice.GARBAGE:
                self._write(_framed(_GARBAGE))
            case Vice.STALL:
                self._write(whole[: len(whole) // 2])
            case Vice.SLOW:
                server.later(server.slow_seconds, lambda: self._write(whole))
            case Vice.ENDLESS:
                server.repeat(_ENDLESS_SECONDS, lambda: self._fill(_framed(_of_another(answer)) * 64))
            case Vice.DRIP:
                left = bytearray(whole)
                server.repeat(_DRIP_SECONDS, lambda: self._write(bytes((left.pop(0),))) if left else None)
            case Vice.CLOSE:
                self._transport.close()
            case Vice.RESET:
                raw = self._transport.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                self._transport.abort()

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def _fill(self, data: bytes) -> None:
        if self._may_write:
            self._write(data)


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(2, "big") + message


def _of_another(answer: bytes) -> bytes:
    """A well-formed answer to a query that nobody made."""
    return bytes((answer[0] ^ 0xFF, answer[1])) + answer[2:]


def _from_elsewhere(messages: Sequence[bytes], addr: tuple[str, int]) -> None:
    if messages:
        with socket.socket(socket.AF_INET6 if ":" in addr[0] else socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for message in messages:
                stranger.sendto(message, addr)
