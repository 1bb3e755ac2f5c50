from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from agent.clock import SystemClock
from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.dns import DnsListener, Record, Spoil, address, packed_name, soa
from agent.model import ProbeResult, Reason, ReasonCode
from agent.probes.dns import wire
from agent.probes.dns.facts import DnsFacts
from agent.probes.dns.options import DnsDegraded, DnsOptions, Records
from agent.probes.dns.probe import SPEC
from agent.probes.dns.reasons import DnsReason
from agent.probes.dns.udp import MAX_BROKEN
from agent.probes.options import Transport
from agent.probes.resolver import Resolved
from agent.probes.spec import ProbeContext
from agent.probes.tls.options import TlsOptions
from tests.pki import HOST, pki
from tests.probing import Stalls, StaticResolver, least_cpu, run_probe, target_of

UDP = DnsOptions("portal.example")
TCP = replace(UDP, transport=Transport.TCP)
TLS = replace(UDP, transport=Transport.TLS, tls_config=TlsOptions(ca_file=pki().ca_file))


@asynccontextmanager
async def serving(listener: DnsListener) -> AsyncIterator[DnsListener]:
    await listener.open("127.0.0.1")
    try:
        yield listener
    finally:
        await listener.close()


async def ask(listener: DnsListener, options: DnsOptions, timeout: float = 5.0) -> ProbeResult:
    here = Resolved("127.0.0.1", stale=False, took_seconds=0.0)
    return await run_probe(SPEC, f"{HOST}:{listener.port}", options, timeout=timeout, names={HOST: here})


def facts_of(result: ProbeResult) -> DnsFacts:
    assert isinstance(result.facts, DnsFacts)
    return result.facts


@pytest.mark.parametrize("options", [UDP, TCP, TLS], ids=lambda options: options.transport)
async def test_records_come_over_every_transport(options: DnsOptions) -> None:
    listener = DnsListener(address("192.0.2.80"), tls=pki().good.context() if options is TLS else None)
    listener.authority = (Record(2, packed_name("ns.example")),)
    listener.additional = (address("192.0.2.53"), address("2001:db8::53"))
    async with serving(listener):
        result = await ask(listener, options)
    facts = facts_of(result)
    assert (result.reason, facts.transport, facts.truncated) == (Reason.OK, options.transport.value, 0)
    assert (facts.rcode, facts.answers, facts.authorities, facts.additionals) == (0, 1, 1, 2)
    assert facts.records == ("portal.example. 60 IN A 192.0.2.80",)
    assert 0 < (facts.rtt_seconds or 0) <= result.took_seconds
    assert (facts.tls_expiry_timestamp_seconds is not None) == (options is TLS)


async def test_the_serial_of_a_zone_is_a_fact() -> None:
    async with serving(DnsListener(soa(4_000_000_001))) as listener:
        result = await ask(listener, replace(UDP, query_type="SOA"))
    assert facts_of(result).serial == 4_000_000_001


async def test_the_ad_flag_is_a_fact_and_may_be_demanded() -> None:
    async with serving(DnsListener()) as listener:
        without = await ask(listener, replace(UDP, authenticated=True))
        listener.authenticated = True
        with_it = await ask(listener, replace(UDP, authenticated=True))
    assert [without.reason, with_it.reason] == [DnsReason.NOT_AUTHENTICATED, Reason.OK]
    assert [facts_of(without).authenticated, facts_of(with_it).authenticated] == [0, 1]


@pytest.mark.parametrize("options", [UDP, TCP], ids=["udp", "tcp"])
async def test_a_code_that_is_not_wanted_fails_and_is_shown(options: DnsOptions) -> None:
    async with serving(DnsListener()) as listener:
        listener.rcode = 5
        result = await ask(listener, options)
    assert (result.reason, result.detail, facts_of(result).rcode) == (DnsReason.BAD_RCODE, "answered REFUSED", 5)


async def test_a_loop_of_aliases_is_a_list_of_records() -> None:
    loop = [Record(5, packed_name("b.example")), Record(5, packed_name("portal.example"), "b.example")]
    async with serving(DnsListener(*loop)) as listener:
        result = await ask(listener, UDP)
    assert (result.reason, facts_of(result).answers) == (Reason.OK, 2)


async def test_a_truncated_answer_is_asked_for_again_over_tcp() -> None:
    async with serving(DnsListener(*[address("192.0.2.80")] * 100)) as listener:
        listener.truncated = True
        result = await ask(listener, UDP)
    facts = facts_of(result)
    assert (result.reason, facts.transport, facts.truncated, facts.answers) == (Reason.OK, "tcp", 1, 100)
    assert listener.heard == {"udp": 1, "tcp": 1}


async def test_a_lost_query_is_sent_again() -> None:
    async with serving(DnsListener()) as listener:
        listener.drops_first = 1
        result = await ask(listener, UDP)
    assert (result.reason, listener.heard["udp"], (facts_of(result).rtt_seconds or 0) > 0.9) == (Reason.OK, 2, True)


SPOILED: dict[str, Spoil] = {
    "wrong id": lambda _query, answer: bytes((answer[0] ^ 1, answer[1])) + answer[2:],
    "wrong question": lambda _query, answer: answer.replace(b"\6portal", b"\6p0rtal"),
    "the query itself": lambda query, _answer: query,
    "half of it": lambda _query, answer: answer[:-3],
    "a loop": lambda _query, answer: answer[:-16] + b"\xc0" + bytes([len(answer) - 16]) + answer[-14:],
    "no header": lambda _query, _answer: b"\0",
    "nothing": lambda _query, _answer: b"",
}


@pytest.mark.parametrize("name", SPOILED)
async def test_what_is_not_the_answer_is_passed_over(name: str) -> None:
    """100 of 100 good answers are taken behind it, and what a forger says in its place never is."""
    async with serving(DnsListener()) as listener:
        listener.spoiled = (SPOILED[name],)
        results = [await ask(listener, UDP) for _ in range(100)]
    assert [facts_of(result).records for result in results] == [("portal.example. 60 IN A 192.0.2.80",)] * 100


@pytest.mark.parametrize("options", [TCP, TLS], ids=["tcp", "tls"])
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("wrong id", "another id"),
        ("wrong question", "another question"),
        ("the query itself", "not an answer to a query"),
        ("no header", "shorter than a header"),
        ("nothing", "shorter than a header"),
        ("half of it", "broken"),
        ("garbage", "not an answer to a query"),
    ],
)
async def test_over_a_connection_what_is_not_the_answer_ends_the_run_at_once(
    options: DnsOptions, name: str, why: str
) -> None:
    """Nobody but the server can speak there (RFC 7766 section 7): the true answer behind it saves nothing."""
    async with serving(DnsListener(tls=pki().good.context() if options is TLS else None)) as listener:
        listener.spoiled = ((SPOILED | {"garbage": lambda query, _answer: query[:2] + b"\x0fgarbage\r\n"})[name],)
        result = await ask(listener, options)
        listener.misbehaviour = Misbehaviour.SILENT
        alone = await ask(listener, options)
    for each in (result, alone):
        assert (each.reason, each.detail.partition(":")[0]) == (Reason.PROTOCOL_ERROR, why)
        assert each.took_seconds < 2.0


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 400 Bad Request\r\n", b"220 ready\r\n", b"\0\0", b"\0\5abcde", b"\0\x1eab"]
)
async def test_over_a_connection_bytes_that_are_no_message_end_the_run_at_once(said: bytes) -> None:
    """However long a message their first two octets promise: the connection stays open and silent."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await reader.read()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        result = await run_probe(SPEC, f"127.0.0.1:{server.sockets[0].getsockname()[1]}", TCP)
    assert (result.reason, result.took_seconds < 2.0) == (Reason.PROTOCOL_ERROR, True)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (replace(UDP, min_answers=0, answer=Records(none_matches=("203\\.0\\.113\\.66",))), DnsReason.BAD_ANSWER),
        (replace(UDP, min_answers=0, authority=Records(not_all_match=("x",))), DnsReason.BAD_ANSWER),
        (UDP, DnsReason.BAD_ANSWER),
        (replace(UDP, min_answers=0), Reason.OK),
    ],
)
async def test_what_is_truncated_over_tcp_too_passes_no_rule_about_records(
    options: DnsOptions, reason: ReasonCode
) -> None:
    async with serving(DnsListener()) as listener:
        listener.truncated = listener.truncated_over_tcp = True
        over_udp, over_tcp = (
            await ask(listener, options),
            await ask(listener, replace(options, transport=Transport.TCP)),
        )
    assert (over_udp.reason, over_tcp.reason) == (reason, reason)
    assert ("truncated" in over_tcp.detail) == (reason is DnsReason.BAD_ANSWER)


@pytest.mark.parametrize("options", [UDP, TCP, TLS], ids=lambda options: options.transport)
async def test_an_answer_that_is_too_dear_to_judge_fails_by_name_and_ends_at_once(options: DnsOptions) -> None:
    bitmap = b"".join(bytes([window, 32]) + b"\xff" * 32 for window in range(100))
    judged = replace(options, query_type="ANY", answer=Records(none_matches=("TYPE6[0-9]{4}",)), udp_payload=4096)
    tls = pki().good.context() if options is TLS else None
    async with serving(DnsListener(Record(47, b"\0" + bitmap), tls=tls)) as listener:
        result = await ask(listener, judged)
        unjudged = await ask(listener, replace(judged, answer=Records()))
    assert (result.reason, "types" in result.detail, result.took_seconds < 2.0) == (Reason.TOO_LARGE, True, True)
    assert (unjudged.reason, facts_of(unjudged).answers) == (Reason.OK, 1)
    assert facts_of(unjudged).records[0].startswith("portal.example. 60 IN NSEC \\# 3401 00002")


async def test_dear_answers_of_many_servers_leave_the_loop_its_turns() -> None:
    """Twelve answers that are as dear to read as may be come at once: each is read in a turn of its own."""
    listener = DnsListener(Record(42, b"\0\1\x20\0" * 15_000))
    query = wire.query(TCP.question)
    dear = listener.answer(query.encode(b"id"), cut=False)
    once = least_cpu(lambda: wire.read(query, b"id", dear))
    clock = SystemClock()
    shared = SPEC.open(clock)
    try:
        async with serving(listener), Stalls() as stalls:
            ctx = ProbeContext(clock, clock.monotonic() + 20, StaticResolver(), shared)
            target = target_of("dns", f"127.0.0.1:{listener.port}", TCP)
            results = await asyncio.gather(*(SPEC.run(target, TCP, ctx) for _ in range(12)))
    finally:
        shared.close()
    assert {result.reason for result in results} == {Reason.TOO_LARGE}
    assert stalls.longest < 6 * once


async def test_a_perfect_forgery_from_another_port_is_not_heard() -> None:
    forged = address("203.0.113.66").data
    async with serving(DnsListener()) as listener:
        listener.elsewhere = (lambda _query, answer: answer[:-4] + forged,)
        results = [await ask(listener, UDP) for _ in range(100)]
    assert {facts_of(result).records for result in results} == {("portal.example. 60 IN A 192.0.2.80",)}


async def test_ids_and_ports_are_fresh_for_each_query() -> None:
    seen: set[bytes] = set()

    def note(query: bytes, _answer: bytes) -> bytes:
        seen.add(query[:2])
        return query

    async with serving(DnsListener()) as listener:
        listener.spoiled = (note,)
        results = [await ask(listener, UDP) for _ in range(50)]
    assert {result.reason for result in results} == {Reason.OK}
    assert len(seen) > 45  # of 65,536: two alike among 50 are rare, five never


async def test_a_server_that_only_breaks_its_answers_is_given_up_early() -> None:
    async with serving(DnsListener()) as listener:
        listener.spoiled = [SPOILED["half of it"]] * MAX_BROKEN
        listener.misbehaviour = Misbehaviour.SILENT
        result = await ask(listener, UDP, 5.0)
    assert (result.reason, result.took_seconds < 1.0) == (Reason.PROTOCOL_ERROR, True)


async def test_a_closed_port_is_refused_at_once() -> None:
    async with serving(DnsListener()) as listener:
        pass
    for options in (UDP, TCP):
        result = await ask(listener, options)
        assert (result.reason, result.took_seconds < 1.0) == (Reason.REFUSED, True)


async def test_a_certificate_is_judged() -> None:
    bad, soon = DnsListener(tls=pki().expired.context()), DnsListener(tls=pki().soon.context())
    async with serving(bad), serving(soon):
        refused = await ask(bad, TLS)
        ending = await ask(soon, replace(TLS, degraded=DnsDegraded(certificate=21 * 86_400)))
    assert [refused.reason, ending.reason] == [Reason.TLS_EXPIRED, Reason.CERTIFICATE_EXPIRING]
    assert facts_of(refused).tls_expiry_timestamp_seconds is not None


async def test_a_late_answer_degrades() -> None:
    async with serving(DnsListener()) as listener:
        listener.misbehaviour, listener.slow_seconds = Misbehaviour.SLOW, 0.05
        result = await ask(listener, replace(UDP, degraded=DnsDegraded(rtt=0.04)))
    assert result.reason is Reason.HIGH_RTT


@pytest.mark.parametrize("options", [UDP, TCP], ids=["udp", "tcp"])
async def test_a_source_address_is_used_and_one_that_is_not_ours_is_our_fault(options: DnsOptions) -> None:
    async with serving(DnsListener()) as listener:
        own = await ask(listener, replace(options, source="127.0.0.9"))
        foreign = await ask(listener, replace(options, source="192.0.2.9"))
    assert [own.reason, foreign.reason] == [Reason.OK, Reason.NO_SOURCE_ADDRESS]


async def test_ipv6() -> None:
    listener = DnsListener()
    await listener.open("::1")
    try:
        results = [await run_probe(SPEC, f"[::1]:{listener.port}", options) for options in (UDP, TCP)]
    finally:
        await listener.close()
    assert [result.reason for result in results] == [Reason.OK, Reason.OK]


async def test_hostile_records_are_made_safe_to_show() -> None:
    async with serving(DnsListener(Record(16, b"\xfe" + b"\x1b[31m\n\xff" + b"x" * 247))) as listener:
        result = await ask(listener, replace(UDP, query_type="TXT"))
    (line,) = facts_of(result).records
    assert (line.isprintable(), len(line)) == (True, 256)


class SteppedClock(SystemClock):
    def wall_ns(self) -> int:
        return super().wall_ns() + 3_600_000_000_000


async def test_a_stepped_wall_clock_never_shows_in_the_round_trip_time() -> None:
    clock = SteppedClock()
    shared = SPEC.open(clock)
    try:
        async with serving(DnsListener()) as listener:
            ctx = ProbeContext(clock, clock.monotonic() + 3, StaticResolver(), shared)
            result = await SPEC.run(target_of("dns", f"127.0.0.1:{listener.port}", UDP), UDP, ctx)
    finally:
        shared.close()
    assert 0 < (facts_of(result).rtt_seconds or 0) <= result.took_seconds
