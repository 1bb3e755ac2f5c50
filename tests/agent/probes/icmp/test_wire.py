"""The ICMP codec against icmplib's encoder, the RFCs' numbers, and hostile bytes."""

from __future__ import annotations

import ipaddress
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icmplib import ICMPRequest, ICMPv4Socket, ICMPv6Socket

from agent.model import Reason
from agent.probes.icmp.wire import (
    MAX_PACKETS,
    NONCE_BYTES,
    SLOT_BITS,
    V4,
    V6,
    Dialect,
    Echo,
    Quoted,
    checksum_holds,
    error_in,
    payload_of,
    quoted_request,
    reason_of,
)

NONCE = bytes(range(100, 116))
BASE = 0xBEEF_1200
DIALECTS = pytest.mark.parametrize("dialect", [V4, V6], ids=["v4", "v6"])


def test_a_checksum_is_that_of_the_bytes() -> None:
    for size in (16, 17, 56):
        message = bytearray(Echo(V4, BASE, payload_of(NONCE, size)).packet(3))
        assert checksum_holds(bytes(message))
        message[-1] ^= 1
        assert not checksum_holds(bytes(message))
    assert not checksum_holds(bytes(8))


def reference(dialect: Dialect, token: int, payload: bytes) -> bytes:
    """The same request as icmplib encodes it."""
    socket = ICMPv4Socket.__new__(ICMPv4Socket) if dialect is V4 else ICMPv6Socket.__new__(ICMPv6Socket)
    socket._sock = None
    request = ICMPRequest("192.0.2.1", id=token >> 16, sequence=token & 0xFFFF, payload=payload)
    encoded = socket._create_packet(request.id, request.sequence, request.payload)
    assert isinstance(encoded, bytes)
    return encoded


def quote_v4(request: bytes, destination: str = "192.0.2.7", fragment: int = 0, options: bytes = b"") -> bytes:
    header = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(request), 1, fragment, 1, 1, 0)
    return header + b"\xc6\x33\x64\x01" + ipaddress.IPv4Address(destination).packed + options + request


def quote_v6(request: bytes, destination: str = "2001:db8::7", extension: bytes = b"") -> bytes:
    following = 44 if extension else 58
    header = struct.pack("!IHBB", 6 << 28, len(extension) + len(request), following, 1)
    return header + bytes(16) + ipaddress.IPv6Address(destination).packed + extension + request


@given(token=st.integers(0, 2**32 - 1), payload=st.binary(min_size=1, max_size=90))
def test_requests_are_byte_for_byte_those_of_icmplib(token: int, payload: bytes) -> None:
    slot = token & (1 << SLOT_BITS) - 1
    for dialect in (V4, V6):
        assert Echo(dialect, token - slot, payload).packet(slot) == reference(dialect, token, payload)


@DIALECTS
def test_a_checksum_of_all_ones_is_sent_as_zero(dialect: Dialect) -> None:
    first = 0xFFFF - (dialect.request << 8)
    payload = first.to_bytes(2, "big")
    assert Echo(dialect, 0, payload).packet(0) == reference(dialect, 0, payload)
    assert Echo(dialect, 0, payload).packet(0)[2:4] == b"\0\0"


def test_the_payload_begins_with_the_nonce_and_has_its_size() -> None:
    for size in (NONCE_BYTES, 17, 56, 1472, 65507):
        payload = payload_of(NONCE, size)
        assert len(payload) == size
        assert payload.startswith(NONCE)


def test_every_packet_of_a_burst_fits_its_slot() -> None:
    assert MAX_PACKETS <= 1 << SLOT_BITS
    packets = {Echo(V4, BASE, NONCE).packet(slot)[4:8] for slot in range(MAX_PACKETS)}
    assert len(packets) == MAX_PACKETS


@pytest.mark.parametrize("kept", [8, 8 + NONCE_BYTES, 64])
def test_an_error_is_read_with_what_it_quotes(kept: int) -> None:
    request = Echo(V4, BASE, payload_of(NONCE, 56)).packet(5)[:kept]
    message = bytes([11, 0, 0, 0, 0, 0, 0, 0]) + quote_v4(request)
    assert error_in(V4, message) == Quoted(11, 0, "192.0.2.7", BASE | 5, request[8:])


def test_ip_options_in_the_quote_are_stepped_over() -> None:
    request = Echo(V4, BASE, NONCE).packet(0)
    message = bytes([3, 1, 0, 0, 0, 0, 0, 0]) + quote_v4(request, options=bytes(8))
    assert error_in(V4, message) == Quoted(3, 1, "192.0.2.7", BASE, NONCE)


def test_a_v6_error_is_read_through_a_fragment_header() -> None:
    request = Echo(V6, BASE, NONCE).packet(1)
    first = bytes([58, 0, 0, 1, 0, 0, 0, 9])
    message = bytes([2, 0, 0, 0, 0, 0, 5, 0])
    expected = Quoted(2, 0, "2001:db8::7", BASE | 1, NONCE)
    assert error_in(V6, message + quote_v6(request)) == expected
    assert error_in(V6, message + quote_v6(request, extension=first)) == expected
    later = bytes([58, 0, 0x10, 1, 0, 0, 0, 9])
    assert error_in(V6, message + quote_v6(request, extension=later)) is None


def test_what_is_not_about_an_echo_request_is_none() -> None:
    error = bytes([3, 1, 0, 0, 0, 0, 0, 0])
    request = Echo(V4, BASE, NONCE).packet(0)
    udp = bytearray(quote_v4(request))
    udp[9] = 17
    assert error_in(V4, error + bytes(udp)) is None
    assert error_in(V4, error + quote_v4(request, fragment=185)) is None
    assert error_in(V4, error + quote_v4(b"\0" + request[1:])) is None
    assert error_in(V4, bytes([0]) + error[1:] + quote_v4(request)) is None
    assert quoted_request(V4, 5, 1, "192.0.2.7", request) is None


def test_any_cut_of_an_error_is_refused_or_read_whole() -> None:
    for dialect, quote in ((V4, quote_v4), (V6, quote_v6)):
        request = Echo(dialect, BASE, NONCE).packet(0)
        message = bytes([3, 0, 0, 0, 0, 0, 0, 0]) + quote(request)
        whole = len(message) - NONCE_BYTES
        for end in range(len(message)):
            found = error_in(dialect, message[:end])
            assert (found is not None) == (end >= whole)


@given(message=st.binary(max_size=200), kind=st.sampled_from([1, 2, 3, 4, 11, 12]), code=st.integers(0, 255))
def test_hostile_bytes_never_raise(message: bytes, kind: int, code: int) -> None:
    for dialect in (V4, V6):
        for hostile in (message, bytes([kind, code, 0, 0, 0, 0, 0, 0]) + message):
            found = error_in(dialect, hostile)
            assert found is None or 0 <= found.token < 2**32
        quoted_request(dialect, kind, code, "192.0.2.1", message)


@pytest.mark.parametrize(
    ("dialect", "kind", "code", "reason"),
    [
        (V4, 3, 0, Reason.UNREACHABLE),
        (V4, 3, 1, Reason.UNREACHABLE),
        (V4, 3, 2, Reason.REFUSED),
        (V4, 3, 3, Reason.REFUSED),
        (V4, 3, 4, Reason.PACKET_TOO_BIG),
        (V4, 3, 6, Reason.UNREACHABLE),
        (V4, 3, 9, Reason.PROHIBITED),
        (V4, 3, 10, Reason.PROHIBITED),
        (V4, 3, 13, Reason.PROHIBITED),
        (V4, 11, 0, Reason.TTL_EXCEEDED),
        (V4, 11, 1, None),
        (V4, 12, 0, Reason.PROTOCOL_ERROR),
        (V4, 0, 0, None),
        (V6, 1, 0, Reason.UNREACHABLE),
        (V6, 1, 1, Reason.PROHIBITED),
        (V6, 1, 3, Reason.UNREACHABLE),
        (V6, 1, 4, Reason.REFUSED),
        (V6, 1, 5, Reason.PROHIBITED),
        (V6, 2, 0, Reason.PACKET_TOO_BIG),
        (V6, 3, 0, Reason.TTL_EXCEEDED),
        (V6, 3, 1, None),
        (V6, 4, 0, Reason.PROTOCOL_ERROR),
        (V6, 129, 0, None),
    ],
)
def test_each_error_has_its_reason(dialect: Dialect, kind: int, code: int, reason: Reason | None) -> None:
    assert reason_of(dialect, kind, code) is reason
