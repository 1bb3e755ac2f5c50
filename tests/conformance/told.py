"""Servers that do as they are told once per connection, and keep what they were sent: to ask two monitors the same."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rrset

_SECONDS = 5.0
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Told:
    """One server: its port, and what each connection sent it, in order."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # TLS server names


@asynccontextmanager
async def _serving(told: Told, talk: Talk, context: ssl.SSLContext | None = None) -> AsyncIterator[Told]:
    """A server on a free loopback port; it ends once every connection has ended."""
    talks: list[asyncio.Task[None]] = []

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.create_task(_talked(talk, reader, writer)))

    async with await asyncio.start_server(begin, "127.0.0.1", 0, ssl=context) as server:
        told.port = server.sockets[0].getsockname()[1]
        yield told
        await asyncio.wait_for(asyncio.gather(*talks), _SECONDS)


async def _talked(talk: Talk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        await talk(reader, writer)
        await writer.drain()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def lines(greeting: bytes, replies: Mapping[bytes, bytes], *, end: bool) -> AsyncIterator[Told]:
    """Says the greeting, answers each line it knows; ends its side after the greeting, or after an unknown line."""
    told = Told()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = bytearray()
        writer.write(greeting)
        if end:
            writer.write_eof()
        while line := await asyncio.wait_for(reader.readline(), _SECONDS):
            said += line
            if not end:
                writer.write(replies.get(line, b""))
        told.heard.append(bytes(said))

    async with _serving(told, serve):
        yield told


@asynccontextmanager
async def pages(answers: Mapping[bytes, bytes], context: ssl.SSLContext | None = None) -> AsyncIterator[Told]:
    """Answers each request by its path with these bytes (``b"*"`` for any other) and closes."""
    told = Told()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _SECONDS)
        told.heard.append(head)
        writer.write(answers.get(head.split(b" ", 2)[1], answers.get(b"*", b"")))

    if context is not None:
        context.sni_callback = lambda _sock, name, _context: told.names.append(name or "")
    async with _serving(told, serve, context):
        yield told


def _record(line: str) -> dns.rrset.RRset:
    name, ttl, rdclass, rdtype, data = line.split(None, 4)
    return dns.rrset.from_text(name, int(ttl), rdclass, rdtype, data)


@asynccontextmanager
async def records(*answer: str) -> AsyncIterator[Told]:
    """A name server over UDP that gives these records to every question."""
    told = Told()

    class Server(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            told.heard.append(data)
            reply = dns.message.make_response(dns.message.from_wire(data))
            reply.flags |= dns.flags.RA
            reply.answer = [_record(line) for line in answer]
            self.transport.sendto(reply.to_wire(), addr)  # type: ignore[attr-defined]

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Server, local_addr=("127.0.0.1", 0))
    told.port = transport.get_extra_info("sockname")[1]
    yield told
    transport.close()
