"""Names to addresses, once for all probes: a TTL-bound cache, and the last good address when it fails."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from agent.model import Reason, ReasonCode
from agent.probes.address import Host, is_unicast
from agent.text import Text

_KEPT = 65_536  # numeric hosts; each is read once for all of its runs
_NO_ZONE = Text(
    "địa chỉ link-local phải ghi kèm tên cổng mạng của máy này", "a link-local address without its interface"
)
_OTHER_FAMILY = {
    4: (
        Text("địa chỉ IPv4, nhưng mô-đun chỉ dùng IPv6", "an IPv4 address, but the module uses IPv6 alone"),
        Text(
            "family: ip4 trong mô-đun, source không là IPv6",
            "family: ip4 in the module, and no source of the other version",
        ),
    ),
    6: (
        Text("địa chỉ IPv6, nhưng mô-đun chỉ dùng IPv4", "an IPv6 address, but the module uses IPv4 alone"),
        Text(
            "family: ip6 trong mô-đun, source không là IPv4",
            "family: ip6 in the module, and no source of the other version",
        ),
    ),
}
"""By the version of an address that the module cannot use: what is wrong, and what would be right."""


class IpFamily(StrEnum):
    """Which address family to use: one only, or one first and the other as a fallback."""

    IP4 = "ip4"
    IP6 = "ip6"
    PREFER_IP4 = "prefer_ip4"
    PREFER_IP6 = "prefer_ip6"

    def admits(self, version: int) -> bool:
        """Whether an address of this IP version may be used at all."""
        return self is not (IpFamily.IP6 if version == 4 else IpFamily.IP4)

    def of_source(self, source: object) -> IpFamily:
        """The family to resolve for: that of the source address where one is given (None or "" is none)."""
        if not source or not self.admits(6 if ":" in str(source) else 4):
            return self
        return IpFamily.IP6 if ":" in str(source) else IpFamily.IP4


@dataclass(frozen=True, slots=True)
class Resolved:
    """A numeric address; stale when it is the last good one and the resolver is failing; took_seconds spent asking."""

    address: str
    stale: bool
    took_seconds: float


@dataclass(frozen=True, slots=True)
class Unresolved:
    """No address: NAME_NOT_FOUND or NO_ADDRESS (a failed run), RESOLVER_FAILED or LOCAL_ERROR (a local fault)."""

    reason: ReasonCode
    detail: str


class Resolver(Protocol):
    """What probes ask. A numeric host comes back at once, unasked."""

    async def resolve(self, host: str, family: IpFamily, deadline: float) -> Resolved | Unresolved:
        """One address of host, by deadline (an instant of the clock's monotonic())."""


def mismatch(host: Host, family: IpFamily) -> tuple[Text, Text] | None:
    """None, or what is wrong with a numeric host and what would be right: of another family, without its zone."""
    if host.version == 6 and not host.zone and ipaddress.IPv6Address(host.name).is_link_local:
        right = f"{host.name}%eth0"
        return _NO_ZONE, Text(right, right)
    if not host.version or family.admits(host.version):
        return None
    return _OTHER_FAMILY[host.version]


def numeric(text: str, family: IpFamily) -> Resolved | Unresolved | None:
    """What needs no asking: a numeric host of the family, or why it cannot be used; None for a name."""
    address = _address_in(text)
    if address is None:
        return None
    return usable(address, family, text) if address.is_link_local else _always_usable(address, family, text)


@lru_cache(maxsize=_KEPT)
def _address_in(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


@lru_cache(maxsize=_KEPT)
def _always_usable(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, family: IpFamily, host: str
) -> Resolved | Unresolved:
    """Of what does not hang on the interfaces that there are."""
    return usable(address, family, host)


def usable(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, family: IpFamily, host: str, took_seconds: float = 0.0
) -> Resolved | Unresolved:
    """The address as sockets take it, unless none can reach one machine by it. host is whose address it is."""
    address = getattr(address, "ipv4_mapped", None) or address
    if not family.admits(address.version):
        return Unresolved(Reason.NO_ADDRESS, f"{host} is an IPv{address.version} address, the family is {family}")
    if not is_unicast(address):
        return Unresolved(Reason.NO_ADDRESS, f"{host} is {address}, which is no address of one other machine")
    if isinstance(address, ipaddress.IPv6Address) and address.is_link_local:
        return _over_an_interface(address)
    return Resolved(str(address), stale=False, took_seconds=took_seconds)


def _over_an_interface(address: ipaddress.IPv6Address) -> Resolved | Unresolved:
    """A link-local address with the name of its interface, also where it was given by number."""
    zone = address.scope_id
    if not zone:
        detail = f"{address} is a link-local address: say over which interface, as {address}%eth0"
        return Unresolved(Reason.LOCAL_ERROR, detail)
    name = next((name for index, name in socket.if_nameindex() if zone in (name, str(index))), "")
    if not name:
        detail = f"{address}: this machine has no interface {zone} (ip link shows those it has)"
        return Unresolved(Reason.LOCAL_ERROR, detail)
    return Resolved(f"{str(address).partition('%')[0]}%{name}", stale=False, took_seconds=0.0)
