"""Communes behind cables with delay, jitter, loss and cuts: what the probe measures against what the cable did.

district 10.84.N.1 == cable N == commune 10.84.N.2 to .6, for four communes; cables run in the hub between them.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import AsyncIterator, Iterator

import pytest

from agent.model import Reason, Verdict
from agent.probes.icmp.channel import Mode
from agent.probes.icmp.options import IcmpDegraded, IcmpOptions
from agent.probes.icmp.probe import describe_error
from agent.probes.icmp.reasons import IcmpReason
from agent.probes.icmp.sockets import EchoSockets
from tests.agent.probes.icmp.fixtures import CLOCK, facts_of, ping
from tests.peers.icmp_network import Network

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

COMMUNES = range(1, 5)
HOSTS = range(2, 7)


def lay(net: Network, number: int) -> None:
    commune = f"xa{number}"
    net.add(commune)
    net.veth(("mon", commune), ("hub", f"d{number}"))
    net.veth((commune, "eth0"), ("hub", f"c{number}"))
    net.ip("mon", "link", "set", "dev", commune, "address", f"02:00:00:00:{number:02x}:01")
    net.ip(commune, "link", "set", "dev", "eth0", "address", f"02:00:00:00:{number:02x}:02")
    net.address("mon", commune, f"10.84.{number}.1/24")
    net.address(commune, "eth0", *(f"10.84.{number}.{host}/24" for host in HOSTS))
    # the neighbours are known, so that every frame on the cable is a ping's
    net.ip(commune, "neigh", "add", f"10.84.{number}.1", "lladdr", f"02:00:00:00:{number:02x}:01", "dev", "eth0")
    for host in HOSTS:
        words = (f"10.84.{number}.{host}", "lladdr", f"02:00:00:00:{number:02x}:02", "dev", commune)
        net.ip("mon", "neigh", "add", *words)


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as net:
        net.add("mon", "hub")
        for short in ("mon", "hub"):
            net.sysctl(short, ipv6__conf__default__disable_ipv6="1")
        for number in COMMUNES:
            lay(net, number)
            net.sysctl(f"xa{number}", ipv6__conf__all__disable_ipv6="1")
        net.lay_cables("hub", *(f"xa{n}=d{n},c{n}" for n in COMMUNES))
        yield net


@pytest.fixture
async def sockets(network: Network) -> AsyncIterator[EchoSockets]:
    opened = EchoSockets(CLOCK, describe_error, modes=(Mode.RAW,))
    with network.inside("mon"):
        opened._channel(4, dont_fragment=False, now=CLOCK.monotonic())
    for number in COMMUNES:
        network.cable(f"xa{number}", delay=0.0, jitter=0.0, loss=0.0, up=True)
    yield opened
    opened.close()


async def test_round_trips_are_those_of_the_cable(network: Network, sockets: EchoSockets) -> None:
    delays = {1: 0.0, 2: 0.01, 3: 0.06, 4: 0.3}
    for number, delay in delays.items():
        network.cable(f"xa{number}", delay=delay)
    options = IcmpOptions(packets=10, spacing=0.02)
    results = await asyncio.gather(*(ping(sockets, f"10.84.{n}.2", options, timeout=5) for n in delays))
    for delay, result in zip(delays.values(), results, strict=True):
        facts = facts_of(result)
        assert (result.reason, facts.received, facts.hop_limit) == (Reason.OK, 10, 64)
        shortest, mean = facts.rtt_min_seconds or 0.0, facts.rtt_mean_seconds or 0.0
        assert 2 * delay <= shortest <= 2 * delay + 0.01
        assert shortest <= mean <= 2 * delay + 0.03
        print(f"cable 2 x {delay * 1000:.0f} ms: min {shortest * 1000:.2f} mean {mean * 1000:.2f} ms")


async def test_loss_is_what_the_cable_dropped(network: Network, sockets: EchoSockets) -> None:
    loss = 0.15
    network.cable("xa1", loss=loss)
    options = IcmpOptions(packets=100, spacing=0.005)
    runs = [f"10.84.1.{host}" for host in HOSTS]
    results = await asyncio.gather(*(ping(sockets, address, options, timeout=2) for address in runs))
    _, dropped = network.cable("xa1", loss=0.0)
    lost = sum(facts_of(result).sent - facts_of(result).received for result in results)
    assert sum(facts_of(result).sent for result in results) == 500
    assert lost == dropped  # to the packet
    expected = 1 - (1 - loss) ** 2
    deviation = math.sqrt(expected * (1 - expected) / 500)
    assert abs(lost / 500 - expected) < 4.5 * deviation
    assert all(result.success for result in results)


async def test_limits_degrade(network: Network, sockets: EchoSockets) -> None:
    network.cable("xa1", loss=0.3)
    network.cable("xa2", delay=0.1)
    network.cable("xa3", delay=0.05, jitter=0.02)
    limits = IcmpDegraded(loss=0.05, rtt=0.15, jitter=0.005)
    options = IcmpOptions(packets=40, spacing=0.01, degraded=limits)
    results = await asyncio.gather(*(ping(sockets, f"10.84.{n}.2", options, timeout=2) for n in (1, 2, 3)))
    assert [result.reason for result in results] == [IcmpReason.HIGH_LOSS, Reason.HIGH_RTT, IcmpReason.HIGH_JITTER]
    assert {result.verdict for result in results} == {Verdict.DEGRADED}


async def test_a_cut_cable_is_silent_and_only_its_own_commune_is_down(network: Network, sockets: EchoSockets) -> None:
    options = IcmpOptions(packets=3, spacing=0.02)
    for up in (True, False, True):
        network.cable("xa2", up=up)
        results = await asyncio.gather(*(ping(sockets, f"10.84.{n}.2", options, timeout=0.5) for n in COMMUNES))
        expected = [Reason.OK if up or n != 2 else Reason.TIMEOUT for n in COMMUNES]
        assert [result.reason for result in results] == expected
    assert results[1].took_seconds < 0.5


async def test_a_cable_cut_in_the_middle_of_a_burst(network: Network, sockets: EchoSockets) -> None:
    burst = asyncio.create_task(ping(sockets, "10.84.1.2", IcmpOptions(packets=20, spacing=0.04), timeout=2))
    await asyncio.sleep(0.4)
    network.cable("xa1", up=False)
    result = await burst
    facts = facts_of(result)
    assert result.reason is Reason.OK
    assert facts.sent == 20
    assert 3 <= facts.received <= 17


async def test_replies_after_the_deadline_are_lost(network: Network, sockets: EchoSockets) -> None:
    network.cable("xa1", delay=0.2)
    result = await ping(sockets, "10.84.1.2", IcmpOptions(packets=2, spacing=0.02), timeout=0.3)
    assert (result.reason, facts_of(result).received) == (Reason.TIMEOUT, 0)
    assert 0.3 <= result.took_seconds < 0.4
    later = await ping(sockets, "10.84.1.2", IcmpOptions(packets=2, spacing=0.02), timeout=2)
    assert (facts_of(later).received, facts_of(later).duplicates) == (2, 0)  # the late ones are nobody's


async def test_a_carrier_lost_at_our_own_end_is_not_the_targets_fault(network: Network, sockets: EchoSockets) -> None:
    network.ip("hub", "link", "set", "dev", "d4", "down")
    network.ip("mon", "link", "set", "dev", "xa4", "down")
    try:
        result = await ping(sockets, "10.84.4.2", IcmpOptions())
    finally:
        network.ip("mon", "link", "set", "dev", "xa4", "up")
        network.ip("hub", "link", "set", "dev", "d4", "up")
    assert (result.verdict, result.reason) == (Verdict.LOCAL_ERROR, Reason.NO_ROUTE)
