"""What is wrong with a certificate, as reasons, and at which instant it would not be: how far off our clock may be.

OpenSSL verifies the chain, `names_match` the name, before any application data is sent: what they accept is not judged
again. OpenSSL stops at its first error; then `faults_of` reads the leaf certificate itself, from a second handshake
without verification, so that one which is both expired and of the wrong name reports both.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Sequence

from agent.model import CertificateFault, CertificateFaults, Reason
from agent.probes.address import AddressError, to_ascii
from agent.probes.tls.facts import TlsFacts
from agent.probes.tls.options import TlsOptions


def with_instants(reasons: Sequence[Reason], facts: TlsFacts, host: str, now_wall_ms: int) -> CertificateFaults:
    """The faults with their edges, for whoever knows how far the clock behind now_wall_ms can be trusted.

    Where several certificates of the chain as presented have the same fault, the edge is that of the last to lose it.
    """
    return CertificateFaults(
        host, tuple(CertificateFault(reason, _edge(reason, facts, now_wall_ms)) for reason in reasons)
    )


def expiring_soon(facts: TlsFacts, host: str, seconds: float, now_wall_ms: int) -> CertificateFaults:
    """The fault of a chain that ends within so many seconds."""
    edge = _ended(facts, now_wall_ms, seconds)
    return CertificateFaults(host, (CertificateFault(Reason.CERTIFICATE_EXPIRING, edge),))


def _edge(reason: Reason, facts: TlsFacts, now_wall_ms: int) -> int | None:
    if reason is Reason.TLS_EXPIRED:
        return _ended(facts, now_wall_ms)
    if reason is not Reason.TLS_NOT_YET_VALID:
        return None
    begins = (certificate.not_before * 1000 for certificate in facts.chain if certificate.not_before is not None)
    return max((at for at in begins if at > now_wall_ms), default=None)


def _ended(facts: TlsFacts, now_wall_ms: int, within_seconds: float = 0) -> int | None:
    edge = None if facts.expiry is None else facts.expiry * 1000 - round(within_seconds * 1000)
    return edge if edge is not None and edge < now_wall_ms else None


def faults_of(facts: TlsFacts, host: str, now_wall_ms: int) -> tuple[Reason, ...]:
    """The faults of the leaf certificate itself, in the order that decides the verdict.

    Expired, not yet valid, wrong name, self-signed. () says nothing about trust: that is OpenSSL's to say.
    """
    leaf = facts.leaf
    if leaf is None:
        return ()
    faults: list[Reason] = []
    if leaf.not_after is not None and leaf.not_after * 1000 < now_wall_ms:
        faults.append(Reason.TLS_EXPIRED)
    if leaf.not_before is not None and leaf.not_before * 1000 > now_wall_ms:
        faults.append(Reason.TLS_NOT_YET_VALID)
    if not names_match(leaf.names, host):
        faults.append(Reason.TLS_WRONG_NAME)
    if leaf.self_issued and len(facts.chain) == 1:
        faults.append(Reason.TLS_SELF_SIGNED)
    return tuple(faults)


def faults_after(reason: Reason, facts: TlsFacts, host: str, now_wall_ms: int) -> tuple[Reason, ...]:
    """All faults once verification failed with reason: those of the leaf, then OpenSSL's own if it is another.

    The first is the verdict's. Never empty.
    """
    faults = faults_of(facts, host, now_wall_ms)
    return faults if reason in faults else (*faults, reason)


def names_match(names: Sequence[str], host: str) -> bool:
    """Whether one of the names covers host: RFC 9525 section 6.3, a wildcard is the whole leftmost label.

    Behind it stand two labels or more, as libcurl and browsers have it.
    """
    try:
        reference = str(ipaddress.ip_address(host))
    except ValueError:
        reference = _ascii(host)
        _, dot, domain = reference.partition(".")
        wildcard = f"*.{domain}" if dot and "." in domain else reference
        return any(name.lower().rstrip(".") in (reference, wildcard) for name in names)
    return reference in names


def _ascii(host: str) -> str:
    try:
        return to_ascii(host.rstrip("."))
    except AddressError:
        return host.rstrip(".").lower()


def wrong_name(options: TlsOptions, facts: TlsFacts, host: str) -> bool:
    """Whether the leaf of a handshake does not name the host, where the policy wants to know; a fault of its own."""
    return options.verify and not names_match(facts.leaf.names if facts.leaf else (), host)


def expires_within(facts: TlsFacts, seconds: float, now_wall_ms: int) -> bool:
    """Whether any certificate of the verified chain (without one: as presented) ends within so many seconds."""
    return facts.expiry is not None and facts.expiry - now_wall_ms / 1000 < seconds


_VERIFY_REASONS = {  # X509_V_ERR_*, openssl/x509_vfy.h
    9: Reason.TLS_NOT_YET_VALID,
    10: Reason.TLS_EXPIRED,
    13: Reason.TLS_NOT_YET_VALID,  # notBefore unreadable
    14: Reason.TLS_EXPIRED,  # notAfter unreadable
    18: Reason.TLS_SELF_SIGNED,  # the leaf signed itself
    62: Reason.TLS_WRONG_NAME,
    63: Reason.TLS_WRONG_NAME,  # e-mail address
    64: Reason.TLS_WRONG_NAME,  # IP address
}


_CLEAR_REASONS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL")


def reason_of_code(verify_code: int) -> Reason:
    """The reason of an OpenSSL verification result; what is not named here is a chain without trust."""
    return _VERIFY_REASONS.get(verify_code, Reason.TLS_UNTRUSTED)


def reason_of(error: ssl.SSLError) -> Reason:
    """The reason of a handshake that failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return reason_of_code(error.verify_code)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Reason.CONNECTION_CLOSED
    return Reason.TLS_REQUIRED if error.reason in _CLEAR_REASONS else Reason.TLS_FAILED
