"""The base of every listener of the lab: it opens on one address, answers, and misbehaves on demand.

They are the fakes of the test suite too. They never import the wire module of a probe, so that a codec
cannot confirm its own mistake.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds: close() sends RST."""


class Misbehaviour(StrEnum):
    """How a listener misbehaves; a refused connection is a listener that was closed."""

    NONE = "none"
    SILENT = "silent"  # takes the request, never answers (TLS: stalls in the handshake)
    GARBAGE = "garbage"  # bytes that are not the protocol
    ENDLESS = "endless"  # a well-formed start, then data without end
    DRIP = "drip"  # one byte a second
    STALL = "stall"  # starts a proper answer, then nothing
    SLOW = "slow"  # a proper answer after `slow_seconds`
    CLOSE = "close"  # closes at once without an answer
    RESET = "reset"  # RST instead of an answer


class Listener(ABC):
    """One server on one address and port; ``misbehaviour`` may change at any time, for the next request on."""

    def __init__(self) -> None:
        self.misbehaviour = Misbehaviour.NONE
        self.slow_seconds = 1.0

    @abstractmethod
    async def open(self, host: str, port: int = 0) -> None:
        """Start to listen; port 0 takes a free one."""

    @abstractmethod
    async def close(self) -> None:
        """Stop listening and drop every connection."""

    @property
    @abstractmethod
    def port(self) -> int:
        """The port in use."""


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """What a host of the district tells its listener: its name, its certificate, and what names resolve to.

    device is the kind of simulated device, "" where it is none.
    """

    host: str
    certificate: Callable[[], tuple[Path, Path]]
    resolved_address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class LabService:
    """A service of the district: its well-known port, one that needs no privilege, its listener.

    modules are the modules of the inventory that probe it, by id: the one called like the host's check, else the first.
    In them $ca_file, $query_name and $query_zone are filled in. has_url: a target's address is a URL;
    names_port: it has the port, the well-known one too.
    """

    name: str
    port: int
    high_port: int
    listener: Callable[[ListenerSettings], Listener]
    modules: Mapping[str, str]
    has_url: bool = False
    names_port: bool = False
