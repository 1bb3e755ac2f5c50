"""Asking the lab's web server: what the tests of the web probe share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from agent.clock import Clock, SystemClock
from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.http import HttpListener
from agent.model import Policy, ProbeResult, Reason, Role, Target
from agent.probes.http.client import HttpClient
from agent.probes.http.facts import HttpFacts
from agent.probes.http.options import HttpOptions
from agent.probes.http.probe import SPEC, run
from agent.probes.resolver import IpFamily, Resolved, Unresolved
from agent.probes.spec import ProbeContext
from tests.pki import Server

ADDRESS = "127.81.0.1"
OTHER = "127.81.0.2"
_POLICY = Policy(60_000, 5_000, 0, 3, 1, 5_000)
_ADAPTER = TypeAdapter(HttpOptions)


@dataclass(slots=True)
class FixedNames:
    """A resolver that knows these names; numeric hosts are themselves, anything else does not exist."""

    names: dict[str, str | Unresolved] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    families: list[IpFamily] = field(default_factory=list)
    stale: bool = False

    async def resolve(self, host: str, family: IpFamily, deadline: float) -> Resolved | Unresolved:  # noqa: ARG002
        self.asked.append(host)
        self.families.append(family)
        known = self.names.get(host)
        if isinstance(known, Unresolved):
            return known
        if known is None and not (host.replace(".", "").isdigit() or ":" in host):
            return Unresolved(Reason.NAME_NOT_FOUND, f"{host}: no such name")
        return Resolved(known or host, self.stale, 0.001)


@dataclass(slots=True)
class Asker:
    """One HttpClient and one resolver; ask() is one run."""

    shared: HttpClient
    names: FixedNames
    clock: Clock

    async def ask(self, address: str, timeout: float = 3.0, **options: object) -> ProbeResult:
        return await self.ask_as(address, read(options), timeout)

    async def ask_as(self, address: str, options: HttpOptions, timeout: float = 3.0) -> ProbeResult:
        """With options that no inventory would have let through."""
        target = Target("s/c", "c", "s", "u", Role.PORTAL, "web", "http", address, None, _POLICY)
        ctx = ProbeContext(self.clock, self.clock.monotonic() + timeout, self.names, self.shared)
        return await run(target, options, ctx)


@asynccontextmanager
async def asking(names: Mapping[str, str | Unresolved] | None = None) -> AsyncIterator[Asker]:
    clock = SystemClock()
    asker = Asker(SPEC.open(clock), FixedNames(dict(names or {})), clock)
    try:
        yield asker
    finally:
        asker.shared.close()


@asynccontextmanager
async def serving(
    host: str = ADDRESS, certificate: Server | None = None, misbehaviour: Misbehaviour = Misbehaviour.NONE
) -> AsyncIterator[HttpListener]:
    pem = Path(certificate.pem) if certificate else None
    listener = HttpListener(certificate=(pem, pem) if pem else None)
    listener.misbehaviour = misbehaviour
    await listener.open(host)
    try:
        yield listener
    finally:
        await listener.close()


def read(options: Mapping[str, object]) -> HttpOptions:
    """Options as the inventory reads them."""
    return _ADAPTER.validate_python(dict(options))


def facts(result: ProbeResult) -> HttpFacts:
    assert isinstance(result.facts, HttpFacts)
    return result.facts
