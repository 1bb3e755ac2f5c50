"""A registry of invented probes: the inventory's tests do not depend on the real ones."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from agent.clock import Clock
from agent.model import CheckSettings, Facts, ProbeResult, Reason, Target
from agent.probes.address import AddressError, Host, read_host
from agent.probes.options import STRICT, Pattern, Ratio, Seconds, Secret
from agent.probes.resolver import IpFamily
from agent.probes.spec import NothingShared, ProbeContext, ProbeSpec
from agent.text import Text


@dataclass(frozen=True, slots=True)
class Limits:
    __pydantic_config__ = STRICT
    loss: Ratio | None = None
    rtt: Seconds | None = None


@dataclass(frozen=True, slots=True)
class IcmpOptions:
    __pydantic_config__ = STRICT
    packets: int = 3
    spacing: Seconds = 0.05
    degraded: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Login:
    __pydantic_config__ = STRICT
    user: str
    password: Secret


@dataclass(frozen=True, slots=True)
class WebOptions:
    __pydantic_config__ = STRICT
    status: tuple[int, ...] = (200,)
    body_matches: Pattern | None = None
    token: Secret | None = None
    login: Login | None = None


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """credentials: the names of those that there are, between blanks."""

    __pydantic_config__ = STRICT
    credentials: Secret | None = None
    credential: str = ""
    port: str = ""
    ports: Mapping[str, str] = field(default_factory=dict)


def _with_check(options: DeviceOptions, settings: CheckSettings) -> DeviceOptions | tuple[Text, Text]:
    known = options.credentials.reveal().split() if options.credentials else None
    if known is not None and settings.credential is not None and settings.credential not in known:
        return Text("không có khóa này", "no such credential"), Text(f"một trong: {known}", f"one of: {known}")
    return replace(
        options,
        credential=settings.credential or options.credential,
        port=settings.port or options.port,
        ports={**options.ports, **settings.ports},
    )


async def _run(target: Target, options: object, ctx: ProbeContext[NothingShared]) -> ProbeResult:
    return ProbeResult.of(Reason.OK, 0.0)


def _open(clock: Clock) -> NothingShared:
    return NothingShared()


def _host(address: str) -> Host:
    try:
        ipaddress.ip_address(address)
    except ValueError as error:
        if not address.endswith(".example"):
            raise AddressError(Text("not an address", "not an address"), "192.0.2.1 or a host name") from error
    return read_host(address)


def _url(address: str) -> Host:
    if not address.startswith(("http://", "https://")):
        raise AddressError(Text("not a URL", "not a URL"), "https://host/path")
    return Host("host.example")


def _any(_options: object) -> IpFamily:
    return IpFamily.PREFER_IP4


PING = ProbeSpec("icmp", IcmpOptions, Facts, Reason.TIMEOUT, _open, _run, _host, _any)
WEB = ProbeSpec("http", WebOptions, Facts, Reason.TIMEOUT, _open, _run, _url, _any)
DEVICE = ProbeSpec(
    "snmp",
    DeviceOptions,
    Facts,
    Reason.TIMEOUT,
    _open,
    _run,
    _host,
    _any,
    with_check=_with_check,
    works_without_files=True,
)
REGISTRY: Mapping[str, ProbeSpec[Any, Any]] = {"icmp": PING, "http": WEB}
WITH_DEVICES: Mapping[str, ProbeSpec[Any, Any]] = {**REGISTRY, "snmp": DEVICE}
