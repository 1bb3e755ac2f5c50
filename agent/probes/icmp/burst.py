"""One run of the icmp probe in flight: what is sent when, what has come back. Arrays and counters, no sockets."""

from __future__ import annotations

import asyncio
import errno
import os
from array import array
from dataclasses import dataclass

from agent.model import Reason, Verdict
from agent.probes.datagram import unsent
from agent.probes.drops import DropSample
from agent.probes.errnos import classify
from agent.probes.icmp.channel import Channel, Mode, control_messages, local_source
from agent.probes.icmp.wire import SLOT_BITS, Echo, payload_of

TICK_SECONDS = 0.02

_UNSENT, _WAITING, _ERROR = -2.0, -1.0, -3.0


@dataclass(frozen=True, slots=True)
class BurstPlan:
    """What to send: packets echo requests of size payload bytes, spacing seconds apart, done by deadline (monotonic).

    address and source are numeric; source, ttl and tos are the system's own when None.
    """

    address: str
    packets: int
    spacing: float
    size: int
    deadline: float
    dont_fragment: bool = False
    source: str | None = None
    ttl: int | None = None
    tos: int | None = None


class Burst:
    """One run in flight, and afterwards what came of it. reason, router and error are those of the first ICMP error."""

    __slots__ = (
        "base",
        "channel",
        "control",
        "done",
        "duplicates",
        "echo",
        "error",
        "errors",
        "hop_limit",
        "local",
        "lost_before",
        "next_at",
        "plan",
        "reason",
        "received",
        "router",
        "rtts",
        "sent",
        "sent_at",
        "sent_ns",
        "slot",
        "sockaddr",
        "spacing",
        "unsent",
    )

    def __init__(self, plan: BurstPlan, channel: Channel, base: int, nonce: bytes, now: float) -> None:
        self.plan = plan
        self.channel = channel
        self.lost_before = DropSample()  # of the channel's socket when this one began
        self.sockaddr = channel.sockaddr(plan.address)
        self.base = base >> SLOT_BITS
        self.echo = Echo(channel.dialect, base, payload_of(nonce, plan.size))
        self.control = control_messages(channel.dialect, plan.source, plan.ttl, plan.tos)
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.next_at = now
        # sending takes at most half of the time there is, so that the last packet has as much to come back
        room = max(0.0, plan.deadline - now) / 2
        self.spacing = min(plan.spacing, room / max(1, plan.packets - 1))
        self.slot = 0
        self.sent_at = array("d", bytes(8 * plan.packets))
        self.sent_ns = array("q", bytes(8 * plan.packets))
        self.rtts = array("d", [_UNSENT]) * plan.packets
        self.sent = self.received = self.errors = self.unsent = self.duplicates = 0
        self.hop_limit: int | None = None
        self.reason: Reason | None = None
        self.local: Reason | None = None
        self.router = self.error = ""

    @property
    def complete(self) -> bool:
        """Whether nothing more can come: every packet is answered, or never left.

        An ICMP error is a hint, not an answer (RFC 1122 section 3.2.2.1): the reply may follow until the deadline.
        """
        return self.slot == self.plan.packets and self.received + self.unsent == self.sent

    def round_trips(self) -> list[float]:
        """Seconds of every packet that was answered, in the order of sending."""
        return [rtt for rtt in self.rtts if rtt >= 0]

    def note_sent(self, at: float, at_ns: int) -> None:
        self.sent_at[self.slot], self.sent_ns[self.slot] = at, at_ns
        self.rtts[self.slot] = _WAITING
        self.sent += 1

    def note_failed_send(self, error: OSError) -> None:
        """A packet that the kernel refused: the target's error answers it, an error of ours leaves it unsent."""
        reason = self._reason_of_send(error)
        if reason.verdict is Verdict.LOCAL_ERROR:
            if self.local is None:
                self.local, self.error = reason, os.strerror(error.errno or 0)
            return
        self.rtts[self.slot] = _WAITING
        self.sent += 1
        self.unsent += 1
        self.note_error(self.slot, reason, "", os.strerror(error.errno or 0))

    def _reason_of_send(self, error: OSError) -> Reason:
        if isinstance(error, BlockingIOError):  # the socket's own send buffer is full
            return Reason.NO_RESOURCES
        if self.plan.source is not None and not local_source(self.plan.source):  # EINVAL or ENETUNREACH, by version
            return Reason.NO_SOURCE_ADDRESS
        if self.channel.mode is Mode.DATAGRAM and error.errno != errno.EMSGSIZE:  # which a link of our own says too
            return unsent(error, self.sockaddr) or Reason.LOCAL_ERROR
        return classify(error)

    def note_reply(self, slot: int, stamp_ns: int, hop_limit: int | None, now: float) -> None:
        """A reply to a packet of ours, its payload already compared; stamp_ns is the kernel's receive time or 0."""
        if slot >= self.slot or self.rtts[slot] == _UNSENT:
            return
        if self.rtts[slot] >= 0:
            self.duplicates += 1
            return
        ceiling = now - self.sent_at[slot]
        rtt = (stamp_ns - self.sent_ns[slot]) / 1e9
        if not 0 <= rtt <= ceiling:  # the wall clock was stepped in between
            rtt = ceiling
        if self.sent_at[slot] + rtt > self.plan.deadline:  # late is lost
            return
        if self.rtts[slot] == _ERROR:
            self.errors -= 1
        self.rtts[slot] = rtt
        self.received += 1
        self.hop_limit = hop_limit

    def awaits(self, slot: int) -> bool:
        """Whether nothing has been heard of the packet yet."""
        return slot < len(self.rtts) and self.rtts[slot] == _WAITING

    def note_error(self, slot: int, reason: Reason, router: str, text: str) -> None:
        if self.awaits(slot):
            self.rtts[slot] = _ERROR
            self.errors += 1
            if self.reason is None:
                self.reason, self.router, self.error = reason, router, text
