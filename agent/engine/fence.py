"""Which addresses a wish from outside may reach: judged as numbers once resolved, and pinned for one run."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from agent.model import Reason
from agent.probes.resolver import Family, Resolved, Resolver, Unresolved

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291 section 2.5.5.1, out of use


class Fence:
    """The networks of `probe_endpoint.allow`.

    A network that is not itself loopback or link-local opens no such address: 0.0.0.0/0 lets nobody at this machine
    or at a cloud's metadata. The unspecified address, multicast and broadcast are open to nobody.
    """

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = tuple(ipaddress.ip_network(network) for network in networks)

    def admits(self, text: str) -> bool:
        """Whether a numeric address lies inside; an IPv6 address that carries an IPv4 one is judged as that one."""
        try:
            address = _carried(ipaddress.ip_address(text))
        except ValueError:
            return False
        if getattr(address, "scope_id", None) or address.is_unspecified or address.is_multicast:
            return False
        if str(address) == "255.255.255.255":
            return False
        return any(_opens(network, address) for network in self._networks)


def _carried(address: Address) -> Address:
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour
    if inside is None and int(address) > 1 and (address in _NAT64 or address in _COMPATIBLE):
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address


def _opens(network: Network, address: Address) -> bool:
    if network.version != address.version or address not in network:
        return False
    return network.is_loopback == address.is_loopback and network.is_link_local == address.is_link_local


class PinnedNames:
    """The resolver of one run: every name is asked once, and an address outside the fence is never handed out.

    own is given for a target of the inventory: the first name asked, the target's own, is admitted wherever it leads,
    and so are these hosts, by their name or their address. refused says what the first refusal was about.
    """

    def __init__(self, names: Resolver, fence: Fence, own: frozenset[str] | None = None) -> None:
        self._names = names
        self._fence = fence
        self._own = own
        self._first = ""
        self._pinned: dict[tuple[str, Family], Resolved | Unresolved] = {}
        self.refused = ""
        self.took_seconds = 0.0

    @property
    def untouched(self) -> bool:
        """Whether no address was handed out, so that nothing can have been sent."""
        return not any(isinstance(found, Resolved) for found in self._pinned.values())

    async def resolve(self, host: str, family: Family, deadline: float) -> Resolved | Unresolved:
        """The address pinned for this run; REDIRECT_FORBIDDEN for one outside the fence."""
        key = (host.rstrip(".").lower(), family)
        self._first = self._first or key[0]
        if key not in self._pinned:
            found = await self._names.resolve(host, family, deadline)
            self._pinned[key] = self._judged(key[0], found)
            if isinstance(found, Resolved):
                self.took_seconds += found.took_seconds
        return self._pinned[key]

    def _judged(self, host: str, found: Resolved | Unresolved) -> Resolved | Unresolved:
        if isinstance(found, Unresolved) or self._is_own(host, found.address):
            return found
        if self._fence.admits(found.address):
            return Resolved(str(ipaddress.ip_address(found.address)), found.stale, found.took_seconds)
        self.refused = self.refused or f"{host} is {found.address}, outside probe_endpoint.allow"
        return Unresolved(Reason.REDIRECT_FORBIDDEN, self.refused)

    def _is_own(self, host: str, address: str) -> bool:
        return self._own is not None and (host == self._first or host in self._own or address in self._own)
