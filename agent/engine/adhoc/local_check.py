"""A check without a running agent: the same probes, from this process; nothing is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from agent.clock import Clock
from agent.engine.adhoc.check import CheckResult, check
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.runner import Runner, Transports
from agent.engine.target_state import TargetState
from agent.engine.views import target_view
from agent.model import Selection, Target, UnknownCause
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
    try:
        async for row in check(runner, states, lambda state: target_view(state, clock), lambda _: None):
            yield row
    finally:
        transports.close()
