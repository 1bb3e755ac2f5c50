"""DNS messages as bytes (RFC 1035, 6891): one query out, answers matched by hand and then read. No sockets, no clock.

Whether a message answers our query is decided here on the bare bytes, before any parser sees it. What it holds is read
by dnspython, which this module alone imports: it knows every record type's text, and cuts compression loops (a pointer
must lead back, a name ends at 255 octets).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.SOA
import dns.reversename
import dns.rrset

HEADER_BYTES = 12
MAX_RECORDS = 256  # of one message: 64 KiB of the longest names would hold the event loop for half a second
_MAX_REMEMBERED_BYTES = 512

_RESPONSE, _OPCODE, _TRUNCATED = 0x80, 0x78, 0x02  # of the third octet, RFC 1035 4.1.1
_NO_ERROR = 0
_WITHOUT_QUESTION = frozenset((1, 2, 4, 5))  # FORMERR, SERVFAIL, NOTIMP, REFUSED: said before the question was read
_NOT_ASKED = frozenset(("NONE", "OPT", "TSIG", "TKEY", "AXFR", "IXFR", "MAILA", "MAILB"))  # no lookups, or transfers
RCODES = frozenset(code.name for code in dns.rcode.Rcode)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; payload is the UDP size offered by EDNS, 0 leaves EDNS out."""

    name: str
    type: str
    cls: str = "IN"
    recursion: bool = True
    payload: int = 1232


@dataclass(frozen=True, slots=True)
class Query:
    """A question as bytes, but for the two of the id."""

    rest: bytes
    name: bytes  # as in the message, in lower case
    kind: bytes  # type and class

    def encode(self, ident: bytes) -> bytes:
        return ident + self.rest


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to the query. Records are lines as in a zone file, the five fields parted by tabs: hostile text.

    Of a truncated one no records are read. serial is that of the first SOA record in the answer.
    """

    rcode: int
    truncated: bool
    authenticated: bool
    answer: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    additional: tuple[str, ...] = ()
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Strange:
    """A message that is not the answer. ours when it answers our query all the same and is broken further in."""

    why: str
    ours: bool = False
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
def query(question: Question) -> Query:
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
    return Query(wire[2:], wire[HEADER_BYTES:end].lower(), wire[end : end + 4])


def read(asked: Query, ident: bytes, message: bytes) -> Reply | Strange:
    """The answer to the query with this id, or what is strange about the message. Never raises."""
    why = _mismatch(asked, ident, message)
    if why:
        return Strange(why)
    if sum(int.from_bytes(message[at : at + 2], "big") for at in (6, 8, 10)) > MAX_RECORDS:
        return Strange(f"more than {MAX_RECORDS} records", ours=True, too_large=True)
    if message[2] & _TRUNCATED:  # may be cut anywhere
        return Reply(message[3] & 0x0F, truncated=True, authenticated=False)
    body = message[2:]
    return _remembered(body) if len(body) <= _MAX_REMEMBERED_BYTES else _parsed(body)


def _mismatch(asked: Query, ident: bytes, message: bytes) -> str:
    """Why the message does not answer the query; "" when it does. Names are compared without case (RFC 4343)."""
    if len(message) < HEADER_BYTES:
        return "shorter than a header"
    if message[:2] != ident:
        return "another id"
    if not message[2] & _RESPONSE or message[2] & _OPCODE:
        return "not an answer to a query"
    questions = int.from_bytes(message[4:6], "big")
    if questions == 0 and message[3] & 0x0F in _WITHOUT_QUESTION:
        return ""
    end = HEADER_BYTES + len(asked.name)
    same = message[HEADER_BYTES:end].lower() == asked.name and message[end : end + 4] == asked.kind
    return "" if questions == 1 and same else "another question"


def _parsed(body: bytes) -> Reply | Strange:
    try:
        message = dns.message.from_wire(b"\0\0" + body, one_rr_per_rrset=True, ignore_trailing=True)
        return Reply(
            int(message.rcode()),
            truncated=False,
            authenticated=bool(message.flags & dns.flags.AD),
            answer=_lines(message.answer),
            authority=_lines(message.authority),
            additional=_lines(message.additional),
            serial=_serial(message.answer),
        )
    except (dns.exception.DNSException, ValueError) as error:  # ValueError: text that a record cannot be shown as
        return Strange(f"broken: {str(error)[:100]}", ours=True)


_remembered = lru_cache(maxsize=1024)(_parsed)
"""An answer changes rarely, and at most in its TTL."""


def _lines(section: list[dns.rrset.RRset]) -> tuple[str, ...]:
    return tuple(
        f"{each.name.to_text()}\t{each.ttl}\t{dns.rdataclass.to_text(each.rdclass)}"
        f"\t{dns.rdatatype.to_text(each.rdtype)}\t{record.to_text()}"
        for each in section
        for record in each
    )


def _serial(section: list[dns.rrset.RRset]) -> int | None:
    records = (record for each in section for record in each)
    return next((int(each.serial) for each in records if isinstance(each, dns.rdtypes.ANY.SOA.SOA)), None)


def _name(text: str) -> dns.name.Name | None:
    try:
        return dns.name.from_text(text)
    except (dns.exception.DNSException, UnicodeError, ValueError):
        return None


def _reverse(text: str) -> dns.name.Name | None:
    """The name that holds an address's PTR record; None if the text is no address."""
    try:
        return dns.reversename.from_address(str(ipaddress.ip_address(text)))
    except ValueError:
        return None
