"""Settings of the probe `ntp`."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from agent.probes.options import STRICT, Port, Seconds
from agent.probes.resolver import IpFamily


@dataclass(frozen=True, slots=True)
class NtpDegraded:
    """Outside these limits the server counts as degraded; None sets no limit.

    offset is compared with the smallest difference of the two clocks that explains what was measured: half of the round
    trip is taken off. root_dispersion is the server's own word on how far it may be off.
    """

    __pydantic_config__ = STRICT

    offset: Seconds | None = 1.0
    root_dispersion: Seconds | None = 1.0
    rtt: Seconds | None = None


@dataclass(frozen=True, slots=True)
class NtpOptions:
    """Settings of an `ntp` module; a port in the address wins."""

    __pydantic_config__ = STRICT

    port: Port = 123
    family: IpFamily = IpFamily.PREFER_IP4
    source: ipaddress.IPv4Address | ipaddress.IPv6Address | None = None
    degraded: NtpDegraded = NtpDegraded()
