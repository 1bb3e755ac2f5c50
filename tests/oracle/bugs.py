"""The rules said wrongly, one at a time. What the oracle is worth: the worked stories and some hundred scenarios must
notice every one of these in an answer."""
# ruff: noqa: ARG002 - a wrong rule often forgets an argument

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.oracle.rules import CAUSES, Anchor, Blind, Probe, Rules, Window


class ConfiguredEndIncluded(Rules):
    """Edge off by one: removal takes hold a millisecond late."""

    def configured(self, x: int, start: int, end: int) -> bool:
        return start <= x <= end


class ConfiguredStartIgnored(Rules):
    def configured(self, x: int, start: int, end: int) -> bool:
        return x < end


class OpenEdgesIncluded(Rules):
    """Calendar hours closed on both sides: touches the next span."""

    def open_at(self, minute_ms: int, opens: int, closes: int) -> bool:
        return opens <= minute_ms <= closes


class ReportInstantIgnored(Rules):
    def counted_until(self, period_end: int, as_of: int) -> int:
        return period_end


class GraceIgnored(Rules):
    def grace(self, policy: dict[str, Any]) -> int:
        return 0


class GraceRoundedUp(Rules):
    def grace(self, policy: dict[str, Any]) -> int:
        given = policy.get("grace_ms")
        return max(policy["timeout_ms"], -(-policy["interval_ms"] // 2)) if given is None else int(given)


class GraceZeroIsUnset(Rules):
    def grace(self, policy: dict[str, Any]) -> int:
        return int(policy.get("grace_ms") or super().grace({**policy, "grace_ms": None}))


class GraceOfTimeoutOnly(Rules):
    def grace(self, policy: dict[str, Any]) -> int:
        given = policy.get("grace_ms")
        return int(policy["timeout_ms"] if given is None else given)


class EqualityIsLate(Rules):
    def in_time(self, start: int, following: int, interval: int, grace: int) -> bool:
        return following < start + interval + grace


class GapDropped(Rules):
    """However late the next probe, the state runs on."""

    def in_time(self, start: int, following: int, interval: int, grace: int) -> bool:
        return True


class UnfinishedProbesCount(Rules):
    def finished(self, probe: Probe, limit: int) -> bool:
        return True


class FinishedTooEarly(Rules):
    """A probe that ends in the instant of the stop is lost."""

    def finished(self, probe: Probe, limit: int) -> bool:
        return probe.end < limit


class ProbesInsideBlindCount(Rules):
    def starts_blind(self, x: int, blind: Sequence[Blind]) -> bool:
        return False


class WatermarkIgnored(Rules):
    def watermark(self, run: dict[str, Any]) -> int:
        return int(run["end_ms"])


class RunAcrossGap(Rules):
    def gap_breaks(self) -> bool:
        return False


class RunAcrossRestart(Rules):
    def restart_breaks(self) -> bool:
        return False


class RunAcrossLocalError(Rules):
    def local_error_breaks(self) -> bool:
        return False


class OneMoreNeeded(Rules):
    """n_fail off by one."""

    def reaches(self, length: int, threshold: int) -> bool:
        return length > threshold


class OneLessNeeded(Rules):
    def reaches(self, length: int, threshold: int) -> bool:
        return length >= max(1, threshold - 1)

    def confirmed_at(self, run: Sequence[Probe], threshold: int) -> int:
        return run[max(0, threshold - 2)].end


class NotBackDated(Rules):
    """Hard states: DOWN from the confirming probe on."""

    def effective(self, run: Sequence[Probe], threshold: int) -> Probe:
        return run[threshold - 1]


class ConfirmedAtStart(Rules):
    def confirmed_at(self, run: Sequence[Probe], threshold: int) -> int:
        return run[threshold - 1].start


class ConfirmedByLast(Rules):
    def confirmed_at(self, run: Sequence[Probe], threshold: int) -> int:
        return run[-1].end


class DegradedIsDown(Rules):
    def success_state(self, verdict: str) -> str:
        return "down" if verdict == "degraded" else "up"


class DegradedIsUp(Rules):
    def success_state(self, verdict: str) -> str:
        return "up"


class SoftWhileDown(Rules):
    def soft(self, length: int, threshold: int, *, while_down: bool, may_grow: bool) -> bool:
        return length < threshold and not may_grow


class SoftWhileGrowing(Rules):
    def soft(self, length: int, threshold: int, *, while_down: bool, may_grow: bool) -> bool:
        return length < threshold and not while_down


class ConfirmedCountsAsSoft(Rules):
    def soft(self, length: int, threshold: int, *, while_down: bool, may_grow: bool) -> bool:
        return length <= threshold and not may_grow


class BlindPrecedenceReversed(Rules):
    def first_cause(self, causes: Sequence[str]) -> str:
        return max(causes, key=CAUSES.index)


class BlindBeforeOff(Rules):
    def off_before_blind(self) -> bool:
        return False


class OldEvidenceComesBack(Rules):
    """After a blind time or a restart the last state is shown again before any new probe."""

    def lingers(self) -> bool:
        return False


class StepAt2000(Rules):
    def is_step(self, one: Anchor, two: Anchor) -> bool:
        return two.wall <= one.wall or abs((two.wall - one.wall) - (two.at - one.at)) >= 2000


class StepsUnseen(Rules):
    def is_step(self, one: Anchor, two: Anchor) -> bool:
        return False


class FirstAnchorOnly(Rules):
    def between(self, one: Anchor, two: Anchor, at: int) -> int:
        return one.wall + at - one.at


class InterpolationRoundedUp(Rules):
    def between(self, one: Anchor, two: Anchor, at: int) -> int:
        return one.wall - -(at - one.at) * (two.wall - one.wall) // (two.at - one.at)


class DaylightSavingIgnored(Rules):
    def offset_ms(self, offset_ms: int, standard_ms: int) -> int:
        return standard_ms


class LateWindowExcludes(Rules):
    def planned(self, window: Window) -> bool:
        return True


class RecordedAtStartIsPlanned(Rules):
    def planned(self, window: Window) -> bool:
        return window.recorded <= window.start


class FutureWindowsKnown(Rules):
    def known(self, window: Window, as_of: int) -> bool:
        return True


class WindowsSummed(Rules):
    """The union of windows taken as their sum."""

    def excluded(self, start: int, end: int, windows: Sequence[Window]) -> int:
        return (end - start) * sum(window.start <= start < window.end for window in windows)


class RoundedHalfUp(Rules):
    def percent(self, numerator: int, denominator: int, decimals: int) -> str:
        whole = (2 * numerator * 100 * 10**decimals + denominator) // (2 * denominator)
        return f"{whole // 10**decimals}.{whole % 10**decimals:0{decimals}d}"


class RoundedUp(Rules):
    def percent(self, numerator: int, denominator: int, decimals: int) -> str:
        whole = -(-numerator * 100 * 10**decimals // denominator)
        return f"{whole // 10**decimals}.{whole % 10**decimals:0{decimals}d}"


class FloatPercent(Rules):
    def percent(self, numerator: int, denominator: int, decimals: int) -> str:
        return f"{numerator / denominator * 100:.{decimals}f}"


class ThresholdInclusive(Rules):
    def insufficient(self, known: int, total: int, threshold: tuple[int, int]) -> bool:
        return known * 100 * threshold[1] <= threshold[0] * total


class CoverageWithMaintenance(Rules):
    def known_total(self, known: int, unknown: int, maintenance: int) -> int:
        return known + unknown + maintenance


class UnknownForgotten(Rules):
    """Coverage of 100 % whatever was not seen."""

    def known_total(self, known: int, unknown: int, maintenance: int) -> int:
        return known


class OutagesCountedWhole(Rules):
    """An outage over a month edge counted whole in both months."""

    def outage_counts(self, counted: int, whole: int) -> int:
        return whole


BUGS: tuple[type[Rules], ...] = tuple(Rules.__subclasses__())
