"""The cap on connections, and in what order they have kept the server waiting."""

from __future__ import annotations

from typing import Protocol

from agent.web.limits import ServerLimits


class Connection(Protocol):
    """A connection, as far as the limit is concerned."""

    def abort(self) -> None:
        """Close at once: the place is needed."""

    def reject(self) -> None:
        """Say that there is no place, and close."""


class ConnectionLimiter:
    """Holds the cap on connections.

    A plain cap starves honest clients: whoever drips half a request holds a place as long as he likes and is back
    at once when cut off. So at the cap the connection that has been waited for longest goes. A client that sends
    its request in one go is never waited for, and 200 newer ones would have to come between its connect and its send.
    """

    def __init__(self, limits: ServerLimits) -> None:
        self._limits = limits
        self._inside: set[Connection] = set()
        self._awaited: dict[Connection, None] = {}  # for their request; a dict keeps the order
        self._slow: dict[Connection, None] = {}  # to take their answer

    def __len__(self) -> int:
        return len(self._inside)

    def enter(self, connection: Connection) -> None:
        """A new connection; over the cap somebody goes, which is the new one itself when all others are at work."""
        self._inside.add(connection)
        self._awaited[connection] = None
        if len(self._inside) <= self._limits.connections:
            return
        first = self._first_to_go()
        if first is connection:
            self.leave(connection)
            connection.reject()
        else:
            self._out(first)

    def request_complete(self, connection: Connection) -> None:
        """The request is here as a whole."""
        self._awaited.pop(connection, None)

    def awaits_request(self, connection: Connection) -> None:
        """The answer is sent; the next request is waited for from now on."""
        if connection in self._inside:
            self._awaited[connection] = None

    def slow(self, connection: Connection) -> None:
        """It does not take its answer as fast as it is written."""
        if connection in self._inside:
            self._slow[connection] = None

    def write_resumed(self, connection: Connection) -> None:
        """It takes its answer again."""
        self._slow.pop(connection, None)

    def leave(self, connection: Connection) -> None:
        """The connection is gone."""
        self._inside.discard(connection)
        self._awaited.pop(connection, None)
        self._slow.pop(connection, None)

    def evict_one(self) -> None:
        """The process is out of file descriptors: the longest awaited goes."""
        if self._awaited or self._slow:
            self._out(self._first_to_go())

    def _first_to_go(self) -> Connection:
        """Slow readers are let be until they hold half of the places: behind them nobody would have time to ask."""
        many = len(self._slow) > self._limits.connections // 2
        return next(iter(self._slow if many or not self._awaited else self._awaited))

    def _out(self, connection: Connection) -> None:
        self.leave(connection)
        connection.abort()
