"""One probe of each selected target now, for a person who waits. It writes no row and changes no state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from agent.engine.runner import Runner
from agent.engine.snapshot import TargetView
from agent.engine.target_state import TargetState
from agent.model import Observation, ProbeResult

MAX_AT_ONCE = 100
"""Checks in flight at once; more would disturb the rounds that go on beside them."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A run's result, and the target as it is confirmed."""

    view: TargetView
    result: ProbeResult


async def check(
    runner: Runner,
    targets: Iterable[TargetState],
    view: Callable[[TargetState], TargetView],
    done: Callable[[TargetState], None],
    note: Callable[[TargetState, Observation], None] = lambda _state, _observation: None,
) -> AsyncIterator[CheckResult]:
    """Probe every target once, rows in order of completion. A run that is going on is waited for first.

    done: called when the probe has left its target; note: with what it found.
    """
    gate = asyncio.Semaphore(MAX_AT_ONCE)

    async def probe(state: TargetState) -> CheckResult:
        async with gate:
            while state.running_since_ms is not None:  # noqa: ASYNC110 - a run ends by itself within its timeout
                await asyncio.sleep(0.05)
            state.running_since_ms = runner.clock.boottime_ms()
            state.check_running = True
            try:
                observation = await runner.run(state.target)
            finally:
                state.running_since_ms = None
                state.check_running = False
                done(state)
            note(state, observation)
            return CheckResult(view(state), observation.result)

    tasks = [asyncio.create_task(probe(state)) for state in targets]
    try:
        for finished in asyncio.as_completed(tasks):
            yield await finished
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
