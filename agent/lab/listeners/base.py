"""What every listener of the lab has in common: it opens on one address, answers, and misbehaves when told to.

They are the fakes of the test suite too. They never import agent.probes.wire, so that a codec
cannot confirm its own mistake.
"""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from enum import StrEnum

from agent.errors import LabError

_PORT_TRIES = 20


class Vice(StrEnum):
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
    """One server on one address and port; ``vice`` may be changed at any time and holds for the next request."""

    def __init__(self) -> None:
        self.vice = Vice.NONE
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


def udp_and_tcp(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """A UDP and a listening TCP socket on one port; OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for _ in range(_PORT_TRIES):
        tcp = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        udp = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tcp.bind((host, port))
            udp.bind((host, tcp.getsockname()[1]))
            tcp.listen(1024)
        except OSError:
            tcp.close()
            udp.close()
            if port:
                raise
        else:
            return udp, tcp
    raise LabError(f"no port is free on {host} for both UDP and TCP")
