"""Who is inside: every connection, and in what order they have kept the server waiting."""

from __future__ import annotations

from typing import Protocol

from agent.web.limits import Limits


class Guest(Protocol):
    """A connection, as far as the door is concerned."""

    def turn_out(self) -> None:
        """Close at once: the place is needed."""

    def turn_away(self) -> None:
        """Say that there is no place, and close."""


class Door:
    """Holds the cap on connections.

    A plain cap starves honest clients: whoever drips half a request holds a place as long as he likes and is back
    at once when cut off. So at the cap the connection that has been waited for longest goes. A client that sends
    its request in one go is never waited for, and 200 newer ones would have to come between its connect and its send.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._inside: set[Guest] = set()
        self._awaited: dict[Guest, None] = {}  # for their request; a dict keeps the order
        self._slow: dict[Guest, None] = {}  # to take their answer

    def __len__(self) -> int:
        return len(self._inside)

    def enter(self, guest: Guest) -> None:
        """A new connection; over the cap somebody goes, which is the new one itself when all others are at work."""
        self._inside.add(guest)
        self._awaited[guest] = None
        if len(self._inside) <= self._limits.connections:
            return
        first = self._first_to_go()
        if first is guest:
            self.leave(guest)
            guest.turn_away()
        else:
            self._out(first)

    def at_work(self, guest: Guest) -> None:
        """The request is here as a whole."""
        self._awaited.pop(guest, None)

    def awaits(self, guest: Guest) -> None:
        """The answer is sent; the next request is waited for from now on."""
        if guest in self._inside:
            self._awaited[guest] = None

    def slow(self, guest: Guest) -> None:
        """It does not take its answer as fast as it is written."""
        if guest in self._inside:
            self._slow[guest] = None

    def in_time(self, guest: Guest) -> None:
        """It takes its answer again."""
        self._slow.pop(guest, None)

    def leave(self, guest: Guest) -> None:
        """The connection is gone."""
        self._inside.discard(guest)
        self._awaited.pop(guest, None)
        self._slow.pop(guest, None)

    def make_room(self) -> None:
        """The process is out of file descriptors: the longest awaited goes."""
        if self._awaited or self._slow:
            self._out(self._first_to_go())

    def _first_to_go(self) -> Guest:
        """Slow readers are let be until they hold half of the places: behind them nobody would have time to ask."""
        many = len(self._slow) > self._limits.connections // 2
        return next(iter(self._slow if many or not self._awaited else self._awaited))

    def _out(self, guest: Guest) -> None:
        self.leave(guest)
        guest.turn_out()
