"""A random year of many targets: lived through the state step and written to a ledger, and kept for the count by
seconds. Outages, short failures, crashes, stops, reboots, clock steps, lost paths, stalls, reloads, maintenance."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from agent.availability import machine
from agent.availability.track import CompletedRun, Step, Track
from agent.inventory.entities import digest
from agent.ledger.rows import (
    AgentRun,
    AgentStop,
    BlindEnd,
    BlindStart,
    ClockAnchor,
    ClockStep,
    Configured,
    Content,
    Maintenance,
    Removed,
    Row,
    StateChange,
    Watermark,
)
from agent.ledger.store import Ledger
from agent.model import Policy, Reason, UnknownCause, Verdict
from tests.clock import TravellingClock
from tests.oracle import seconds
from tests.oracle.seconds import FOREVER, Probe, Recorded, Span

DAY = 86_400
REASONS = {"ok": Reason.OK, "degraded": Reason.HIGH_RTT, "failed": Reason.TIMEOUT, "local_error": Reason.NO_ROUTE}
LOST = UnknownCause.MONITOR_NET


@dataclass(frozen=True)
class AgentLife:
    """One agent run: [start, end) as far as it vouches, the start of its boot, how it ended, and what befell it."""

    start: int
    end: int
    boot: int
    killed: bool
    lost: list[Span]
    stalls: list[Span]
    reloads: list[int]


@dataclass
class Year:
    seed: int
    start: int
    days: int
    targets: int
    zone: str
    tracks: dict[str, Recorded] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random = Random(self.seed)
        self.end = self.start + self.days * DAY
        self.names = [f"s{number}/uplink" for number in range(self.targets)]
        self.behind = {name for name in self.names if random.random() < 0.5}
        self.runs = list(self._runs())
        self.windows = [self._window(number) for number in range(self.days // 10)]
        body = {
            "organisation": {"timezone": self.zone},
            "targets": [
                {"id": name, "calendar": "hours", "paths": ["wan"] if name in self.behind else []}
                for name in self.names
            ],
            "calendars": {"hours": self.calendar()},
            "units": [],
            "sites": [],
        }
        self.body = json.dumps(body).encode()

    def calendar(self) -> dict[str, Any]:
        """Monday to Saturday, two halves of a day."""
        hours = {day: [["07:30", "11:30"], ["13:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
        return {"kind": "weekly", "zone": self.zone, "seasons": [{"from": "01-01", "to": "12-31", "hours": hours}]}

    def _runs(self) -> Iterator[AgentLife]:
        random = self.random
        boot = at = self.start - 5 * DAY
        while at < self.end:
            end = at + random.choice((random.randrange(60, DAY), random.randrange(DAY, 30 * DAY)))
            lost, stalls = (self._spans(random, at, end, each) for each in (12 * DAY, 20 * DAY))
            reloads = sorted(random.randrange(at, end) for _ in range(random.randrange(3)))
            yield AgentLife(at, end, boot, random.random() < 0.5, lost, stalls, reloads)
            at = end + random.choice((0, 1, 7, 90, random.randrange(DAY), random.randrange(1, 10 * DAY)))
            if at > end and random.random() < 0.6:
                boot = at - random.randrange(0, at - end)

    @staticmethod
    def _spans(random: Random, start: int, end: int, each: int) -> list[Span]:
        """Some spans inside, none touching another."""
        found, at = [], start
        while (at := at + 1 + random.randrange(2 * each)) < end - 1:
            found.append((at, min(end, at + random.choice((random.randrange(1, 600), random.randrange(1, 3 * 3600))))))
            at = found[-1][1]
        return found

    def _window(self, number: int) -> Maintenance:
        random = self.random
        start = random.randrange(self.start, self.end)
        scope = random.choice(("all", f"target:{random.choice(self.names)}"))
        recorded = start - random.choice((1, 1, DAY, -1))
        end = start + random.randrange(60, DAY)
        return Maintenance(f"m{number}", scope, start * 1000, end * 1000, recorded * 1000, "A", "B")

    def planned(self, name: str) -> list[Span]:
        mine = [one for one in self.windows if one.scope in ("all", f"target:{name}")]
        return [
            (one.start_wall_ms // 1000, one.end_wall_ms // 1000)
            for one in mine
            if one.recorded_wall_ms < one.start_wall_ms
        ]

    def write(self, directory: Path) -> int:
        """Into a ledger file; how many rows."""
        ledger = Ledger.open(directory, TravellingClock())
        lived = [Target(self, name) for name in self.names]
        for number, run in enumerate(self.runs):
            ledger.append(list(self._begun(run)))
            if not number:
                ledger.append([Content(digest(self.body), "inventory", self.body), *self.windows])
            rows = [row for one in lived for row in one.live(run)]
            rows += [row for span in run.lost for row in _loss(run, span)]
            rows.sort(key=lambda row: row[0])
            for place in range(0, len(rows), 2_000):
                ledger.append([row for _, row in rows[place : place + 2_000]])
            ended = (run.end - run.boot) * 1000
            ledger.append([Watermark(ended) if run.killed else AgentStop(ended)])
        self.tracks = {one.name: one.track for one in lived}
        written = ledger.head().seq
        ledger.close()
        return written

    def _begun(self, run: AgentLife) -> Iterator[Row]:
        """Now and then the clock is wrong at first and set right; all of the boot is then told by the right one."""
        at, wall = (run.start - run.boot) * 1000, run.start * 1000
        wrong = self.random.choice((0, 0, 3_600_000, -400_000_000, 2_001))
        yield AgentRun("local", f"boot-{run.boot}", at, wall + wrong, synchronised=True, version="0")
        if wrong:
            at, wall = at + 1_000, wall + 1_000
            yield ClockStep(at, wall + wrong, wall)
            yield ClockAnchor(at, wall, synchronised=True)


def _loss(run: AgentLife, span: Span) -> Iterator[tuple[int, Row]]:
    yield (span[0] - run.boot) * 1000, BlindStart("wan", LOST, (span[0] - run.boot) * 1000)
    if span[1] < run.end:
        yield (span[1] - run.boot) * 1000, BlindEnd("wan", LOST, (span[1] - run.boot) * 1000)


class Target:
    """One target: its policy, what is true of it, and its probes."""

    def __init__(self, year: Year, name: str) -> None:
        self.year, self.name = year, name
        self.random = Random(f"{year.seed}/{name}")
        begin, end = year.runs[0].start, year.runs[-1].end
        self.bad = Year._spans(self.random, begin, end, 4 * DAY)
        self.slow = Year._spans(self.random, begin, end, 9 * DAY)
        self.local = Year._spans(self.random, begin, end, 30 * DAY)
        self.policy = self._policy()
        self.there = False
        self.track = Recorded([], [])

    def _policy(self) -> seconds.Policy:
        interval = self.random.choice((900, 1_800, 3_600))
        return seconds.Policy(
            interval,
            self.random.choice((0, interval // 2, 600)),
            self.random.choice((1, 2, 3)),
            self.random.choice((1, 2)),
        )

    def live(self, run: AgentLife) -> Iterator[tuple[int, Row]]:
        """The rows of one agent run with the instant of each, and the same for the count by seconds."""
        edges = [run.start, *(at for at in run.reloads if self.random.random() < 0.1), run.end]
        for start, end in pairwise(edges):
            was_there = self.there
            if start != run.start or not self.track.configured or self.random.random() < 0.1:
                yield from self._reloaded(run, start)
            if self.there:
                yield from self._present(Stretch(run, start, end), added=not was_there)

    def _reloaded(self, run: AgentLife, at: int) -> Iterator[tuple[int, Row]]:
        """Removed, or added under another policy."""
        boottime = (at - run.boot) * 1000
        self.there = not self.there
        if self.there:
            self.policy = self._policy()
            seconds_of = (self.policy.interval * 1000, 5_000, self.policy.grace * 1000)
            counts = self.policy.fail_after, self.policy.recover_after
            self.track.configured.append((at, FOREVER))
            yield boottime, Configured(self.name, boottime, *seconds_of, *counts, digest(self.year.body))
        else:
            self.track.configured[-1] = (self.track.configured[-1][0], at)
            yield boottime, Removed(self.name, boottime)

    def _present(self, stretch: Stretch, *, added: bool) -> Iterator[tuple[int, Row]]:
        policy = Policy(self.policy.interval * 1000, 5_000, self.policy.grace * 1000, *self.policy[2:], 5_000)
        cause = UnknownCause.NOT_YET if added else UnknownCause.AGENT_OFF
        probes = list(self._probes(stretch))
        step = machine.begin(self.name, stretch.boottime(stretch.start), cause)
        if added:
            yield from self._rows(step)
        lost = stretch.lost() if self.name in self.year.behind else []
        for at, told in _events(stretch, probes, lost, policy):
            step = told(step.track, at)
            yield from self._rows(step)
        last = machine.expired if stretch.run.killed and stretch.end == stretch.run.end else machine.ended
        yield from self._rows(last(step.track, policy, stretch.boottime(stretch.end)))
        self.track.free.extend(_free(stretch, lost, probes))

    def _rows(self, step: Step) -> Iterator[tuple[int, Row]]:
        for one in step.transitions:
            at = one.confirmed_at_ms
            yield at, StateChange(self.name, one.state, one.cause, one.effective_at_ms, at, at)

    def _probes(self, stretch: Stretch) -> Iterator[Probe]:
        """Punctual but for stalls; fast while a failure is not confirmed; whatever the path does."""
        interval = self.policy.interval
        at, failing = stretch.start + self.random.randrange(interval), 0
        while at < stretch.end:
            stall = next((end for start, end in stretch.run.stalls if start <= at < end), None)
            if stall is None:
                verdict = self._verdict(at)
                yield Probe(at, verdict, self.policy)
                failing = failing + 1 if verdict == "failed" else 0
                at += 60 if 0 < failing < self.policy.fail_after else interval
            else:
                at = stall + self.random.randrange(60)

    def _verdict(self, at: int) -> str:
        for verdict, spans in (("local_error", self.local), ("failed", self.bad), ("degraded", self.slow)):
            place = bisect_right(spans, (at, FOREVER)) - 1
            if place >= 0 and at < spans[place][1]:
                return verdict
        return "ok"


@dataclass(frozen=True)
class Stretch:
    """A part of an agent run in which nothing was configured anew."""

    run: AgentLife
    start: int
    end: int

    def boottime(self, at: int) -> int:
        return (at - self.run.boot) * 1000

    def lost(self) -> list[Span]:
        """What of the lost times of the path lies inside."""
        cut = ((max(a, self.start), min(b, self.end)) for a, b in self.run.lost)
        return [(a, b) for a, b in cut if a < b]


def _events(
    stretch: Stretch, probes: list[Probe], lost: list[Span], policy: Policy
) -> Iterator[tuple[int, Callable[[Track, int], Step]]]:
    """In the order of time; what blinds goes before a probe of the same instant."""
    found: list[tuple[int, int, Callable[[Track, int], Step]]] = []
    for start, end in lost:
        found.append((start, 0, lambda track, at: machine.blinded(track, policy, at, LOST)))
        if end < stretch.end:
            found.append((end, 1, lambda track, at: machine.cleared(track, at, LOST)))
    found += [(one.at, 2, _completed(policy, one.verdict)) for one in probes]
    found.sort(key=lambda event: event[:2])
    yield from ((stretch.boottime(at), told) for at, _, told in found)


def _completed(policy: Policy, verdict: str) -> Callable[[Track, int], Step]:
    kind, reason = Verdict(verdict), REASONS[verdict]
    return lambda track, at: machine.completed(track, policy, CompletedRun(at, 0, kind, reason))


def _free(stretch: Stretch, lost: list[Span], probes: list[Probe]) -> Iterator[tuple[Span, list[Probe]]]:
    edges = [stretch.start, *(at for span in lost for at in span), stretch.end]
    instants = [one.at for one in probes]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if start < end:
            yield (start, end), probes[bisect_left(instants, start) : bisect_left(instants, end)]
