"""Which answers the probe takes for its own: forged, foreign, late and dripping ones."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from agent.model import ProbeResult, Reason, ReasonCode
from agent.probes.sip.probe import (
    SPEC,
)
from agent.probes.sip.reasons import SipReason
from tests.agent.probes.sip.test_probe import TCP, UDP, facts_of
from tests.probing import run_probe


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
    assert (result.reason, facts_of(result).status_code) == (SipReason.IN_USE, 486)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("branch", Reason.TIMEOUT), ("stranger", Reason.TIMEOUT), ("no call-id", Reason.PROTOCOL_ERROR)],
)
async def test_answers_that_are_never_ours_are_no_answer(kind: str, reason: ReasonCode) -> None:
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
    assert (result.reason, asked) == (SipReason.IN_USE, 2)
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
