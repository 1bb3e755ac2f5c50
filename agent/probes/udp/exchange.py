"""A UDP request under way on a shared socket, and the host that was asked."""

from __future__ import annotations

import asyncio
from typing import Any, Generic, TypeVar

from agent.model import Reason
from agent.probes.datagram import SocketAddress
from agent.probes.drops import DropSample
from agent.probes.outcome import ExchangeOutcome

AnswerT = TypeVar("AnswerT")
ExchangeT = TypeVar("ExchangeT", bound="UdpExchange[Any]")
MAX_STRANGE = 64  # messages of one host that are read though they answer nothing, or are broken


class UdpExchange(Generic[AnswerT]):
    """One request under way and what has come of it.

    token is what an answer repeats of the request; interval_seconds the time until it is repeated; give_up the instant
    (clock.monotonic()) at which waiting ends.
    """

    __slots__ = (
        "destination", "future", "garbage", "give_up", "hint", "interval_seconds", "lost_before", "packet", "sent",
        "sent_wall_ns", "started", "strange", "token",
    )  # fmt: skip

    def __init__(
        self, token: bytes, packet: bytes, destination: SocketAddress, give_up: float, interval_seconds: float
    ) -> None:
        self.token = token
        self.packet = packet
        self.destination = destination
        self.give_up = give_up
        self.interval_seconds = interval_seconds
        self.future: asyncio.Future[ExchangeOutcome[AnswerT]] = asyncio.get_running_loop().create_future()
        self.started = 0.0
        self.sent = False  # whether a request of it left
        self.sent_wall_ns = 0
        self.lost_before = DropSample()  # of the socket when this one began
        self.strange = 0  # messages with its token that are broken, or answer something else
        self.garbage = ""  # what was wrong with what came and is no answer
        self.hint: ExchangeOutcome[AnswerT] | None = None  # of the first ICMP error that does not quote its token

    @property
    def budget_spent(self) -> bool:
        """Whether no more that carries its token is read: each costs a whole parse."""
        return self.strange >= MAX_STRANGE

    def finish(self, outcome: ExchangeOutcome[AnswerT]) -> None:
        if not self.future.done():
            self.future.set_result(outcome)

    def silence(self) -> ExchangeOutcome[AnswerT]:
        """The outcome when no answer came in time."""
        if self.garbage:
            return ExchangeOutcome(reason=Reason.PROTOCOL_ERROR, detail=self.garbage)
        return self.hint or ExchangeOutcome(reason=Reason.TIMEOUT)


class UdpPeer(Generic[ExchangeT]):
    """One host that was asked: its exchanges under way, and how much came that answers none."""

    __slots__ = ("exchanges", "noise")

    def __init__(self) -> None:
        self.exchanges: set[ExchangeT] = set()
        self.noise = 0

    @property
    def budget_spent(self) -> bool:
        """Whether no more that carries no token of ours is read."""
        return self.noise >= MAX_STRANGE
