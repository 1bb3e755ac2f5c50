"""The base of every listener of the lab: it opens on one address, answers, and misbehaves on demand.

They are the fakes of the test suite too. They never import the wire module of a probe, so that a codec
cannot confirm its own mistake.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from enum import StrEnum

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
