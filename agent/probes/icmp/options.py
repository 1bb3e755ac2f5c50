"""The options of a module of `probe: icmp`. Checked when the inventory is loaded."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from agent.probes.icmp.wire import MAX_PACKETS, NONCE_BYTES
from agent.probes.options import STRICT, Ratio, Seconds, Size, SourceAddress
from agent.probes.resolver import IpFamily

MAX_PAYLOAD_BYTES = 65_507


@dataclass(frozen=True, slots=True)
class IcmpDegraded:
    """Limits beyond which a target that answers is DEGRADED; None sets none."""

    __pydantic_config__ = STRICT

    loss: Ratio | None = None
    rtt: Seconds | None = None
    jitter: Seconds | None = None


@dataclass(frozen=True, slots=True)
class IcmpOptions:
    """A module of probe icmp. source is a numeric address of this machine; its family then is the one used."""

    __pydantic_config__ = STRICT

    packets: Annotated[int, Field(ge=1, le=MAX_PACKETS)] = 3
    spacing: Seconds = 0.05
    size: Annotated[Size, Field(ge=NONCE_BYTES, le=MAX_PAYLOAD_BYTES)] = 56
    ttl: Annotated[int, Field(ge=1, le=255)] | None = None
    tos: Annotated[int, Field(ge=0, le=255)] | None = None
    dont_fragment: bool = False
    family: IpFamily = IpFamily.PREFER_IP4
    source: SourceAddress | None = None
    degraded: IcmpDegraded = field(default_factory=IcmpDegraded)

    def __post_init__(self) -> None:
        if self.source is None:
            return
        version = ipaddress.ip_address(self.source).version
        if self.family is (IpFamily.IP6 if version == 4 else IpFamily.IP4):
            raise ValueError(f"source is an IPv{version} address, but family is {self.family}")

    def lookup_family(self) -> IpFamily:
        """The family to resolve for: that of the source where one is given."""
        return self.family.of_source(self.source)
