"""/etc/hosts, hosts(5), for the one kind of name that c-ares does not look for there: one with a dot at its end."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

_VERSION = {socket.AF_INET: 4, socket.AF_INET6: 6}


def addresses_in(text: str, name: str, family: socket.AddressFamily) -> list[IPv4Address | IPv6Address]:
    """The addresses of that family which the text gives the name, capitals or not, in its order. name: no dot ends it.

    A line that cannot be read is passed over, as the C library does.
    """
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    named = (words[0] for words in lines if name.casefold() in (word.casefold() for word in words[1:]))
    return [address for address in map(_address, named) if address and address.version == _VERSION[family]]


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
