"""Datagram sockets of the probes: addresses, how a shared one is opened, what the entries of an error queue mean."""

from __future__ import annotations

import errno
import os
import socket
import struct

from agent.model import Reason
from agent.probes.errnos import classify

SO_TIMESTAMPNS = 35  # asm-generic/socket.h
_SO_RCVBUFFORCE = 33
IP_RECVERR = 11  # linux/in.h
IPV6_RECVERR = 25  # linux/in6.h
_TIMESPEC = struct.Struct("qq")
EXTENDED_ERROR = struct.Struct("=IBBBBII")  # struct sock_extended_err, linux/errqueue.h
_ORIGIN_ICMP, _ORIGIN_ICMP6 = 2, 3
_RECEIVE_BUFFER = 8 * 1024 * 1024

# what the kernel makes of ICMP errors: icmp_err_convert in net/ipv4/icmp.c, icmpv6_err_convert in net/ipv6/icmp.c
_OF_ICMP = frozenset(
    (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENONET, errno.ENOPROTOOPT,
     errno.EMSGSIZE, errno.EOPNOTSUPP, errno.EPROTO, errno.EACCES)
)  # fmt: skip

SocketAddress = tuple[str, int] | tuple[str, int, int, int]


def reason_of_error(number: int, origin: int, kind: int, code: int) -> Reason | None:
    """What an entry of the error queue says; None for what is no verdict (RFC 792, RFC 1812 5.2.7, RFC 4443)."""
    if origin == _ORIGIN_ICMP:
        if kind == 3:
            if code == 4:
                return None  # fragmentation needed: the kernel does it on the next send
            return {3: Reason.REFUSED}.get(code, Reason.PROHIBITED if code in (9, 10, 13) else Reason.UNREACHABLE)
        return Reason.TTL_EXCEEDED if kind == 11 else None
    if origin == _ORIGIN_ICMP6:
        if kind == 1:
            return {4: Reason.REFUSED}.get(code, Reason.PROHIBITED if code in (1, 5, 6) else Reason.UNREACHABLE)
        return Reason.TTL_EXCEEDED if kind == 3 else None
    return classify(OSError(number, os.strerror(number)))


def open_socket(family: int, source: str) -> socket.socket:
    """A datagram socket with kernel time stamps, an error queue and a big buffer; OSError if it cannot be had."""
    opened = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        try:
            opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _RECEIVE_BUFFER)
        except PermissionError:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
        else:
            opened.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        opened.bind(socket_address(source, 0)[1] if source else ("", 0))
    except OSError:
        opened.close()
        raise
    return opened


def socket_address(address: str, port: int) -> tuple[int, SocketAddress]:
    """Numeric address to family and socket address; keeps the zone of a link-local one."""
    if ":" not in address:
        return socket.AF_INET, (address, port)
    resolved = socket.getaddrinfo(address, port, socket.AF_INET6, socket.SOCK_DGRAM, 0, socket.AI_NUMERICHOST)
    host, number, flow, scope = resolved[0][4]  # type: ignore[misc]  # four fields for AF_INET6
    return socket.AF_INET6, (str(host), number, int(flow), int(scope))


def receive_stamp_wall_ns(ancillary: list[tuple[int, int, bytes]]) -> int:
    """The kernel's receive time of a datagram in wall nanoseconds, 0 without one."""
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = _TIMESPEC.unpack(data)
            return int(seconds * 1_000_000_000 + nanoseconds)
    return 0


def rtt_seconds(sent_wall_ns: int, received_wall_ns: int, passed_seconds: float) -> float:
    """By the kernel's receive stamp, if that lies within what the monotonic clock saw pass; else what passed."""
    stamped = (received_wall_ns - sent_wall_ns) / 1e9
    return stamped if received_wall_ns and 0 <= stamped <= passed_seconds else passed_seconds


def unsent(error: OSError, destination: SocketAddress) -> Reason | None:
    """Why the kernel does not send from a shared socket; None if ICMP may have left the error there about others."""
    if error.errno not in _OF_ICMP:
        return classify(error)
    try:
        local_address(destination)
    except OSError as routing:
        return classify(routing)
    return None


def local_address(destination: SocketAddress) -> str:
    """The address that packets to a destination leave from; asks the routing table, sends nothing."""
    family = socket.AF_INET6 if ":" in destination[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as route:
        route.connect(destination)
        return str(route.getsockname()[0]).partition("%")[0]
