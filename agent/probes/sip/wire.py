"""SIP messages as bytes (RFC 3261): one OPTIONS request out, a bounded tolerant parser for what comes back.

Pure: no sockets, no clock. The only method that can be encoded is OPTIONS; nothing here can start a call.

An answer proves a living stack by its status line and by what ties it to our request: Via with its branch, Call-ID,
CSeq, From and To. These must be well formed, however they are written (compact names, folded lines, any case, spaces).
No other line is read, so none can make an answer invalid; those are not even taken apart. A line ends with CRLF or with
LF alone. Over a stream Content-Length must be a number, since it says where the next message begins; in a datagram it
says nothing, and the end of the datagram ends the head too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_MESSAGE_BYTES = 64 * 1024
MAX_HEADERS = 256
MAGIC_COOKIE = b"z9hG4bK"  # RFC 3261 8.1.1.7
TOKEN_CHARS = 16  # of the random part of a branch

_LF = re.compile(rb"(?<!\r)\n")
_FOLD = re.compile(rb"\r\n[ \t]+")
_BLANK = re.compile(rb"(?:\r?\n)+")
_CONTROL = re.compile(rb"[\r\n]|(?<!\\)\x00")  # a quoted pair may carry NUL (RFC 3261 25.1)
_STATUS_LINE = re.compile(rb"SIP/2\.0[ \t]+([1-6][0-9]{2})(?:[ \t][^\r\n]*)?", re.IGNORECASE)
_REQUEST_LINE = re.compile(rb"([A-Za-z0-9\-.!%*_+`'~]+) ([^ \r\n]+) SIP/2\.0", re.IGNORECASE)
_CSEQ = re.compile(rb"([0-9]{1,10})[ \t]+([A-Za-z0-9\-.!%*_+`'~]+)")
_VIA = re.compile(rb"SIP[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*[A-Za-z0-9\-.!%*_+`'~]+[ \t]+[^ \t;]+", re.IGNORECASE)
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)  # the closing quote optional: linear on hostile text
_COMPACT = {b"v": b"via", b"i": b"call-id", b"f": b"from", b"t": b"to", b"l": b"content-length"}
_MANDATORY = (b"via", b"call-id", b"cseq", b"from", b"to")  # RFC 3261 8.1.1
_LONG = {name: name for name in (*_MANDATORY, b"content-length", b"server", b"user-agent")} | _COMPACT
_NEEDED = _LONG | {b"Via": b"via", b"Call-ID": b"call-id", b"CSeq": b"cseq", b"From": b"from", b"To": b"to"}
"""As names mostly stand, which saves changing their case."""
_SINGLE = frozenset((b"call-id", b"cseq", b"from", b"to", b"content-length"))  # of the others the first counts
_TWO = b"\r\n"  # in place of a value that stands twice and differs; no value holds it
_LENGTH_DIGITS = 10


@dataclass(frozen=True, slots=True)
class TransactionIds:
    """What ties an answer to its request: all four must agree."""

    branch: bytes
    call_id: bytes
    cseq: int
    method: bytes = b"OPTIONS"


@dataclass(frozen=True, slots=True)
class SipResponse:
    """An answer: 100..699, whose it is, and what the device calls itself (hostile text, as sent)."""

    status: int
    ids: TransactionIds
    server: bytes = b""


@dataclass(frozen=True, slots=True)
class SipRequest:
    """Somebody else's request, of which nothing else is read; the probe never answers one."""

    method: bytes
    uri: bytes


@dataclass(frozen=True, slots=True)
class SipMalformed:
    """Not a SIP message; ``too_large`` when a bound was crossed."""

    why: str
    too_large: bool = False


SipMessage = SipResponse | SipRequest


@dataclass(frozen=True, slots=True)
class UserAgentClient:
    """Who asks: ``transport`` as it stands in Via (UDP, TCP, TLS), and the host that answers may go to."""

    transport: str
    host: str
    user_agent: str = "sansang"


class OptionsTemplate:
    """An OPTIONS request encoded once for a target; every run only fills in its ids and its port."""

    __slots__ = ("_text",)

    def __init__(self, uri: str, to: str, asker: UserAgentClient) -> None:
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

    def encode(self, ids: TransactionIds, tag: bytes, port: int) -> bytes:
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


def fresh_ids(random: bytes) -> tuple[TransactionIds, bytes]:
    """Ids and From tag of one run out of 24 random bytes; the branch is the cookie and TOKEN_CHARS of hex."""
    text = random.hex().encode()
    cseq = int.from_bytes(random[20:23], "big") + 1
    return TransactionIds(MAGIC_COOKIE + text[:TOKEN_CHARS], text[16:32], cseq), text[32:40]


def parse(data: bytes) -> SipMessage | SipMalformed:
    """One message that is a datagram. What lies behind its head is not looked at, whatever Content-Length says."""
    if len(data) > MAX_MESSAGE_BYTES:
        return SipMalformed("longer than 64 KiB", too_large=True)
    begin = _blank_bytes(data)
    end, _ = _head_end(data, begin)
    return _read(data[begin : end if end >= 0 else None].rstrip(b"\r\n"))[0]


class SipFramer:
    """Messages out of a TCP or TLS stream, cut by Content-Length (RFC 3261 18.3, 20.14); absent means no body.

    Costs no more when bytes come one by one: what was searched or read once is not searched or read again.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._start_read = False
        self._read: tuple[SipMessage, int] | None = None  # a message whose body is still coming, and the bytes of both

    def feed(self, data: bytes) -> None:
        self._buffer += data

    @property
    def started(self) -> bool:
        """Whether part of a message is waiting for the rest, after take() found none that is whole."""
        return bool(self._buffer) and self._buffer != b"\r"

    def take(self) -> SipMessage | SipMalformed | None:
        """The next whole message; None when more bytes are needed. After SipMalformed the stream is lost."""
        head = self._read or self._head()
        if head is None or isinstance(head, SipMalformed):
            return head
        message, whole = head
        if whole > len(self._buffer):
            self._read = head
            return None
        del self._buffer[:whole]
        self._searched, self._start_read, self._read = 0, False, None
        return message

    def _head(self) -> tuple[SipMessage, int] | SipMalformed | None:
        if not self._searched and (blank := _blank_bytes(self._buffer)):
            del self._buffer[:blank]
        end, body = _head_end(self._buffer, max(0, self._searched - 2))
        if end < 0 or end > MAX_MESSAGE_BYTES:
            return self._unfinished(end)
        message, text = _read(bytes(self._buffer[:end]).rstrip(b"\r"))
        if isinstance(message, SipMalformed):
            return message
        length = _content_length(text)
        if isinstance(length, SipMalformed):
            return length
        whole = body + length
        if whole > MAX_MESSAGE_BYTES:
            return SipMalformed("longer than 64 KiB", too_large=True)
        return message, whole

    def _unfinished(self, end: int) -> SipMalformed | None:
        if end >= 0 or len(self._buffer) > MAX_MESSAGE_BYTES:
            return SipMalformed("headers longer than 64 KiB", too_large=True)
        first = -1 if self._start_read else self._buffer.find(b"\n", self._searched)
        if first >= 0:
            if _start_line(bytes(self._buffer[:first]).rstrip(b"\r")) is None:
                return SipMalformed("neither a status line nor a request line")
            self._start_read = True
        self._searched = 0 if self._buffer == b"\r" else len(self._buffer)
        return None


def _blank_bytes(data: bytes | bytearray) -> int:
    """How many bytes of line ends stand before a message (RFC 3261 7.5)."""
    blank = _BLANK.match(data)
    return blank.end() if blank else 0


def _head_end(data: bytes | bytearray, begin: int) -> tuple[int, int]:
    """Where the LF of a head's last line is, and where what lies behind the blank line begins; -1 without one."""
    end, blank = data.find(b"\n\r\n", begin), 3
    if (shorter := data.find(b"\n\n", begin, end if end >= 0 else None)) >= 0:
        end, blank = shorter, 2
    return end, end + blank


def _start_line(line: bytes) -> int | tuple[bytes, bytes] | None:
    if status := _STATUS_LINE.fullmatch(line):
        return int(status[1])
    if line[-7:].upper() == b"SIP/2.0" and (request := _REQUEST_LINE.fullmatch(line)):
        return request[1], request[2]
    return None


def _read(head: bytes) -> tuple[SipMessage | SipMalformed, bytes]:
    """A message by its head, and what Content-Length says: "0" where there is none."""
    ends = head.count(b"\n")
    if ends > MAX_HEADERS:
        return SipMalformed(f"more than {MAX_HEADERS} header lines", too_large=True), b""
    if head.count(b"\r\n") != ends:
        head = _LF.sub(b"\r\n", head)
    start = _start_line(head.partition(b"\r\n")[0])
    if start is None:
        return SipMalformed("neither a status line nor a request line"), b""
    headers = _needed(head)
    length = headers.get(b"content-length", b"0")
    if not isinstance(start, int):
        return SipRequest(*start), length
    clean = head.count(b"\r") == ends and b"\0" not in head
    return _response(start, headers, clean=clean), length


def _needed(head: bytes) -> dict[bytes, bytes]:
    """The headers that are read, by their long names; _TWO for one that stands twice and differs."""
    if b"\r\n " in head or b"\r\n\t" in head:
        head = _FOLD.sub(b" ", head)
    headers: dict[bytes, bytes] = {}
    for line in head.split(b"\r\n")[1:]:
        written, colon, value = line.partition(b":")
        name = _NEEDED.get(written) or _LONG.get(written.rstrip(b" \t").lower())
        if name is None or not colon:
            continue
        value = value.strip(b" \t")
        if headers.setdefault(name, value) != value and name in _SINGLE:
            headers[name] = _TWO
    return headers


def _response(status: int, headers: dict[bytes, bytes], *, clean: bool) -> SipResponse | SipMalformed:
    """clean: no control character stands in the whole head."""
    for name in _MANDATORY:
        value = headers.get(name)
        if not value:
            return SipMalformed(f"no {name.decode()}")
        if value is _TWO:
            return SipMalformed(f"{name.decode()} stands twice, and differs")
        if not clean and _CONTROL.search(value):
            return SipMalformed(f"a control character in {name.decode()}")
    cseq = _CSEQ.fullmatch(headers[b"cseq"])
    if cseq is None or int(cseq[1]) >= 2**32:
        return SipMalformed("a CSeq that is not a number and a method")
    branch = _top_branch(headers[b"via"])
    if not branch:
        return SipMalformed("a Via that is not one" if branch is None else "a Via without a branch")
    ids = TransactionIds(branch, headers[b"call-id"], int(cseq[1]), cseq[2].upper())
    return SipResponse(status, ids, headers.get(b"server") or headers.get(b"user-agent", b""))


def _content_length(text: bytes) -> int | SipMalformed:
    if text is _TWO:
        return SipMalformed("content-length stands twice, and differs")
    if not text.isdigit() or len(text) > _LENGTH_DIGITS:
        return SipMalformed("a Content-Length that is not a number")
    return int(text)


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
