from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.clock import SystemClock
from agent.lab.listeners.base import Vice
from agent.lab.listeners.sip import SipRoom
from agent.model import VERDICT_OF, ProbeResult, Reason, Verdict
from agent.probes.resolver import Resolved, Unresolved
from agent.probes.sip import (
    SPEC,
    Address,
    SipDegraded,
    SipFacts,
    SipOptions,
    TcpFallback,
    Transport,
    parse_address,
    validate,
)
from agent.probes.sip_transport import RENEW_SECONDS, SipShared
from agent.probes.sip_verdicts import TABLE, Via, in_use, reason_of
from agent.probes.spec import ProbeContext
from agent.probes.tls import TlsOptions
from tests.clock import TravellingClock
from tests.pki import HOST, Server, pki
from tests.probing import ToldResolver, run_probe, target_of

UDP = SipOptions(tcp_fallback=TcpFallback.OFF)
TCP = SipOptions(transport=Transport.TCP)
Rooms = Callable[..., Awaitable[SipRoom]]


@pytest.fixture
async def rooms() -> AsyncIterator[Rooms]:
    opened: list[SipRoom] = []

    async def start(server: Server | None = None, *, vice: Vice = Vice.NONE, status: int = 200) -> SipRoom:
        room = SipRoom(None if server is None else server.context())
        opened.append(room)
        room.vice, room.status = vice, status
        await room.open("127.0.0.1")
        return room

    yield start
    for room in opened:
        assert room.invites == 0
        await room.close()


async def probe(room: SipRoom, options: SipOptions = UDP, timeout: float = 3.0, user: str = "") -> ProbeResult:
    here = {HOST: Resolved("127.0.0.1", stale=False, took_seconds=0.0)}
    port = room.tls_port if options.transport is Transport.TLS else room.port
    address = f"sip:{user}@{HOST}:{port}" if user else f"{HOST}:{port}"
    return await run_probe(SPEC, address, options, timeout=timeout, names=here)


def over_tls(**more: object) -> SipOptions:
    return SipOptions(transport=Transport.TLS, tls_config=TlsOptions(ca_file=pki().ca_file, **more))  # type: ignore[arg-type]


def facts_of(result: ProbeResult) -> SipFacts:
    assert isinstance(result.facts, SipFacts)
    return result.facts


@pytest.mark.parametrize("options", [UDP, TCP, over_tls()], ids=["udp", "tcp", "tls"])
async def test_a_room_that_answers_is_up(rooms: Rooms, options: SipOptions) -> None:
    result = await probe(await rooms(pki().good), options)
    facts = facts_of(result)
    assert (result.verdict, result.reason, result.address) == (Verdict.OK, Reason.OK, "127.0.0.1")
    assert (facts.status_code, facts.in_use, facts.transport) == (200, 0, options.transport.value)
    assert facts.server == "Lab-Room/1.0"
    assert facts.rtt_seconds is not None
    assert 0 < facts.rtt_seconds <= result.took_seconds
    assert (facts.tls_expiry_timestamp_seconds is not None) == (options.transport is Transport.TLS)


@pytest.mark.parametrize(
    ("status", "via", "reason", "busy"),
    [
        (486, Via.ENDPOINT, Reason.IN_USE, 1),
        (603, Via.REGISTRAR, Reason.IN_USE, 1),
        (404, Via.ENDPOINT, Reason.REQUEST_REFUSED, None),
        (404, Via.REGISTRAR, Reason.NOT_REGISTERED, None),
        (480, Via.ENDPOINT, Reason.REQUEST_REFUSED, None),
        (480, Via.REGISTRAR, Reason.NOT_REGISTERED, None),
        (403, Via.REGISTRAR, Reason.NOT_PERMITTED, None),
        (503, Via.ENDPOINT, Reason.SERVER_ERROR, None),
    ],
)
async def test_the_answer_code_decides(rooms: Rooms, status: int, via: Via, reason: Reason, busy: int | None) -> None:
    result = await probe(await rooms(status=status), replace(UDP, via=via))
    facts = facts_of(result)
    assert (result.reason, facts.status_code, facts.in_use) == (reason, status, busy)
    assert facts.registrar == int(via is Via.REGISTRAR)


async def test_a_registrar_is_asked_about_a_user_of_its_domain(rooms: Rooms) -> None:
    registrar = await rooms()
    registrar.users = {"room-05"}
    options = replace(UDP, via=Via.REGISTRAR, domain="lab.test")
    assert (await probe(registrar, options, user="room-05")).reason is Reason.OK
    assert (await probe(registrar, options, user="room-06")).reason is Reason.NOT_REGISTERED
    assert (await probe(registrar, replace(options, user="room-05"))).reason is Reason.OK


@pytest.mark.parametrize(
    ("vice", "over_udp", "over_tcp"),
    [
        (Vice.SILENT, Reason.TIMEOUT, Reason.TIMEOUT),
        (Vice.GARBAGE, Reason.PROTOCOL_ERROR, Reason.PROTOCOL_ERROR),
        (Vice.ENDLESS, Reason.PROVISIONAL_ONLY, Reason.TOO_LARGE),
        (Vice.DRIP, Reason.PROTOCOL_ERROR, Reason.STALLED),
        (Vice.STALL, Reason.PROVISIONAL_ONLY, Reason.STALLED),
        (Vice.CLOSE, Reason.TIMEOUT, Reason.CONNECTION_CLOSED),
        (Vice.RESET, Reason.TIMEOUT, Reason.CONNECTION_RESET),
    ],
)
async def test_every_vice_has_its_reason_in_time(rooms: Rooms, vice: Vice, over_udp: Reason, over_tcp: Reason) -> None:
    room = await rooms(vice=vice)
    udp, tcp = await asyncio.gather(probe(room, UDP, 0.6), probe(room, TCP, 0.6))
    assert (udp.reason, tcp.reason) == (over_udp, over_tcp)
    assert max(udp.took_seconds, tcp.took_seconds) < 0.8


async def test_a_slow_room_outside_its_limit_is_degraded(rooms: Rooms) -> None:
    room = await rooms(vice=Vice.SLOW)
    room.slow_seconds = 0.2
    strict = SipDegraded(rtt=0.1)
    assert (await probe(room, UDP)).reason is Reason.OK
    for options in (UDP, TCP):
        result = await probe(room, replace(options, degraded=strict))
        assert (result.reason, result.verdict) == (Reason.HIGH_RTT, Verdict.DEGRADED)
        assert 0.2 <= (facts_of(result).rtt_seconds or 0) < 0.4


async def test_a_closed_port_is_refused_at_once_on_every_transport(rooms: Rooms) -> None:
    room = await rooms(pki().good)
    await room.close()
    for options in (UDP, SipOptions(), TCP, over_tls()):
        result = await probe(room, options)
        assert result.reason is Reason.REFUSED
        assert result.took_seconds < 0.3


async def test_refusals_do_not_harm_the_runs_of_others(rooms: Rooms) -> None:
    """One ICMP error must neither be taken for another run's, nor make the loop forget the socket."""
    live, dead = await rooms(), await rooms()
    await dead.close()
    shared = SipShared(SystemClock())
    try:
        for _ in range(3):
            results = await asyncio.gather(*(ask(shared, room) for room in (live, dead) * 50))
            assert {result.reason for result in results[::2]} == {Reason.OK}
            assert {result.reason for result in results[1::2]} == {Reason.REFUSED}
    finally:
        shared.close()


async def ask(shared: SipShared, room: SipRoom) -> ProbeResult:
    clock = SystemClock()
    ctx = ProbeContext(clock, clock.monotonic() + 3.0, ToldResolver(), shared)
    target = target_of("sip", f"127.0.0.1:{room.port}", UDP)
    return await SPEC.run(target, UDP, ctx)


async def test_silence_over_udp_with_tcp_open_is_tcp_only(rooms: Rooms) -> None:
    room = await rooms()
    room.deaf_over_udp = True
    for fallback in (TcpFallback.PORT, TcpFallback.ANSWER):
        result = await probe(room, SipOptions(tcp_fallback=fallback), 0.5)
        assert (result.reason, result.verdict) == (Reason.TCP_ONLY, Verdict.DEGRADED)
        assert result.took_seconds < 0.6
    assert (await probe(room, UDP, 0.3)).reason is Reason.TIMEOUT


async def test_a_frozen_room_is_told_from_tcp_only_by_asking_for_an_answer(rooms: Rooms) -> None:
    room = await rooms(vice=Vice.SILENT)
    frozen, open_port = await asyncio.gather(
        probe(room, SipOptions(tcp_fallback=TcpFallback.ANSWER), 0.5), probe(room, SipOptions(), 0.5)
    )
    assert (frozen.reason, open_port.reason) == (Reason.TIMEOUT, Reason.TCP_ONLY)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("expired", Reason.TLS_EXPIRED),
        ("future", Reason.TLS_NOT_YET_VALID),
        ("wrong_host", Reason.TLS_WRONG_NAME),
        ("self_signed", Reason.TLS_SELF_SIGNED),
        ("no_chain", Reason.TLS_UNTRUSTED),
        ("unknown_ca", Reason.TLS_UNTRUSTED),
    ],
)
async def test_a_wrong_certificate_is_named_and_its_expiry_known(rooms: Rooms, fault: str, reason: Reason) -> None:
    result = await probe(await rooms(getattr(pki(), fault)), over_tls())
    assert (result.reason, result.verdict) == (reason, Verdict.FAILED)
    assert facts_of(result).tls_expiry_timestamp_seconds is not None


async def test_certificates_may_be_ignored_or_watched(rooms: Rooms) -> None:
    assert (await probe(await rooms(pki().expired), over_tls(verify=False))).reason is Reason.OK
    watched = replace(over_tls(), degraded=SipDegraded(certificate=21 * 86400.0))
    assert (await probe(await rooms(pki().soon), watched)).reason is Reason.CERTIFICATE_EXPIRING


async def test_tls_that_stalls_or_is_clear_text_has_its_reason(rooms: Rooms) -> None:
    stalling = await rooms(pki().good, vice=Vice.SILENT)
    result = await probe(stalling, over_tls(), 0.4)
    assert (result.reason, result.took_seconds < 0.6) == (Reason.TIMEOUT, True)
    plain = await asyncio.start_server(lambda _, writer: _hang_up(writer, b"SIP/2.0 400 Bad\r\n\r\n"), "127.0.0.1", 0)
    async with plain:
        port = plain.sockets[0].getsockname()[1]
        answer = await run_probe(SPEC, f"127.0.0.1:{port}", over_tls())
        assert answer.reason in (Reason.TLS_REQUIRED, Reason.TLS_FAILED)


async def _hang_up(writer: asyncio.StreamWriter, last: bytes) -> None:
    writer.write(last)
    writer.close()


class Forger(asyncio.DatagramProtocol):
    """Answers a request with what `forge` makes of the right answer, from any of its own sockets."""

    def __init__(self, forge: Callable[[bytes], list[tuple[bytes, bool]]]) -> None:
        self.forge = forge
        self.stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.stranger.bind(("127.0.0.9", 0))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        head = data.partition(b"\r\n")[2].replace(b"Max-Forwards: 70\r\n", b"")
        for answer, by_stranger in self.forge(b"SIP/2.0 486 Busy Here\r\n" + head):
            if by_stranger:
                self.stranger.sendto(answer, addr)
            else:
                self.transport.sendto(answer, addr)  # type: ignore[attr-defined]


def _bad(right: bytes) -> dict[str, bytes]:
    """Answers that look right and are another transaction's."""
    ok = right.replace(b"486 Busy Here", b"200 OK")
    at = ok.find(b"z9hG4bK") + 10
    call = ok.find(b"Call-ID: ") + 12
    return {
        "branch": ok[:at] + bytes((ok[at] ^ 1,)) + ok[at + 1 :],
        "call-id": ok[:call] + b"zz" + ok[call + 2 :],
        "cseq": ok.replace(b"CSeq: ", b"CSeq: 9"),
        "method": ok.replace(b" OPTIONS\r\n", b" INVITE\r\n"),
        "request": ok.replace(b"SIP/2.0 200 OK", b"OPTIONS sip:monitor@127.0.0.1 SIP/2.0"),
        "no call-id": ok.replace(b"Call-ID:", b"X-Call-ID:"),
    }


@pytest.mark.parametrize("kind", ["branch", "call-id", "cseq", "method", "request", "no call-id", "stranger"])
async def test_an_answer_that_is_not_ours_is_ignored_and_the_right_one_taken(kind: str) -> None:
    def forge(right: bytes) -> list[tuple[bytes, bool]]:
        wrong = (right.replace(b"486", b"200"), True) if kind == "stranger" else (_bad(right)[kind], False)
        return [wrong, (right, False)]

    result = await _forged(forge)
    assert (result.reason, facts_of(result).status_code) == (Reason.IN_USE, 486)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("branch", Reason.TIMEOUT), ("stranger", Reason.TIMEOUT), ("no call-id", Reason.PROTOCOL_ERROR)],
)
async def test_answers_that_are_never_ours_are_no_answer(kind: str, reason: Reason) -> None:
    def forge(right: bytes) -> list[tuple[bytes, bool]]:
        return [(right, True)] if kind == "stranger" else [(_bad(right)[kind], False)]

    assert (await _forged(forge, 0.3)).reason is reason


async def _forged(forge: Callable[[bytes], list[tuple[bytes, bool]]], timeout: float = 2.0) -> ProbeResult:
    loop = asyncio.get_running_loop()
    transport, forger = await loop.create_datagram_endpoint(lambda: Forger(forge), local_addr=("127.0.0.1", 0))
    try:
        port = transport.get_extra_info("sockname")[1]
        return await run_probe(SPEC, f"127.0.0.1:{port}", UDP, timeout=timeout)
    finally:
        transport.close()
        forger.stranger.close()


async def test_a_lost_request_is_sent_again_after_half_a_second() -> None:
    asked = 0

    def forge(right: bytes) -> list[tuple[bytes, bool]]:
        nonlocal asked
        asked += 1
        return [(right, False)] if asked == 2 else []

    result = await _forged(forge)
    assert (result.reason, asked) == (Reason.IN_USE, 2)
    assert 0.5 <= (facts_of(result).rtt_seconds or 0) < 0.7


async def test_an_answer_in_single_bytes_is_read_over_tcp() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        answer = b"SIP/2.0 200 OK" + request[request.find(b"\r\n") :]
        for at in range(len(answer)):
            writer.write(b"\r\n" * (at == 0) + answer[at : at + 1])
            await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert (await run_probe(SPEC, f"127.0.0.1:{port}", TCP)).reason is Reason.OK


async def test_cancelling_a_run_leaves_nothing_behind(rooms: Rooms) -> None:
    room = await rooms(vice=Vice.SILENT)
    shared = SipShared(SystemClock())
    try:
        task = asyncio.ensure_future(ask(shared, room))
        while not room.requests:
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        udp = shared.udp(socket.AF_INET, "")
        assert (udp._pending, udp._peers) == ({}, {})
        room.vice = Vice.NONE
        assert (await ask(shared, room)).reason is Reason.OK
    finally:
        shared.close()


async def test_the_port_is_renewed_and_runs_under_way_keep_theirs(rooms: Rooms) -> None:
    """A firewall entry that went bad must not be refreshed for ever by our own probes."""
    room = await rooms(vice=Vice.SLOW)
    room.slow_seconds = 0.2
    clock = TravellingClock(boottime_ns=SystemClock().boottime_ms() * 1_000_000)
    shared = SipShared(clock)
    try:
        first = shared.udp(socket.AF_INET, "")
        template = shared.udp_template("sip:127.0.0.1", ("127.0.0.1", room.port), "")
        under_way = asyncio.ensure_future(first.ask(template, ("127.0.0.1", room.port), clock.monotonic() + 60))
        while not room.requests:
            await asyncio.sleep(0.005)
        assert shared.udp(socket.AF_INET, "") is first
        clock.advance(RENEW_SECONDS)
        second = shared.udp(socket.AF_INET, "")
        assert second.port != first.port
        assert not first.closed
        assert (await under_way).status == 200
        assert (first.closed, second.closed) == (True, False)
    finally:
        shared.close()


async def test_names_and_sources_that_fail_say_whose_fault_it_is(rooms: Rooms) -> None:
    unknown = {HOST: Unresolved(Reason.NAME_NOT_FOUND, "NXDOMAIN")}
    assert (await run_probe(SPEC, HOST, UDP, names=unknown)).reason is Reason.NAME_NOT_FOUND
    room = await rooms()
    not_ours = TypeAdapter(SipOptions).validate_python({"source": "192.0.2.1", "tcp_fallback": "off"})
    assert (await probe(room, not_ours)).reason is Reason.NO_SOURCE_ADDRESS
    assert (await probe(room, replace(not_ours, transport=Transport.TCP))).reason is Reason.NO_SOURCE_ADDRESS
    ours = TypeAdapter(SipOptions).validate_python({"source": "127.0.0.77", "tcp_fallback": "off"})
    assert (await probe(room, ours)).reason is Reason.OK


async def test_hostile_server_text_is_cleaned(rooms: Rooms) -> None:
    room = await rooms()
    room.server = "evil\x1b[31m\x07" + "x" * 500
    server = facts_of(await probe(room)).server
    assert server.startswith("evil\ufffd[31m\ufffdx")
    assert len(server) == 128


async def test_ipv6_is_asked_too() -> None:
    room = SipRoom()
    try:
        await room.open("::1")
    except OSError:
        return  # a machine without IPv6 cannot answer on it
    for options in (UDP, TCP):
        assert (await run_probe(SPEC, f"[::1]:{room.port}", options)).reason is Reason.OK
    await room.close()
    assert (await run_probe(SPEC, f"[::1]:{room.port}", UDP)).reason is Reason.REFUSED


def test_every_final_code_has_a_verdict_on_both_sides() -> None:
    for code in range(200, 700):
        assert VERDICT_OF[reason_of(code, Via.ENDPOINT)] in (Verdict.OK, Verdict.DEGRADED), code
        assert isinstance(reason_of(code, Via.REGISTRAR), Reason)
        assert in_use(code) in (None, 0, 1)
    refused = {reason_of(code, Via.REGISTRAR) for code in (401, 403, 407)}
    assert {VERDICT_OF[reason] for reason in refused} == {Verdict.LOCAL_ERROR}


def test_the_documented_table_is_the_code() -> None:
    page = (Path(__file__).parents[3] / "docs" / "probes" / "sip.md").read_text(encoding="utf-8")
    rows = [
        f"| {row.label} | {row.meaning} | `{row.endpoint}` ({VERDICT_OF[row.endpoint]}) "
        f"| `{row.registrar}` ({VERDICT_OF[row.registrar]}) |"
        for row in TABLE
    ]
    assert "\n".join(rows) in page


def test_every_option_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "probes" / "sip.md").read_text(encoding="utf-8")
    assert "`degraded.rtt`" in page
    for options in (SipOptions, SipDegraded):
        for name in options.__dataclass_fields__.keys() - {"degraded"}:
            assert f"`{name}`" in page or f"`degraded.{name}`" in page, name


def test_addresses_are_read_or_refused() -> None:
    assert parse_address("192.0.2.10") == Address("192.0.2.10", None, None)
    assert parse_address("room.example:5070") == Address("room.example", 5070, None)
    assert parse_address("sip:room-07@192.0.2.10:5062") == Address("192.0.2.10", 5062, "room-07")
    assert parse_address("sip:a@[2001:db8::1]:5060") == Address("2001:db8::1", 5060, "a")
    assert parse_address("2001:db8::1") == Address("2001:db8::1", None, None)
    bad = ("", "a b", "host:0", "host:70000", "192.0.2.300", "1.2.3", "sip:@host", "a\r\nVia: x", "http://x/", "host:")
    assert {address: validate(address) is not None for address in bad} == dict.fromkeys(bad, True)


@pytest.mark.parametrize(
    "wrong",
    [{"method": "INVITE"}, {"transport": "sctp"}, {"port": 0}, {"user": "a b"}, {"domain": "x\r\ny"}, {"via": "me"}],
)
def test_wrong_options_are_refused_when_loaded(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SipOptions).validate_python(wrong)
