"""Test certificates: one trusted CA, and servers whose certificate is good or wrong in one way each."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "good.example"
NAMES = (HOST, "127.0.0.1", "*.wild.example")


@dataclass(frozen=True, slots=True)
class Server:
    """A server's certificate chain and key as one PEM file (what TcpListener and ssl take)."""

    pem: str
    chain: tuple[bytes, ...]  # DER, leaf first

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)
        return context


@dataclass(frozen=True, slots=True)
class Pki:
    """ca_file is what a client must trust; every server but `good` and `soon` fails verification for HOST."""

    ca_file: str
    good: Server
    soon: Server  # ends in 5 days
    expired: Server
    future: Server
    wrong_host: Server
    expired_wrong_host: Server
    self_signed: Server
    no_chain: Server  # issued by an intermediate that is not presented
    unknown_ca: Server
    client: Server  # a client certificate of the same CA


@cache
def pki() -> Pki:
    """Made once per test process, in a temporary folder of its own."""
    folder = Path(mkdtemp(prefix="pki-"))
    ca, other = trustme.CA(), trustme.CA()
    now = dt.datetime.now(dt.UTC)
    day = dt.timedelta(days=1)
    ca_file = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(ca_file))
    since, until = now - 60 * day, now - 30 * day
    return Pki(
        ca_file=str(ca_file),
        good=_issued(folder / "good.pem", ca.issue_cert(*NAMES)),
        soon=_issued(folder / "soon.pem", ca.issue_cert(*NAMES, not_after=now + 5 * day)),
        expired=_issued(folder / "expired.pem", ca.issue_cert(*NAMES, not_before=since, not_after=until)),
        future=_issued(folder / "future.pem", ca.issue_cert(*NAMES, not_before=now + 30 * day)),
        wrong_host=_issued(folder / "wrong-host.pem", ca.issue_cert("other.example")),
        expired_wrong_host=_issued(
            folder / "expired-wrong.pem", ca.issue_cert("other.example", not_before=since, not_after=until)
        ),
        self_signed=self_signed(folder / "self-signed.pem"),
        no_chain=_issued(folder / "no-chain.pem", ca.create_child_ca().issue_cert(*NAMES), leaf_only=True),
        unknown_ca=_issued(folder / "unknown-ca.pem", other.issue_cert(*NAMES)),
        client=_issued(folder / "client.pem", ca.issue_cert("client@example.org")),
    )


def _issued(path: Path, made: trustme.LeafCert, *, leaf_only: bool = False) -> Server:
    blobs = made.cert_chain_pems[:1] if leaf_only else made.cert_chain_pems
    certificates = [blob.bytes() for blob in blobs]
    path.write_bytes(made.private_key_pem.bytes() + b"".join(certificates))
    return Server(str(path), tuple(ssl.PEM_cert_to_DER_cert(pem.decode()) for pem in certificates))


def self_signed(
    path: Path, common_name: str = HOST, names: Sequence[str] = (HOST,), *, ca: bool = False, copies: int = 1
) -> Server:
    """A certificate that vouches for itself, or, as its own CA, for its server; in the file that many times."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365))
    )
    if ca:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), False)
    certificate = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM) * copies)
    return Server(str(path), (certificate.public_bytes(serialization.Encoding.DER),))
