"""Which addresses a request from outside may reach: judged as numbers once resolved, and pinned for one run."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from agent.model import Reason
from agent.probes.resolver import IpFamily, Resolved, Resolver, Unresolved

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_TAILS = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "::ffff:0:0/96",  # IPv4-mapped, RFC 4291 section 2.5.5.2
        "::ffff:0:0:0/96",  # IPv4-translated, RFC 2765
        "::/96",  # IPv4-compatible, RFC 4291 section 2.5.5.1, out of use
        "64:ff9b::/96",  # NAT64, RFC 6052
    )
)
"""Networks in which the last 32 bits are an IPv4 address."""
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215
_PLACES = ((6, 7, 9, 10), (7, 9, 10, 11), (9, 10, 11, 12), (12, 13, 14, 15))
"""The bytes that hold the IPv4 address behind a prefix of 48, 56, 64 and 96 bits (RFC 6052 section 2.2)."""
_ISATAP = (b"\0\0\x5e\xfe", b"\2\0\x5e\xfe")  # what stands before an IPv4 address, RFC 5214 section 6.1
_THIS_NETWORK = ipaddress.IPv4Network("0.0.0.0/8")
_RESERVED = ipaddress.IPv4Network("240.0.0.0/4")  # the limited broadcast is in it


class NetworkAllowlist:
    """The networks of `probe_endpoint.allow`.

    A network that is not itself loopback or link-local allows no such address: 0.0.0.0/0 opens neither this machine
    nor a cloud's metadata. The unspecified address, 0.0.0.0/8, 240.0.0.0/4 and multicast are never allowed.
    """

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = tuple(ipaddress.ip_network(network) for network in networks)

    def allows(self, text: str) -> bool:
        """True if a numeric address lies inside; an IPv6 address that carries IPv4 ones is judged as all of those."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        if getattr(address, "scope_id", None):
            return False
        return all(self._open(carried) for carried in _carried(address))

    def _open(self, address: Address) -> bool:
        if address.is_unspecified or address.is_multicast:
            return False
        if isinstance(address, ipaddress.IPv4Address) and (address in _THIS_NETWORK or address in _RESERVED):
            return False
        return any(_opens(network, address) for network in self._networks)


def _carried(address: Address) -> list[Address]:
    """The IPv4 addresses that a packet to this one may reach; the address itself where it carries none."""
    if not isinstance(address, ipaddress.IPv6Address) or int(address) <= 1:  # :: and ::1 are no IPv4-compatible ones
        return [address]
    if any(address in network for network in _TAILS):
        return [ipaddress.IPv4Address(address.packed[12:])]
    if address in _LOCAL_NAT64:
        return _translated(address.packed)
    if address.teredo is not None:  # the server, and the client behind it
        return list(address.teredo)
    tunnelled = [ipaddress.IPv4Address(address.packed[12:])] if address.packed[8:12] in _ISATAP else []
    return [address.sixtofour or address, *tunnelled]


def _translated(packed: bytes) -> list[Address]:
    """The IPv4 addresses that may be meant behind a local prefix of unknown length.

    A longer prefix counts where it adds a bit to what shorter ones read. 0.0.0.0/8 is the padding of another reading
    as long as there is one.
    """
    addresses: list[Address] = []
    for place, before in zip(_PLACES, (0, 11, 12, 13), strict=True):
        if not before or any(packed[before : place[-1] + 1]):
            addresses.append(ipaddress.IPv4Address(bytes(packed[index] for index in place)))
    return [address for address in addresses if address not in _THIS_NETWORK] or addresses


def _opens(network: Network, address: Address) -> bool:
    if network.version != address.version or address not in network:
        return False
    return network.is_loopback == address.is_loopback and network.is_link_local == address.is_link_local


class PinningResolver:
    """The resolver of one run: it looks every name up once, and never hands out an address outside the allowlist.

    trusted_hosts is given for a target of the inventory: the first name, the target's own, is allowed wherever it
    leads, and so are these hosts, by their name or their address. refused: the first refusal, "" without one.
    """

    def __init__(
        self, names: Resolver, allowlist: NetworkAllowlist, trusted_hosts: frozenset[str] | None = None
    ) -> None:
        self._names = names
        self._allowlist = allowlist
        self._trusted_hosts = trusted_hosts
        self._first = ""
        self._pinned: dict[tuple[str, IpFamily], Resolved | Unresolved] = {}
        self.refused = ""
        self.took_seconds = 0.0

    @property
    def nothing_resolved(self) -> bool:
        """True if no address was handed out, so that nothing can have been sent."""
        return not any(isinstance(answer, Resolved) for answer in self._pinned.values())

    async def resolve(self, host: str, family: IpFamily, deadline: float) -> Resolved | Unresolved:
        """The address pinned for this run; REDIRECT_FORBIDDEN for one outside the allowlist."""
        key = (host.rstrip(".").lower(), family)
        self._first = self._first or key[0]
        if key not in self._pinned:
            answer = await self._names.resolve(host, family, deadline)
            self._pinned[key] = self._checked(key[0], answer)
            if isinstance(answer, Resolved):
                self.took_seconds += answer.took_seconds
        return self._pinned[key]

    def _checked(self, host: str, answer: Resolved | Unresolved) -> Resolved | Unresolved:
        if isinstance(answer, Unresolved) or self._is_trusted(host, answer.address):
            return answer
        if self._allowlist.allows(answer.address):
            return Resolved(str(ipaddress.ip_address(answer.address)), answer.stale, answer.took_seconds)
        self.refused = self.refused or f"{host} is {answer.address}, outside probe_endpoint.allow"
        return Unresolved(Reason.REDIRECT_FORBIDDEN, self.refused)

    def _is_trusted(self, host: str, address: str) -> bool:
        return self._trusted_hosts is not None and (
            host == self._first or host in self._trusted_hosts or address in self._trusted_hosts
        )
