"""An SNMP agent of the lab over UDP, v1 and v2c, or v3; what it says is a simulated device's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from agent.clock import SystemClock
from agent.lab.devices.device import DeviceKind, SimulatedDevice
from agent.lab.devices.made import DEVICES
from agent.lab.listeners import udp_and_tcp
from agent.lab.listeners.base import LabService, ListenerSettings, Misbehaviour
from agent.lab.listeners.udp_and_tcp import CannedReply, UdpAndTcpListener

COMMUNITY = "chi-doc-lab"
Answer = Callable[[bytes, int], bytes | None]
"""To a datagram; the second argument changes the number of the answer, so that it belongs to another request."""

_GARBAGE = b"\x00\xffnot an SNMP agent\r\n\r\n"


@dataclass(frozen=True, slots=True)
class SnmpUser:
    """A user of version 3 with HMAC-SHA-256 and AES-128; on a lower level everything is denied."""

    name: str
    auth_password: str = field(repr=False)
    privacy_password: str = field(repr=False)


USER = SnmpUser("sansang", auth_password="giam-sat-huyen", privacy_password="bi-mat-huyen")  # noqa: S106 - the lab's own
USER_HOSTS = ("gateway-hall", "switch-hall")
"""These speak version 3."""


class SnmpListener(UdpAndTcpListener):
    """Answers who names the community; a wrong one is met with silence. With a user it speaks version 3 alone.

    CLOSE and RESET are silence too. `requests` counts what was answered, `drops_first` of them get lost.
    """

    def __init__(self, device: SimulatedDevice, community: str = COMMUNITY, user: SnmpUser | None = None) -> None:
        super().__init__()
        self.device = device
        self.community = community
        self.requests = 0
        self.drops_first = 0
        self.credential_changed = False  # the community, or the privacy password: both are met with silence
        self._user = user

    async def open(self, host: str, port: int = 0) -> None:
        answer = self._by_user(self._user) if self._user else self._by_community()
        loop = asyncio.get_running_loop()
        self._datagrams, _ = await loop.create_datagram_endpoint(
            lambda: _SnmpDatagrams(self, answer), local_addr=(host, port)
        )
        self._port = int(self._datagrams.get_extra_info("sockname")[1])

    def _by_community(self) -> Answer:
        from agent.lab.listeners.snmp_messages import ObjectView, decoded, in_community  # noqa: PLC0415 - pyasn1, for a lab that runs

        view = ObjectView(lambda: self.device.objects)

        def answer(datagram: bytes, flip: int) -> bytes | None:
            request = decoded(datagram)
            if request is None or request.community != self.community.encode():
                return None
            pdu = view.answer(replace(request, number=request.number ^ flip))
            return None if pdu is None else in_community(request, pdu)

        return answer

    def _by_user(self, user: SnmpUser) -> Answer:
        from agent.lab.listeners.snmp_messages import ObjectView  # noqa: PLC0415 - as above
        from agent.lab.listeners.snmp_usm import UserSecurity  # noqa: PLC0415

        view, security = ObjectView(lambda: self.device.objects), UserSecurity(user, self.device)
        return lambda datagram, _: security.answer(datagram, view)


class _SnmpDatagrams(udp_and_tcp.Datagrams):
    def __init__(self, listener: SnmpListener, answer: Answer) -> None:
        super().__init__(listener)
        self._agent = listener
        self._answer = answer

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = None if self._agent.credential_changed else self._answer(data, 0)
        if answer is None:
            return
        self._agent.requests += 1
        if self._agent.requests > self._agent.drops_first:
            endless = self._agent.misbehaviour is Misbehaviour.ENDLESS
            another = self._answer(data, 0xFF) or b"" if endless else b""  # to a request that nobody made
            self.behave(CannedReply(answer, _GARBAGE, answer[: len(answer) // 2], another), addr)


def _agent(settings: ListenerSettings) -> SnmpListener:
    device = DEVICES[DeviceKind(settings.device)](settings.host, SystemClock())
    return SnmpListener(device, user=USER if settings.host in USER_HOSTS else None)


SERVICES = (LabService("snmp", 161, 1161, _agent, {"snmp": "{probe: snmp, credentials: {file: $snmp_credentials}}"}),)
