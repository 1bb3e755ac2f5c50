"""Notifications that devices send (SNMP traps): each has its sender's targets probed at once, and decides nothing.

Anyone can forge the sender of a datagram. So a notification is looked at only if a target has that address, costs a
bounded share of the loop however many come, and is good for a probe that would have come anyway, only later.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Any

from agent.clock import Clock
from agent.engine.reprobe import TokenBucket
from agent.engine.runner import Transports
from agent.errors import SansangError
from agent.explain.system_errors import system_text
from agent.model import Target, TrapResult
from agent.probes.spec import ProbeSpec
from agent.text import Text

MAX_BYTES = 1500
_TURN = 32  # datagrams, before other work of the loop gets its turn
_PAUSE_SECONDS = 0.02  # in which the socket is left alone after a full turn: 1,600 datagrams a second are read at most
_PER_ADDRESS = 2.0  # notifications of one device that are read a second
_BUFFER_BYTES = 256 * 1024

_NOT_LISTENING = Text(
    "không nhận được trap ở {listen}: {why}. Cổng dưới 1024 cần systemd trao sẵn (sansang-traps.socket)",
    "cannot receive traps on {listen}: {why}; a port below 1024 must be handed in by systemd (sansang-traps.socket)",
)


def trap_socket(listen: str, handed_in: int | None) -> socket.socket:
    """The UDP socket that notifications come in on: the one that systemd hands in, or a new one on HOST:PORT."""
    try:
        udp = _bound(listen) if handed_in is None else socket.socket(fileno=handed_in)
    except OSError as error:
        raise SansangError(_NOT_LISTENING.filled(listen=listen, why=system_text(error))) from error
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    udp.setblocking(False)
    return udp


class TrapReceiver:
    """Reads one socket inside the running event loop. reprobe: called with the id of each target to probe at once."""

    def __init__(
        self,
        udp: socket.socket,
        transports: Transports,
        clock: Clock,
        reprobe: Callable[[str], None],
    ) -> None:
        self._socket = udp
        self._transports = transports
        self._clock = clock
        self._reprobe = reprobe
        self._loop = asyncio.get_running_loop()
        self._targets: dict[str, list[Target]] = {}
        self._buckets: dict[str, TokenBucket] = {}
        self._counts = dict.fromkeys(TrapResult, 0)
        self._pause: asyncio.TimerHandle | None = None

    @property
    def counts(self) -> Mapping[TrapResult, int]:
        """How many came to which end since the agent started; may be read in any thread."""
        return dict(self._counts)

    def watch(self, targets: Iterable[Target]) -> None:
        """Take notifications of these targets from now on: those whose protocol has any, by their numeric address."""
        self._targets = {}
        for target in targets:
            spec = self._transports.spec(target.probe)
            if spec.read_trap is not None and (address := _numeric(spec, target.address)):
                self._targets.setdefault(address, []).append(target)
        self._buckets = {address: bucket for address, bucket in self._buckets.items() if address in self._targets}

    def start(self) -> None:
        """Read from now on."""
        self._pause = None
        self._loop.add_reader(self._socket.fileno(), self._readable)

    def close(self) -> None:
        """Read no more."""
        if self._pause is not None:
            self._pause.cancel()
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _readable(self) -> None:
        for _ in range(_TURN):
            try:
                datagram, sender = self._socket.recvfrom(MAX_BYTES + 1)
            except OSError:  # nothing more; a UDP socket that never sends has no other errors
                return
            self._counts[self._take(datagram, _plain(sender[0]))] += 1
        self._loop.remove_reader(self._socket.fileno())
        self._pause = self._loop.call_later(_PAUSE_SECONDS, self.start)

    def _take(self, datagram: bytes, address: str) -> TrapResult:
        targets = self._targets.get(address)
        if targets is None:
            return TrapResult.UNKNOWN_SENDER
        if not self._bucket(address).take(self._clock.boottime_ms()):
            return TrapResult.RATE_LIMITED
        if len(datagram) > MAX_BYTES:
            return TrapResult.MALFORMED
        result = self._read(targets, datagram)
        if result is TrapResult.ACCEPTED:
            for target in targets:
                self._reprobe(target.id)
        return result

    def _read(self, targets: Iterable[Target], datagram: bytes) -> TrapResult:
        """By the first of the sender's targets whose credential fits."""
        result = TrapResult.MALFORMED
        for target in targets:
            read, shared = self._transports.spec(target.probe).read_trap, self._transports.shared(target.probe)
            result = result if read is None else read(target.options, shared, datagram)
            if result is not TrapResult.UNAUTHENTICATED:
                break
        return result

    def _bucket(self, address: str) -> TokenBucket:
        """There is one for each address of a target at most."""
        bucket = self._buckets.get(address)
        if bucket is None:
            bucket = self._buckets[address] = TokenBucket(_PER_ADDRESS, self._clock.boottime_ms())
        return bucket


def _bound(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    udp = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        udp.bind((host, int(port)))
    except OSError:
        udp.close()
        raise
    return udp


def _numeric(spec: ProbeSpec[Any, Any], address: str) -> str:
    """The numeric address that a target is probed at, "" of a name: whom a name means is known to its runs only."""
    with suppress(ValueError):
        return _plain(spec.host(address).absolute)
    return ""


def _plain(address: str) -> str:
    """In its normal form; an IPv4 sender on a socket of both families is that IPv4 address."""
    parsed = ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped or parsed)
