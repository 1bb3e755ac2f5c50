"""The fields of one certificate, read from hostile bytes."""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

from agent.characters import printable

MAX_CERTIFICATE_BYTES = 64 * 1024
_MAX_NAMES = 4096
_MAX_TEXT = 256
_ADDRESS = re.compile(r"[0-9.]+|[0-9A-Fa-f.]*:.*")  # as a DNS name it is none (RFC 9110 section 4.3.4)
_CACHED_BYTES = 4096  # bounds each cache of certificates to 8 MiB of keys

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate as it came; what cannot be read is "" or None. Times are UTC seconds since 1970.

    Texts are of hostile origin, cut to 256 characters, control characters replaced.
    """

    subject: str = ""
    names: tuple[str, ...] = ()  # of the subject alternative name: DNS names, and addresses that stand as such
    issuer: str = ""
    not_before: int | None = None
    not_after: int | None = None
    fingerprint: str = ""  # SHA-256 of the DER, hex
    self_issued: bool = False


def der_of(pem: bytes) -> bytes:
    """The DER of one PEM certificate that OpenSSL wrote."""
    return _cached_der(pem) if len(pem) <= _CACHED_BYTES else ssl.PEM_cert_to_DER_cert(pem.decode("ascii"))


@lru_cache(maxsize=2048)
def _cached_der(pem: bytes) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem.decode("ascii"))


def certificate_of(der: bytes) -> Certificate:
    """Read one DER certificate; hostile bytes give an empty one, never an error."""
    if len(der) > MAX_CERTIFICATE_BYTES:
        return Certificate()
    return _cached_certificate(der) if len(der) <= _CACHED_BYTES else _read_certificate(der)


@lru_cache(maxsize=2048)
def _cached_certificate(der: bytes) -> Certificate:
    return _read_certificate(der)


def _read_certificate(der: bytes) -> Certificate:
    fingerprint = hashlib.sha256(der).hexdigest()
    parsed = _readable(lambda: x509.load_der_x509_certificate(der), None)
    if parsed is None:
        return Certificate(fingerprint=fingerprint)
    return Certificate(
        subject=_readable(lambda: _name(parsed.subject), ""),
        names=_readable(lambda: _alternative_names(parsed), ()),
        issuer=_readable(lambda: _name(parsed.issuer), ""),
        not_before=_readable(lambda: int(parsed.not_valid_before_utc.timestamp()), None),
        not_after=_readable(lambda: int(parsed.not_valid_after_utc.timestamp()), None),
        fingerprint=fingerprint,
        self_issued=_readable(lambda: parsed.issuer == parsed.subject, False),
    )


def _readable(read: Callable[[], T], otherwise: T) -> T:
    """One field of hostile bytes; cryptography parses lazily, so each access may refuse."""
    try:
        return read()
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm, Warning):
        return otherwise
    except (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return otherwise


def _name(name: x509.Name) -> str:
    """The common name, else the organisation, else the whole name."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return _text(str(attribute.value))
    return _text(name.rfc4514_string())


def _alternative_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    names = [_text(name) for name in extension.get_values_for_type(x509.DNSName) if not _ADDRESS.fullmatch(name)]
    names += [str(address) for address in extension.get_values_for_type(x509.IPAddress)]
    return tuple(names[:_MAX_NAMES])


def _text(text: str) -> str:
    """Bounded, and without control characters: a NUL inside a name must not end it."""
    return printable(text, _MAX_TEXT)
