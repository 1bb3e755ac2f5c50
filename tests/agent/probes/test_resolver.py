from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from agent.model import Reason
from agent.probes import caching_resolver
from agent.probes.caching_resolver import CachingResolver
from agent.probes.resolver import IpFamily, Resolved, Unresolved
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
async def resolver(clock: TravellingClock, server: DnsServer) -> AsyncIterator[CachingResolver]:
    resolver = CachingResolver(clock, [server.address])
    yield resolver
    await resolver.close()


async def ask(
    resolver: CachingResolver,
    clock: TravellingClock,
    host: str = NAME,
    family: IpFamily = IpFamily.PREFER_IP4,
    left: float = 5.0,
) -> Resolved | Unresolved:
    return await resolver.resolve(host, family, clock.monotonic() + left)


Asker = Callable[[str, IpFamily], Awaitable[Resolved | Unresolved]]


@pytest.fixture
def asker(resolver: CachingResolver, clock: TravellingClock) -> Asker:
    return lambda host, family: ask(resolver, clock, host, family)


@pytest.fixture
def asked(asker: Asker, server: DnsServer) -> tuple[Asker, DnsServer]:
    return asker, server


def address_of(answer: Resolved | Unresolved) -> str:
    assert isinstance(answer, Resolved), answer
    return answer.address


@pytest.mark.parametrize(
    ("host", "family", "address"),
    [
        ("192.0.2.1", IpFamily.IP4, "192.0.2.1"),
        ("192.0.2.1", IpFamily.PREFER_IP6, "192.0.2.1"),
        ("2001:DB8::1", IpFamily.IP6, "2001:db8::1"),
        ("2001:db8::1", IpFamily.PREFER_IP4, "2001:db8::1"),
        ("::ffff:192.0.2.1", IpFamily.IP4, "192.0.2.1"),
        ("fe80::1%lo", IpFamily.PREFER_IP4, "fe80::1%lo"),
        ("fe80::1%1", IpFamily.IP6, "fe80::1%lo"),
    ],
)
async def test_a_numeric_host_is_not_asked_about(asker: Asker, host: str, family: IpFamily, address: str) -> None:
    assert await asker(host, family) == Resolved(address, stale=False, took_seconds=0.0)


@pytest.mark.parametrize(
    ("host", "family", "reason", "said"),
    [
        ("192.0.2.1", IpFamily.IP6, Reason.NO_ADDRESS, "is an IPv4 address, the family is ip6"),
        ("2001:db8::1", IpFamily.IP4, Reason.NO_ADDRESS, "is an IPv6 address, the family is ip4"),
        ("::ffff:192.0.2.1", IpFamily.IP6, Reason.NO_ADDRESS, "is an IPv4 address"),
        ("fe80::1%lo", IpFamily.IP4, Reason.NO_ADDRESS, "is an IPv6 address"),
        ("0.0.0.0", IpFamily.PREFER_IP4, Reason.NO_ADDRESS, "no address of one other machine"),
        ("::", IpFamily.PREFER_IP4, Reason.NO_ADDRESS, "no address of one other machine"),
        ("ff02::1%lo", IpFamily.PREFER_IP4, Reason.NO_ADDRESS, "no address of one other machine"),
        ("fe80::1", IpFamily.PREFER_IP4, Reason.LOCAL_ERROR, "say over which interface, as fe80::1%eth0"),
        ("fe80::1%nosuch0", IpFamily.PREFER_IP4, Reason.LOCAL_ERROR, "this machine has no interface nosuch0"),
        ("fe80::1%4294967295", IpFamily.PREFER_IP4, Reason.LOCAL_ERROR, "this machine has no interface 4294967295"),
    ],
)
async def test_a_numeric_host_that_cannot_be_used_says_why(
    asker: Asker, host: str, family: IpFamily, reason: Reason, said: str
) -> None:
    found = await asker(host, family)
    assert isinstance(found, Unresolved)
    assert found.reason is reason
    assert said in found.detail


@pytest.mark.parametrize(
    ("host", "family", "address"),
    [
        (NAME, IpFamily.IP4, "192.0.2.7"),
        (NAME, IpFamily.IP6, "2001:db8::7"),
        (NAME, IpFamily.PREFER_IP4, "192.0.2.7"),
        (NAME, IpFamily.PREFER_IP6, "2001:db8::7"),
        ("six.example", IpFamily.PREFER_IP4, "2001:db8::6"),
        ("PORTAL.example.", IpFamily.IP4, "192.0.2.7"),
    ],
)
async def test_families(
    resolver: CachingResolver, clock: TravellingClock, host: str, family: IpFamily, address: str
) -> None:
    assert address_of(await ask(resolver, clock, host, family)) == address


A, AAAA = 1, 28
BAD_MOODS = [Mood.SERVFAIL, Mood.REFUSED, Mood.NOTIMP, Mood.SILENT, Mood.GARBAGE]


@pytest.mark.parametrize("mood", BAD_MOODS)
@pytest.mark.parametrize(
    ("family", "failing", "address"),
    [(IpFamily.PREFER_IP6, AAAA, "192.0.2.7"), (IpFamily.PREFER_IP4, A, "2001:db8::7")],
)
async def test_where_one_family_cannot_be_asked_for_the_other_is_used(
    asked: tuple[Asker, DnsServer], mood: Mood, family: IpFamily, failing: int, address: str
) -> None:
    asker, server = asked
    server.moods[failing] = mood
    began = asyncio.get_running_loop().time()
    found = await asker(NAME, family)
    assert isinstance(found, Resolved)
    assert (found.address, found.stale) == (address, False)
    assert asyncio.get_running_loop().time() - began < 2.0  # of five: the probe has the rest


async def test_a_link_local_address_of_a_name_gives_way_to_any_other(asked: tuple[Asker, DnsServer]) -> None:
    asker, server = asked
    server.names |= {
        "six.example": ["fe80::1", "2001:db8::6"],
        "both.example": ["fe80::1", "192.0.2.7"],
        "local.example": ["fe80::1"],
    }
    assert address_of(await asker("six.example", IpFamily.IP6)) == "2001:db8::6"
    assert address_of(await asker("both.example", IpFamily.PREFER_IP6)) == "192.0.2.7"
    assert await asker("local.example", IpFamily.PREFER_IP6) == Unresolved(
        Reason.NO_ADDRESS, "local.example: the name server says fe80::1"
    )


@pytest.mark.parametrize("mood", BAD_MOODS)
async def test_a_fresh_address_of_the_other_family_goes_before_a_stale_one(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer, mood: Mood
) -> None:
    assert address_of(await ask(resolver, clock, family=IpFamily.PREFER_IP6)) == "2001:db8::7"
    server.moods[AAAA] = mood
    clock.advance(3600)
    stale = await ask(resolver, clock, family=IpFamily.IP6, left=0.4)
    assert isinstance(stale, Resolved)
    assert (stale.address, stale.stale) == ("2001:db8::7", True)
    clock.advance(60)
    found = await ask(resolver, clock, family=IpFamily.PREFER_IP6)
    assert isinstance(found, Resolved)
    assert (found.address, found.stale) == ("192.0.2.7", False)


@pytest.mark.parametrize(
    ("host", "family", "reason", "detail"),
    [
        ("none.example", IpFamily.PREFER_IP4, Reason.NAME_NOT_FOUND, "none.example: Domain name not found"),
        ("none.example", IpFamily.IP6, Reason.NAME_NOT_FOUND, "none.example: Domain name not found"),
        ("six.example", IpFamily.IP4, Reason.NO_ADDRESS, "six.example: the name exists, but has no IPv4 address"),
        ("empty.example", IpFamily.PREFER_IP6, Reason.NO_ADDRESS,
         "empty.example: the name exists, but has no IPv6 or IPv4 address"),
        ("blocked.example", IpFamily.IP4, Reason.NO_ADDRESS, "blocked.example: the name server says 0.0.0.0"),
        ("blocked.example", IpFamily.IP6, Reason.NO_ADDRESS, "blocked.example: the name server says ::"),
    ],
)  # fmt: skip
async def test_no_such_name_and_no_such_address_are_told_apart(
    asked: tuple[Asker, DnsServer], host: str, family: IpFamily, reason: Reason, detail: str
) -> None:
    asker, server = asked
    server.names |= {"empty.example": [], "blocked.example": ["0.0.0.0", "::"]}
    assert await asker(host, family) == Unresolved(reason, detail)


@pytest.mark.parametrize(("said_by", "mood"), [(A, Mood.SERVFAIL), (AAAA, Mood.SERVFAIL)])
async def test_a_name_that_does_not_exist_does_not_in_either_family(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer, said_by: int, mood: Mood
) -> None:
    server.moods[said_by] = mood
    answer = await ask(resolver, clock, "none.example", IpFamily.PREFER_IP6)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.NAME_NOT_FOUND


async def test_no_address_in_one_family_and_a_failure_in_the_other_is_the_resolver_s_fault(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
) -> None:
    server.names["empty.example"], server.moods[AAAA] = [], Mood.SERVFAIL
    answer = await ask(resolver, clock, "empty.example", IpFamily.PREFER_IP6)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.RESOLVER_FAILED


async def test_an_international_name_is_asked_in_ascii(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
) -> None:
    server.names["xn--x-yfa.example"] = ["192.0.2.9"]
    for host in ("xã.example", "XA\u0303.example", "xn--x-yfa.example"):
        assert address_of(await ask(resolver, clock, host, IpFamily.IP4)) == "192.0.2.9"
    assert {name for name, _ in server.asked} == {"xn--x-yfa.example"}


@pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".example", "b\u00fccher..example", "a b.example"])
async def test_what_cannot_be_a_name_is_not_found(resolver: CachingResolver, clock: TravellingClock, host: str) -> None:
    answer = await ask(resolver, clock, host)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.NAME_NOT_FOUND


async def test_an_answer_stands_for_its_ttl_but_at_least_five_seconds(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
) -> None:
    await ask(resolver, clock)
    clock.advance(4.9)
    await ask(resolver, clock)
    assert len(server.asked) == 1
    server.names[NAME] = ["192.0.2.8"]
    clock.advance(0.2)
    assert address_of(await ask(resolver, clock)) == "192.0.2.8"
    assert len(server.asked) == 2


async def test_a_long_ttl_is_cut_to_an_hour(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
) -> None:
    server.ttl = 86_400
    await ask(resolver, clock)
    clock.advance(3599)
    await ask(resolver, clock)
    assert resolver.queries == 1
    clock.advance(2)
    await ask(resolver, clock)
    assert resolver.queries == 2


async def test_absence_is_believed_shortly(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
) -> None:
    await ask(resolver, clock, "new.example", IpFamily.IP4)
    await ask(resolver, clock, "new.example", IpFamily.IP4)
    assert len(server.asked) == 1
    server.names["new.example"] = ["192.0.2.9"]
    clock.advance(5.1)
    assert address_of(await ask(resolver, clock, "new.example", IpFamily.IP4)) == "192.0.2.9"


async def test_many_ask_and_one_query_flies(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
) -> None:
    server.delay = 0.05
    answers = await asyncio.gather(*(ask(resolver, clock) for _ in range(50)))
    assert {address_of(answer) for answer in answers} == {"192.0.2.7"}
    assert len(server.asked) == 1


async def test_a_cancelled_asker_does_not_take_the_query_with_it(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
) -> None:
    server.delay = 0.05
    first = asyncio.create_task(ask(resolver, clock))
    second = asyncio.create_task(ask(resolver, clock))
    await asyncio.sleep(0)
    first.cancel()
    assert address_of(await second) == "192.0.2.7"


async def test_a_rotating_answer_keeps_the_address_in_use(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
) -> None:
    server.names[NAME] = ["192.0.2.1", "192.0.2.2"]
    used = address_of(await ask(resolver, clock, family=IpFamily.IP4))
    server.names[NAME].reverse()
    clock.advance(6)
    assert address_of(await ask(resolver, clock, family=IpFamily.IP4)) == used


@pytest.mark.parametrize("mood", [Mood.SERVFAIL, Mood.REFUSED])
async def test_a_failing_server_without_a_last_good_address_is_our_fault(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer, mood: Mood
) -> None:
    server.mood = mood
    answer = await ask(resolver, clock)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.RESOLVER_FAILED
    assert resolver.failing
    assert resolver.failures == 2  # one for each family


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.GARBAGE])
async def test_a_server_that_does_not_answer_costs_no_more_than_the_deadline(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer, mood: Mood
) -> None:
    server.mood = mood
    began = asyncio.get_running_loop().time()
    answer = await ask(resolver, clock, left=0.3)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.RESOLVER_FAILED
    assert asyncio.get_running_loop().time() - began < 0.6


@pytest.mark.parametrize("mood", [Mood.SERVFAIL, Mood.REFUSED, Mood.SILENT, Mood.GARBAGE])
async def test_the_last_good_address_stands_in_for_a_day_and_leaves_the_probe_its_time(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer, mood: Mood
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
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
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
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer
) -> None:
    await ask(resolver, clock)
    del server.names[NAME]
    clock.advance(6)
    assert isinstance(await ask(resolver, clock), Unresolved)


async def test_the_cache_is_bounded(
    resolver: CachingResolver, clock: TravellingClock, server: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching_resolver, "MAX_NAMES", 3)
    for number in range(6):
        server.names[f"n{number}.example"] = ["192.0.2.1"]
        await ask(resolver, clock, f"n{number}.example", IpFamily.IP4)
    await ask(resolver, clock, "n0.example", IpFamily.IP4)
    assert server.asked.count(("n0.example", 1)) == 2  # forgotten
    await ask(resolver, clock, "n5.example", IpFamily.IP4)
    assert server.asked.count(("n5.example", 1)) == 1


async def test_closing_answers_those_who_wait(clock: TravellingClock, server: DnsServer) -> None:
    server.mood = Mood.SILENT
    resolver = CachingResolver(clock, [server.address])
    waiting = asyncio.create_task(ask(resolver, clock))
    while not server.asked:
        await asyncio.sleep(0.001)
    await resolver.close()
    answer = await asyncio.wait_for(waiting, 1)
    assert isinstance(answer, Unresolved)
    assert answer.reason is Reason.RESOLVER_FAILED


async def test_the_hosts_file_counts(clock: TravellingClock) -> None:
    resolver = CachingResolver(clock, ["127.0.0.1:9"])
    assert address_of(await ask(resolver, clock, "localhost", IpFamily.IP4)) == "127.0.0.1"
    await resolver.close()
