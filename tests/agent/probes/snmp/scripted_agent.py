"""Agents that do what a test says: they answer with whatever it likes, or change what a real one answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from agent.probes.snmp import ber
from agent.probes.snmp.message import PduType, read_community_message

Script = Callable[[bytes], Iterable[bytes]]
"""A request to the datagrams that answer it."""
Change = Callable[[bytes, bytes], Iterable[bytes]]
"""A request and the real answer to the datagrams that go back."""


class ScriptedAgent(asyncio.DatagramProtocol):
    """Answers by a script; keeps what it was asked."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[bytes] = []
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as it is made
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.requests.append(data)
        for answer in self.script(data):
            self.transport.sendto(answer, addr)

    @property
    def port(self) -> int:
        return int(self.transport.get_extra_info("sockname")[1])


@asynccontextmanager
async def scripted_agent(script: Script, host: str = "127.0.0.1") -> AsyncIterator[ScriptedAgent]:
    _, agent = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: ScriptedAgent(script), local_addr=(host, 0)
    )
    try:
        yield agent
    finally:
        agent.transport.close()


class _Upstream(asyncio.DatagramProtocol):
    def __init__(self, back: Callable[[bytes], None]) -> None:
        self._back = back

    def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
        self._back(data)


class Relay(ScriptedAgent):
    """Stands before a real agent: before goes back to each request at once, change makes what does of its answers."""

    def __init__(self, port: int, before: Script, change: Change) -> None:
        super().__init__(before)
        self._port = port
        self._change = change
        self._open: list[asyncio.BaseTransport] = []

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        super().datagram_received(data, addr)
        asyncio.ensure_future(self._ask(data, addr))  # noqa: RUF006 - ends with the transport

    async def _ask(self, request: bytes, addr: tuple[str, int]) -> None:
        def back(answer: bytes) -> None:
            for datagram in self._change(request, answer):
                self.transport.sendto(datagram, addr)

        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Upstream(back), remote_addr=("127.0.0.1", self._port)
        )
        self._open.append(transport)
        transport.sendto(request)

    def close(self) -> None:
        for transport in (self.transport, *self._open):
            transport.close()


@asynccontextmanager
async def relay(
    port: int,
    *,
    before: Script = lambda _: (),
    change: Change = lambda _, answer: (answer,),
) -> AsyncIterator[Relay]:
    _, agent = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Relay(port, before, change), local_addr=("127.0.0.1", 0)
    )
    try:
        yield agent
    finally:
        agent.close()


def response(
    request: bytes, varbinds: Iterable[tuple[bytes, bytes]], status: int = 0, index: int = 0, flip: int = 0
) -> bytes:
    """An answer to a request of v1 or v2c; flip changes its number."""
    version, community, pdu = read_community_message(request)
    body = b"".join(ber.tlv(0x30, ber.tlv(6, name) + value) for name, value in varbinds)
    numbers = ber.integer(pdu.request_id ^ flip) + ber.integer(status) + ber.integer(index)
    content = ber.tlv(PduType.RESPONSE, numbers + ber.tlv(0x30, body))
    return ber.tlv(0x30, ber.integer(version) + ber.tlv(4, community) + content)


def asked(request: bytes) -> tuple[PduType, list[bytes], int]:
    pdu = read_community_message(request).pdu
    return PduType(pdu.kind), [name for name, _ in pdu.varbinds], pdu.error_index
