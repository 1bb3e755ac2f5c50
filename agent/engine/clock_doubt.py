"""A clock of ours that nothing synchronises is not the servers' fault: the one place that heeds it, for all probes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime

from agent import BUILT_ON
from agent.availability.true_time import ServerTime, bounds, place_of, standing
from agent.clock import Clock, vouched
from agent.model import ProbeResult, Reason

_HEARD = 32  # servers whose time is remembered, the last heard of
_SECOND_MS = 1_000  # to which a Date header is written (RFC 9110 section 5.6.7)
_BY_THE_CLOCK = (Reason.TLS_EXPIRED, Reason.TLS_NOT_YET_VALID, Reason.CERTIFICATE_EXPIRING)


BUILT_WALL_MS = round(datetime.fromisoformat(f"{BUILT_ON}T00:00:00+00:00").timestamp() * 1000)


class ClockDoubt:
    """Knows what proves the clock wrong, as far as this run of the agent has seen it, and judges by that."""

    def __init__(self, clock: Clock, built_wall_ms: int = BUILT_WALL_MS) -> None:
        self._clock = clock
        self._floor_ms = built_wall_ms
        self._anchor: tuple[int, int] | None = None  # boottime, and UTC while a time source vouched for it
        self._told: OrderedDict[str, ServerTime] = OrderedDict()  # by place: one machine has one voice

    def not_before(self, wall_ms: int | None) -> None:
        """The ledger has a row of that UTC, by a synchronised clock: it is later now. None: it has no such row."""
        self._floor_ms = max(self._floor_ms, wall_ms or 0)

    def anchored(self, boottime_ms: int, wall_ms: int) -> None:
        """The clock was synchronised and said this."""
        self._anchor = boottime_ms, wall_ms

    def hear(self, result: ProbeResult) -> None:
        """Remember what the server said of the time, if it did.

        Between the second that it named and the end of the run no more time has passed than the run took.
        """
        told = result.server_time
        if told is None:
            return
        place = place_of(result.address)
        least_ms = told.wall_ms - self._clock.boottime_ms()
        most_ms = least_ms + _SECOND_MS + round(result.took_seconds * 1000)
        self._told[place] = ServerTime(told.host, place, least_ms, most_ms)
        self._told.move_to_end(place)
        while len(self._told) > _HEARD:
            self._told.popitem(last=False)

    def judged(self, result: ProbeResult) -> ProbeResult:
        """The result as it is, or what is left of it where our clock is proved wrong; a mere doubt is marked."""
        if result.reason not in _BY_THE_CLOCK or vouched(self._clock):
            return result
        doubted = replace(result, clock_doubted=True)
        if result.certificate is None:
            return doubted
        now_ms, wall_ms = self._clock.boottime_ms(), self._clock.wall_ms()
        certificate = result.certificate
        told = tuple(self._told.values())
        known = bounds(self._floor(now_ms), told, now_ms, certificate.host, place_of(result.address))
        left = standing(certificate.faults, wall_ms, known)
        if len(left) == len(certificate.faults):
            return doubted
        reason = left[0].reason if left else Reason.CLOCK_SKEW
        remaining = replace(certificate, faults=left) if left else None
        return replace(
            doubted, verdict=reason.verdict, reason=reason, certificate=remaining,
            clock_doubted=reason in (Reason.CLOCK_SKEW, *_BY_THE_CLOCK),
        )  # fmt: skip

    def _floor(self, now_ms: int) -> int:
        if self._anchor is None:
            return self._floor_ms
        at_ms, wall_ms = self._anchor
        return max(self._floor_ms, wall_ms + now_ms - at_ms)
