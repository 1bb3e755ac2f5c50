"""Resolvers that live through changes of /etc/resolv.conf; test_resolv_conf.py gives each run an /etc of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.probes.caching_resolver import CachingResolver
from agent.probes.resolver import IpFamily, Resolved, Unresolved
from tests.agent.probes.dns_server import DnsServer, Mood
from tests.agent.probes.test_resolver import NAME, address_of, ask
from tests.clock import TravellingClock

CONF, BEHIND, NEW = Path("/etc/resolv.conf"), Path("/etc/run/resolv.conf"), Path("/etc/run/new.conf")


@pytest.fixture(name="clock")
def travelling_clock() -> TravellingClock:
    return TravellingClock()


@pytest.fixture(autouse=True)
def nothing_there() -> None:
    BEHIND.parent.mkdir(exist_ok=True)
    for path in (CONF, BEHIND, NEW):
        path.unlink(missing_ok=True)


@pytest.fixture
async def servers() -> AsyncIterator[tuple[DnsServer, DnsServer]]:
    """A first name server that fails, and a second one that knows the name."""
    first, second = DnsServer(mood=Mood.SERVFAIL), DnsServer({NAME: ["192.0.2.7"]})
    await first.open()
    await second.open()
    yield first, second
    first.close()
    second.close()


def write(path: Path, server: DnsServer, more: str = "") -> None:
    path.write_text(f"nameserver {server.address}\n{more}", encoding="ascii")


async def until_resolved(resolver: CachingResolver, clock: TravellingClock) -> str:
    """c-ares reads its configuration in a thread of its own: the run after the next one at the latest has it."""
    for _ in range(100):
        clock.advance(6)
        answer = await ask(resolver, clock, family=IpFamily.IP4, left=1.0)
        if isinstance(answer, Resolved) and not answer.stale:
            return answer.address
        await asyncio.sleep(0.05)
    raise AssertionError(answer)


@pytest.mark.parametrize("how", ["target replaced", "target written", "link moved", "file replaced", "file written"])
@pytest.mark.parametrize("meanwhile", ["", "absent", "empty"])
async def test_resolv_conf_is_followed_wherever_it_leads(
    clock: TravellingClock, servers: tuple[DnsServer, DnsServer], how: str, meanwhile: str
) -> None:
    first, second = servers
    behind = CONF if how.startswith("file") else BEHIND
    write(behind, first)
    if behind is not CONF:
        CONF.symlink_to(behind)
    resolver = CachingResolver(clock)
    assert isinstance(await ask(resolver, clock), Unresolved)
    clock.advance(6)
    if meanwhile:
        behind.unlink() if meanwhile == "absent" else behind.write_bytes(b"")
        assert isinstance(await ask(resolver, clock), Unresolved)
        clock.advance(6)
    write(behind if how.endswith("written") else NEW, second)
    if how == "link moved":
        CONF.unlink()
        CONF.symlink_to(NEW)
    elif how.endswith("replaced"):
        NEW.replace(behind)
    assert await until_resolved(resolver, clock) == "192.0.2.7"
    await resolver.close()


async def test_a_resolv_conf_that_comes_after_the_start_is_read(
    clock: TravellingClock, servers: tuple[DnsServer, DnsServer]
) -> None:
    CONF.symlink_to(BEHIND)
    resolver = CachingResolver(clock)
    write(BEHIND, servers[1])
    assert await until_resolved(resolver, clock) == "192.0.2.7"
    await resolver.close()


async def test_while_a_link_dangles_the_servers_of_before_are_asked(
    clock: TravellingClock, servers: tuple[DnsServer, DnsServer]
) -> None:
    CONF.symlink_to(BEHIND)
    write(BEHIND, servers[1])
    resolver = CachingResolver(clock)
    BEHIND.unlink()
    for _ in range(3):
        clock.advance(6)
        assert address_of(await ask(resolver, clock, family=IpFamily.IP4)) == "192.0.2.7"
    await resolver.close()


async def test_a_name_with_a_dot_at_its_end_is_asked_without_the_search_list(
    clock: TravellingClock, servers: tuple[DnsServer, DnsServer]
) -> None:
    write(CONF, servers[1], "search xa-a.example\n")
    servers[1].names["portal.xa-a.example"] = ["192.0.2.9"]
    resolver = CachingResolver(clock)
    assert address_of(await ask(resolver, clock, "portal", IpFamily.IP4)) == "192.0.2.9"
    assert isinstance(await ask(resolver, clock, "portal.", IpFamily.IP4), Unresolved)
    await resolver.close()


async def test_a_name_with_a_dot_at_its_end_is_found_in_the_hosts_file(
    clock: TravellingClock, servers: tuple[DnsServer, DnsServer]
) -> None:
    write(CONF, servers[1])
    Path("/etc/hosts").write_text("127.0.0.1 localhost\n192.0.2.44 portal.xa-b.example\n", encoding="ascii")
    resolver = CachingResolver(clock)
    for host in ("portal.xa-b.example", "portal.xa-b.example."):
        assert address_of(await ask(resolver, clock, host, IpFamily.IP4)) == "192.0.2.44"
    assert address_of(await ask(resolver, clock, f"{NAME}.", IpFamily.IP4)) == "192.0.2.7"
    await resolver.close()
