"""One ICMP socket: how it is opened, what it sends along with a packet, and what the kernel tells beside one.

Raw sockets see every ICMP packet of the machine, hence the filter; datagram sockets see their own identifier only
and hand ICMP errors over in the error queue (ip(7), IP_RECVERR). All numbers are Linux's.
"""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Callable, Sequence
from enum import StrEnum

from agent.probes.icmp.wire import V4, V6, Dialect, Quoted, quoted_request

Ancillary = Sequence[tuple[int, int, bytes]]

_RECEIVE_BYTES = 16 << 20
_SEND_BYTES = 4 << 20
_SO_SNDBUFFORCE, _SO_RCVBUFFORCE, _SO_TIMESTAMPNS = 32, 33, 35
_SOL_RAW, _ICMP_FILTER = 255, 1
_IP_TOS, _IP_TTL, _IP_PKTINFO, _IP_MTU_DISCOVER, _IP_RECVERR, _IP_RECVTTL = 1, 2, 8, 10, 11, 12
_PMTUDISC_DONT, _PMTUDISC_PROBE = 0, 3
_ICMP6_FILTER, _IPV6_MTU_DISCOVER, _IPV6_RECVERR = 1, 23, 25
_IPV6_PKTINFO, _IPV6_RECVHOPLIMIT, _IPV6_HOPLIMIT, _IPV6_DONTFRAG, _IPV6_TCLASS = 50, 51, 52, 62, 67
_MSG_ERRQUEUE = 0x2000
_FROM_ICMP = frozenset({2, 3})  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6
_TIMESPEC = struct.Struct("=qq")
_COUNT = struct.Struct("=I")
_INT = struct.Struct("=i")
_EXTENDED_ERROR = struct.Struct("=IBBBxII")  # struct sock_extended_err; the offender's address follows
_IDENT_ATTEMPTS = 16


class Mode(StrEnum):
    """How ICMP is sent: raw needs CAP_NET_RAW, datagram a group within net.ipv4.ping_group_range."""

    RAW = "raw"
    DATAGRAM = "datagram"


class Channel:
    """An open socket. ident is the identifier that the kernel puts into every request, None when we choose it.

    retired: a younger one has taken its place; it is closed when the last burst of its own has ended (pending is 0).
    """

    __slots__ = ("dialect", "fd", "headers", "ident", "mode", "opened_at", "pending", "retired", "socket")

    def __init__(self, sock: socket.socket, dialect: Dialect, mode: Mode, ident: int | None, opened_at: float) -> None:
        self.socket = sock
        self.fd = sock.fileno()
        self.dialect = dialect
        self.mode = mode
        self.ident = ident
        self.opened_at = opened_at
        self.headers = mode is Mode.RAW and dialect is V4
        self.pending = 0
        self.retired = False

    def sockaddr(self, address: str) -> tuple[str, int] | tuple[str, int, int, int]:
        """The socket address of a numeric address, spelt as the kernel spells it; OSError for an unknown zone."""
        if self.dialect is V4:
            return socket.inet_ntoa(socket.inet_aton(address)), 0
        host, _, zone = address.partition("%")
        scope = socket.if_nametoindex(zone) if zone else 0
        return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, host)), 0, 0, scope

    def send(self, packet: bytes, to: tuple[str, int] | tuple[str, int, int, int], control: Ancillary) -> None:
        """One packet; OSError says why not."""
        if control:
            self.socket.sendmsg((packet,), control, 0, to)
        else:
            self.socket.sendto(packet, to)

    def stamps(self, ancillary: Ancillary) -> tuple[int, int | None]:
        """Kernel receive time (ns, 0 without), hop limit."""
        stamp_ns, hop_limit = 0, None
        for _, kind, data in ancillary:  # the three kinds asked for differ across their levels
            if kind == _SO_TIMESTAMPNS:
                seconds, rest = _TIMESPEC.unpack(data)
                stamp_ns = seconds * 1_000_000_000 + rest
            elif kind in (_IP_TTL, _IPV6_HOPLIMIT):
                hop_limit = _INT.unpack(data)[0]
        return stamp_ns, hop_limit

    def next_error(self, into: Sequence[bytearray], awaited: Callable[[int], bool]) -> tuple[Quoted | None, str] | None:
        """The next entry of the error queue: what it quotes and the router; None at its end.

        Nothing is quoted (None) that is not ICMP's, or whose token nobody awaits.
        """
        try:
            size, ancillary, _, sender = self.socket.recvmsg_into(into, 512, _MSG_ERRQUEUE)
        except OSError:  # empty; an error without an entry is taken off so that the epoll falls silent
            if self.socket.fileno() >= 0:
                self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            return None
        for level, kind, data in ancillary:
            if (level, kind) in ((socket.IPPROTO_IP, _IP_RECVERR), (socket.IPPROTO_IPV6, _IPV6_RECVERR)):
                quoted = self._reported(data, sender[0], bytes(into[0][:size]))
                known = quoted is not None and awaited(quoted.token)
                return (quoted, self._offender(data)) if known else (None, "")
        return None, ""

    def _reported(self, report: bytes, destination: str, request: bytes) -> Quoted | None:
        _, origin, kind, code, _, _ = _EXTENDED_ERROR.unpack_from(report)
        return quoted_request(self.dialect, kind, code, destination, request) if origin in _FROM_ICMP else None

    def _offender(self, report: bytes) -> str:
        """Who sent the ICMP error."""
        offender = report[_EXTENDED_ERROR.size :]
        if self.dialect is V4:
            return socket.inet_ntop(socket.AF_INET, offender[4:8])
        return socket.inet_ntop(socket.AF_INET6, offender[8:24])


def control_messages(dialect: Dialect, source: str | None, ttl: int | None, tos: int | None) -> Ancillary:
    """What goes along with each packet so that a shared socket sends it with its own source, hop limit and class."""
    if source is None and ttl is None and tos is None:
        return ()
    messages = []
    if dialect is V4:
        if source is not None:
            messages.append((socket.IPPROTO_IP, _IP_PKTINFO, struct.pack("=i4s4x", 0, socket.inet_aton(source))))
        options = ((_IP_TTL, ttl), (_IP_TOS, tos))
        level = socket.IPPROTO_IP
    else:
        if source is not None:
            address = socket.inet_pton(socket.AF_INET6, source)
            messages.append((socket.IPPROTO_IPV6, _IPV6_PKTINFO, struct.pack("=16sI", address, 0)))
        options = ((_IPV6_HOPLIMIT, ttl), (_IPV6_TCLASS, tos))
        level = socket.IPPROTO_IPV6
    messages.extend((level, kind, _INT.pack(value)) for kind, value in options if value is not None)
    return messages


def local_source(address: str) -> bool:
    """Whether this machine has the address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((address, 0))
        except OSError:
            return False
    return True


def open_channel(
    version: int, dont_fragment: bool, modes: Sequence[Mode], now: float, draw: Callable[[int], bytes]
) -> Channel:
    """A socket of the first mode that is permitted; PermissionError when none is, else OSError."""
    dialect = V6 if version == 6 else V4
    refused = PermissionError(errno.EPERM, "neither raw nor datagram ICMP sockets are permitted")
    for mode in modes:
        try:
            sock = _open(dialect, mode)
        except PermissionError as error:
            refused = error
            continue
        try:
            ident = _configure(sock, dialect, mode, dont_fragment, draw)
        except OSError:
            sock.close()
            raise
        return Channel(sock, dialect, mode, ident, now)
    raise refused


def _open(dialect: Dialect, mode: Mode) -> socket.socket:
    family = socket.AF_INET if dialect is V4 else socket.AF_INET6
    kind = socket.SOCK_RAW if mode is Mode.RAW else socket.SOCK_DGRAM
    return socket.socket(family, kind | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, dialect.protocol)


def _configure(
    sock: socket.socket, dialect: Dialect, mode: Mode, dont_fragment: bool, draw: Callable[[int], bytes]
) -> int | None:
    _enlarge(sock, _SO_RCVBUFFORCE, socket.SO_RCVBUF, _RECEIVE_BYTES)
    _enlarge(sock, _SO_SNDBUFFORCE, socket.SO_SNDBUF, _SEND_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    if dialect is V4:
        # PROBE sets DF and forgets path MTUs learned before: each run asks the path anew; the default would set it too
        sock.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _PMTUDISC_PROBE if dont_fragment else _PMTUDISC_DONT)
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVHOPLIMIT, 1)
        if dont_fragment:
            sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_MTU_DISCOVER, _PMTUDISC_PROBE)
            sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_DONTFRAG, 1)
    if mode is Mode.RAW:
        _filter(sock, dialect)
        return None
    sock.setsockopt(*((socket.IPPROTO_IP, _IP_RECVERR) if dialect is V4 else (socket.IPPROTO_IPV6, _IPV6_RECVERR)), 1)
    return _bind_ident(sock, dialect, draw)


def _enlarge(sock: socket.socket, forced: int, option: int, size: int) -> None:
    try:
        sock.setsockopt(socket.SOL_SOCKET, forced, size)
    except PermissionError:  # the system's own limit (net.core.rmem_max) holds for us
        sock.setsockopt(socket.SOL_SOCKET, option, size)


def _filter(sock: socket.socket, dialect: Dialect) -> None:
    """Let through echo replies and errors only; a set bit means blocked."""
    mask = sum(1 << kind for kind in (dialect.reply, *dialect.errors))
    if dialect is V4:
        sock.setsockopt(_SOL_RAW, _ICMP_FILTER, _COUNT.pack(0xFFFF_FFFF & ~mask))
    else:
        blocked = ~mask & (1 << 256) - 1
        sock.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, blocked.to_bytes(32, "little"))


def _bind_ident(sock: socket.socket, dialect: Dialect, draw: Callable[[int], bytes]) -> int:
    """Take a random identifier: the kernel's own choice is the last one plus one."""
    anywhere = "0.0.0.0" if dialect is V4 else "::"
    for _ in range(_IDENT_ATTEMPTS):
        try:
            sock.bind((anywhere, int.from_bytes(draw(2), "big")))
            break
        except OSError:
            continue
    else:
        sock.bind((anywhere, 0))
    ident: int = sock.getsockname()[1]
    return ident
