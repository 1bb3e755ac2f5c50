"""The resolver of all probes: c-ares (aiodns) underneath, a bounded cache and the last good addresses above.

A name that does not exist is the target's fault; a resolver that does not answer is ours, and for up to a day the
last good address stands in, flagged stale. /etc/hosts and resolv.conf are read by c-ares, which notices changes in /etc
alone: where resolv.conf is a link, we look at the file behind it. Whether files go before DNS is for nsswitch.conf to
say: pycares would hand c-ares freed memory were it given ``lookups``.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import TypeVar

import aiodns
import pycares

from agent.clock import Clock
from agent.model import Reason
from agent.probes.address import AddressError, is_unicast, to_ascii
from agent.probes.hosts_file import addresses_in
from agent.probes.resolver import IpFamily, Resolved, Unresolved, numeric, usable
from agent.regular_file import read_regular

MIN_TTL_SECONDS = 5.0
MAX_TTL_SECONDS = 3600.0
NOT_FOUND_SECONDS = 5.0  # how long a name's absence is believed
FAILURE_SECONDS = 5.0  # how long a failing resolver is not asked again for the same name
LAST_GOOD_SECONDS = 24 * 3600.0
MAX_NAMES = 10_000
_QUERY_SECONDS = 2.0  # one attempt at one server, c-ares' default
_TRIES = 2
_PATIENCE_SECONDS = 1.0  # with a last good address in hand no run waits longer for a new one
_HEAD_START_SECONDS = 0.5  # of the preferred family before the other one is asked too
_LOOK_SECONDS = 1.0  # between two looks at the file behind resolv.conf
_RESOLV_CONF = Path("/etc/resolv.conf")
_HOSTS = Path("/etc/hosts")
_HOSTS_MOST_BYTES = 1 << 20

_NOSORT = 1 << 7  # ARES_AI_NOSORT, ares.h: pycares does not name it
_NO_SUCH_NAME = frozenset({pycares.errno.ARES_ENOTFOUND, pycares.errno.ARES_EBADNAME})
_ORDER = {
    IpFamily.IP4: (socket.AF_INET,),
    IpFamily.IP6: (socket.AF_INET6,),
    IpFamily.PREFER_IP4: (socket.AF_INET, socket.AF_INET6),
    IpFamily.PREFER_IP6: (socket.AF_INET6, socket.AF_INET),
}
T = TypeVar("T")
_Key = tuple[str, socket.AddressFamily]


class _AnswerKind(Enum):
    ADDRESS = auto()
    NO_ADDRESS = auto()  # the name exists, without an address of this family
    NO_NAME = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class _CachedAnswer:
    """The last answer about one name in one family. until: how long it stands (monotonic)."""

    kind: _AnswerKind
    until: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _LastGood:
    address: str
    at: float


class CachingResolver:
    """Implements agent.probes.resolver.Resolver; made inside the event loop, closed with close().

    nameservers ("address" or "address:port") replace those of resolv.conf.
    failing is whether the last query to end got no usable answer from any server; failures counts those.
    """

    def __init__(self, clock: Clock, nameservers: Sequence[str] = ()) -> None:
        self._clock = clock
        self._dns = aiodns.DNSResolver(
            nameservers=list(nameservers) or None,
            timeout=_QUERY_SECONDS,
            tries=_TRIES,
        )
        self._follows = not nameservers
        self._stamp = _stamp(_RESOLV_CONF)
        self._read_again = False
        self._looked_at = clock.monotonic()
        self._answers: OrderedDict[_Key, _CachedAnswer] = OrderedDict()
        self._good: OrderedDict[_Key, _LastGood] = OrderedDict()
        self._flights: dict[_Key, asyncio.Task[_CachedAnswer]] = {}
        self.failing = False
        self.queries = 0
        self.failures = 0

    async def resolve(self, host: str, family: IpFamily, deadline: float) -> Resolved | Unresolved:
        """One address of host, by deadline. PREFER_* use the other family when the first has no address or fails."""
        at_once = numeric(host, family)
        if at_once is not None:
            return at_once
        self._follow_resolv_conf()
        began = self._clock.monotonic()
        try:
            name = to_ascii(host)
        except AddressError as error:
            return Unresolved(Reason.NAME_NOT_FOUND, f"{host}: {error.wrong.en}")
        keys = [(name, address_family) for address_family in _ORDER[family]]
        resolution = self._resolution(keys, await self._lookup(keys, deadline), family)
        if isinstance(resolution, Resolved):
            return replace(resolution, took_seconds=self._clock.monotonic() - began)
        return resolution

    async def close(self) -> None:
        """Cancel what is under way and give the sockets back."""
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        await self._dns.close()

    def _resolution(
        self, keys: Sequence[_Key], answers: Sequence[_CachedAnswer], family: IpFamily
    ) -> Resolved | Unresolved:
        """The result of the answers: a fresh address of the first family that has one, else a last good one."""
        stale = any(answer.kind is _AnswerKind.FAILED for answer in answers)
        fresh = [key for key, answer in zip(keys, answers, strict=True) if answer.kind is _AnswerKind.ADDRESS]
        details = {answer.kind: answer.detail for answer in sorted(answers, key=lambda answer: bool(answer.detail))}
        if (
            not fresh and _AnswerKind.NO_NAME in details and _AnswerKind.NO_ADDRESS not in details
        ):  # holds for all families, RFC 8020
            return Unresolved(Reason.NAME_NOT_FOUND, f"{keys[0][0]}: {details[_AnswerKind.NO_NAME]}")
        for key in fresh or (keys if stale else ()):
            if (good := self._last_good(key)) is not None:
                resolution = usable(ipaddress.ip_address(good.address), family, key[0])
                return replace(resolution, stale=not fresh) if isinstance(resolution, Resolved) else resolution
        if stale or fresh:
            return Unresolved(
                Reason.RESOLVER_FAILED, f"{keys[0][0]}: {details.get(_AnswerKind.FAILED, 'no address kept')}"
            )
        families = " or ".join("IPv4" if key[1] is socket.AF_INET else "IPv6" for key in keys)
        detail = details.get(_AnswerKind.NO_ADDRESS) or f"the name exists, but has no {families} address"
        return Unresolved(Reason.NO_ADDRESS, f"{keys[0][0]}: {detail}")

    def _last_good(self, key: _Key) -> _LastGood | None:
        good = self._good.get(key)
        return good if good and self._clock.monotonic() - good.at <= LAST_GOOD_SECONDS else None

    async def _lookup(self, keys: Sequence[_Key], deadline: float) -> list[_CachedAnswer]:
        """What is said of each key. The second is asked once the first has no address to give, or is late."""
        wait = max(0.0, deadline - self._clock.monotonic())
        if any(self._last_good(key) is not None for key in keys):
            wait = min(wait / 2, _PATIENCE_SECONDS)  # leave the probe its time; the flight goes on for the next run
        if len(keys) > 1:
            head_start = min(_HEAD_START_SECONDS, wait / 2)
            await self._wait(keys[:1], head_start)
            wait -= head_start
        if not self._has_address(keys[0]):
            await self._wait(keys, wait)
        late = _CachedAnswer(_AnswerKind.FAILED, 0.0, "no answer in time")
        return [self._known(key) or late for key in keys]

    async def _wait(self, keys: Sequence[_Key], seconds: float) -> None:
        """Until one of the keys has an address or all are answered, at most so many seconds."""
        waiting = {self._flights.get(key) or self._start(key) for key in keys if self._known(key) is None}
        until = self._clock.monotonic() + seconds
        while waiting and not any(self._has_address(key) for key in keys):
            left = max(0.0, until - self._clock.monotonic())
            done, waiting = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                return

    def _known(self, key: _Key) -> _CachedAnswer | None:
        known = self._answers.get(key)
        return known if known is not None and self._clock.monotonic() < known.until else None

    def _has_address(self, key: _Key) -> bool:
        known = self._known(key)
        return known is not None and known.kind is _AnswerKind.ADDRESS

    def _start(self, key: _Key) -> asyncio.Task[_CachedAnswer]:
        flight = asyncio.get_running_loop().create_task(self._ask(key), name=f"resolve {key[0]}")
        self._flights[key] = flight
        flight.add_done_callback(lambda _: self._flights.pop(key, None))
        return flight

    async def _ask(self, key: _Key) -> _CachedAnswer:
        self.queries += 1
        try:
            given = _in_hosts_file(key) or await self._addresses(key)
        except aiodns.error.DNSError as error:
            return self._keep(key, self._refused(error))
        addresses = [address for address in given if _is_of_use(ipaddress.ip_address(address[0]))]
        if not addresses:  # a name server that blocks a name says 0.0.0.0, and there this machine itself would answer
            self.failing = False
            detail = f"the name server says {given[0][0]}" if given else ""
            return self._keep(key, _CachedAnswer(_AnswerKind.NO_ADDRESS, self._until(NOT_FOUND_SECONDS), detail))
        return self._keep(key, self._taken(key, addresses))

    async def _addresses(self, key: _Key) -> list[tuple[str, float]]:
        """Addresses and their TTL."""
        reply = await self._dns.getaddrinfo(key[0], family=key[1], type=socket.SOCK_STREAM, flags=_NOSORT)
        return [(node.addr[0].decode("ascii"), float(node.ttl)) for node in reply.nodes]

    def _taken(self, key: _Key, addresses: list[tuple[str, float]]) -> _CachedAnswer:
        """Keep to the address in use while it is among those given: a rotating answer must not look like a move."""
        self.failing = False
        before = self._good.get(key)
        offered = [address for address, _ in addresses]
        address = before.address if before and before.address in offered else offered[0]
        _put(self._good, key, _LastGood(address, self._clock.monotonic()))
        lifetime = min(ttl for _, ttl in addresses)
        return _CachedAnswer(_AnswerKind.ADDRESS, self._until(min(max(lifetime, MIN_TTL_SECONDS), MAX_TTL_SECONDS)))

    def _refused(self, error: aiodns.error.DNSError) -> _CachedAnswer:
        code, detail = (*error.args, "", "")[:2]
        if code in _NO_SUCH_NAME or code == pycares.errno.ARES_ENODATA:
            self.failing = False
            if code not in _NO_SUCH_NAME:
                return _CachedAnswer(_AnswerKind.NO_ADDRESS, self._until(NOT_FOUND_SECONDS))
            return _CachedAnswer(_AnswerKind.NO_NAME, self._until(NOT_FOUND_SECONDS), str(detail))
        self.failing = True
        self.failures += 1
        return _CachedAnswer(_AnswerKind.FAILED, self._until(FAILURE_SECONDS), str(detail))

    def _keep(self, key: _Key, answer: _CachedAnswer) -> _CachedAnswer:
        _put(self._answers, key, answer)
        return answer

    def _until(self, seconds: float) -> float:
        return self._clock.monotonic() + seconds

    def _follow_resolv_conf(self) -> None:
        """Read it again where it was written anew. One that is away or dangling for a moment changes nothing yet."""
        now = self._clock.monotonic()
        if not self._follows or now - self._looked_at < _LOOK_SECONDS:
            return
        self._looked_at = now
        stamp = _stamp(_RESOLV_CONF)
        written = stamp != self._stamp
        if stamp is None or not (written or self._read_again):
            return
        self._stamp = stamp
        # While it reads, perhaps what stood before, c-ares passes over what it is asked: once more at the next look.
        self._read_again = written
        self._dns._channel.reinit()  # noqa: SLF001 - aiodns has no public way; a test stands guard
        self._answers.clear()  # other servers may say otherwise


def _in_hosts_file(key: _Key) -> list[tuple[str, float]]:
    """A name with a dot at its end stands in /etc/hosts without it, and c-ares does not look for it there."""
    if not key[0].endswith("."):
        return []
    try:
        content, _ = read_regular(_HOSTS, _HOSTS_MOST_BYTES)
    except OSError:
        return []
    named = addresses_in(content.decode("utf-8", "replace"), key[0].rstrip("."), key[1])
    return [(str(address), 0.0) for address in named]


def _is_of_use(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a machine can be reached by it: a link-local address of a name comes without its interface."""
    return is_unicast(address) and not (address.version == 6 and address.is_link_local)


def _stamp(path: Path) -> tuple[int, ...] | None:
    """What changes when the file, or another one behind its name, is written; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - follows the links
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


def _put(cache: OrderedDict[_Key, T], key: _Key, value: T) -> None:
    cache[key] = value
    cache.move_to_end(key)
    if len(cache) > MAX_NAMES:
        cache.popitem(last=False)
