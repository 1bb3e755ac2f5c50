"""Verdicts that rest on a clock of ours that nothing synchronises: reviewed here, for all probes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime

from agent import BUILT_ON
from agent.availability.true_time import ClockOffset, TimeOffset, bounds, clock_offset, faults_not_excused, place_of
from agent.clock import Clock, vouched
from agent.model import ProbeResult, Reason, Verdict

_SERVERS = 32  # whose time is remembered; the one that answered longest ago is dropped
_REMEMBERED_MS = 3_600_000  # for which a time server's word measures our clock: longer, and boottime itself drifts
_BY_THE_CLOCK = (Reason.TLS_EXPIRED, Reason.TLS_NOT_YET_VALID, Reason.CERTIFICATE_EXPIRING)


BUILT_WALL_MS = round(datetime.fromisoformat(f"{BUILT_ON}T00:00:00+00:00").timestamp() * 1000)


class ClockDoubt:
    """Collects what proves the clock wrong, and reviews results by it."""

    def __init__(self, clock: Clock, built_wall_ms: int = BUILT_WALL_MS) -> None:
        self._clock = clock
        self._floor_ms = built_wall_ms
        self._anchor: tuple[int, int] | None = None  # boottime, and UTC while a time source vouched for it
        self._server_times: OrderedDict[str, TimeOffset] = OrderedDict()  # by place: one machine counts once

    def raise_floor(self, wall_ms: int | None) -> None:
        """It is later than this UTC: a row of the ledger has it by a synchronised clock. None: no row does."""
        self._floor_ms = max(self._floor_ms, wall_ms or 0)

    def on_synchronised(self, boottime_ms: int, wall_ms: int) -> None:
        """The clock is synchronised now, and shows this UTC."""
        self._anchor = boottime_ms, wall_ms

    def record_server_time(self, result: ProbeResult) -> None:
        """Remember the time that the server told, if it did.

        Between the time that it named and the end of the run no more time has passed than the run took.
        """
        server_time = result.server_time
        if server_time is None:
            return
        place = place_of(result.address)
        least_ms = server_time.wall_ms - self._clock.boottime_ms()
        most_ms = least_ms + server_time.span_ms + round(result.took_seconds * 1000)
        self._server_times[place] = TimeOffset(server_time.host, place, least_ms, most_ms, self._clock.boottime_ms())
        self._server_times.move_to_end(place)
        while len(self._server_times) > _SERVERS:
            self._server_times.popitem(last=False)

    def offset(self) -> ClockOffset | None:
        """How far our clock is off, by time servers of which two agree; may be called in any thread."""
        now_ms = self._clock.boottime_ms()
        recent = [
            server for server in tuple(self._server_times.values()) if now_ms - server.recorded_ms < _REMEMBERED_MS
        ]
        return clock_offset(recent, now_ms, self._clock.wall_ms())

    def _with_own_offset(self, result: ProbeResult) -> ProbeResult:
        """A run that measured clocks says whether it is ours that is wrong."""
        if result.server_time is None or result.verdict is not Verdict.DEGRADED:
            return result
        offset = self.offset()
        return replace(result, clock_offset_seconds=offset.seconds) if offset and offset.proved_wrong else result

    def review(self, result: ProbeResult) -> ProbeResult:
        """The result, without what a wrong clock of ours accused the certificate of; a mere doubt is marked."""
        if result.reason not in _BY_THE_CLOCK:
            return self._with_own_offset(result)
        if vouched(self._clock):
            return result
        doubted = replace(result, clock_doubted=True)
        if result.certificate is None:
            return doubted
        now_ms, wall_ms = self._clock.boottime_ms(), self._clock.wall_ms()
        certificate = result.certificate
        server_times = tuple(self._server_times.values())
        known = bounds(self._floor(now_ms), server_times, now_ms, certificate.host, place_of(result.address))
        left = faults_not_excused(certificate.faults, wall_ms, known)
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
