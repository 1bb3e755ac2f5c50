"""Between a TLS server and libcurl: a socket pair, in which libcurl finds no more to read than it was handed.

OpenSSL reads on, inside one call, as long as records come that carry nothing for the application (key updates, tickets,
empty ones), and a server can send those without end. Here each turn of the event loop hands on one piece, and too many
pieces that bring nothing end the transfer.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import socket
import termios
from collections.abc import Callable
from typing import Protocol

import pycurl

RECV_ERROR = 56  # CURLcode, curl/curl.h
_AGAIN_SECONDS = 0.005  # until libcurl is asked once more to read what it has left
_PIECE = 16 * 1024
_SILENT_PIECE = 4 * 1024  # while nothing of HTTP comes: 150 key updates, 2 ms
_MAX_SILENT = 64 * 1024  # bytes; eight session tickets or a long chain are 16 KiB
_MAX_OUTGOING = 64 * 1024
_NOTHING = bytes(4)  # an int, as TIOCOUTQ fills it in


class TransferObserver(Protocol):
    """Who sees what an exchange brings."""

    @property
    def http_bytes(self) -> int:
        """Bytes of HTTP so far: of heads, and of the body as it came."""

    @property
    def asked(self) -> bool:
        """Whether libcurl has told all there is to tell of TLS."""

    def on_sent(self, piece: bytes) -> None:
        """What leaves, from the start of a record of TLS."""

    def fall_silent(self) -> None:
        """Far too much came that is nothing of HTTP."""


class Relay:
    """Owns the connected TCP socket and the pair: close() it. Made inside the event loop that turns it.

    fd: libcurl's end, -1 until it has it. lost: why the connection broke, if it did. again: libcurl wants another one,
    since the server asks for HTTP/1.1.
    """

    __slots__ = (
        "_act",
        "_attached",
        "_given",
        "_handle",
        "_http_bytes",
        "_inside",
        "_loop",
        "_outgoing",
        "_over",
        "_received",
        "_settle",
        "_silent",
        "_sock",
        "_speaking",
        "_verbose",
        "_wants_out",
        "_watch",
        "again",
        "fd",
        "lost",
    )  # fmt: skip

    def __init__(self, sock: socket.socket, watch: TransferObserver) -> None:
        """Raises OSError where there are no descriptors left; sock is the caller's then."""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as libcurl does: a request waits for no ACK
        self._inside, self._given = socket.socketpair(type=socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self._loop = asyncio.get_running_loop()
        self._sock, self._watch = sock, watch
        self.again = self._attached = self._over = self._speaking = self._verbose = self._wants_out = False
        self._received = self._silent = self._http_bytes = 0  # bytes; silent: of pieces that brought nothing of HTTP
        self._outgoing = b""
        self.fd = -1
        self.lost: OSError | None = None

    def close(self) -> None:
        """What libcurl said at last, an alert perhaps, still leaves if it can."""
        self.send()
        for sock in (self._inside, self._given, self._sock):
            sock.close()

    def attach(
        self,
        handle: pycurl.Curl,
        opened: Callable[[int, int], int],
        act: Callable[[int, int], None],
        settle: Callable[[int, str], None],
    ) -> None:
        """Make libcurl take its end of the pair for the connection that it is to make; opened calls start().

        act: let libcurl act on its end. settle: end the transfer with a code and a message.
        """
        self._act, self._settle, self._attached, self._handle = act, settle, True, handle
        handle.setopt(pycurl.OPENSOCKETFUNCTION, self._give)
        handle.setopt(pycurl.SOCKOPTFUNCTION, opened)

    def _give(self, _purpose: int, _address: object) -> socket.socket | int:
        """Pycurl copies the descriptor."""
        self.again = self.fd >= 0
        return int(pycurl.SOCKET_BAD) if self.again else self._given

    def start(self, fd: int) -> None:
        """Libcurl has its end."""
        self.fd = fd
        self._given.close()
        self._loop.add_reader(self._sock.fileno(), self._receive)
        self._loop.add_reader(self._inside.fileno(), self.send)

    def begin(self) -> None:
        """Pass on at once what libcurl says first. From now until the request it tells what TLS is like.

        Had it been to tell before, it would tell each record as well: fifty calls a run.
        """
        self.send()
        self._set_verbose(True)

    def _set_verbose(self, verbose: bool) -> None:
        self._verbose = verbose
        self._handle.setopt(pycurl.VERBOSE, int(verbose))

    def detach(self) -> None:
        """The transfer is over; libcurl may still have something to send."""
        self._attached = False
        for fd in (self._sock.fileno(), self._inside.fileno()) if self.fd >= 0 else ():
            self._loop.remove_reader(fd)
        if self._outgoing:
            self._loop.remove_writer(self._sock.fileno())

    # From the server

    def poll(self) -> None:
        """Notice what the loop does not say: uvloop forgets a descriptor after an error on it."""
        if self._attached and self.fd >= 0 and not self._over and not self._unread:
            self._receive()

    def _receive(self) -> None:
        try:
            piece = self._sock.recv(_PIECE if self._speaking else _SILENT_PIECE)
        except BlockingIOError:
            return
        except OSError as error:
            self.lost = self.lost or error
            piece = b""
        if piece:
            self._received += len(piece)
            with contextlib.suppress(BrokenPipeError):  # libcurl has closed its end
                self._inside.send(piece)  # the pair is empty, and has room for more
        elif self._end():
            return
        self._hand(len(piece))

    def _end(self) -> bool:
        """The stream is over; whether that ends the transfer. A mere end is libcurl's to judge."""
        self._over = True
        self._loop.remove_reader(self._sock.fileno())
        if self.lost is not None:
            self._settle(RECV_ERROR, os.strerror(self.lost.errno or 0))
            return True
        self._inside.shutdown(socket.SHUT_WR)
        return False

    def _hand(self, came: int) -> None:
        """Let libcurl read what the pair holds; the next piece waits until it has."""
        self._act(self.fd, pycurl.CSELECT_IN)
        if not self._attached:
            return
        self.send()
        if self._verbose and self._watch.asked:
            self._set_verbose(False)
        self._weigh(came)
        if self._attached and self._unread:
            self._loop.remove_reader(self._sock.fileno())
            self._loop.call_later(_AGAIN_SECONDS, self._hand_rest)

    @property
    def _unread(self) -> bool:
        """Whether libcurl has left something of the last piece."""
        return fcntl.ioctl(self._inside, termios.TIOCOUTQ, _NOTHING) != _NOTHING

    def _hand_rest(self) -> None:
        if not self._attached:
            return
        if not self._over:
            self._loop.add_reader(self._sock.fileno(), self._receive)
        self._hand(0)

    def _weigh(self, came: int) -> None:
        """End a transfer in which too much brought nothing, beside what the rest brought."""
        progress = self._watch.http_bytes
        self._speaking, self._http_bytes = progress > self._http_bytes, progress
        if self._speaking:
            return
        self._silent += came
        if self._silent - progress > _MAX_SILENT:
            self._watch.fall_silent()
            self._settle(pycurl.E_OPERATION_TIMEDOUT, "")

    # From libcurl

    def on_poll(self, what: int) -> None:
        """What libcurl would do next with its end; it may always read."""
        self._wants_out = what in (pycurl.POLL_OUT, pycurl.POLL_INOUT)
        if self._wants_out:
            self._loop.call_soon(self._write)

    def _write(self) -> None:
        """Let libcurl write as long as it wants to and TCP takes it."""
        if self._attached and self._wants_out and not self._outgoing:
            self._act(self.fd, pycurl.CSELECT_OUT)
            self._loop.call_soon(self._write)

    def send(self) -> None:
        """Pass on what libcurl wrote, as much as TCP takes; the rest when it has room."""
        more = True
        while self.lost is None:
            try:
                if not self._outgoing:
                    self._outgoing = self._inside.recv(_MAX_OUTGOING)
                    more = len(self._outgoing) == _MAX_OUTGOING  # else the pair is empty
                    self._watch.on_sent(self._outgoing)
                if not self._outgoing:
                    break
            except OSError:  # nothing there
                return
            try:
                self._outgoing = self._outgoing[self._sock.send(self._outgoing) :]
            except BlockingIOError:
                self._wait_for_room()
                return
            except OSError as error:  # what came before it, an alert perhaps, is still to be read
                self.lost, self._outgoing = error, b""
            if not more and not self._outgoing and self.lost is None:
                return
        if self._attached:  # libcurl has closed its end, or nobody takes what it says
            self._loop.remove_reader(self._inside.fileno())

    def _wait_for_room(self) -> None:
        if self._attached:
            self._loop.remove_reader(self._inside.fileno())
            self._loop.add_writer(self._sock.fileno(), self._send_rest)

    def _send_rest(self) -> None:
        self._loop.remove_writer(self._sock.fileno())
        self._loop.add_reader(self._inside.fileno(), self.send)
        self.send()
        self._write()
