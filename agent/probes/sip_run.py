"""One OPTIONS exchange under way over UDP, and the host that was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from agent.probes.datagram import SocketAddress
from agent.probes.drops import Reading
from agent.probes.outcome import Outcome
from agent.probes.wire import sip as wire

T1_SECONDS = 0.5  # RFC 3261 17.1.1.1
MAX_PROVISIONAL = 64
MAX_STRANGE = 64  # messages of one host that are read though they carry no branch of ours, or are broken


class Peer:
    """One host that was asked: its runs under way, and how much came that answers none."""

    __slots__ = ("noise", "runs")

    def __init__(self) -> None:
        self.runs: set[Run] = set()
        self.noise = 0

    @property
    def budget_spent(self) -> bool:
        """Whether no more that carries no branch of ours is read."""
        return self.noise >= MAX_STRANGE


class Run:
    __slots__ = (
        "destination", "future", "garbage", "give_up", "hint", "ids", "interval", "lost_before", "on_quiet", "packet",
        "provisional", "quiet_at", "sent", "sent_wall_ns", "started", "strange",
    )  # fmt: skip

    def __init__(self, ids: wire.Ids, packet: bytes, destination: SocketAddress, give_up: float) -> None:
        self.ids = ids
        self.packet = packet
        self.destination = destination
        self.give_up = give_up
        self.future: asyncio.Future[Outcome[wire.Response]] = asyncio.get_running_loop().create_future()
        self.interval = T1_SECONDS
        self.started = 0.0
        self.sent = False  # whether a request of it left
        self.sent_wall_ns = 0
        self.lost_before = Reading()  # of the socket when this one began
        self.provisional = 0
        self.strange = 0  # messages with its branch that are broken, or of another Call-ID or CSeq
        self.garbage = ""  # what was wrong with what is not SIP, or not in what is needed
        self.hint: Outcome[wire.Response] | None = None  # of the first ICMP error that does not quote its branch
        self.quiet_at = give_up
        self.on_quiet: Callable[[], None] | None = None

    @property
    def budget_spent(self) -> bool:
        """Whether no more that carries its branch is read: each costs a whole parse."""
        return self.strange >= MAX_STRANGE

    def finish(self, outcome: Outcome[wire.Response]) -> None:
        if not self.future.done():
            self.future.set_result(outcome)
