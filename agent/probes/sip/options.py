"""The options of a module of `probe: sip`. Checked when the inventory is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from agent.probes.options import STRICT, HostName, Port, Seconds, SourceAddress, Transport
from agent.probes.resolver import IpFamily
from agent.probes.sip.status_codes import Via
from agent.probes.tls.options import Tls, TlsOptions

USER = r"[A-Za-z0-9\-_.!~*'()&=+$,;?/%]{1,128}"  # RFC 3261 25.1, without password


class TcpFallback(StrEnum):
    """What turns silence over UDP into `tcp_only`: an open TCP port, an answer over TCP, or nothing."""

    PORT = "port"
    ANSWER = "answer"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class SipDegraded:
    """Outside these limits the point counts as degraded; None sets no limit."""

    __pydantic_config__ = STRICT

    rtt: Seconds | None = None
    certificate: Seconds | None = None


@dataclass(frozen=True, slots=True)
class SipOptions:
    """Settings of a `sip` module. port defaults to 5060, over TLS to 5061; one in the address wins, as does a user.

    domain stands in the asked URI in place of the address, for a registrar that is reached by its number.
    """

    __pydantic_config__ = STRICT

    transport: Transport = Transport.UDP
    port: Port | None = None
    via: Via = Via.ENDPOINT
    user: Annotated[str, Field(pattern=rf"^{USER}$")] | None = None
    domain: HostName | None = None
    tls_config: Tls = field(default_factory=TlsOptions)
    family: IpFamily = IpFamily.PREFER_IP4
    source: SourceAddress | None = None
    tcp_fallback: TcpFallback = TcpFallback.PORT
    degraded: SipDegraded = SipDegraded()
