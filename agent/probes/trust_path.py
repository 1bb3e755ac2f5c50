"""Which certificates of a chain OpenSSL went by, worked out again where the library that spoke TLS does not tell.

Trust is not decided here: only a chain that has verified is read. The rules are those of x509_vfy.c: a trusted issuer
first, then one that was presented; the first trusted certificate ends the path (X509_V_FLAG_PARTIAL_CHAIN).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from agent.probes.tls import MAX_CHAIN

_MAX_BYTES = 64 * 1024  # of a chain; the longest real ones are a tenth of it
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)


def trust_path(presented: Sequence[bytes], ca_file: str) -> tuple[bytes, ...]:
    """DER certificates from the leaf to the trusted one; () where no way is found. OSError without the CA file."""
    chain = tuple(presented[:MAX_CHAIN])
    if not chain or sum(map(len, chain)) > _MAX_BYTES:
        return ()
    return _path(chain, ca_file, Path(ca_file).stat().st_mtime_ns)


@lru_cache(maxsize=1024)
def _path(presented: tuple[bytes, ...], ca_file: str, stamp: int) -> tuple[bytes, ...]:
    trusted = _trusted(ca_file, stamp)
    others = _by_subject(_read(presented[1:]))
    path = _read(presented[:1])
    while path and len(path) <= MAX_CHAIN:
        last = path[-1]
        if last.issuer == last.subject and _known(last, trusted):
            break
        if issuer := _issuer(last, trusted):
            path.append(issuer)
            break
        issuer = _issuer(last, others)
        if issuer is None or issuer in path:  # no way on; a leaf that is itself trusted vouches for all there is
            return _ders(path) if _known(path[0], trusted) else ()
        path.append(issuer)
    return _ders(path)


def _ders(path: Iterable[x509.Certificate]) -> tuple[bytes, ...]:
    return tuple(each.public_bytes(Encoding.DER) for each in path)


def _known(certificate: x509.Certificate, trusted: dict[bytes, list[x509.Certificate]]) -> bool:
    return certificate in trusted.get(certificate.subject.public_bytes(), ())


@lru_cache(maxsize=64)
def _trusted(ca_file: str, _stamp: int) -> dict[bytes, list[x509.Certificate]]:
    try:
        return _by_subject(x509.load_pem_x509_certificates(Path(ca_file).read_bytes()))
    except _UNREADABLE:
        return {}


def _by_subject(certificates: Iterable[x509.Certificate]) -> dict[bytes, list[x509.Certificate]]:
    """The newest of a name first: of two signatures on one key the one that lasts counts."""
    found: dict[bytes, list[x509.Certificate]] = {}
    for each in sorted(certificates, key=lambda each: each.not_valid_after_utc, reverse=True):
        found.setdefault(each.subject.public_bytes(), []).append(each)
    return found


def _read(ders: Iterable[bytes]) -> list[x509.Certificate]:
    found = []
    for der in ders:
        try:
            certificate = x509.load_der_x509_certificate(der)
            certificate.subject, certificate.issuer, certificate.not_valid_after_utc  # noqa: B018 - parsed lazily
            found.append(certificate)
        except _UNREADABLE:
            continue
    return found


def _issuer(of: x509.Certificate, among: dict[bytes, list[x509.Certificate]]) -> x509.Certificate | None:
    return next((each for each in among.get(of.issuer.public_bytes(), ()) if _signed(of, each)), None)


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except InvalidSignature:
        return False
    except _UNREADABLE:  # a key or signature of a kind that cannot be checked here; the names fit
        return True
    return True
