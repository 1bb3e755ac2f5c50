"""DNS over UDP: a socket for each query, connected to the server, all of them watched through one epoll.

Unlike the other datagram probes this one shares no socket: the port is half of what a forger must guess (RFC 5452 9),
so every query leaves from a fresh random one. The kernel then drops whatever another address or port sends, and hands
ICMP errors to the query that they speak of.
"""

from __future__ import annotations

import asyncio
import os
import select
import socket
import struct

from agent.clock import Clock
from agent.model import Reason
from agent.probes.datagram import (
    EXTENDED_ERROR,
    IP_RECVERR,
    IPV6_RECVERR,
    SO_TIMESTAMPNS,
    reason_of_error,
    receive_stamp_wall_ns,
    rtt_seconds,
    socket_address,
)
from agent.probes.dns import wire
from agent.probes.dns.options import MAX_PAYLOAD
from agent.probes.drops import DropCounter, DropSample
from agent.probes.errnos import classify
from agent.probes.outcome import ExchangeOutcome
from agent.probes.stream import Destination

FIRST_WAIT_SECONDS = 1.0  # before the query is repeated; then twice as long each time
MAX_BROKEN = 8  # answers to our query that cannot be read: each costs a whole parse
_BATCH = 8  # datagrams of one query read before other work of the loop gets its turn
_TURN_SECONDS = 0.01  # in which they are begun: to read one may take as long again
_TIMESPEC = struct.Struct("qq")
_ERROR_BYTES = 512
_MOST_BYTES = 65_535  # of a datagram that is longer than what may come


class _PendingQuery:
    """One query under way: its socket, and what has come on it."""

    __slots__ = ("broken", "deadline", "future", "ident", "interval", "query", "sent_wall_ns", "sock", "started",
                 "strange", "timer")  # fmt: skip

    def __init__(self, query: wire.DnsQuery, sock: socket.socket, deadline: float) -> None:
        self.query = query
        self.ident = os.urandom(2)
        self.sock = sock
        self.deadline = deadline
        self.future: asyncio.Future[ExchangeOutcome[wire.DnsReply]] = asyncio.get_running_loop().create_future()
        self.interval = FIRST_WAIT_SECONDS
        self.started = 0.0
        self.sent_wall_ns = 0
        self.strange = ""
        self.broken = 0
        self.timer: asyncio.TimerHandle | None = None

    def finish(self, outcome: ExchangeOutcome[wire.DnsReply]) -> None:
        if not self.future.done():
            self.future.set_result(outcome)

    def silence(self) -> ExchangeOutcome[wire.DnsReply]:
        """What it means that the answer did not come."""
        if self.strange:
            return ExchangeOutcome(
                reason=Reason.PROTOCOL_ERROR, detail=f"no answer, but a message that is none: {self.strange}"
            )
        return ExchangeOutcome(reason=Reason.TIMEOUT, detail="no answer")


class DnsShared:
    """What all runs of the probe `dns` share: the epoll that watches their sockets.

    reading: held while a big answer that came over a connection is read, so that each turn of the loop reads one.
    """

    def __init__(self, clock: Clock) -> None:
        self.drops = DropCounter()
        self.reading = asyncio.Lock()
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._runs: dict[int, _PendingQuery] = {}
        # uvloop forgets a descriptor after an error on it; an epoll of our own only ever becomes readable
        self._epoll = select.epoll()
        self._loop.add_reader(self._epoll.fileno(), self._readable)

    def close(self) -> None:
        if self._epoll.closed:
            return
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()
        for run in self._runs.values():
            run.future.cancel()

    async def ask(self, query: wire.DnsQuery, server: Destination, deadline: float) -> ExchangeOutcome[wire.DnsReply]:
        """Send, repeat and wait for the answer until the deadline (clock.monotonic()); all else is passed over."""
        try:
            sock = _connected(server)
        except OSError as error:
            return ExchangeOutcome(reason=classify(error), detail=error.strerror or "")
        run = _PendingQuery(query, sock, deadline)
        try:
            self._runs[sock.fileno()] = run
            self._epoll.register(sock.fileno(), select.EPOLLIN)
            run.started, run.sent_wall_ns = self._clock.monotonic(), self._clock.wall_ns()
            self._send(run)
            return await run.future
        finally:
            self._forget(run)

    def _forget(self, run: _PendingQuery) -> None:
        if run.timer is not None:
            run.timer.cancel()
        del self._runs[run.sock.fileno()]
        self.drops.close(run.sock)  # which takes it out of the epoll

    def _send(self, run: _PendingQuery) -> None:
        failed = self._try_to_send(run)
        if failed is not None and not run.future.done():  # what an earlier ICMP message left behind is gone by now
            failed = self._try_to_send(run)
        if failed is not None:
            run.finish(ExchangeOutcome(reason=classify(failed), detail=failed.strerror or ""))
        if not run.future.done():
            due = min(run.interval, run.deadline - self._clock.monotonic())
            run.timer = self._loop.call_later(max(0.0, due), self._overdue, run)

    def _try_to_send(self, run: _PendingQuery) -> OSError | None:
        try:
            run.sock.send(run.query.encode(run.ident))
        except BlockingIOError:
            return None  # the buffer is full: the repetition goes out instead
        except OSError as error:
            self._drain_errors(run)
            return error
        return None

    def _overdue(self, run: _PendingQuery) -> None:
        if self._clock.monotonic() >= run.deadline:
            self._receive(
                run, self._clock.monotonic() + _TURN_SECONDS
            )  # a late loop may not have read what came in time
            run.finish(self._time_is_up(run))
            return
        run.interval *= 2
        self._send(run)

    def _time_is_up(self, run: _PendingQuery) -> ExchangeOutcome[wire.DnsReply]:
        """No answer came, or we threw it away: the socket is the query's own, what it lost was lost meanwhile."""
        if lost := self.drops.since(DropSample(), run.sock):
            return ExchangeOutcome(
                reason=Reason.PACKETS_DROPPED, detail=f"{lost} datagrams lost in our own receive buffer"
            )
        return run.silence()

    def _readable(self) -> None:
        until = self._clock.monotonic() + _TURN_SECONDS
        for number, event in self._epoll.poll(0):  # what is left is told again, and others before it
            if self._clock.monotonic() >= until:
                return
            run = self._runs.get(number)
            if run is None:
                continue
            if event & select.EPOLLERR:
                self._drain_errors(run)
            if event & select.EPOLLIN:
                self._receive(run, until)

    def _receive(self, run: _PendingQuery, until: float) -> None:
        for _ in range(_BATCH):
            if run.future.done() or self._clock.monotonic() >= until:
                return
            try:
                data, ancillary, flags, _ = run.sock.recvmsg(MAX_PAYLOAD, socket.CMSG_SPACE(_TIMESPEC.size))
            except BlockingIOError:
                return
            except OSError:
                self._drain_errors(run)
                continue
            cut = flags & socket.MSG_TRUNC
            self.drops.took(run.sock, _MOST_BYTES if cut else len(data))
            self._datagram(run, b"" if cut else data, ancillary)

    def _datagram(self, run: _PendingQuery, data: bytes, ancillary: list[tuple[int, int, bytes]]) -> None:
        reply = wire.read(run.query, run.ident, data)
        if isinstance(reply, wire.DnsReply):
            run.finish(ExchangeOutcome(reply, rtt_seconds=self._rtt(run, ancillary)))
            return
        if reply.too_large:
            run.finish(ExchangeOutcome(reason=Reason.TOO_LARGE, detail=reply.why))
            return
        run.strange = reply.why
        run.broken += reply.malformed
        if run.broken >= MAX_BROKEN:
            run.finish(run.silence())

    def _rtt(self, run: _PendingQuery, ancillary: list[tuple[int, int, bytes]]) -> float:
        """By the kernel's receive stamp, if that lies within what the monotonic clock saw pass."""
        passed_seconds = self._clock.monotonic() - run.started
        return rtt_seconds(run.sent_wall_ns, receive_stamp_wall_ns(ancillary), passed_seconds)

    def _drain_errors(self, run: _PendingQuery) -> None:
        for _ in range(_BATCH):
            try:
                _, ancillary, _, _ = run.sock.recvmsg(_ERROR_BYTES, _ERROR_BYTES, socket.MSG_ERRQUEUE)
            except OSError:  # empty; an error without an entry is taken off so that the epoll falls silent
                run.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                return
            self.drops.took(run.sock, _ERROR_BYTES)
            for _, kind, data in ancillary:
                if kind in (IP_RECVERR, IPV6_RECVERR) and len(data) >= EXTENDED_ERROR.size:
                    self._reported(run, data)

    def _reported(self, run: _PendingQuery, data: bytes) -> None:
        number, origin, kind, code, _, _, _ = EXTENDED_ERROR.unpack_from(data)
        reason = reason_of_error(number, origin, kind, code)
        if reason is not None:
            run.finish(ExchangeOutcome(reason=reason, detail=os.strerror(number)))


def _connected(server: Destination) -> socket.socket:
    """A datagram socket on a random port that hears the server alone; OSError if it cannot be had."""
    family, destination = socket_address(server.address, server.port)
    opened = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
        else:
            opened.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        if server.source:
            opened.bind(socket_address(server.source, 0)[1])
        opened.connect(destination)
    except BaseException:
        opened.close()
        raise
    return opened
