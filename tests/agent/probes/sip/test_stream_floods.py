"""Floods over TCP and TLS: a connection that never comes to an answer is bounded, and the loop has its turns."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable

import pytest

from agent.model import Reason, ReasonCode
from agent.probes.resolver import Resolved
from agent.probes.sip.options import SipOptions
from agent.probes.sip.probe import SPEC
from agent.probes.sip.reasons import SipReason
from tests.agent.probes.sip.test_floods import answer_to
from tests.agent.probes.sip.test_probe import TCP, over_tls
from tests.pki import HOST, pki
from tests.probing import Stalls, run_probe

OPTIONS = {"tcp": TCP, "tls": over_tls()}
FLOODS: dict[str, tuple[Callable[[bytes], bytes], set[ReasonCode]]] = {
    "line ends": (lambda _: b"\r\n" * 8_192, {Reason.TOO_LARGE}),
    "provisional ones": (lambda request: answer_to(request, b"100 Trying") * 50, {SipReason.PROVISIONAL_ONLY}),
    "others' answers": (
        lambda request: answer_to(request).replace(b"Call-ID: ", b"Call-ID: x") * 50,
        {Reason.PROTOCOL_ERROR},
    ),
    "requests": (lambda _: b"NOTIFY sip:x SIP/2.0\r\n\r\n" * 500, {Reason.PROTOCOL_ERROR}),
    "60 kB of folds": (
        lambda request: answer_to(request).replace(b"Call-ID: ", b"Call-ID: x" + b"\r\n a" * 15_000),
        {Reason.TOO_LARGE},
    ),
    "Record-Routes": (
        lambda request: answer_to(request, b"200 OK" + b"\r\nRecord-Route: <sip:a>" * 2_000),
        {Reason.TOO_LARGE},
    ),
    "a header without end": (lambda _: b"SIP/2.0 200 OK\r\nX: " + b"x" * 70_000, {Reason.TOO_LARGE}),
}


class StreamFlooder(threading.Thread):
    """Takes one connection, reads the request and sends the flood again and again until nobody wants it."""

    def __init__(self, make: Callable[[bytes], bytes], context: ssl.SSLContext | None, piece: int) -> None:
        super().__init__(daemon=True)
        self.make, self.context, self.piece = make, context, piece
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(10)
        self.port = int(self.listening.getsockname()[1])

    def run(self) -> None:
        with self.listening, contextlib.suppress(OSError):
            connection, _ = self.listening.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(5)
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection:
                flood = self.make(connection.recv(65_536))
                while True:
                    for at in range(0, len(flood), self.piece):
                        connection.sendall(flood[at : at + self.piece])


async def flooded(kind: str, options: SipOptions, piece: int) -> tuple[ReasonCode, float, float]:
    flooder = StreamFlooder(FLOODS[kind][0], pki().good.context() if options is OPTIONS["tls"] else None, piece)
    flooder.start()
    here = {HOST: Resolved("127.0.0.1", stale=False, took_seconds=0.0)}
    async with Stalls() as stalls:
        result = await run_probe(SPEC, f"{HOST}:{flooder.port}", options, timeout=8.0, names=here)
    flooder.join()
    return result.reason, stalls.longest, result.took_seconds


@pytest.mark.parametrize("transport", OPTIONS)
@pytest.mark.parametrize("kind", FLOODS)
async def test_a_flood_over_a_connection_ends_by_name_and_never_holds_the_loop(kind: str, transport: str) -> None:
    reason, longest, took = await flooded(kind, OPTIONS[transport], 65_536)
    assert reason in FLOODS[kind][1]
    assert (longest < 0.1, took < 5.0) == (True, True)


@pytest.mark.parametrize("transport", OPTIONS)
async def test_segments_of_one_byte_cost_no_more_than_their_number(transport: str) -> None:
    reason, longest, _ = await flooded("others' answers", OPTIONS[transport], 1)
    assert (reason, longest < 0.1) == (Reason.PROTOCOL_ERROR, True)
