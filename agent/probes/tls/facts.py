"""The facts of a TLS handshake: version, cipher and certificates as plain facts."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.probes.tls.certificate import Certificate, certificate_of

MAX_CHAIN = 10


_ENCODING_DER = 2  # X509_FILETYPE_ASN1, openssl/x509.h


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """The facts of a handshake; at most 10 certificates, leaf first.

    chain is as presented; verified leads from the leaf to what is trusted, () where nothing was verified. They differ
    where the server sends more than is needed, for instance a root that another, expired one signed.
    """

    version: str
    cipher: str
    chain: tuple[Certificate, ...] = field(default=())
    verified: tuple[Certificate, ...] = field(default=())

    @property
    def leaf(self) -> Certificate | None:
        return self.chain[0] if self.chain else None

    @property
    def expiry(self) -> int | None:
        """The earliest not_after of the verified chain, else of the presented one (UTC seconds); None if unreadable."""
        return _earliest_end(self.verified or self.chain)

    @property
    def presented_expiry(self) -> int | None:
        """The earliest not_after of the chain as presented (UTC seconds), None if none can be read."""
        return _earliest_end(self.chain)


def _earliest_end(chain: Sequence[Certificate]) -> int | None:
    return min((certificate.not_after for certificate in chain if certificate.not_after is not None), default=None)


def facts_from_chain(presented: Sequence[bytes], version: str, cipher: str, verified: Sequence[bytes] = ()) -> TlsFacts:
    """Facts of chains of DER certificates, leaf first. Never raises: unreadable certificates come out empty."""
    chains = (tuple(certificate_of(der) for der in chain[:MAX_CHAIN]) for chain in (presented, verified))
    return TlsFacts(version, cipher, *chains)


def facts_of(connection: ssl.SSLObject | ssl.SSLSocket) -> TlsFacts:
    """Facts of a handshake that is done."""
    cipher = connection.cipher()
    verified = _chain(connection, "get_verified_chain") if connection.context.verify_mode is ssl.CERT_REQUIRED else ()
    return facts_from_chain(chain_of(connection), connection.version() or "", cipher[0] if cipher else "", verified)


def chain_of(connection: ssl.SSLObject | ssl.SSLSocket) -> tuple[bytes, ...]:
    """The DER certificates that the peer presented, leaf first."""
    return _chain(connection, "get_unverified_chain")


def _chain(connection: ssl.SSLObject | ssl.SSLSocket, getter: str) -> tuple[bytes, ...]:
    """CPython 3.13 has the getters in public; before, the inner object has them (a test stands guard)."""
    public = getattr(connection, getter, None)
    if public is not None:
        return tuple(public())
    inner = connection._sslobj  # type: ignore[union-attr]  # noqa: SLF001 - no public way before 3.13
    return tuple(certificate.public_bytes(_ENCODING_DER) for certificate in getattr(inner, getter)() or ())
