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
        self._open: set[Connection] = set()
        self._awaiting: dict[Connection, None] = {}  # for their request; a dict keeps the order
        self._slow: dict[Connection, None] = {}  # to take their answer

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, connection: Connection) -> None:
        """A new connection; over the cap one is closed: the new one itself when all others are being answered."""
        self._open.add(connection)
        self._awaiting[connection] = None
        if len(self._open) <= self._limits.connections:
            return
        first = self._next_to_go()
        if first is connection:
            self.closed(connection)
            connection.reject()
        else:
            self._evict(first)

    def request_complete(self, connection: Connection) -> None:
        """The request is here as a whole."""
        self._awaiting.pop(connection, None)

    def awaits_request(self, connection: Connection) -> None:
        """The answer is sent; the next request is waited for from now on."""
        if connection in self._open:
            self._awaiting[connection] = None

    def write_paused(self, connection: Connection) -> None:
        """The client reads its answer more slowly than it is written."""
        if connection in self._open:
            self._slow[connection] = None

    def write_resumed(self, connection: Connection) -> None:
        """The client reads its answer again."""
        self._slow.pop(connection, None)

    def closed(self, connection: Connection) -> None:
        """The connection is gone."""
        self._open.discard(connection)
        self._awaiting.pop(connection, None)
        self._slow.pop(connection, None)

    def evict_one(self) -> None:
        """The process is out of file descriptors: the connection that is awaited longest is closed."""
        if self._awaiting or self._slow:
            self._evict(self._next_to_go())

    def _next_to_go(self) -> Connection:
        """Slow readers are spared until they hold half of the places: then new clients would have no time to ask."""
        many = len(self._slow) > self._limits.connections // 2
        return next(iter(self._slow if many or not self._awaiting else self._awaiting))

    def _evict(self, connection: Connection) -> None:
        self.closed(connection)
        connection.abort()
