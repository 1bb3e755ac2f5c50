"""What a client's flight tells from outside: recorded from OpenSSL itself, and bytes that are no flight."""

from __future__ import annotations

import contextlib
import ssl

import pytest

from agent.probes.tls.records import certificate_sent
from tests.pki import HOST, pki


def flights(version: ssl.TLSVersion, asked: bool, own: bool = False, curve: str = "") -> list[bytes]:
    """What a client sends in one handshake with a server that asks for a certificate, or does not."""
    context = pki().good.context()
    context.minimum_version = context.maximum_version = version
    if asked:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(pki().ca_file)
    if curve:
        context.set_ecdh_curve(curve)
    ours = ssl.create_default_context(cafile=pki().ca_file)
    if own:
        ours.load_cert_chain(pki().client.pem)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ours.wrap_bio(down, up, server_hostname=HOST)
    server = context.wrap_bio(up_in := ssl.MemoryBIO(), down, server_side=True)
    said: list[bytes] = []
    for _ in range(4):
        for side in (client, server):
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()
            if side is client and up.pending:
                said.append(up.read())
                up_in.write(said[-1])
    return said


@pytest.mark.parametrize(
    ("version", "curve"),
    [(ssl.TLSVersion.TLSv1_2, ""), (ssl.TLSVersion.TLSv1_3, ""), (ssl.TLSVersion.TLSv1_3, "secp521r1")],
    ids=["1.2", "1.3", "1.3, another group than offered"],
)
@pytest.mark.parametrize(("asked", "own"), [(False, False), (True, False), (True, True)])
def test_a_certificate_is_sent_where_the_server_asks(
    version: ssl.TLSVersion, curve: str, asked: bool, own: bool
) -> None:
    told = [certificate_sent(flight) for flight in flights(version, asked, own, curve)]
    assert [each for each in told if each is not None] == [asked]


@pytest.mark.parametrize("name", ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])
def test_lengths_of_finished(name: str) -> None:
    length = 4 + (48 if name.endswith("384") else 32) + 17
    assert certificate_sent(b"\x14\3\3\0\1\1\x17\3\3" + length.to_bytes(2, "big") + bytes(length)) is False


@pytest.mark.parametrize(
    "flight",
    [
        b"",
        b"\x14",
        b"\x14\3\3\0\1\1",
        b"\x16\3\3\0\0",
        b"\x16\3\1\0\5\1\0\0\1\0",
        b"\x15\3\3\0\2\2\x2a",
        b"\x17\3\3\0\x13" + bytes(19),
        b"CONNECT portal.example:443 HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_answer_to_a_hello(flight: bytes) -> None:
    assert certificate_sent(flight) is None
