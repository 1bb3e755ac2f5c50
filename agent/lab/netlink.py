"""Four rtnetlink messages (RFC 3549, rtnetlink(7)), for the loopback device of a network namespace of our own.

By hand because all of them are fixed structs for one device. The library for it, pyroute2, is 241 files and larger than
the whole lab, would be installed with every agent, and is needed nowhere else; calling ip(8) would need iproute2 on the
machine and milliseconds for each of 100 addresses.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from ipaddress import IPv4Address, IPv4Network

_NETLINK_ROUTE = 0
_NEWLINK, _NEWADDR, _DELADDR, _NEWROUTE = 16, 20, 21, 24
_ERROR = 2
_REQUEST, _ACK, _REPLACE, _CREATE = 0x1, 0x4, 0x100, 0x400
_HEADER = struct.Struct("=IHHII")  # struct nlmsghdr: length, type, flags, sequence, port
_LINK = struct.Struct("=BxHiII")  # struct ifinfomsg: family, type, index, flags, change mask
_ADDRESS = struct.Struct("=BBBBi")  # struct ifaddrmsg: family, prefix length, flags, scope, index
_ROUTE = struct.Struct("=BBBBBBBBI")  # struct rtmsg: family, dst len, src len, tos, table, protocol, scope, type, flags
_IFF_UP = 1
_SCOPE_LINK, _SCOPE_HOST = 253, 254
_TABLE_MAIN, _PROTOCOL_STATIC, _TYPE_UNICAST = 254, 4, 1
_LOCAL, _DESTINATION, _OUTPUT = 2, 1, 4  # IFA_LOCAL, RTA_DST, RTA_OIF
_ANSWER_SECONDS = 5.0


class Loopback:
    """The device ``lo`` of the network namespace this object was made in; needs CAP_NET_ADMIN there.

    Every method raises OSError with the kernel's errno when the kernel refuses.
    """

    def __init__(self) -> None:
        self._index = socket.if_nametoindex("lo")
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_ROUTE)
        self._socket.settimeout(_ANSWER_SECONDS)
        self._sequence = 0

    def close(self) -> None:
        self._socket.close()

    def up(self) -> None:
        """Bring the device up; the kernel then gives it 127.0.0.1/8 by itself."""
        self._request(_NEWLINK, 0, _LINK.pack(socket.AF_UNSPEC, 0, self._index, _IFF_UP, _IFF_UP))

    def add(self, address: IPv4Address) -> None:
        """Add the address, unless it is there already."""
        try:
            self._request(_NEWADDR, _CREATE, self._address_message(address, 32))
        except FileExistsError:
            return

    def remove(self, address: IPv4Address, prefix: int = 32) -> None:
        """Remove the address, if it is there."""
        try:
            self._request(_DELADDR, 0, self._address_message(address, prefix))
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise

    def route(self, network: IPv4Network) -> None:
        """Route the network to the device: an address that nobody has is then silent instead of an error."""
        fixed = (socket.AF_INET, network.prefixlen, 0, 0, _TABLE_MAIN, _PROTOCOL_STATIC, _SCOPE_LINK, _TYPE_UNICAST, 0)
        attributes = _attribute(_DESTINATION, network.network_address.packed)
        attributes += _attribute(_OUTPUT, struct.pack("=i", self._index))
        self._request(_NEWROUTE, _CREATE | _REPLACE, _ROUTE.pack(*fixed) + attributes)

    def _address_message(self, address: IPv4Address, prefix: int) -> bytes:
        fixed = _ADDRESS.pack(socket.AF_INET, prefix, 0, _SCOPE_HOST, self._index)
        return fixed + _attribute(_LOCAL, address.packed)

    def _request(self, kind: int, flags: int, body: bytes) -> None:
        self._sequence += 1
        flags |= _REQUEST | _ACK
        header = _HEADER.pack(_HEADER.size + len(body), kind, flags, self._sequence, 0)
        self._socket.sendto(header + body, (0, 0))
        answer = self._socket.recv(65536)
        _, answered, _, sequence, _ = _HEADER.unpack_from(answer)
        if answered != _ERROR or sequence != self._sequence:
            raise OSError(errno.EPROTO, os.strerror(errno.EPROTO))
        (code,) = struct.unpack_from("=i", answer, _HEADER.size)
        if code:
            raise OSError(-code, os.strerror(-code))


def _attribute(kind: int, value: bytes) -> bytes:
    """A struct rtattr: length (without padding), type, value, padded to four bytes."""
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)
