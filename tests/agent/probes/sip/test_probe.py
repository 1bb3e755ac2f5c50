from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from agent.clock import SystemClock
from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.sip import SipRoom
from agent.model import ProbeResult, Reason, ReasonCode, Verdict
from agent.probes.options import Transport
from agent.probes.resolver import Resolved, Unresolved
from agent.probes.sip.facts import SipFacts
from agent.probes.sip.options import SipDegraded, SipOptions, TcpFallback
from agent.probes.sip.probe import SPEC
from agent.probes.sip.reasons import SipReason
from agent.probes.sip.shared import SipShared
from agent.probes.sip.status_codes import Via
from agent.probes.spec import ProbeContext
from agent.probes.tls.options import TlsOptions
from agent.probes.udp.pool import RENEW_SECONDS
from tests.clock import TravellingClock
from tests.pki import HOST, Server, pki
from tests.probing import StaticResolver, run_probe, target_of

UDP = SipOptions(tcp_fallback=TcpFallback.OFF)
TCP = SipOptions(transport=Transport.TCP)
Rooms = Callable[..., Awaitable[SipRoom]]


@pytest.fixture
async def rooms() -> AsyncIterator[Rooms]:
    opened: list[SipRoom] = []

    async def start(
        server: Server | None = None, *, misbehaviour: Misbehaviour = Misbehaviour.NONE, status: int = 200
    ) -> SipRoom:
        room = SipRoom(None if server is None else server.context())
        opened.append(room)
        room.misbehaviour, room.status = misbehaviour, status
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
        (486, Via.ENDPOINT, SipReason.IN_USE, 1),
        (603, Via.REGISTRAR, SipReason.IN_USE, 1),
        (404, Via.ENDPOINT, SipReason.REQUEST_REFUSED, None),
        (404, Via.REGISTRAR, SipReason.NOT_REGISTERED, None),
        (480, Via.ENDPOINT, SipReason.REQUEST_REFUSED, None),
        (480, Via.REGISTRAR, SipReason.NOT_REGISTERED, None),
        (403, Via.REGISTRAR, Reason.NOT_PERMITTED, None),
        (503, Via.ENDPOINT, SipReason.SERVER_ERROR, None),
    ],
)
async def test_the_answer_code_decides(
    rooms: Rooms, status: int, via: Via, reason: ReasonCode, busy: int | None
) -> None:
    result = await probe(await rooms(status=status), replace(UDP, via=via))
    facts = facts_of(result)
    assert (result.reason, facts.status_code, facts.in_use) == (reason, status, busy)
    assert facts.registrar == int(via is Via.REGISTRAR)


async def test_a_registrar_is_asked_about_a_user_of_its_domain(rooms: Rooms) -> None:
    registrar = await rooms()
    registrar.users = {"room-05"}
    options = replace(UDP, via=Via.REGISTRAR, domain="lab.test")
    assert (await probe(registrar, options, user="room-05")).reason is Reason.OK
    assert (await probe(registrar, options, user="room-06")).reason is SipReason.NOT_REGISTERED
    assert (await probe(registrar, replace(options, user="room-05"))).reason is Reason.OK


@pytest.mark.parametrize(
    ("misbehaviour", "over_udp", "over_tcp"),
    [
        (Misbehaviour.SILENT, Reason.TIMEOUT, Reason.TIMEOUT),
        (Misbehaviour.GARBAGE, Reason.PROTOCOL_ERROR, Reason.PROTOCOL_ERROR),
        (Misbehaviour.ENDLESS, SipReason.PROVISIONAL_ONLY, Reason.TOO_LARGE),
        (Misbehaviour.DRIP, Reason.PROTOCOL_ERROR, Reason.STALLED),
        (Misbehaviour.STALL, SipReason.PROVISIONAL_ONLY, Reason.STALLED),
        (Misbehaviour.CLOSE, Reason.TIMEOUT, Reason.CONNECTION_CLOSED),
        (Misbehaviour.RESET, Reason.TIMEOUT, Reason.CONNECTION_RESET),
    ],
)
async def test_every_vice_has_its_reason_in_time(
    rooms: Rooms, misbehaviour: Misbehaviour, over_udp: ReasonCode, over_tcp: ReasonCode
) -> None:
    room = await rooms(misbehaviour=misbehaviour)
    udp, tcp = await asyncio.gather(probe(room, UDP, 0.6), probe(room, TCP, 0.6))
    assert (udp.reason, tcp.reason) == (over_udp, over_tcp)
    assert max(udp.took_seconds, tcp.took_seconds) < 0.8


async def test_a_slow_room_outside_its_limit_is_degraded(rooms: Rooms) -> None:
    room = await rooms(misbehaviour=Misbehaviour.SLOW)
    room.slow_seconds = 0.2
    strict = SipDegraded(rtt=0.1)
    assert (await probe(room, UDP)).reason is Reason.OK
    for options in (UDP, TCP):
        result = await probe(room, replace(options, degraded=strict))
        assert (result.reason, result.verdict) == (Reason.HIGH_RTT, Verdict.DEGRADED)
        assert 0.19 <= (facts_of(result).rtt_seconds or 0) < 0.4


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
    ctx = ProbeContext(clock, clock.monotonic() + 3.0, StaticResolver(), shared)
    target = target_of("sip", f"127.0.0.1:{room.port}", UDP)
    return await SPEC.run(target, UDP, ctx)


async def test_silence_over_udp_with_tcp_open_is_tcp_only(rooms: Rooms) -> None:
    room = await rooms()
    room.ignores_udp = True
    for fallback in (TcpFallback.PORT, TcpFallback.ANSWER):
        result = await probe(room, SipOptions(tcp_fallback=fallback), 0.5)
        assert (result.reason, result.verdict) == (SipReason.TCP_ONLY, Verdict.DEGRADED)
        assert result.took_seconds < 0.6
    assert (await probe(room, UDP, 0.3)).reason is Reason.TIMEOUT


async def test_a_frozen_room_is_told_from_tcp_only_by_asking_for_an_answer(rooms: Rooms) -> None:
    room = await rooms(misbehaviour=Misbehaviour.SILENT)
    frozen, open_port = await asyncio.gather(
        probe(room, SipOptions(tcp_fallback=TcpFallback.ANSWER), 0.5), probe(room, SipOptions(), 0.5)
    )
    assert (frozen.reason, open_port.reason) == (Reason.TIMEOUT, SipReason.TCP_ONLY)


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
async def test_a_wrong_certificate_is_named_and_its_expiry_known(rooms: Rooms, fault: str, reason: ReasonCode) -> None:
    result = await probe(await rooms(getattr(pki(), fault)), over_tls())
    assert (result.reason, result.verdict) == (reason, Verdict.FAILED)
    assert facts_of(result).tls_expiry_timestamp_seconds is not None


async def test_certificates_may_be_ignored_or_watched(rooms: Rooms) -> None:
    assert (await probe(await rooms(pki().expired), over_tls(verify=False))).reason is Reason.OK
    watched = replace(over_tls(), degraded=SipDegraded(certificate=21 * 86400.0))
    assert (await probe(await rooms(pki().soon), watched)).reason is Reason.CERTIFICATE_EXPIRING


async def test_tls_that_stalls_or_is_clear_text_has_its_reason(rooms: Rooms) -> None:
    stalling = await rooms(pki().good, misbehaviour=Misbehaviour.SILENT)
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


async def test_cancelling_a_run_leaves_nothing_behind(rooms: Rooms) -> None:
    room = await rooms(misbehaviour=Misbehaviour.SILENT)
    shared = SipShared(SystemClock())
    try:
        task = asyncio.ensure_future(ask(shared, room))
        while not room.requests:
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        udp = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
        assert (udp._pending, [peer.exchanges for peer in udp._peers.values()]) == ({}, [set()])
        room.misbehaviour = Misbehaviour.NONE
        assert (await ask(shared, room)).reason is Reason.OK
    finally:
        shared.close()


async def test_the_port_is_renewed_and_runs_under_way_keep_theirs(rooms: Rooms) -> None:
    """A firewall entry that went bad must not be refreshed for ever by our own probes."""
    room = await rooms(misbehaviour=Misbehaviour.SLOW)
    room.slow_seconds = 0.2
    clock = TravellingClock(boottime_ns=SystemClock().boottime_ms() * 1_000_000)
    shared = SipShared(clock)
    try:
        first = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
        template = shared.udp_template("sip:127.0.0.1", ("127.0.0.1", room.port), "")
        under_way = asyncio.ensure_future(first.ask(template, ("127.0.0.1", room.port), clock.monotonic() + 60))
        while not room.requests:
            await asyncio.sleep(0.005)
        assert shared.udp.socket(socket.AF_INET, "", "127.0.0.1") is first
        clock.advance(RENEW_SECONDS)
        second = shared.udp.socket(socket.AF_INET, "", "127.0.0.1")
        assert second.port != first.port
        assert not first.closed
        answer = (await under_way).answer
        assert answer is not None
        assert answer.status == 200
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
