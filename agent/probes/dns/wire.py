"""DNS messages as bytes (RFC 1035, 6891): one query out, answers matched by hand and then read. No sockets, no clock.

Whether a message answers our query is decided here on the bare bytes, before any parser sees it. What it holds is read
by dnspython, which this module alone imports: it knows every record type's text, and cuts compression loops (a pointer
must lead back, a name ends at 255 octets).

Every record is read, but only what is judged or shown is put into text: both are dear, and both are bounded by
counting, so that no verdict depends on how busy the machine is.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.CSYNC
import dns.rdtypes.ANY.NSEC
import dns.rdtypes.ANY.NSEC3
import dns.rdtypes.ANY.SOA
import dns.reversename
import dns.wire

from agent.probes.address import to_ascii

HEADER_BYTES = 12
MAX_RECORDS = 256  # of one message
MAX_STEPS = 16_384  # of reading one: a length, a label, a field; 256 records of three names each take 15,000
MAX_TYPES = 4_096  # in the type bitmaps of what is put into text (NSEC, NSEC3, CSYNC): 64 KiB of them can name 520,000
MAX_TEXT = 128 * 1024  # characters of the records of one message that are judged
SHOWN_RECORDS = 16  # of the answer
CHEAP_BYTES = 512  # of a message that costs little to read and is remembered

_RESPONSE, _OPCODE, _TRUNCATED = 0x80, 0x78, 0x02  # of the third octet, RFC 1035 4.1.1
_AUTHENTICATED = 0x20  # of the fourth, RFC 4035 3.2.3
_STEPS_OF_A_NAME = 4  # beside its labels
_UNKNOWN_BYTES = 64
_WITHOUT_QUESTION = frozenset((1, 2, 4, 5))  # FORMERR, SERVFAIL, NOTIMP, REFUSED: said before the question was read
_NOT_ASKED = frozenset(("NONE", "OPT", "TSIG", "TKEY", "AXFR", "IXFR", "MAILA", "MAILB"))  # no lookups, or transfers
RCODES = frozenset(code.name for code in dns.rcode.Rcode)


@dataclass(frozen=True, slots=True)
class DnsQuestion:
    """A question; payload is the UDP size offered by EDNS, 0 leaves EDNS out."""

    name: str
    type: str
    cls: str = "IN"
    recursion: bool = True
    payload: int = 1232


class Sections(NamedTuple):
    """The sections whose records are judged, and therefore all needed as text."""

    answer: bool = False
    authority: bool = False
    additional: bool = False


NOTHING_JUDGED = Sections()


@dataclass(frozen=True, slots=True)
class DnsQuery:
    """A question as bytes, but for the two of the id, and what of its answer is judged."""

    rest: bytes
    name: bytes  # as in the message, in lower case
    kind: bytes  # type and class
    judged: Sections = NOTHING_JUDGED

    def encode(self, ident: bytes) -> bytes:
        return ident + self.rest

    @property
    def head_bytes(self) -> int:
        """Of a message that repeats the question: how many bytes say whether it answers this one."""
        return HEADER_BYTES + len(self.name) + len(self.kind)


@dataclass(frozen=True, slots=True)
class DnsReply:
    """An answer to the query: how many records each section holds, and those that are needed as text.

    A record's text is a line as in a zone file, the five fields parted by tabs: hostile. Of the answer the first
    SHOWN_RECORDS are there although nobody judges them. Of a truncated message no records are read. serial is that of
    the first SOA record in the answer.
    """

    rcode: int
    truncated: bool
    authenticated: bool
    answers: int = 0
    authorities: int = 0
    additionals: int = 0
    answer: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    additional: tuple[str, ...] = ()
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class UnexpectedMessage:
    """A message that is not the answer. malformed: it answers our query all the same, and is broken further in."""

    why: str
    malformed: bool = False
    too_large: bool = False


def is_name(text: str) -> bool:
    """Whether it is a domain name that can be asked for; letters beyond ASCII are taken as an international name."""
    return bool(text) and _name(text) is not None


def is_type(text: str) -> bool:
    """Whether it is a record type one can ask for: A, MX, TYPE65 ..., no transfers."""
    try:
        return dns.rdatatype.to_text(dns.rdatatype.from_text(text)) not in _NOT_ASKED
    except (dns.exception.DNSException, ValueError):
        return False


def rcode_text(code: int) -> str:
    """NOERROR, NXDOMAIN ...; the number where it has no name."""
    return dns.rcode.to_text(dns.rcode.Rcode.make(code))


@lru_cache(maxsize=4096)
def query(question: DnsQuestion, judged: Sections = NOTHING_JUDGED) -> DnsQuery:
    """The query for a question whose name and type are good. Always asks for the AD flag (RFC 6840 5.7)."""
    name, reverse = _name(question.name), question.type == "PTR" and _reverse(question.name)
    message = dns.message.make_query(
        reverse or name or dns.name.root,
        question.type,
        question.cls,
        use_edns=0 if question.payload else False,
        payload=question.payload or None,
        id=0,
        flags=dns.flags.AD | (dns.flags.RD if question.recursion else 0),
    )
    wire = message.to_wire()
    end = HEADER_BYTES + len(message.question[0].name.to_wire() or b"")
    return DnsQuery(wire[2:], wire[HEADER_BYTES:end].lower(), wire[end : end + 4], judged)


def read(query: DnsQuery, ident: bytes, message: bytes) -> DnsReply | UnexpectedMessage:
    """The answer to the query with this id, or what is strange about the message. Never raises."""
    why = mismatch(query, ident, message, len(message))
    if why:
        return UnexpectedMessage(why)
    if sum(_sizes(message)) > MAX_RECORDS:
        return UnexpectedMessage(f"more than {MAX_RECORDS} records", malformed=True, too_large=True)
    if message[2] & _TRUNCATED:  # may be cut anywhere
        return DnsReply(message[3] & 0x0F, truncated=True, authenticated=bool(message[3] & _AUTHENTICATED))
    body = message[2:]
    return (_remembered if len(body) <= CHEAP_BYTES else _parsed)(body, query.judged)


def mismatch(query: DnsQuery, ident: bytes, start: bytes, length: int) -> str:
    """Why a message of that length does not answer the query, by the bytes of it that are here; "" if none says so.

    Names are compared without case (RFC 4343).
    """
    if length < HEADER_BYTES:
        return "shorter than a header"
    if not ident.startswith(start[:2]):
        return "another id"
    if len(start) > 2 and (not start[2] & _RESPONSE or start[2] & _OPCODE):
        return "not an answer to a query"
    if len(start) < HEADER_BYTES:
        return ""
    questions = int.from_bytes(start[4:6], "big")
    if questions == 0 and start[3] & 0x0F in _WITHOUT_QUESTION:
        return ""
    end = HEADER_BYTES + len(query.name)
    came = start[HEADER_BYTES:end].lower() + start[end : query.head_bytes]
    same = (query.name + query.kind).startswith(came) and length >= query.head_bytes
    return "" if questions == 1 and same else "another question"


def _sizes(message: bytes) -> tuple[int, int, int]:
    """How many records the header says that the three sections hold."""
    return (
        int.from_bytes(message[6:8], "big"),
        int.from_bytes(message[8:10], "big"),
        int.from_bytes(message[10:12], "big"),
    )


class _TooMuchError(dns.exception.FormError):
    """A bound was crossed; a FormError so that dnspython lets it pass as it is."""

    def __init__(self, why: str) -> None:
        super().__init__(why)  # type: ignore[no-untyped-call]


class _Parser(dns.wire.Parser):
    """Counts its steps: whatever the records are, reading them costs no more than MAX_STEPS."""

    def __init__(self, wire: bytes, current: int) -> None:
        super().__init__(wire, current)
        self._steps = 0

    def get_bytes(self, size: int) -> bytes:
        self._count(1)
        return super().get_bytes(size)

    def get_name(self, origin: dns.name.Name | None = None, decompress: bool = False) -> dns.name.Name:
        self._count(_STEPS_OF_A_NAME)
        return super().get_name(origin, decompress)

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise _TooMuchError("records of too many parts")


@dataclass(frozen=True, slots=True)
class _Record:
    name: dns.name.Name
    ttl: int
    data: dns.rdata.Rdata
    raw: bytes

    @property
    def types(self) -> int:
        """How many record types it names in a bitmap: the dearest text there is, three microseconds each."""
        if not isinstance(self.data, _WITH_BITMAP):
            return 0
        return sum(int.from_bytes(bitmap, "big").bit_count() for _, bitmap in self.data.windows)

    def line(self, text: str) -> str:
        kind, group = dns.rdatatype.to_text(self.data.rdtype), dns.rdataclass.to_text(self.data.rdclass)
        return f"{self.name.to_text()}\t{self.ttl}\t{group}\t{kind}\t{text}"


_WITH_BITMAP = (dns.rdtypes.ANY.NSEC.NSEC, dns.rdtypes.ANY.NSEC3.NSEC3, dns.rdtypes.ANY.CSYNC.CSYNC)


def _parsed(body: bytes, judged: Sections) -> DnsReply | UnexpectedMessage:
    """A message without its id, of which is known that it answers our query."""
    try:
        return _reply(b"\0\0" + body, judged)
    except _TooMuchError as error:
        return UnexpectedMessage(str(error), malformed=True, too_large=True)
    except (dns.exception.DNSException, ValueError) as error:  # ValueError: text that a record cannot be shown as
        return UnexpectedMessage(f"broken: {str(error)[:100]}", malformed=True)


_remembered = lru_cache(maxsize=1024)(_parsed)
"""An answer changes rarely, and at most in its TTL."""


def _reply(message: bytes, judged: Sections) -> DnsReply:
    parser = _Parser(message, HEADER_BYTES)
    for _ in range(int.from_bytes(message[4:6], "big")):
        parser.get_name(decompress=True)
        parser.get_struct("!HH")
    rcode, sections = message[3] & 0x0F, []
    for size in _sizes(message):
        records = []
        for _ in range(size):
            record = _record(parser)
            if isinstance(record, _Record):
                records.append(record)
            else:
                rcode |= record << 4
        sections.append(records)
    answer, authority, additional = sections
    texts = _Texts()
    return DnsReply(
        rcode,
        truncated=False,
        authenticated=bool(message[3] & _AUTHENTICATED),
        answers=len(answer),
        authorities=len(authority),
        additionals=len(additional),
        answer=tuple(texts.judged(answer)) if judged.answer else tuple(map(_shown, answer[:SHOWN_RECORDS])),
        authority=tuple(texts.judged(authority)) if judged.authority else (),
        additional=tuple(texts.judged(additional)) if judged.additional else (),
        serial=_serial(answer),
    )


def _record(parser: _Parser) -> _Record | int:
    """The next record; of EDNS (RFC 6891 6.1.3) only the upper bits of the response code."""
    name = parser.get_name(decompress=True)
    kind, group, ttl, length = parser.get_struct("!HHIH")
    with parser.restrict_to(length):
        if kind == dns.rdatatype.OPT:
            parser.get_remaining()
            return int(ttl >> 24)
        raw = parser.wire[parser.current : parser.end]
        data = dns.rdata.from_wire_parser(dns.rdataclass.RdataClass.make(group), kind, parser)
    return _Record(name, ttl if ttl < 1 << 31 else 0, data, raw)  # RFC 2181 section 8


class _Texts:
    """The text of what is judged, bounded over all sections of a message."""

    def __init__(self) -> None:
        self._types = 0
        self._characters = 0

    def judged(self, records: list[_Record]) -> Iterator[str]:
        """A line for each; _TooMuchError where they would be too dear: a rule must see all of them or none."""
        for record in records:
            self._types += record.types
            if self._types > MAX_TYPES:
                raise _TooMuchError(f"bitmaps of more than {MAX_TYPES} record types")
            line = record.line(record.data.to_text())
            self._characters += len(line)
            if self._characters > MAX_TEXT:
                raise _TooMuchError(f"more than {MAX_TEXT} characters of records")
            yield line


def _shown(record: _Record) -> str:
    """A line for people; what is dear as text is shown as an unknown type would be (RFC 3597 section 5)."""
    dear = record.types > MAX_TYPES // SHOWN_RECORDS
    return record.line(f"\\# {len(record.raw)} {record.raw[:_UNKNOWN_BYTES].hex()}" if dear else record.data.to_text())


def _serial(records: list[_Record]) -> int | None:
    data = (record.data for record in records)
    return next((int(rdata.serial) for rdata in data if isinstance(rdata, dns.rdtypes.ANY.SOA.SOA)), None)


def _name(text: str) -> dns.name.Name | None:
    try:
        return dns.name.from_text(text if text.isascii() else to_ascii(text))
    except (dns.exception.DNSException, UnicodeError, ValueError):
        return None


def _reverse(text: str) -> dns.name.Name | None:
    """The name that holds an address's PTR record; None if the text is no address."""
    try:
        return dns.reversename.from_address(str(ipaddress.ip_address(text)))
    except ValueError:
        return None
