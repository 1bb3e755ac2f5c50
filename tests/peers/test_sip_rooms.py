"""The SIP probe against a kamailio registrar, twenty baresip rooms and sipp, over UDP, TCP and TLS."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from agent.clock import SystemClock
from agent.model import ProbeResult, Reason, ReasonCode
from agent.probes.options import Transport
from agent.probes.sip.facts import SipFacts
from agent.probes.sip.options import SipOptions, TcpFallback
from agent.probes.sip.probe import SPEC
from agent.probes.sip.reasons import SipReason
from agent.probes.sip.shared import SipShared
from agent.probes.sip.status_codes import Via
from agent.probes.spec import ProbeContext
from agent.probes.tls.options import TlsOptions
from tests.peers.sip_rooms import DOMAIN, REGISTRAR, SIPP, District, room_address, room_name
from tests.probing import StaticResolver, target_of

pytestmark = pytest.mark.peers
ROOMS = 20
KILLED, FROZEN, LEFT, VANISHED = 17, 18, 19, 20  # rooms that a test breaks; the others live to the end
UDP = SipOptions(tcp_fallback=TcpFallback.OFF)
TCP = SipOptions(transport=Transport.TCP)
RELAYED = replace(UDP, via=Via.REGISTRAR, domain=DOMAIN)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    running = District(tmp_path_factory.mktemp("sip"), ROOMS)
    try:
        running.start()
        asyncio.run(_all_registered(running))
        yield running
    finally:
        running.stop()


async def _all_registered(district: District) -> None:
    """Rooms register within seconds; probing until they have is the waiting."""
    missing = set(district.rooms())
    async with asyncio.timeout(30):
        while missing:
            await asyncio.sleep(0.2)
            assert district.alive(), district.logs()
            numbers = sorted(missing)
            results = await ask([relayed(number) for number in numbers], RELAYED, 1.0)
            missing -= {number for number, result in zip(numbers, results, strict=True) if result.reason is Reason.OK}


async def ask(addresses: list[str], options: SipOptions, timeout: float = 3.0) -> list[ProbeResult]:
    """All at once on one shared socket."""
    clock = SystemClock()
    shared = SipShared(clock)
    ctx = ProbeContext(clock, clock.monotonic() + timeout, StaticResolver(), shared)
    try:
        runs = [SPEC.run(target_of("sip", address, options), options, ctx) for address in addresses]
        return await asyncio.gather(*runs)
    finally:
        shared.close()


async def one(address: str, options: SipOptions, timeout: float = 3.0) -> ProbeResult:
    (result,) = await ask([address], options, timeout)
    return result


def direct(number: int) -> str:
    return f"sip:{room_name(number)}@{room_address(number)}"


def relayed(number: int) -> str:
    return f"sip:{room_name(number)}@{REGISTRAR}"


def over_tls(district: District) -> SipOptions:
    return SipOptions(transport=Transport.TLS, tls_config=TlsOptions(ca_file=district.ca_file))


def facts_of(result: ProbeResult) -> SipFacts:
    assert isinstance(result.facts, SipFacts)
    return result.facts


LIVING = range(1, KILLED)


@pytest.mark.parametrize("transport", list(Transport))
async def test_every_room_answers_directly_on_every_transport(district: District, transport: Transport) -> None:
    options = over_tls(district) if transport is Transport.TLS else replace(UDP, transport=transport)
    results = await ask([direct(number) for number in LIVING], options, 5.0)
    assert {result.reason for result in results} == {Reason.OK}, [result.detail for result in results]
    for result in results:
        facts = facts_of(result)
        assert (facts.status_code, facts.in_use, facts.transport) == (200, 0, transport.value)
        assert facts.server.startswith("baresip")
        assert (facts.tls_expiry_timestamp_seconds is not None) == (transport is Transport.TLS)


@pytest.mark.parametrize("transport", list(Transport))
async def test_the_registrar_relays_to_every_room(district: District, transport: Transport) -> None:
    base = over_tls(district) if transport is Transport.TLS else replace(UDP, transport=transport)
    options = replace(base, via=Via.REGISTRAR, domain=DOMAIN)
    results = await ask([relayed(number) for number in LIVING], options, 5.0)
    assert [facts_of(result).status_code for result in results] == [200] * len(LIVING)
    assert all(facts_of(result).server.startswith("baresip") for result in results)


async def test_a_user_that_is_not_the_rooms_is_still_a_living_room(district: District) -> None:
    result = await one(room_address(1), UDP)
    assert (result.reason, facts_of(result).status_code) == (SipReason.REQUEST_REFUSED, 404)


async def test_the_registrar_itself_and_what_it_will_not_say(district: District) -> None:
    itself, unknown, guarded = await ask([REGISTRAR, f"sip:nobody@{REGISTRAR}", f"sip:guarded@{REGISTRAR}"], RELAYED)
    assert (itself.reason, facts_of(itself).status_code) == (Reason.OK, 200)
    assert (unknown.reason, facts_of(unknown).status_code) == (SipReason.NOT_REGISTERED, 404)
    assert (guarded.reason, facts_of(guarded).status_code) == (Reason.NOT_PERMITTED, 403)


async def test_a_killed_room_is_refused_at_once(district: District) -> None:
    district.signal(KILLED, signal.SIGKILL)
    for options in (UDP, SipOptions(), TCP, over_tls(district)):
        result = await one(direct(KILLED), options)
        assert (result.reason, result.took_seconds < 0.5) == (Reason.REFUSED, True)
    assert (await one(direct(1), UDP)).reason is Reason.OK


async def test_a_frozen_room_is_silent_while_its_tcp_port_stays_open(district: District) -> None:
    district.signal(FROZEN, signal.SIGSTOP)
    answer_wanted = SipOptions(tcp_fallback=TcpFallback.ANSWER)
    cases = (UDP, answer_wanted, SipOptions(), TCP, over_tls(district))
    results = await asyncio.gather(*(one(direct(FROZEN), options, 1.0) for options in cases))
    reasons = [result.reason for result in results]
    assert reasons == [Reason.TIMEOUT, Reason.TIMEOUT, SipReason.TCP_ONLY, Reason.TIMEOUT, Reason.TIMEOUT]
    assert all(result.took_seconds < 1.2 for result in results)
    district.signal(FROZEN, signal.SIGCONT)
    assert (await one(direct(FROZEN), UDP)).reason is Reason.OK


async def test_a_room_that_left_is_not_registered(district: District) -> None:
    district.signal(LEFT, signal.SIGTERM)
    result = await one(relayed(LEFT), RELAYED)
    assert (result.reason, facts_of(result).status_code) == (SipReason.NOT_REGISTERED, 404)


async def test_a_room_that_vanished_cannot_be_reached_by_its_registrar(district: District) -> None:
    district.signal(VANISHED, signal.SIGKILL)
    result = await one(relayed(VANISHED), RELAYED, 4.0)
    assert (result.reason, facts_of(result).status_code) == (SipReason.ENDPOINT_UNREACHABLE, 408)


@pytest.mark.parametrize(
    ("status", "delay_ms", "port", "reason"),
    [
        ("503 Service Unavailable", 700, 5060, SipReason.SERVER_ERROR),
        ("486 Busy Here", 0, 5062, SipReason.IN_USE),
        ("480 Temporarily Unavailable", 0, 5064, SipReason.REQUEST_REFUSED),
    ],
)
async def test_sipp_says_it_as_it_is(
    district: District, status: str, delay_ms: int, port: int, reason: ReasonCode
) -> None:
    district.sipp(status, delay_ms, port)
    result = await until_it_listens(f"{SIPP}:{port}")
    facts = facts_of(result)
    assert (result.reason, facts.status_code) == (reason, int(status[:3])), district.logs()
    assert facts.in_use == (1 if reason is SipReason.IN_USE else None)
    assert (facts.rtt_seconds or 0) >= delay_ms / 1000 - 0.01  # sipp's timers are whole milliseconds of its own clock


async def until_it_listens(address: str) -> ProbeResult:
    async with asyncio.timeout(10):
        while (result := await one(address, UDP)).reason is Reason.REFUSED:
            await asyncio.sleep(0.05)
    return result
