"""What routers and firewalls answer to pings, told apart, over raw and over datagram sockets, IPv4 and IPv6.

monitor 10.81.0.1 -- 10.81.0.254 router 10.82.0.254 -- 10.82.0.1 far (that link carries 1,280 bytes a packet at most)
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from agent.clock import SystemClock
from agent.model import Reason, Verdict
from agent.probes.icmp.channel import Mode
from agent.probes.icmp.options import IcmpOptions
from agent.probes.icmp.probe import describe_error
from agent.probes.icmp.sockets import EchoSockets
from tests.agent.probes.icmp.fixtures import CLOCK, facts_of, ping
from tests.peers.icmp_network import Network

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

BOTH_MODES = pytest.mark.parametrize("mode", list(Mode))
FAR = {4: "10.82.0.1", 6: "2001:db8:82::1"}
ROUTER = {4: "10.81.0.254", 6: "2001:db8:81::254"}
QUICK = IcmpOptions(packets=2, spacing=0.02)
FIREWALL = """
table inet house {
  set seen { typeof ip saddr . icmp id; }
  chain forward {
    type filter hook forward priority 0;
    ip daddr 10.82.0.13 reject with icmp admin-prohibited
    ip daddr 10.82.0.3 reject with icmp port-unreachable
    ip daddr 10.99.0.0/24 reject with icmp net-unreachable
    ip6 daddr 2001:db8:82::13 reject with icmpv6 admin-prohibited
    ip6 daddr 2001:db8:82::3 reject with icmpv6 port-unreachable
    ip daddr 10.82.0.9 icmp type echo-request ip saddr . icmp id @seen drop
    ip daddr 10.82.0.9 icmp type echo-request add @seen { ip saddr . icmp id }
  }
}
"""


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as net:
        net.add("mon", "rtr", "far")
        net.veth(("mon", "eth0"), ("rtr", "eth0"))
        net.veth(("rtr", "eth1"), ("far", "eth0"))
        net.sysctl("mon", ipv4__ping_group_range="0 2147483647", ipv4__neigh__eth0__retrans_time_ms="100")
        # the kernel's limits on errors would hide what is tested here
        net.sysctl("rtr", ipv4__ip_forward="1", ipv6__conf__all__forwarding="1")
        net.sysctl("rtr", ipv4__icmp_ratelimit="0", ipv6__icmp__ratelimit="0", ipv4__icmp_msgs_per_sec="100000")
        net.sysctl("rtr", ipv4__icmp_msgs_burst="100000")
        net.address("mon", "eth0", "10.81.0.1/24", "2001:db8:81::1/64")
        net.address("rtr", "eth0", "10.81.0.254/24", "2001:db8:81::254/64")
        net.address("rtr", "eth1", "10.82.0.254/24", "2001:db8:82::254/64")
        net.address("far", "eth0", *(f"10.82.0.{n}/24" for n in (1, 3, 9, 13)), "2001:db8:82::1/64")
        for device, namespace in (("eth1", "rtr"), ("eth0", "far")):
            net.ip(namespace, "link", "set", "dev", device, "mtu", "1280")
        net.ip("mon", "route", "add", "default", "via", ROUTER[4])
        net.ip("mon", "-6", "route", "add", "default", "via", ROUTER[6])
        net.ip("far", "route", "add", "default", "via", "10.82.0.254")
        net.ip("far", "-6", "route", "add", "default", "via", "2001:db8:82::254")
        net.ip("mon", "route", "add", "unreachable", "10.83.0.0/24")
        net.ip("rtr", "route", "add", "10.99.0.0/24", "via", FAR[4])
        net.run("rtr", "nft", "-f", "-", stdin=FIREWALL)
        yield net


class Opener:
    """Shared sockets inside the monitor's namespace, closed at the end of the test."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.opened: list[EchoSockets] = []

    async def __call__(
        self, mode: Mode, clock: SystemClock = CLOCK, draw: Callable[[int], bytes] = os.urandom
    ) -> EchoSockets:
        sockets = EchoSockets(clock, describe_error, modes=(mode,), draw=draw)
        self.opened.append(sockets)
        self.open_all(sockets, clock)
        return sockets

    def open_all(self, sockets: EchoSockets, clock: SystemClock) -> None:
        """What the first run of each kind would do, done inside the namespace."""
        with self._network.inside("mon"):
            for version in (4, 6):
                for dont_fragment in (False, True):
                    sockets._channel(version, dont_fragment, clock.monotonic())


@pytest.fixture
async def opener(network: Network) -> AsyncIterator[Opener]:
    opener = Opener(network)
    yield opener
    for sockets in opener.opened:
        sockets.close()


@BOTH_MODES
@pytest.mark.parametrize("version", [4, 6])
async def test_through_the_router_and_back(opener: Opener, mode: Mode, version: int) -> None:
    sockets = await opener(mode)
    result = await ping(sockets, FAR[version], IcmpOptions(spacing=0.02))
    facts = facts_of(result)
    assert (result.reason, facts.received, facts.hop_limit, facts.router) == (Reason.OK, 3, 63, "")
    assert sockets.mode(version) is mode


@BOTH_MODES
@pytest.mark.parametrize("version", [4, 6])
async def test_every_option_through_the_router(opener: Opener, mode: Mode, version: int) -> None:
    source = {4: "10.81.0.1", 6: "2001:db8:81::1"}[version]
    options = IcmpOptions(packets=2, spacing=0.02, source=source, ttl=2, tos=184, size=200, dont_fragment=True)
    assert (await ping(await opener(mode), FAR[version], options)).reason is Reason.OK


@BOTH_MODES
@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("13", (Reason.PROHIBITED, {4: "Packet filtered", 6: "administratively prohibited"})),
        ("3", (Reason.REFUSED, {4: "port unreachable", 6: "Port unreachable"})),
    ],
)
async def test_a_firewall_that_rejects(
    opener: Opener, mode: Mode, version: int, last: str, told: tuple[Reason, dict[int, str]]
) -> None:
    reason, text = told
    result = await ping(await opener(mode), FAR[version][:-1] + last, QUICK)
    facts = facts_of(result)
    assert (result.verdict, result.reason) == (Verdict.FAILED, reason)
    assert (facts.sent, facts.received, facts.loss_ratio, facts.mos) == (2, 0, 1.0, None)
    assert facts.router == ROUTER[version]
    assert text[version] in result.detail
    assert facts.router in result.detail


@BOTH_MODES
@pytest.mark.parametrize("version", [4, 6])
async def test_a_hop_limit_that_ends_at_the_router(opener: Opener, mode: Mode, version: int) -> None:
    result = await ping(await opener(mode), FAR[version], IcmpOptions(packets=2, spacing=0.02, ttl=1))
    assert (result.reason, facts_of(result).router) == (Reason.TTL_EXCEEDED, ROUTER[version])


@BOTH_MODES
async def test_a_network_the_router_cannot_reach(opener: Opener, mode: Mode) -> None:
    result = await ping(await opener(mode), "10.99.0.1", QUICK)
    assert (result.reason, facts_of(result).router) == (Reason.UNREACHABLE, ROUTER[4])


@BOTH_MODES
@pytest.mark.parametrize("version", [4, 6])
async def test_a_packet_too_big_for_the_path(opener: Opener, mode: Mode, version: int) -> None:
    sockets = await opener(mode)
    big = IcmpOptions(packets=2, spacing=0.02, size=1400, dont_fragment=True)
    for _ in range(2):  # what the kernel learned about the path from the first run changes nothing
        result = await ping(sockets, FAR[version], big)
        assert (result.reason, facts_of(result).router) == (Reason.PACKET_TOO_BIG, ROUTER[version])
    fragmented = await ping(sockets, FAR[version], IcmpOptions(packets=2, spacing=0.02, size=1400))
    assert fragmented.success
    beyond_our_link = await ping(sockets, FAR[version], IcmpOptions(packets=1, size=1600, dont_fragment=True))
    assert (beyond_our_link.reason, facts_of(beyond_our_link).router) == (Reason.PACKET_TOO_BIG, "")


@BOTH_MODES
async def test_a_dead_neighbour_is_the_targets_fault(opener: Opener, mode: Mode) -> None:
    result = await ping(await opener(mode), "10.81.0.77", QUICK, timeout=5)
    assert (result.reason, facts_of(result).router) == (Reason.UNREACHABLE, "10.81.0.1")


@BOTH_MODES
async def test_an_unreachable_route_is_the_targets_no_route_is_ours(
    opener: Opener, network: Network, mode: Mode
) -> None:
    sockets = await opener(mode)
    with network.inside("mon"):  # whose routes are asked where a send fails
        assert (await ping(sockets, "10.83.0.1", QUICK)).reason is Reason.UNREACHABLE
    network.ip("mon", "link", "set", "dev", "eth0", "down")  # the monitor's own link
    try:
        with network.inside("mon"):
            result = await ping(sockets, FAR[4], QUICK)
    finally:
        network.ip("mon", "link", "set", "dev", "eth0", "up")
        network.ip("mon", "route", "add", "default", "via", ROUTER[4])
        network.address("mon", "eth0", "2001:db8:81::1/64")
        network.ip("mon", "-6", "route", "add", "default", "via", ROUTER[6])
    assert (result.verdict, result.reason) == (Verdict.LOCAL_ERROR, Reason.NO_ROUTE)
    assert (await ping(sockets, FAR[4], QUICK)).reason is Reason.OK


@BOTH_MODES
async def test_an_error_and_then_a_thousand_good_replies(opener: Opener, mode: Mode) -> None:
    sockets = await opener(mode)
    for _ in range(10):
        assert (await ping(sockets, FAR[4][:-1] + "13", IcmpOptions(packets=1))).reason is Reason.PROHIBITED
        options = IcmpOptions(packets=100, spacing=0.001)
        result = await ping(sockets, FAR[4], options, timeout=5)
        assert (result.reason, facts_of(result).received) == (Reason.OK, 100)
    assert sockets.drops.total() == 0


@BOTH_MODES
async def test_the_errors_of_one_target_are_not_those_of_another(opener: Opener, mode: Mode) -> None:
    sockets = await opener(mode)
    options = IcmpOptions(packets=20, spacing=0.005)
    rejected, good, unknown = await asyncio.gather(
        *(ping(sockets, address, options, timeout=5) for address in ("10.82.0.13", "10.82.0.1", "10.99.0.1"))
    )
    assert (rejected.reason, unknown.reason) == (Reason.PROHIBITED, Reason.UNREACHABLE)
    assert (good.reason, facts_of(good).received, facts_of(good).router) == (Reason.OK, 20, "")


class Late(SystemClock):
    """A clock that can be set forward."""

    ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


@BOTH_MODES
async def test_a_firewall_that_drops_a_seen_identifier(opener: Opener, mode: Mode) -> None:
    clock = Late()
    sockets = await opener(mode, clock)
    for _ in range(5):
        assert (await ping(sockets, "10.82.0.9", IcmpOptions(packets=1), clock=clock)).reason is Reason.OK
        clock.ahead += 6.0  # the next round: a datagram socket is opened anew
        opener.open_all(sockets, clock)


async def test_a_fixed_identifier_stays_dead(opener: Opener) -> None:
    fixed = await opener(Mode.RAW, draw=lambda size: b"\x5a" * size)
    once = IcmpOptions(packets=1)
    assert (await ping(fixed, "10.82.0.9", once)).reason is Reason.OK
    for _ in range(3):
        assert (await ping(fixed, "10.82.0.9", once, timeout=0.2)).reason is Reason.TIMEOUT


async def test_a_plain_reader_is_silenced_by_one_error(network: Network) -> None:
    """Why the sockets are watched through an epoll of their own: uvloop forgets a reader after an ICMP error."""
    loop = asyncio.get_running_loop()
    with network.inside("mon"):
        plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMP)
    plain.setsockopt(socket.IPPROTO_IP, 11, 1)  # IP_RECVERR
    heard = asyncio.Event()

    def read() -> None:
        heard.set()
        for flags in (0, 0x2000):  # MSG_ERRQUEUE
            with contextlib.suppress(OSError):
                plain.recvmsg(2048, 512, flags)

    loop.add_reader(plain.fileno(), read)
    woken = []
    for address in (FAR[4], "10.82.0.13", FAR[4]):
        heard.clear()
        plain.sendto(b"\x08\0\xf7\xff\0\0\0\0", (address, 0))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), 0.3)
        woken.append(heard.is_set())
    loop.remove_reader(plain.fileno())
    plain.close()
    assert woken == [True, True, False]


def test_a_process_without_rights_is_told_what_to_run(network: Network) -> None:
    ask = "from agent.probes.icmp.probe import permission_hint; print(permission_hint())"
    drop = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--bounding-set=-all")
    hint = network.run("far", *drop, sys.executable, "-c", ask)
    assert 'sysctl -w net.ipv4.ping_group_range="0 2147483647"' in hint
    assert network.run("mon", *drop, sys.executable, "-c", ask) == "None\n"  # the line has been run there
