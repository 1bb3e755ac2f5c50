"""A TCP service of the lab: a banner, answers to lines, TLS from the start or after STARTTLS."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine, Mapping

from agent.lab.listeners.base import RESET, LabService, Listener, Misbehaviour

_GARBAGE = b"\xff\xfb\x01\x00\x7f\x80not the protocol at all\n"
_HALF_RECORD = b"\x16\x03\x03\x20\x00\x02"  # the start of a TLS handshake record of 8 KiB
_ENDLESS = b"x" * 4096
_LINE_BYTES = 4096


class TcpListener(Listener):
    """Greets with banner, answers lines by their start, upgrades after the answer to a line `upgrade_on`.

    certificate is a PEM file of chain and key; with it TLS is spoken from the first byte unless upgrade_on is given.
    Counts `connections`, and the bytes of applications in `heard`.
    """

    def __init__(
        self,
        banner: bytes = b"",
        answers: Mapping[bytes, bytes] | None = None,
        certificate: str | None = None,
        upgrade_on: bytes | None = None,
    ) -> None:
        super().__init__()
        self.banner = banner
        self.answers = dict(answers or {})
        self.upgrade_on = upgrade_on
        self.connections = 0
        self.heard = bytearray()
        self.context = _context(certificate) if certificate else None
        self._sock: socket.socket | None = None
        self._port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, host: str, port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._sock = socket.create_server((host, port), family=family, backlog=128)
        self._sock.setblocking(False)
        self._port = int(self._sock.getsockname()[1])
        self._start_task(self._accept(self._sock))

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._sock is not None:
            self._sock.close()

    @property
    def port(self) -> int:
        return self._port

    def _start_task(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listening: socket.socket) -> None:
        while True:
            sock, _ = await asyncio.get_running_loop().sock_accept(listening)
            self.connections += 1
            self._start_task(self._serve(sock))

    async def _serve(self, sock: socket.socket) -> None:
        """TLS starts here, before anything is read: a later start_tls would miss a ClientHello already taken."""
        if self.misbehaviour is Misbehaviour.SLOW:
            await self._wait(sock)
        honest = self.misbehaviour in (Misbehaviour.NONE, Misbehaviour.SLOW)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
            reader, writer = await _streams(sock, self.context if honest and self._tls_first else None)
            try:
                await self._behave(reader, writer)
            finally:
                writer.transport.abort()

    async def _wait(self, sock: socket.socket) -> None:
        """Waits before any transport has the socket; closes it when cancelled."""
        try:
            await asyncio.sleep(self.slow_seconds)
        except asyncio.CancelledError:
            sock.close()
            raise

    async def _behave(self, reader: StreamReader, writer: StreamWriter) -> None:
        match self.misbehaviour:
            case Misbehaviour.NONE | Misbehaviour.SLOW:
                await self._converse(reader, writer)
            case Misbehaviour.SILENT:
                await _idle(reader)
            case Misbehaviour.GARBAGE:
                writer.write(_GARBAGE)
                await _finish(reader, writer)
            case Misbehaviour.ENDLESS:
                await self._endless(writer)
            case Misbehaviour.DRIP:
                await self._drip(writer)
            case Misbehaviour.STALL:
                writer.write(self._start)
                await _idle(reader)
            case Misbehaviour.RESET:
                await reader.read(1) if self._tls_first else None
                _reset(writer)
            case Misbehaviour.CLOSE:
                writer.close()

    @property
    def _tls_first(self) -> bool:
        return self.context is not None and self.upgrade_on is None

    @property
    def _start(self) -> bytes:
        return _HALF_RECORD if self._tls_first else self.banner[: len(self.banner) // 2]

    async def _endless(self, writer: StreamWriter) -> None:
        writer.write(self._start)
        while True:
            writer.write(_ENDLESS)
            await writer.drain()
            await asyncio.sleep(0)

    async def _drip(self, writer: StreamWriter) -> None:
        for byte in (_HALF_RECORD if self._tls_first else self.banner.rstrip()) + b"." * 3600:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(1)

    async def _converse(self, reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(self.banner)
        while line := await reader.readline():
            self.heard += line
            writer.write(self._answer(line))
            await writer.drain()
            if self.upgrade_on and self.context and line.startswith(self.upgrade_on):
                await writer.start_tls(self.context)

    def _answer(self, line: bytes) -> bytes:
        for start, answer in self.answers.items():
            if line.startswith(start):
                return answer
        return b""


def _context(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def _streams(sock: socket.socket, context: ssl.SSLContext | None) -> tuple[StreamReader, StreamWriter]:
    loop = asyncio.get_running_loop()
    connected: asyncio.Future[tuple[StreamReader, StreamWriter]] = loop.create_future()

    def connection_made(reader: StreamReader, writer: StreamWriter) -> None:
        connected.set_result((reader, writer))

    protocol = asyncio.StreamReaderProtocol(StreamReader(limit=_LINE_BYTES), connection_made)
    await loop.connect_accepted_socket(lambda: protocol, sock, ssl=context)
    return await connected


async def _idle(reader: StreamReader) -> None:
    """Read everything and send nothing until the other side closes."""
    while await reader.read(_LINE_BYTES):
        pass


async def _finish(reader: StreamReader, writer: StreamWriter) -> None:
    """End the output and wait for the other side, since closing on unread bytes would send RST."""
    await writer.drain()
    writer.write_eof()
    await _idle(reader)


def _reset(writer: StreamWriter) -> None:
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


_MAIL = {b"EHLO": b"250 mail.lab\r\n", b"QUIT": b"221 2.0.0 Bye\r\n"}
SERVICES = (
    LabService(
        "smtp",
        25,
        2525,
        lambda _settings: TcpListener(banner=b"220 mail.lab ESMTP\r\n", answers=_MAIL),
        {"mail": '{probe: tcp, dialogue: [{expect: "^220 "}, {send: "QUIT"}]}'},
        names_port=True,
    ),
)
