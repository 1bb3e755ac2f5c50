"""The lab's web server, asked with Python's own client: an independent opinion."""

from __future__ import annotations

import asyncio
import http.client
import ssl
from pathlib import Path

import pytest

from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.http import PAGE, TOKEN, HttpListener, response
from tests.pki import HOST, pki

ADDRESS = "127.81.1.1"


async def get(listener: HttpListener, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """One GET by http.client, off the loop."""

    def ask() -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(ADDRESS, listener.port, timeout=5)
        connection.connect()
        if listener.tls is not None:
            context = ssl.create_default_context(cafile=pki().ca_file)
            connection.sock = context.wrap_socket(connection.sock, server_hostname=HOST)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    return await asyncio.to_thread(ask)


@pytest.mark.parametrize("tls", [False, True])
async def test_the_page(tls: bool) -> None:
    pem = Path(pki().good.pem)
    listener = HttpListener(certificate=(pem, pem) if tls else None)
    await listener.open(ADDRESS)
    try:
        assert await get(listener, "/") == (200, PAGE.encode())
        listener.page = "khác"
        assert await get(listener, "/login") == (200, "khác".encode())
    finally:
        await listener.close()
    assert listener.connections == 2
    assert [seen.path for seen in listener.seen] == ["/", "/login"]


async def test_paths() -> None:
    listener = HttpListener()
    await listener.open(ADDRESS)
    try:
        assert (await get(listener, "/status/503"))[0] == 503
        assert (await get(listener, "/redirect?to=/x"))[0] == 302
        assert (await get(listener, "/auth"))[0] == 401
        assert (await get(listener, "/auth", {"Authorization": f"Bearer {TOKEN}"}))[0] == 200
        assert (await get(listener, "/nothing"))[0] == 404
        listener.routes["/own"] = response(299, b"x")
        assert await get(listener, "/own") == (299, b"x")
    finally:
        await listener.close()


@pytest.mark.parametrize(
    ("misbehaviour", "expected"),
    [
        (Misbehaviour.GARBAGE, http.client.BadStatusLine),
        (Misbehaviour.CLOSE, http.client.RemoteDisconnected),
        (Misbehaviour.RESET, ConnectionResetError),
    ],
)
async def test_vices(misbehaviour: Misbehaviour, expected: type[Exception]) -> None:
    listener = HttpListener()
    listener.misbehaviour = misbehaviour
    await listener.open(ADDRESS)
    try:
        with pytest.raises(expected):
            await get(listener, "/")
        listener.misbehaviour = Misbehaviour.NONE
        assert (await get(listener, "/"))[0] == 200
    finally:
        await listener.close()


async def test_what_takes_its_time() -> None:
    listener = HttpListener()
    await listener.open(ADDRESS)
    reader, writer = await asyncio.open_connection(ADDRESS, listener.port)
    listener.misbehaviour, listener.slow_seconds = Misbehaviour.SLOW, 0.05
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    assert loop.time() - began >= 0.04
    writer.close()
    for misbehaviour, least in ((Misbehaviour.STALL, 100), (Misbehaviour.DRIP, 1)):
        listener.misbehaviour = misbehaviour
        reader, writer = await asyncio.open_connection(ADDRESS, listener.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.readexactly(least)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.readexactly(10_000), 0.1)
        writer.close()
    await listener.close()


async def test_endless_waits_for_a_slow_reader() -> None:
    listener = HttpListener()
    listener.misbehaviour = Misbehaviour.ENDLESS
    await listener.open(ADDRESS)
    reader, writer = await asyncio.open_connection(ADDRESS, listener.port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    for _ in range(100):
        assert await reader.readexactly(65536)
    (connection,) = listener._open
    transport = connection._transport
    assert transport is not None
    assert transport.get_write_buffer_size() < 1024 * 1024
    writer.close()
    await listener.close()
    assert not listener._open


async def test_closing_drops_every_connection() -> None:
    listener = HttpListener()
    listener.misbehaviour = Misbehaviour.SILENT
    await listener.open(ADDRESS)
    reader, writer = await asyncio.open_connection(ADDRESS, listener.port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    while not listener._open:
        await asyncio.sleep(0.001)
    port = listener.port
    await listener.close()
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await reader.readexactly(1)
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(ADDRESS, port)
