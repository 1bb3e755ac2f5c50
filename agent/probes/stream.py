"""One request and its answer over a connection of their own, in clear or TLS (DNS, SIP), and what its faults mean."""

from __future__ import annotations

import asyncio
import ssl
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from agent.clock import Clock
from agent.probes.dial import dial
from agent.probes.errnos import classify
from agent.probes.outcome import ExchangeOutcome, refused_certificate
from agent.probes.tls.connection import ExchangeError, StreamConnection
from agent.probes.tls.facts import TlsFacts
from agent.probes.tls.handshake import CertificateRefusedError, Security, secure
from agent.probes.tls.judge import reason_of

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class Destination:
    """A numeric address and port, the source to ask from ("" for any), and how to speak TLS, if so."""

    address: str
    port: int
    source: str = ""
    security: Security | None = None


class StreamExchange(ABC, Generic[AnswerT]):
    """A protocol derives from this and says what is sent and read. One connection, closed in the end.

    limit: bytes that may come. What was learned before the exchange broke stays known: connection, tls.
    """

    def __init__(self, destination: Destination, limit: int, clock: Clock) -> None:
        self._destination, self._limit, self._clock = destination, limit, clock
        self._shaking = False
        self.connection: StreamConnection | None = None
        self.tls: TlsFacts | None = None

    @abstractmethod
    async def _talk(self, connection: StreamConnection) -> ExchangeOutcome[AnswerT]:
        """Send the request and read the answer. Raises ExchangeError or OSError."""

    @abstractmethod
    def _silence(self) -> ExchangeOutcome[AnswerT]:
        """The outcome when the deadline came first."""

    async def run(self, deadline: float) -> ExchangeOutcome[AnswerT]:
        """Connect, ask once and read until the answer or the deadline (clock.monotonic()). Never raises OSError."""
        try:
            async with asyncio.timeout(max(0.0, deadline - self._clock.monotonic())):
                return await self._to_its_end()
        except TimeoutError:
            return self._silence()
        except CertificateRefusedError as error:
            self._close()
            return await refused_certificate(error, self._connect, deadline, self._clock)
        finally:
            self._close()

    async def port_is_open(self, deadline: float) -> bool:
        """Whether a connection can be made; nothing is sent on it."""
        try:
            async with asyncio.timeout(max(0.0, deadline - self._clock.monotonic())):
                connection = await self._connect()
        except OSError:
            return False
        connection.close()
        return True

    async def _to_its_end(self) -> ExchangeOutcome[AnswerT]:
        try:
            self.connection = await self._connect()
            if self._destination.security is not None:
                self._shaking = True
                self.tls = await secure(self.connection, self._destination.security)
                self._shaking = False
            return await self._talk(self.connection)
        except CertificateRefusedError:
            raise
        except ExchangeError as error:
            return ExchangeOutcome(reason=error.reason, detail=str(error), tls=self.tls)
        except ssl.SSLError as error:
            return ExchangeOutcome(reason=reason_of(error), detail=error.reason or "", tls=self.tls)
        except OSError as error:
            detail = error.strerror or type(error).__name__
            return ExchangeOutcome(reason=classify(error), detail=detail, tls=self.tls)

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.close()

    async def _connect(self) -> StreamConnection:
        """A connection on which nothing was said yet."""
        there = self._destination
        sock, _ = await dial(there.address, there.port, there.source or None, self._clock)
        return StreamConnection(sock, self._limit)
