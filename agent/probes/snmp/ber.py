"""BER as SNMP uses it (X.690, RFC 3417 section 8): definite lengths, tags of one octet. Pure and strict.

Nothing here raises anything but BerError, whatever the octets are.
"""

from __future__ import annotations

MAX_MESSAGE_BYTES = 65_507  # of a UDP datagram over IPv4

INTEGER, OCTET_STRING, NULL, OBJECT_IDENTIFIER, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = 0x80, 0x81, 0x82

_MAX_LENGTH_OCTETS = 4
_MAX_INTEGER_BYTES = 9  # a Counter64 with a sign octet


class BerError(ValueError):
    """The octets are no message that SNMP knows; the text says what is wrong, and holds none of them."""


def length_octets(length: int) -> bytes:
    """The shortest form of a length."""
    if length < 0x80:
        return bytes((length,))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def tlv(tag: int, content: bytes) -> bytes:
    """An element with its tag and length."""
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    return bytes((tag,)) + length_octets(len(content)) + content


def integer(number: int) -> bytes:
    """An INTEGER in the fewest octets."""
    return tlv(INTEGER, number.to_bytes((number + (number < 0)).bit_length() // 8 + 1, "big", signed=True))


def header(octets: bytes, at: int, end: int) -> tuple[int, int, int]:
    """The tag of the element at this place, and where its content begins and ends; end is that of what holds it."""
    if at + 2 > end:
        raise BerError("an element is cut short")
    length = octets[at + 1]
    start = at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= _MAX_LENGTH_OCTETS:
            raise BerError("an element of indefinite or impossible length")
        start += count
        length = int.from_bytes(octets[at + 2 : start], "big")
    if start + length > end:
        raise BerError("an element is longer than what holds it")
    return octets[at], start, start + length


def expect(octets: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """Where the content of the element at this place begins and ends, which has this tag."""
    found, start, stop = header(octets, at, end)
    if found != tag:
        raise BerError(f"tag {found:#04x} where {tag:#04x} belongs")
    return start, stop


def expect_integer(octets: bytes, at: int, end: int) -> tuple[int, int]:
    """The INTEGER at this place, and where it ends."""
    start, stop = expect(octets, at, end, INTEGER)
    if not 0 < stop - start <= _MAX_INTEGER_BYTES:
        raise BerError("an integer of no or too many octets")
    return int.from_bytes(octets[start:stop], "big", signed=True), stop


def expect_octets(octets: bytes, at: int, end: int) -> tuple[bytes, int]:
    """The OCTET STRING at this place, and where it ends."""
    start, stop = expect(octets, at, end, OCTET_STRING)
    return octets[start:stop], stop
