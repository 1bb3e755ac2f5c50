from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.model import Reason
from agent.probes import dns_resolver
from agent.probes.dns_resolver import DnsResolver
from agent.probes.resolver import Family, Resolved, Unresolved
from tests.agent.probes.dns_server import DnsServer, Mood
from tests.clock import TravellingClock

NAME = "portal.example"


@pytest.fixture
async def server() -> AsyncIterator[DnsServer]:
    server = DnsServer({NAME: ["192.0.2.7", "2001:db8::7"], "six.example": ["2001:db8::6"]})
    await server.open()
    yield server
    server.close()


@pytest.fixture
def clock() -> TravellingClock:
    return TravellingClock()


@pytest.fixture
async def resolver(clock: TravellingClock, server: DnsServer) -> AsyncIterator[DnsResolver]:
    resolver = DnsResolver(clock, [server.address])
    yield resolver
    await resolver.close()


async def ask(
    resolver: DnsResolver,
    clock: TravellingClock,
    host: str = NAME,
    family: Family = Family.PREFER_IP4,
    left: float = 5.0,
) -> Resolved | Unresolved:
    return await resolver.resolve(host, family, clock.monotonic() + left)


def address_of(answer: Resolved | Unresolved) -> str:
    assert isinstance(answer, Resolved), answer
    return answer.address


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "fe80::1%eth0"])
async def test_a_numeric_host_is_not_asked_about(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer, host: str
) -> None:
    assert await ask(resolver, clock, host) == Resolved(host, stale=False, took_seconds=0.0)
    assert server.asked == []


@pytest.mark.parametrize(
    ("host", "family", "address"),
    [
        (NAME, Family.IP4, "192.0.2.7"),
        (NAME, Family.IP6, "2001:db8::7"),
        (NAME, Family.PREFER_IP4, "192.0.2.7"),
        (NAME, Family.PREFER_IP6, "2001:db8::7"),
        ("six.example", Family.PREFER_IP4, "2001:db8::6"),
        ("PORTAL.example.", Family.IP4, "192.0.2.7"),
    ],
)
async def test_families(resolver: DnsResolver, clock: TravellingClock, host: str, family: Family, address: str) -> None:
    assert address_of(await ask(resolver, clock, host, family)) == address


@pytest.mark.parametrize(("host", "family"), [("none.example", Family.PREFER_IP4), ("six.example", Family.IP4)])
async def test_no_such_name_and_no_such_address_are_not_found(
    resolver: DnsResolver, clock: TravellingClock, host: str, family: Family
) -> None:
    answer = await ask(resolver, clock, host, family)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.NAME_NOT_FOUND
    assert not resolver.failing


@pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".example", "b\u00fccher..example", "a b.example"])
async def test_what_cannot_be_a_name_is_not_found(resolver: DnsResolver, clock: TravellingClock, host: str) -> None:
    answer = await ask(resolver, clock, host)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.NAME_NOT_FOUND


async def test_an_answer_stands_for_its_ttl_but_at_least_five_seconds(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer
) -> None:
    await ask(resolver, clock)
    clock.advance(4.9)
    await ask(resolver, clock)
    assert len(server.asked) == 1
    server.names[NAME] = ["192.0.2.8"]
    clock.advance(0.2)
    assert address_of(await ask(resolver, clock)) == "192.0.2.8"
    assert len(server.asked) == 2


async def test_a_long_ttl_is_cut_to_an_hour(resolver: DnsResolver, clock: TravellingClock, server: DnsServer) -> None:
    server.ttl = 86_400
    await ask(resolver, clock)
    clock.advance(3599)
    await ask(resolver, clock)
    assert resolver.queries == 1
    clock.advance(2)
    await ask(resolver, clock)
    assert resolver.queries == 2


async def test_absence_is_believed_shortly(resolver: DnsResolver, clock: TravellingClock, server: DnsServer) -> None:
    await ask(resolver, clock, "new.example", Family.IP4)
    await ask(resolver, clock, "new.example", Family.IP4)
    assert len(server.asked) == 1
    server.names["new.example"] = ["192.0.2.9"]
    clock.advance(5.1)
    assert address_of(await ask(resolver, clock, "new.example", Family.IP4)) == "192.0.2.9"


async def test_many_ask_and_one_query_flies(resolver: DnsResolver, clock: TravellingClock, server: DnsServer) -> None:
    server.delay = 0.05
    answers = await asyncio.gather(*(ask(resolver, clock) for _ in range(50)))
    assert {address_of(answer) for answer in answers} == {"192.0.2.7"}
    assert len(server.asked) == 1


async def test_a_cancelled_asker_does_not_take_the_query_with_it(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer
) -> None:
    server.delay = 0.05
    first = asyncio.create_task(ask(resolver, clock))
    second = asyncio.create_task(ask(resolver, clock))
    await asyncio.sleep(0)
    first.cancel()
    assert address_of(await second) == "192.0.2.7"


async def test_a_rotating_answer_keeps_the_address_in_use(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer
) -> None:
    server.names[NAME] = ["192.0.2.1", "192.0.2.2"]
    used = address_of(await ask(resolver, clock, family=Family.IP4))
    server.names[NAME].reverse()
    clock.advance(6)
    assert address_of(await ask(resolver, clock, family=Family.IP4)) == used


@pytest.mark.parametrize("mood", [Mood.SERVFAIL, Mood.REFUSED])
async def test_a_failing_server_without_a_last_good_address_is_our_fault(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer, mood: Mood
) -> None:
    server.mood = mood
    answer = await ask(resolver, clock)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.RESOLVER_FAILED
    assert resolver.failing
    assert resolver.failures == 1


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.GARBAGE])
async def test_a_server_that_does_not_answer_costs_no_more_than_the_deadline(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer, mood: Mood
) -> None:
    server.mood = mood
    began = asyncio.get_running_loop().time()
    answer = await ask(resolver, clock, left=0.3)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.RESOLVER_FAILED
    assert asyncio.get_running_loop().time() - began < 0.6


@pytest.mark.parametrize("mood", [Mood.SERVFAIL, Mood.REFUSED, Mood.SILENT, Mood.GARBAGE])
async def test_the_last_good_address_stands_in_for_a_day_and_leaves_the_probe_its_time(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer, mood: Mood
) -> None:
    await ask(resolver, clock)
    server.mood = mood
    clock.advance(23 * 3600)
    began = asyncio.get_running_loop().time()
    answer = await ask(resolver, clock, left=0.4)
    assert asyncio.get_running_loop().time() - began < 0.35
    assert isinstance(answer, Resolved)
    assert (answer.address, answer.stale) == ("192.0.2.7", True)
    clock.advance(2 * 3600)
    assert isinstance(await ask(resolver, clock, left=0.2), Unresolved)


async def test_a_recovered_server_is_believed_after_the_pause(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer
) -> None:
    await ask(resolver, clock)
    server.mood = Mood.SERVFAIL
    clock.advance(6)
    assert (await ask(resolver, clock)).stale  # type: ignore[union-attr]
    asked = len(server.asked)
    assert (await ask(resolver, clock)).stale  # type: ignore[union-attr]
    assert len(server.asked) == asked  # a failing server is not asked again at once
    server.mood, server.names[NAME] = Mood.GOOD, ["192.0.2.55"]
    clock.advance(6)
    answer = await ask(resolver, clock)
    assert isinstance(answer, Resolved)
    assert (answer.address, answer.stale, resolver.failing) == ("192.0.2.55", False, False)


async def test_a_name_that_went_away_is_not_replaced_by_its_last_address(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer
) -> None:
    await ask(resolver, clock)
    del server.names[NAME]
    clock.advance(6)
    assert isinstance(await ask(resolver, clock), Unresolved)


async def test_the_cache_is_bounded(
    resolver: DnsResolver, clock: TravellingClock, server: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns_resolver, "MAX_NAMES", 3)
    for number in range(6):
        server.names[f"n{number}.example"] = ["192.0.2.1"]
        await ask(resolver, clock, f"n{number}.example", Family.IP4)
    await ask(resolver, clock, "n0.example", Family.IP4)
    assert server.asked.count(("n0.example", 1)) == 2  # forgotten
    await ask(resolver, clock, "n5.example", Family.IP4)
    assert server.asked.count(("n5.example", 1)) == 1


async def test_closing_answers_those_who_wait(clock: TravellingClock, server: DnsServer) -> None:
    server.mood = Mood.SILENT
    resolver = DnsResolver(clock, [server.address])
    waiting = asyncio.create_task(ask(resolver, clock))
    while not server.asked:
        await asyncio.sleep(0.001)
    await resolver.close()
    answer = await asyncio.wait_for(waiting, 1)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.RESOLVER_FAILED


async def test_the_hosts_file_counts(clock: TravellingClock) -> None:
    resolver = DnsResolver(clock, ["127.0.0.1:9"])
    assert address_of(await ask(resolver, clock, "localhost", Family.IP4)) == "127.0.0.1"
    await resolver.close()
