"""The resolver of all probes: c-ares (aiodns) underneath, a bounded cache and the last good addresses above.

A name that does not exist is the target's fault; a resolver that does not answer is ours, and for up to a day the
last good address stands in, flagged stale. /etc/hosts and resolv.conf are read by c-ares.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

import aiodns
import pycares

from agent.clock import Clock
from agent.model import Reason
from agent.probes.resolver import Family, Resolved, Unresolved

MIN_TTL_SECONDS = 5.0
MAX_TTL_SECONDS = 3600.0
NOT_FOUND_SECONDS = 5.0  # how long a name's absence is believed
FAILURE_SECONDS = 5.0  # how long a failing resolver is not asked again for the same name
LAST_GOOD_SECONDS = 24 * 3600.0
MAX_NAMES = 10_000
_QUERY_SECONDS = 2.0  # one attempt at one server, c-ares' default
_TRIES = 2
_PATIENCE_SECONDS = 1.0  # with a last good address in hand no run waits longer for a new one

_NOSORT = 1 << 7  # ARES_AI_NOSORT, ares.h: pycares does not name it
_ABSENT = frozenset({pycares.errno.ARES_ENOTFOUND, pycares.errno.ARES_ENODATA, pycares.errno.ARES_EBADNAME})
_ORDER = {
    Family.IP4: (socket.AF_INET,),
    Family.IP6: (socket.AF_INET6,),
    Family.PREFER_IP4: (socket.AF_INET, socket.AF_INET6),
    Family.PREFER_IP6: (socket.AF_INET6, socket.AF_INET),
}
T = TypeVar("T")
_Key = tuple[str, socket.AddressFamily]


class _Said(Enum):
    ADDRESS = auto()
    ABSENT = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was last said about one name in one family, and until when (monotonic) it stands."""

    said: _Said
    until: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Good:
    address: str
    at: float


class DnsResolver:
    """Implements agent.probes.resolver.Resolver; made inside the event loop, closed with close().

    nameservers ("address" or "address:port") replace those of resolv.conf, hosts_file says whether /etc/hosts counts.
    failing is whether the last query to end got no usable answer from any server; failures counts those.
    """

    def __init__(self, clock: Clock, nameservers: Sequence[str] = (), *, hosts_file: bool = True) -> None:
        self._clock = clock
        self._dns = aiodns.DNSResolver(
            nameservers=list(nameservers) or None,
            timeout=_QUERY_SECONDS,
            tries=_TRIES,
            lookups="fb" if hosts_file else "b",  # files, then DNS
        )
        self._answers: OrderedDict[_Key, _Answer] = OrderedDict()
        self._good: OrderedDict[_Key, _Good] = OrderedDict()
        self._flights: dict[_Key, asyncio.Task[_Answer]] = {}
        self.failing = False
        self.queries = 0
        self.failures = 0

    async def resolve(self, host: str, family: Family, deadline: float) -> Resolved | Unresolved:
        """One address of host, by deadline. PREFER_* fall back to the other family when the first has no address."""
        if _is_numeric(host):
            return Resolved(host, stale=False, took_seconds=0.0)
        began = self._clock.monotonic()
        detail = "no address"
        for each in _ORDER[family]:
            key = (host.rstrip(".").lower(), each)
            answer = await self._answer(key, deadline)
            if answer.said is not _Said.ABSENT:
                return self._found(key, answer, began)
            detail = answer.detail
        return Unresolved(Reason.NAME_NOT_FOUND, f"{host}: {detail}")

    async def close(self) -> None:
        """Cancel what is under way and give the sockets back."""
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        await self._dns.close()

    def _found(self, key: _Key, answer: _Answer, began: float) -> Resolved | Unresolved:
        good = self._last_good(key)
        took = self._clock.monotonic() - began
        if good is not None:
            return Resolved(good.address, stale=answer.said is _Said.FAILED, took_seconds=took)
        return Unresolved(Reason.RESOLVER_FAILED, f"{key[0]}: {answer.detail}")

    def _last_good(self, key: _Key) -> _Good | None:
        good = self._good.get(key)
        return good if good and self._clock.monotonic() - good.at <= LAST_GOOD_SECONDS else None

    async def _answer(self, key: _Key, deadline: float) -> _Answer:
        known = self._answers.get(key)
        now = self._clock.monotonic()
        if known is not None and now < known.until:
            return known
        flight = self._flights.get(key) or self._start(key)
        wait = max(0.0, deadline - now)
        if self._last_good(key) is not None:
            wait = min(wait / 2, _PATIENCE_SECONDS)  # leave the probe its time; the flight goes on for the next run
        await asyncio.wait({flight}, timeout=wait)
        if flight.done() and not flight.cancelled():
            return flight.result()
        return _Answer(_Said.FAILED, now, "no answer in time")

    def _start(self, key: _Key) -> asyncio.Task[_Answer]:
        flight = asyncio.get_running_loop().create_task(self._ask(key), name=f"resolve {key[0]}")
        self._flights[key] = flight
        flight.add_done_callback(lambda _: self._flights.pop(key, None))
        return flight

    async def _ask(self, key: _Key) -> _Answer:
        self.queries += 1
        try:
            found = await self._dns.getaddrinfo(_ascii(key[0]), family=key[1], type=socket.SOCK_STREAM, flags=_NOSORT)
        except aiodns.error.DNSError as error:
            return self._keep(key, self._refused(error))
        except UnicodeError:
            return self._keep(key, _Answer(_Said.ABSENT, self._until(NOT_FOUND_SECONDS), "not a host name"))
        addresses = [(node.addr[0].decode("ascii"), float(node.ttl)) for node in found.nodes]
        if not addresses:
            return self._keep(key, _Answer(_Said.ABSENT, self._until(NOT_FOUND_SECONDS), "no address"))
        return self._keep(key, self._taken(key, addresses))

    def _taken(self, key: _Key, addresses: list[tuple[str, float]]) -> _Answer:
        """Keep to the address in use while it is among those given: a rotating answer must not look like a move."""
        self.failing = False
        before = self._good.get(key)
        offered = [address for address, _ in addresses]
        address = before.address if before and before.address in offered else offered[0]
        _put(self._good, key, _Good(address, self._clock.monotonic()))
        lifetime = min(ttl for _, ttl in addresses)
        return _Answer(_Said.ADDRESS, self._until(min(max(lifetime, MIN_TTL_SECONDS), MAX_TTL_SECONDS)))

    def _refused(self, error: aiodns.error.DNSError) -> _Answer:
        code, detail = (*error.args, "", "")[:2]
        if code in _ABSENT:
            self.failing = False
            return _Answer(_Said.ABSENT, self._until(NOT_FOUND_SECONDS), str(detail))
        self.failing = True
        self.failures += 1
        return _Answer(_Said.FAILED, self._until(FAILURE_SECONDS), str(detail))

    def _keep(self, key: _Key, answer: _Answer) -> _Answer:
        _put(self._answers, key, answer)
        return answer

    def _until(self, seconds: float) -> float:
        return self._clock.monotonic() + seconds


def _put(cache: OrderedDict[_Key, T], key: _Key, value: T) -> None:
    cache[key] = value
    cache.move_to_end(key)
    if len(cache) > MAX_NAMES:
        cache.popitem(last=False)


def _is_numeric(host: str) -> bool:
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        return True
    return False


def _ascii(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")
