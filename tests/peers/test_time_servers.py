"""The probe ntp against chrony: synchronised, without a source, five seconds ahead, limiting its clients, gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.model import ProbeResult, Reason, Verdict
from agent.probes.ntp.facts import NtpFacts
from agent.probes.ntp.options import NtpOptions
from agent.probes.ntp.probe import SPEC
from agent.probes.ntp.reasons import NtpReason
from tests.peers.time_servers import TimeServer, altering
from tests.probing import run_probe

pytestmark = pytest.mark.peers
LOCAL = "local stratum 10"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ntp")


@pytest.fixture(scope="module")
def synchronised(folder: Path) -> Iterator[TimeServer]:
    server = TimeServer(folder / "synchronised", "127.0.1.123", LOCAL)
    yield server
    server.stop()


async def ask(server: TimeServer, timeout: float = 3.0) -> ProbeResult:
    return await run_probe(SPEC, server.address, NtpOptions(), timeout=timeout)


def facts_of(result: ProbeResult) -> NtpFacts:
    assert isinstance(result.facts, NtpFacts)
    return result.facts


async def test_a_synchronised_server_is_well_and_has_this_machines_time(synchronised: TimeServer) -> None:
    result = await ask(synchronised)
    facts = facts_of(result)
    assert (result.reason, facts.stratum, facts.leap, facts.reference) == (Reason.OK, 10, 0, "7f7f0101"), result.detail
    assert abs(facts.offset_seconds or 1.0) < 0.05


async def test_a_server_without_a_source_has_failed(folder: Path) -> None:
    server = TimeServer(folder / "unsynchronised", "127.0.1.124", "")
    try:
        result = await ask(server)
    finally:
        server.stop()
    assert (result.verdict, result.reason) == (Verdict.FAILED, NtpReason.NOT_SYNCHRONISED)
    assert facts_of(result).leap == 3


@pytest.mark.parametrize("shift_seconds", [5, -5])
async def test_a_server_five_seconds_off_is_degraded(folder: Path, shift_seconds: int) -> None:
    server = TimeServer(folder / f"shifted{shift_seconds}", "127.0.1.125", LOCAL, shift_seconds)
    try:
        result = await ask(server)
    finally:
        server.stop()
    assert (result.verdict, result.reason) == (Verdict.DEGRADED, NtpReason.CLOCK_OFFSET), result.detail
    assert facts_of(result).offset_seconds == pytest.approx(shift_seconds, abs=0.1)


async def test_a_server_that_limits_its_clients_is_silent_to_the_next_request(folder: Path) -> None:
    server = TimeServer(folder / "limiting", "127.0.1.126", f"{LOCAL}\nratelimit interval 12 burst 1 leak 4")
    try:
        reasons = {(await ask(server, 0.2)).reason for _ in range(10)}
    finally:
        server.stop()
    assert Reason.TIMEOUT in reasons


async def test_a_server_that_hangs_is_silent(folder: Path) -> None:
    server = TimeServer(folder / "hanging", "127.0.1.128", LOCAL)
    server.pause()
    try:
        assert (await ask(server, 0.5)).reason is Reason.TIMEOUT
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("alter", "verdict", "reason"),
    [
        (lambda answer: answer, Verdict.OK, Reason.OK),
        (lambda answer: answer[:24] + bytes(8) + answer[32:], Verdict.FAILED, Reason.TIMEOUT),  # another origin time
        (lambda answer: b"\xe4\0" + answer[2:12] + b"RATE" + answer[16:], Verdict.LOCAL_ERROR, Reason.NOT_PERMITTED),
        (lambda answer: b"\xe4\0" + answer[2:12] + b"DENY" + answer[16:], Verdict.LOCAL_ERROR, Reason.NOT_PERMITTED),
        (lambda answer: answer[:40], Verdict.FAILED, Reason.PROTOCOL_ERROR),
    ],
    ids=["untouched", "wrong origin", "kiss RATE", "kiss DENY", "cut short"],
)
async def test_answers_of_chrony_altered_on_the_way(
    synchronised: TimeServer, alter: Callable[[bytes], bytes], verdict: Verdict, reason: Reason
) -> None:
    """chrony 4.3 sends no kiss code and repeats every origin time: a relay makes the rest of its own answers."""
    async with altering(synchronised.address, alter) as address:
        result = await run_probe(SPEC, address, NtpOptions(), timeout=0.5)
    assert (result.verdict, result.reason) == (verdict, reason), result.detail


async def test_a_server_that_was_stopped_refuses(folder: Path) -> None:
    server = TimeServer(folder / "stopped", "127.0.1.127", LOCAL)
    server.stop()
    assert (await ask(server)).reason is Reason.REFUSED
