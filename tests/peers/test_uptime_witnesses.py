"""Two witnesses of one life: the ledger, and a real Prometheus that scraped the same engine's counters.

The engine, its ledger file and its counters are real, the clock travels: four hours over midnight with outages, a lost
path, a stop, two kills and twelve minutes in which nothing was scraped.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.availability.accounting import ReportTerms
from agent.cli.main import main
from agent.engine.upkeep.restored_state import RestoredState
from agent.engine.upkeep.timekeeper import Timekeeper
from agent.inventory.canonical import FigureInputs, canonical
from agent.inventory.entities import CanonicalForm
from agent.ledger.history.runs import configured
from agent.ledger.reader import Reader
from agent.ledger.store import Ledger
from agent.model import Policy, Reason, State
from agent.reporting.builder import ReportQuery
from agent.reporting.ledger_report import build_report
from exporters.catalog import STATE_NAMES
from tests.agent.engine.world import World, inventory, path, target
from tests.agent.reporting.small_ledger import configuration
from tests.clock import TravellingClock
from tests.exporters.reports.sample import DAY, at
from tests.peers.test_uptime_prometheus import prometheus

pytestmark = [pytest.mark.peers, pytest.mark.timeout(240)]

MINUTE = 60_000
SCRAPE_S = 15
POLICY = Policy(30_000, 5_000, 15_000, 3, 1, 5_000)
START, END = at("2025-10-01 22:00"), at("2025-10-02 02:00")
BAD = {  # minutes after the start
    "s/good": ((10, 13.3), (58, 61), (118, 122), (128, 135), (150, 150.4), (163, 166), (200, 201)),
    "s/dead": ((30, 45), (99, 99.9), (119.5, 126), (169, 171)),
}
CUT = (70, 78)
"""The path that s/dead lies behind."""
UNSCRAPED = (160, 172)
ENDS = ((50, "stop", 40), (100, "kill", 90), (131, "kill", 7), (240, "stop", 0))
"""When each agent run ends, how, and for how many seconds the agent is off then."""
CONFIRMATION_MS = (POLICY.fail_after - 1) * POLICY.confirm_interval_ms + POLICY.timeout_ms
BOUND_MS = POLICY.interval_ms + POLICY.grace_ms + CONFIRMATION_MS + 30_000 + 2 * 1000 * SCRAPE_S
"""docs/reports.md: for each edge of the period and each start of the agent in it."""


def inside(now_ms: int, span: tuple[float, float]) -> bool:
    return START + span[0] * MINUTE <= now_ms < START + span[1] * MINUTE


class Life:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = TravellingClock(unix_ns=START * 1_000_000)
        self.counters: dict[tuple[str, str], list[tuple[float, int]]] = defaultdict(list)
        self.starts: list[int] = []
        targets = [target("s/good", policy=POLICY), target("s/dead", policy=POLICY, paths=("wan",))]
        plan = inventory(targets, [path("wan", "a", "b", policy=POLICY)])
        figures = FigureInputs(plan.organisation, (), (), (), {}, plan.targets, plan.paths)
        self.plan = replace(plan, canonical_form=CanonicalForm(lambda: canonical(figures, {})))

    def _truth(self, who: str, _: int) -> Reason:
        now = self.clock.wall_ms()
        cut = inside(now, CUT) and who != "s/good"
        dead = any(inside(now, span) for span in BAD.get(who, ()))
        return Reason.TIMEOUT if cut or dead else Reason.OK

    async def go(self) -> None:
        for minute, how, off_seconds in ENDS:
            await self._run(START + minute * MINUTE + 4_000, how)
            self.clock.advance(off_seconds)

    async def _run(self, end_ms: int, how: str) -> None:
        ledger = Ledger.open(self.directory, self.clock)
        world = World(self._truth, RestoredState({}, configured(ledger, "local")), clock=self.clock, ledger=ledger)
        Timekeeper(self.clock, world.commit_queue, ledger.beat, world.runner.doubt.on_synchronised).record_start(
            "local", "0"
        )
        self.starts.append(self.clock.wall_ms())
        await world.begin(self.plan)
        while self.clock.wall_ms() < end_ms:
            await world.go(1)
            now_ms = self.clock.wall_ms()
            if now_ms // 1000 % SCRAPE_S == 0 and not inside(now_ms, UNSCRAPED):
                self._scrape(world, now_ms // 1000)
            if now_ms // 1000 % 10 == 3:
                ledger.beat()
        if how == "stop":
            await world.engine.stop()
        for task in world.engine._rounds._tasks:
            task.cancel()
        ledger.close()

    def _scrape(self, world: World, second: int) -> None:
        for view in world.views.values():
            for state, value in zip(State, view.state_seconds, strict=True):
                self.counters[view.target.id, STATE_NAMES[state]].append((value, second))

    def exposed(self) -> Iterator[str]:
        yield "# TYPE sansang_target_state_seconds counter"
        for (name, state), samples in self.counters.items():
            for value, second in samples:
                yield f'sansang_target_state_seconds_total{{state="{state}",target="{name}"}} {value} {second}'
        yield "# EOF"

    def recorded(self, day: tuple[int, int]) -> dict[str, dict[str, int]]:
        reader = Reader.open(self.directory)
        terms = ReportTerms(*day, END + DAY)
        found = build_report(reader, None, ReportQuery(terms, "Asia/Ho_Chi_Minh", "local", "always")).targets
        reader.close()
        return {
            one.subject.target: {"up": one.tally.up_ms, "down": one.tally.down_ms, "degraded": one.tally.degraded_ms}
            for one in found
        }


def told(folder: Path, url: str, date: str) -> dict[str, dict[str, int]]:
    file = folder / f"{date}.json"
    call = [
        "uptime",
        "--period",
        f"{date}..{date}",
        "--config",
        str(configuration(folder)),
        "--source",
        f"prometheus={url}",
    ]
    assert main([*call, "-o", str(file)]) == 0
    targets = json.loads(file.read_text("utf-8"))["targets"]
    return {
        one["target"]: {state: one["recorded"][f"{state}_ms"] for state in ("up", "down", "degraded")}
        for one in targets
    }


async def test_the_two_agree_within_the_bound(tmp_path: Path) -> None:
    life = Life(tmp_path / "life")
    await life.go()
    with prometheus(tmp_path, life.exposed()) as url:
        stored = {date: told(tmp_path, url, date) for date in ("2025-10-01", "2025-10-02")}
    for date, targets in stored.items():
        day = at(f"{date} 00:00"), at(f"{date} 00:00") + DAY
        edges = 2 + sum(day[0] <= start < day[1] for start in life.starts)
        ledger = life.recorded(day)
        for name, states in ledger.items():
            apart = {state: targets[name][state] - ms for state, ms in states.items()}
            print(f"{date} {name}: ledger {states} ms, apart {apart} ms, bound {edges} x {BOUND_MS} ms")
            assert max(map(abs, apart.values())) <= edges * BOUND_MS
            assert states["down"] > 0
