"""A life as the oracle is told it: from probe runs, configuration and what is no evidence; never from states."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from agent.ledger.queries import StoredRow
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
from agent.model import Target
from tests.agent.reporting.lived import Lived
from tests.oracle import oracle
from tests.oracle.changes import Changes, SiteTexts
from tests.oracle.clock import BootClocks
from tests.oracle.figures import figures
from tests.oracle.policies import Later
from tests.oracle.rules import FOREVER, Rules
from tests.oracle.rules import Span as OracleSpan
from tests.oracle.story import Story, united

SUMS = ("maintenance_ms", "unknown_ms", "down_ms", "degraded_ms", "up_ms", "scoring_ms", "soft_failures")
POLICY = ("interval_ms", "timeout_ms", "grace_ms", "fail_after", "recover_after")
LATEST = 4_000_000_000_000
Span = tuple[int, int]


class Retold:
    """A life that is over. A target that moved to another address is told in parts, one for each address."""

    def __init__(self, lived: Lived) -> None:
        self.lived = lived
        self.rows = lived.rows
        self.runs = {one.seq: one.row for one in lived.rows if isinstance(one.row, AgentRun)}
        self.agent_runs = {seq: self._agent_run(seq, row) for seq, row in self.runs.items()}
        self.anchors = list(self._anchors())
        self.clocks = BootClocks(self.anchors, Rules())
        self.gaps: dict[int, Span] = {}
        self._find_gaps()

    def answer(self, period: Span, as_of: int, calendar: str | dict[str, Any]) -> dict[str, Any]:
        """calendar: what it says, a name that the inventories know, or "": each target in its own.

        Raises RefusedError where the story contradicts itself.
        """
        document = {
            "version": 1,
            "period": {"from": period[0], "to": period[1]},
            "as_of_utc_ms": as_of,
            "agent_runs": list(self.agent_runs.values()),
            "clock_anchors": self.anchors,
            "maintenance": list(self._windows(as_of)),
            "targets": [part for name in sorted(self.lived.all) for part in self._parts(self.lived.all[name])],
        }
        found = oracle.report(document, later=dict(self._later()), changes=self._changes(calendar))
        return found | {"targets": list(self._united(found["targets"], Story(document, Rules())))}

    @staticmethod
    def _united(parts: list[dict[str, Any]], story: Story) -> Iterator[dict[str, Any]]:
        """The parts of each target as one."""
        names = dict.fromkeys(part["target"].partition("#")[0] for part in parts)
        for name in names:
            mine = [part for part in parts if part["target"].partition("#")[0] == name]
            sums = {key: sum(part[key] for part in mine) for key in SUMS}
            by_state = {key.removesuffix("_ms"): value for key, value in sums.items()}
            outages = [outage for part in mine for outage in part["outages"]]
            yield {
                **mine[0],
                "target": name,
                **sums,
                **figures(by_state, sums["maintenance_ms"], story),
                "outages": outages,
                "longest_outage_ms": max((outage["counted_ms"] for outage in outages), default=0),
                "states": _joined([state for part in mine for state in part["states"]]),
            }

    # Clocks and agent runs

    def _agent_run(self, seq: int, row: AgentRun) -> dict[str, Any]:
        found: dict[str, Any] = {"boot": row.boot_id, "start_ms": row.start_ms}
        for other in self.rows:
            if other.run == seq and isinstance(other.row, AgentStop):
                return found | {"end": "stop", "end_ms": other.row.at_ms}
            if other.run == seq and isinstance(other.row, Watermark):
                return found | {"end": "kill", "end_ms": other.row.at_ms, "watermark_ms": other.row.at_ms}
        raise AssertionError(seq)

    def _anchors(self) -> Iterator[dict[str, Any]]:
        for one in self.rows:
            if isinstance(one.row, AgentRun):
                yield _anchor(one.row.boot_id, one.row.start_ms, one.row.wall_ms, one.row.synchronised)
            elif isinstance(one.row, ClockAnchor):
                yield _anchor(self.runs[one.run].boot_id, one.row.at_ms, one.row.wall_ms, one.row.synchronised)

    def _find_gaps(self) -> None:
        """Between which instants each run of a boot without a clock lies: after the run before, before a known one."""
        least = 0
        for seq in self.runs:
            after = [one for one in self.runs if one > seq and self.clocks.knows(self.runs[one].boot_id)]
            self.gaps[seq] = least, LATEST if not after else self.wall(after[0], self.runs[after[0]].start_ms)
            least = self.wall(seq, self.agent_runs[seq]["end_ms"])

    def wall(self, seq: int, at_ms: int) -> int:
        """UTC of an instant of a run; without a known clock, what that clock said, as far as it can be true."""
        row = self.runs[seq]
        if at_ms == FOREVER or self.clocks.knows(row.boot_id):
            return self.clocks.utc(row.boot_id, at_ms)
        least, most = self.gaps[seq]
        return min(max(row.wall_ms + at_ms - row.start_ms, least), max(most, least))

    def in_order(self) -> bool:
        """Whether the clocks tell the runs in the order in which they happened."""
        known = [seq for seq in self.runs if self.clocks.knows(self.runs[seq].boot_id)]
        edges = [self.wall(seq, self.agent_runs[seq][key]) for seq in known for key in ("start_ms", "end_ms")]
        return edges == sorted(edges)

    # Configuration

    def _parts(self, one: Target) -> Iterator[dict[str, Any]]:
        seqs = list(self.runs)
        moves = [self.wall(seqs[run - 1], at) for run, at in self.lived.moves.get(one.id, [])]
        spans = list(self._spans(one.id))
        for number, (start, end) in enumerate(pairwise([0, *moves, FOREVER])):
            mine = [(max(a, start), min(b, end)) for a, b in spans]
            if any(a < b for a, b in mine) or not number:
                yield self._part(f"{one.id}#{number}", one, [(a, b) for a, b in mine if a < b])

    def _part(self, name: str, one: Target, spans: list[Span]) -> dict[str, Any]:
        return {
            "id": name,
            "policy": {key: getattr(self.lived.first[one.id], key) for key in POLICY},
            "configured": [{"start_utc_ms": a, "end_utc_ms": None if b == FOREVER else b} for a, b in spans],
            "blind": list(self._blinds(one)),
            "probes": [
                [boot, seen.start_ms, seen.took_ms, seen.result.verdict.value]
                for boot, seen in self.lived.observed
                if seen.target.id == one.id
            ],
        }

    def _spans(self, name: str) -> Iterator[Span]:
        since = None
        for one in self.rows:
            if isinstance(one.row, Configured) and one.row.target == name and since is None:
                since = self.wall(one.run, one.row.at_ms)
            elif isinstance(one.row, Removed) and one.row.target == name and since is not None:
                yield since, self.wall(one.run, one.row.at_ms)
                since = None
        if since is not None:
            yield since, FOREVER

    def _later(self) -> Iterator[tuple[str, Later]]:
        for name in self.lived.all:
            rows = [one for one in self.rows if isinstance(one.row, Configured) and one.row.target == name]
            told = [(self.wall(one.run, one.row.at_ms), {key: getattr(one.row, key) for key in POLICY}) for one in rows]  # type: ignore[union-attr]
            for number in range(len(self.lived.moves.get(name, [])) + 1):
                yield f"{name}#{number}", told

    # What inventories say

    def _inventories(self) -> list[tuple[int, dict[str, Any]]]:
        """The first of a run holds from its start."""
        found: list[tuple[int, dict[str, Any]]] = []
        begun: set[int] = set()
        for one in self.rows:
            if isinstance(one.row, Content):
                at = one.row.at_ms if one.run in begun else self.runs[one.run].start_ms
                begun.add(one.run)
                found.append((self.wall(one.run, at), json.loads(one.row.body)))
        return found

    def _changes(self, calendar: str | dict[str, Any]) -> Changes:
        told, there = {}, {}
        inventories = self._inventories()
        for name in self.lived.all:
            said = [(since, self._words(inventory, name, calendar)) for since, inventory in inventories]
            words = [(since, one) for since, one in said if one is not None]
            spans = united([OracleSpan(*span) for span in self._spans(name)])
            for number in range(len(self.lived.moves.get(name, [])) + 1):
                told[f"{name}#{number}"], there[f"{name}#{number}"] = words, spans
        scopes = {one.row.id: one.row.scope for one in self.rows if isinstance(one.row, Maintenance)}
        return Changes(told, there, scopes)

    @staticmethod
    def _words(inventory: dict[str, Any], name: str, calendar: str | dict[str, Any]) -> SiteTexts | None:
        says = next((one for one in inventory["targets"] if one["id"] == name), None)
        if says is None:
            return None
        above = {unit["id"]: unit["parent"] for unit in inventory["units"]}
        units = [says["unit"], above[says["unit"]]]
        scopes = {"all", f"target:{name}", f"site:{says['site']}", *(f"unit:{unit}" for unit in units)}
        named = inventory["calendars"][calendar or says["calendar"]] if isinstance(calendar, str) else calendar
        return SiteTexts(named, frozenset(scopes))

    # What hinders and what is planned

    def _blinds(self, one: Target) -> Iterator[dict[str, Any]]:
        for run, cause, start, end in self._blind_times(one):
            if self.clocks.knows(self.runs[run].boot_id) and self.wall(run, start) < self.wall(run, end):
                yield {"start_utc_ms": self.wall(run, start), "end_utc_ms": self.wall(run, end), "cause": cause}

    def _blind_times(self, one: Target) -> Iterator[tuple[int, str, int, int]]:
        """A lost path is dated back, but not for a target that has left meanwhile: for that it begins at its return."""
        opened: dict[tuple[int, str, str], int] = {}
        there = False
        for stored in self.rows:
            row, run = stored.row, stored.run
            if isinstance(row, BlindStart) and row.scope in ("", one.id, *one.paths):
                opened[run, row.scope, row.cause.value] = row.at_ms if there else FOREVER
            elif isinstance(row, BlindEnd) and (run, row.scope, row.cause.value) in opened:
                yield run, row.cause.value, opened.pop((run, row.scope, row.cause.value)), row.at_ms
            elif isinstance(row, Configured | Removed) and row.target == one.id:
                there = isinstance(row, Configured)
                opened |= {key: min(start, row.at_ms) for key, start in opened.items() if there and key[0] == run}
        for (run, _, cause), start in opened.items():
            yield run, cause, start, self.agent_runs[run]["end_ms"]

    def _windows(self, as_of: int) -> Iterator[dict[str, Any]]:
        """A window that was cancelled ends there; one that was cancelled before it began is none."""
        stored = [(self._recorded(one), one.row) for one in self.rows if isinstance(one.row, Maintenance)]
        rows = [(at, known, row) for (at, known), row in stored if at <= as_of]
        for at, known, row in rows:
            if row.cancelled:
                continue
            taken = [when for when, _, one in rows if one.cancelled and one.id == row.id]
            late = not known or at >= row.start_wall_ms
            end = row.end_wall_ms if late else min([row.end_wall_ms, *taken])
            if end > row.start_wall_ms:
                yield {
                    "id": row.id,
                    "targets": None,
                    "start_utc_ms": row.start_wall_ms,
                    "end_utc_ms": end,
                    "recorded_utc_ms": at if known else row.start_wall_ms,
                }

    def _recorded(self, signed: StoredRow[Row]) -> tuple[int, bool]:
        """UTC of the record and whether a clock says so: never before that of any row ahead of it that has one."""
        row = signed.row
        assert isinstance(row, Maintenance)
        if not row.boot_id:
            return row.recorded_wall_ms, True
        ahead = [self._own_time(one) for one in self.rows if one.seq <= signed.seq]
        least = max((at for at in ahead if at is not None), default=0)
        return least, self.clocks.knows(row.boot_id)

    def _own_time(self, one: StoredRow[Row]) -> int | None:
        row = one.row
        if isinstance(row, Maintenance):
            return self.clocks.utc(row.boot_id, row.boottime_ms) if self.clocks.knows(row.boot_id) else None
        if not one.run or not self.clocks.knows(self.runs[one.run].boot_id):
            return None
        if isinstance(row, AgentRun):
            return self.wall(one.run, row.start_ms)
        if isinstance(row, StateChange):
            return self.wall(one.run, row.committed_at_ms)
        if isinstance(row, AgentStop | Watermark | ClockAnchor | ClockStep | Configured | Removed):
            return self.wall(one.run, row.at_ms)
        return None


def _joined(states: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Touching stretches of one state and cause are one."""
    found: list[dict[str, Any]] = []
    for state in states:
        last = found[-1] if found else {}
        alike = all(last.get(key) == state[key] for key in ("state", "cause"))
        if alike and last["end_utc_ms"] == state["start_utc_ms"]:
            found[-1] = last | {"end_utc_ms": state["end_utc_ms"]}
        else:
            found.append(state)
    return found


def _anchor(boot: str, at_ms: int, wall_ms: int, synchronised: bool) -> dict[str, Any]:
    return {"boot": boot, "at_ms": at_ms, "wall_utc_ms": wall_ms, "synchronised": synchronised}
