"""Messages of v1 and v2c, and the PDUs that v3 carries as well (RFC 1157, 1901, 3416). Pure.

Object identifiers stay the octets that they are on the wire: names are compared and cut as bytes.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from agent.probes.snmp import ber
from agent.probes.snmp.ber import BerError
from agent.probes.snmp.values import Value

MAX_VARBINDS = 2048  # that are read of one message; no request of ours may be answered with more
MAX_OID_BYTES = 640  # 128 arcs of 32 bits (RFC 2578 section 3.5)
MAX_VALUE_BYTES = 4096  # that are kept of one value; a DisplayString has 255 at most
ID_BYTES = 4
ERROR_STATUS = (
    "noError", "tooBig", "noSuchName", "badValue", "readOnly", "genErr", "noAccess", "wrongType", "wrongLength",
    "wrongEncoding", "wrongValue", "noCreation", "inconsistentValue", "resourceUnavailable", "commitFailed",
    "undoFailed", "authorizationError", "notWritable", "inconsistentName",
)  # fmt: skip
"""The words of RFC 3416 section 3 for the error-status of a PDU, by number."""

_ARCS = re.compile(rb"(?:[\x00-\x7f]|[\x81-\xff][\x80-\xff]*[\x00-\x7f])+").fullmatch
_UNSIGNED = frozenset((ber.COUNTER32, ber.GAUGE32, ber.TIME_TICKS, ber.COUNTER64))
_OCTETS = frozenset((ber.OCTET_STRING, ber.IP_ADDRESS, ber.OPAQUE))
_SEQUENCE, _NAME = ber.SEQUENCE, ber.OBJECT_IDENTIFIER  # as globals of this module they are found sooner
_PADDING = 0x80  # no arc begins with it, and none ends above it
_EMPTY = frozenset((ber.NULL, ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE, ber.END_OF_MIB_VIEW))
_MAX_NUMBER_BYTES = 9


class SnmpVersion(IntEnum):
    """The version field of a message."""

    V1 = 0
    V2C = 1
    V3 = 3


class PduType(IntEnum):
    """The tag of a PDU."""

    GET = 0xA0
    GET_NEXT = 0xA1
    RESPONSE = 0xA2
    GET_BULK = 0xA5
    INFORM = 0xA6
    TRAP = 0xA7
    REPORT = 0xA8


class SnmpErrorStatus(IntEnum):
    """The errors that a reader answers with another question, or with a reason of its own."""

    NONE = 0
    TOO_BIG = 1
    NO_SUCH_NAME = 2
    AUTHORIZATION = 16


Varbind = tuple[bytes, Value]


class Pdu(NamedTuple):
    """A PDU as it was read."""

    kind: int
    request_id: int
    error_status: int
    error_index: int
    varbinds: list[Varbind]


class CommunityMessage(NamedTuple):
    """A message of v1 or v2c."""

    version: int
    community: bytes
    pdu: Pdu


class PduRequest(NamedTuple):
    """A question. first and second are 0, or the non-repeaters and max-repetitions of a GetBulkRequest."""

    kind: PduType
    oids: tuple[bytes, ...]
    first: int = 0
    second: int = 0


class RequestTemplate(NamedTuple):
    """A request but for the four octets of its request-id."""

    before: bytes
    after: bytes

    def with_id(self, request_id: bytes) -> bytes:
        return self.before + request_id + self.after


# Writing


@lru_cache(maxsize=1024)
def varbind_list(oids: tuple[bytes, ...]) -> bytes:
    """Names without values, as requests carry them."""
    return ber.tlv(ber.SEQUENCE, b"".join(ber.tlv(ber.SEQUENCE, ber.tlv(6, oid) + b"\x05\x00") for oid in oids))


def pdu_template(request: PduRequest) -> RequestTemplate:
    """A request PDU."""
    after = ber.integer(request.first) + ber.integer(request.second) + varbind_list(request.oids)
    before = ber.length_octets(2 + ID_BYTES + len(after))
    return RequestTemplate(bytes((request.kind,)) + before + b"\x02\x04", after)


@lru_cache(maxsize=512)
def message_template(version: SnmpVersion, community: bytes, request: PduRequest) -> RequestTemplate:
    """A whole message of v1 or v2c."""
    pdu = pdu_template(request)
    head = ber.integer(version) + ber.tlv(ber.OCTET_STRING, community) + pdu.before
    length = ber.length_octets(len(head) + ID_BYTES + len(pdu.after))
    return RequestTemplate(b"\x30" + length + head, pdu.after)


# Reading


def token_of(octets: bytes | bytearray, size: int) -> bytes:
    """The request-id of v1 and v2c, the msgID of v3: the four octets that an answer repeats; b"" where there are none.

    Also of a request of ours that an ICMP error quotes, which may be cut short behind it.
    """
    if size < 16 or octets[0] != ber.SEQUENCE:
        return b""
    at = 2 + (octets[1] & 0x7F if octets[1] & 0x80 else 0)
    if at + 8 > size or octets[at] != ber.INTEGER or octets[at + 1] != 1:
        return b""
    if octets[at + 2] != SnmpVersion.V3:  # behind the community stands the PDU
        if octets[at + 3] != ber.OCTET_STRING or octets[at + 4] & 0x80:
            return b""
        at += 2 + octets[at + 4]
    at += 3
    if at + 2 > size:
        return b""
    at += 2 + (octets[at + 1] & 0x7F if octets[at + 1] & 0x80 else 0)
    if at + 2 + ID_BYTES > size or octets[at] != ber.INTEGER or octets[at + 1] != ID_BYTES:
        return b""
    return bytes(octets[at + 2 : at + 2 + ID_BYTES])


def read_community_message(octets: bytes) -> CommunityMessage:
    """A message of v1 or v2c; BerError for anything else."""
    if len(octets) > ber.MAX_MESSAGE_BYTES:
        raise BerError("a message of more than 65,507 octets")
    at, end = ber.expect(octets, 0, len(octets), ber.SEQUENCE)
    if end != len(octets):
        raise BerError("octets behind the message")
    version, at = ber.expect_integer(octets, at, end)
    if version not in (SnmpVersion.V1, SnmpVersion.V2C):
        raise BerError("a message of another version")
    community, at = ber.expect_octets(octets, at, end)
    pdu, at = read_pdu(octets, at, end)
    if at != end:
        raise BerError("octets behind the PDU")
    return CommunityMessage(version, community, pdu)


def read_pdu(octets: bytes, at: int, end: int) -> tuple[Pdu, int]:
    """The PDU at this place, and where it ends."""
    kind, at, stop = ber.header(octets, at, end)
    request_id, at = ber.expect_integer(octets, at, stop)
    status, at = ber.expect_integer(octets, at, stop)
    index, at = ber.expect_integer(octets, at, stop)
    at, end = ber.expect(octets, at, stop, ber.SEQUENCE)
    if end != stop:
        raise BerError("octets behind the variables")
    return Pdu(kind, request_id, status, index, _varbinds(octets, at, end)), stop


def _varbinds(octets: bytes, at: int, end: int) -> list[Varbind]:
    """All variables between two places. The short forms of lengths, which nearly all have, are read without a call."""
    varbinds: list[Varbind] = []
    add, new, from_bytes = varbinds.append, tuple.__new__, int.from_bytes
    while at < end:
        if len(varbinds) == MAX_VARBINDS:
            raise BerError("more variables than were asked for")
        try:
            length, width = octets[at + 1], octets[at + 3]
            name_at, stop = at + 4, at + 2 + length
            value_at = name_at + width
            size, start = octets[value_at + 1], value_at + 2
            if octets[at] != _SEQUENCE or octets[at + 2] != _NAME or (length | width | size) & 0x80 or not width:
                name_at, value_at, tag, start, stop = _long_varbind(octets, at, end)
            elif stop > end or start + size != stop:
                raise BerError("a variable longer or shorter than its parts")
            else:
                tag = octets[value_at]
        except IndexError:
            raise BerError("a variable is cut short") from None
        name = octets[name_at:value_at]
        if not name.isascii() and (_PADDING in name or name[-1] >= _PADDING):
            _check_oid(name)
        if tag in _UNSIGNED:
            if not 0 < stop - start <= _MAX_NUMBER_BYTES:
                raise BerError("a number of no or too many octets")
            content: int | bytes = from_bytes(octets[start:stop], "big")
        else:
            content = _content(tag, octets[start:stop])
        add((name, new(Value, (tag, content))))
        at = stop
    return varbinds


def _long_varbind(octets: bytes, at: int, end: int) -> tuple[int, int, int, int, int]:
    """Where name and value stand, the tag of the value, and where its content begins and ends."""
    inner, stop = ber.expect(octets, at, end, ber.SEQUENCE)
    name_at, value_at = ber.expect(octets, inner, stop, ber.OBJECT_IDENTIFIER)
    _check_oid(octets[name_at:value_at])
    tag, start, value_end = ber.header(octets, value_at, stop)
    if value_end != stop:
        raise BerError("octets behind a value")
    return name_at, value_at, tag, start, stop


def _content(tag: int, content: bytes) -> int | bytes:
    """The content of a value that is no counter, gauge or time."""
    if tag == ber.INTEGER:
        if not 0 < len(content) <= _MAX_NUMBER_BYTES:
            raise BerError("a number of no or too many octets")
        return int.from_bytes(content, "big", signed=True)
    if tag in _OCTETS:
        return content[:MAX_VALUE_BYTES]
    if tag == ber.OBJECT_IDENTIFIER:
        if content:
            _check_oid(content)
        return content
    if tag in _EMPTY:
        if content:
            raise BerError("a value where none belongs")
        return content
    raise BerError(f"a value of unknown type {tag:#04x}")


def _check_oid(content: bytes) -> None:
    if len(content) > MAX_OID_BYTES or not _ARCS(content):
        raise BerError("a malformed object identifier")


# Order

_HIGH_BITS = bytes(octet & 0x80 for octet in range(256))


def comes_after(later: bytes, earlier: bytes) -> bool:
    """Whether a name stands behind another in the order of names; octets have it only where arcs are equally wide."""
    if later.isascii() and earlier.isascii():
        return later > earlier
    if later.translate(_HIGH_BITS) == earlier.translate(_HIGH_BITS):
        return later > earlier
    return _arcs(later) > _arcs(earlier)


def _arcs(content: bytes) -> list[int]:
    arcs, arc = [], 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if octet < 0x80:
            arcs.append(arc)
            arc = 0
    return arcs
