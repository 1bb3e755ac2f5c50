"""libcurl's multi handle on the event loop: its sockets are watched by the loop or relayed, its timer is the loop's."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pycurl

from agent.clock import Clock
from agent.probes.http.relay import Relay

OPERATION_TIMEDOUT: int = pycurl.E_OPERATION_TIMEDOUT

_TCP_INFO = struct.Struct("=B67xI56xQ")  # tcpi_state, tcpi_rtt (us), tcpi_bytes_received of linux/tcp.h
_LOOK_SECONDS, _TIMER_SECONDS = 0.25, 0.002  # the second: how early a timer of the loop may fire
_CONNECTED_STATES = (1, 8)  # ESTABLISHED, CLOSE_WAIT
_READING, _WRITING = (pycurl.POLL_IN, pycurl.POLL_INOUT), (pycurl.POLL_OUT, pycurl.POLL_INOUT)
_QUEUE_SECONDS = 0.01
_MAX_IDLE = 32  # wheels; each has two descriptors


@dataclass(slots=True)
class _HandleRun:
    done: asyncio.Future[tuple[int, str]]
    began: float
    seconds: float
    look: Callable[[float], bool]
    relay: Relay | None
    guard: asyncio.TimerHandle | None = None


class EventQueue:
    """Who acts next: many wheels, 10 ms in each turn of the event loop, in the order in which their events came.

    One event of a flood takes some milliseconds; a hundred floods would hold the loop together.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._loop = clock, asyncio.get_running_loop()
        self._waiting: dict[tuple[MultiHandle, int], int] = {}  # events by wheel and socket
        self._ends: float | None = None

    def act(self, multi_handle: MultiHandle, fd: int, events: int) -> None:
        """Let a wheel act on its socket, now or when its turn comes."""
        if self._ends is None:
            self._begin()
        if self._waiting or self._over():
            self._waiting[multi_handle, fd] = self._waiting.get((multi_handle, fd), 0) | events
        else:
            multi_handle.act(fd, events)

    def leave(self, multi_handle: MultiHandle, fd: int) -> None:
        """The socket is closed."""
        self._waiting.pop((multi_handle, fd), None)

    def _begin(self) -> None:
        self._ends = self._clock.monotonic() + _QUEUE_SECONDS
        self._loop.call_soon(self._next)

    def _over(self) -> bool:
        return self._ends is not None and self._clock.monotonic() >= self._ends

    def _next(self) -> None:
        """The next turn of the loop."""
        self._ends = None
        if self._waiting:
            self._begin()
        while self._waiting and not self._over():
            (multi_handle, fd), events = next(iter(self._waiting.items()))
            del self._waiting[multi_handle, fd]
            multi_handle.act(fd, events)


class MultiHandle:
    """One multi handle. Made inside the event loop that turns it; nothing of it is called from another thread.

    line: where the events of its sockets wait; None: libcurl acts at once.
    """

    def __init__(self, line: EventQueue | None = None) -> None:
        self._queue = line
        self._on_event = self.act if line is None else partial(line.act, self)
        self._loop = asyncio.get_running_loop()
        self._running: dict[pycurl.Curl, _HandleRun] = {}
        self._relays: dict[int, Relay] = {}
        self._readers: set[int] = set()  # sockets as the loop watches them: it takes long to say that it does not
        self._writers: set[int] = set()
        self._timer: asyncio.Handle | None = None
        self._multi = _multi()
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_NOTHING)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer_request)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket_request)

    async def perform(
        self, handle: pycurl.Curl, seconds: float, look: Callable[[float], bool], relay: Relay | None = None
    ) -> tuple[int, str]:
        """Run one prepared handle to its end: libcurl's code and message. The handle is free afterwards.

        look is called four times a second with the seconds gone, and at the deadline. When it says stop, or after so
        many seconds, the transfer is ended with OPERATION_TIMEDOUT. relay: the connection, if libcurl is to make none.
        """
        run = _HandleRun(self._loop.create_future(), self._loop.time(), seconds, look, relay)
        self._running[handle] = run
        run.guard = self._loop.call_later(min(_LOOK_SECONDS, seconds), self._look, handle, run)
        try:
            if relay is not None:
                relay.attach(handle, partial(self._opened, relay), self.act, partial(self._settle, handle))
            self._multi.add_handle(handle)
            if relay is not None:
                self.act(pycurl.SOCKET_TIMEOUT, 0)  # what libcurl says first leaves at once
                relay.begin()
            return await run.done
        finally:
            run.guard.cancel()
            if handle in self._running:  # cancelled, or refused by libcurl
                self._remove(handle)

    def _look(self, handle: pycurl.Curl, run: _HandleRun) -> None:
        if run.relay is not None:
            run.relay.poll()
            if handle not in self._running:
                return
        elapsed = self._loop.time() - run.began
        left = run.seconds - elapsed
        if run.look(elapsed) or left <= _TIMER_SECONDS:  # while the socket is still there
            self._settle(handle, OPERATION_TIMEDOUT, "")
        else:
            run.guard = self._loop.call_later(min(_LOOK_SECONDS, left), self._look, handle, run)

    def _settle(self, handle: pycurl.Curl, code: int, message: str) -> None:
        if handle not in self._running:
            return
        run = self._remove(handle)
        if not run.done.done():
            run.done.set_result((code, message))

    def _remove(self, handle: pycurl.Curl) -> _HandleRun:
        run = self._running.pop(handle)
        if run.relay is not None:
            run.relay.detach()
            self._relays.pop(run.relay.fd, None)
        self._multi.remove_handle(handle)
        return run

    def _opened(self, relay: Relay, fd: int, _purpose: int) -> int:
        self._relays[fd] = relay
        relay.start(fd)
        return int(pycurl.SOCKOPT_ALREADY_CONNECTED)

    def act(self, fd: int, events: int) -> None:
        """Let libcurl act on a socket; what is over then is settled."""
        _, running = self._multi.socket_action(fd, events)
        if running < len(self._running):
            self._drain()

    def _drain(self) -> None:
        left = 1
        while left:
            left, good, bad = self._multi.info_read()
            for handle in good:
                self._settle(handle, 0, "")
            for handle, code, message in bad:
                self._settle(handle, code, message)

    def _on_timer(self) -> None:
        self._timer = None
        self._on_event(pycurl.SOCKET_TIMEOUT, 0)

    def _on_timer_request(self, milliseconds: int) -> int:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if milliseconds == 0:
            self._timer = self._loop.call_soon(self._on_timer)
        elif milliseconds > 0:
            self._timer = self._loop.call_later(milliseconds / 1000, self._on_timer)
        return 0

    def _on_socket_request(self, what: int, fd: int, _multi: object, _data: object) -> None:
        if fd in self._relays:
            self._relays[fd].on_poll(what)
            return
        if what == pycurl.POLL_REMOVE and self._queue is not None:
            self._queue.leave(self, fd)
        if what in _READING:
            self._loop.add_reader(fd, self._on_event, fd, pycurl.CSELECT_IN)
            self._readers.add(fd)
        elif fd in self._readers:
            self._loop.remove_reader(fd)
            self._readers.remove(fd)
        if what in _WRITING:
            self._loop.add_writer(fd, self._on_event, fd, pycurl.CSELECT_OUT)
            self._writers.add(fd)
        elif fd in self._writers:
            self._loop.remove_writer(fd)
            self._writers.remove(fd)

    def close(self) -> None:
        for handle in list(self._running):
            self._remove(handle).done.cancel()
        if self._timer is not None:
            self._timer.cancel()
        if self._queue is not None:
            self._queue.leave(self, pycurl.SOCKET_TIMEOUT)
        self._multi.close()


def _multi() -> pycurl.CurlMulti:
    """Raises OSError where no descriptors are left: each has two, to be woken up by."""
    try:
        return pycurl.CurlMulti()
    except pycurl.error as error:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE)) from error


class CleartextHandles:
    """Transfers in clear text, each on a wheel of its own: at an event libcurl reads on in all that have more to read.

    Wheels that are free wait for the next transfer.
    """

    def __init__(self, clock: Clock) -> None:
        self._queue = EventQueue(clock)
        self._running: set[MultiHandle] = set()
        self._idle: list[MultiHandle] = []

    async def perform(self, handle: pycurl.Curl, seconds: float, look: Callable[[float], bool]) -> tuple[int, str]:
        """As MultiHandle.perform."""
        multi_handle = self._idle.pop() if self._idle else MultiHandle(self._queue)
        self._running.add(multi_handle)
        try:
            return await multi_handle.perform(handle, seconds, look)
        finally:
            if multi_handle in self._running:  # else all is closed
                self._running.remove(multi_handle)
                self._release(multi_handle)

    def _release(self, multi_handle: MultiHandle) -> None:
        if len(self._idle) < _MAX_IDLE:
            self._idle.append(multi_handle)
        else:
            multi_handle.close()

    def close(self) -> None:
        for multi_handle in (*self._running, *self._idle):
            multi_handle.close()
        self._running.clear()
        self._idle.clear()


def tcp_facts(fd: int) -> tuple[float, int]:
    """The round trip (0 when not connected) of a TCP socket that libcurl owns, and the bytes the kernel took in."""
    if fd < 0:
        return 0.0, 0
    try:
        with socket.socket(fileno=os.dup(fd)) as twin:
            info = twin.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    except OSError:  # gone already
        return 0.0, 0
    state, microseconds, received = _TCP_INFO.unpack(info)
    return (microseconds / 1e6 if state in _CONNECTED_STATES else 0.0), received


def socket_errno(address: str) -> int:
    """Why no socket can be made for a numeric address just now; 0 if one can. libcurl does not say."""
    try:
        socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM).close()
    except OSError as error:
        return error.errno or 0
    return 0
