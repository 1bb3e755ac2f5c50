"""The probe against what recorded stacks do, and against servers that have no business on the port."""

from __future__ import annotations

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.h323 import RELEASE_COMPLETE, H323Behaviour, H323Point
from agent.lab.listeners.tcp import TcpListener
from agent.model import ProbeResult, Reason, ReasonCode, Verdict
from agent.probes.h323.facts import H323Facts
from agent.probes.h323.options import H323Answer, H323Degraded, H323Options
from agent.probes.h323.probe import SPEC
from agent.probes.h323.reasons import H323Reason
from tests.probing import run_probe
from tests.recorded_h323 import STATUS_ENQUIRIES, StatusEnquiry

SOON = H323Options(wait=0.2)
EMPTY = b"\x03\x00\x00\x04"
Talk = Callable[[StreamReader, StreamWriter], Awaitable[None]]


class Server:
    """Reads one StatusEnquiry, does what it is told, and keeps every byte of every connection until its end."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.heard: list[bytes] = []
        self.ends = asyncio.Queue[bytes]()
        self.port = 0
        self.visits: list[asyncio.Task[None]] = []

    def visited(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.visits.append(asyncio.get_running_loop().create_task(self._serve(reader, writer)))

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        heard = await reader.readexactly(45)
        await self._talk(reader, writer)
        try:
            heard += await reader.read()
            self.ends.put_nowait(b"FIN")
        except ConnectionResetError:
            self.ends.put_nowait(b"RST")
        self.heard.append(heard)
        writer.transport.abort()


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[Server]:
    server = Server(talk)
    listening = await asyncio.start_server(server.visited, "127.0.0.1", 0)
    server.port = int(listening.sockets[0].getsockname()[1])
    async with listening:
        yield server
        await asyncio.wait_for(asyncio.gather(*server.visits), 2)


def saying(*pieces: bytes, then: str = "") -> Talk:
    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if then == "close":
            writer.write_eof()

    return talk


@pytest.fixture
async def point() -> AsyncIterator[H323Point]:
    point = H323Point()
    await point.open("127.0.0.1")
    yield point
    await point.close()


async def probe(port: int, options: H323Options = SOON, timeout: float = 5.0) -> ProbeResult:
    return await run_probe(SPEC, f"127.0.0.1:{port}", options, timeout=timeout)


def facts_of(result: ProbeResult) -> H323Facts:
    assert isinstance(result.facts, H323Facts)
    return result.facts


# What each recorded stack does, at each demand


@pytest.mark.parametrize(
    ("behaviour", "at_least", "reason"),
    [
        (H323Behaviour.ANSWERS, H323Answer.SILENT, Reason.OK),
        (H323Behaviour.ANSWERS, H323Answer.CLOSED, Reason.OK),
        (H323Behaviour.ANSWERS, H323Answer.ANSWERED, Reason.OK),
        (H323Behaviour.CLOSES, H323Answer.SILENT, Reason.OK),
        (H323Behaviour.CLOSES, H323Answer.CLOSED, Reason.OK),
        (H323Behaviour.CLOSES, H323Answer.ANSWERED, Reason.CONNECTION_CLOSED),
        (H323Behaviour.IGNORES, H323Answer.SILENT, H323Reason.PORT_ONLY),
        (H323Behaviour.IGNORES, H323Answer.CLOSED, Reason.TIMEOUT),
        (H323Behaviour.IGNORES, H323Answer.ANSWERED, Reason.TIMEOUT),
    ],
)
async def test_what_a_stack_does_and_what_is_demanded(
    point: H323Point, behaviour: H323Behaviour, at_least: H323Answer, reason: ReasonCode
) -> None:
    point.behaviour = behaviour
    result = await probe(point.port, H323Options(at_least=at_least, wait=0.2))
    assert result.reason is reason
    assert (
        facts_of(result).answer
        == {H323Behaviour.ANSWERS: "answered", H323Behaviour.CLOSES: "closed", H323Behaviour.IGNORES: "silent"}[
            behaviour
        ]
    )
    assert point.setups == 0


@pytest.mark.parametrize("recorded", STATUS_ENQUIRIES)
async def test_every_recorded_answer_counts_as_working(recorded: StatusEnquiry) -> None:
    async with serving(saying(recorded.came, then="close" if recorded.closed else "")) as server:
        result = await probe(server.port)
    wanted = "answered" if recorded.came else "closed" if recorded.closed else "silent"
    assert (result.success, facts_of(result).answer) == (True, wanted)


async def test_the_facts_of_an_answer(point: H323Point) -> None:
    result = await run_probe(SPEC, "127.0.0.1", H323Options(port=point.port))
    facts = facts_of(result)
    assert (result.verdict, result.reason, result.address) == (Verdict.OK, Reason.OK, "127.0.0.1")
    assert facts == H323Facts(facts.connect_seconds, "answered", "ReleaseComplete", "undefinedReason")
    assert 0 < facts.connect_seconds <= result.took_seconds


async def test_a_slow_connect_is_degraded(point: H323Point) -> None:
    result = await probe(point.port, H323Options(degraded=H323Degraded(connect=1e-9)))
    assert (result.verdict, result.reason, facts_of(result).answer) == (Verdict.DEGRADED, Reason.SLOW, "answered")


# Nothing but one StatusEnquiry is ever sent


@pytest.mark.parametrize(
    "talk",
    [
        saying(),
        saying(RELEASE_COMPLETE),
        saying(RELEASE_COMPLETE, then="close"),
        saying(then="close"),
        saying(b"HTTP/1.1 400 Bad Request\r\n\r\n", then="close"),
        saying(EMPTY * 10, RELEASE_COMPLETE[:9]),
        saying(bytes.fromhex("030000090802810102"), bytes.fromhex("030000090802810107")),  # "proceeding", "connected"
    ],
)
async def test_one_status_enquiry_and_nothing_else_is_sent_whatever_comes(talk: Talk) -> None:
    async with serving(talk) as server:
        for _ in range(2):
            await probe(server.port, timeout=0.5)
            assert await asyncio.wait_for(server.ends.get(), 2) in (b"FIN", b"RST")
    assert [(len(heard), heard[:4], heard[8]) for heard in server.heard] == [(45, b"\x03\x00\x00\x2d", 0x75)] * 2
    assert len(set(server.heard)) == 2  # reference and identifier are new each time


@pytest.mark.parametrize("talk", [saying(), saying(RELEASE_COMPLETE), saying(then="close"), saying(EMPTY)])
async def test_the_connection_ends_in_good_order(talk: Talk) -> None:
    async with serving(talk) as server:
        await probe(server.port)
        assert await asyncio.wait_for(server.ends.get(), 2) == b"FIN"


# What is not H.323


@pytest.mark.parametrize(
    ("banner", "name"),
    [
        (b"SSH-2.0-server\r\n", "SSH"),
        (b"220 mail ready\r\n", "mail or FTP"),
        (b"\xff\xfd\x18\xff\xfd\x20", "telnet"),
        (b"SIP/2.0 400 Bad Request\r\n\r\n", "SIP"),
    ],
)
async def test_a_server_that_greets_is_named(banner: bytes, name: str) -> None:
    listener = TcpListener(banner)
    await listener.open("127.0.0.1")
    result = await probe(listener.port)
    await listener.close()
    assert result.reason is Reason.PROTOCOL_ERROR
    assert result.detail.startswith(f"not a TPKT, it speaks {name}: ")
    assert facts_of(result).answer == ""


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "TLS"),
        (b"RTSP/1.0 400 Bad Request\r\n\r\n", "RTSP"),
    ],
)
async def test_a_server_that_complains_is_named(said: bytes, name: str) -> None:
    async with serving(saying(said, then="close")) as server:
        result = await probe(server.port)
    assert result.reason is Reason.PROTOCOL_ERROR
    assert result.detail.startswith(f"not a TPKT, it speaks {name}: ")


@pytest.mark.parametrize(
    ("pieces", "reason", "why"),
    [
        ([b"\x03\x00\x00\x0b\x06\xd0\x00\x00\x12\x34\x00"], Reason.PROTOCOL_ERROR, "a TPKT without Q.931 in it"),
        ([b"\x03\x00\x00\x03"], Reason.PROTOCOL_ERROR, "a TPKT of 3 bytes"),
        ([b"\x03\x00\xff\xff"], Reason.TOO_LARGE, "a TPKT of 65535 bytes"),
        ([EMPTY * 80], Reason.PROTOCOL_ERROR, "empty TPKTs without end"),
        ([b"\x03\x00\x00\x0b\x08\x02\x00\x00\x5a\x08\x40"], Reason.PROTOCOL_ERROR, "an information element is longer"),
        ([RELEASE_COMPLETE[:-1]], Reason.STALLED, "a message began"),
    ],
)
async def test_what_is_broken(pieces: list[bytes], reason: ReasonCode, why: str) -> None:
    async with serving(saying(*pieces)) as server:
        result = await probe(server.port, timeout=0.5)
    assert result.reason is reason
    assert result.detail.startswith(why)


async def test_closed_in_the_middle_of_a_message() -> None:
    async with serving(saying(RELEASE_COMPLETE[:20], then="close")) as server:
        result = await probe(server.port)
    assert (result.reason, result.detail) == (Reason.CONNECTION_CLOSED, "closed in the middle of a message")


async def test_a_message_in_pieces_of_one_byte_is_read_past_the_wait() -> None:
    """Once an answer has begun it may take until the deadline."""

    async def talk(_reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(EMPTY)
        for byte in RELEASE_COMPLETE:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(0.01)

    async with serving(talk) as server:
        result = await probe(server.port, H323Options(wait=0.1))
    assert (result.reason, facts_of(result).message) == (Reason.OK, "ReleaseComplete")
    assert result.took_seconds > 0.2


async def test_empty_tpkts_alone_are_silence() -> None:
    async with serving(saying(EMPTY, EMPTY)) as server:
        result = await probe(server.port)
    assert (result.reason, facts_of(result).answer) == (H323Reason.PORT_ONLY, "silent")


# The way there


async def test_silence_takes_as_long_as_wait_says_and_never_longer_than_the_timeout(point: H323Point) -> None:
    point.behaviour = H323Behaviour.IGNORES
    first = await probe(point.port, H323Options(wait=0.2))
    second = await probe(point.port, H323Options(wait=60.0), timeout=0.3)
    assert 0.19 <= first.took_seconds < 1.0  # timers of the loop are whole milliseconds
    assert 0.29 <= second.took_seconds < 1.0
    assert {first.reason, second.reason} == {H323Reason.PORT_ONLY}


async def test_no_connection_in_time_is_a_timeout() -> None:
    """A queue of connections that nobody accepts: the kernel drops every further SYN."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        result = await probe(full.getsockname()[1], timeout=0.3)
        for each in waiting:
            each.close()
    assert (result.reason, result.detail, result.facts) == (Reason.TIMEOUT, "no connection", None)


async def test_reset_keeps_the_connect_time(point: H323Point) -> None:
    point.misbehaviour = Misbehaviour.RESET
    result = await probe(point.port)
    assert result.reason is Reason.CONNECTION_RESET
    assert facts_of(result).connect_seconds > 0


async def test_ip6_and_a_source_address() -> None:
    point = H323Point()
    await point.open("::1")
    result = await run_probe(SPEC, f"[::1]:{point.port}", H323Options(source="::1"))
    await point.close()
    assert (result.reason, result.address) == (Reason.OK, "::1")


async def test_a_source_that_is_not_ours_is_a_local_error(point: H323Point) -> None:
    result = await probe(point.port, H323Options(source="192.0.2.77"))
    assert (result.verdict, result.reason) == (Verdict.LOCAL_ERROR, Reason.NO_SOURCE_ADDRESS)


@pytest.mark.parametrize(
    "options",
    [{"setup": True}, {"at_least": "setup"}, {"wait": 1}, {"port": 0}, {"source": "here"}, {"degraded": {"rtt": "1s"}}],
)
def test_options_are_strict(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(H323Options).validate_python(options)
