"""SNMP's silence is not the device's: a reason of its own while ping on the same address answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from agent.engine.adhoc.check import CheckResult
from agent.engine.adhoc.local_check import check_locally
from agent.model import Facts, ProbeResult, Reason, Role, Selection, State, Target
from agent.probes.address import Host
from agent.probes.resolver import IpFamily
from agent.probes.spec import NothingShared, ProbeContext, ProbeSpec
from tests.agent.engine.world import SILENT_BESIDE_PING, NoResolver, World, inventory, path, target
from tests.clock import TravellingClock

PING, SNMP = "a/switch", "a/switch-snmp"
BOTH = [
    target(PING, role=Role.LAN, probe="icmp", address="192.0.2.2"),
    target(SNMP, role=Role.DEVICE, probe="asks", address="192.0.2.2", parents=(PING,)),
]


@pytest.mark.parametrize(
    ("ping", "reason"),
    [
        (Reason.OK, SILENT_BESIDE_PING),
        (Reason.HIGH_RTT, SILENT_BESIDE_PING),
        (Reason.TIMEOUT, Reason.TIMEOUT),
    ],
)
async def test_silence_beside_a_ping(ping: Reason, reason: Reason) -> None:
    world = World(lambda who, _: ping if who == PING else Reason.TIMEOUT)
    await world.begin(inventory(BOTH))
    await world.go(200)
    view = world.views[SNMP]
    assert (view.state, view.cause) == (State.DOWN, reason)
    assert view.failure_reasons.keys() <= {reason, Reason.TIMEOUT}


async def test_a_ping_that_is_no_parent_is_asked_before_the_silence_is_called_an_outage() -> None:
    """Whichever of the two comes first after the start."""
    pairs = [
        one
        for site in "abcdefgh"
        for one in (
            target(f"{site}/switch", probe="icmp", address=f"{site}.example"),
            target(f"{site}/switch-snmp", probe="asks", address=f"{site}.example"),
        )
    ]
    world = World(lambda who, _: Reason.OK if who.endswith("switch") else Reason.TIMEOUT)
    await world.begin(inventory(pairs))
    await world.go(120)
    assert {view.cause for id_, view in world.views.items() if id_.endswith("snmp")} == {SILENT_BESIDE_PING}


async def test_silence_of_an_address_that_nobody_pings_is_silence() -> None:
    elsewhere = target(PING, role=Role.LAN, probe="icmp", address="192.0.2.3")
    world = World(lambda who, _: Reason.OK if who == PING else Reason.TIMEOUT)
    await world.begin(inventory([elsewhere, BOTH[1]]))
    await world.go(200)
    assert world.views[SNMP].cause is Reason.TIMEOUT


async def test_a_device_that_dies_is_silent_as_a_whole() -> None:
    """Its ping is asked again before anything is called DOWN: the last good round is no evidence."""
    world = World(lambda _, at_ms: Reason.OK if at_ms < 300_000 else Reason.TIMEOUT)
    await world.begin(inventory(BOTH))
    await world.go(500)
    assert (world.views[SNMP].cause, world.views[SNMP].upstream) == (Reason.TIMEOUT, PING)


async def test_a_refusal_keeps_its_reason() -> None:
    world = World(lambda who, _: Reason.OK if who == PING else Reason.REFUSED)
    await world.begin(inventory(BOTH))
    await world.go(200)
    assert world.views[SNMP].cause is Reason.REFUSED


async def test_a_reload_wires_the_pings_anew() -> None:
    world = World(lambda who, _: Reason.OK if who == PING else Reason.TIMEOUT)
    await world.begin(inventory([replace(BOTH[1], parents=())]))
    await world.go(100)
    await world.engine.reload(inventory(BOTH))
    await world.go(70)
    last_run = world.views[SNMP].last_run
    assert last_run is not None
    assert last_run.result.reason is SILENT_BESIDE_PING


async def test_silent_snmp_loses_no_path_and_an_answer_keeps_it() -> None:
    anchors = path("wan", "anchor-1", "anchor-2")
    behind = [target(SNMP, role=Role.DEVICE, probe="asks", address="192.0.2.2", paths=("wan",))]
    world = World(lambda *_: Reason.TIMEOUT)
    await world.begin(inventory(behind, [anchors]))
    await world.go(400)
    assert world.paths["wan"].up is not False

    answers = World(lambda who, _: Reason.OK if who == SNMP else Reason.TIMEOUT)
    others = [*behind, target("b/room", paths=("wan",))]
    await answers.begin(inventory(others, [anchors]))
    await answers.go(400)
    assert answers.paths["wan"].up is not False
    assert answers.state("b/room") is State.DOWN


async def test_a_check_without_an_agent_is_judged_by_the_pings_of_the_same_check() -> None:
    async def probe(who: Target, _: object, __: ProbeContext[NothingShared]) -> ProbeResult:
        return ProbeResult.of(Reason.OK if who.probe == "icmp" else Reason.TIMEOUT, 0.0)

    def spec(name: str, **more: Any) -> ProbeSpec[Any, Any]:
        families = lambda _: IpFamily.PREFER_IP4  # noqa: E731
        return ProbeSpec(
            name, type(None), Facts, Reason.TIMEOUT, lambda _: NothingShared(), probe, Host, families, **more
        )

    registry = {"icmp": spec("icmp"), "asks": spec("asks", silence_beside_ping=SILENT_BESIDE_PING)}
    rows: AsyncIterator[CheckResult] = check_locally(BOTH, Selection(), TravellingClock(), NoResolver(), registry)
    reasons = {row.view.target.id: row.result.reason async for row in rows}
    assert reasons == {PING: Reason.OK, SNMP: SILENT_BESIDE_PING}
