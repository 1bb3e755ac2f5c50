"""How one exchange of question and answer ended; a refused certificate as such an end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from agent.clock import Clock
from agent.model import CertificateFaults, Reason, ReasonCode
from agent.probes.tls.connection import StreamConnection
from agent.probes.tls.facts import TlsFacts
from agent.probes.tls.handshake import CertificateRefusedError, inspect_certificate, refusal
from agent.probes.tls.judge import expires_within, expiring_soon

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class ExchangeOutcome(Generic[AnswerT]):
    """The answer, or None and the reason why there is none.

    rtt_seconds runs from the first question to the answer, a connection not counted.
    """

    answer: AnswerT | None = None
    reason: ReasonCode = Reason.OK
    detail: str = ""
    rtt_seconds: float | None = None
    tls: TlsFacts | None = None
    certificate: CertificateFaults | None = None


def limit_passed(
    outcome: ExchangeOutcome[Any],
    rtt_seconds: float | None,
    certificate_seconds: float | None,
    host: str,
    now_wall_ms: int,
) -> tuple[ReasonCode, CertificateFaults | None] | None:
    """Why a good answer is DEGRADED: it lies beyond a limit of its module; None within them all.

    certificate_seconds: the least that the certificate must still last; host: whom it must name.
    """
    if certificate_seconds and outcome.tls and expires_within(outcome.tls, certificate_seconds, now_wall_ms):
        return Reason.CERTIFICATE_EXPIRING, expiring_soon(outcome.tls, host, certificate_seconds, now_wall_ms)
    if rtt_seconds is not None and outcome.rtt_seconds is not None and outcome.rtt_seconds > rtt_seconds:
        return Reason.HIGH_RTT, None
    return None


async def refused_certificate(
    error: CertificateRefusedError,
    connect: Callable[[], Awaitable[StreamConnection]],
    deadline: float,
    clock: Clock,
) -> ExchangeOutcome[Any]:
    """All the reasons of a refused certificate, the first one deciding; by the deadline (clock.monotonic()).

    connect makes a second connection, which only looks, where the first did not show the certificate; what it does not
    show in time leaves the reason that is known.
    """
    facts = error.facts
    if facts is None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, deadline - clock.monotonic())):
                facts = await inspect_certificate(connect, error.security)
    if facts is None:
        return ExchangeOutcome(reason=error.reason, detail=str(error))
    faults = refusal(error, facts, error.security, clock.wall_ms())
    reasons = [fault.reason for fault in faults.faults]
    return ExchangeOutcome(reason=reasons[0], detail=", ".join(reasons), tls=facts, certificate=faults)
