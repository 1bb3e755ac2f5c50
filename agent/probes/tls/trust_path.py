"""Which certificates of a chain OpenSSL went by, worked out again where the library that spoke TLS does not tell.

Trust is not decided here: only a chain that has verified is read. The rules are those of x509_vfy.c: a trusted issuer
first, then one that was presented; the first trusted certificate ends the path (X509_V_FLAG_PARTIAL_CHAIN).
"""

from __future__ import annotations

import datetime as dt
import os
import re
from binascii import a2b_base64
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from agent.probes.tls.facts import MAX_CHAIN

_MAX_BYTES = 64 * 1024  # of a chain; the longest real ones are a tenth of it
_HOUR_MS = 3_600_000  # how long a path is remembered: of two issuers one may expire
_PEM = re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]+)-----END")
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)


def trust_path(presented: Sequence[bytes], ca_file: str, now_wall_ms: int) -> tuple[bytes, ...]:
    """DER certificates from the leaf to the trusted one; () where no way is found. OSError without the CA file."""
    chain = tuple(presented[:MAX_CHAIN])
    if not chain or sum(map(len, chain)) > _MAX_BYTES:
        return ()
    stamp = os.stat(ca_file).st_mtime_ns  # noqa: PTH116 - at each probe; a Path costs ten times it
    return _path(chain, ca_file, stamp, now_wall_ms // _HOUR_MS)


@lru_cache(maxsize=1024)
def _path(presented: tuple[bytes, ...], ca_file: str, stamp: int, hour: int) -> tuple[bytes, ...]:
    now = dt.datetime.fromtimestamp(hour * _HOUR_MS / 1000, dt.UTC)
    trusted = _trusted(ca_file, stamp)
    others = _by_subject(_read(presented[1:]))
    path = _read(presented[:1])
    while path and len(path) <= MAX_CHAIN:
        last = path[-1]
        if last.issuer == last.subject and _known(last, trusted):
            break
        if issuer := _issuer(last, trusted, now):
            path.append(issuer)
            break
        issuer = _issuer(last, others, now)
        if issuer is None or issuer in path:  # no way on; a leaf that is itself trusted vouches for all there is
            return _ders(path) if _known(path[0], trusted) else ()
        path.append(issuer)
    return _ders(path)


def _ders(path: Iterable[x509.Certificate]) -> tuple[bytes, ...]:
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in path)


def _known(certificate: x509.Certificate, trusted: dict[bytes, list[x509.Certificate]]) -> bool:
    return certificate in trusted.get(certificate.subject.public_bytes(), ())


@lru_cache(maxsize=64)
def _trusted(ca_file: str, _stamp: int) -> dict[bytes, list[x509.Certificate]]:
    """One certificate that cannot be read is no reason to lose the others."""
    return _by_subject(_read(_der(block[1]) for block in _PEM.finditer(Path(ca_file).read_bytes())))


def _der(text: bytes) -> bytes:
    """The certificate without what `openssl x509 -trustout` says behind it."""
    try:
        der = a2b_base64(text)
    except ValueError:
        return b""
    octets = der[1] & 0x7F if der[1:2] > b"\x80" else 0
    return der[: 2 + octets + (int.from_bytes(der[2 : 2 + octets]) if octets else der[1])] if der[1:] else der


def _by_subject(certificates: Iterable[x509.Certificate]) -> dict[bytes, list[x509.Certificate]]:
    by_subject: dict[bytes, list[x509.Certificate]] = {}
    for certificate in certificates:
        by_subject.setdefault(certificate.subject.public_bytes(), []).append(certificate)
    return by_subject


def _read(ders: Iterable[bytes]) -> list[x509.Certificate]:
    readable = []
    for der in ders:
        try:
            certificate = x509.load_der_x509_certificate(der)
            certificate.subject, certificate.issuer, certificate.not_valid_after_utc, certificate.not_valid_before_utc  # noqa: B018 - parsed lazily
            readable.append(certificate)
        except _UNREADABLE:
            continue
    return readable


def _issuer(
    of: x509.Certificate, among: dict[bytes, list[x509.Certificate]], now: dt.datetime
) -> x509.Certificate | None:
    """The first of its issuers that is valid, else the last to expire, as OpenSSL chooses.

    One whose signature cannot be checked here counts only where nobody else signed.
    """
    signed = {issuer: _signed(of, issuer) for issuer in among.get(of.issuer.public_bytes(), ())}
    issuers = [issuer for issuer, checked in signed.items() if checked]
    issuers = issuers or [issuer for issuer, checked in signed.items() if checked is None]
    valid = (issuer for issuer in issuers if issuer.not_valid_before_utc <= now <= issuer.not_valid_after_utc)
    return next(valid, None) or max(issuers, key=lambda issuer: issuer.not_valid_after_utc, default=None)


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool | None:
    """None: the key or the signature is of a kind that is unknown here."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except UnsupportedAlgorithm:
        return None
    except (InvalidSignature, *_UNREADABLE):  # TypeError and ValueError: the key is of another kind than the signature
        return False
    return True
