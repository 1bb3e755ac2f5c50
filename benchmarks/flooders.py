"""Peers that flood, each a process inside the namespace of world.py: `python -m benchmarks.flooders KIND`, until ended.

A datagram flood begins when the agent first asks, at the port that it asks from. What floods below TLS is
tests/agent/probes/tls/floods.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
import zlib
from collections.abc import Iterator, Sequence
from itertools import cycle

PEER = "127.200.0.1"
DNS_PORT, SIP_PORT, WEB_PORT = 9053, 9060, 9080  # below the ports that the kernel gives out in world.py
NESTED_PATHS = ("/2", "/3", "/5")
_STRANGERS = [f"127.201.0.{number}" for number in range(1, 51)]
_AGENT = "127.0.0.1"

# -- names ------------------------------------------------------------------------------------------------------------

_EVERY_TYPE = b"".join(bytes([window, 32]) + b"\xff" * 32 for window in range(256))  # RFC 4034 section 4.1.2
_DEAR: tuple[tuple[str, int, int, bytes], ...] = (  # name, records, type, data: what costs most to write out as text
    ("nsec", 7, 47, b"\0" + _EVERY_TYPE),
    ("nsec3", 7, 50, b"\1\0\0\0\0\1x" + _EVERY_TYPE),
    ("csync", 7, 62, bytes(6) + _EVERY_TYPE),
    ("hip", 1, 55, b"\0\1\0\0" + bytes(64_000)),
    ("long names", 240, 2, b"\1a" * 126 + b"\0"),
    ("txt", 1, 16, (b"\xff" + bytes(255)) * 253),
)


def _asked(query: bytes) -> bytes:
    return query[12 : query.index(b"\0", 12) + 5]


def _records(query: bytes, count: int, kind: int, data: bytes) -> bytes:
    head = query[:2] + struct.pack(">HHHHH", 0x8180, 1, count, 0, 0)
    return head + _asked(query) + (b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data) * count


class _Truncates(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(data[:2] + struct.pack(">HHHHH", 0x8380, 1, 0, 0, 0) + _asked(data), addr)


async def dear_records() -> None:
    """Truncated over UDP; over TCP 61 kB of records whose text is long, one kind after the other."""
    kinds = cycle(_DEAR)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            query = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
            message = _records(query, *next(kinds)[1:])
            writer.write(len(message).to_bytes(2, "big") + message)
            await writer.drain()
            await reader.read()
        writer.close()

    await asyncio.get_running_loop().create_datagram_endpoint(_Truncates, (PEER, DNS_PORT))
    await asyncio.start_server(answer, PEER, DNS_PORT)
    await asyncio.Event().wait()


def dns_datagrams() -> None:
    """Answers to other queries, half of them dear ones, to whoever asks."""
    query = bytes(12) + b"\1a\7example\0\0\1\0\1"
    some = b"".join(bytes([window, 32]) + b"\xff" * 32 for window in range(118))  # as much as 4,096 bytes hold
    _answer_without_end(DNS_PORT, [_records(query, 1, 47, b"\0" + some), _records(query, 1, 1, bytes(4))])


# -- web --------------------------------------------------------------------------------------------------------------

_GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
_NOTHING = b"\0\0\0\xff\xff"  # a stored block of no bytes, RFC 1951 section 3.2.4


def nested(depth: int, repeats: int = 100) -> bytes:
    """A gzip in a gzip, so deep, that decodes to nothing: each layer repeats a piece of the next one."""
    head, unit = _GZIP_HEAD, _NOTHING * 2_000_000
    for _ in range(depth - 1):
        head, unit = _GZIP_HEAD + _flushed(head), _flushed(unit) * repeats
    return head + unit


def _flushed(data: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush(zlib.Z_FULL_FLUSH)


async def nested_codings() -> None:
    """/2, /3 and /5: so many Content-Encodings, of a body that is never over."""
    bodies = {path: nested(int(path[1:])) for path in NESTED_PATHS}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
            codings = ", ".join(["gzip"] * int(path[1:]))
            length = len(bodies[path]) + 100
            head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {codings}\r\nContent-Length: {length}\r\n\r\n"
            writer.write(head.encode() + bodies[path])
            await writer.drain()
            await reader.read()
        writer.close()

    await asyncio.start_server(answer, PEER, WEB_PORT)
    await asyncio.Event().wait()


# -- datagrams --------------------------------------------------------------------------------------------------------

_SIP_SMALL = b"SIP/2.0 200 OK\r\n" + b"a:\r\n" * 254 + b"\r\n"
_SIP_OTHER = (
    b"SIP/2.0 100 Trying\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK0000000000000000\r\nCall-ID: a\r\n"
    b"CSeq: 1 OPTIONS\r\nFrom: a\r\nTo: b\r\n\r\n"
)
_SIP_FOLDED = b"SIP/2.0 200 OK\r\nX:" + b"\r\n a" * 15_000 + b"\r\n\r\n"


def sip_small() -> None:
    """Answers of many short lines, answers to nobody, and one byte."""
    _answer_without_end(SIP_PORT, [_SIP_SMALL, _SIP_OTHER, b"x"])


def sip_folded() -> None:
    """Answers of 60 kB with a header field in 15,000 folded lines."""
    _answer_without_end(SIP_PORT, [_SIP_FOLDED])


def sip_strangers() -> None:
    """The same from fifty addresses that nobody asked."""
    _answer_without_end(SIP_PORT, [_SIP_SMALL, _SIP_OTHER, b"x"], _STRANGERS)


def _answer_without_end(port: int, payloads: Sequence[bytes], senders: Sequence[str] = ()) -> None:
    """To the last who asked, as fast as one core can; from the port that was asked, or from other addresses."""
    asked = _bound(socket.SOCK_DGRAM, 0, PEER, port)
    sockets = [_bound(socket.SOCK_DGRAM, 0, address, port) for address in senders] or [asked]
    _, agent = asked.recvfrom(4096)
    asked.setblocking(False)
    for sock, payload in zip(cycle(sockets), _rounds(payloads), strict=False):
        if payload is None:
            with contextlib.suppress(BlockingIOError):
                _, agent = asked.recvfrom(4096)
            continue
        with contextlib.suppress(OSError):  # a refusal, once the agent's socket is gone
            sock.sendto(payload, agent)


def _rounds(payloads: Sequence[bytes]) -> Iterator[bytes | None]:
    """Each payload in turn; after 64 of them None: time to see who asks now."""
    each = cycle(payloads)
    while True:
        for _ in range(64):
            yield next(each)
        yield None


def icmp_errors() -> None:
    """Host unreachable, to everything that the agent may have sent to fifty addresses by ping."""
    errors = [_unreachable(address, number) for number, address in enumerate(_STRANGERS)]
    sockets = [_bound(socket.SOCK_RAW, socket.IPPROTO_ICMP, address, 0) for address in _STRANGERS]
    for sock, error in cycle(zip(sockets, errors, strict=True)):
        with contextlib.suppress(OSError):
            sock.sendto(error, (_AGENT, 0))


def _unreachable(pinged: str, number: int) -> bytes:
    """RFC 792: the error quotes the header of our ping and its first bytes."""
    ping = struct.pack(">BBHHH", 8, 0, 0, number, 1) + bytes(56)
    addresses = socket.inet_aton(_AGENT) + socket.inet_aton(pinged)
    quoted = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(ping), number, 0, 64, 1, 0) + addresses + ping
    body = struct.pack(">BBHI", 3, 1, 0, 0) + quoted
    total = sum(struct.unpack(f">{len(body) // 2}H", body))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return body[:2] + struct.pack(">H", ~total & 0xFFFF) + body[4:]


def _bound(kind: int, protocol: int, address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, kind, protocol)
    sock.bind((address, port))
    return sock


KINDS = {
    "dear-records": lambda: asyncio.run(dear_records()),
    "dns-datagrams": dns_datagrams,
    "nested-codings": lambda: asyncio.run(nested_codings()),
    "sip-small": sip_small,
    "sip-folded": sip_folded,
    "sip-strangers": sip_strangers,
    "icmp-errors": icmp_errors,
}

if __name__ == "__main__":
    KINDS[sys.argv[1]]()
