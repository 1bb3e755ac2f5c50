"""The answer of one HTTP exchange, as libcurl hands it over piece by piece: bounded in bytes, lines and pieces."""

from __future__ import annotations

import asyncio
import re

import pycurl

from agent.clock import Clock
from agent.probes.http.chunks import ChunkedDecoder, FramingError, LineTooLongError, is_chunked
from agent.probes.http.content import BodyDecoder, BodyFault, body_decoder
from agent.probes.http.multi import OPERATION_TIMEDOUT, tcp_facts
from agent.probes.tls.records import certificate_sent

MAX_HEADER_BYTES = 64 * 1024
_MAX_HEADER_LINES = 1000
_FREE_PIECES, _BYTES_PER_PIECE = 1000, 64  # a body in chunks of a byte or two costs a call each: not without end
_FREE_BYTES, _BYTES_PER_BYTE = 1024 * 1024, 4  # what is thrown away (chunk extensions ...) is bounded too
_BLANKS = b" \t\r\n"
TURN_SECONDS = 0.005  # for decoding, in each turn of the event loop
RECV_ERROR = 56  # CURLcode, curl/curl.h
_TEXT = pycurl.INFOTYPE_TEXT
_SESSION_LINE = re.compile(rb"SSL connection using ([\w.]+) / ([\w-]+)")
_STATUS_LINE = re.compile(  # RFC 9112 section 4; libcurl takes more, and gives this form to those of HTTP/2
    rb"HTTP/(1\.[0-9]|[23]) [0-9]{3}( [^\r\n]*)?\r?\n"
)
_END_OF_STREAM = "unexpected eof"  # in OpenSSL's words: closed without close_notify
_COMMON_NAME = b"common name: "  # libcurl says so before it takes a name for the host's that no alternative name is

_VERSION_SEEN = {
    pycurl.CURL_HTTP_VERSION_1_0: 1.0,
    pycurl.CURL_HTTP_VERSION_1_1: 1.1,
    pycurl.CURL_HTTP_VERSION_2_0: 2.0,
    30: 3.0,  # CURL_HTTP_VERSION_3
}


class DecodeBudget:
    """How long decoding may hold the event loop: 5 ms in each of its turns, all bodies together."""

    __slots__ = ("_ends", "clock")

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._ends: float | None = None

    def ends(self) -> float:
        """The instant of the monotonic clock at which decoding must stop in this turn."""
        if self._ends is None:
            self._ends = self.clock.monotonic() + TURN_SECONDS
            asyncio.get_running_loop().call_soon(self._over)
        return self._ends

    def _over(self) -> None:
        self._ends = None


class CurlResponse:
    """An answer. ``code`` is libcurl's result, 0 for a whole answer; times are seconds since the start."""

    __slots__ = (
        "asked",
        "body",
        "body_bytes",
        "certificate_wanted",
        "chain",
        "chunks",
        "code",
        "common_name",
        "connected",
        "content",
        "content_length",
        "dialled",
        "errno",
        "fd",
        "first_byte",
        "handshake",
        "head_done",
        "header_bytes",
        "headers",
        "keep_body",
        "limit",
        "malformed",
        "message",
        "misframed",
        "overflow",
        "pieces",
        "received",
        "secured",
        "session",
        "status",
        "total",
        "turn",
        "verify",
        "version",
        "waited",
        "wire_bytes",
    )

    def __init__(self, limit: int, keep_body: bool, turn: DecodeBudget | None = None) -> None:
        """turn: when the body may be decoded; None: it is taken as it comes."""
        self.limit, self.keep_body, self.turn = limit, keep_body, turn
        self.headers: list[bytes] = []
        self.header_bytes = 0
        self.body = bytearray()
        self.body_bytes, self.wire_bytes = 0, 0  # of the body: decoded, and as it came
        self.content: BodyDecoder | None = None
        self.chunks: ChunkedDecoder | None = None
        self.misframed = ""  # what is wrong with the frame of the body
        self.pieces = _FREE_PIECES + limit // _BYTES_PER_PIECE
        self.overflow = ""  # what was too large
        self.waited, self.handshake, self.received = 0.0, 0.0, 0  # as last looked at, see look
        self.fd = -1
        self.dialled = 0.0  # what the connection took that was made before libcurl began
        self.session: tuple[str, str] | None = None
        self.asked = False  # asked: the handshake is done, and the request may leave
        self.malformed = False  # its status line, or the blank line that ends its head
        self.head_done = False  # the blank line that ends the newest head has come
        self.certificate_wanted: bool | None = None  # by the server, of us; None: not known yet
        self.common_name = False  # the certificate names the host nowhere but there
        self.code, self.message, self.errno, self.verify = 0, "", 0, 0
        self.status, self.version, self.content_length = 0, 0.0, -1
        self.connected = self.secured = self.first_byte = self.total = 0.0
        self.chain: list[bytes] = []

    def on_header(self, line: bytes) -> int:
        """One header line (status lines, interim answers and trailers too); -1 stops the transfer."""
        self.header_bytes += len(line)
        if self.header_bytes > MAX_HEADER_BYTES or len(self.headers) > _MAX_HEADER_LINES:
            self.overflow = "headers"
            return -1
        if line[:5] == b"HTTP/" or self.header_bytes == len(line):
            self.malformed = not _STATUS_LINE.fullmatch(line)
            self.head_done = False
            self.headers.clear()
        elif line in (b"\r\n", b"\n"):
            self.head_done = True
        elif line[:1] == b"\r" and len(line) > 1:  # libcurl takes it for the blank line, whatever follows
            self.malformed = True
        else:
            self.headers.append(line)
        return -1 if self.malformed else len(line)

    def on_socket(self, fd: int, _purpose: int) -> int:
        """The socket of this exchange, before it connects."""
        self.fd = fd
        return 0  # CURL_SOCKOPT_OK

    def on_body(self, data: bytes) -> int:
        """A piece of the body as it came, in chunks perhaps; -1 stops the transfer."""
        try:
            if not self.wire_bytes and is_chunked(self.header(b"transfer-encoding")):
                self.chunks = ChunkedDecoder()
            content = data if self.chunks is None else self._unchunked(self.chunks, data)
        except LineTooLongError as error:
            self.overflow = str(error)
            return -1
        except FramingError as error:
            self.misframed = str(error)
            return -1
        return -1 if self.on_content(content, len(data)) < 0 else len(data)

    def _unchunked(self, chunks: ChunkedDecoder, data: bytes) -> bytes:
        before = chunks.count
        content = chunks.put(data)
        self.pieces -= chunks.count - before
        return content

    def on_content(self, data: bytes, came: int | None = None) -> int:
        """A piece of the body without its chunks; -1 stops the transfer. came: bytes, with the chunks."""
        if self.turn is not None and not self.wire_bytes:
            self.content = body_decoder(self.header(b"content-encoding"), self.limit)
        self.wire_bytes += len(data) if came is None else came
        self.pieces -= 1
        if self.pieces < 0:
            self.overflow = "body"
        elif not data:  # chunks of nothing yet
            return 0
        elif self.turn is None or self.content is None:
            self._take(data)
        elif self.wire_bytes > self.most_bytes:
            self.overflow = "transfer"
        else:
            self.content.put(data)
            self.decode(self.turn.ends())
        return -1 if self._spoilt else len(data)

    def decode(self, ends: float) -> None:
        """Decode what has come, until that instant of the monotonic clock at the latest."""
        turn, content = self.turn, self.content
        if turn is None or content is None:
            return
        while self.encoded and turn.clock.monotonic() < ends:
            self._take(content.step())
        if content.fault is BodyFault.LARGE:
            self.overflow = "body"

    @property
    def encoded(self) -> bool:
        """Whether some of what came is still to be decoded."""
        return self.content is not None and self.content.busy and not self.overflow

    @property
    def came_whole(self) -> bool:
        """Whether the exchange ended as it should, what was encoded apart."""
        return not self.code or self.without_close_notify

    def end_content(self) -> None:
        """The body is over, and all of it decoded."""
        if self.content is not None:
            self.content.end()

    def _take(self, decoded: bytes) -> None:
        self.body_bytes += len(decoded)
        if self.body_bytes > self.limit:
            self.overflow = "body"
        elif self.keep_body:
            self.body += decoded

    @property
    def most_bytes(self) -> int:
        """What may come off the wire, whatever is made of it."""
        return _FREE_BYTES + _BYTES_PER_BYTE * self.limit

    @property
    def _spoilt(self) -> bool:
        return bool(self.overflow) or (self.content is not None and self.content.fault is not None)

    def on_debug(self, kind: int, text: bytes) -> None:
        """Libcurl says TLS version and cipher nowhere but here, nor by what it took the certificate for the host's."""
        if kind != _TEXT:
            return
        if text.startswith(b"SSL ") and (match := _SESSION_LINE.match(text)):  # some fifty calls at each exchange
            self.session = (match[1].decode("ascii"), match[2].decode("ascii"))
        elif text.lstrip().startswith(_COMMON_NAME):
            self.common_name = True

    def on_request(self, *_addresses: object) -> int:
        """The last moment before anything is sent: the common name does not count (RFC 9525)."""
        self.asked = True
        return int(pycurl.PREREQFUNC_ABORT if self.common_name else pycurl.PREREQFUNC_OK)

    def on_sent(self, piece: bytes) -> None:
        """What libcurl sends below HTTP, as it leaves."""
        if self.certificate_wanted is None:
            self.certificate_wanted = certificate_sent(piece)

    @property
    def http_bytes(self) -> int:
        """Bytes of heads and body so far, the body as it came."""
        return self.header_bytes + self.wire_bytes

    def fall_silent(self) -> None:
        """Far too much came below HTTP, and nothing of it."""
        self.overflow = "bytes that say nothing"

    def look(self, elapsed: float) -> bool:
        """See what came off the wire so far, which libcurl does not tell; whether it is far too much."""
        self.waited = elapsed
        self.handshake, self.received = tcp_facts(self.fd)
        if self.received > self.most_bytes:
            self.overflow = "transfer"
        if self.turn is not None and self.encoded:
            self.decode(self.turn.ends())
        return self._spoilt

    def finish(self, handle: pycurl.Curl, code: int, message: str) -> None:
        """Take over what libcurl knows about a transfer that is over."""
        info = handle.getinfo
        self.code, self.message = code, message
        self.status = info(pycurl.RESPONSE_CODE)
        self.version = _VERSION_SEEN.get(info(pycurl.INFO_HTTP_VERSION), 0.0)
        # libcurl dates the connection only once TLS is done; until then the round trip must do
        self.connected = self.dialled or info(pycurl.CONNECT_TIME) or self.handshake
        self.secured, self.first_byte = (
            seconds and self.dialled + seconds
            for seconds in (info(pycurl.APPCONNECT_TIME), info(pycurl.STARTTRANSFER_TIME))
        )
        self.total = self.dialled + (info(pycurl.TOTAL_TIME) if code != OPERATION_TIMEDOUT else self.waited)
        self.content_length = info(pycurl.CONTENT_LENGTH_DOWNLOAD_T)
        if code:
            self.errno, self.verify = info(pycurl.OS_ERRNO), info(pycurl.SSL_VERIFYRESULT)

    def take_chain(self, handle: pycurl.Curl) -> None:
        """The certificates as presented, leaf first, as PEM; libcurl has them also when it refused the chain."""
        for certificate in handle.getinfo_raw(pycurl.INFO_CERTINFO):
            self.chain += [value for name, value in certificate if name == b"Cert"]

    @property
    def broken_tls(self) -> bool:
        """Whether what came after the handshake was against TLS, in OpenSSL's words."""
        return "SSL routines" in self.message and _END_OF_STREAM not in self.message

    @property
    def without_close_notify(self) -> bool:
        """Whether the body ended with the connection, and the connection without a word in TLS: old servers do that.

        RFC 9112 section 9.8 calls such a body incomplete; browsers and blackbox_exporter take it, and so do we.
        """
        if self.code != RECV_ERROR:
            return False
        framed = self.header(b"content-length") or self.header(b"transfer-encoding") or self.version >= 2
        return _END_OF_STREAM in self.message and self.head_done and not framed

    def header(self, name: bytes) -> list[bytes]:
        """The values of one header (lower-case name), in order."""
        start, begin = len(name) + 1, name + b":"
        return [line[start:].strip(_BLANKS) for line in self.headers if line[:start].lower() == begin]
