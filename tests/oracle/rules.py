"""The rules of counting, one small method each, so that a seeded bug (bugs.py) is one method said wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.oracle.changes import Told

FOREVER = 1 << 60
UP, DEGRADED, DOWN, UNKNOWN = "up", "degraded", "down", "unknown"
CAUSES = ("clock", "disk", "paused", "monitor_net", "dns", "local_error", "overload", "not_yet")
FAILED, LOCAL_ERROR = "failed", "local_error"


class Anchor(NamedTuple):
    at: int
    wall: int


class Probe(NamedTuple):
    start: int
    end: int
    verdict: str
    boot: str


class AgentRun(NamedTuple):
    boot: str
    start: int
    vouched: int  # the agent speaks for [start, vouched)
    cause_before: str  # of the time off that ends at start


class Span(NamedTuple):
    start: int
    end: int


class Blind(NamedTuple):
    start: int
    end: int
    cause: str


class Window(NamedTuple):
    id: str
    start: int
    end: int
    recorded: int


class Rules:
    """Every method is a sentence of the specification."""

    def inside(self, x: int, start: int, end: int) -> bool:
        """Half-open, everywhere."""
        return start <= x < end

    def configured(self, x: int, start: int, end: int) -> bool:
        return self.inside(x, start, end)

    def open_at(self, minute_ms: int, opens: int, closes: int) -> bool:
        return self.inside(minute_ms, opens, closes)

    def counted_until(self, period_end: int, as_of: int) -> int:
        return min(period_end, as_of)

    # Evidence

    def grace(self, policy: dict[str, Any]) -> int:
        given: int | None = policy.get("grace_ms")
        return int(max(policy["timeout_ms"], policy["interval_ms"] // 2)) if given is None else given

    def in_time(self, start: int, following: int, interval: int, grace: int) -> bool:
        return following <= start + interval + grace

    def finished(self, probe: Probe, limit: int) -> bool:
        return probe.end <= limit

    def starts_blind(self, x: int, blind: Sequence[Blind]) -> bool:
        return any(self.inside(x, entry.start, entry.end) for entry in blind)

    def watermark(self, run: dict[str, Any]) -> int:
        return int(run.get("watermark_ms", run["start_ms"]))

    # Runs of equal verdicts

    def gap_breaks(self) -> bool:
        return True

    def restart_breaks(self) -> bool:
        return True

    def local_error_breaks(self) -> bool:
        return True

    def reaches(self, length: int, threshold: int) -> bool:
        return length >= threshold

    def effective(self, run: Sequence[Probe], threshold: int) -> Probe:  # noqa: ARG002 - for the bugs
        """Back-dating: the first probe of the run."""
        return run[0]

    def confirmed_at(self, run: Sequence[Probe], threshold: int) -> int:
        return run[threshold - 1].end

    def success_state(self, verdict: str) -> str:
        return DEGRADED if verdict == "degraded" else UP

    def soft(self, length: int, threshold: int, *, while_down: bool, may_grow: bool) -> bool:
        return length < threshold and not while_down and not may_grow

    # Unknown

    def first_cause(self, causes: Sequence[str]) -> str:
        return min(causes, key=CAUSES.index)

    def lingers(self) -> bool:
        """The obstacle's cause holds until the first new probe."""
        return True

    def off_before_blind(self) -> bool:
        return True

    # Clock

    def is_step(self, one: Anchor, two: Anchor) -> bool:
        return two.wall <= one.wall or abs((two.wall - one.wall) - (two.at - one.at)) > 2000

    def between(self, one: Anchor, two: Anchor, at: int) -> int:
        return one.wall + (at - one.at) * (two.wall - one.wall) // (two.at - one.at)

    def offset_ms(self, offset_ms: int, standard_ms: int) -> int:  # noqa: ARG002 - for the bugs
        """The offset of local time in force, not the one of winter."""
        return offset_ms

    # Maintenance

    def planned(self, window: Window) -> bool:
        return window.recorded < window.start

    def in_scope_before(self, told: Told, window: Window) -> bool:
        """Strictly before the window began the target was there, and the scope had it."""
        return told.is_there(window.start - 1) and told.has(window, window.start - 1)

    def in_scope(self, told: Told, window: Window, x: int) -> bool:
        """Of the instant."""
        return told.has(window, x)

    def known(self, window: Window, as_of: int) -> bool:
        return window.recorded <= as_of

    def excluded(self, start: int, end: int, windows: Sequence[Window]) -> int:
        """How much of an elementary span maintenance takes away: all of it or nothing, however many windows."""
        return end - start if any(self.inside(start, window.start, window.end) for window in windows) else 0

    # Figures

    def percent(self, numerator: int, denominator: int, decimals: int) -> str:
        """Truncated by whole numbers."""
        whole = numerator * 100 * 10**decimals // denominator
        return f"{whole // 10**decimals}.{whole % 10**decimals:0{decimals}d}"

    def insufficient(self, known: int, total: int, threshold: tuple[int, int]) -> bool:
        numerator, denominator = threshold
        return known * 100 * denominator < numerator * total

    def known_total(self, known: int, unknown: int, maintenance: int) -> int:  # noqa: ARG002 - for the bugs
        return known + unknown

    def outage_counts(self, counted: int, whole: int) -> int:  # noqa: ARG002 - for the bugs
        return counted
