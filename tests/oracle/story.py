"""A replay document with every instant in UTC: agent runs, windows, and the time of one target that nothing hinders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.calendars import Calendar
from tests.oracle.clock import BootClocks
from tests.oracle.policies import Later
from tests.oracle.rules import FOREVER, AgentRun, Blind, Probe, Rules, Span, Window
from tests.oracle.zones import first_instant


class Story:
    def __init__(self, document: dict[str, Any], rules: Rules, later: Mapping[str, Later] | None = None) -> None:
        self.rules = rules
        self.later = later or {}
        self.clocks = BootClocks(document.get("clock_anchors", []), rules)
        self.start, self.end = period_of(document["period"])
        as_of = document.get("as_of_utc_ms")
        self.as_of: int = self.end if as_of is None else as_of
        self.weight = Fraction(document.get("degraded_weight", "1"))
        self.threshold = Fraction(document.get("coverage_threshold", "95"))
        self.calendar = Calendar(document.get("calendar"), rules)
        self.runs = self._runs(document["agent_runs"])
        self.last_cause = self._cause_after(document["agent_runs"])
        self.maintenance = document.get("maintenance", [])

    def _runs(self, rows: list[dict[str, Any]]) -> list[AgentRun]:
        """The runs of boots whose clock is known. They stand in the order in which they happened, so a boot without
        a clock lies between its neighbours."""
        found = []
        for index, row in enumerate(rows):
            if self.clocks.knows(row["boot"]):
                start, vouched = (self.clocks.utc(row["boot"], at) for at in (row["start_ms"], self._vouched(row)))
                found.append(AgentRun(row["boot"], start, vouched, self._cause_after(rows[:index])))
        return sorted(found, key=lambda run: run.start)

    def _vouched(self, row: dict[str, Any]) -> int:
        if row["end"] == "running":
            return FOREVER
        return int(row["end_ms"] if row["end"] == "stop" else self.rules.watermark(row))

    def _cause_after(self, rows: list[dict[str, Any]]) -> str:
        return "clock" if rows and not self.clocks.knows(rows[-1]["boot"]) else "agent_off"

    def windows_of(self, target: str) -> list[Window]:
        return [
            Window(row["id"], row["start_utc_ms"], row["end_utc_ms"], row["recorded_utc_ms"])
            for row in self.maintenance
            if row.get("targets") is None or target in row["targets"]
        ]

    def probes_of(self, rows: list[list[Any]]) -> list[Probe]:
        """Of boots whose clock is known, in order of time."""
        return sorted(
            Probe(self.clocks.utc(boot, start), self.clocks.utc(boot, start + took), verdict, boot)
            for boot, start, took, verdict, *_ in rows
            if self.clocks.knows(boot)
        )


def period_of(period: dict[str, Any]) -> tuple[int, int]:
    start, end = (edge_of(period[key], period.get("zone")) for key in ("from", "to"))
    return start, end


def edge_of(edge: int | str, zone: str | None) -> int:
    if isinstance(edge, int):
        return edge
    assert zone is not None
    return first_instant(zone, date.fromisoformat(edge))


class Free:
    """Where the target is configured, the agent speaks, and nothing blinds it; and what hinders it elsewhere."""

    def __init__(self, story: Story, target: dict[str, Any]) -> None:
        self.rules = story.rules
        self.story = story
        self.blind = [Blind(row["start_utc_ms"], row["end_utc_ms"], row["cause"]) for row in target.get("blind", [])]
        self.configured = united(
            [
                Span(row["start_utc_ms"], FOREVER if row.get("end_utc_ms") is None else row["end_utc_ms"])
                for row in target["configured"]
            ]
        )

    def edges(self) -> set[int]:
        return {
            *(x for span in self.configured for x in span),
            *(x for entry in self.blind for x in (entry.start, entry.end)),
            *(x for run in self.story.runs for x in (run.start, run.vouched)),
        }

    def is_configured(self, x: int) -> bool:
        return any(self.rules.configured(x, span.start, span.end) for span in self.configured)

    def run_at(self, x: int) -> AgentRun | None:
        return next((run for run in self.story.runs if run.start <= x < run.vouched), None)

    def obstacle(self, x: int) -> str | None:
        """The cause of the hindrance at x, where the target is configured: the agent is off before it is blind."""
        causes = [entry.cause for entry in self.blind if self.rules.inside(x, entry.start, entry.end)]
        if causes and (self.run_at(x) is not None or not self.rules.off_before_blind()):
            return self.rules.first_cause(causes)
        return None if self.run_at(x) is not None else self.off_cause(x)

    def off_cause(self, x: int) -> str:
        return next((run.cause_before for run in self.story.runs if run.start > x), self.story.last_cause)

    def since(self, x: int) -> int:
        """For a free x: the last instant up to x at which something hindered it no more."""
        run = self.run_at(x)
        assert run is not None
        restart = run.start if self.rules.restart_breaks() else 0
        ends = [entry.end for entry in self.blind if entry.end <= x]
        return max([restart, *ends, *(span.start for span in self.configured if span.start <= x)])

    def until(self, x: int) -> int:
        """For a free x: the first instant after it at which something hinders it again."""
        run = self.run_at(x)
        assert run is not None
        starts = [entry.start for entry in self.blind if entry.start > x]
        return min([run.vouched, *starts, *(span.end for span in self.configured if span.end > x)])

    def cause_before(self, since: int) -> str:
        """What a free time that begins here has inherited, until its first probe."""
        if any(span.start == since for span in self.configured):
            return "not_yet"
        started = next((run for run in self.story.runs if run.start == since and run.vouched > since), None)
        if started is not None and self.run_at(since - 1) is not None:
            return started.cause_before  # off for 0 ms
        cause = self.obstacle(since - 1)
        assert cause is not None
        return cause


def united(spans: list[Span]) -> list[Span]:
    """Touching and overlapping spans as one (R60)."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found
