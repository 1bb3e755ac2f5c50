"""Which certificates of a chain OpenSSL went by, worked out again where the library that spoke TLS does not tell.

Trust is not decided here: only a chain that has verified is read. The rules are those of x509_vfy.c: a trusted issuer
first, then one that was presented; the first trusted certificate ends the path (X509_V_FLAG_PARTIAL_CHAIN).
"""

from __future__ import annotations

import os
import re
from binascii import a2b_base64
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from agent.probes.tls import MAX_CHAIN

_MAX_BYTES = 64 * 1024  # of a chain; the longest real ones are a tenth of it
_PEM = re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]+)-----END")
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)


def trust_path(presented: Sequence[bytes], ca_file: str) -> tuple[bytes, ...]:
    """DER certificates from the leaf to the trusted one; () where no way is found. OSError without the CA file."""
    chain = tuple(presented[:MAX_CHAIN])
    if not chain or sum(map(len, chain)) > _MAX_BYTES:
        return ()
    return _path(chain, ca_file, os.stat(ca_file).st_mtime_ns)  # noqa: PTH116 - at each probe; a Path costs ten times it


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
    """Who signed it; one whose signature cannot be checked here only where nobody else did."""
    signed = {each: _signed(of, each) for each in among.get(of.issuer.public_bytes(), ())}
    sure = (each for each, checked in signed.items() if checked)
    return next(sure, next((each for each, checked in signed.items() if checked is None), None))


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool | None:
    """None: the key or the signature is of a kind that is unknown here."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except UnsupportedAlgorithm:
        return None
    except (InvalidSignature, *_UNREADABLE):  # TypeError and ValueError: the key is of another kind than the signature
        return False
    return True
