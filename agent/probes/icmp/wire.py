"""ICMP echo and ICMP errors as bytes (RFC 792, RFC 4443, RFC 4884): no sockets, no state.

A request is known by its *token*, the identifier and the sequence number as one 32-bit number. Its low SLOT_BITS bits
say which packet of a burst it is, the rest is the burst's own; an ICMP error is only bound to quote as much (RFC 792).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from agent.model import Reason

NONCE_BYTES = 16
SLOT_BITS = 7
MAX_PACKETS = 100
HEADER_BYTES = 8

_IPV6_HEADER_BYTES = 40
_IPV6_FRAGMENT = 44
_FILLER = bytes(range(256)) * 257


@dataclass(frozen=True, slots=True)
class Dialect:
    """The numbers in which ICMP and ICMPv6 differ. protocol is the IP protocol number of the ICMP itself."""

    version: int
    protocol: int
    request: int
    reply: int
    errors: frozenset[int]


V4 = Dialect(4, 1, request=8, reply=0, errors=frozenset({3, 11, 12}))
V6 = Dialect(6, 58, request=128, reply=129, errors=frozenset({1, 2, 3, 4}))


@dataclass(frozen=True, slots=True)
class Quoted:
    """An ICMP error and what it quotes of the request it is about; payload may be cut short or empty."""

    kind: int
    code: int
    destination: str
    token: int
    payload: bytes


def payload_of(nonce: bytes, size: int) -> bytes:
    """A payload of size bytes that begins with the nonce; size is at least NONCE_BYTES."""
    return nonce + _FILLER[NONCE_BYTES:size]


class Echo:
    """The echo requests of one burst: everything but the sequence number is laid out once."""

    __slots__ = ("_base", "_kind", "_sum", "payload")

    def __init__(self, dialect: Dialect, base: int, payload: bytes) -> None:
        self.payload = payload
        self._kind = dialect.request << 8
        self._base = base
        odd = len(payload) & 1
        self._sum = self._kind + (int.from_bytes(payload, "big") << (8 * odd)) % 0xFFFF

    def packet(self, slot: int) -> bytes:
        """The request of this slot, with its checksum (RFC 1071; for ICMPv6 the kernel puts its own)."""
        token = self._base | slot
        checksum = (0xFFFF - (self._sum + token) % 0xFFFF) % 0xFFFF
        return (self._kind << 48 | checksum << 32 | token).to_bytes(HEADER_BYTES, "big") + self.payload


def checksum_holds(message: bytes) -> bool:
    """Whether a message has the checksum of its bytes (RFC 1071); for raw sockets of IPv4 the kernel does not look."""
    total = int.from_bytes(message + b"\0" * (len(message) & 1), "big")
    return total % 0xFFFF == 0 and total != 0


def any_token(_token: int) -> bool:
    """For whoever awaits every request."""
    return True


def error_in(dialect: Dialect, message: bytes, awaited: Callable[[int], bool] = any_token) -> Quoted | None:
    """The error in an ICMP message (its bytes from the ICMP header on) about an echo request; None if it is none.

    None too where nobody awaits the request's token: that is asked before an address is put in words, which costs most.
    """
    if len(message) < HEADER_BYTES or message[0] not in dialect.errors:
        return None
    quote = message[HEADER_BYTES:]
    inner = _in_ipv4(quote) if dialect is V4 else _in_ipv6(quote)
    if inner is None:
        return None
    destination, request = inner
    if not awaited(_token_of(request)):
        return None
    return quoted_request(dialect, message[0], message[1], str(ipaddress.ip_address(destination)), request)


def quoted_request(dialect: Dialect, kind: int, code: int, destination: str, request: bytes) -> Quoted | None:
    """The request that an error quotes, when the kernel has already taken the headers apart (MSG_ERRQUEUE)."""
    if len(request) < HEADER_BYTES or request[0] != dialect.request or kind not in dialect.errors:
        return None
    return Quoted(kind, code, destination, _token_of(request), request[HEADER_BYTES:])


def _token_of(request: bytes) -> int:
    return int.from_bytes(request[4:HEADER_BYTES], "big")


def _in_ipv4(quote: bytes) -> tuple[bytes, bytes] | None:
    if len(quote) < 20 or quote[0] >> 4 != 4 or quote[9] != V4.protocol:
        return None
    if (quote[6] << 8 | quote[7]) & 0x1FFF:  # a later fragment: no ICMP header in it
        return None
    return quote[16:20], quote[(quote[0] & 15) * 4 :]


def _in_ipv6(quote: bytes) -> tuple[bytes, bytes] | None:
    if len(quote) < _IPV6_HEADER_BYTES or quote[0] >> 4 != 6:
        return None
    following, rest = quote[6], quote[_IPV6_HEADER_BYTES:]
    if following == _IPV6_FRAGMENT:
        if len(rest) < 8 or (rest[2] << 8 | rest[3]) & 0xFFF8:
            return None
        following, rest = rest[0], rest[8:]
    if following != V6.protocol:
        return None
    return quote[24:40], rest


_REFUSED_V4 = frozenset({2, 3})  # protocol, port
_PROHIBITED_V4 = frozenset({9, 10, 13, 14, 15})  # RFC 1812 section 5.2.7.1
_PROHIBITED_V6 = frozenset({1, 5, 6})


def reason_of(dialect: Dialect, kind: int, code: int) -> Reason | None:
    """What an ICMP error says about the target; None where it says no more than silence (reassembly timed out)."""
    if kind not in dialect.errors:
        return None
    return _reason_v4(kind, code) if dialect is V4 else _reason_v6(kind, code)


def _reason_v4(kind: int, code: int) -> Reason | None:
    if kind == 11:
        return Reason.TTL_EXCEEDED if code == 0 else None
    if kind == 12:
        return Reason.PROTOCOL_ERROR
    if code == 4:
        return Reason.PACKET_TOO_BIG
    if code in _REFUSED_V4:
        return Reason.REFUSED
    return Reason.PROHIBITED if code in _PROHIBITED_V4 else Reason.UNREACHABLE


def _reason_v6(kind: int, code: int) -> Reason | None:
    if kind == 2:
        return Reason.PACKET_TOO_BIG
    if kind == 3:
        return Reason.TTL_EXCEEDED if code == 0 else None
    if kind == 4:
        return Reason.PROTOCOL_ERROR
    if code == 4:
        return Reason.REFUSED
    return Reason.PROHIBITED if code in _PROHIBITED_V6 else Reason.UNREACHABLE
