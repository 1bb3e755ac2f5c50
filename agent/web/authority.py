"""The Host header (RFC 9110 7.2): an address or localhost with an optional port, and nothing else.

A page can have its own name resolve to any address, this machine's too (DNS rebinding), and what it fetches then
carries that name. It cannot have a number as its name. So a number of any machine is let through, and no name but
localhost, which browsers resolve themselves.
"""

from __future__ import annotations

import ipaddress
import re

LOCALHOST = "localhost"
_FORM = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<four>[0-9.]+)|(?P<name>localhost))(?::(?P<port>[1-9][0-9]{0,4}))?",
    re.IGNORECASE | re.ASCII,
)
_LAST_PORT = 65535


def host_of(authority: str) -> str | None:
    """The address as a number, or ``localhost``; None for what is neither of them with an optional port."""
    match = _FORM.fullmatch(authority)
    if match is None or int(match["port"] or 1) > _LAST_PORT:
        return None
    if match["name"]:
        return LOCALHOST
    try:
        return str(ipaddress.IPv6Address(match["six"]) if match["six"] else ipaddress.IPv4Address(match["four"]))
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether a number, also of an IPv4 address inside an IPv6 one, or ``localhost`` is this machine."""
    if host == LOCALHOST:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    inside = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (inside or address).is_loopback
