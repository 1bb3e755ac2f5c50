"""A check without a running agent: the same probes, from this process; nothing is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from agent.availability.track import CompletedRun
from agent.clock import Clock
from agent.engine.adhoc.check import CheckResult, check
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.device_recorder import silences_of
from agent.engine.runner import Runner, Transports
from agent.engine.target_state import TargetState
from agent.engine.views import target_view
from agent.model import Observation, Selection, Target, UnknownCause, Verdict
from agent.probes.resolver import Resolver
from agent.probes.spec import ProbeSpec


async def check_locally(
    targets: Sequence[Target],
    selection: Selection,
    clock: Clock,
    resolver: Resolver,
    registry: Mapping[str, ProbeSpec[Any, Any]],
) -> AsyncIterator[CheckResult]:
    """One row for each selected target, as its run ends; the states in the rows say nothing (no ledger is read)."""
    now_ms = clock.boottime_ms()
    transports = Transports(registry, clock)
    states = [TargetState.new(target, now_ms, UnknownCause.NOT_YET) for target in targets if selection.matches(target)]
    runner = Runner(clock, resolver, transports, "check", ClockDoubt(clock))
    runner.devices.silences = silences_of(states, transports)
    try:
        async for row in check(runner, states, lambda state: target_view(state, clock), lambda _: None, _note):
            yield row
    finally:
        transports.close()


def _note(state: TargetState, observation: Observation) -> None:
    """So that a silence is judged by the ping beside it, as the agent judges it."""
    result = observation.result
    run = CompletedRun(observation.start_ms, observation.took_ms, result.verdict, result.reason)
    state.note(run, success=result.success, failure=result.verdict is Verdict.FAILED)
