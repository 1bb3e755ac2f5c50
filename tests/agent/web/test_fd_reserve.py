"""Out of file descriptors, whoever asks what is wrong is answered all the same (T22)."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from agent.web.fd_reserve import FdReserve
from tests.agent.web.serving import parse, serving

REQUEST = b"GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@contextmanager
def no_new_descriptors() -> Iterator[None]:
    """What is open stays; any descriptor given back can be had again, but no other."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def answered(sock: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, REQUEST)
    received = b""
    while piece := await loop.sock_recv(sock, 4096):
        received += piece
    return received


async def test_a_client_is_served_when_no_descriptor_is_left() -> None:
    async with serving() as (port, _):
        sockets = [socket.socket(type=socket.SOCK_STREAM | socket.SOCK_NONBLOCK) for _ in range(20)]
        with no_new_descriptors():
            for sock in sockets:
                assert sock.connect_ex(("127.0.0.1", port)) in (0, errno.EINPROGRESS)
                async with asyncio.timeout(5):
                    assert parse(await answered(sock))[0] == 200
        for sock in sockets:
            sock.close()


def test_spare_descriptors_are_given_lowest_first_and_taken_again() -> None:
    spare = FdReserve(3)
    assert spare.fill()
    first = os.dup(0)
    os.close(first)
    assert [spare.give() for _ in range(4)] == [True, True, True, False]
    taken = os.dup(0)
    assert taken < first
    os.close(taken)
    with no_new_descriptors():
        assert not spare.fill()
    assert spare.fill()
    spare.close()
    assert not spare.give()
