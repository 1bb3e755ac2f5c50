"""Running one probe in a test: a target, a context with a real clock, and a resolver that says what it is told."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from agent.clock import SystemClock
from agent.engine.stalls import LoopStalls, RunDelay
from agent.model import Policy, ProbeResult, Reason, Role, Target
from agent.probes.resolver import IpFamily, Resolved, Unresolved
from agent.probes.spec import ProbeContext, ProbeSpec

POLICY = Policy(
    interval_ms=60_000, timeout_ms=5_000, grace_ms=30_000, fail_after=3, recover_after=1, confirm_interval_ms=5_000
)


@dataclass(frozen=True, slots=True)
class StaticResolver:
    """Answers at once: what it was told for a name, NAME_NOT_FOUND for names unknown, numeric hosts as they are."""

    names: Mapping[str, Resolved | Unresolved] = field(default_factory=dict)

    async def resolve(self, host: str, family: IpFamily, deadline: float) -> Resolved | Unresolved:  # noqa: ARG002 - told
        if host in self.names:
            return self.names[host]
        if host.replace(".", "").isdigit() or ":" in host:
            return Resolved(host, stale=False, took_seconds=0.0)
        return Unresolved(Reason.NAME_NOT_FOUND, f"{host}: no such name")


def target_of(probe: str, address: str, options: object) -> Target:
    return Target(
        id="here/check",
        name="Check",
        site="here",
        unit="here",
        role=Role.SERVICE,
        module=probe,
        probe=probe,
        address=address,
        options=options,
        policy=POLICY,
    )


@contextmanager
def counted_stalls() -> Iterator[LoopStalls]:
    """The running loop's standstills, as the agent counts them."""
    run_delay = RunDelay()
    with LoopStalls(SystemClock(), run_delay.seconds) as stalls:
        yield stalls
    run_delay.close()


class Stalls:
    """How long the loop let nobody else run within the block: `longest`, in seconds of this thread's CPU.

    Of the CPU, so that what else the machine does is no stall of ours. What earlier tests left is hidden from the
    garbage collector meanwhile: it would take the longer, the more of them ran.
    """

    def __init__(self) -> None:
        self.longest = 0.0

    async def __aenter__(self) -> Self:
        gc.freeze()
        self._task = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0)
        self._task.cancel()
        gc.unfreeze()

    async def _watch(self) -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            now = time.thread_time()
            self.longest = max(self.longest, now - before)
            before = now


def least_cpu(call: Callable[[], object]) -> float:
    """Seconds of CPU of the cheapest of three calls: a busy machine, or the garbage collector, makes one dearer."""
    costs = []
    for _ in range(3):
        began = time.thread_time()
        call()
        costs.append(time.thread_time() - began)
    return min(costs)


async def run_probe(
    spec: ProbeSpec[Any, Any],
    address: str,
    options: object,
    *,
    timeout: float = 5.0,
    names: Mapping[str, Resolved | Unresolved] | None = None,
) -> ProbeResult:
    """One run with everything opened for it and closed after it."""
    clock = SystemClock()
    shared = spec.open(clock)
    ctx = ProbeContext(clock, clock.monotonic() + timeout, StaticResolver(names or {}), shared)
    try:
        return await spec.run(target_of(spec.probe, address, options), options, ctx)
    finally:
        shared.close()
