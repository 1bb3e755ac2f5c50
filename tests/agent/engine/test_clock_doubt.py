"""A clock proved wrong excuses certificates, in every probe alike; a mere doubt is said beside the verdict.

OpenSSL reads the machine's own clock. So here that clock is the wrong one, and the evidence speaks of another time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from agent.availability.machine import begin, completed
from agent.availability.track import CompletedRun
from agent.clock import SystemClock
from agent.engine.adhoc.probe import AccessPolicy, ProbeRequest, probe_once
from agent.engine.clock_doubt import BUILT_WALL_MS, ClockDoubt
from agent.engine.runner import Runner, Transports
from agent.inventory.entities import Module
from agent.lab.listeners.dns import DnsListener
from agent.lab.listeners.http import HttpListener
from agent.lab.listeners.ntp import NtpServer
from agent.lab.listeners.sip import SipRoom
from agent.lab.listeners.tcp import TcpListener
from agent.model import ProbeResult, Reason, ServerTime, State, UnknownCause, Verdict
from agent.probes.dns.options import DnsDegraded, DnsOptions
from agent.probes.http.options import HttpDegraded, HttpOptions
from agent.probes.ntp.options import NtpOptions
from agent.probes.ntp.reasons import NtpReason
from agent.probes.options import Transport as DnsTransport
from agent.probes.options import Transport as SipTransport
from agent.probes.registry import PROBES
from agent.probes.resolver import Resolved
from agent.probes.sip.options import SipDegraded, SipOptions
from agent.probes.tcp.dialogue import DialogueStep
from agent.probes.tcp.options import TcpDegraded, TcpOptions
from agent.probes.tls.options import TlsOptions
from tests.exporters.sample import inventory
from tests.pki import HOST, Server, pki
from tests.probing import POLICY, StaticResolver, target_of

DAY = 86_400_000
LONG_AGO = SystemClock().wall_ms() - 300 * DAY  # when the program of these tests was built
TRUST = TlsOptions(ca_file=pki().ca_file)
MONTH = 30 * 86_400.0
STARTTLS = (DialogueStep(send="STARTTLS"), DialogueStep(expect="^220", starttls=True))
WITNESSES = (("a.example", "192.0.2.1"), ("b.example", "192.0.2.2"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to show a certificate: the probe, its options, and who listens."""

    probe: str
    options: Any
    listen: Callable[[Server], Any]


KINDS = {
    "tcp": Kind(
        "tcp",
        TcpOptions(tls=True, tls_config=TRUST, degraded=TcpDegraded(certificate=MONTH)),
        lambda server: TcpListener(certificate=server.pem),
    ),
    "starttls": Kind(
        "tcp",
        TcpOptions(tls_config=TRUST, dialogue=STARTTLS, degraded=TcpDegraded(certificate=MONTH)),
        lambda server: TcpListener(
            answers={b"STARTTLS": b"220 go\r\n"}, certificate=server.pem, upgrade_on=b"STARTTLS"
        ),
    ),
    "http": Kind(
        "http",
        HttpOptions(tls_config=TRUST, degraded=HttpDegraded(certificate=MONTH)),
        lambda server: HttpListener(certificate=(Path(server.pem), Path(server.pem))),
    ),
    "sip": Kind(
        "sip",
        SipOptions(transport=SipTransport.TLS, tls_config=TRUST, degraded=SipDegraded(certificate=MONTH)),
        lambda server: SipRoom(server.context()),
    ),
    "dns": Kind(
        "dns",
        DnsOptions(
            "portal.example", transport=DnsTransport.TLS, tls_config=TRUST, degraded=DnsDegraded(certificate=MONTH)
        ),
        lambda server: DnsListener(tls=server.context()),
    ),
}


class Clock(SystemClock):
    """The machine's, as the kernel would speak of it: a source sets it, none does, or nobody may ask."""

    def __init__(self, says: bool | None = False) -> None:
        super().__init__()
        self.says = says

    def synchronised(self) -> bool:
        if self.says is None:
            raise OSError(1, "adjtimex: Operation not permitted")
        return self.says


def record_server_time(doubt: ClockDoubt, days: float, *servers: tuple[str, str]) -> None:
    """Each of them answered, and said that it is so many days later than our clock shows."""
    for host, address in servers:
        told = ServerTime(host, SystemClock().wall_ms() + round(days * DAY))
        result = ProbeResult(Verdict.OK, Reason.OK, 0.01, address=address, server_time=told)
        doubt.record_server_time(result)
        assert doubt.review(result) is result


@asynccontextmanager
async def served(kind: Kind, server: Server) -> AsyncIterator[str]:
    """The address of a server that shows that certificate."""
    listener = kind.listen(server)
    await listener.open("127.0.0.1")
    port = listener.tls_port if kind.probe == "sip" else listener.port
    try:
        yield f"https://{HOST}:{port}/" if kind.probe == "http" else f"{HOST}:{port}"
    finally:
        await listener.close()


@asynccontextmanager
async def runner(doubt: ClockDoubt, clock: Clock) -> AsyncIterator[Runner]:
    transports = Transports(PROBES, clock)
    try:
        here = {HOST: Resolved("127.0.0.1", stale=False, took_seconds=0.0)}
        yield Runner(clock, StaticResolver(here), transports, "local", doubt)
    finally:
        transports.close()


async def review(kind: Kind, server: Server, doubt: ClockDoubt, clock: Clock) -> ProbeResult:
    """One run through the agent's own runner."""
    async with served(kind, server) as address, runner(doubt, clock) as ran:
        return (await ran.run(target_of(kind.probe, address, kind.options))).result


NOT_YET, EXPIRED, EXPIRING = Reason.TLS_NOT_YET_VALID, Reason.TLS_EXPIRED, Reason.CERTIFICATE_EXPIRING
SKEW, NAME = Reason.CLOCK_SKEW, Reason.TLS_WRONG_NAME


def nothing(_: ClockDoubt) -> None:
    return


def a_later_row(doubt: ClockDoubt) -> None:
    doubt.raise_floor(SystemClock().wall_ms() + 60 * DAY)


def a_row_of_yesterday(doubt: ClockDoubt) -> None:
    doubt.raise_floor(SystemClock().wall_ms() + DAY)


def behind(doubt: ClockDoubt) -> None:
    record_server_time(doubt, 60, *WITNESSES)


def ahead(doubt: ClockDoubt) -> None:
    record_server_time(doubt, -100, *WITNESSES)


def one_server(doubt: ClockDoubt) -> None:
    record_server_time(doubt, 60, WITNESSES[0])


def itself_and_another(doubt: ClockDoubt) -> None:
    record_server_time(doubt, 60, (HOST, "192.0.2.9"), ("other-name.example", "127.0.0.1"), WITNESSES[0])


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("shows", "evidence", "reason", "doubted"),
    [
        ("future", a_later_row, SKEW, True),
        ("future", behind, SKEW, True),
        ("future", nothing, NOT_YET, True),
        ("future", a_row_of_yesterday, NOT_YET, True),
        ("future", ahead, NOT_YET, True),
        ("future", one_server, NOT_YET, True),
        ("future", itself_and_another, NOT_YET, True),
        ("expired", ahead, SKEW, True),
        ("expired", nothing, EXPIRED, True),
        ("expired", behind, EXPIRED, True),
        ("expired", a_later_row, EXPIRED, True),
        ("soon", ahead, SKEW, True),
        ("soon", nothing, EXPIRING, True),
        ("soon", behind, EXPIRING, True),
        ("wrong_host", ahead, NAME, False),
        ("expired_wrong_host", ahead, NAME, False),  # the name is wrong at any time
        ("good", ahead, Reason.OK, False),
    ],
)
async def test_every_probe_alike(
    name: str, shows: str, evidence: Callable[[ClockDoubt], None], reason: Reason, doubted: bool
) -> None:
    clock = Clock()
    doubt = ClockDoubt(clock, LONG_AGO)
    evidence(doubt)
    result = await review(KINDS[name], getattr(pki(), shows), doubt, clock)
    assert (result.reason, result.clock_doubted) == (reason, doubted)
    assert (result.verdict is Verdict.LOCAL_ERROR) == (reason is SKEW)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("shows", "evidence", "reason"), [("future", behind, NOT_YET), ("expired", ahead, EXPIRED)])
async def test_a_synchronised_clock_is_not_doubted(
    name: str, shows: str, evidence: Callable[[ClockDoubt], None], reason: Reason
) -> None:
    clock = Clock(says=True)
    doubt = ClockDoubt(clock, LONG_AGO)
    evidence(doubt)
    result = await review(KINDS[name], getattr(pki(), shows), doubt, clock)
    assert (result.verdict, result.reason, result.clock_doubted) == (Verdict.FAILED, reason, False)


@pytest.mark.parametrize("name", KINDS)
async def test_a_program_built_later_than_the_clock_shows_proves_it_wrong(name: str) -> None:
    clock = Clock()
    result = await review(KINDS[name], pki().future, ClockDoubt(clock, clock.wall_ms() + 40 * DAY), clock)
    assert result.reason is SKEW


async def test_a_clock_that_nobody_may_ask_is_not_vouched_for() -> None:
    clock = Clock(says=None)
    assert (await review(KINDS["tcp"], pki().future, ClockDoubt(clock), clock)).clock_doubted


async def test_what_a_source_vouched_for_before_it_was_lost_goes_on_with_the_boottime() -> None:
    """The clock was set back by 60 days after that."""
    clock = Clock()
    doubt = ClockDoubt(clock, LONG_AGO)
    doubt.on_synchronised(clock.boottime_ms() - DAY, clock.wall_ms() + 59 * DAY)
    assert (await review(KINDS["http"], pki().future, doubt, clock)).reason is SKEW


@asynccontextmanager
async def telling(address: str, headers: str, status: str = "200 OK") -> AsyncIterator[str]:
    """A web server in clear that says so."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, address, 0)
    try:
        yield f"http://{address}:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


def date_in(days: float) -> str:
    at = datetime.fromtimestamp(SystemClock().wall_ms() / 1000 + days * 86_400, UTC)
    return f"Date: {format_datetime(at, usegmt=True)}\r\n"


@pytest.mark.parametrize(
    ("servers", "reason"),
    [
        ({"127.81.0.5": date_in(60), "127.81.0.6": date_in(60)}, SKEW),
        ({"127.81.0.5": date_in(60)}, NOT_YET),
        ({"127.81.0.5": date_in(60), "127.81.0.6": date_in(61)}, NOT_YET),
        ({"127.81.0.5": date_in(60), "127.81.0.6": "Age: 9\r\n" + date_in(60)}, NOT_YET),  # out of a cache
        ({"127.81.0.5": date_in(60), "127.81.0.6": "Date: today\r\n"}, NOT_YET),
        ({"127.0.0.1": date_in(60), "127.81.0.6": date_in(60)}, NOT_YET),  # the server of the certificate
    ],
)
async def test_date_headers_of_other_servers(servers: dict[str, str], reason: Reason) -> None:
    clock = Clock()
    doubt = ClockDoubt(clock, LONG_AGO)
    async with runner(doubt, clock) as ran:
        for address, date in servers.items():
            async with telling(address, date) as url:
                assert (await ran.run(target_of("http", url, HttpOptions()))).result.success
    assert (await review(KINDS["sip"], pki().future, doubt, clock)).reason is reason


async def test_probe_on_demand_has_the_same_rule() -> None:
    clock, kind = Clock(), KINDS["http"]
    doubt = ClockDoubt(clock)
    doubt.raise_floor(clock.wall_ms() + 60 * DAY)
    async with served(kind, pki().future) as address, runner(doubt, clock) as ran:
        known = replace(
            inventory(), modules={"web": Module("web", "http", kind.options, POLICY)}, probe_allow=("127.0.0.0/8",)
        )
        done = await probe_once(ProbeRequest(address, "web"), AccessPolicy.of(known, PROBES), ran)
    assert (done.result.verdict, done.result.reason) == (Verdict.LOCAL_ERROR, SKEW)


async def test_probe_on_demand_gives_no_evidence() -> None:
    """Whoever may ask over it could otherwise bring his own witnesses, and change states."""
    clock = Clock()
    doubt = ClockDoubt(clock, LONG_AGO)
    async with runner(doubt, clock) as ran:
        modules = {"web": Module("web", "http", HttpOptions(), POLICY)}
        permitted = AccessPolicy.of(replace(inventory(), modules=modules, probe_allow=("127.0.0.0/8",)), PROBES)
        for address in ("127.81.0.5", "127.81.0.6"):
            async with telling(address, date_in(60)) as url:
                assert (await probe_once(ProbeRequest(url, "web"), permitted, ran)).result.success
    assert (await review(KINDS["http"], pki().future, doubt, clock)).reason is NOT_YET


async def test_a_server_cannot_send_us_to_witnesses_of_its_own() -> None:
    clock = Clock()
    doubt = ClockDoubt(clock, LONG_AGO)
    async with runner(doubt, clock) as ran, telling("127.81.0.5", date_in(60)) as one:
        assert (await ran.run(target_of("http", one, HttpOptions()))).result.success
        async with (
            telling("127.81.0.7", date_in(60)) as chosen,
            telling("127.81.0.6", f"Location: {chosen}\r\n{date_in(60)}", "302 Found") as sends,
        ):
            sent = (await ran.run(target_of("http", sends, HttpOptions()))).result
    assert (sent.success, sent.address, sent.server_time) == (True, "127.81.0.7", None)
    assert (await review(KINDS["http"], pki().future, doubt, clock)).reason is NOT_YET


def test_the_state_is_unknown_by_the_clock() -> None:
    run = CompletedRun(1_000, 10, Verdict.LOCAL_ERROR, SKEW)
    step = completed(begin("s/web", 0, UnknownCause.NOT_YET).track, POLICY, run)
    assert (step.track.state, step.track.cause) == (State.UNKNOWN, UnknownCause.CLOCK)


def test_the_program_was_built_in_the_past() -> None:
    assert SystemClock().wall_ms() > BUILT_WALL_MS
    assert BUILT_WALL_MS % DAY == 0


@asynccontextmanager
async def own_clock_behind(seconds: float, doubt: ClockDoubt, servers: int = 2) -> AsyncIterator[list[ProbeResult]]:
    """Time servers that agree that our clock is so far behind: their results once all were asked."""
    clock, listeners = SystemClock(), [NtpServer() for _ in range(servers)]
    for number, listener in enumerate(listeners, 1):
        listener.offset_seconds = seconds
        await listener.open(f"127.0.0.{number}")
    names = {f"t{number}.example": Resolved(f"127.0.0.{number}", stale=False, took_seconds=0.0) for number in (1, 2)}
    transports = Transports(PROBES, clock)
    asking = Runner(clock, StaticResolver(names), transports, "local", doubt)
    try:
        targets = [
            target_of("ntp", f"t{number}.example:{each.port}", NtpOptions()) for number, each in enumerate(listeners, 1)
        ]
        for target in targets:
            await asking.run(target)
        yield [(await asking.run(target)).result for target in targets]
    finally:
        transports.close()
        for listener in listeners:
            await listener.close()


@pytest.mark.parametrize("seconds", [5.0, -5.0])
async def test_two_time_servers_that_agree_prove_our_clock_wrong_and_their_runs_say_so(seconds: float) -> None:
    doubt = ClockDoubt(SystemClock())
    async with own_clock_behind(seconds, doubt) as results:
        for result in results:
            assert (result.verdict, result.reason) == (Verdict.DEGRADED, NtpReason.CLOCK_OFFSET)
            assert result.clock_offset_seconds == pytest.approx(-seconds, abs=0.2)
    offset = doubt.offset()
    assert offset is not None
    assert offset.proved_wrong


async def test_one_time_server_proves_nothing_of_our_clock() -> None:
    doubt = ClockDoubt(SystemClock())
    async with own_clock_behind(5.0, doubt, servers=1) as (result,):
        assert (result.verdict, result.clock_offset_seconds) == (Verdict.DEGRADED, None)
    assert doubt.offset() is None


async def test_time_servers_that_agree_with_us_measure_our_clock_and_blame_nobody() -> None:
    doubt = ClockDoubt(SystemClock())
    async with own_clock_behind(0.0, doubt) as results:
        assert [(result.reason, result.clock_offset_seconds) for result in results] == [(Reason.OK, None)] * 2
    offset = doubt.offset()
    assert offset is not None
    assert not offset.proved_wrong
