"""ServerLimits of the server against clients that mean harm (T25, T26, T27)."""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager, suppress
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from agent.engine.reload import ReloadOutcome
from agent.web import scrape
from agent.web.connection_limiter import Connection, ConnectionLimiter
from agent.web.endpoints import MetricsRequest
from agent.web.limits import ServerLimits
from tests.agent.web.serving import INVENTORY, ask, exchange, parse, serving

LONG = gzip.compress(b"x" * 20_000_000, 1)
DRIP = Path(__file__).with_name("drip.py")


class PlainCap(ConnectionLimiter):
    """What servers usually do: at the cap the newcomer is turned away."""

    def opened(self, guest: Connection) -> None:
        if len(self) >= self._limits.connections:
            guest.reject()
            return
        super().opened(guest)


@asynccontextmanager
async def dripping(port: int, seconds: float) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(DRIP), "127.0.0.1", str(port), "1000", str(seconds), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            await process.stdout.readline()
        yield
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _served(port: int, seconds: float) -> list[float]:
    """Seconds that each honest request took; infinity for one that was not served."""
    took = []
    until = time.monotonic() + seconds
    while (start := time.monotonic()) < until:
        try:
            status, _, _ = await ask(port, "GET", "/-/healthy")
            took.append(time.monotonic() - start if status == 200 else float("inf"))
        except (OSError, ValueError, IndexError, TimeoutError):
            took.append(float("inf"))
        await asyncio.sleep(0.02)
    return took


@pytest.mark.alone
async def test_honest_clients_are_served_behind_a_thousand_drips() -> None:
    threads = threading.active_count()
    async with serving() as (port, server), dripping(port, 12):
        took = await _served(port, 4)
        inside = server.connections
    assert max(took) <= 1.0
    assert inside <= 200
    assert threading.active_count() <= threads


async def test_without_eviction_they_starve() -> None:
    async with serving(limiter=PlainCap) as (port, _), dripping(port, 12):
        took = await _served(port, 1.5)
    assert sum(seconds > 1.0 for seconds in took) > len(took) / 2


async def test_half_a_request_ends_at_the_deadline() -> None:
    async with serving(ServerLimits(request_seconds=0.2)) as (port, server):
        head = b"POST /-/reload HTTP/1.1\r\nhost: localhost\r\n"
        for half in (b"", b"GET / HT", head, head + b"content-length: 9\r\n"):
            assert parse(await exchange(port, half))[0] == 408, half
        answered = await exchange(port, head + b"content-length: 9\r\n\r\nab")
        assert parse(answered)[0] == 200
        assert server.connections <= 1


async def test_a_kept_connection_is_closed_when_idle_too_long() -> None:
    async with serving(ServerLimits(idle_seconds=0.2)) as (port, _):
        answer = await exchange(port, b"GET /-/healthy HTTP/1.1\r\nhost: a\r\n\r\n", 3)
    assert parse(answer)[0] == 200


async def test_requests_on_one_connection_are_all_answered() -> None:
    async with serving() as (port, _):
        request = b"GET /-/healthy HTTP/1.1\r\nhost: a\r\n\r\n"
        last = b"GET /-/healthy HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
        answer = await exchange(port, request * 20 + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 21


HOST = b"host: localhost\r\n"
CLOSING = HOST + b"connection: close\r\n"
ODD = [
    (b"GET /" + b"a" * 1024 * 1024 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (b"GET /?" + b"a" * 8180 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"x-%d: y\r\n" % i for i in range(10_000)) + b"\r\n", 431),
    (b"GET / HTTP/1.1\r\n" + HOST + b"x: " + b"y" * 80_000 + b"\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\n" + HOST + b"x" * 70_000, 431),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    (b"GET /\x00 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 505),
    (b"GET / HTTP/1.1\r\n" + HOST + b"x : y\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\n" + HOST + b"x: y\r\n folded\r\n\r\n", 200),
    (b"POST /-/reload HTTP/1.1\r\n" + HOST + b"content-length: 4\r\ncontent-length: 5\r\n\r\nabcd", 400),
    (b"POST /-/reload HTTP/1.1\r\n" + HOST + b"content-length: -1\r\n\r\n", 400),
    (b"POST /-/reload HTTP/1.1\r\n" + HOST + b"transfer-encoding: gzip\r\n\r\n", 501),
    (b"POST /-/reload HTTP/1.1\r\n" + HOST + b"transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 501),
]


@pytest.mark.parametrize(("request_bytes", "status"), ODD)
async def test_odd_and_oversized_requests(request_bytes: bytes, status: int) -> None:
    async with serving() as (port, _):
        answer = await exchange(port, request_bytes.replace(HOST, CLOSING, 1))
        found, headers, body = parse(answer)
        assert found == status
        assert b"Traceback" not in body
        assert "server" not in headers
        assert (await ask(port, "GET", "/-/healthy"))[0] == 200


async def test_no_bytes_raise_in_the_server() -> None:
    """Cut, doubled and flipped requests, some in two pieces; whatever they mean, nothing reaches the loop's handler."""
    raised: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: raised.append(context))
    random = Random(26)
    good = b"POST /api/v1/check HTTP/1.1\r\n" + HOST + b"content-type: application/json\r\n"
    good += b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    async with serving(ServerLimits(request_seconds=0.2, idle_seconds=0.2)) as (port, _), logged() as lines:
        for batch in range(10):
            await asyncio.gather(*(_throw(port, _mutated(random, good), batch % 2) for _ in range(50)))
        assert (await ask(port, "GET", "/-/healthy"))[0] == 200
    assert (raised, lines) == ([], [])


@asynccontextmanager
async def logged() -> AsyncIterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as lines:
        yield lines


def _mutated(random: Random, request: bytes) -> bytes:
    data = bytearray(request * random.choice((1, 1, 2, 30)))
    for _ in range(random.randrange(6)):
        data[random.randrange(len(data))] = random.randrange(256)
    start = random.choice((0, 0, random.randrange(len(data))))
    return bytes(data[start : random.choice((len(data), random.randrange(len(data) + 1)))])


async def _throw(port: int, data: bytes, pause: int) -> None:
    with suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data[: len(data) // 2])
        await asyncio.sleep(0.02 * pause)
        writer.write(data[len(data) // 2 :])
        await asyncio.sleep(0.02)
        writer.close()


async def test_two_lengths_leave_no_second_request_in_the_pipe() -> None:
    """With both lengths the body is chunked (RFC 9112 6.3); what is smuggled behind it is judged like any request."""
    smuggled = (
        b"POST /-/reload HTTP/1.1\r\n" + HOST + b"content-length: 45\r\ntransfer-encoding: chunked\r\n\r\n"
        b"0\r\n\r\nPOST /-/reload HTTP/1.1\r\nhost: evil\r\n\r\n"
    )
    async with serving(ServerLimits(request_seconds=0.3, idle_seconds=0.3)) as (port, _):
        answer = await exchange(port, smuggled)
    assert answer.count(b"HTTP/1.1 200") <= 1


async def test_a_body_over_the_cap_is_refused() -> None:
    async with serving(ServerLimits(body_bytes=1000)) as (port, _):
        status, _, _ = await ask(port, "POST", "/api/v1/check", {"content-type": "application/json"}, b" " * 1001)
    assert status == 413


async def test_big_requests_leave_no_memory_behind() -> None:
    async with serving() as (port, _):
        await exchange(port, ODD[0][0])
        before = _resident_bytes()
        for request, _ in ODD[:6] * 10:
            await exchange(port, request.replace(HOST, CLOSING, 1))
        assert _resident_bytes() - before <= 8 * 1024 * 1024


@pytest.mark.alone
async def test_a_scrape_storm_shares_renders() -> None:
    body = b"x" * 2_000_000
    packed = gzip.compress(body)
    renders: list[str] = []

    def render(_: MetricsRequest) -> bytes:
        renders.append(threading.current_thread().name)
        time.sleep(0.05)
        return packed

    async def client(port: int, until: float) -> list[tuple[int, float]]:
        found = []
        while (start := time.monotonic()) < until:
            status, _, got = await ask(port, "GET", "/metrics")
            assert status == 503 or got == body
            found.append((status, time.monotonic() - start))
            await asyncio.sleep(0.01)
        return found

    async with serving(metrics=render) as (port, _):
        until = time.monotonic() + 2
        answers = list(chain.from_iterable(await asyncio.gather(*(client(port, until) for _ in range(50)))))
    served = sorted(seconds for status, seconds in answers if status == 200)
    assert served[int(len(served) * 0.99)] <= 1.0
    assert len(renders) < len(served)
    assert len(set(renders)) == 1


async def test_a_reader_who_takes_nothing_is_cut() -> None:
    async with serving(ServerLimits(stall_seconds=0.3), metrics=lambda _asked: LONG) as (
        port,
        server,
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n")
        async with asyncio.timeout(5):
            while server.connections == 0:
                await asyncio.sleep(0.01)
            while server.connections:
                await asyncio.sleep(0.05)
        writer.close()


async def test_metrics_in_each_format() -> None:
    async with serving(metrics=lambda asked: gzip.compress(repr(asked).encode())) as (port, _):
        status, headers, body = await ask(port, "GET", "/metrics")
        assert (status, headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
        assert body == repr(MetricsRequest(openmetrics=False)).encode()
        accept = {"accept": "application/openmetrics-text;version=1.0.0", "accept-encoding": "gzip"}
        status, headers, body = await ask(port, "GET", "/metrics", accept)
        assert headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
        assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept, Accept-Encoding")
        assert gzip.decompress(body) == repr(MetricsRequest(openmetrics=True)).encode()


async def test_metrics_of_one_unit() -> None:
    unit = INVENTORY.units[0].id
    async with serving(metrics=lambda asked: gzip.compress(asked.unit.encode())) as (port, _):
        assert (await ask(port, "GET", f"/metrics?unit={unit}"))[::2] == (200, unit.encode())
        for query in ("unit=nobody", "unit=", f"unit={unit}&unit={unit}"):
            status, _, body = await ask(port, "GET", f"/metrics?{query}", {"accept-language": "vi"})
            assert (status, b"unit" in body) == (400, True), query
        assert (await ask(port, "GET", "/metrics/snmp?unit=nobody"))[0] == 200


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_a_reader_who_goes_on_reading_gets_all_however_slow(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each piece within its time, all of them in five times that."""
    monkeypatch.setattr(scrape, "_PIECE_SECONDS", 0.5)
    text = Random(5).randbytes(12_000_000)
    async with serving(metrics=lambda _asked: gzip.compress(text, 0)) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /metrics HTTP/1.1\r\nhost: a\r\naccept-encoding: {encoding}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        left = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        got, began = bytearray(), time.monotonic()
        while len(got) < left:
            got += await reader.readexactly(min(65_536, left - len(got)))
            await asyncio.sleep(0.01)
        seconds = time.monotonic() - began
        writer.close()
    assert (gzip.decompress(got) if encoding == "gzip" else bytes(got)) == text
    assert seconds > 1


async def test_stop_waits_for_an_answer_and_cuts_a_hanging_one() -> None:
    going = threading.Event()

    def slow(_: MetricsRequest) -> bytes:
        going.set()
        time.sleep(0.4)
        return gzip.compress(b"done")

    async with serving(metrics=slow) as (port, server):
        idle = asyncio.create_task(exchange(port, b""))
        asked = asyncio.create_task(ask(port, "GET", "/metrics"))
        await asyncio.to_thread(going.wait, 5)
        start = time.monotonic()
        await server.stop()
        assert time.monotonic() - start < 2
        assert (await asked)[2] == b"done"
        assert await idle == b""
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", port)


async def test_stop_within_two_seconds_whatever_hangs() -> None:
    async def forever() -> ReloadOutcome:
        await asyncio.get_running_loop().create_future()
        return ReloadOutcome(ok=True, message="never")

    async with serving(reload=forever) as (port, server):
        asked = asyncio.create_task(exchange(port, b"POST /-/reload HTTP/1.1\r\nhost: localhost\r\n\r\n"))
        while server.connections == 0:
            await asyncio.sleep(0.01)
        start = time.monotonic()
        await server.stop()
        assert time.monotonic() - start < 2
        assert await asked == b""


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def test_the_rest_of_a_closing_connection_is_not_kept_for_ever() -> None:
    """What the kernel and the transport hold when the answer is written out counts as sent, yet nobody takes it."""
    async with serving(ServerLimits(stall_seconds=0.3), metrics=lambda _asked: LONG) as (
        port,
        server,
    ):
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(b"GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        async with asyncio.timeout(5):
            while server.connections == 0:
                await asyncio.sleep(0.01)
            while server.connections:
                await asyncio.sleep(0.05)
        sock.close()
