"""TLS on a connection of ours: the handshake, the certificate's name, a second look at one that was refused.

The http probe has its handshake from libcurl; all others have it from here.
"""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from agent.model import CertificateFaults, Reason
from agent.probes.tls.connection import ExchangeError, StreamConnection
from agent.probes.tls.facts import TlsFacts, facts_of
from agent.probes.tls.judge import faults_after, reason_of, with_instants, wrong_name
from agent.probes.tls.options import TlsOptions, context_for, inspection_context

_MAX_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Security:
    """How to speak TLS, and the host that the certificate must name."""

    options: TlsOptions
    host: str

    @property
    def server_name(self) -> str:
        """What goes onto the wire: RFC 6066 section 3 wants no trailing dot, and a zone is nobody else's business."""
        return self.host.partition("%")[0].rstrip(".") or self.host


class CertificateRefusedError(ExchangeError):
    """The certificate is not good. facts: of the handshake that showed it, None where OpenSSL ended it."""

    def __init__(self, reason: Reason, detail: str, security: Security, facts: TlsFacts | None = None) -> None:
        super().__init__(reason, detail)
        self.security = security
        self.facts = facts


async def secure(connection: StreamConnection, security: Security) -> TlsFacts:
    """Shake hands, and judge the certificate before anything of the application is sent.

    Raises CertificateRefusedError, ExchangeError, ssl.SSLError or OSError.
    """
    try:
        tls = await connection.start_tls(_context(security.options), security.server_name)
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefusedError(reason_of(error), error.verify_message, security) from error
    facts = facts_of(tls)
    if wrong_name(security.options, facts, security.host):
        refused = replace(facts, verified=())  # what was presented is judged, as of any certificate that is refused
        detail = f"the certificate is for {_names(facts)}"
        raise CertificateRefusedError(Reason.TLS_WRONG_NAME, detail, security, refused)
    return facts


async def inspect_certificate(
    connect: Callable[[], Awaitable[StreamConnection]], security: Security
) -> TlsFacts | None:
    """The certificate that did not verify, from a second connection on which nothing is sent; None if it does not come.

    connect: makes that connection, up to where TLS begins.
    """
    try:
        connection = await connect()
    except (ExchangeError, OSError):
        return None
    try:
        return facts_of(await connection.start_tls(inspection_context(security.options), security.server_name))
    except (ExchangeError, OSError):  # ssl.SSLError is one
        return None
    finally:
        connection.close()


def refusal(error: CertificateRefusedError, facts: TlsFacts, security: Security, now_wall_ms: int) -> CertificateFaults:
    """All that is wrong with the certificate that was seen, and at which instant it would not be; the first decides."""
    faults = faults_after(error.reason, facts, security.host, now_wall_ms)
    return with_instants(faults, facts, security.host, now_wall_ms)


def _context(options: TlsOptions) -> ssl.SSLContext:
    try:
        return context_for(options)
    except OSError as error:  # a file of ours went bad since the start
        raise ExchangeError(Reason.LOCAL_ERROR, f"TLS files: {error.strerror or error}") from error


def _names(facts: TlsFacts) -> str:
    names = facts.leaf.names if facts.leaf else ()
    return ", ".join(names[:_MAX_NAMES_SHOWN]) or "no name at all"
