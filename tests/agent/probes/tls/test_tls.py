from __future__ import annotations

import contextlib
import os
import random
import ssl
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent.model import Reason
from agent.probes.tls import certificate, options
from agent.probes.tls.certificate import Certificate, certificate_of
from agent.probes.tls.facts import TlsFacts, chain_of, facts_from_chain, facts_of
from agent.probes.tls.judge import (
    expires_within,
    faults_after,
    faults_of,
    names_match,
    reason_of,
    reason_of_code,
    wrong_name,
)
from agent.probes.tls.options import TlsOptions, context_for, inspection_context
from tests.pki import HOST, Server, pki

DAY = 86_400
NOW_SECONDS = 1_800_000_000
NOW_MS = NOW_SECONDS * 1000


def facts(**leaf: object) -> TlsFacts:
    good: dict[str, object] = {"names": (HOST,), "not_before": NOW_SECONDS - DAY, "not_after": NOW_SECONDS + DAY}
    return TlsFacts("TLSv1.3", "AES", (Certificate(**(good | leaf)),))  # type: ignore[arg-type]


def shake_hands(context: ssl.SSLContext, server: Server, host: str = HOST) -> ssl.SSLObject:
    """A handshake in memory."""
    pipes = [ssl.MemoryBIO() for _ in range(4)]
    client = context.wrap_bio(pipes[0], pipes[1], server_hostname=host)
    serving = server.context().wrap_bio(pipes[2], pipes[3], server_side=True)
    for _ in range(4):
        for side, sent, received in ((client, pipes[1], pipes[2]), (serving, pipes[3], pipes[0])):
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()
            received.write(sent.read())
    return client


# Certificates


def test_a_certificate_is_read() -> None:
    (leaf,) = facts_from_chain(pki().good.chain, "TLSv1.3", "AES").chain
    assert leaf.names == ("good.example", "*.wild.example", "127.0.0.1")
    assert (leaf.not_before, leaf.not_after) == (946684800, 32503680000)
    assert leaf.subject == leaf.issuer  # trustme names both after itself, but for an organisational unit
    assert not leaf.self_issued
    assert len(leaf.fingerprint) == 64
    assert certificate_of(pki().self_signed.chain[0]).self_issued


def test_hostile_certificates_never_raise() -> None:
    """Whatever a byte does, reading goes on: 3000 certificates with one to eight bytes changed, cut or doubled."""
    dice = random.Random(1)
    for _ in range(1500):
        for original in (pki().good.chain[0], pki().self_signed.chain[0]):
            der = bytearray(original)
            for _ in range(dice.randint(1, 8)):
                der[dice.randrange(len(der))] = dice.randrange(256)
            cut = dice.randrange(len(der)) if dice.random() < 0.2 else len(der)
            faults_of(facts_from_chain([bytes(der[:cut])], "", ""), HOST, NOW_MS)


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x00" * 100, os.urandom(2000), b"\x30\x84\xff\xff\xff\xff"])
def test_what_is_no_certificate_comes_out_empty(der: bytes) -> None:
    read = certificate_of(der)
    assert (read.subject, read.names, read.not_after) == ("", (), None)


def test_count_and_size_are_bounded() -> None:
    long_chain = facts_from_chain([pki().good.chain[0]] * 5000, "", "")
    assert len(long_chain.chain) == 10
    assert certificate_of(pki().good.chain[0] + b"\0" * 65_536) == Certificate()


def test_control_characters_are_shown_as_replaced() -> None:
    assert certificate._text("good.example\0.evil\n") == "good.example\ufffd.evil\ufffd"
    assert len(certificate._text("x" * 9000)) == 256


@pytest.mark.parametrize(
    "kind", ["good", "soon", "expired", "future", "wrong_host", "expired_wrong_host", "self_signed", "no_chain"]
)
def test_the_presented_chain_is_taken_from_the_private_object(kind: str) -> None:
    """Stands guard over `_sslobj.get_unverified_chain()`, which CPython 3.13 made public."""
    server: Server = getattr(pki(), kind)
    seen = facts_of(shake_hands(inspection_context(TlsOptions()), server))
    assert seen.chain == facts_from_chain(server.chain, "", "").chain
    assert (seen.version, seen.cipher) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384")


def test_from_3_13_on_the_public_way_is_taken() -> None:
    connection = SimpleNamespace(get_unverified_chain=lambda: [b"leaf", b"issuer"])
    assert chain_of(connection) == (b"leaf", b"issuer")  # type: ignore[arg-type]


# Judgement


@pytest.mark.parametrize(
    ("leaf", "faults"),
    [
        ({}, ()),
        ({"not_after": NOW_SECONDS - 1}, (Reason.TLS_EXPIRED,)),
        ({"not_before": NOW_SECONDS + 1}, (Reason.TLS_NOT_YET_VALID,)),
        ({"names": ("other.example",)}, (Reason.TLS_WRONG_NAME,)),
        ({"names": ()}, (Reason.TLS_WRONG_NAME,)),
        ({"self_issued": True}, (Reason.TLS_SELF_SIGNED,)),
        (
            {"not_after": NOW_SECONDS - 1, "names": (), "self_issued": True},
            (Reason.TLS_EXPIRED, Reason.TLS_WRONG_NAME, Reason.TLS_SELF_SIGNED),
        ),
        ({"not_after": None, "not_before": None}, ()),
    ],
)
def test_faults_of_the_leaf(leaf: dict[str, object], faults: tuple[Reason, ...]) -> None:
    assert faults_of(facts(**leaf), HOST, NOW_MS) == faults


def test_faults_after_a_failed_verification_are_never_empty() -> None:
    assert faults_after(Reason.TLS_UNTRUSTED, facts(), HOST, NOW_MS) == (Reason.TLS_UNTRUSTED,)
    assert faults_after(Reason.TLS_UNTRUSTED, TlsFacts("", ""), HOST, NOW_MS) == (Reason.TLS_UNTRUSTED,)
    both = faults_after(Reason.TLS_UNTRUSTED, facts(not_after=NOW_SECONDS - 1), HOST, NOW_MS)
    assert both == (Reason.TLS_EXPIRED, Reason.TLS_UNTRUSTED)
    assert faults_after(Reason.TLS_WRONG_NAME, facts(names=()), HOST, NOW_MS) == (Reason.TLS_WRONG_NAME,)


@pytest.mark.parametrize(
    ("names", "host", "matches"),
    [
        (("portal.example",), "portal.example", True),
        (("portal.example",), "PORTAL.Example.", True),
        (("*.example",), "portal.example", False),
        (("*.portal.example",), "a.portal.example", True),
        (("*.example",), "example", False),
        (("p*.example",), "portal.example", False),
        (("*",), "portal", False),
        (("portal.example\ufffd.evil",), "portal.example", False),
        (("xn--bcher-kva.example",), "bücher.example", True),
        (("192.0.2.1",), "192.0.2.1", True),
        (("*.0.2.1",), "192.0.2.1", False),
        (("2001:db8::1",), "2001:0db8::1", True),
        ((), "portal.example", False),
    ],
)
def test_names(names: tuple[str, ...], host: str, matches: bool) -> None:
    assert names_match(names, host) is matches


def test_expiry_is_the_earliest_of_the_chain() -> None:
    chain = (Certificate(not_after=NOW_SECONDS + 30 * DAY), Certificate(), Certificate(not_after=NOW_SECONDS + 5 * DAY))
    seen = TlsFacts("", "", chain)
    assert seen.expiry == NOW_SECONDS + 5 * DAY
    assert expires_within(seen, 6 * DAY, NOW_MS)
    assert not expires_within(seen, 4 * DAY, NOW_MS)
    assert expires_within(facts(not_after=NOW_SECONDS - 1), 1, NOW_MS)
    assert not expires_within(TlsFacts("", ""), 6 * DAY, NOW_MS)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (9, Reason.TLS_NOT_YET_VALID),
        (10, Reason.TLS_EXPIRED),
        (18, Reason.TLS_SELF_SIGNED),
        (19, Reason.TLS_UNTRUSTED),
        (20, Reason.TLS_UNTRUSTED),
        (21, Reason.TLS_UNTRUSTED),
        (62, Reason.TLS_WRONG_NAME),
        (64, Reason.TLS_WRONG_NAME),
        (66, Reason.TLS_UNTRUSTED),  # key too small
        (9999, Reason.TLS_UNTRUSTED),
    ],
)
def test_verification_codes(code: int, reason: Reason) -> None:
    assert reason_of_code(code) is reason


@pytest.mark.parametrize(
    ("kind", "host", "reason"),
    [
        ("expired", HOST, Reason.TLS_EXPIRED),
        ("future", HOST, Reason.TLS_NOT_YET_VALID),
        ("self_signed", HOST, Reason.TLS_SELF_SIGNED),
        ("no_chain", HOST, Reason.TLS_UNTRUSTED),
        ("unknown_ca", HOST, Reason.TLS_UNTRUSTED),
    ],
)
def test_openssl_refuses_with_our_reason(kind: str, host: str, reason: Reason) -> None:
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        shake_hands(context_for(TlsOptions(ca_file=pki().ca_file)), getattr(pki(), kind), host)
    assert reason_of(caught.value) is reason


@pytest.mark.parametrize(("kind", "host"), [("wrong_host", HOST), ("good", "127.0.0.2")])
def test_a_wrong_name_is_ours_to_see(kind: str, host: str) -> None:
    options = TlsOptions(ca_file=pki().ca_file)
    seen = facts_of(shake_hands(context_for(options), getattr(pki(), kind), host))
    assert wrong_name(options, seen, host)
    assert not wrong_name(TlsOptions(verify=False), seen, host)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Reason.TLS_REQUIRED),
        (b"220 mail.example ESMTP\r\n", Reason.TLS_REQUIRED),
        (b"\x15\x03\x03\x00\x02\x02\x28", Reason.TLS_FAILED),  # alert handshake_failure
        (b"\x16\x03\x03\x00\x04\x0e\x00\x00\x00", Reason.TLS_FAILED),  # a ServerHelloDone before any ServerHello
    ],
)
def test_other_handshake_errors(answer: bytes, reason: Reason) -> None:
    incoming = ssl.MemoryBIO()
    client = inspection_context(TlsOptions()).wrap_bio(incoming, ssl.MemoryBIO(), server_hostname=HOST)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    incoming.write(answer)
    incoming.write_eof()
    with pytest.raises(ssl.SSLError) as caught:
        client.do_handshake()
    assert reason_of(caught.value) is reason


def test_an_end_in_the_handshake_is_a_closed_connection() -> None:
    incoming = ssl.MemoryBIO()
    incoming.write_eof()
    client = inspection_context(TlsOptions()).wrap_bio(incoming, ssl.MemoryBIO(), server_hostname=HOST)
    with pytest.raises(ssl.SSLError) as caught:
        client.do_handshake()
    assert reason_of(caught.value) is Reason.CONNECTION_CLOSED


# Contexts


def test_a_context_is_built_once_per_policy() -> None:
    options = TlsOptions(ca_file=pki().ca_file)
    assert context_for(options) is context_for(TlsOptions(ca_file=pki().ca_file))
    assert context_for(options) is not context_for(TlsOptions(ca_file=pki().ca_file, verify=False))
    assert context_for(options).verify_mode is ssl.CERT_REQUIRED


def test_a_context_is_built_anew_when_its_file_changed(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(Path(pki().ca_file).read_bytes())
    options = TlsOptions(ca_file=str(ca_file))
    before = context_for(options)
    os.utime(ca_file, (1, 1))
    assert context_for(options) is not before


def test_the_machines_own_bundle_is_one_file() -> None:
    assert Path(options.default_ca_file()).is_file()
    assert context_for(TlsOptions()).get_ca_certs()


def test_a_ca_directory_does_not_count_and_no_bundle_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    monkeypatch.setattr(options, "_CA_FILES", ())
    with pytest.raises(FileNotFoundError, match="no CA bundle"):
        options.default_ca_file()


def test_an_encrypted_key_is_refused_not_asked_for(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization

    pem = Path(pki().client.pem).read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    locked = tmp_path / "key.pem"
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(ssl.SSLError):
        context_for(TlsOptions(verify=False, cert_file=pki().client.pem, key_file=str(locked)))
