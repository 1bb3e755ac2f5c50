"""Kinds of certificates and servers, and what every probe that speaks TLS must say to each: a table of kind x probe."""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from agent.clock import SystemClock
from agent.model import Reason
from agent.probes.tls.facts import facts_of
from agent.probes.tls.options import TlsOptions, TlsVersion, context_for
from agent.probes.tls.trust_path import trust_path
from tests.agent.probes.tls.peers import PEERS, Peer
from tests.agent.probes.tls.test_tls import shake_hands
from tests.pki import Server

HOST = "portal.example"
DAY = dt.timedelta(days=1)
LIMIT_SECONDS = 21 * 86_400.0
BOTH_VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]
every_probe = pytest.mark.parametrize("peer", PEERS.values(), ids=PEERS.keys())


@dataclass(frozen=True)
class Issued:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def issue(
    name: str,
    issuer: Issued | None = None,
    *,
    days: int = 300,
    ca: bool = False,
    names: tuple[str, ...] = (),
    key: ec.EllipticCurvePrivateKey | None = None,
) -> Issued:
    """A certificate that ends in so many days; without an issuer it signs itself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 400 * DAY)
        .not_valid_after(now + days * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), False)
    return Issued(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def pem(*issued: Issued) -> bytes:
    return b"".join(each.certificate.public_bytes(Encoding.PEM) for each in issued)


@dataclass(frozen=True)
class World:
    """One authority with an intermediate, and what it and others issued; files lie in folder."""

    folder: Path
    root: Issued
    intermediate: Issued
    root_signed_again: Issued  # by another root, which has expired
    leaf: Issued
    underscore: Issued
    common_name: Issued
    device: Issued  # signs itself
    client: Issued
    expired_client: Issued
    strange_client: Issued

    def file(self, name: str, *issued: Issued, with_key: bool = False) -> str:
        key = issued[0].key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) if with_key else b""
        path = self.folder / name
        path.write_bytes(pem(*issued) + key)
        return str(path)

    def server(self, *chain: Issued) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file("server.pem", *chain, with_key=True))
        return context

    def trust(self, *trusted: Issued, client: Issued | None = None) -> TlsOptions:
        own = self.file("client.pem", client, with_key=True) if client else None
        ca_file = self.file(f"trusted-{'-'.join(str(each.certificate.serial_number) for each in trusted)}", *trusted)
        return TlsOptions(ca_file=ca_file, cert_file=own, key_file=own)


@cache
def world() -> World:
    root = issue("Root", ca=True, days=3000)
    intermediate = issue("Intermediate", root, ca=True, days=1000)
    older = issue("Older root", ca=True, days=-30)
    return World(
        Path(mkdtemp(prefix="tls-peers-")),
        root,
        intermediate,
        issue("Root", older, ca=True, days=-30, key=root.key),
        issue("portal", intermediate, names=(HOST, "*.wild.example")),
        issue("wild", intermediate, names=("*.wild.example",)),
        issue(HOST, intermediate),
        issue("device", names=(HOST,)),
        issue("agent", intermediate),
        issue("agent", intermediate, days=-1),
        issue("agent", issue("Stranger", ca=True)),
    )


# The server wants a certificate of ours


def demanding(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = world().server(world().leaf, world().intermediate)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=pem(world().root, world().intermediate).decode())
    context.minimum_version = context.maximum_version = version
    return context


@every_probe
@pytest.mark.parametrize("version", BOTH_VERSIONS, ids=["tls12", "tls13"])
@pytest.mark.parametrize("shown", ["none", "expired", "strange"])
async def test_a_refused_client_certificate_is_a_failed_handshake(
    peer: Peer, version: ssl.TLSVersion, shown: str
) -> None:
    client = {"none": None, "expired": world().expired_client, "strange": world().strange_client}[shown]
    run = await peer.run_bare(demanding(version), HOST, world().trust(world().root, client=client))
    assert (run.result.reason, run.heard) == (Reason.TLS_FAILED, b""), run.result.detail


@every_probe
@pytest.mark.parametrize("version", BOTH_VERSIONS, ids=["tls12", "tls13"])
async def test_a_good_client_certificate_is_taken(peer: Peer, version: ssl.TLSVersion) -> None:
    run = await peer.run(demanding(version), HOST, world().trust(world().root, client=world().client))
    assert run.result.reason is Reason.OK, run.result.detail


# What a ca_file means


@every_probe
@pytest.mark.parametrize("trusted", ["root", "intermediate", "leaf"])
async def test_every_certificate_in_ca_file_is_trusted_whatever_it_is(peer: Peer, trusted: str) -> None:
    chain = world().leaf, world().intermediate
    run = await peer.run(world().server(*chain), HOST, world().trust(getattr(world(), trusted)))
    assert run.result.reason is Reason.OK, run.result.detail


@every_probe
async def test_a_devices_own_certificate_in_ca_file_is_trusted(peer: Peer) -> None:
    run = await peer.run(world().server(world().device), HOST, world().trust(world().device))
    assert run.result.reason is Reason.OK, run.result.detail


@every_probe
async def test_a_devices_own_certificate_is_not_trusted_for_another_name(peer: Peer) -> None:
    run = await peer.run(world().server(world().device), "other.example", world().trust(world().device))
    assert (run.result.reason, run.heard) == (Reason.TLS_WRONG_NAME, b"")


@every_probe
async def test_the_chain_that_was_verified_is_judged_not_what_was_sent_beside_it(peer: Peer) -> None:
    """The root is sent once more as signed by a root that has expired: nobody needs that one."""
    server = world().server(world().leaf, world().intermediate, world().root_signed_again)
    run = await peer.run(server, HOST, world().trust(world().root), LIMIT_SECONDS)
    assert run.result.reason is Reason.OK, run.result.detail
    leaf_end = world().leaf.certificate.not_valid_after_utc.timestamp()
    presented_end = world().root_signed_again.certificate.not_valid_after_utc.timestamp()
    assert run.result.facts.tls_expiry_timestamp_seconds == leaf_end  # type: ignore[union-attr]
    assert run.result.facts.tls_presented_expiry_timestamp_seconds == presented_end  # type: ignore[union-attr]


@every_probe
async def test_a_verified_chain_that_ends_soon_degrades(peer: Peer) -> None:
    soon = issue("Soon", world().root, ca=True, days=5)
    leaf = issue("portal", soon, names=(HOST,))
    run = await peer.run(world().server(leaf, soon), HOST, world().trust(world().root), LIMIT_SECONDS)
    assert run.result.reason is Reason.CERTIFICATE_EXPIRING


# Names


@every_probe
async def test_nothing_leaves_for_a_certificate_with_a_common_name_alone(peer: Peer) -> None:
    server = world().server(world().common_name, world().intermediate)
    run = await peer.run(server, HOST, world().trust(world().root))
    assert (run.result.reason, run.heard) == (Reason.TLS_WRONG_NAME, b"")


@every_probe
@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("a.wild.example", Reason.OK),
        ("a_b.wild.example", Reason.OK),
        ("a.b.wild.example", Reason.TLS_WRONG_NAME),
        ("wild.example", Reason.TLS_WRONG_NAME),
    ],
)
async def test_a_wildcard_is_one_label_whatever_letters_it_has(peer: Peer, host: str, reason: Reason) -> None:
    server = world().server(world().underscore, world().intermediate)
    run = await peer.run(server, host, world().trust(world().root))
    assert run.result.reason is reason, run.result.detail


# The end of the connection


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"", Reason.OK),
        (b"Content-Length: 4\r\n", Reason.OK),
        (b"Content-Length: 400\r\n", Reason.CONNECTION_CLOSED),
        (b"Transfer-Encoding: chunked\r\n", Reason.CONNECTION_CLOSED),
    ],
    ids=["until the end", "whole", "short of its length", "short of the last chunk"],
)
async def test_a_body_may_end_without_close_notify_where_nothing_says_how_long_it_is(
    head: bytes, reason: Reason
) -> None:
    """Old servers close the connection without a word in TLS; against RFC 9112 section 9.8, with browsers."""
    body = b"4\r\npage\r\n" if b"chunked" in head else b"page"
    here, tls = world(), world().trust(world().root)
    answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + head + b"\r\n" + body
    run = await PEERS["http"].run_bare(here.server(here.leaf, here.intermediate), HOST, tls, answer)
    assert run.result.reason is reason, run.result.detail
    assert run.result.facts.close_notify_missing == (reason is Reason.OK and not head)  # type: ignore[union-attr]


# Facts


@pytest.mark.parametrize("name", ["tcp", "tcp-dialogue", "http"])
async def test_facts_are_those_of_the_modules_own_options(name: str) -> None:
    """Two modules ask one server, one of them no newer TLS than 1.2: each shows what it spoke, where its probe does."""
    peer, trust = PEERS[name], world().trust(world().root)
    server = world().server(world().leaf, world().intermediate)
    async with peer.serve(server) as (port, _):
        seen = []
        for newest in (TlsVersion.TLS13, TlsVersion.TLS12, TlsVersion.TLS13):
            result = await peer.ask(port, HOST, TlsOptions(ca_file=trust.ca_file, max_version=newest))
            seen.append(result.facts.tls_version)  # type: ignore[union-attr]
    assert seen == ["TLSv1.3", "TLSv1.2", "TLSv1.3"]


@pytest.mark.parametrize("trusted", ["root", "intermediate", "leaf", "root_signed_again"])
@pytest.mark.parametrize("sent", ["short", "whole", "with_root", "with_another_root", "disordered"])
def test_the_path_that_is_worked_out_is_the_one_that_openssl_went(trusted: str, sent: str) -> None:
    here = world()
    chain = {
        "short": (here.leaf,),
        "whole": (here.leaf, here.intermediate),
        "with_root": (here.leaf, here.intermediate, here.root),
        "with_another_root": (here.leaf, here.intermediate, here.root_signed_again),
        "disordered": (here.leaf, here.root, here.intermediate),
    }[sent]
    options = here.trust(getattr(here, trusted))
    server = Server(here.file("server.pem", *chain, with_key=True), ())
    try:
        seen = facts_of(shake_hands(context_for(options), server, HOST))
    except ssl.SSLCertVerificationError:
        return
    path = trust_path(
        [each.certificate.public_bytes(Encoding.DER) for each in chain], options.ca_file or "", SystemClock().wall_ms()
    )
    assert [x509.load_der_x509_certificate(der).subject for der in path]
    assert tuple(each.fingerprint for each in seen.verified) == tuple(
        x509.load_der_x509_certificate(der).fingerprint(hashes.SHA256()).hex() for der in path
    )
