"""One suite over every registered probe: its own reason in each situation, in time, leaving nothing behind.

A probe without cases (tests/agent/probes/NAME/conformance.py) fails here.
"""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from agent.clock import SystemClock
from agent.model import ProbeResult, Reason
from agent.probes.registry import PROBES
from agent.probes.resolver import Resolved, Unresolved
from agent.probes.spec import ProbeContext, Shared
from tests.conformance.cases import CASES, runnable
from tests.conformance.conditions import NEIGHBOUR_SECONDS, healthy_neighbour, no_descriptors, nothing_left
from tests.conformance.situations import PRIVATE_NET, SILENT_ADDRESS, Case, Situation
from tests.namespaces import in_a_private_network
from tests.pki import HOST
from tests.probing import StaticResolver, target_of

TIMEOUT_SECONDS = 0.4
PATIENT_SECONDS = 5.0  # where an answer is to come, however busy the machine
LATE_SECONDS = 0.5
CLOCK = SystemClock()
NAMES = {
    Situation.UNRESOLVABLE: Unresolved(Reason.NAME_NOT_FOUND, "no such name"),
    Situation.RESOLVER_FAILED: Unresolved(Reason.RESOLVER_FAILED, "no answer"),
}
MATRIX = [
    pytest.param(case, situation, id=f"{case.name}-{situation}")
    for case in runnable()
    for situation in case.situations()
]


@contextlib.asynccontextmanager
async def opened(case: Case):  # type: ignore[no-untyped-def]
    """What the runs of this probe share."""
    shared: Shared = PROBES[case.probe].open(CLOCK)
    try:
        yield shared
    finally:
        shared.close()


async def run(case: Case, shared: Shared, address: str, situation: Situation, timeout: float) -> ProbeResult:
    here = NAMES.get(situation) or Resolved("127.0.0.1", stale=False, took_seconds=0.0)
    context = ProbeContext(CLOCK, CLOCK.monotonic() + timeout, StaticResolver({HOST: here}), shared)
    target = target_of(case.probe, address, case.options)
    return await PROBES[case.probe].run(target, case.options, context)


def timeout_of(situation: Situation) -> float:
    return PATIENT_SECONDS if situation in (Situation.OK, Situation.SLOW) else TIMEOUT_SECONDS


async def warm_up(case: Case) -> None:
    """What is opened once per process (contexts, libraries) must not count as left open."""
    async with opened(case) as shared, case.open(Situation.OK) as address:
        assert (await run(case, shared, address, Situation.OK, PATIENT_SECONDS)).reason is Reason.OK


@pytest.mark.parametrize(("case", "situation"), MATRIX)
async def test_its_own_reason_in_time_and_nothing_left(case: Case, situation: Situation) -> None:
    await warm_up(case)
    async with nothing_left(), opened(case) as shared, case.open(situation) as address:
        if situation is Situation.NO_DESCRIPTORS:
            await run(case, shared, address, Situation.OK, PATIENT_SECONDS)  # what is shared is open by now
            await asyncio.sleep(0.1)  # and what the listener accepted is closed: it must not free a descriptor later
        began = CLOCK.monotonic()
        with no_descriptors() if situation is Situation.NO_DESCRIPTORS else contextlib.nullcontext():
            result = await asyncio.wait_for(run(case, shared, address, situation, timeout_of(situation)), 10)
        took = CLOCK.monotonic() - began
    assert result.reason in case.reasons(situation), result
    assert result.verdict is result.reason.verdict
    assert took < timeout_of(situation) + LATE_SECONDS
    assert 0 <= result.took_seconds <= took + 0.01
    assert result.facts is None or isinstance(result.facts, PROBES[case.probe].facts)


@pytest.mark.alone
@pytest.mark.parametrize(("case", "situation"), MATRIX)
async def test_a_healthy_neighbour_is_not_held_up(case: Case, situation: Situation) -> None:
    if situation is Situation.NO_DESCRIPTORS:
        return  # nobody is healthy without descriptors
    async with opened(case) as shared, case.open(situation) as address, healthy_neighbour() as took:
        await run(case, shared, address, situation, timeout_of(situation))
    assert max(took) < NEIGHBOUR_SECONDS


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in runnable()])
async def test_a_cancelled_run_stops_at_once_and_leaves_nothing(case: Case) -> None:
    await warm_up(case)
    async with nothing_left(), opened(case) as shared, case.open(Situation.SILENT) as address:
        task = asyncio.create_task(run(case, shared, address, Situation.SILENT, 30.0))
        await asyncio.wait({task}, timeout=0.1)
        assert not task.done()
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=0.5)
        assert done
        assert task.cancelled()


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in runnable()])
async def test_many_at_once_and_the_next_one_is_well(case: Case) -> None:
    """What one run leaves in the shared sockets must not reach another."""
    await warm_up(case)
    async with opened(case) as shared, case.open(Situation.SILENT) as silent, case.open(Situation.OK) as well:
        runs = [run(case, shared, silent, Situation.SILENT, 0.3) for _ in range(8)]
        runs += [run(case, shared, well, Situation.OK, PATIENT_SECONDS) for _ in range(8)]
        results = await asyncio.gather(*runs)
    assert {each.verdict for each in results[:8]} == {each.verdict for each in case.reasons(Situation.SILENT)}
    assert [each.reason for each in results[8:]] == [Reason.OK] * 8


def test_every_registered_probe_has_cases() -> None:
    assert {case.probe for case in CASES} == set(PROBES)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_every_situation_is_answered_for(case: Case) -> None:
    for situation in case.situations():
        assert case.reasons(situation)
    assert not set(case.expected) & set(case.cannot)


@pytest.mark.parametrize("name", sorted(PROBES))
def test_what_silence_means_is_declared(name: str) -> None:
    silences = [case.reasons(Situation.SILENT) for case in CASES if case.probe == name]
    assert any(PROBES[name].silence in each for each in silences)


def test_probes_that_need_a_silent_address_in_a_private_network() -> None:
    """The same suite once more in the lab's private network, where an address can be silent without a listener."""
    inside = PRIVATE_NET, SILENT_ADDRESS
    in_a_private_network(__file__, inside, "127.0.0.1", "-k", "not in_a_private_network")
