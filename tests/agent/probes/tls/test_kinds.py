"""More kinds of certificates for every probe that speaks TLS: names, files of authorities, chains that deceive."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from agent.clock import SystemClock
from agent.model import Reason
from agent.probes.resolver import Resolved
from agent.probes.tcp import probe
from agent.probes.tcp.dialogue import DialogueStep
from agent.probes.tcp.options import TcpOptions
from agent.probes.tls.judge import names_match
from agent.probes.tls.options import TlsOptions
from agent.probes.tls.trust_path import trust_path
from tests.agent.probes.tls.peers import ADDRESS, PEERS, Peer
from tests.agent.probes.tls.test_peers import (
    BOTH_VERSIONS,
    DAY,
    HOST,
    LIMIT_SECONDS,
    Issued,
    demanding,
    every_probe,
    issue,
    pem,
    world,
)
from tests.probing import run_probe

NAMES = [
    ("127.0.0.1", "127.0.0.1", Reason.TLS_WRONG_NAME),  # an address that stands as a DNS name
    ("*.0.0.1", "127.0.0.1", Reason.TLS_WRONG_NAME),
    ("*.example", HOST, Reason.TLS_WRONG_NAME),
    ("*.portal.example", "xn--cng-hya.portal.example", Reason.OK),
    ("p*.portal.example", "page.portal.example", Reason.TLS_WRONG_NAME),
    (f"{HOST}.", HOST, Reason.OK),
    (HOST.upper(), HOST, Reason.OK),
]


@every_probe
@pytest.mark.parametrize(("name", "host", "reason"), NAMES)
async def test_which_names_cover_a_host(peer: Peer, name: str, host: str, reason: Reason) -> None:
    leaf = issue("portal", world().intermediate, names=(name,))
    run = await peer.run(world().server(leaf, world().intermediate), host, world().trust(world().root))
    assert run.result.reason is reason, run.result.detail
    if reason is not Reason.OK:
        assert run.heard == b""
        assert not getattr(run.result.facts, "tls_verified", 0)


@every_probe
async def test_the_last_of_very_many_names_counts(peer: Peer) -> None:
    leaf = issue("portal", world().intermediate, names=(*(f"n{n}.example" for n in range(1500)), HOST))
    run = await peer.run(world().server(leaf, world().intermediate), HOST, world().trust(world().root))
    assert run.result.reason is Reason.OK, run.result.detail


@pytest.mark.parametrize("host", ["portal", "portal.", "portal.example"])
def test_a_wildcard_alone_covers_nothing(host: str) -> None:
    assert not names_match(("*", "*.", "*.example", "*.*"), host)


# A server that would hide that its chain ends soon


def _decoy(subject: str, key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey) -> x509.Certificate:
    """Of the same name as the true issuer, and good for years; its key has signed nothing."""
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]), dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(world().root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 9 * DAY)
        .not_valid_after(now + 900 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(world().root.key, hashes.SHA256())
    )


KEYS: dict[str, Callable[[], ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey]] = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
}


@every_probe
@pytest.mark.parametrize("kind", KEYS)
async def test_an_issuer_that_signed_nothing_hides_no_expiry(peer: Peer, kind: str) -> None:
    soon = issue("Soon", world().root, ca=True, days=5)
    leaf = issue("portal", soon, names=(HOST,))
    decoy = Issued(_decoy("Soon", KEYS[kind]()), soon.key)
    run = await peer.run(world().server(leaf, decoy, soon), HOST, world().trust(world().root), LIMIT_SECONDS)
    assert run.result.reason is Reason.CERTIFICATE_EXPIRING, run.result.detail
    end = soon.certificate.not_valid_after_utc.timestamp()
    assert run.result.facts.tls_expiry_timestamp_seconds == end  # type: ignore[union-attr]


@every_probe
@pytest.mark.parametrize("first", ["soon", "late"])
async def test_of_two_issuers_with_one_key_every_probe_goes_by_the_same(peer: Peer, first: str) -> None:
    """A root beside itself as another one signed it: the first that is valid counts."""
    other = issue("Other root", ca=True)
    soon = issue("Root", other, ca=True, days=10, key=world().root.key)
    expired = issue("Root", other, ca=True, days=-10, key=world().root.key)
    twins = (soon, world().root) if first == "soon" else (world().root, soon)
    server = world().server(world().leaf, world().intermediate)
    run = await peer.run(server, HOST, world().trust(expired, *twins), LIMIT_SECONDS)
    expected = Reason.CERTIFICATE_EXPIRING if first == "soon" else Reason.OK
    assert run.result.reason is expected, run.result.detail


# How a file of authorities may be written


def _trusted_form(root: bytes) -> bytes:
    command = ["openssl", "x509", "-trustout", "-addtrust", "serverAuth", "-setalias", "root"]
    return subprocess.run(command, input=root, capture_output=True, check=True).stdout


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda root: root,
    "with words": lambda root: "# Chứng thư gốc\nsubject=Root\n".encode() + root + b"\nno more\n",
    "lines of Windows": lambda root: root.replace(b"\n", b"\r\n"),
    "a byte order mark": lambda root: b"\xef\xbb\xbf" + root,
    "no last line end": lambda root: root.rstrip(),
    "blanks at the ends": lambda root: root.replace(b"\n", b" \n"),
    "an old label": lambda root: root.replace(b" CERTIFICATE", b" X509 CERTIFICATE"),
    "with its trust": _trusted_form,
    "twice, beside one that has expired": lambda root: root + pem(issue("Root", ca=True, days=-1)) + root,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["tcp", "http"])
async def test_forms_of_a_ca_file(name: str, form: str) -> None:
    path = world().folder / f"form-{sorted(FORMS).index(form)}.pem"
    path.write_bytes(FORMS[form](pem(world().root)))
    server = world().server(world().leaf, world().intermediate)
    run = await PEERS[name].run(server, HOST, TlsOptions(ca_file=str(path)))
    assert run.result.reason is Reason.OK, run.result.detail
    assert run.result.facts.tls_verified == 1  # type: ignore[union-attr]


def test_one_certificate_that_cannot_be_read_loses_no_other() -> None:
    path = world().folder / "odd.pem"
    odd = b"".join(
        b"-----BEGIN CERTIFICATE-----\n%b\n-----END CERTIFICATE-----\n" % each for each in (b"AAAA", b"M", b"")
    )
    path.write_bytes(odd + pem(world().root))
    chain = [each.certificate.public_bytes(Encoding.DER) for each in (world().leaf, world().intermediate)]
    assert len(trust_path(chain, str(path), SystemClock().wall_ms())) == 3


# A server that refuses a certificate of ours, or that we have none


@contextmanager
def _refusing(context: ssl.SSLContext, clear: bytes, delay: float, *, reset: bool) -> Iterator[int]:
    """Says so much in clear, a line for each that comes, and shakes hands; then resets the connection, or closes it."""
    listening, lines = socket.create_server((ADDRESS, 0)), clear.splitlines(keepends=True)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                with listening.accept()[0] as sock, contextlib.suppress(OSError):
                    for line in lines:
                        sock.sendall(line)
                        if line is not lines[-1]:
                            sock.recv(4096)
                    with context.wrap_socket(sock, server_side=True, suppress_ragged_eofs=False) as secured:
                        time.sleep(delay)
                        if reset:
                            secured.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@every_probe
@pytest.mark.parametrize("delay", [0.0, 0.2])
async def test_a_reset_where_a_certificate_was_asked_for_is_a_failed_handshake(peer: Peer, delay: float) -> None:
    context = demanding(ssl.TLSVersion.TLSv1_3)
    context.verify_mode = ssl.CERT_OPTIONAL
    with _refusing(context, b"", delay, reset=True) as port:
        result = await peer.ask(port, HOST, world().trust(world().root))
    assert result.reason is Reason.TLS_FAILED, result.detail


async def test_a_reset_where_none_was_asked_for_is_the_services_own_way_to_close() -> None:
    context = world().server(world().leaf, world().intermediate)
    with _refusing(context, b"", 0.0, reset=True) as port:
        result = await PEERS["tcp"].ask(port, HOST, world().trust(world().root))
    assert result.reason is Reason.OK, result.detail


@pytest.mark.parametrize("version", BOTH_VERSIONS, ids=["tls12", "tls13"])
@pytest.mark.parametrize("shown", ["none", "expired_client", "strange_client"])
async def test_a_client_certificate_that_is_refused_after_starttls(version: ssl.TLSVersion, shown: str) -> None:
    """What was said in clear before is no word of acceptance."""
    tls = world().trust(world().root, client=None if shown == "none" else getattr(world(), shown))
    options = TcpOptions(
        tls_config=tls,
        dialogue=(DialogueStep(expect="^220 mail", send="STARTTLS\r"), DialogueStep(expect="^220 go", starttls=True)),
    )
    with _refusing(demanding(version), b"220 mail\r\n220 go\r\n", 0.0, reset=False) as port:
        names = {HOST: Resolved(ADDRESS, stale=False, took_seconds=0.0)}
        result = await run_probe(probe.SPEC, f"{HOST}:{port}", options, names=names)
    assert result.reason is Reason.TLS_FAILED, result.detail
