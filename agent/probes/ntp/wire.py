"""NTP packets of client and server (RFC 5905 7.3), and the arithmetic on their times (section 8). Pure.

Times are kept as 64-bit numbers of 2**-32 seconds and subtracted modulo 2**64, so that the end of era 0 in 2036 does
not show: a difference is right while the two clocks are less than 68 years apart.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

PACKET_BYTES = 48
NONCE_BYTES = 8
MAX_PACKET_BYTES = 1024  # extension fields and a MAC may follow; they are not read
UNSYNCHRONISED_LEAP = 3
UNSYNCHRONISED_STRATUM = 16
KISS_STRATUM = 0

_HEADER = struct.Struct("!BBbbII4sQQQQ")
_VERSION_4_CLIENT = 4 << 3 | 3
_CLIENT, _SERVER = 3, 4
_UNIX_EPOCH_SECONDS = 2_208_988_800  # between 1900 and 1970
_ERA, _HALF_ERA = 1 << 64, 1 << 63


@dataclass(frozen=True, slots=True)
class ServerPacket:
    """The answer of a server. received and transmitted are its own times, in units of 2**-32 s since 1900.

    reference is the reference identifier: at stratum 0 the kiss code, at stratum 1 a source such as GPS.
    """

    leap: int
    stratum: int
    root_delay_seconds: float
    root_dispersion_seconds: float
    reference: bytes
    received: int
    transmitted: int

    @property
    def kiss_code(self) -> str:
        """Four ASCII letters at stratum 0 (RFC 5905 7.4), "" where there are none."""
        if self.stratum != KISS_STRATUM or not self.reference.isalnum():
            return ""
        return self.reference.decode("ascii")

    @property
    def synchronised(self) -> bool:
        """True where the server says that its clock follows a source."""
        return self.leap != UNSYNCHRONISED_LEAP and KISS_STRATUM < self.stratum < UNSYNCHRONISED_STRATUM


@dataclass(frozen=True, slots=True)
class ClockMeasurement:
    """offset_seconds is the server's clock minus ours, right within plus or minus half of delay_seconds."""

    offset_seconds: float
    delay_seconds: float

    @property
    def least_offset_seconds(self) -> float:
        """The smallest absolute offset that explains what was measured."""
        return max(0.0, abs(self.offset_seconds) - self.delay_seconds / 2)


def request(nonce: bytes) -> bytes:
    """A client packet of version 4: all zeros but for the transmit time, which the answer repeats.

    The nonce stands in place of our time: who cannot read the request cannot answer it, and the clock is not told.
    """
    return bytes((_VERSION_4_CLIENT,)).ljust(PACKET_BYTES - NONCE_BYTES, b"\0") + nonce


def nonce_of(packet: bytes | bytearray, size: int) -> bytes:
    """The origin time of an answer or, of a request that an ICMP error quotes, its transmit time; b"" if cut short."""
    if size < PACKET_BYTES:
        return b""
    at = 40 if packet[0] & 7 == _CLIENT else 24
    return bytes(packet[at : at + NONCE_BYTES])


def parse(packet: bytes) -> ServerPacket | str:
    """A server's packet, or what is wrong with it."""
    if not PACKET_BYTES <= len(packet) <= MAX_PACKET_BYTES:
        return f"{len(packet)} bytes are no NTP packet"
    first, stratum, _, _, delay, dispersion, reference, _, _, received, transmitted = _HEADER.unpack_from(packet)
    version, mode = first >> 3 & 7, first & 7
    if mode != _SERVER or not 1 <= version <= 4:
        return f"not a server's answer: version {version}, mode {mode}"
    packet_read = ServerPacket(
        first >> 6, stratum, delay / 65_536, dispersion / 65_536, reference, received, transmitted
    )
    if packet_read.synchronised and not (received and transmitted):
        return "no time in the answer of a server that says it is synchronised"
    return packet_read


def measure(packet: ServerPacket, sent_wall_ns: int, rtt_seconds: float) -> ClockMeasurement:
    """Offset and delay (RFC 5905 8) of an exchange that left at sent_wall_ns by our clock and took rtt_seconds.

    What the server says it kept the request is taken off the delay only as far as it can be true.
    """
    sent = _timestamp(sent_wall_ns)
    arrived = _timestamp(sent_wall_ns + round(rtt_seconds * 1e9))
    there, back = _difference(packet.received, sent), _difference(packet.transmitted, arrived)
    held = _difference(packet.transmitted, packet.received)
    delay_seconds = rtt_seconds - held if 0 <= held <= rtt_seconds else rtt_seconds
    return ClockMeasurement((there + back) / 2, delay_seconds)


def _timestamp(wall_ns: int) -> int:
    seconds, nanoseconds = divmod(wall_ns, 1_000_000_000)
    return ((seconds + _UNIX_EPOCH_SECONDS << 32) + (nanoseconds << 32) // 1_000_000_000) % _ERA


def _difference(later: int, earlier: int) -> float:
    """Seconds, negative where later is the earlier one."""
    return ((later - earlier + _HALF_ERA) % _ERA - _HALF_ERA) / 2**32
