"""Servers that do as they are told once per connection, and keep what they were sent: to ask two monitors the same."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rrset

_SECONDS = 5.0


@dataclass
class Told:
    """One server: its port, and what each connection sent it, in order."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # TLS server names


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
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        told.port = server.sockets[0].getsockname()[1]
        yield told


@asynccontextmanager
async def pages(
    answers: Mapping[bytes, bytes], context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Told]:
    """Answers each request by its path with these bytes (``b"*"`` for any other) and closes."""
    told = Told()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _SECONDS)
            told.heard.append(head)
            writer.write(answers.get(head.split(b" ", 2)[1], answers.get(b"*", b"")))
            await writer.drain()
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    if context is not None:
        context.sni_callback = lambda _sock, name, _context: told.names.append(name or "")
    async with await asyncio.start_server(serve, host, 0, ssl=context) as server:
        told.port = server.sockets[0].getsockname()[1]
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
