"""A time server of the lab. Its packets are put together here from bytes.

It shares no code with the probe, so that a codec cannot confirm its own mistake.
"""

from __future__ import annotations

import asyncio
import struct

from agent.clock import Clock, SystemClock
from agent.lab.listeners import udp_and_tcp
from agent.lab.listeners.base import LabService
from agent.lab.listeners.udp_and_tcp import CannedReply, UdpAndTcpListener

_EPOCH_1900 = 2_208_988_800  # seconds from 1900 to 1970, RFC 868
_GARBAGE = b"\x00\xffnot a time server\r\n\r\n"
_REQUEST_BYTES = 48


class NtpServer(UdpAndTcpListener):
    """Answers over UDP alone; offset_seconds is how far its clock is ahead of this machine's.

    A kiss code goes with leap 3 and stratum 0 (RFC 5905 7.4). wrong_origin: the answer repeats another request's time.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__()
        self.leap = 0
        self.stratum = 2
        self.offset_seconds = 0.0
        self.root_dispersion_seconds = 0.01
        self.reference = b"\x7f\x00\x00\x01"
        self.wrong_origin = False
        self.requests = 0
        self._clock = clock or SystemClock()

    async def open(self, host: str, port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        self._datagrams, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), local_addr=(host, port))
        self._port = int(self._datagrams.get_extra_info("sockname")[1])

    def kiss(self, code: str) -> None:
        """Refuse from now on."""
        self.leap, self.stratum, self.reference = 3, 0, code.encode("ascii")

    def answer(self, request: bytes) -> bytes:
        """The whole answer to a request."""
        origin = bytes(byte ^ 0xFF for byte in request[40:48]) if self.wrong_origin else request[40:48]
        now = self._now()
        return (
            struct.pack("!BBbb", self.leap << 6 | request[0] & 0x38 | 4, self.stratum, 6, -20)
            + struct.pack("!II", 0x100, round(self.root_dispersion_seconds * 65_536))
            + self.reference
            + now
            + origin
            + now
            + self._now()
        )

    def _now(self) -> bytes:
        seconds, nanoseconds = divmod(self._clock.wall_ns() + round(self.offset_seconds * 1e9), 1_000_000_000)
        return struct.pack("!II", (seconds + _EPOCH_1900) & 0xFFFF_FFFF, (nanoseconds << 32) // 1_000_000_000)


class _Datagrams(udp_and_tcp.Datagrams):
    def __init__(self, server: NtpServer) -> None:
        super().__init__(server)
        self._time = server

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) < _REQUEST_BYTES:
            return
        self._time.requests += 1
        answer = self._time.answer(data)
        mismatched = answer[:24] + bytes(8) + answer[32:]
        self.behave(CannedReply(answer, _GARBAGE, answer[:24], mismatched), addr)


SERVICES = (LabService("ntp", 123, 5123, lambda _settings: NtpServer(), {"time": "{probe: ntp}"}),)
