"""Which policy judges which probe: the one of the document, and those that a reload put in its place later."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.oracle.rules import Rules

Later = list[tuple[int, dict[str, Any]]]
"""Policies of one target and the instants from which on they are in force, in order."""


class Patience(NamedTuple):
    interval: int
    grace: int


class Policies:
    def __init__(self, first: dict[str, Any], later: Later, rules: Rules) -> None:
        self.first, self.later, self.rules = first, later, rules

    def judging(self, x: int) -> dict[str, Any]:
        """In force when a verdict comes at x; a reload in the same instant comes after it."""
        return next((policy for since, policy in reversed(self.later) if since < x), self.first)

    def threshold(self, x: int, *, failed: bool) -> int:
        return int(self.judging(x)["fail_after" if failed else "recover_after"])

    def judging_time(self, start: int, verdict: int, following: int) -> Patience:
        """What a probe vouches for: by the more patient of the policies at its own verdict and at what follows, as
        long as no policy comes when its time is over."""
        own = found = self._patience(self.judging(verdict))
        for since, policy in self.later:
            if verdict <= since < following and since <= start + sum(found):
                found = max(self._patience(policy), own, key=sum)
            elif since >= verdict:
                break
        return found

    def _patience(self, policy: dict[str, Any]) -> Patience:
        return Patience(int(policy["interval_ms"]), self.rules.grace(policy))
