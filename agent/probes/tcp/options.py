"""The options of a module of `probe: tcp`. Checked when the inventory is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.probes.options import STRICT, Seconds, SourceAddress
from agent.probes.resolver import IpFamily
from agent.probes.tcp.dialogue import Dialogue
from agent.probes.tls.options import Tls, TlsOptions


@dataclass(frozen=True, slots=True)
class TcpDegraded:
    """Limits past which an answering target counts as DEGRADED: connect time, certificate's days left."""

    __pydantic_config__ = STRICT

    connect: Seconds | None = None
    certificate: Seconds | None = None


@dataclass(frozen=True, slots=True)
class TcpOptions:
    """What to do once connected: nothing, TLS from the first byte, a dialogue (which may turn to TLS)."""

    __pydantic_config__ = STRICT

    family: IpFamily = IpFamily.PREFER_IP4
    source: SourceAddress | None = None
    tls: bool = False
    tls_config: Tls = field(default_factory=TlsOptions)
    dialogue: Dialogue = ()
    degraded: TcpDegraded = field(default_factory=TcpDegraded)
