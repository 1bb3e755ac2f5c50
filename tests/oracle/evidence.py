"""The completed probes of one target, and what each of them says until the next one."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from tests.oracle.policies import Policies
from tests.oracle.rules import DOWN, FAILED, LOCAL_ERROR, UNKNOWN, Probe
from tests.oracle.story import Free, Story


class Condition(NamedTuple):
    state: str
    cause: str | None = None
    confirmed: int | None = None


class Evidence:
    def __init__(self, story: Story, target: dict[str, Any]) -> None:
        self.story = story
        self.rules = story.rules
        self.free = Free(story, target)
        self.policies = Policies(target["policy"], story.later.get(target["id"], []), self.rules)
        self.probes = [probe for probe in story.probes_of(target["probes"]) if self._is_evidence(probe)]
        self.starts = [probe.start for probe in self.probes]
        self.since = [self.free.since(start) for start in self.starts]
        self.until = [self.free.until(start) for start in self.starts]
        self.patience = [
            self.policies.judging_time(probe.start, probe.end, self._next(index))
            for index, probe in enumerate(self.probes)
        ]
        self.said = self._said()

    def _is_evidence(self, probe: Probe) -> bool:
        run = self.free.run_at(probe.start)
        return (
            run is not None
            and run.boot == probe.boot
            and self.free.is_configured(probe.start)
            and not self.rules.starts_blind(probe.start, self.free.blind)
            and self.rules.finished(probe, min(run.vouched, self.story.as_of))
        )

    def edges(self) -> set[int]:
        vouched = (start + kept.interval for start, kept in zip(self.starts, self.patience, strict=True))
        return {*self.free.edges(), *self.starts, *vouched}

    def at(self, x: int) -> Condition | None:
        """The state at one instant before the report instant; None where the target is not configured."""
        if not self.free.is_configured(x):
            return None
        cause = self.free.obstacle(x)
        if cause is not None:
            return Condition(UNKNOWN, cause)
        since = self.free.since(x)
        latest = bisect_right(self.starts, x) - 1
        if latest < 0 or self.since[latest] != since:
            return self._inherited(since, latest)
        held = x < self.starts[latest] + self.patience[latest].interval or self._in_time(latest)
        return self.said[latest] if held else Condition(UNKNOWN, "overload")

    def _inherited(self, since: int, latest: int) -> Condition:
        if latest >= 0 and not self.rules.lingers():
            return self.said[latest]
        return Condition(UNKNOWN, self.free.cause_before(since))

    def _follows(self, index: int) -> bool:
        """Whether another probe comes before anything hinders."""
        return index + 1 < len(self.probes) and self.since[index + 1] == self.since[index]

    def _next(self, index: int) -> int:
        """When it is known what follows: the end of the next probe, or what ends the time."""
        return self.probes[index + 1].end if self._follows(index) else min(self.until[index], self.story.as_of)

    def _in_time(self, index: int) -> bool:
        following = self.starts[index + 1] if self._follows(index) else min(self.until[index], self.story.as_of)
        return self.rules.in_time(self.starts[index], following, *self.patience[index])

    def _linked(self, index: int) -> bool:
        """Whether a run may reach from this probe to the next."""
        local_error = LOCAL_ERROR in (self.probes[index].verdict, self.probes[index + 1].verdict)
        late = not self._in_time(index)
        return (
            self._follows(index)
            and not (local_error and self.rules.local_error_breaks())
            and not (late and self.rules.gap_breaks())
        )

    @cached_property
    def stretches(self) -> list[list[int]]:
        """The probes, by number, in unbroken stretches."""
        found: list[list[int]] = []
        for index in range(len(self.probes)):
            if index and self._linked(index - 1):
                found[-1].append(index)
            else:
                found.append([index])
        return found

    def _runs(self, stretch: list[int]) -> list[list[int]]:
        """Longest sequences of one class; a local error has none (it stands alone unless a bug links it)."""
        judged = [index for index in stretch if self.probes[index].verdict != LOCAL_ERROR]
        return [list(run) for _, run in groupby(judged, key=lambda index: self.probes[index].verdict == FAILED)]

    def _needed(self, run: list[int], length: int) -> int:
        """What a run of this length had to reach when the last of its probes gave its verdict."""
        failed = self.probes[run[0]].verdict == FAILED
        return self.policies.threshold(self.probes[run[length - 1]].end, failed=failed)

    def _length_reached(self, run: list[int]) -> int | None:
        """The length at which the run was long enough."""
        lengths = range(1, len(run) + 1)
        return next((length for length in lengths if self.rules.reaches(length, self._needed(run, length))), None)

    def _threshold(self, run: list[int]) -> int:
        return self._length_reached(run) or self._needed(run, len(run))

    def _reached(self, run: list[int]) -> bool:
        return self._length_reached(run) is not None

    def _said(self) -> list[Condition]:
        said = [Condition(UNKNOWN, LOCAL_ERROR)] * len(self.probes)
        for stretch in self.stretches:
            runs = self._runs(stretch)
            for index in stretch:
                if self.probes[index].verdict != LOCAL_ERROR:
                    said[index] = self._judge(index, runs)
        return said

    def _judge(self, index: int, runs: list[list[int]]) -> Condition:
        """By definition (R7): the class of the latest run in force at this probe that reached its threshold."""
        in_force = [run for run in runs if self._reached(run) and self._effective(run) <= self.starts[index]]
        if not in_force:
            return Condition(UNKNOWN, "not_yet")
        if self.probes[in_force[-1][0]].verdict != FAILED:
            return Condition(self.rules.success_state(self._last_success(index, runs)))
        outage = in_force[-1]
        for run in reversed(in_force):
            if self.probes[run[0]].verdict != FAILED:
                break
            outage = run
        threshold = self._threshold(outage)
        return Condition(DOWN, None, self.rules.confirmed_at([self.probes[i] for i in outage], threshold))

    def _effective(self, run: list[int]) -> int:
        return self.rules.effective([self.probes[index] for index in run], self._threshold(run)).start

    def _last_success(self, index: int, runs: list[list[int]]) -> str:
        successes = [i for run in runs for i in run if i <= index and self.probes[i].verdict != FAILED]
        return self.probes[successes[-1]].verdict

    def soft_failures(self) -> list[int]:
        """The starts of the failure runs that became nothing (R23, R24)."""
        return [
            self.starts[run[0]]
            for stretch in self.stretches
            for run in self._runs(stretch)
            if self.probes[run[0]].verdict == FAILED
            and self.rules.soft(
                len(run),
                self._threshold(run),
                while_down=self.said[run[0]].state == DOWN,
                may_grow=self._may_grow(run[-1]),
            )
        ]

    def _may_grow(self, index: int) -> bool:
        return not self._follows(index) and self.until[index] > self.story.as_of and self._in_time(index)
