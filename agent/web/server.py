"""The web server: Starlette's application behind uvicorn's protocol, with an accept loop and limits of our own."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable
from email.utils import formatdate

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from agent.clock import Clock, SystemClock
from agent.web.connection_limiter import ConnectionLimiter
from agent.web.fd_reserve import FdReserve
from agent.web.limits import ServerLimits
from agent.web.protocol import CONNECTION, GuardedProtocol

_BACKLOG = 4096  # an overflow would cost an honest client a second: its SYN is sent again
_BATCH = 32  # far fewer than the cap, so that each connection is read before the newer ones can push it out
_PAUSE_SECONDS = 0.1
_SPARE = 4
_REFILL_SECONDS = 0.01  # more often than the engine ticks: what a probe gives back is not all taken by the next one
_NO_RESOURCES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class WebServer:
    """Serves one application on one socket (bound, not yet connected to any loop). Installs no signal handlers.

    After stop() the socket is closed, every connection is gone and nothing runs any more; that takes at most
    limits.stop_seconds plus what a cancelled answer needs to end.
    """

    def __init__(
        self, app: ASGIApp, sock: socket.socket, limits: ServerLimits | None = None, clock: Clock | None = None
    ) -> None:
        self._limits = limits or ServerLimits()
        self._sock = sock
        self._config = _config(_telling(app), self._limits)
        self._state = _State(clock or SystemClock())
        self._limiter = ConnectionLimiter(self._limits)
        self._reserve = FdReserve(_SPARE)
        self._joining: set[asyncio.Future[object]] = set()
        self._resume: asyncio.TimerHandle | None = None
        self._refill: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._limiter)

    async def start(self) -> None:
        """Listen; connections are served from here on."""
        self._config.load()
        self._reserve.fill()
        self._sock.setblocking(False)
        self._sock.listen(_BACKLOG)
        asyncio.get_running_loop().add_reader(self._sock, self._accept)

    async def stop(self) -> None:
        """Stop listening, let answers under way end, cut the rest. A second call does nothing more."""
        if self._sock.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._sock)
        for timer in (self._resume, self._refill):
            if timer is not None:
                timer.cancel()
        self._reserve.close()
        self._sock.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        tasks = set(self._state.tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._limits.stop_seconds)
            for task in late:
                task.cancel()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await asyncio.gather(*tasks, *self._joining, return_exceptions=True)

    def _accept(self) -> None:
        for _ in range(_BATCH):
            try:
                connection, _peer = self._sock.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in _NO_RESOURCES and not self._use_reserve():
                    self._rest()
                    return
                continue  # that one is gone again (ECONNABORTED and the like, accept(2))
            self._join(connection)

    def _join(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        connection.setblocking(False)
        joining: Awaitable[object] = loop.connect_accepted_socket(
            lambda: GuardedProtocol(self._config, self._state, self._limiter, self._limits, loop), connection
        )
        task = asyncio.ensure_future(joining)
        self._joining.add(task)
        task.add_done_callback(self._joined)

    def _joined(self, task: asyncio.Future[object]) -> None:
        self._joining.discard(task)
        if not task.cancelled():
            task.exception()  # a peer that is gone before it was greeted; nothing to tell

    def _use_reserve(self) -> bool:
        """Out of descriptors: give one back for the next accept, and take it again as soon as there is one."""
        given = self._reserve.give()
        if given and self._refill is None:
            self._fill_later()
        return given

    def _fill_later(self) -> None:
        self._refill = asyncio.get_running_loop().call_later(_REFILL_SECONDS, self._fill)

    def _fill(self) -> None:
        self._refill = None
        if not self._reserve.fill():
            self._fill_later()

    def _rest(self) -> None:
        """Out of descriptors: free one, and leave the queue to the kernel for a moment instead of spinning."""
        loop = asyncio.get_running_loop()
        self._limiter.evict_one()
        loop.remove_reader(self._sock)
        self._resume = loop.call_later(_PAUSE_SECONDS, loop.add_reader, self._sock, self._accept)


class _State(ServerState):
    """uvicorn's shared state; its own server would refresh the Date header by a timer, here it is made when asked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._second = -1
        self._date: list[tuple[bytes, bytes]] = []
        super().__init__()

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        second = self._clock.wall_ms() // 1000
        if second != self._second:
            self._second = second
            self._date = [(b"date", formatdate(second, usegmt=True).encode("ascii"))]
        return self._date

    @default_headers.setter
    def default_headers(self, _: object) -> None:
        return


def _telling(app: ASGIApp) -> ASGIApp:
    """The application, which tells the connection when it is done."""

    async def telling(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        finally:
            scope["state"][CONNECTION].answered()

    return telling


def _config(app: ASGIApp, limits: ServerLimits) -> Config:
    return Config(
        app,
        loop="none",
        http=GuardedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=limits.idle_seconds,  # type: ignore[arg-type]
        h11_max_incomplete_event_size=limits.header_bytes,
    )
