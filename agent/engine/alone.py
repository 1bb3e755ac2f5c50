"""A check without a running agent: the same probes, from this process, with nothing kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from agent.availability.machine import begin
from agent.clock import Clock
from agent.engine.check import CheckRow, Selection, check
from agent.engine.doubt import ClockDoubt
from agent.engine.runner import Runner, Transports
from agent.engine.slots import Shown, Slot
from agent.engine.views import target_view
from agent.model import Target, UnknownCause
from agent.probes.resolver import Resolver
from agent.probes.spec import ProbeSpec


async def check_alone(
    targets: Sequence[Target],
    selection: Selection,
    clock: Clock,
    resolver: Resolver,
    registry: Mapping[str, ProbeSpec[Any, Any]],
) -> AsyncIterator[CheckRow]:
    """One row for each selected target, as its run ends; the states in the rows say nothing (no ledger is read)."""
    now_ms = clock.boottime_ms()
    transports = Transports(registry, clock)
    slots = []
    for target in targets:
        track = begin(target.id, now_ms, UnknownCause.NOT_YET).track
        slots.append(Slot(target, track=track, shown=Shown(track.state, track.cause, now_ms, now_ms)))
    runner = Runner(clock, resolver, transports, "check", ClockDoubt(clock))
    try:
        async for row in check(
            runner, (slot for slot in slots if selection.matches(slot)), lambda s: target_view(s, clock), lambda _: None
        ):
            yield row
    finally:
        transports.close()
