"""OPTIONS over UDP: one socket on which any number of runs ask at once.

Answers are matched by branch, then Call-ID and CSeq, and must come from the address that was asked. ICMP errors are
taken from the socket's error queue and matched by destination. Time-outs and retransmissions are swept in ticks.

A flood must not hold up the answers behind it: datagrams of hosts that were not asked, or that do not carry the branch
of a run, are dropped before they are read, and a turn of the loop takes them for a few milliseconds only.
"""

from __future__ import annotations

import asyncio
import os
import select
import socket
import struct
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from agent.clock import Clock
from agent.model import Reason
from agent.probes.datagram import (
    EXTENDED_ERROR,
    IP_RECVERR,
    IPV6_RECVERR,
    SO_TIMESTAMPNS,
    SocketAddress,
    open_socket,
    reason_of_error,
    unsent,
)
from agent.probes.drops import DropCounter
from agent.probes.outcome import Outcome
from agent.probes.sip_run import MAX_PROVISIONAL, Peer, Run
from agent.probes.wire import sip as wire

T2_SECONDS = 4.0  # RFC 3261 17.1.2.2
_TICK_SECONDS = 0.05
LOUD = 1024  # datagrams on one socket that answer nothing: no host that behaves sends as many in its few seconds
_TURN_SECONDS = 0.005  # of reading, before other work of the loop gets its turn
_PAUSE_SECONDS = 0.02  # in which a socket of one loud host is left alone after such a turn
_ALONE_BYTES = 256 * 1024  # of its receive buffer
_MAX_ERRORS = 256  # ICMP errors taken in one go
_SEND_ATTEMPTS = 16  # each takes one error of others off the socket; more may come meanwhile

_ANCILLARY_BYTES = socket.CMSG_SPACE(16)
_ERROR_BYTES = 512
_BRANCH_CHARS = len(wire.MAGIC_COOKIE) + wire.TOKEN_CHARS
_KEEP_ALIVE = b"\r\n\0"  # line ends, or a NUL: what phones send to keep a firewall open


class UdpSocket:
    """One socket on which any number of runs ask at once. OSError when it cannot be opened.

    on_loud: told the address of a host that sends LOUD datagrams which answer nothing, once. flooded is set then, and
    also when nobody that was asked sends as many. alone: for a host that is known to be loud; closed when its last run
    is over.
    """

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
        self._pending: dict[bytes, Run] = {}
        self._peers: dict[str, Peer] = {}  # by address; kept while the socket is open
        self._heap: list[tuple[float, int, Run]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._buffer = bytearray(wire.MAX_MESSAGE_BYTES + 1)
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

    def retire(self) -> None:
        """Take no more runs; closed when the last one under way is over."""
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
        for run in self._pending.values():
            run.future.cancel()

    async def ask(
        self,
        template: wire.OptionsTemplate,
        destination: SocketAddress,
        deadline: float,
        quiet_at: float | None = None,
        on_quiet: Callable[[], None] | None = None,
    ) -> Outcome[wire.Response]:
        """Send, retransmit and wait for the final answer until the deadline (clock.monotonic()).

        on_quiet is called once at quiet_at if nothing at all has come until then.
        """
        ids, tag = wire.fresh_ids(os.urandom(24))
        now = self._clock.monotonic()
        give_up = deadline - min(_TICK_SECONDS, (deadline - now) / 10)  # the sweep may be one tick late
        run = Run(ids, template.encode(ids, tag, self.port), destination, give_up)
        if quiet_at is not None:
            run.quiet_at, run.on_quiet = quiet_at, on_quiet
        self._add(run)
        try:
            run.lost_before = self._drops.read(self._socket)
            run.started, run.sent_wall_ns = now, self._clock.wall_ns()
            self._send(run)
            if not run.future.done():
                self._plan(run, now)
            return await run.future
        finally:
            self._forget(run)

    def _add(self, run: Run) -> None:
        self._pending[run.ids.branch] = run
        peer = self._peers.get(run.destination[0])
        if peer is None:
            peer = self._peers[run.destination[0]] = Peer()
        peer.runs.add(run)

    def _forget(self, run: Run) -> None:
        del self._pending[run.ids.branch]
        self._peers[run.destination[0]].runs.discard(run)
        if self._retired and not self._pending:
            self.close()

    # Sending

    def _send(self, run: Run) -> None:
        failure = OSError()
        for _ in range(_SEND_ATTEMPTS):
            try:
                self._socket.sendto(run.packet, run.destination)
            except BlockingIOError:
                return  # the buffer is full: the retransmission goes out instead
            except OSError as error:
                failure = error  # it may speak of another run, whose ICMP error waits on the socket
            else:
                run.sent = True
                return
        if (reason := unsent(failure, run.destination)) is not None:
            run.finish(Outcome(reason=reason, detail=failure.strerror or ""))

    def _plan(self, run: Run, now: float) -> None:
        due = min(now + run.interval, run.give_up)
        if run.on_quiet is not None:
            due = min(due, max(now, run.quiet_at))
        heappush(self._heap, (due, next(self._order), run))
        self._arm(now)

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
            run = heappop(self._heap)[2]
            if not run.future.done():
                self._overdue(run, now)
        self._arm(now)

    def _overdue(self, run: Run, now: float) -> None:
        if now >= run.give_up:
            run.finish(self._time_is_up(run))
            return
        if run.on_quiet is not None and now >= run.quiet_at:
            tell, run.on_quiet = run.on_quiet, None
            if not run.provisional and not run.garbage:
                tell()
        self._send(run)
        run.interval = T2_SECONDS if run.provisional else min(2 * run.interval, T2_SECONDS)
        if not run.future.done():
            self._plan(run, now)

    def _time_is_up(self, run: Run) -> Outcome[wire.Response]:
        """No final answer came, or we threw it away, or it is not read yet."""
        lost = self._drops.since(run.lost_before, self._socket)
        if lost:
            return Outcome(reason=Reason.PACKETS_DROPPED, detail=f"{lost} datagrams lost in our own receive buffer")
        if self._behind:
            return Outcome(reason=Reason.PACKETS_DROPPED, detail="more datagrams came than could be read")
        if not run.sent:
            return Outcome(reason=Reason.LOCAL_ERROR, detail="the request could not be sent in time")
        return self._silence(run)

    def _silence(self, run: Run) -> Outcome[wire.Response]:
        if run.provisional:
            return Outcome(reason=Reason.PROVISIONAL_ONLY, detail="1xx answers and nothing after them")
        if run.garbage:
            return Outcome(reason=Reason.PROTOCOL_ERROR, detail=run.garbage)
        return run.hint or Outcome(reason=Reason.TIMEOUT)

    # Receiving

    def _readable(self) -> None:
        self._behind = False
        until = self._clock.monotonic() + _TURN_SECONDS
        events = self._epoll.poll(0)
        if events and events[0][1] & select.EPOLLERR:
            self._drain_errors()
        while self._clock.monotonic() < until:
            try:
                size, ancillary, _, sender = self._socket.recvmsg_into([self._buffer], _ANCILLARY_BYTES)
            except BlockingIOError:
                return
            except OSError:  # an ICMP error: the error queue has the details, and is read for its share of a turn
                continue
            self._drops.took(self._socket, size)
            self._datagram(size, sender, ancillary)
            if self.closed:
                return
        self._behind = True
        if self._alone:  # what it sends meanwhile the kernel drops, and counts
            self._loop.remove_reader(self._epoll.fileno())
            self._loop.call_later(_PAUSE_SECONDS, self._go_on)

    def _go_on(self) -> None:
        if not self.closed:
            self._loop.add_reader(self._epoll.fileno(), self._readable)

    def _stamp(self, ancillary: list[tuple[int, int, bytes]]) -> int:
        """The kernel's receive time in wall nanoseconds, 0 without one."""
        stamp = 0
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                seconds, nanoseconds = struct.unpack("qq", data)
                stamp = seconds * 1_000_000_000 + nanoseconds
        return stamp

    def _datagram(self, size: int, sender: SocketAddress, ancillary: list[tuple[int, int, bytes]]) -> None:
        host = sender[0]
        peer = self._peers.get(host)
        if peer is None:
            self._strangers += 1
            self.flooded = self.flooded or self._strangers >= LOUD
        elif not self._expected(peer, size, sender, ancillary):
            peer.noise += 1
            if peer.noise == LOUD:
                self.flooded = True
                self._on_loud(host)

    def _expected(self, peer: Peer, size: int, sender: SocketAddress, ancillary: list[tuple[int, int, bytes]]) -> bool:
        """Read what a host sent that was asked, if it may be an answer. False for what nobody waits for."""
        host = sender[0]
        at = self._buffer.find(wire.MAGIC_COOKIE, 0, size)
        branch = bytes(self._view[at : at + _BRANCH_CHARS]) if at >= 0 else b""
        run = self._pending.get(branch)
        if run is not None and run.destination[0] != host:
            run = None
        if not peer.runs or (run or peer).budget_spent:
            return False
        data = bytes(self._view[:size])
        if not data.strip(_KEEP_ALIVE):
            return False
        message = wire.parse(data)
        if isinstance(message, wire.Response):
            run = self._pending.get(message.ids.branch)
            if run is not None and run.ids == message.ids and run.destination[0] == host:
                self._answer(run, message, self._stamp(ancillary))
                return True
        elif isinstance(message, wire.Malformed):
            self._not_sip(run, peer, sender[1], message.why)
        if run is not None:
            run.strange += 1
        return False

    def _not_sip(self, run: Run | None, peer: Peer, port: int, why: str) -> None:
        """Held against the run whose branch it has, else against those that asked this port: behind one address may
        live others, and what they say must not speak for a silent room.
        """
        for each in (run,) if run is not None else peer.runs:
            if each is run or each.destination[1] == port:
                each.garbage = why

    def _answer(self, run: Run, message: wire.Response, stamp: int) -> None:
        if message.status < 200:
            run.provisional += 1
            if run.provisional >= MAX_PROVISIONAL:
                run.finish(self._silence(run))
            return
        rtt = self._clock.monotonic() - run.started
        by_kernel = (stamp - run.sent_wall_ns) / 1e9
        if stamp and 0 <= by_kernel <= rtt:
            rtt = by_kernel
        run.finish(Outcome(message, rtt_seconds=rtt))

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
        at = quoted.find(wire.MAGIC_COOKIE)
        branch = quoted[at : at + _BRANCH_CHARS] if at >= 0 else b""
        whole = len(branch) == _BRANCH_CHARS
        if whole and branch not in self._pending:
            return  # an echo of a run that is over
        outcome: Outcome[wire.Response] = Outcome(reason=reason, detail=os.strerror(number))
        for run in peer.runs:
            if run.destination[1] != destination[1]:
                continue
            if whole:
                run.finish(outcome)
            else:  # whoever knows our port can say so of others
                run.hint = run.hint or outcome
