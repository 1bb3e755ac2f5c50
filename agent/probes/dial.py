"""Outgoing TCP connections: one non-blocking socket and one callback, timed by the kernel (TCP_INFO)."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import struct

from agent.clock import Clock
from agent.probes.datagram import SocketAddress, socket_address

_TCP_INFO = struct.Struct("68xI28xI")  # tcpi_rtt (us) and tcpi_total_retrans of struct tcp_info, linux/tcp.h
_BIND_ADDRESS_NO_PORT = 24  # IP_BIND_ADDRESS_NO_PORT, linux/in.h: leave the port to connect()


async def dial(address: str, port: int, source: str | None, clock: Clock) -> tuple[socket.socket, float]:
    """A connected socket, the caller's to close, and the seconds its handshake took. Raises OSError.

    The seconds are the kernel's round trip unless a SYN was repeated, then the whole wait.
    """
    began = clock.monotonic()
    family, destination = socket_address(address, port)
    sock = _socket(family, source)
    try:
        await _connect(sock, destination)
        return sock, _handshake_seconds(sock, clock.monotonic() - began)
    except BaseException:
        sock.close()
        raise


def _socket(family: int, source: str | None) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        if source is not None:
            sock.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
            sock.bind(socket_address(source, 0)[1])
    except BaseException:
        sock.close()
        raise
    return sock


async def _connect(sock: socket.socket, address: SocketAddress) -> None:
    code = sock.connect_ex(address)
    if code == errno.EINPROGRESS:
        loop = asyncio.get_running_loop()
        writable: asyncio.Future[None] = loop.create_future()
        loop.add_writer(sock.fileno(), _settle, writable)  # by number: asyncio asks the kernel twice to name a socket
        try:
            await writable
        finally:
            loop.remove_writer(sock.fileno())
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def _settle(writable: asyncio.Future[None]) -> None:
    if not writable.done():
        writable.set_result(None)


def _handshake_seconds(sock: socket.socket, waited: float) -> float:
    """The kernel's round trip if nothing was sent twice and it lies within what we waited, else what we waited."""
    microseconds, repeated = _TCP_INFO.unpack(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size))
    measured = float(microseconds) / 1_000_000
    return measured if not repeated and 0 < measured <= waited else waited
