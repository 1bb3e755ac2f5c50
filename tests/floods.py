"""Floods on the loopback, each sent in one go: whoever shares the event loop reads none of it meanwhile."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_BIG = bytes(60_000)
_MOST_BYTES = 48 << 20  # more than the biggest receive buffer of ours, 16 MiB, which the kernel doubles
_AGAIN_SECONDS = 0.05
_ECHO_REPLY = bytes(8)  # type 0; raw sockets of the monitor look at the rest themselves


def flood(sock: socket.socket, to: tuple[str, int], begin: bytes = b"") -> None:
    """Send datagrams that begin so, until no receive buffer can hold them."""
    datagram = begin + _BIG[len(begin) :]
    for _ in range(_MOST_BYTES // len(datagram)):
        sock.sendto(datagram, to)


def flood_of_replies(to: str) -> None:
    """Echo replies that nobody asked for; needs CAP_NET_RAW."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        flood(sock, (to, 0), _ECHO_REPLY)


@asynccontextmanager
async def flooding_server(answer: Callable[[bytes], bytes] | None = None) -> AsyncIterator[int]:
    """A UDP port that floods whoever asks, with what is no answer; if there is an answer, it goes before."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.setblocking(False)

        def asked() -> None:
            request, asker = sock.recvfrom(65_535)
            if answer is not None:
                sock.sendto(answer(request), asker)
            flood(sock, asker)

        loop = asyncio.get_running_loop()
        loop.add_reader(sock, asked)
        try:
            yield sock.getsockname()[1]
        finally:
            loop.remove_reader(sock)


@asynccontextmanager
async def flooded_with_replies(to: str) -> AsyncIterator[None]:
    """A flood of echo replies every few moments."""

    async def again() -> None:
        while True:
            flood_of_replies(to)
            await asyncio.sleep(_AGAIN_SECONDS)

    task = asyncio.create_task(again())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
