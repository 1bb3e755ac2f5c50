"""A second independent count, for long stories: one byte for every second of a target's time, then counting bytes.

Everything lies on whole seconds of UTC. Nothing of the product is used, nor of the count by elementary spans.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise, zip_longest
from typing import NamedTuple

NONE, UP, DEGRADED, DOWN, UNKNOWN, PLANNED = b"-", b"u", b"g", b"d", b"?", b"m"
SUCCESS = {"ok": UP, "degraded": DEGRADED}
FOREVER = 1 << 40
Span = tuple[int, int]


class Policy(NamedTuple):
    interval: int
    grace: int
    fail_after: int
    recover_after: int


class Probe(NamedTuple):
    """One probe and the policy that judges it."""

    at: int
    verdict: str
    policy: Policy


class Recorded(NamedTuple):
    """What is recorded of one target: each span in which nothing hindered it, with its probes in order."""

    configured: list[Span]
    free: list[tuple[Span, list[Probe]]]


class Seconds:
    """The time [start, end) of one target."""

    def __init__(self, start: int, end: int, track: Recorded) -> None:
        self.start, self.end = start, end
        self.bytes = bytearray(NONE * (end - start))
        for span in track.configured:
            self.fill(span, UNKNOWN)
        for span, probes in track.free:
            self._walk(span, probes)

    def fill(self, span: Span, what: bytes) -> None:
        first, last = (min(max(x, self.start), self.end) - self.start for x in span)
        self.bytes[first:last] = what * (last - first)

    def _walk(self, span: Span, probes: list[Probe]) -> None:
        """Probe after probe: what it makes of the state, back to the first of its run, and how far it vouches."""
        state, failed, good = UNKNOWN, [], []  # type: bytes, list[int], list[tuple[int, bytes]]
        for one, following in zip_longest(probes, probes[1:]):
            if one.verdict == "failed":
                failed, good = [*failed, one.at], []
                if len(failed) >= one.policy.fail_after and state != DOWN:
                    state = DOWN
                    self.fill((failed[0], one.at), DOWN)
            elif one.verdict == "local_error":
                state, failed, good = UNKNOWN, [], []
            else:
                state, failed, good = self._succeeded(one, state, good)
            until = span[1] if following is None else following.at
            interval, grace = _patience(one, following)
            if until > one.at + interval + grace:
                self.fill((one.at, one.at + interval), state)
                state, failed, good = UNKNOWN, [], []
            else:
                self.fill((one.at, until), state)

    def _succeeded(
        self, one: Probe, state: bytes, good: list[tuple[int, bytes]]
    ) -> tuple[bytes, list[int], list[tuple[int, bytes]]]:
        own = SUCCESS[one.verdict]
        if state in SUCCESS.values():
            return own, [], []
        good = [*good, (one.at, own)]
        if len(good) < one.policy.recover_after:
            return state, [], good
        for (at, said), (until, _) in pairwise(good):
            self.fill((at, until), said)
        return own, [], []

    def counted(self, calendar: Iterable[Span], planned: Iterable[Span]) -> Seconds:
        """What counts: inside the calendar, with planned maintenance as itself."""
        found = Seconds(self.start, self.end, Recorded([], []))
        for first, last in calendar:
            a, b = max(first, self.start) - self.start, min(last, self.end) - self.start
            if a < b:
                found.bytes[a:b] = self.bytes[a:b]
        for first, last in planned:
            a, b = max(first, self.start) - self.start, min(last, self.end) - self.start
            if a < b:
                inside = found.bytes[a:b]
                found.bytes[a:b] = inside.translate(bytes(x if x == NONE[0] else PLANNED[0] for x in range(256)))
        return found

    def sums(self, start: int, end: int) -> tuple[int, ...]:
        """Seconds that count, then M, U, D, G, P."""
        inside = bytes(self.bytes[start - self.start : end - self.start])
        parts = [len(inside) - len(inside.translate(None, what)) for what in (PLANNED, UNKNOWN, DOWN, DEGRADED, UP)]
        return len(inside.translate(None, NONE)), *parts


def _patience(one: Probe, following: Probe | None) -> Span:
    """The more patient of the policies that judge this probe and the next."""
    policies = [one.policy] if following is None else [following.policy, one.policy]
    best = max(policies, key=lambda policy: policy.interval + policy.grace)
    return best.interval, best.grace
