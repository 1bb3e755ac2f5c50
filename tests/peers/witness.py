"""Counts probes where they arrive: pings and TCP connects per address, with the instant on the ledger's axis."""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from agent.engine.plan import phase_of
from tests.peers.agent_process import Check, FaultNetwork, boottime_ms

_EARLY_MS = 50  # two clocks are compared
_SO_TIMESTAMPNS = 35
_SO_RCVBUFFORCE = 33
_TIMESPEC = struct.Struct("=qq")
_ECHO_REQUEST, _SYN, _SYN_ACK = 8, 0x02, 0x12


class Witness:
    """Listens in the namespace far with raw sockets; ``arrivals`` grows until the ``with`` block ends."""

    def __init__(self, network: FaultNetwork) -> None:
        self.arrivals: dict[str, list[float]] = defaultdict(list)  # by address: boottime milliseconds
        self._ends = threading.Event()
        self._offset_ms = boottime_ms() - time.time_ns() / 1e6
        with network.inside("far"):
            self._sockets = [socket.socket(socket.AF_INET, socket.SOCK_RAW, number) for number in (1, 6)]
        for sock in self._sockets:
            sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 16 << 20)
            sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            sock.setblocking(False)
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ends.set()
        self._thread.join(10)
        for sock in self._sockets:
            sock.close()

    def _listen(self) -> None:
        while not self._ends.is_set():
            for sock in select.select(self._sockets, (), (), 0.1)[0]:
                self._read(sock)

    def _read(self, sock: socket.socket) -> None:
        for _ in range(256):
            try:
                packet, ancillary, _, _ = sock.recvmsg(128, 128)
            except BlockingIOError:
                return
            start = (packet[0] & 15) * 4
            if _is_probe(packet[9], packet[start:]):
                seconds, rest = _TIMESPEC.unpack(ancillary[0][2])
                at_ms = seconds * 1e3 + rest / 1e6 + self._offset_ms
                self.arrivals[socket.inet_ntoa(packet[16:20])].append(at_ms)

    def out_of_turn(
        self, checks: Iterable[Check], interval_ms: int, begin_ms: int, end_ms: int
    ) -> dict[str, list[int]]:
        """The rounds in which probes arrived, of every target that was not probed once in each.

        A probe counts for the round in which it arrives, however late there: a busy machine delays, it loses nothing.
        """
        fewest = (end_ms - begin_ms) // interval_ms - 1
        found = {check.id: self._rounds(check, interval_ms, begin_ms, end_ms) for check in checks}
        return {id_: at for id_, at in found.items() if len(at) < fewest or at != list(range(at[0], at[0] + len(at)))}

    def _rounds(self, check: Check, interval_ms: int, begin_ms: int, end_ms: int) -> list[int]:
        first_ms = phase_of(check.id, interval_ms) - _EARLY_MS
        return [int(at - first_ms) // interval_ms for at in self.arrivals[check.address] if begin_ms <= at <= end_ms]

    def lateness(self, target: str, address: str, interval_ms: int, begin_ms: float, end_ms: float) -> list[float]:
        """How long after its due instant each probe of a target arrived, in milliseconds; a hair early is below 0."""
        first_ms = phase_of(target, interval_ms) - _EARLY_MS
        return [(at - first_ms) % interval_ms - _EARLY_MS for at in self.arrivals[address] if begin_ms <= at <= end_ms]


def _is_probe(protocol: int, body: bytes) -> bool:
    if protocol == socket.IPPROTO_ICMP:
        return body[0] == _ECHO_REQUEST
    return body[13] & _SYN_ACK == _SYN
