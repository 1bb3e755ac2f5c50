"""A conference point's H.323 call port in the lab: it does what recorded gatekeepers and endpoints did."""

from __future__ import annotations

from asyncio import StreamReader, StreamWriter
from enum import StrEnum

from agent.lab.listeners.base import LabService, Misbehaviour
from agent.lab.listeners.tcp import TcpListener

RELEASE_COMPLETE = bytes.fromhex("0300001a080200005a7e000e052540060008914a000258140100")  # as a gatekeeper sent it
_GREATEST_TPKT = b"\x03\x00\xff\xff\x08\x02"
_SETUP = 0x05


class H323Behaviour(StrEnum):
    """Observed answers of H.323 stacks to a StatusEnquiry outside a call."""

    ANSWERS = "answers"  # a ReleaseComplete, then closes
    CLOSES = "closes"
    IGNORES = "ignores"  # keeps the connection open and says nothing


class H323Point(TcpListener):
    """Reads one message, then acts by behaviour or misbehaviour. `messages` is all it read, `setups` counts rings."""

    def __init__(self, behaviour: H323Behaviour = H323Behaviour.ANSWERS) -> None:
        super().__init__(banner=RELEASE_COMPLETE)
        self.behaviour = behaviour
        self.messages: list[bytes] = []

    @property
    def setups(self) -> int:
        """Number of times that this room would have rung."""
        return sum(message[8] == _SETUP for message in self.messages)

    async def _behave(self, reader: StreamReader, writer: StreamWriter) -> None:
        """The request is read first, whatever follows: closing on unread bytes would send RST."""
        head = await reader.readexactly(4)
        self.messages.append(head + await reader.readexactly(int.from_bytes(head[2:], "big") - 4))
        await super()._behave(reader, writer)

    async def _converse(self, reader: StreamReader, writer: StreamWriter) -> None:
        if self.behaviour is H323Behaviour.ANSWERS:
            writer.write(RELEASE_COMPLETE)
            await writer.drain()
        if self.behaviour is not H323Behaviour.IGNORES:
            writer.write_eof()
        while rest := await reader.read(4096):
            self.messages.append(rest)

    @property
    def _start(self) -> bytes:
        return _GREATEST_TPKT if self.misbehaviour is Misbehaviour.ENDLESS else RELEASE_COMPLETE[:13]


SERVICES = (
    LabService("h323", 1720, 1720, lambda _settings: H323Point(), {"h323_room": "{probe: h323, at_least: answered}"}),
)
