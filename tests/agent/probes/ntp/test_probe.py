from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from agent.clock import SystemClock
from agent.lab.listeners.ntp import NtpServer
from agent.model import ProbeResult, Reason, Verdict
from agent.probes.ntp.facts import NtpFacts
from agent.probes.ntp.options import NtpDegraded, NtpOptions
from agent.probes.ntp.probe import SPEC
from agent.probes.ntp.reasons import NtpReason
from tests.probing import run_probe

NO_LIMITS = NtpOptions(degraded=NtpDegraded(None, None))


@pytest.fixture
async def server() -> AsyncIterator[NtpServer]:
    server = NtpServer()
    await server.open("127.0.0.1")
    yield server
    await server.close()


async def ask(server: NtpServer, options: NtpOptions | None = None, timeout: float = 2.0) -> ProbeResult:
    return await run_probe(SPEC, f"127.0.0.1:{server.port}", options or NtpOptions(), timeout=timeout)


def facts_of(result: ProbeResult) -> NtpFacts:
    assert isinstance(result.facts, NtpFacts)
    return result.facts


@pytest.mark.parametrize("offset", [0.0, 0.75, -0.75])
async def test_a_server_near_our_clock_is_well(server: NtpServer, offset: float) -> None:
    server.offset_seconds = offset
    result = await ask(server)
    facts = facts_of(result)
    assert (result.reason, facts.stratum, facts.leap) == (Reason.OK, 2, 0), result.detail
    assert facts.offset_seconds == pytest.approx(offset, abs=0.1)
    assert 0 <= (facts.delay_seconds or 0) <= (facts.rtt_seconds or 0) <= result.took_seconds
    assert facts.reference == "7f000001"


@pytest.mark.parametrize("offset", [5.0, -5.0, 86_400.0])
async def test_a_clock_beyond_the_limit_is_degraded_with_its_sign(server: NtpServer, offset: float) -> None:
    server.offset_seconds = offset
    result = await ask(server)
    assert (result.verdict, result.reason) == (Verdict.DEGRADED, NtpReason.CLOCK_OFFSET)
    assert facts_of(result).offset_seconds == pytest.approx(offset, abs=0.1)
    assert result.detail.startswith("clocks differ by +" if offset > 0 else "clocks differ by -")
    assert (await ask(server, NO_LIMITS)).reason is Reason.OK


async def test_the_round_trip_is_given_to_the_server_before_its_clock_is_called_wrong(server: NtpServer) -> None:
    server.offset_seconds = 0.001
    limits = NtpDegraded(offset=0.0005, root_dispersion=None)
    result = await ask(server, NtpOptions(degraded=limits))
    facts = facts_of(result)
    least = max(0.0, abs(facts.offset_seconds or 0) - (facts.delay_seconds or 0) / 2)
    assert (result.reason is NtpReason.CLOCK_OFFSET) == (least > 0.0005)


async def test_a_server_that_is_not_sure_itself_is_degraded(server: NtpServer) -> None:
    server.root_dispersion_seconds = 1.5
    result = await ask(server)
    assert (result.verdict, result.reason, facts_of(result).root_dispersion_seconds) == (
        Verdict.DEGRADED, NtpReason.HIGH_ROOT_DISPERSION, 1.5,
    )  # fmt: skip
    assert (await ask(server, NO_LIMITS)).reason is Reason.OK


@pytest.mark.parametrize(("leap", "stratum"), [(3, 2), (3, 0), (0, 0), (0, 16)])
async def test_a_server_without_a_source_has_failed_and_its_time_measures_nothing(
    server: NtpServer, leap: int, stratum: int
) -> None:
    server.leap, server.stratum, server.reference = leap, stratum, b"\0\0\0\0"
    result = await ask(server, NO_LIMITS)
    assert (result.verdict, result.reason) == (Verdict.FAILED, NtpReason.NOT_SYNCHRONISED)
    assert result.detail == f"leap {leap}, stratum {stratum}"
    assert (facts_of(result).stratum, facts_of(result).offset_seconds) == (stratum, None)


@pytest.mark.parametrize("code", ["RATE", "DENY", "RSTR"])
async def test_a_refusal_speaks_of_us(server: NtpServer, code: str) -> None:
    server.kiss(code)
    result = await ask(server)
    assert (result.verdict, result.reason, result.detail) == (
        Verdict.LOCAL_ERROR, Reason.NOT_PERMITTED, f"kiss code {code}",
    )  # fmt: skip


async def test_another_kiss_code_is_a_server_that_has_no_time_yet(server: NtpServer) -> None:
    server.kiss("INIT")
    assert (await ask(server)).reason is NtpReason.NOT_SYNCHRONISED


async def test_an_answer_to_a_request_that_we_did_not_make_is_passed_over(server: NtpServer) -> None:
    server.wrong_origin = True
    assert (await ask(server, timeout=0.3)).reason is Reason.TIMEOUT


async def test_a_request_is_sent_once(server: NtpServer) -> None:
    server.wrong_origin = True
    await ask(server, timeout=0.5)
    assert server.requests == 1


async def test_a_slow_answer_says_so_within_its_limit(server: NtpServer) -> None:
    limits = NtpDegraded(rtt=1e-7)
    assert (await ask(server, NtpOptions(degraded=limits))).reason is Reason.HIGH_RTT


async def test_many_at_once_share_one_socket(server: NtpServer) -> None:
    shared = SPEC.open(SystemClock())
    try:
        sock = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
        deadline = SystemClock().monotonic() + 3
        outcomes = await asyncio.gather(*(sock.ask(("127.0.0.1", server.port), deadline) for _ in range(200)))
        assert all(outcome.answer for outcome in outcomes)
        assert shared.udp.socket(socket.AF_INET, "", "127.0.0.1") is sock
    finally:
        shared.close()


async def test_an_address_may_name_its_port_and_else_the_module_does(server: NtpServer) -> None:
    result = await run_probe(SPEC, "127.0.0.1", NtpOptions(port=server.port), timeout=2.0)
    assert result.reason is Reason.OK
