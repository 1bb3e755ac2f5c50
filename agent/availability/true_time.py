"""What the true time can be while no source sets our clock, and which words about certificates that leaves standing.

Pure: instants are UTC milliseconds; what servers told lies on the axis of boottime, so that a step of our own clock
moves no evidence. Rules: docs/availability.md, "A wrong clock and certificates".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from agent.model import CertificateFault, Reason

AGREE_MS = 60_000
"""Servers whose times lie this close together say the same; their word is good to as much."""

WRONG_SECONDS = 1.0
"""A clock that is off by more than this is wrong: log files and call records no longer fit together."""

_PRECISE_MS = 1_000
_BEYOND = 10
"""A certificate may be younger than the newest evidence: that reaches a tenth of the proved error further."""


@dataclass(frozen=True, slots=True)
class TimeOffset:
    """The time by one server: UTC minus boottime lies in [least_ms, most_ms]. place: of its address (place_of).

    recorded_ms: boottime when it was told.
    """

    host: str
    place: str
    least_ms: int
    most_ms: int
    recorded_ms: int = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """The true time: not before floor_ms (old evidence); and in [least_ms, most_ms], where servers bear it out."""

    floor_ms: int
    least_ms: int | None = None
    most_ms: int | None = None


def bounds(floor_ms: int, offsets: Sequence[TimeOffset], boottime_ms: int, host: str, place: str) -> Bounds:
    """For judging the certificate of host at a place, whose own word counts for nothing.

    A server is believed where another one, of another name at another address, agrees with it. Where several pairs
    disagree, what they leave open is all between them. A server that names a time before the floor is not heard.
    """
    credible = [
        offset
        for offset in offsets
        if offset.most_ms + boottime_ms >= floor_ms and offset.host != host and offset.place != place
    ]
    borne_out = [
        offset
        for pair in combinations(credible, 2)
        if _independent(*pair) and _overlap(*pair, AGREE_MS)
        for offset in pair
    ]
    if not borne_out:
        return Bounds(floor_ms)
    least_ms = min(offset.least_ms for offset in borne_out) + boottime_ms - AGREE_MS
    most_ms = max(offset.most_ms for offset in borne_out) + boottime_ms + AGREE_MS
    return Bounds(floor_ms, max(floor_ms, least_ms), most_ms)


def proved_wrong(fault: CertificateFault, now_wall_ms: int, known: Bounds) -> bool:
    """Whether a clock that says now_wall_ms is proved wrong by so much that the fault may be the clock's alone."""
    edge_ms = fault.edge_wall_ms
    if edge_ms is None:
        return False
    if fault.reason is not Reason.TLS_NOT_YET_VALID:
        return known.most_ms is not None and known.most_ms <= edge_ms < now_wall_ms
    if known.least_ms is not None:
        return now_wall_ms < edge_ms <= known.least_ms
    return now_wall_ms < edge_ms <= known.floor_ms + max(0, known.floor_ms - now_wall_ms) // _BEYOND


def faults_not_excused(
    faults: Iterable[CertificateFault], now_wall_ms: int, known: Bounds
) -> tuple[CertificateFault, ...]:
    """The faults that stand although the clock is wrong."""
    return tuple(fault for fault in faults if not proved_wrong(fault, now_wall_ms, known))


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """Our clock minus the true time, in seconds, right within plus or minus half of span_seconds."""

    seconds: float
    span_seconds: float

    @property
    def proved_wrong(self) -> bool:
        """Whether the clock is off by more than a second, whatever the true time within the span."""
        return abs(self.seconds) - self.span_seconds / 2 > WRONG_SECONDS


def clock_offset(times: Sequence[TimeOffset], boottime_ms: int, wall_ms: int) -> ClockOffset | None:
    """The offset of a clock that says wall_ms, by time servers of which two at least agree; None without such two.

    Only times known to less than a second count. Where pairs contradict each other, nobody is believed.
    """
    precise = [offset for offset in times if offset.most_ms - offset.least_ms < _PRECISE_MS]
    pairs = [pair for pair in combinations(precise, 2) if _independent(*pair) and _overlap(*pair)]
    if not pairs:
        return None
    least_ms = max(offset.least_ms for pair in pairs for offset in pair)
    most_ms = min(offset.most_ms for pair in pairs for offset in pair)
    if least_ms > most_ms:
        return None
    true_wall_ms = (least_ms + most_ms) / 2 + boottime_ms
    return ClockOffset((wall_ms - true_wall_ms) / 1000, (most_ms - least_ms) / 1000)


def place_of(address: str) -> str:
    """All that one machine may call its own: an IPv4 address; of IPv6 the whole /64 (RFC 7934)."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(number, ipaddress.IPv4Address):
        return str(number)
    if number.ipv4_mapped is not None:
        return str(number.ipv4_mapped)
    return str(ipaddress.ip_network((number, 64), strict=False))


def _independent(offset: TimeOffset, other: TimeOffset) -> bool:
    return offset.host != other.host and offset.place != other.place


def _overlap(offset: TimeOffset, other: TimeOffset, margin_ms: int = 0) -> bool:
    return offset.least_ms - margin_ms <= other.most_ms and other.least_ms - margin_ms <= offset.most_ms
