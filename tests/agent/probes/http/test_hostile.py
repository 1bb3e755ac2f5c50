"""Servers that mean harm or are broken: each a result with its own reason, in bounded time, memory and CPU."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.http import response
from agent.model import Reason, ReasonCode
from agent.probes.http.reasons import HttpReason
from tests.agent.probes.http.asking import ADDRESS, OTHER, asking, facts, read, serving
from tests.pki import HOST, pki
from tests.probing import Stalls

MIB = 1024 * 1024
TLS = {"ca_file": pki().ca_file}

VICES = [
    (Misbehaviour.SILENT, "/", Reason.TIMEOUT),
    (Misbehaviour.GARBAGE, "/", Reason.PROTOCOL_ERROR),
    (Misbehaviour.CLOSE, "/", Reason.CONNECTION_CLOSED),
    (Misbehaviour.RESET, "/", Reason.CONNECTION_RESET),
    (Misbehaviour.DRIP, "/", Reason.STALLED),
    (Misbehaviour.STALL, "/", Reason.STALLED),
    (Misbehaviour.ENDLESS, "/", Reason.TOO_LARGE),
    (Misbehaviour.ENDLESS, "/headers", Reason.TOO_LARGE),
    (Misbehaviour.ENDLESS, "/line", Reason.TOO_LARGE),
    (Misbehaviour.ENDLESS, "/interim", Reason.TOO_LARGE),
    (Misbehaviour.ENDLESS, "/chunks", Reason.TOO_LARGE),
    (Misbehaviour.ENDLESS, "/extension", Reason.TOO_LARGE),
]
TLS_VICES = {Misbehaviour.GARBAGE: Reason.TLS_REQUIRED}


def peak_memory(*, reset: bool = False) -> int:
    """Bytes of the process's highest resident size since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(("misbehaviour", "path", "reason"), VICES)
async def test_vices(misbehaviour: Misbehaviour, path: str, reason: ReasonCode, tls: bool) -> None:
    async with (
        serving(misbehaviour=misbehaviour, certificate=pki().good if tls else None) as web,
        asking({HOST: ADDRESS}) as asker,
    ):
        before, began = peak_memory(reset=True), time.monotonic()
        url = f"{'https' if tls else 'http'}://{HOST}:{web.port}{path}"
        result = await asker.ask(url, timeout=0.8, tls_config=TLS)
        took = time.monotonic() - began
        grown = peak_memory() - before
    expected = TLS_VICES.get(misbehaviour, reason) if tls else reason
    assert result.reason is expected, result.detail
    assert took < 0.8 + 0.5
    assert grown < 16 * MIB


@pytest.mark.parametrize("misbehaviour", [Misbehaviour.ENDLESS, Misbehaviour.DRIP, Misbehaviour.SILENT])
async def test_neighbours_are_not_delayed(misbehaviour: Misbehaviour) -> None:
    async with serving(misbehaviour=misbehaviour) as bad, serving(OTHER) as good, asking() as asker:
        path = "/extension" if misbehaviour is Misbehaviour.ENDLESS else "/"
        runs = [asyncio.create_task(asker.ask(f"http://{ADDRESS}:{bad.port}{path}", timeout=1)) for _ in range(5)]
        took = []
        for _ in range(20):
            result = await asker.ask(f"http://{OTHER}:{good.port}/")
            assert result.reason is Reason.OK
            took.append(result.took_seconds)
            await asyncio.sleep(0.01)
        await asyncio.gather(*runs)
    assert sorted(took)[10] < 0.05


_OK, _CHUNKED = b"HTTP/1.1 200 OK\r\n", b"Transfer-Encoding: chunked\r\n\r\n"
FLOODS = {
    "chunks of a byte": (_OK + _CHUNKED, b"1\r\na\r\n"),
    "chunks with extensions": (_OK + _CHUNKED, b"1;aaaaaaaaaaaaaaaaaaaa\r\na\r\n"),
    "an endless extension": (_OK + _CHUNKED + b"1;", b"a"),
    "headers": (_OK, b"A:b\r\n"),
    "trailers": (_OK + _CHUNKED + b"0\r\n", b"A:b\r\n"),
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "a body": (_OK + b"\r\n", b"a"),
}


def pour(connection: socket.socket, start: bytes, endless: bytes) -> None:
    with connection, contextlib.suppress(OSError):
        connection.recv(65_536)
        connection.sendall(start)
        while True:
            connection.sendall(endless * (65_536 // len(endless)))


@contextmanager
def flooding(start: bytes, endless: bytes) -> Iterator[str]:
    """The URL of a server with a thread for each connection: what it sends costs the loop nothing."""
    with socket.create_server((ADDRESS, 0), backlog=64) as listening:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    threading.Thread(target=pour, args=(connection, start, endless), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://{ADDRESS}:{listening.getsockname()[1]}/"
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.alone
@pytest.mark.parametrize("name", FLOODS)
async def test_floods_in_clear_text_hold_nobody(name: str) -> None:
    """Twenty at once, all that the limit on bodies lets in: no turn of the loop takes long, and an honest run ends."""
    options = read({"body_size_limit": "64MiB"})
    with flooding(*FLOODS[name]) as url:
        async with serving(OTHER) as good, asking() as asker:
            before = peak_memory(reset=True)
            async with Stalls() as stalls:
                floods = [asyncio.create_task(asker.ask_as(url, options, timeout=0.5)) for _ in range(20)]
                await asyncio.sleep(0.05)
                honest = await asker.ask(f"http://{OTHER}:{good.port}/")
                results = await asyncio.gather(*floods)
            grown = peak_memory() - before
    print(f"{name}: longest turn {stalls.longest * 1e3:.0f} ms of CPU, memory +{grown / MIB:.1f} MiB")
    assert honest.reason is Reason.OK
    assert {each.reason for each in results} <= {Reason.TOO_LARGE, Reason.STALLED, Reason.TIMEOUT}
    assert stalls.longest < 0.1
    assert grown < 16 * MIB


async def test_a_tls_handshake_that_stalls_in_the_middle_is_told_from_silence() -> None:
    seconds, spoke = 0.3, asyncio.Queue[float]()

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        writer.write(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03")
        spoke.put_nowait(time.monotonic())
        await reader.read()  # until the client leaves
        writer.close()

    server = await asyncio.start_server(half, ADDRESS, 0)
    url = f"https://{ADDRESS}:{server.sockets[0].getsockname()[1]}/"
    async with asking() as asker:
        began = time.monotonic()
        result = await asker.ask(url, timeout=seconds)
        while await spoke.get() > began + seconds / 2:  # a busy machine: the server was too late, and is asked again
            seconds, began = 2 * seconds, time.monotonic()
            result = await asker.ask(url, timeout=seconds)
    server.close()
    await server.wait_closed()
    assert (result.reason, result.detail) == (Reason.STALLED, "11 bytes came, then no more in time")
    phases = dict(facts(result).phases)
    assert phases["tls"] == pytest.approx(sum(phases.values()) - phases["connect"] - phases["resolve"])
    assert phases["tls"] > 0
    assert phases["processing"] == 0


BOMB = gzip.compress(bytes(64 * MIB), 9)
BROKEN = {
    "bomb": (response(200, BOMB, {"Content-Encoding": "gzip"}), Reason.TOO_LARGE),
    "nested bomb": (response(200, gzip.compress(BOMB), {"Content-Encoding": "gzip, gzip"}), Reason.TOO_LARGE),
    "too deeply nested": (response(200, BOMB, {"Content-Encoding": ", ".join(["gzip"] * 20)}), Reason.PROTOCOL_ERROR),
    "not gzip": (response(200, b"plain text, says it is packed", {"Content-Encoding": "gzip"}), Reason.PROTOCOL_ERROR),
    "unknown coding": (response(200, b"x", {"Content-Encoding": "rot13"}), Reason.PROTOCOL_ERROR),
    "length 2^63": (b"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nx", Reason.PROTOCOL_ERROR),
    "length of letters": (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nx", None),
    "negative length": (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx", None),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", None),
    "short": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this", Reason.CONNECTION_CLOSED),
    "bad chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", None),
    "cut chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc", Reason.CONNECTION_CLOSED),
    "big chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\na", None),
    "a length and letters": (b"HTTP/1.1 200 OK\r\nContent-Length: 1a\r\n\r\nx", Reason.PROTOCOL_ERROR),
    "a length with a sign": (b"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx", Reason.PROTOCOL_ERROR),
    "two lengths in one": (b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nx", Reason.PROTOCOL_ERROR),
    "one length twice": (b"HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx", Reason.OK),
    "a status line alone": (b"HTTP/1.1 200 OK\r\n", Reason.CONNECTION_CLOSED),
    "a head without its end": (b"HTTP/1.1 200 OK\r\nX: y\r\n", Reason.CONNECTION_CLOSED),
    "a head cut in a header": (b"HTTP/1.1 200 OK\r\nContent-Le", Reason.CONNECTION_CLOSED),
    "a head cut in its end": (b"HTTP/1.1 200 OK\r\nX: y\r\n\r", Reason.CONNECTION_CLOSED),
    "a status of four digits": (b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n", Reason.PROTOCOL_ERROR),
    "a status of two digits": (b"HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n", Reason.PROTOCOL_ERROR),
    "http in small letters": (b"http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Reason.PROTOCOL_ERROR),
    "a folded trailer": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n folded\r\n\r\n",
        Reason.PROTOCOL_ERROR,
    ),
    "a trailer that folds nothing": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n folded\r\n\r\n",
        Reason.PROTOCOL_ERROR,
    ),
    "status of letters": (b"HTTP/1.1 abc OK\r\n\r\n", Reason.PROTOCOL_ERROR),
    "status 0": (b"HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n", None),
    "version 9": (b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n", Reason.PROTOCOL_ERROR),
    "no version": (b"<html>page of HTTP/0.9</html>", Reason.PROTOCOL_ERROR),
    "NUL in a header": (b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 0\r\n\r\n", None),
    "bare line": (b"HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 0\r\n\r\n", None),
    "many small headers": (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 2000 + b"\r\n", Reason.TOO_LARGE),
    "endless trailers": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
        Reason.TOO_LARGE,
    ),
    "no answer, only hints": (b"HTTP/1.1 103 Early Hints\r\n\r\n", Reason.CONNECTION_CLOSED),
    "switched protocols": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", None),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_answers(name: str) -> None:
    answer, reason = BROKEN[name]
    async with serving() as web, asking() as asker:
        web.routes["/broken"] = answer
        before, began = peak_memory(reset=True), time.process_time()
        result = await asker.ask(f"http://{ADDRESS}:{web.port}/broken", timeout=1.0, compression="any")
        used, grown = time.process_time() - began, peak_memory() - before
    allowed = (
        (reason,) if reason else (Reason.OK, Reason.PROTOCOL_ERROR, HttpReason.BAD_STATUS, Reason.CONNECTION_CLOSED)
    )
    assert result.reason in allowed, result
    assert used < 0.5
    assert grown < 16 * MIB


async def test_hostile_text_stays_out_of_the_detail() -> None:
    async with serving() as web, asking() as asker:
        location = b"http://\x1b[31m\x07.example/"
        web.routes["/go"] = b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"
        result = await asker.ask(f"http://{ADDRESS}:{web.port}/go")
    assert result.reason is Reason.REDIRECT_FORBIDDEN
    assert result.detail.isprintable()
    assert len(result.detail) <= 300
