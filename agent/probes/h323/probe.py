"""The probe `h323`: does something serve a conference point's H.323 call port? One StatusEnquiry, never a Setup.

A Setup would ring the room. A StatusEnquiry about a call that does not exist starts nothing, but stacks differ in
what they do with it: some answer, some close, some say nothing. docs/probes/h323.md has the table.
"""

from __future__ import annotations

import asyncio
import os
import socket
from dataclasses import dataclass, replace

from agent.model import Declaration, ProbeResult, Reason, ReasonCode, Target
from agent.probes.address import read_endpoint
from agent.probes.dial import dial
from agent.probes.errnos import classify
from agent.probes.h323 import wire
from agent.probes.h323.facts import H323Facts
from agent.probes.h323.metrics import GAUGES, MEASUREMENTS
from agent.probes.h323.options import H323Answer, H323Options
from agent.probes.h323.reasons import H323Reason
from agent.probes.h323.texts import TEXTS
from agent.probes.resolver import Unresolved
from agent.probes.spec import NothingShared, ProbeContext, ProbeSpec

_READ_BYTES = 4 * 1024
_STRANGERS = (
    (b"\x15\x03", "TLS"),
    (b"\x16\x03", "TLS"),
    (b"HTTP/", "HTTP"),
    (b"SSH-", "SSH"),
    (b"SIP/2.0", "SIP"),
    (b"RTSP/", "RTSP"),
    (b"220", "mail or FTP"),
    (b"\xff\xfb", "telnet"),
    (b"\xff\xfd", "telnet"),
)
"""How servers that have no business on this port begin what they say."""


_ORDER = tuple(H323Answer)
_TOO_LITTLE = {H323Answer.SILENT: Reason.TIMEOUT, H323Answer.CLOSED: Reason.CONNECTION_CLOSED}
_ENOUGH = {H323Answer.SILENT: H323Reason.PORT_ONLY, H323Answer.CLOSED: Reason.OK, H323Answer.ANSWERED: Reason.OK}


@dataclass(frozen=True, slots=True)
class _EnquiryResult:
    """How the talk ended: an answer of some kind, or a reason why there is none."""

    answer: H323Answer | None = None
    message: wire.H225Message | None = None
    reason: ReasonCode | None = None
    detail: str = ""


async def run(target: Target, options: H323Options, ctx: ProbeContext[NothingShared]) -> ProbeResult:
    """Connect, send one StatusEnquiry, see what comes. Silence after the connect is PORT_ONLY, before it TIMEOUT."""
    began = ctx.clock.monotonic()
    endpoint = read_endpoint(target.address)
    family = options.family.of_source(options.source)
    resolved = await ctx.resolver.resolve(endpoint.host.lookup_name, family, ctx.deadline)
    if isinstance(resolved, Unresolved):
        return ProbeResult.of(resolved.reason, ctx.clock.monotonic() - began, detail=resolved.detail)
    result = await _visit(resolved.address, endpoint.port or options.port, options, ctx)
    took = ctx.clock.monotonic() - began
    return replace(result, took_seconds=took, address=resolved.address, stale_address=resolved.stale)


async def _visit(address: str, port: int, options: H323Options, ctx: ProbeContext[NothingShared]) -> ProbeResult:
    try:
        async with asyncio.timeout(ctx.left()):
            sock, connect_seconds = await dial(address, port, options.source, ctx.clock)
    except TimeoutError:
        return ProbeResult.of(Reason.TIMEOUT, 0.0, detail="no connection")
    except OSError as error:
        return _broken(error, None)
    with sock:
        try:
            enquiry = await _talk(sock, options.wait, ctx)
        except OSError as error:
            return _broken(error, H323Facts(connect_seconds))
    return _judge(enquiry, connect_seconds, options)


def _broken(error: OSError, facts: H323Facts | None) -> ProbeResult:
    return ProbeResult.of(classify(error), 0.0, facts, error.strerror or type(error).__name__)


async def _talk(sock: socket.socket, wait: float, ctx: ProbeContext[NothingShared]) -> _EnquiryResult:
    """The limit is `wait` until something comes, from then on the deadline."""
    loop, reader = asyncio.get_running_loop(), wire.H225Reader()
    try:
        async with asyncio.timeout(min(wait, ctx.left())) as limit:
            await loop.sock_sendall(sock, wire.status_enquiry(os.urandom(wire.NONCE_BYTES)))
            while data := await loop.sock_recv(sock, _READ_BYTES):
                reader.feed(data)
                if (came := reader.take()) is not None:
                    return _heard(came, data)
                if reader.started:
                    limit.reschedule(loop.time() + ctx.left())
    except TimeoutError:
        if reader.started:
            return _EnquiryResult(reason=Reason.STALLED, detail="a message began and did not end")
        return _EnquiryResult(H323Answer.SILENT)
    if reader.started:
        return _EnquiryResult(reason=Reason.CONNECTION_CLOSED, detail="closed in the middle of a message")
    return _EnquiryResult(H323Answer.CLOSED)


def _heard(came: wire.H225Message | wire.H225Malformed, data: bytes) -> _EnquiryResult:
    if isinstance(came, wire.H225Message):
        return _EnquiryResult(H323Answer.ANSWERED, came)
    reason = Reason.TOO_LARGE if came.too_large else Reason.PROTOCOL_ERROR
    stranger = next((f", it speaks {name}" for start, name in _STRANGERS if data.startswith(start)), "")
    return _EnquiryResult(reason=reason, detail=f"{came.why}{stranger}: {data[:32]!r}")


def _judge(enquiry: _EnquiryResult, connect_seconds: float, options: H323Options) -> ProbeResult:
    message = enquiry.message or wire.H225Message("", 0)
    facts = H323Facts(connect_seconds, enquiry.answer or "", message.kind, message.release)
    if enquiry.answer is None:
        return ProbeResult.of(enquiry.reason or Reason.INTERNAL_ERROR, 0.0, facts, enquiry.detail)
    if _ORDER.index(enquiry.answer) < _ORDER.index(options.at_least):
        return ProbeResult.of(_TOO_LITTLE[enquiry.answer], 0.0, facts, f"{enquiry.answer}, not {options.at_least}")
    limit = options.degraded.connect
    slow = limit is not None and connect_seconds > limit
    return ProbeResult.of(Reason.SLOW if slow else _ENOUGH[enquiry.answer], 0.0, facts)


SPEC: ProbeSpec[H323Options, NothingShared] = ProbeSpec(
    probe="h323",
    options=H323Options,
    facts=H323Facts,
    silence=H323Reason.PORT_ONLY,
    open=lambda _clock: NothingShared(),
    run=run,
    host=lambda address: read_endpoint(address).host,
    family=lambda options: options.family.of_source(options.source),
    declaration=Declaration(
        reasons=tuple(H323Reason),
        texts=TEXTS,
        measurements=MEASUREMENTS,
        gauges=GAUGES,
    ),
    rtt_fact="connect_seconds",
)
