"""Values as they travel, and object identifiers as octets: what the codec gives and everything above reads. Pure."""

from __future__ import annotations

from typing import NamedTuple

MAX_ARCS = 128  # RFC 2578 section 3.5
_MAX_ARC = 2**32 - 1


class Value(NamedTuple):
    """A value with its BER tag.

    content: the number of an INTEGER, counter, gauge or TimeTicks; the octets of an OCTET STRING, OBJECT IDENTIFIER,
    IpAddress or Opaque.
    """

    tag: int
    content: int | bytes


def encode_oid(dotted: str) -> bytes:
    """``1.3.6.1.2.1`` as BER content octets, without tag and length. ValueError for what is no OID."""
    arcs = [int(arc) for arc in dotted.removeprefix(".").split(".") if arc.isascii() and arc.isdigit()]
    if not 2 <= len(arcs) <= MAX_ARCS or len(arcs) != dotted.removeprefix(".").count(".") + 1:
        raise ValueError("not an object identifier")
    if arcs[0] > 2 or (arcs[0] < 2 and arcs[1] > 39) or max(arcs) > _MAX_ARC:
        raise ValueError("an arc of the object identifier is too large")
    octets = bytearray()
    for arc in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        octets += _arc(arc)
    return bytes(octets)


def decode_oid(content: bytes) -> str:
    """BER content octets as ``1.3.6.1.2.1``; an arc that is cut short is left out."""
    arcs, arc = [], 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if octet < 0x80:
            arcs.append(arc)
            arc = 0
    if not arcs:
        return ""
    first = min(2, arcs[0] // 40)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def _arc(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(arc & 0x7F | 0x80)
    return bytes(reversed(octets))
