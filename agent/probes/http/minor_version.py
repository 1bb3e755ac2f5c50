"""An answer read by ourselves: one of HTTP/1.2 or later is to be read as HTTP/1.1 (RFC 9110 section 2.5).

libcurl refuses such a status line, whatever its options, before any callback of ours sees it. So the request is sent a
second time, on a connection of our own, when its method is safe and no proxy stands between.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11
import pycurl

from agent.clock import Clock
from agent.model import Reason, Verdict
from agent.probes import errnos
from agent.probes.dial import dial
from agent.probes.http.multi import OPERATION_TIMEDOUT
from agent.probes.http.response import MAX_HEADER_BYTES, TURN_SECONDS, CurlResponse
from agent.probes.tls.connection import ExchangeError, StreamConnection
from agent.probes.tls.facts import chain_of
from agent.probes.tls.handshake import Security, secure
from agent.probes.tls.options import TlsOptions

SAFE = ("GET", "HEAD", "OPTIONS")  # RFC 9110 section 9.2.1
_UNKNOWN_MINOR = "Unsupported HTTP/1 subversion"  # in libcurl's words
_READ_AS = 1.1
_WEIRD_REPLY, _PARTIAL = 8, 18  # CURLcode, curl/curl.h


@dataclass(frozen=True, slots=True)
class BodilessRequest:
    """One request without a body. address: numeric; lines: ``Name: value``; tls: None for http."""

    url: str
    address: str
    port: int
    source: str | None
    tls: TlsOptions | None
    method: str
    lines: Sequence[bytes]

    def head(self) -> h11.Request:
        parts = urlsplit(self.url)
        headers = [(name, value.strip()) for name, _, value in (line.partition(b":") for line in self.lines)]
        named = {name.lower() for name, _ in headers}
        own = ((b"Host", parts.netloc.encode()), (b"Accept", b"*/*"))  # as libcurl has them
        headers += [(name, value) for name, value in own if name.lower() not in named]
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        return h11.Request(method=self.method, target=target, headers=headers)

    @property
    def security(self) -> Security | None:
        """How to speak TLS, if so."""
        return None if self.tls is None else Security(self.tls, urlsplit(self.url).hostname or "")


def has_unknown_minor(answer: CurlResponse) -> bool:
    """Whether libcurl would not read this answer for its minor version."""
    return answer.code == pycurl.E_UNSUPPORTED_PROTOCOL and _UNKNOWN_MINOR in answer.message


async def request_again(
    request: BodilessRequest, first: CurlResponse, answer: CurlResponse, seconds: float, clock: Clock
) -> CurlResponse:
    """Ask once more, and fill ``answer``, which is empty; or else return the first, which stands.

    Raises OSError for a fault of this machine.
    """
    reading = _H11Exchange(request, answer, clock, clock.monotonic() - first.total)
    try:
        async with asyncio.timeout(seconds):
            await reading.run()
    except TimeoutError as error:
        if error.errno is not None:
            return first
        answer.code = OPERATION_TIMEDOUT
    except OSError as error:
        if errnos.classify(error).verdict is Verdict.LOCAL_ERROR and not isinstance(error, ssl.SSLError):
            raise
        return first
    except ExchangeError as error:
        if error.reason is not Reason.TOO_LARGE:
            return first
        answer.overflow = "transfer"
    answer.total = reading.gone()
    return first if answer.malformed else answer


class _H11Exchange:
    """One connection, its request and what h11 makes of the bytes that come back."""

    def __init__(self, request: BodilessRequest, answer: CurlResponse, clock: Clock, began: float) -> None:
        self._request, self._answer, self._clock, self._began = request, answer, clock, began
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEADER_BYTES)
        self._over = False

    def gone(self) -> float:
        """Seconds since the first time that the request was sent."""
        return self._clock.monotonic() - self._began

    async def run(self) -> None:
        request, answer = self._request, self._answer
        sock, _ = await dial(request.address, request.port, request.source, self._clock)
        connection = StreamConnection(sock, answer.most_bytes, answer.most_bytes)
        try:
            answer.connected = self.gone()
            if request.security is not None:
                await self._secure(connection, request.security)
            await connection.send(self._http.send(request.head()) or b"")
            self._http.send(h11.EndOfMessage())
            while not self._over:
                data = await connection.read()
                self._http.receive_data(data)
                await self._take_events(ended=not data)
        finally:
            connection.close()

    async def _secure(self, connection: StreamConnection, security: Security) -> None:
        facts = await secure(connection, security)
        answer = self._answer
        answer.secured, answer.session = self.gone(), (facts.version, facts.cipher)
        if connection.tls is not None:
            answer.chain = [ssl.DER_cert_to_PEM_cert(der).encode() for der in chain_of(connection.tls)]

    async def _take_events(self, *, ended: bool) -> None:
        ends = self._clock.monotonic() + TURN_SECONDS
        while not self._over:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                self._end(_PARTIAL if ended else _WEIRD_REPLY, str(error))
                return
            if event is h11.NEED_DATA:
                return
            self._take(event)
            if self._clock.monotonic() > ends:
                await asyncio.sleep(0)
                ends = self._clock.monotonic() + TURN_SECONDS

    def _take(self, event: type[h11.NEED_DATA | h11.PAUSED] | h11.Event) -> None:
        if isinstance(event, h11.InformationalResponse | h11.Response):
            self._take_head(event)
        elif isinstance(event, h11.Data):
            self._over = self._answer.on_content(bytes(event.data)) < 0
        elif isinstance(event, h11.EndOfMessage):
            self._end(0, "")
        else:  # the end of the connection, or another protocol
            self._end(_PARTIAL, "closed before the end")

    def _take_head(self, head: h11.InformationalResponse | h11.Response) -> None:
        answer = self._answer
        answer.first_byte = answer.first_byte or self.gone()
        answer.on_header(b"HTTP/%b %d %b\r\n" % (head.http_version, head.status_code, head.reason))
        for name, value in head.headers.raw_items():
            if answer.on_header(b"%b: %b\r\n" % (name, value)) < 0:
                self._over = True
                return
        answer.on_header(b"\r\n")
        answer.status, answer.version = head.status_code, _READ_AS
        answer.malformed = not head.http_version.startswith(b"1.")
        lengths = answer.header(b"content-length")
        answer.content_length = int(lengths[0]) if lengths else -1

    def _end(self, code: int, message: str) -> None:
        self._answer.code, self._answer.message, self._over = code, message, True
