"""Real pings on loopback. test_loopback.py runs these where pings are permitted, else in a private network."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.model import Reason, ReasonCode, Verdict
from agent.probes.icmp.channel import Mode
from agent.probes.icmp.options import IcmpDegraded, IcmpOptions
from agent.probes.icmp.probe import describe_error, open_sockets, permission_hint
from agent.probes.icmp.reasons import IcmpReason
from agent.probes.icmp.sockets import EchoSockets
from agent.probes.resolver import IpFamily, Resolved, Unresolved
from tests.agent.probes.icmp.fixtures import CLOCK, Fixed, facts_of, ping

MILLISECOND = 0.001


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture
async def sockets() -> AsyncIterator[EchoSockets]:
    opened = open_sockets(CLOCK)
    yield opened
    opened.close()


def test_pings_are_permitted_here() -> None:
    assert permission_hint() is None


async def test_a_burst_is_answered_measured_and_ends_at_its_last_reply(sockets: EchoSockets) -> None:
    result = await ping(sockets, "127.0.7.1", IcmpOptions(packets=5, spacing=0.02))
    facts = facts_of(result)
    assert (result.verdict, result.reason, result.address) == (Verdict.OK, Reason.OK, "127.0.7.1")
    assert (facts.sent, facts.received, facts.duplicates, facts.loss_ratio) == (5, 5, 0, 0.0)
    assert facts.rtt_min_seconds is not None
    assert facts.rtt_mean_seconds is not None
    assert facts.rtt_max_seconds is not None
    assert 0 < facts.rtt_min_seconds <= facts.rtt_mean_seconds <= facts.rtt_max_seconds < 0.5
    assert facts.jitter_seconds is not None
    assert facts.hop_limit == 64
    assert facts.mos is not None
    assert facts.mos > 4
    assert 0.08 - MILLISECOND < result.took_seconds < 1.0


async def test_one_packet_has_no_jitter(sockets: EchoSockets) -> None:
    facts = facts_of(await ping(sockets, "127.0.7.2", IcmpOptions(packets=1)))
    assert facts.jitter_seconds is None
    assert facts.rtt_min_seconds == facts.rtt_max_seconds == facts.rtt_mean_seconds


@pytest.mark.parametrize("size", [16, 17, 1472, 9000, 65507])
async def test_payload_sizes(sockets: EchoSockets, size: int) -> None:
    assert (await ping(sockets, "127.0.7.3", IcmpOptions(packets=1, size=size))).reason is Reason.OK


async def test_every_option_at_once(sockets: EchoSockets) -> None:
    options = IcmpOptions(packets=2, spacing=0.02, source="127.0.7.77", ttl=3, tos=184, dont_fragment=True, size=100)
    result = await ping(sockets, "127.0.7.4", options)
    assert (result.reason, facts_of(result).received) == (Reason.OK, 2)


async def test_a_source_that_is_not_ours_is_a_local_error(sockets: EchoSockets) -> None:
    result = await ping(sockets, "127.0.7.5", IcmpOptions(source="192.0.2.1"))
    assert (result.verdict, result.reason) == (Verdict.LOCAL_ERROR, Reason.NO_SOURCE_ADDRESS)
    assert facts_of(result).sent == 0


async def test_a_source_of_the_other_ip_version_is_a_local_error(sockets: EchoSockets) -> None:
    result = await ping(sockets, "127.0.7.5", IcmpOptions(source="2001:db8::1"))
    assert (result.verdict, result.reason, result.facts) == (Verdict.LOCAL_ERROR, Reason.NO_SOURCE_ADDRESS, None)
    assert "2001:db8::1" in result.detail


async def test_many_runs_share_one_socket(sockets: EchoSockets) -> None:
    options = IcmpOptions(packets=3, spacing=0.02)
    before = open_files()
    runs = [asyncio.create_task(ping(sockets, f"127.0.8.{n}", options, timeout=10)) for n in range(1, 251)]
    await asyncio.sleep(0)
    assert open_files() <= before + 1
    results = await asyncio.gather(*runs)
    assert {result.reason for result in results} == {Reason.OK}
    assert {facts_of(result).received for result in results} == {3}
    assert sockets.drops.total() == 0
    assert sockets.pending == 0


async def test_runs_to_one_address_are_kept_apart(sockets: EchoSockets) -> None:
    options = IcmpOptions(packets=10, spacing=0.02)
    results = await asyncio.gather(*(ping(sockets, "127.0.7.6", options, timeout=10) for _ in range(50)))
    assert [facts_of(result).received for result in results] == [10] * 50
    assert [facts_of(result).duplicates for result in results] == [0] * 50


async def test_nothing_ticks_when_nothing_is_pending(sockets: EchoSockets) -> None:
    await ping(sockets, "127.0.7.7", IcmpOptions(packets=2, spacing=0.02))
    assert sockets._timer is None
    assert sockets._due == []


async def test_a_cancelled_run_leaves_nothing_behind(sockets: EchoSockets) -> None:
    run = asyncio.create_task(ping(sockets, "127.0.7.8", IcmpOptions(packets=100, spacing=1.0), timeout=60))
    while not sockets.pending:
        await asyncio.sleep(0)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert sockets.pending == 0
    assert sockets._timer is None


async def test_close_answers_what_is_pending() -> None:
    sockets = open_sockets(CLOCK)
    run = asyncio.create_task(ping(sockets, "127.0.7.9", IcmpOptions(packets=3, spacing=1.0), timeout=60))
    while not sockets.pending:
        await asyncio.sleep(0)
    before = open_files()
    sockets.close()
    sockets.close()
    result = await run
    assert result.success or result.reason is Reason.LOCAL_ERROR  # the first reply may have been in already
    assert open_files() == before - 2


async def test_the_burst_is_squeezed_into_half_of_the_time_left(sockets: EchoSockets) -> None:
    result = await ping(sockets, "127.0.7.10", IcmpOptions(packets=20, spacing=1.0), timeout=0.8)
    assert facts_of(result).received == 20
    assert result.took_seconds < 0.7


async def test_a_stalled_loop_loses_nothing_that_came_in_time(sockets: EchoSockets) -> None:
    run = asyncio.create_task(ping(sockets, "127.0.7.11", IcmpOptions(packets=1), timeout=0.05))
    while not sockets.pending:
        await asyncio.sleep(0)
    end = CLOCK.monotonic() + 0.2
    while CLOCK.monotonic() < end:  # the deadline passes while nobody reads
        pass
    result = await run
    assert result.reason is Reason.OK
    assert (facts_of(result).rtt_max_seconds or 1) < 0.05


async def test_a_wall_clock_stepped_in_between_falls_back_to_the_monotonic_one() -> None:
    class Stepping(SystemClock):
        def wall_ns(self) -> int:
            return super().wall_ns() + self.step

        step = 0

    for step in (-3_600_000_000_000, 3_600_000_000_000):
        clock = Stepping()
        clock.step = step
        sockets = open_sockets(clock)
        facts = facts_of(await ping(sockets, "127.0.7.12", IcmpOptions(packets=3, spacing=0.02), clock=clock))
        sockets.close()
        assert facts.received == 3
        assert 0 <= (facts.rtt_max_seconds or -1) < 0.5


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (IcmpDegraded(rtt=1e-9), Reason.HIGH_RTT),
        (IcmpDegraded(jitter=1e-12), IcmpReason.HIGH_JITTER),
        (IcmpDegraded(loss=0.0, rtt=5.0, jitter=5.0), Reason.OK),
    ],
)
async def test_limits_degrade(sockets: EchoSockets, limits: IcmpDegraded, reason: ReasonCode) -> None:
    result = await ping(sockets, "127.0.7.13", IcmpOptions(spacing=0.02, degraded=limits))
    assert result.reason is reason
    assert result.success


async def test_the_resolver_decides_the_address_and_its_failure_the_reason(sockets: EchoSockets) -> None:
    stale = Fixed(Resolved("127.0.7.14", stale=True, took_seconds=0.25))
    result = await ping(sockets, "gateway.test", IcmpOptions(packets=1, family=IpFamily.IP4), resolver=stale)
    assert (result.address, result.stale_address, facts_of(result).resolve_seconds) == ("127.0.7.14", True, 0.25)
    assert stale.asked == [("gateway.test", IpFamily.IP4)]
    for reason in (Reason.NAME_NOT_FOUND, Reason.RESOLVER_FAILED):
        result = await ping(sockets, "nowhere.test", IcmpOptions(), resolver=Fixed(Unresolved(reason, "no such")))
        assert (result.reason, result.detail, result.facts) == (reason, "no such", None)


async def test_without_permission_every_run_is_a_local_error_that_says_what_to_run() -> None:
    sockets = EchoSockets(CLOCK, describe_error, modes=())
    for _ in range(2):
        result = await ping(sockets, "127.0.7.15", IcmpOptions())
        assert (result.verdict, result.reason) == (Verdict.LOCAL_ERROR, Reason.NOT_PERMITTED)
        assert 'sysctl -w net.ipv4.ping_group_range="0 2147483647"' in result.detail
    sockets._modes = tuple(Mode)  # permitted later on: the next run finds out by itself
    assert (await ping(sockets, "127.0.7.15", IcmpOptions(packets=1))).reason is Reason.OK
    sockets.close()


async def test_without_file_descriptors_a_run_is_a_local_error(
    sockets: EchoSockets, no_more_files: Callable[[], None]
) -> None:
    no_more_files()
    result = await ping(sockets, "127.0.7.16", IcmpOptions())
    assert (result.verdict, result.reason) == (Verdict.LOCAL_ERROR, Reason.NO_RESOURCES)


@pytest.fixture
def no_more_files() -> Iterator[Callable[[], None]]:
    """Takes every file descriptor there is, as a leak elsewhere in the process would."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[int] = []

    def take() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(limits[0], 256), limits[1]))
        while True:
            try:
                taken.append(os.dup(0))
            except OSError:
                return

    yield take
    for fd in taken:
        os.close(fd)
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


async def test_identifiers_and_nonces_differ_from_run_to_run() -> None:
    drawn: list[bytes] = []

    def draw(size: int) -> bytes:
        drawn.append(os.urandom(size))
        return drawn[-1]

    sockets = EchoSockets(CLOCK, describe_error, draw=draw)
    for _ in range(20):
        await ping(sockets, "127.0.7.17", IcmpOptions(packets=1))
    sockets.close()
    assert len({entropy[4:] for entropy in drawn if len(entropy) == 20}) == 20
