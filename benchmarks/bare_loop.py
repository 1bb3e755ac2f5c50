"""The national mix in one bare loop: the same sockets and handshakes, no states, no ledger, no metrics.

`python -m benchmarks.bare_loop FOLDER SECONDS` prints the share of a core that it takes, inside the world of servers
(benchmarks.inside). It is the floor that the agent is held against: one tick of 50 ms, verified TLS.
"""

from __future__ import annotations

import array
import asyncio
import errno
import socket
import ssl
import struct
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from benchmarks.nation_mix import SERVER_NAME, TARGETS_A_MINUTE, Mix
from benchmarks.probers import address
from benchmarks.world import H323_PORT, SIP_PORT

TICK_SECONDS = 0.05
WARM_SECONDS = 3.0
_SO_RCVBUFFORCE, _SO_TIMESTAMPNS, _SOL_RAW, _ICMP_FILTER, _TCP_INFO = 33, 35, 255, 1, 11
_PAYLOAD = bytes(56)
_GET5 = (b"\x01\x03\x00", b"\x02\x01\x00", b"\x06\x09\x00", b"\x07\x01\x00", b"\x0b\x01\x00")  # below 1.3.6.1.2.1
_SIP = (
    "OPTIONS sip:{h} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK%s;rport\r\nMax-Forwards: 70\r\n"
    "From: <sip:probe@localhost>;tag=%s\r\nTo: <sip:{h}>\r\nCall-ID: %s@probe\r\nCSeq: 1 OPTIONS\r\n"
    "Contact: <sip:probe@localhost>\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n"
)


class Pings:
    """One raw socket for all: send times in an array, the kernel's receive times."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self._sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("=I", 0xFFFFFFFE))
        self._sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 16 << 20)
        self._sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._sock.setblocking(False)
        self._sent = array.array("q", bytes(8 * 65536))
        self._number = 0
        self.answered = 0
        loop.add_reader(self._sock.fileno(), self._read)

    def send(self, address: str) -> None:
        self._number = number = (self._number + 1) & 0xFFFF
        total = 0x0800 + 0x4D41 + number
        checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
        self._sent[number] = time.time_ns()
        self._sock.sendto(struct.pack("!BBHHH", 8, 0, checksum, 0x4D41, number) + _PAYLOAD, (address, 0))

    def _read(self) -> None:
        try:
            for _ in range(256):
                data, ancillary, _, _ = self._sock.recvmsg(128, 64)
                if data[20] == 0 and data[24:26] == b"MA":
                    seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
                    rtt = seconds * 1_000_000_000 + nanoseconds - self._sent[data[26] << 8 | data[27]]
                    self.answered += rtt >= 0
        except BlockingIOError:
            pass


class Datagrams:
    """One UDP socket of a protocol; answers are known by a piece of them."""

    def __init__(self, loop: asyncio.AbstractEventLoop, key_of: Callable[[bytes], bytes]) -> None:
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 16 << 20)
        self._sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._sock.setblocking(False)
        self._sock.bind(("0.0.0.0", 0))
        self._key_of = key_of
        self._loop = loop
        self._waiting: dict[bytes, asyncio.Future[bytes]] = {}
        loop.add_reader(self._sock.fileno(), self._read)

    def ask(self, key: bytes, request: bytes, address: tuple[str, int]) -> asyncio.Future[bytes]:
        answer = self._waiting[key] = self._loop.create_future()
        self._sock.sendto(request, address)
        return answer

    def _read(self) -> None:
        try:
            for _ in range(64):
                data, _, _, _ = self._sock.recvmsg(2048, 64)
                answer = self._waiting.pop(self._key_of(data), None)
                if answer is not None and not answer.done():
                    answer.set_result(data)
        except BlockingIOError:
            pass


class Connection:
    """A TCP connection, and over TLS a GET: callbacks on a bare socket, one future for its end."""

    def __init__(self, loop: asyncio.AbstractEventLoop, context: ssl.SSLContext | None) -> None:
        self._loop = loop
        self._context = context
        self._buffer = b""
        self._shaken = False

    def start(self, address: str, port: int) -> asyncio.Future[bool]:
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self._done: asyncio.Future[bool] = self._loop.create_future()
        self._request = f"GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode()
        if self._sock.connect_ex((address, port)) in (0, errno.EINPROGRESS):
            self._loop.add_writer(self._sock.fileno(), self._connected)
        else:
            self._end(well=False)
        return self._done

    def _end(self, *, well: bool) -> None:
        self._loop.remove_writer(self._sock.fileno())
        self._loop.remove_reader(self._sock.fileno())
        self._sock.close()
        if not self._done.done():
            self._done.set_result(well)

    def _connected(self) -> None:
        self._loop.remove_writer(self._sock.fileno())
        if self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._end(well=False)
            return
        self._sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, 104)
        if self._context is None:
            self._end(well=True)
            return
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = self._context.wrap_bio(self._in, self._out, server_hostname=SERVER_NAME)
        self._loop.add_reader(self._sock.fileno(), self._readable)
        self._go_on()

    def _readable(self) -> None:
        data = self._sock.recv(65_536)
        if not data:
            self._end(well=False)
            return
        self._in.write(data)
        try:
            self._go_on()
        except ssl.SSLError:
            self._end(well=False)

    def _go_on(self) -> None:
        try:
            if not self._shaken:
                self._tls.do_handshake()
                self._shaken = True
                self._tls.getpeercert(binary_form=True)
                self._tls.write(self._request)
                self._sock.send(self._out.read())
            self._buffer += self._tls.read(65_536)
            head, _, body = self._buffer.partition(b"\r\n\r\n")
            if len(body) >= int(head.lower().partition(b"content-length:")[2].split(b"\r")[0] or b"1"):
                self._end(well=self._buffer[9:12] == b"200")
        except ssl.SSLWantReadError:
            if data := self._out.read():
                self._sock.send(data)


class BareLoop:
    """Starts what is due in each tick."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._pings = Pings(self._loop)
        self._sip = Datagrams(self._loop, lambda data: data[(at := data.find(b"Call-ID: ") + 9) : at + 8])
        self._snmp = Datagrams(self._loop, lambda data: data[(at := data.find(b"\x02\x04") + 2) : at + 4])
        self._context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        self._tasks: set[asyncio.Task[None]] = set()
        self._number = 0
        self.done = self.failed = 0

    @property
    def answered(self) -> int:
        """Pings that came back."""
        return self._pings.answered

    def start(self, kind: str) -> None:
        self._number += 1
        where = address(self._number % TARGETS_A_MINUTE)
        if kind == "icmp":
            self._pings.send(where)
            return
        task = self._loop.create_task(self._run(getattr(self, f"_{kind}")(where)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, probe: Awaitable[bool]) -> None:
        well = await probe
        self.done += well
        self.failed += not well

    async def _tcp(self, address: str) -> bool:
        return await Connection(self._loop, None).start(address, 80)

    async def _h323(self, address: str) -> bool:
        return await Connection(self._loop, None).start(address, H323_PORT)

    async def _https(self, address: str) -> bool:
        return await Connection(self._loop, self._context).start(address, 443)

    async def _sip_options(self, address: str) -> bool:
        key = f"{self._number:08x}"
        request = _SIP.format(h=address).replace("%s", key).encode()
        return (await self._sip.ask(key.encode(), request, (address, SIP_PORT)))[8:11] == b"200"

    async def _snmp_get(self, address: str) -> bool:
        key = struct.pack("!I", 0x10000000 + self._number)
        return bool(await self._snmp.ask(key, _get(key), (address, 161)))


def _tlv(kind: int, content: bytes) -> bytes:
    size = bytes((len(content),)) if len(content) < 128 else bytes((0x81, len(content)))
    return bytes((kind,)) + size + content


def _get(key: bytes) -> bytes:
    bindings = b"".join(_tlv(0x30, _tlv(6, b"\x2b\x06\x01\x02\x01" + name) + b"\x05\x00") for name in _GET5)
    pdu = _tlv(0xA0, b"\x02\x04" + key + b"\x02\x01\x00\x02\x01\x00" + _tlv(0x30, bindings))
    return _tlv(0x30, b"\x02\x01\x01" + _tlv(4, b"public") + pdu)


async def measure(folder: Path, seconds: float, targets_a_minute: int) -> None:
    """Run for that long at that pace, and say what it took."""
    bare, loop, owed = BareLoop(folder), asyncio.get_running_loop(), dict.fromkeys(Mix, 0.0)
    began = next_at = loop.time()
    cpu = wall = 0.0
    while not wall or time.perf_counter() - wall < seconds:
        if not wall and loop.time() - began > WARM_SECONDS:
            cpu, wall, bare.done, bare.failed = time.process_time(), time.perf_counter(), 0, 0
        for kind in Mix:
            owed[kind] += targets_a_minute / 60 * kind.share * kind.packets * TICK_SECONDS
            for _ in range(int(owed[kind])):
                bare.start(kind.bare)
            owed[kind] %= 1
        next_at += TICK_SECONDS
        await asyncio.sleep(max(0.0, next_at - loop.time()))
    core = (time.process_time() - cpu) / (time.perf_counter() - wall)
    print(f"bare loop: {core:.3f} core, {bare.done} done, {bare.failed} failed, {bare.answered} pings came back")


if __name__ == "__main__":
    uvloop.run(measure(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else TARGETS_A_MINUTE))
