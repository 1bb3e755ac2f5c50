"""A check without a running agent: the same probes, from this process, with nothing kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from agent.availability.machine import begin
from agent.clock import Clock
from agent.engine.adhoc.check import CheckResult, check
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.runner import Runner, Transports
from agent.engine.target_state import CommittedState, TargetState
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
    slots = []
    for target in targets:
        track = begin(target.id, now_ms, UnknownCause.NOT_YET).track
        slots.append(
            TargetState(target, track=track, committed=CommittedState(track.state, track.cause, now_ms, now_ms))
        )
    runner = Runner(clock, resolver, transports, "check", ClockDoubt(clock))
    try:
        async for row in check(
            runner,
            (state for state in slots if selection.matches(state.target)),
            lambda s: target_view(s, clock),
            lambda _: None,
        ):
            yield row
    finally:
        transports.close()
