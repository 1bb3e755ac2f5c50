"""An SNMP agent of the lab over UDP, v1 and v2c; what it says is a simulated device's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.clock import SystemClock
from agent.lab.devices.device import DeviceKind, SimulatedDevice
from agent.lab.devices.made import DEVICES
from agent.lab.listeners import udp_and_tcp
from agent.lab.listeners.base import LabService, ListenerSettings
from agent.lab.listeners.udp_and_tcp import CannedReply, UdpAndTcpListener

if TYPE_CHECKING:
    from agent.lab.listeners.snmp_messages import ObjectView, Request

COMMUNITY = "song-thao"
_GARBAGE = b"\x00\xffnot an SNMP agent\r\n\r\n"


class SnmpListener(UdpAndTcpListener):
    """Answers who names the community; a wrong one is met with silence, as RFC 3416 agents do.

    CLOSE and RESET are silence too. `requests` counts what was understood, `drops_first` of them get lost.
    """

    def __init__(self, device: SimulatedDevice, community: str = COMMUNITY) -> None:
        super().__init__()
        self.device = device
        self.community = community
        self.requests = 0
        self.drops_first = 0

    async def open(self, host: str, port: int = 0) -> None:
        from agent.lab.listeners.snmp_messages import ObjectView  # noqa: PLC0415 - pyasn1, for a lab that runs

        view = ObjectView(lambda: self.device.objects)
        loop = asyncio.get_running_loop()
        self._datagrams, _ = await loop.create_datagram_endpoint(
            lambda: _SnmpDatagrams(self, view), local_addr=(host, port)
        )
        self._port = int(self._datagrams.get_extra_info("sockname")[1])


class _SnmpDatagrams(udp_and_tcp.Datagrams):
    def __init__(self, listener: SnmpListener, view: ObjectView) -> None:
        super().__init__(listener)
        self._agent = listener
        self._view = view

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        from agent.lab.listeners.snmp_messages import decoded  # noqa: PLC0415 - as above

        request = decoded(data)
        if request is None or request.community != self._agent.community.encode():
            return
        self._agent.requests += 1
        if self._agent.requests <= self._agent.drops_first:
            return
        answer = self._view.answer(request)
        if answer is not None:
            self.behave(CannedReply(answer, _GARBAGE, answer[: len(answer) // 2], self._of_another(request)), addr)

    def _of_another(self, request: Request) -> bytes:
        """A well-formed answer to a request that nobody made."""
        return self._view.answer(replace(request, number=request.number ^ 0xFF)) or b""


def _agent(settings: ListenerSettings) -> SnmpListener:
    kind = DeviceKind(settings.device)
    return SnmpListener(DEVICES[kind](settings.host, SystemClock()))


SERVICES = (LabService("snmp", 161, 1161, _agent, {"snmp": "{probe: snmp}"}),)
