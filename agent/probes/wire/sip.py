"""SIP messages as bytes (RFC 3261): one OPTIONS request out, a bounded tolerant parser for what comes back.

Pure: no sockets, no clock. The only method that can be encoded is OPTIONS; nothing here can start a call.
Tolerated: compact header names, folded lines, any case, unknown headers, keep-alive CRLFs, no Content-Length.
Refused as malformed: line ends other than CRLF, raw NUL, missing or doubled mandatory headers, a body cut short.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_MESSAGE_BYTES = 64 * 1024
MAX_HEADERS = 256
MAGIC_COOKIE = b"z9hG4bK"  # RFC 3261 8.1.1.7
TOKEN_CHARS = 16  # of the random part of a branch

_HEAD_END = b"\r\n\r\n"
_FOLD = re.compile(rb"\r\n[ \t]+")
_RAW_NUL = re.compile(rb"(?<!\\)\x00")  # a quoted pair may carry NUL (RFC 3261 25.1)
_TOKEN = re.compile(rb"[A-Za-z0-9\-.!%*_+`'~]+")
_STATUS_LINE = re.compile(rb"SIP/2\.0 ([1-6][0-9]{2})(?: [^\r\n]*)?", re.IGNORECASE)
_REQUEST_LINE = re.compile(rb"([A-Za-z0-9\-.!%*_+`'~]+) ([^ \r\n]+) SIP/2\.0", re.IGNORECASE)
_CSEQ = re.compile(rb"([0-9]{1,10})[ \t]+([A-Za-z0-9\-.!%*_+`'~]+)")
_VIA = re.compile(rb"SIP[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*[A-Za-z0-9\-.!%*_+`'~]+[ \t]+[^ \t;]+", re.IGNORECASE)
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)  # the closing quote optional: linear on hostile text
_COMPACT = {b"v": b"via", b"i": b"call-id", b"f": b"from", b"t": b"to", b"l": b"content-length"}
_KEPT = frozenset((b"via", b"call-id", b"cseq", b"from", b"to", b"content-length", b"server", b"user-agent"))
_SINGLE = frozenset((b"call-id", b"cseq", b"from", b"to", b"content-length"))
_MANDATORY = (b"via", b"call-id", b"cseq", b"from", b"to")  # RFC 3261 8.1.1


@dataclass(frozen=True, slots=True)
class Ids:
    """What ties an answer to its request: all four must agree."""

    branch: bytes
    call_id: bytes
    cseq: int
    method: bytes = b"OPTIONS"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: 100..699, whose it is, and what the device calls itself (hostile text, as sent)."""

    status: int
    ids: Ids
    server: bytes = b""


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody else's request; the probe never answers one."""

    method: bytes
    uri: bytes
    ids: Ids


@dataclass(frozen=True, slots=True)
class Malformed:
    """Not a SIP message; ``too_large`` when a bound was crossed."""

    why: str
    too_large: bool = False


Message = Response | Request


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: ``transport`` as it stands in Via (UDP, TCP, TLS), and the host that answers may go to."""

    transport: str
    host: str
    user_agent: str = "sansang"


class OptionsTemplate:
    """An OPTIONS request encoded once for a target; every run only fills in its ids and its port."""

    __slots__ = ("_text",)

    def __init__(self, uri: str, to: str, asker: Asker) -> None:
        here = f"[{asker.host}]" if ":" in asker.host else asker.host
        parameter = "" if asker.transport == "UDP" else f";transport={asker.transport.lower()}"
        lines = (
            f"OPTIONS {_plain(uri)} SIP/2.0",
            f"Via: SIP/2.0/{asker.transport} {here}:%(port)d;branch=%(branch)s;rport",  # rport: RFC 3581
            "Max-Forwards: 70",
            f"From: <sip:monitor@{here}>;tag=%(tag)s",
            f"To: <{_plain(to)}>",
            "Call-ID: %(call_id)s",
            "CSeq: %(cseq)d OPTIONS",
            f"Contact: <sip:monitor@{here}:%(port)d{parameter}>",
            "Accept: application/sdp",
            f"User-Agent: {_plain(asker.user_agent)}",
            "Content-Length: 0",
            "",
            "",
        )
        self._text = "\r\n".join(lines).encode("ascii")

    def encode(self, ids: Ids, tag: bytes, port: int) -> bytes:
        """The request of one run, sent from a local port."""
        return self._text % {
            b"port": port,
            b"branch": ids.branch,
            b"tag": tag,
            b"call_id": ids.call_id,
            b"cseq": ids.cseq,
        }


def _plain(text: str) -> str:
    """Text that stands in a header line: printable ASCII without line ends; ValueError for anything else."""
    if not text.isascii() or not text.isprintable():
        raise ValueError(f"not printable ASCII: {text!r}")
    return text.replace("%", "%%")


def fresh_ids(random: bytes) -> tuple[Ids, bytes]:
    """Ids and From tag of one run out of 24 random bytes; the branch is the cookie and TOKEN_CHARS of hex."""
    text = random.hex().encode()
    cseq = int.from_bytes(random[20:23], "big") + 1
    return Ids(MAGIC_COOKIE + text[:TOKEN_CHARS], text[16:32], cseq), text[32:40]


def parse(data: bytes) -> Message | Malformed:
    """One whole message, e.g. a datagram. Bytes after the body are ignored (RFC 3261 18.3)."""
    if len(data) > MAX_MESSAGE_BYTES:
        return Malformed("longer than 64 KiB", too_large=True)
    end = data.find(_HEAD_END)
    if end < 0:
        return Malformed("no empty line after the headers")
    parsed = _parse_head(data[:end])
    if isinstance(parsed, Malformed):
        return parsed
    message, length = parsed
    if length is not None and length > len(data) - end - len(_HEAD_END):
        return Malformed("body shorter than Content-Length")
    return message


class Framer:
    """Messages out of a TCP or TLS stream, cut by Content-Length (RFC 3261 18.3, 20.14); absent means no body."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0

    def feed(self, data: bytes) -> None:
        self._buffer += data

    @property
    def started(self) -> bool:
        """Whether part of a message is waiting for the rest."""
        return bool(self._buffer.strip(b"\r\n"))

    def take(self) -> Message | Malformed | None:
        """The next whole message; None when more bytes are needed. After Malformed the stream is lost."""
        self._skip_keep_alive()
        end = self._buffer.find(_HEAD_END, max(0, self._scanned - 3))
        self._scanned = len(self._buffer)
        if end < 0 or end > MAX_MESSAGE_BYTES:
            return self._unfinished(end)
        parsed = _parse_head(bytes(self._buffer[:end]))
        if isinstance(parsed, Malformed):
            return parsed
        message, length = parsed
        whole = end + len(_HEAD_END) + (length or 0)
        if whole > MAX_MESSAGE_BYTES:
            return Malformed("longer than 64 KiB", too_large=True)
        if whole > len(self._buffer):
            self._scanned = 0
            return None
        del self._buffer[:whole]
        self._scanned = 0
        return message

    def _skip_keep_alive(self) -> None:
        blank = 0
        while self._buffer.startswith((b"\r\n", b"\n"), blank):
            blank += 2 if self._buffer[blank] == 0x0D else 1
        if blank:
            del self._buffer[:blank]
            self._scanned = 0

    def _unfinished(self, end: int) -> Malformed | None:
        if end >= 0 or len(self._buffer) > MAX_MESSAGE_BYTES:
            return Malformed("headers longer than 64 KiB", too_large=True)
        first = self._buffer.find(b"\n")
        if first >= 0 and _start_line(bytes(self._buffer[:first]).rstrip(b"\r")) is None:
            return Malformed("neither a status line nor a request line")
        return None


def _start_line(line: bytes) -> int | tuple[bytes, bytes] | None:
    if status := _STATUS_LINE.fullmatch(line):
        return int(status[1])
    if request := _REQUEST_LINE.fullmatch(line):
        return request[1], request[2]
    return None


def _parse_head(head: bytes) -> tuple[Message, int | None] | Malformed:
    ends = head.count(b"\r\n")
    if head.count(b"\n") != ends or head.count(b"\r") != ends:
        return Malformed("a line end that is not CRLF")
    if b"\0" in head and _RAW_NUL.search(head):
        return Malformed("a NUL byte in the headers")
    if b"\r\n " in head or b"\r\n\t" in head:
        head = _FOLD.sub(b" ", head)
    first, *lines = head.lstrip(b"\r\n").split(b"\r\n")
    start = _start_line(first)
    if start is None:
        return Malformed("neither a status line nor a request line")
    headers = _headers(lines)
    if isinstance(headers, Malformed):
        return headers
    return _message(start, headers)


def _headers(lines: list[bytes]) -> dict[bytes, bytes] | Malformed:
    if len(lines) > MAX_HEADERS:
        return Malformed(f"more than {MAX_HEADERS} headers", too_large=True)
    headers: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t").lower()
        name = _COMPACT.get(name, name)
        if name not in _KEPT:
            if not colon or not _TOKEN.fullmatch(name):
                return Malformed("a header line without a name")
        elif not colon:
            return Malformed("a header line without a colon")
        elif name not in headers:
            headers[name] = value.strip(b" \t")
        elif name in _SINGLE:
            return Malformed(f"{name.decode()} stands twice")
    return headers


def _message(start: int | tuple[bytes, bytes], headers: dict[bytes, bytes]) -> tuple[Message, int | None] | Malformed:
    for name in _MANDATORY:
        if not headers.get(name):
            return Malformed(f"no {name.decode()}")
    cseq = _CSEQ.fullmatch(headers[b"cseq"])
    if cseq is None or int(cseq[1]) >= 2**32:
        return Malformed("a CSeq that is not a number and a method")
    branch = _top_branch(headers[b"via"])
    if branch is None:
        return Malformed("a Via that is not one")
    length = headers.get(b"content-length")
    if length is not None and not (length.isdigit() and len(length) <= 10):
        return Malformed("a Content-Length that is not a number")
    ids = Ids(branch, headers[b"call-id"], int(cseq[1]), cseq[2])
    size = None if length is None else int(length)
    if isinstance(start, int):
        return Response(start, ids, headers.get(b"server") or headers.get(b"user-agent", b"")), size
    if cseq[2] != start[0]:
        return Malformed("the method of CSeq is not the request's")
    return Request(start[0], start[1], ids), size


def _top_branch(via: bytes) -> bytes | None:
    """The branch of the first Via value, b"" if it has none, None if this is no Via."""
    if not _VIA.match(via):
        return None
    if b'"' in via:
        via = _QUOTED.sub(b"", via)
    first = via.split(b",", 1)[0]
    for part in first.split(b";")[1:]:
        name, _, value = part.partition(b"=")
        if name.strip(b" \t").lower() == b"branch":
            return value.strip(b" \t")
    return b""
