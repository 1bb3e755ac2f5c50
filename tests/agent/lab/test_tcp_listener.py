"""The listener seen through asyncio's own streams, not through our probe."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator

import pytest

from agent.clock import SystemClock
from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.tcp import TcpListener
from tests.pki import HOST, pki

BANNER = b"220 ready\r\n"


@pytest.fixture
async def listener() -> AsyncIterator[TcpListener]:
    listener = TcpListener(BANNER, {b"NOOP": b"250 OK\r\n"})
    await listener.open("127.0.0.1")
    yield listener
    await listener.close()


async def connect(listener: TcpListener, context: ssl.SSLContext | None = None) -> tuple[StreamReader, StreamWriter]:
    return await asyncio.open_connection(
        "127.0.0.1", listener.port, ssl=context, server_hostname=HOST if context else None
    )


async def read_all(listener: TcpListener) -> bytes:
    reader, writer = await connect(listener)
    try:
        return await asyncio.wait_for(reader.read(), 2)
    finally:
        writer.close()


async def test_it_greets_answers_and_keeps_what_it_heard(listener: TcpListener) -> None:
    reader, writer = await connect(listener)
    assert await reader.readline() == BANNER
    writer.write(b"NOOP\r\nWHAT\r\nNOOP\r\n")
    assert await reader.readline() == b"250 OK\r\n"
    assert await reader.readline() == b"250 OK\r\n"
    assert bytes(listener.heard) == b"NOOP\r\nWHAT\r\nNOOP\r\n"
    writer.close()


async def test_tls_from_the_first_byte() -> None:
    listener = TcpListener(BANNER, certificate=pki().good.pem)
    await listener.open("127.0.0.1")
    reader, writer = await connect(listener, ssl.create_default_context(cafile=pki().ca_file))
    assert await reader.readline() == BANNER
    writer.close()
    await listener.close()


async def test_tls_after_a_command() -> None:
    listener = TcpListener(BANNER, {b"STARTTLS": b"220 go\r\n"}, pki().good.pem, upgrade_on=b"STARTTLS")
    await listener.open("127.0.0.1")
    reader, writer = await connect(listener)
    assert await reader.readline() == BANNER
    writer.write(b"STARTTLS\r\n")
    assert await reader.readline() == b"220 go\r\n"
    await writer.start_tls(ssl.create_default_context(cafile=pki().ca_file), server_hostname=HOST)
    writer.write(b"hello\r\n")
    await writer.drain()
    while b"hello" not in listener.heard:
        await asyncio.sleep(0.001)
    writer.close()
    await listener.close()


@pytest.mark.parametrize(
    ("misbehaviour", "said"), [(Misbehaviour.CLOSE, b""), (Misbehaviour.GARBAGE, b"not the protocol")]
)
async def test_vices_that_end(listener: TcpListener, misbehaviour: Misbehaviour, said: bytes) -> None:
    listener.misbehaviour = misbehaviour
    assert said in await read_all(listener)


async def test_reset(listener: TcpListener) -> None:
    listener.misbehaviour = Misbehaviour.RESET
    with pytest.raises(ConnectionResetError):
        await read_all(listener)


@pytest.mark.parametrize(
    ("misbehaviour", "said"),
    [(Misbehaviour.SILENT, b""), (Misbehaviour.STALL, BANNER[: len(BANNER) // 2]), (Misbehaviour.DRIP, BANNER[:1])],
)
async def test_vices_that_keep_waiting(listener: TcpListener, misbehaviour: Misbehaviour, said: bytes) -> None:
    listener.misbehaviour = misbehaviour
    reader, writer = await connect(listener)
    came = await reader.readexactly(len(said)) if said else b""
    assert came == said
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 0.2)
    writer.close()


async def test_endless(listener: TcpListener) -> None:
    listener.misbehaviour = Misbehaviour.ENDLESS
    reader, writer = await connect(listener)
    assert len(await reader.readexactly(300_000)) == 300_000
    writer.transport.abort()


async def test_slow_holds_for_the_next_connection_only(listener: TcpListener) -> None:
    clock = SystemClock()
    listener.misbehaviour, listener.slow_seconds = Misbehaviour.SLOW, 0.15
    began = clock.monotonic()
    reader, writer = await connect(listener)
    listener.misbehaviour = Misbehaviour.NONE
    assert await reader.readline() == BANNER
    assert clock.monotonic() - began >= 0.149  # the loop counts whole milliseconds
    writer.close()


async def test_a_closed_listener_refuses(listener: TcpListener) -> None:
    reader, writer = await connect(listener)
    await reader.readline()
    await listener.close()
    assert await reader.read() == b""
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await connect(listener)
