"""The sockets that all pings share: one per address family (and one more for packets that must not be fragmented).

A burst is one run: one future, one row of arrays, nothing per packet. Packets to come and deadlines stand in one heap,
swept by one tick that stops when nothing is pending. Raw sockets where CAP_NET_RAW allows, else datagram ICMP sockets
(ping(7) without privileges), re-opened every few seconds because the kernel fixes their identifier.
"""

from __future__ import annotations

import asyncio
import errno
import heapq
import math
import os
import select
from collections.abc import Callable, Sequence
from itertools import count

from agent.clock import Clock
from agent.model import Reason
from agent.probes.drops import DropCounter
from agent.probes.icmp.burst import TICK_SECONDS, Burst, BurstPlan
from agent.probes.icmp.channel import Ancillary, Channel, Mode, open_channel
from agent.probes.icmp.wire import HEADER_BYTES, NONCE_BYTES, SLOT_BITS, Quoted, checksum_holds, error_in, reason_of

REOPEN_SECONDS = 5.0
MAX_BURSTS = 65_536

_TURN_SECONDS = 0.01  # that reading may take of one turn of the loop: a flood must not keep it
_LOOK_EVERY = 32  # packets between two looks at the clock
_PATIENCE_SECONDS = 0.15  # beyond its deadline that a burst waits while what may have come in time is read
_SEND_ATTEMPTS = 16  # each takes one error of others off the socket; more may come meanwhile
_KEY_ATTEMPTS = 64
_MOST_QUOTED = 1500  # of a request of ours in an entry of the error queue
_MOST_OF_ERROR = 128  # of an ICMP error: its header, the quoted IP header with options, our ICMP header and nonce


class EchoSockets:
    """What all runs of the icmp probe share. Opens nothing until the first burst; lives inside one event loop.

    modes are tried in order at every opening. describe words an ICMP error: (version, type, code) to text.
    drops counts packets that the kernel threw away because our receive buffer was full.
    """

    def __init__(
        self,
        clock: Clock,
        describe: Callable[[int, int, int], str],
        modes: Sequence[Mode] = (Mode.RAW, Mode.DATAGRAM),
        draw: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.drops = DropCounter()
        self._clock = clock
        self._describe = describe
        self._modes = tuple(modes)
        self._draw = draw
        self._loop = asyncio.get_running_loop()
        # uvloop forgets a reader whose socket reports an error; it never sees these sockets, only this epoll
        self._epoll = select.epoll()
        self._loop.add_reader(self._epoll.fileno(), self._on_ready)
        self._channels: dict[tuple[int, bool], Channel] = {}
        self._by_fd: dict[int, Channel] = {}
        self._bursts: dict[int, dict[str, Burst]] = {}  # by base of the token, then address: the first is cheap to see
        self._flying = 0
        self._behind = False  # more has come than one turn could read
        self._due: list[tuple[float, int, Burst]] = []
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf
        self._buffer = bytearray(65_600)
        self._into = [self._buffer]

    @property
    def pending(self) -> int:
        """Runs in flight."""
        return self._flying

    def mode(self, version: int) -> Mode | None:
        """How pings of this IP version are sent now; None before the first one."""
        channel = self._channels.get((version, False)) or self._channels.get((version, True))
        return channel.mode if channel else None

    async def exchange(self, plan: BurstPlan) -> Burst:
        """Send the burst and wait for its end: everything answered, or the deadline.

        OSError when no socket can be had (PermissionError when neither mode is permitted).
        """
        now = self._clock.monotonic()
        burst = self._begin(plan, now)
        try:
            self._advance(burst, now)
            await burst.done
        finally:
            self._forget(burst)
        return burst

    def close(self) -> None:
        """Close the sockets; runs in flight end as local errors."""
        for burst in [burst for alike in self._bursts.values() for burst in alike.values()]:
            burst.local, burst.error = burst.local or Reason.LOCAL_ERROR, "the ping sockets were closed"
            self._finish(burst)
        for channel in tuple(self._by_fd.values()):
            self._close_channel(channel)
        self._channels.clear()
        if not self._epoll.closed:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()

    # --- a burst from its beginning to its end

    def _begin(self, plan: BurstPlan, now: float) -> Burst:
        if self._flying >= MAX_BURSTS:
            raise OSError(errno.ENOBUFS, "too many pings in flight")
        channel = self._channel(6 if ":" in plan.address else 4, plan.dont_fragment, now)
        for _ in range(_KEY_ATTEMPTS):
            random = self._draw(4 + NONCE_BYTES)
            burst = Burst(plan, channel, self._base(channel, random), random[4:], now)
            alike = self._bursts.setdefault(burst.base, {})
            if burst.sockaddr[0] not in alike:
                alike[burst.sockaddr[0]] = burst
                self._flying += 1
                channel.pending += 1
                burst.lost_before = self.drops.read(channel.socket)
                return burst
        raise OSError(errno.ENOBUFS, "no free ping identifier")

    @staticmethod
    def _base(channel: Channel, random: bytes) -> int:
        token = int.from_bytes(random[:4], "big")
        if channel.ident is not None:
            token = channel.ident << 16 | token & 0xFFFF
        return token >> SLOT_BITS << SLOT_BITS

    def _advance(self, burst: Burst, now: float) -> None:
        """Send what is due, then wait for the next packet, the deadline, or end the burst."""
        last = burst.plan.packets
        if now - burst.next_at > 2 * TICK_SECONDS:  # a stalled loop does not make up for it in one go
            burst.next_at = now
        while burst.slot < last and burst.next_at <= now < burst.plan.deadline:
            self._send(burst)
            burst.slot += 1
            burst.next_at += burst.spacing
        if burst.complete:
            self._finish(burst)
            return
        if now >= burst.plan.deadline:
            self._time_is_up(burst, now)
            return
        due = burst.next_at if burst.slot < last else burst.plan.deadline
        self._wait(burst, min(due, burst.plan.deadline))

    def _wait(self, burst: Burst, until: float) -> None:
        self._count += 1
        heapq.heappush(self._due, (until, self._count, burst))
        self._arm()

    def _send(self, burst: Burst) -> None:
        packet = burst.echo.packet(burst.slot)
        failure = OSError()
        for _ in range(_SEND_ATTEMPTS):
            at, at_ns = self._clock.monotonic(), self._clock.wall_ns()
            try:
                burst.channel.send(packet, burst.sockaddr, burst.control)
            except OSError as error:
                failure = error
                if burst.channel.mode is Mode.RAW:
                    break  # else it may speak of an earlier packet to another target
            else:
                burst.note_sent(at, at_ns)
                return
        burst.note_failed_send(failure)

    def _time_is_up(self, burst: Burst, now: float) -> None:
        """The burst ends unanswered or in part; what nobody answered, we may have thrown away, or not read."""
        if self._behind and now < burst.plan.deadline + _PATIENCE_SECONDS:
            self._wait(burst, now + TICK_SECONDS)
            return
        if not burst.sent and burst.local is None:
            burst.local, burst.error = Reason.LOCAL_ERROR, "no packet could be sent in time"
        if not burst.received and burst.reason is None and burst.local is None:
            lost = self.drops.since(burst.lost_before, burst.channel.socket)
            if lost:
                burst.local, burst.error = Reason.PACKETS_DROPPED, f"{lost} packets lost in our own receive buffer"
            elif self._behind:
                burst.local, burst.error = Reason.PACKETS_DROPPED, "more packets came than could be read"
        self._finish(burst)

    def _finish(self, burst: Burst) -> None:
        if not burst.done.done():
            burst.done.set_result(None)
        self._forget(burst)

    def _forget(self, burst: Burst) -> None:
        alike = self._bursts.get(burst.base, {})
        if alike.get(burst.sockaddr[0]) is not burst:
            return
        del alike[burst.sockaddr[0]]
        if not alike:
            del self._bursts[burst.base]
        self._flying -= 1
        channel = burst.channel
        channel.pending -= 1
        if channel.retired and not channel.pending:
            self._close_channel(channel)
        if not self._bursts:
            self._due.clear()
            if self._timer is not None:
                self._timer.cancel()
                self._timer, self._timer_at = None, math.inf

    # --- the tick

    def _arm(self) -> None:
        due = math.ceil(self._due[0][0] / TICK_SECONDS) * TICK_SECONDS
        if due < self._timer_at:
            if self._timer is not None:
                self._timer.cancel()
            self._timer_at = due
            self._timer = self._loop.call_later(max(0.0, due - self._clock.monotonic()), self._tick)

    def _tick(self) -> None:
        self._timer, self._timer_at = None, math.inf
        self._on_ready()  # what has come in time is counted before anything is called lost
        now = self._clock.monotonic()
        while self._due and self._due[0][0] <= now:
            burst = heapq.heappop(self._due)[2]
            if not burst.done.done():
                self._advance(burst, now)
        if self._due:
            self._arm()

    # --- what comes in

    def _on_ready(self) -> None:
        """Read what has come, of every socket for its share of one turn."""
        self._behind = False
        ready = self._epoll.poll(0)
        for fd, events in ready:
            channel = self._by_fd.get(fd)
            if channel is None:  # closed by the end of its last burst, a moment ago
                continue
            share = _TURN_SECONDS / len(ready)
            if events & ~select.EPOLLIN:
                self._read_errors(channel, self._clock.monotonic() + share / 2)
            self._read(channel, self._clock.monotonic() + share)

    def _read(self, channel: Channel, until: float) -> None:
        """Until nothing is left, or the time is up. What nobody waits for is passed over before it costs anything."""
        receive = channel.socket.recvmsg_into
        for number in count(1):
            if number % _LOOK_EVERY == 0 and self._clock.monotonic() >= until:
                self._behind = True
                return
            try:
                size, ancillary, _, sender = receive(self._into, 256)
            except BlockingIOError:
                return
            except OSError:  # an ICMP error of the datagram socket: the error queue has the details
                if channel.socket.fileno() < 0:
                    return
                continue
            self.drops.took(channel.socket, size)
            self._on_packet(channel, sender[0], size, ancillary)

    def _on_packet(self, channel: Channel, sender: str, size: int, ancillary: Ancillary) -> None:
        buffer = self._buffer
        start = (buffer[0] & 15) << 2 if channel.headers else 0
        if size < start + HEADER_BYTES:
            return
        if buffer[start] == channel.dialect.reply:
            if self._awaits(self._token(start)) and self._holds(channel, start, size):
                self._on_reply(channel, sender, start, size, ancillary)
            return
        quoted = error_in(channel.dialect, bytes(buffer[start : min(size, start + _MOST_OF_ERROR)]), self._awaits)
        if quoted is not None and self._holds(channel, start, size):
            self._on_error(channel, quoted, sender)

    def _token(self, start: int) -> int:
        return int.from_bytes(self._buffer[start + 4 : start + 8], "big")

    def _awaits(self, token: int) -> bool:
        return token >> SLOT_BITS in self._bursts

    def _holds(self, channel: Channel, start: int, end: int) -> bool:
        """Whether the checksum is right, where the kernel does not look (raw sockets of IPv4)."""
        return not channel.headers or checksum_holds(bytes(self._buffer[start:end]))

    def _on_reply(self, channel: Channel, sender: str, start: int, end: int, ancillary: Ancillary) -> None:
        buffer, token = self._buffer, self._token(start)
        burst = self._bursts[token >> SLOT_BITS].get(sender)
        # the whole payload is compared: it holds the nonce, and what was cut short or altered is no reply of the target
        if burst is None or buffer[start + 8 : end] != burst.echo.payload:
            return
        stamp_ns, hop_limit = channel.stamps(ancillary)
        if channel.headers:
            hop_limit = buffer[8]
        burst.note_reply(token & (1 << SLOT_BITS) - 1, stamp_ns, hop_limit, self._clock.monotonic())
        if burst.complete:
            self._finish(burst)

    def _read_errors(self, channel: Channel, until: float) -> None:
        for number in count(1):
            if number % _LOOK_EVERY == 0 and self._clock.monotonic() >= until:
                self._behind = True
                return
            report = channel.next_error(self._into, self._awaits)
            if report is None:
                return
            self.drops.took(channel.socket, _MOST_QUOTED)
            quoted, router = report
            if quoted is not None:
                self._on_error(channel, quoted, router)

    def _on_error(self, channel: Channel, quoted: Quoted, router: str) -> None:
        burst = self._bursts[quoted.token >> SLOT_BITS].get(quoted.destination)
        slot = quoted.token & (1 << SLOT_BITS) - 1
        if burst is None or not burst.awaits(slot):  # to describe the same error again and again would cost
            return
        reason = reason_of(channel.dialect, quoted.kind, quoted.code)
        if reason is None or not burst.echo.payload.startswith(quoted.payload[:NONCE_BYTES]):
            return
        burst.note_error(slot, reason, router, self._describe(channel.dialect.version, quoted.kind, quoted.code))

    # --- sockets

    def _channel(self, version: int, dont_fragment: bool, now: float) -> Channel:
        current = self._channels.get((version, dont_fragment))
        if current is not None and (current.mode is Mode.RAW or now - current.opened_at < REOPEN_SECONDS):
            return current
        try:
            fresh = open_channel(version, dont_fragment, self._modes, now, self._draw)
        except OSError:
            if current is not None:
                return current  # better an identifier seen before than none
            raise
        self._channels[version, dont_fragment] = fresh
        self._by_fd[fresh.fd] = fresh
        self._epoll.register(fresh.fd, select.EPOLLIN)
        if current is not None:
            current.retired = True
            if not current.pending:
                self._close_channel(current)
        return fresh

    def _close_channel(self, channel: Channel) -> None:
        if self._by_fd.pop(channel.fd, None) is not None:
            self._epoll.unregister(channel.fd)
            self.drops.close(channel.socket)
