"""One UDP socket on which any number of exchanges of one protocol are under way at once.

An answer is matched by the token that its request carried, and must come from the address that was asked. ICMP errors
are taken from the socket's error queue and matched by token or destination. Time-outs and retransmissions are swept in
ticks.

A flood must not hold up the answers behind it: datagrams of hosts that were not asked, or without the token of an
exchange, are dropped before they are read, and a turn of the loop takes them for a few milliseconds only.
"""

from __future__ import annotations

import asyncio
import os
import select
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any, Generic, TypeVar

from agent.clock import Clock
from agent.model import Reason
from agent.probes.datagram import (
    EXTENDED_ERROR,
    IP_RECVERR,
    IPV6_RECVERR,
    SocketAddress,
    open_socket,
    reason_of_error,
    receive_stamp_wall_ns,
    rtt_seconds,
    unsent,
)
from agent.probes.drops import DropCounter
from agent.probes.outcome import ExchangeOutcome
from agent.probes.udp.exchange import UdpExchange, UdpPeer

ExchangeT = TypeVar("ExchangeT", bound="UdpExchange[Any]")

LOUD = 1024  # datagrams on one socket that answer nothing: no host that behaves sends as many in its few seconds
_TICK_SECONDS = 0.05
_TURN_SECONDS = 0.005  # of reading, before other work of the loop gets its turn
_PAUSE_SECONDS = 0.02  # in which a socket of one loud host is left alone after such a turn
_ALONE_BYTES = 256 * 1024  # of its receive buffer
_MAX_ERRORS = 256  # ICMP errors taken in one go
_SEND_ATTEMPTS = 16  # each takes one error of others off the socket; more may come meanwhile
_ANCILLARY_BYTES = socket.CMSG_SPACE(16)
_ERROR_BYTES = 512
_MOST_BYTES = 65_535  # of a datagram that is longer than what is read of it


class UdpSocket(ABC, Generic[ExchangeT]):
    """A protocol derives from this and says how its tokens are found and its answers read.

    OSError when the socket cannot be opened. on_loud: called once with the address of a host that sends LOUD datagrams
    which answer nothing. flooded is set then, and also when nobody that was asked sends as many. alone: for a host that
    is known to be loud; closed when its last exchange is over.
    """

    max_bytes: int
    """The longest datagram that is read whole."""

    def __init__(
        self,
        family: int,
        source: str,
        clock: Clock,
        drops: DropCounter,
        on_loud: Callable[[str], None],
        *,
        alone: bool = False,
    ) -> None:
        self.flooded = False
        self._on_loud = on_loud
        self._alone = alone
        self._strangers = 0
        self._behind = False  # more has come than one turn could read
        self._drops = drops
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._pending: dict[bytes, ExchangeT] = {}
        self._peers: dict[str, UdpPeer[ExchangeT]] = {}  # by address; kept while the socket is open
        self._heap: list[tuple[float, int, ExchangeT]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._buffer = bytearray(self.max_bytes + 1)
        self._view = memoryview(self._buffer)
        self._socket = open_socket(family, source)
        if alone:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ALONE_BYTES)
        self.opened_at = clock.monotonic()
        self.port = int(self._socket.getsockname()[1])
        self.closed = False
        self._retired = alone
        # uvloop forgets a descriptor after an error on it; an epoll of our own only ever becomes readable
        self._epoll = select.epoll()
        self._epoll.register(self._socket.fileno(), select.EPOLLIN)
        self._loop.add_reader(self._epoll.fileno(), self._readable)

    @abstractmethod
    def _token(self, datagram: bytes | bytearray, size: int) -> bytes:
        """The token in the first size bytes of an answer or of a quoted request; b"" where there is none."""

    @abstractmethod
    def _read(
        self,
        exchange: ExchangeT | None,
        peer: UdpPeer[ExchangeT],
        datagram: bytes,
        port: int,
        received_wall_ns: int,
    ) -> bool:
        """Read a datagram of a host that was asked; exchange is the one whose token it carries, port its source port.

        received_wall_ns is the kernel's stamp, 0 without one. False for what nobody waits for.
        """

    def retire(self) -> None:
        """Take no more exchanges; closed when the last one under way is over."""
        self._retired = True
        if not self._pending:
            self.close()

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()
        self._drops.close(self._socket)
        if self._timer is not None:
            self._timer.cancel()
        for exchange in self._pending.values():
            exchange.future.cancel()

    async def _exchange(self, exchange: ExchangeT) -> Any:
        """Send, repeat and wait for the outcome until exchange.give_up."""
        self._add(exchange)
        try:
            exchange.lost_before = self._drops.read(self._socket)
            now = self._clock.monotonic()
            exchange.started, exchange.sent_wall_ns = now, self._clock.wall_ns()
            self._send(exchange)
            if not exchange.future.done():
                self._plan(exchange, now)
            return await exchange.future
        finally:
            self._forget(exchange)

    def _give_up(self, deadline: float) -> float:
        """The instant at which an exchange that starts now must end: the sweep may be one tick late."""
        return deadline - min(_TICK_SECONDS, (deadline - self._clock.monotonic()) / 10)

    def _add(self, exchange: ExchangeT) -> None:
        self._pending[exchange.token] = exchange
        peer = self._peers.get(exchange.destination[0])
        if peer is None:
            peer = self._peers[exchange.destination[0]] = UdpPeer()
        peer.exchanges.add(exchange)

    def _forget(self, exchange: ExchangeT) -> None:
        del self._pending[exchange.token]
        self._peers[exchange.destination[0]].exchanges.discard(exchange)
        if self._retired and not self._pending:
            self.close()

    # Sending

    def _send(self, exchange: ExchangeT) -> None:
        failure = OSError()
        for _ in range(_SEND_ATTEMPTS):
            try:
                self._socket.sendto(exchange.packet, exchange.destination)
            except BlockingIOError:
                return  # the buffer is full: the repetition goes out instead
            except OSError as error:
                failure = error  # it may speak of another exchange, whose ICMP error waits on the socket
            else:
                exchange.sent = True
                return
        if (reason := unsent(failure, exchange.destination)) is not None:
            exchange.finish(ExchangeOutcome(reason=reason, detail=failure.strerror or ""))

    def _plan(self, exchange: ExchangeT, now: float) -> None:
        heappush(self._heap, (self._due(exchange, now), next(self._order), exchange))
        self._arm(now)

    def _due(self, exchange: ExchangeT, now: float) -> float:
        """The instant at which an exchange is looked at again."""
        return min(now + exchange.interval_seconds, exchange.give_up)

    def _arm(self, now: float) -> None:
        while self._heap and self._heap[0][2].future.done():
            heappop(self._heap)
        if not self._heap:
            return
        at = max(now + min(_TICK_SECONDS, max(0.0, self._heap[0][2].give_up - now)), self._heap[0][0])
        if self._timer is not None:
            if self._timer_at <= at + _TICK_SECONDS / 2:
                return
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._loop.call_later(at - now, self._sweep)

    def _sweep(self) -> None:
        self._timer = None
        self._readable()  # what has come in time is read before anything is called silent
        now = self._clock.monotonic()
        while self._heap and self._heap[0][0] <= now:
            exchange = heappop(self._heap)[2]
            if exchange.future.done():
                continue
            if now >= exchange.give_up:
                exchange.finish(self._time_is_up(exchange))
            else:
                self._overdue(exchange, now)
        self._arm(now)

    def _overdue(self, exchange: ExchangeT, now: float) -> None:
        """Repeat a request that has no answer yet."""
        self._send(exchange)
        exchange.interval_seconds = self._next_interval_seconds(exchange)
        if not exchange.future.done():
            self._plan(exchange, now)

    def _next_interval_seconds(self, exchange: ExchangeT) -> float:
        """How long to wait after a repetition: twice as long as before."""
        return 2 * exchange.interval_seconds

    def _time_is_up(self, exchange: ExchangeT) -> ExchangeOutcome[Any]:
        """No final answer came, or we threw it away, or it is not read yet."""
        lost = self._drops.since(exchange.lost_before, self._socket)
        if lost:
            return ExchangeOutcome(
                reason=Reason.PACKETS_DROPPED, detail=f"{lost} datagrams lost in our own receive buffer"
            )
        if self._behind:
            return ExchangeOutcome(reason=Reason.PACKETS_DROPPED, detail="more datagrams came than could be read")
        if not exchange.sent:
            return ExchangeOutcome(reason=Reason.LOCAL_ERROR, detail="the request could not be sent in time")
        return exchange.silence()

    # Receiving

    def _readable(self) -> None:
        self._behind = False
        until = self._clock.monotonic() + _TURN_SECONDS
        events = self._epoll.poll(0)
        if events and events[0][1] & select.EPOLLERR:
            self._drain_errors()
        while self._clock.monotonic() < until:
            try:
                size, ancillary, flags, sender = self._socket.recvmsg_into([self._buffer], _ANCILLARY_BYTES)
            except BlockingIOError:
                return
            except OSError:  # an ICMP error: the error queue has the details, and is read for its share of a turn
                continue
            self._drops.took(self._socket, _MOST_BYTES if flags & socket.MSG_TRUNC else size)
            self._datagram(size, sender, ancillary)
            if self.closed:
                return
        self._behind = True
        if self._alone:  # what it sends meanwhile the kernel drops, and counts
            self._loop.remove_reader(self._epoll.fileno())
            self._loop.call_later(_PAUSE_SECONDS, self._resume)

    def _resume(self) -> None:
        if not self.closed:
            self._loop.add_reader(self._epoll.fileno(), self._readable)

    def _datagram(self, size: int, sender: SocketAddress, ancillary: list[tuple[int, int, bytes]]) -> None:
        host = sender[0]
        peer = self._peers.get(host)
        if peer is None:
            self._strangers += 1
            self.flooded = self.flooded or self._strangers >= LOUD
        elif not self._awaited(peer, size, sender, ancillary):
            peer.noise += 1
            if peer.noise == LOUD:
                self.flooded = True
                self._on_loud(host)

    def _awaited(
        self, peer: UdpPeer[ExchangeT], size: int, sender: SocketAddress, ancillary: list[tuple[int, int, bytes]]
    ) -> bool:
        """Read what a host sent that was asked, if it may be an answer. False for what nobody waits for."""
        exchange = self._pending.get(self._token(self._buffer, size))
        if exchange is not None and exchange.destination[0] != sender[0]:
            exchange = None
        if not peer.exchanges or (exchange or peer).budget_spent:
            return False
        return self._read(exchange, peer, bytes(self._view[:size]), sender[1], receive_stamp_wall_ns(ancillary))

    def _rtt_seconds(self, exchange: ExchangeT, received_wall_ns: int) -> float:
        """From the first request to the kernel's stamp, if that lies within what the monotonic clock saw pass."""
        passed_seconds = self._clock.monotonic() - exchange.started
        return rtt_seconds(exchange.sent_wall_ns, received_wall_ns, passed_seconds)

    def _note_garbage(self, exchange: ExchangeT | None, peer: UdpPeer[ExchangeT], port: int, why: str) -> None:
        """Held against the exchange whose token it has, else against those that asked this port.

        Others may live behind one address, and what they say must not speak for a silent target.
        """
        for asking in (exchange,) if exchange is not None else peer.exchanges:
            if asking is exchange or asking.destination[1] == port:
                asking.garbage = why

    # ICMP errors

    def _drain_errors(self) -> None:
        for _ in range(_MAX_ERRORS):
            try:
                quoted, ancillary, _, destination = self._socket.recvmsg(
                    _ERROR_BYTES, _ERROR_BYTES, socket.MSG_ERRQUEUE
                )
            except OSError:
                return
            self._drops.took(self._socket, len(quoted))
            for _, kind, data in ancillary:
                if kind in (IP_RECVERR, IPV6_RECVERR) and len(data) >= EXTENDED_ERROR.size:
                    self._unreachable(quoted, destination, data)

    def _unreachable(self, quoted: bytes, destination: SocketAddress, data: bytes) -> None:
        number, origin, kind, code, _, _, _ = EXTENDED_ERROR.unpack_from(data)
        reason = reason_of_error(number, origin, kind, code)
        peer = self._peers.get(destination[0])
        if reason is None or peer is None:
            return
        token = self._token(quoted, len(quoted))
        if token and token not in self._pending:
            return  # an echo of an exchange that is over
        outcome: ExchangeOutcome[Any] = ExchangeOutcome(reason=reason, detail=os.strerror(number))
        for exchange in peer.exchanges:
            if exchange.destination[1] != destination[1]:
                continue
            if token:
                exchange.finish(outcome)
            else:  # whoever knows our port can say so of others
                exchange.hint = exchange.hint or outcome
