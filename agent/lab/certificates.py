"""The lab's own certification authority: kept in the state directory, trusted by nobody outside the lab.

Its private keys protect nothing but simulated servers on loopback addresses.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from agent.clock import Clock
from agent.errors import LabError
from agent.explain.system_errors import system_text
from agent.text import Text

_CA_DAYS = 3650
_CA_LEAST_DAYS = 400  # an authority with less than this left is made anew


@dataclass(frozen=True, slots=True)
class Validity:
    """A certificate's life relative to now, in days."""

    begins: float
    ends: float


GOOD = Validity(-1, 365)
EXPIRING = Validity(-355, 10)
EXPIRED = Validity(-366, -1)

_NOT_STORED = Text("không tạo được chứng thư trong {place}: {why}", "no certificates in {place}: {why}")


class Authority:
    """Issues certificates that `ca_file` vouches for."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        """Load the authority in the directory, or make one there; raises LabError if it cannot be stored."""
        self._directory = directory
        self._now = datetime.fromtimestamp(clock.wall_ms() / 1000, UTC)
        self.ca_file = directory / "ca.pem"
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._certificate, self._key = self._load() or self._new()
        except OSError as error:
            raise LabError(_NOT_STORED.filled(place=directory, why=system_text(error))) from error

    def issue(self, name: str, addresses: Sequence[IPv4Address], validity: Validity) -> tuple[Path, Path]:
        """A certificate (followed by nothing: the authority signs directly) and its key, as files."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName(f"{name}.lab"), *map(x509.IPAddress, addresses)]
        certificate = (
            self._start(name, key.public_key(), validity)
            .issuer_name(self._certificate.subject)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_identifies(self._key), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return self._keep(name, certificate, key)

    def _load(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None:
        try:
            certificate = x509.load_pem_x509_certificate(self.ca_file.read_bytes())
            key = serialization.load_pem_private_key((self._directory / "ca.key").read_bytes(), None)
        except (FileNotFoundError, ValueError):  # not there, or written halfway
            return None
        fresh = certificate.not_valid_after_utc > self._now + timedelta(days=_CA_LEAST_DAYS)
        fits = isinstance(key, ec.EllipticCurvePrivateKey) and key.public_key() == certificate.public_key()
        return (certificate, key) if fresh and fits and isinstance(key, ec.EllipticCurvePrivateKey) else None

    def _new(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = "San Sang lab CA"
        certificate = (
            self._start(name, key.public_key(), Validity(-400, _CA_DAYS))
            .issuer_name(_named(name))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(_CA_USAGE, critical=True)
            .sign(key, hashes.SHA256())
        )
        self._keep("ca", certificate, key)
        return certificate, key

    def _start(self, name: str, key: ec.EllipticCurvePublicKey, validity: Validity) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now + timedelta(days=validity.begins))
            .not_valid_after(self._now + timedelta(days=validity.ends))
        )

    def _keep(self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> tuple[Path, Path]:
        pem = serialization.Encoding.PEM
        secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        files = self._directory / f"{name}.pem", self._directory / f"{name}.key"
        for path, content in zip(files, (certificate.public_bytes(pem), secret), strict=True):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        return files


_CA_USAGE = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _identifies(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
