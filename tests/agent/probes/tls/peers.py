"""One TLS server for each probe that speaks TLS, and one run of that probe against it: kinds of fault x probes."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from agent.lab.listeners.dns import DnsListener
from agent.lab.listeners.http import HttpListener
from agent.lab.listeners.sip import SipRoom
from agent.lab.listeners.tcp import TcpListener
from agent.model import ProbeResult
from agent.probes.dns.options import DnsDegraded, DnsOptions
from agent.probes.dns.probe import SPEC as DNS
from agent.probes.http.options import HttpDegraded, HttpOptions
from agent.probes.http.probe import SPEC as HTTP
from agent.probes.options import Transport
from agent.probes.options import Transport as DnsTransport
from agent.probes.resolver import Resolved
from agent.probes.sip.options import SipDegraded, SipOptions
from agent.probes.sip.probe import SPEC as SIP
from agent.probes.spec import ProbeSpec
from agent.probes.tcp.dialogue import DialogueStep
from agent.probes.tcp.options import TcpDegraded, TcpOptions
from agent.probes.tcp.probe import SPEC as TCP
from agent.probes.tls.options import TlsOptions
from tests.probing import run_probe

ADDRESS = "127.0.0.1"
Heard = Callable[[], bytes]


@dataclass(frozen=True)
class Peer:
    """spec and options of the probe; serve opens its server on ADDRESS and yields the port and what it heard."""

    spec: ProbeSpec[Any, Any]
    options: Callable[[TlsOptions, float | None], object]
    serve: Callable[[ssl.SSLContext], Any]
    address: str = "{host}:{port}"

    async def run(self, context: ssl.SSLContext, host: str, tls: TlsOptions, certificate: float | None = None) -> Run:
        """One run against a server of its own; certificate: the limit of days left, in seconds."""
        async with self.serve(context) as (port, heard):
            result = await self.ask(port, host, tls, certificate)
            return Run(result, heard())

    async def run_bare(self, context: ssl.SSLContext, host: str, tls: TlsOptions, answer: bytes = b"") -> Run:
        """One run against a server that shakes hands, or says in an alert why not, and closes without close_notify."""
        with _shaking_hands(context, answer) as (port, heard):
            result = await self.ask(port, host, tls)
        return Run(result, bytes(heard))

    async def ask(self, port: int, host: str, tls: TlsOptions, certificate: float | None = None) -> ProbeResult:
        """One run against whoever serves that port of ADDRESS under the host's name."""
        names = {host: Resolved(ADDRESS, stale=False, took_seconds=0.0)}
        where = self.address.format(host=host, port=port)
        return await run_probe(self.spec, where, self.options(tls, certificate), names=names)


@dataclass(frozen=True)
class Run:
    result: ProbeResult
    heard: bytes


@contextmanager
def _shaking_hands(context: ssl.SSLContext, answer: bytes = b"") -> Iterator[tuple[int, bytearray]]:
    """asyncio's own servers close a handshake that failed without the alert."""
    heard = bytearray()
    listening = socket.create_server((ADDRESS, 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listening.accept()
                with contextlib.suppress(OSError), sock, context.wrap_socket(sock, server_side=True) as secured:
                    heard.extend(secured.recv(4096))
                    secured.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1], heard
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@asynccontextmanager
async def _tcp(context: ssl.SSLContext) -> AsyncIterator[tuple[int, Heard]]:
    listener = TcpListener(banner=b"", answers={b"hello": b"hello\n"})
    listener.context = context
    async with _open(listener):
        yield listener.port, lambda: bytes(listener.heard)


@asynccontextmanager
async def _http(context: ssl.SSLContext) -> AsyncIterator[tuple[int, Heard]]:
    listener = HttpListener()
    listener.tls = context
    async with _open(listener):
        yield listener.port, lambda: b"".join(each.path.encode() for each in listener.seen)


@asynccontextmanager
async def _sip(context: ssl.SSLContext) -> AsyncIterator[tuple[int, Heard]]:
    room = SipRoom(context)
    async with _open(room):
        yield room.tls_port, lambda: b"request" * room.requests


@asynccontextmanager
async def _dns(context: ssl.SSLContext) -> AsyncIterator[tuple[int, Heard]]:
    listener = DnsListener(tls=context)
    async with _open(listener):
        yield listener.port, lambda: b"query" * listener.heard["tcp"]


@asynccontextmanager
async def _open(listener: Any) -> AsyncIterator[None]:
    await listener.open(ADDRESS)
    try:
        yield
    finally:
        closing: Awaitable[None] = listener.close()
        await closing


PEERS = {
    "tcp": Peer(TCP, lambda tls, days: TcpOptions(tls=True, tls_config=tls, degraded=TcpDegraded(None, days)), _tcp),
    "tcp-dialogue": Peer(
        TCP,
        lambda tls, days: TcpOptions(
            tls=True,
            tls_config=tls,
            degraded=TcpDegraded(None, days),
            dialogue=(DialogueStep(send="hello"), DialogueStep(expect="^hello")),
        ),
        _tcp,
    ),
    "http": Peer(
        HTTP,
        lambda tls, days: HttpOptions(tls_config=tls, degraded=HttpDegraded(certificate=days)),
        _http,
        "https://{host}:{port}/",
    ),
    "sip": Peer(
        SIP,
        lambda tls, days: SipOptions(transport=Transport.TLS, tls_config=tls, degraded=SipDegraded(certificate=days)),
        _sip,
    ),
    "dns": Peer(
        DNS,
        lambda tls, days: DnsOptions(
            "portal.example", transport=DnsTransport.TLS, tls_config=tls, degraded=DnsDegraded(certificate=days)
        ),
        _dns,
    ),
}
