from __future__ import annotations

import errno

import pytest

from agent.clock import SystemClock
from agent.lab.listeners.sip import SipRoom
from agent.model import Reason
from agent.probes.datagram import reason_of_error
from agent.probes.sip import SPEC, SipFacts, SipOptions
from agent.probes.sip_shared import SipShared
from agent.probes.spec import ProbeContext
from tests.probing import ToldResolver, target_of

LOCAL, ICMP, ICMP6 = 1, 2, 3


@pytest.mark.parametrize(
    ("number", "origin", "kind", "code", "reason"),
    [
        (errno.ECONNREFUSED, ICMP, 3, 3, Reason.REFUSED),
        (errno.EHOSTUNREACH, ICMP, 3, 1, Reason.UNREACHABLE),
        (errno.ENETUNREACH, ICMP, 3, 0, Reason.UNREACHABLE),  # a router's word, not our own lack of a route
        (errno.EHOSTUNREACH, ICMP, 3, 13, Reason.PROHIBITED),
        (errno.EHOSTUNREACH, ICMP, 11, 0, Reason.TTL_EXCEEDED),
        (errno.EMSGSIZE, ICMP, 3, 4, None),
        (errno.EPROTO, ICMP, 12, 0, None),
        (errno.ECONNREFUSED, ICMP6, 1, 4, Reason.REFUSED),
        (errno.EHOSTUNREACH, ICMP6, 1, 3, Reason.UNREACHABLE),
        (errno.EACCES, ICMP6, 1, 1, Reason.PROHIBITED),
        (errno.EHOSTUNREACH, ICMP6, 3, 0, Reason.TTL_EXCEEDED),
        (errno.EMSGSIZE, ICMP6, 2, 0, None),
        (errno.EHOSTUNREACH, LOCAL, 0, 0, Reason.UNREACHABLE),
    ],
)
def test_an_icmp_error_is_told_apart(number: int, origin: int, kind: int, code: int, reason: Reason | None) -> None:
    assert reason_of_error(number, origin, kind, code) is reason


class SteppedClock(SystemClock):
    """A wall clock that somebody set wrong between the kernel's stamps and ours."""

    def __init__(self, step_seconds: int) -> None:
        super().__init__()
        self._step_ns = step_seconds * 1_000_000_000

    def wall_ns(self) -> int:
        return super().wall_ns() + self._step_ns


@pytest.mark.parametrize("step_seconds", [-3600, -1, 0, 1, 3600])
async def test_a_stepped_wall_clock_never_shows_in_the_round_trip_time(step_seconds: int) -> None:
    clock, room, options = SteppedClock(step_seconds), SipRoom(), SipOptions()
    await room.open("127.0.0.1")
    shared = SipShared(clock)
    try:
        ctx = ProbeContext(clock, clock.monotonic() + 3, ToldResolver(), shared)
        result = await SPEC.run(target_of("sip", f"127.0.0.1:{room.port}", options), options, ctx)
        assert isinstance(result.facts, SipFacts)
        assert 0 < (result.facts.rtt_seconds or 0) <= result.took_seconds
    finally:
        shared.close()
        await room.close()
