"""One TCP connection, in clear or TLS. Every read is bounded.

The time limit is the caller's (asyncio.timeout around the whole); nothing here waits on its own account.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl

from agent.errors import SansangError
from agent.model import Reason
from agent.probes.tls.records import looks_like_tls

MAX_LINE = 4 * 1024
MAX_DIALOGUE = 64 * 1024
_MAX_RAW = 512 * 1024  # of one connection
_MAX_SILENT = 64 * 1024  # of TLS without a byte of the application; eight tickets or a long chain are 16 KiB
_CHUNK = 16 * 1024
_FINISHED = 6 + 5 + 4 + 48 + 1 + 16  # bytes: what we say at last in TLS 1.3 where nobody asked for a certificate
_PIECE = 2 * 1024  # of TLS in one turn of the event loop: 75 messages of 27 bytes that each cost new keys, 1 to 2 ms


class ExchangeError(SansangError):
    """The conversation ended otherwise than it should; never leaves the probe."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class StreamConnection:
    """One connected non-blocking socket and the TLS on it, if any. Owns the socket: close() it.

    limit: bytes of the application that may come, before ExchangeError(TOO_LARGE); raw_limit: off the wire, TLS too.
    """

    __slots__ = (
        "_asked",
        "_buffer",
        "_clear",
        "_hellos",
        "_incoming",
        "_limit",
        "_loop",
        "_outgoing",
        "_raw",
        "_raw_limit",
        "_tls",
        "_turn",
        "received",
        "sock",
    )

    def __init__(self, sock: socket.socket, limit: int = MAX_DIALOGUE, raw_limit: int = _MAX_RAW) -> None:
        self.sock = sock
        self._limit, self._raw_limit = limit, max(raw_limit, _MAX_RAW)
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._raw = 0
        self._hellos = 0
        self._turn = 0  # bytes since others had theirs
        self.received = 0  # bytes of the application, decrypted
        self._clear = 0  # of these, before TLS
        self._asked = False  # for a certificate of ours, in TLS 1.3
        self._tls: ssl.SSLObject | None = None

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The TLS on it, once the hands are shaken."""
        return self._tls

    def close(self) -> None:
        self.sock.close()

    async def start_tls(self, context: ssl.SSLContext, host: str) -> ssl.SSLObject:
        """Shake hands. Raises ExchangeError, ssl.SSLError or OSError; certificate errors are ssl.SSLError."""
        if self._buffer:
            raise ExchangeError(Reason.PROTOCOL_ERROR, "clear text after the turn to TLS")
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        start, most = b"", self._raw + _MAX_SILENT
        while not await self._handshaken(tls):
            chunk = await self._receive_raw()
            if self._raw > most:
                raise ExchangeError(Reason.TOO_LARGE, f"more than {_MAX_SILENT} bytes of a TLS handshake")
            if not chunk:
                raise ExchangeError(Reason.CONNECTION_CLOSED, "closed in the TLS handshake")
            start = start or chunk[:2]
            if not looks_like_tls(start):
                raise ExchangeError(Reason.TLS_REQUIRED, f"answered in clear: {chunk[:64]!r}")
            self._incoming.write(chunk)
        self._tls, self._clear = tls, self.received
        return tls

    async def _handshaken(self, tls: ssl.SSLObject) -> bool:
        """One step. After a second ClientHello the group is the server's choice, which may take 0.1 s: off the loop."""
        try:
            await (asyncio.to_thread(tls.do_handshake) if self._hellos > 1 else _step(tls))
        except ssl.SSLWantReadError:
            self._hellos += _begins_with_hello(await self._flush())
            return False
        except ssl.SSLError:
            await self._flush()  # an alert: the server should log why we left
            raise
        last = await self._flush()
        self._asked = tls.version() == "TLSv1.3" and len(last) > _FINISHED
        return True

    async def send(self, data: bytes) -> None:
        """Send all of data."""
        if self._tls is None:
            await self._loop.sock_sendall(self.sock, data)
            return
        self._tls.write(data)
        await self._flush()

    async def line(self) -> bytes | None:
        """The next line without its end, cut to MAX_LINE; at the end of the data what is left, then None."""
        while (end := self._buffer.find(b"\n")) < 0:
            if not await self._more():
                rest = bytes(self._buffer[:MAX_LINE])
                self._buffer.clear()
                return rest or None
        line = bytes(self._buffer[: min(end, MAX_LINE)])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    async def read(self) -> bytes:
        """What has come and was not yet taken, else the next bytes; b"" at the end of the data."""
        if not self._buffer:
            await self._more()
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    async def exactly(self, count: int) -> bytes:
        """The next count bytes, fewer at the end of the data."""
        while len(self._buffer) < count and await self._more():
            pass
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    async def confirm_tls(self) -> None:
        """Wait until the server has accepted the handshake: it answers our farewell, sends data, or closes.

        In TLS 1.3 a client is done before the server judges its certificate (RFC 8446 section 4.4.2.4): a refusal comes
        later, as an alert, and is raised as ssl.SSLError; as a reset, if it asked for one, raised as ExchangeError.
        A server that stays silent makes this wait without end.
        """
        tls = self._tls
        if tls is None or self._heard or tls.version() != "TLSv1.3":
            return
        with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLZeroReturnError, ssl.SSLEOFError):
            tls.unwrap()
        with contextlib.suppress(ConnectionError):  # many close at once, and a farewell that comes too late is reset
            await self._flush()
            await self._receive_tls(tls)

    @property
    def _heard(self) -> bool:
        """Whether the server has said anything of the application since the handshake."""
        return self.received > self._clear

    async def _more(self) -> bool:
        data = await (self._receive_raw() if self._tls is None else self._receive_tls(self._tls))
        self._buffer += data
        self.received += len(data)
        if self.received > self._limit:
            raise ExchangeError(Reason.TOO_LARGE, f"more than {self._limit} bytes")
        return bool(data)

    async def _receive_tls(self, tls: ssl.SSLObject) -> bytes:
        """What OpenSSL reads without a word to us is bounded: key updates, tickets, empty records."""
        most = self._raw + _MAX_SILENT
        while True:
            try:
                return tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                await self._flush()
                chunk = await self._receive_judged()
                if self._raw > most:
                    raise ExchangeError(Reason.TOO_LARGE, f"{_MAX_SILENT} bytes of TLS that say nothing") from None
                self._incoming.write(chunk) if chunk else self._incoming.write_eof()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    async def _receive_judged(self) -> bytes:
        """The next bytes of TLS."""
        try:
            return await self._receive_raw(_PIECE)
        except ConnectionError as error:
            self._take_refusal(error)
            raise

    def _take_refusal(self, error: ConnectionError) -> None:
        """Some refuse a certificate of ours, or none, by a reset: raised as ExchangeError."""
        if self._asked and not self._heard:
            raise ExchangeError(Reason.TLS_FAILED, "reset once we had answered for our certificate") from error

    async def _receive_raw(self, most: int = _CHUNK) -> bytes:
        """The next bytes, so many at most. A peer that has always more ready does not keep the event loop."""
        if self._turn >= _PIECE:
            self._turn = 0
            await asyncio.sleep(0)
        chunk = await self._loop.sock_recv(self.sock, most)
        self._turn += len(chunk)
        self._raw += len(chunk)
        if self._raw > self._raw_limit:
            raise ExchangeError(Reason.TOO_LARGE, f"more than {self._raw_limit} bytes")
        return chunk

    async def _flush(self) -> bytes:
        if data := self._outgoing.read():
            try:
                await self._loop.sock_sendall(self.sock, data)
            except ConnectionError as error:
                self._take_alert()
                self._take_refusal(error)
                raise
        return data

    def _take_alert(self) -> None:
        """What came before the connection was reset: an alert says why, and is raised as ssl.SSLError."""
        if self._tls is None:
            return
        with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLZeroReturnError, ssl.SSLEOFError):
            with contextlib.suppress(ConnectionError, BlockingIOError):
                self._incoming.write(self.sock.recv(_CHUNK))
            self._tls.read(1)


async def _step(tls: ssl.SSLObject) -> None:
    tls.do_handshake()


def _begins_with_hello(flight: bytes) -> bool:
    """Whether a flight begins with a ClientHello, behind the change_cipher_spec of RFC 8446 appendix D.4 or without."""
    record = flight.removeprefix(b"\x14\3\3\0\1\1")
    return record[:1] == b"\x16" and record[5:6] == b"\1"
