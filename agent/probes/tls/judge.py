"""The instants that a judgement of a certificate turns on: how wrong our clock must be for the server to be right."""

from __future__ import annotations

from collections.abc import Sequence

from agent.model import CertificateFault, CertificateFaults, Reason
from agent.probes.tls.options import TlsFacts


def with_instants(reasons: Sequence[Reason], facts: TlsFacts, host: str, now_wall_ms: int) -> CertificateFaults:
    """The faults with their edges, for whoever knows how far the clock behind now_wall_ms can be trusted.

    Where several certificates of the chain as presented have the same fault, the edge is that of the last to lose it.
    """
    return CertificateFaults(host, tuple(CertificateFault(each, _edge(each, facts, now_wall_ms)) for each in reasons))


def expiring_soon(facts: TlsFacts, host: str, seconds: float, now_wall_ms: int) -> CertificateFaults:
    """The same of a chain that ends within so many seconds."""
    edge = _ended(facts, now_wall_ms, seconds)
    return CertificateFaults(host, (CertificateFault(Reason.CERTIFICATE_EXPIRING, edge),))


def _edge(reason: Reason, facts: TlsFacts, now_wall_ms: int) -> int | None:
    if reason is Reason.TLS_EXPIRED:
        return _ended(facts, now_wall_ms)
    if reason is not Reason.TLS_NOT_YET_VALID:
        return None
    begins = (each.not_before * 1000 for each in facts.chain if each.not_before is not None)
    return max((at for at in begins if at > now_wall_ms), default=None)


def _ended(facts: TlsFacts, now_wall_ms: int, within_seconds: float = 0) -> int | None:
    edge = None if facts.expiry is None else facts.expiry * 1000 - round(within_seconds * 1000)
    return edge if edge is not None and edge < now_wall_ms else None
