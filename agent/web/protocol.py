"""Uvicorn's HTTP/1.1 connection with the limits it lacks: deadlines, caps with a status each, a cap on connections."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from http import HTTPStatus

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from agent.web.connection_limiter import ConnectionLimiter
from agent.web.limits import ServerLimits

CONNECTION = "connection"
"""Where the scope's state holds the connection of the request."""

_LINGER_SECONDS = 1.0  # a refusal is lost when the connection closes on unread bytes (RFC 9112 9.6)
_SIP = 8 * 1024  # h11 checks its cap on headers only when they are still incomplete after a feed
_JOINED = 64 * 1024  # a copy of a larger body would cost more than a second write
_INCOMPLETE = (h11.IDLE, h11.SEND_BODY)

# uvicorn logs each malformed request; anybody could fill the disk with that. Bugs are logged by the guard.
_QUIET = logging.Logger("web.connection", logging.CRITICAL + 1)  # noqa: LOG001 - deliberately outside the tree


class GuardedProtocol(H11Protocol):
    """One connection. A request must be here as a whole within the deadline; a reader must take the answer."""

    def __init__(
        self,
        config: Config,
        state: ServerState,
        limiter: ConnectionLimiter,
        limits: ServerLimits,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(config, state, {CONNECTION: self}, loop)
        self.conn = _Joining(limits.header_bytes, self._write)
        self.logger = self.access_logger = _QUIET
        self.access_log = False
        self._limiter = limiter
        self._limits = limits
        self._deadline: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._line_bytes = 0  # of the first request line, while its end is not here
        self._line_done = False
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline = self.loop.call_later(self._limits.request_seconds, self._late)
        self._limiter.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._limiter.closed(self)
        self._cancel_deadline()
        self.resume_writing()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused or self.transport.is_closing():
            return
        if not self._line_done and self._line_too_long(data):
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
            return
        if self._deadline is None and self.conn.their_state in _INCOMPLETE:
            self._deadline = self.loop.call_later(self._limits.request_seconds, self._late)
        for start in range(0, len(data), _SIP):
            super().data_received(data[start : start + _SIP])
            if self._refused:
                return
        self._note_progress()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing() and self.conn.their_state in _INCOMPLETE:
            self._limiter.awaits_request(self)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the status says it
        """Uvicorn's answer to bytes that h11 refuses, called while it handles h11's error."""
        error = sys.exception()
        hint = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else HTTPStatus.BAD_REQUEST
        self._refuse(HTTPStatus(hint))

    def answered(self) -> None:
        """The application is done. Whoever leaves the rest of a closing connection unread does not keep it open."""
        if self.transport.is_closing() and self in self.connections:
            self._cancel_deadline()
            self._deadline = self.loop.call_later(self._limits.stall_seconds, self.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._limiter.write_paused(self)
        self._stall = self._stall or self.loop.call_later(self._limits.stall_seconds, self.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._limiter.write_resumed(self)
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def abort(self) -> None:
        """Close at once; what is unsent is lost."""
        self.transport.abort()

    def reject(self) -> None:
        """Say that there are too many connections, and close."""
        self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def shutdown(self) -> None:
        """Finish the answer under way, if any, and close."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self.cycle.keep_alive = False

    def _write(self, data: bytes) -> None:
        self.transport.write(data)

    def _line_too_long(self, data: bytes) -> bool:
        end = data.find(b"\n")
        self._line_done = end >= 0
        self._line_bytes += len(data) if end < 0 else end
        return self._line_bytes > self._limits.url_bytes

    def _note_progress(self) -> None:
        if self.conn.their_state in _INCOMPLETE or self._refused:
            return
        self._cancel_deadline()
        self._limiter.request_complete(self)

    def _late(self) -> None:
        self._deadline = None
        self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer with a status alone, and close once the other side had the time to read it."""
        self._cancel_deadline()
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()  # in the middle of an answer nothing else can be said
            return
        body = f"{status.value} {status.phrase}\n"
        self.transport.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n{body}".encode("ascii")
        )
        self.transport.write_eof()
        self._deadline = self.loop.call_later(_LINGER_SECONDS, self.abort)


class _Joining(h11.Connection):
    """Keeps the head of an answer until its body begins: one write instead of two, and the reader wakes once."""

    def __init__(self, header_bytes: int, write: Callable[[bytes], None]) -> None:
        super().__init__(h11.SERVER, header_bytes)
        self._write = write
        self._held = b""

    def send(self, event: h11.Event) -> bytes | None:  # type: ignore[override] # h11 has an overload for each event
        """The bytes to write now."""
        data = super().send(event)
        if isinstance(event, h11.Response):
            self._held = data or b""
            return b""
        if data is None or not self._held:
            return data
        head, self._held = self._held, b""
        if len(data) <= _JOINED:
            return head + data
        self._write(head)
        return data
