"""The options of a module of `probe: h323`. Checked when the inventory is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agent.probes.options import STRICT, Port, Seconds, SourceAddress
from agent.probes.resolver import IpFamily


class H323Answer(StrEnum):
    """What came back, from the least that speaks for H.323 to the most."""

    SILENT = "silent"  # connected, then nothing
    CLOSED = "closed"  # the connection was closed in good order
    ANSWERED = "answered"  # an H.225.0 message


@dataclass(frozen=True, slots=True)
class H323Degraded:
    """Past this limit the point counts as degraded; None sets no limit."""

    __pydantic_config__ = STRICT

    connect: Seconds | None = None


@dataclass(frozen=True, slots=True)
class H323Options:
    """Settings of an `h323` module. at_least is the least that counts as working; a port in the address wins.

    wait is how long an answer may take to begin; nothing by then is silence.
    """

    __pydantic_config__ = STRICT

    port: Port = 1720
    at_least: H323Answer = H323Answer.SILENT
    wait: Seconds = 1.0
    family: IpFamily = IpFamily.PREFER_IP4
    source: SourceAddress | None = None
    degraded: H323Degraded = H323Degraded()
