"""OPTIONS over TCP and TLS: one connection per run, bounded reads."""

from __future__ import annotations

import os
from dataclasses import replace

from agent.clock import Clock
from agent.model import Reason
from agent.probes.outcome import ExchangeOutcome
from agent.probes.sip import wire
from agent.probes.sip.reasons import SipReason
from agent.probes.sip.transaction import MAX_PROVISIONAL
from agent.probes.stream import Destination, StreamExchange
from agent.probes.tls.connection import StreamConnection

_MAX_STREAM = 4 * wire.MAX_MESSAGE_BYTES
_MAX_STRANGE = 64  # messages that are not ours before the peer is given up


class SipExchange(StreamExchange[wire.SipResponse]):
    """One OPTIONS over one connection."""

    def __init__(self, destination: Destination, uri: str, clock: Clock) -> None:
        super().__init__(destination, _MAX_STREAM, clock)
        self._uri = uri
        self._transport = "TCP" if destination.security is None else "TLS"
        self._framer = wire.SipFramer()
        self._began = False  # part of a message has come
        self._provisional = 0
        self._strange = 0

    def _silence(self) -> ExchangeOutcome[wire.SipResponse]:
        if self._provisional:
            detail = "1xx answers and nothing after them"
            return ExchangeOutcome(reason=SipReason.PROVISIONAL_ONLY, detail=detail, tls=self.tls)
        return ExchangeOutcome(reason=Reason.STALLED if self._began else Reason.TIMEOUT, tls=self.tls)

    async def _talk(self, connection: StreamConnection) -> ExchangeOutcome[wire.SipResponse]:
        host, port = connection.sock.getsockname()[:2]
        client = wire.UserAgentClient(self._transport, str(host).partition("%")[0])
        ids, tag = wire.fresh_ids(os.urandom(24))
        started = self._clock.monotonic()
        await connection.send(wire.OptionsTemplate(self._uri, self._uri, client).encode(ids, tag, port))
        outcome = await self._read(connection, ids)
        rtt = self._clock.monotonic() - started if outcome.answer is not None else None
        return replace(outcome, rtt_seconds=rtt, tls=self.tls)

    async def _read(self, connection: StreamConnection, ids: wire.TransactionIds) -> ExchangeOutcome[wire.SipResponse]:
        while True:
            message = self._framer.take()
            if message is None:
                self._began = self._began or self._framer.started
                data = await connection.read()
                if not data:
                    return self._closed()
                self._framer.feed(data)
            elif isinstance(message, wire.SipMalformed):
                reason = Reason.TOO_LARGE if message.too_large else Reason.PROTOCOL_ERROR
                return ExchangeOutcome(reason=reason, detail=message.why)
            elif isinstance(message, wire.SipResponse) and message.ids == ids:
                if message.status >= 200:
                    return ExchangeOutcome(message)
                self._provisional += 1
                if self._provisional >= MAX_PROVISIONAL:
                    return self._silence()
            else:
                self._strange += 1
                if self._strange >= _MAX_STRANGE:
                    detail = "messages without end that answer nobody"
                    return ExchangeOutcome(reason=Reason.PROTOCOL_ERROR, detail=detail)

    def _closed(self) -> ExchangeOutcome[wire.SipResponse]:
        if self._provisional:
            return self._silence()
        return ExchangeOutcome(reason=Reason.CONNECTION_CLOSED, detail="closed before a whole answer")
