"""The web probe against a real nginx: certificates of every kind, HTTP/2, redirects, and paths that misbehave."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.model import Reason, ReasonCode
from agent.probes.http.reasons import HttpReason
from tests.agent.probes.http.asking import ADDRESS as LAB
from tests.agent.probes.http.asking import asking, facts, serving
from tests.peers.nginx.server import ADDRESS, HOSTS, HTTP, HTTP1_TLS, OLD_TLS, TLS, nginx
from tests.pki import HOST, pki

pytestmark = pytest.mark.peers

TRUST = {"ca_file": pki().ca_file}
NAMES = dict.fromkeys([*HOSTS.values(), "portal.example"], ADDRESS)


@pytest.fixture(scope="module")
def access_log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with nginx(tmp_path_factory.mktemp("nginx"), pki()) as log:
        yield log


CERTIFICATES = [
    ("good", Reason.OK),
    ("soon", Reason.CERTIFICATE_EXPIRING),
    ("expired", Reason.TLS_EXPIRED),
    ("future", Reason.TLS_NOT_YET_VALID),
    ("wrong_host", Reason.TLS_WRONG_NAME),
    ("no_chain", Reason.TLS_UNTRUSTED),
]


@pytest.mark.usefixtures("access_log")
@pytest.mark.parametrize(("kind", "reason"), CERTIFICATES)
async def test_certificates(kind: str, reason: ReasonCode) -> None:
    async with asking(NAMES) as asker:
        url = f"https://{HOSTS[kind]}:{TLS}/"
        result = await asker.ask(url, tls_config=TRUST, degraded={"certificate": "21d"}, body_matches="Đăng nhập")
    assert result.reason is reason, result.detail
    assert facts(result).tls_expiry_timestamp_seconds
    assert facts(result).tls_version == "TLSv1.3"


async def test_a_self_signed_one_of_another_name_has_both_faults(access_log: Path) -> None:
    async with asking(NAMES) as asker:
        result = await asker.ask(f"https://{HOSTS['self_signed']}:{TLS}/secret-path", tls_config=TRUST)
    assert result.reason is Reason.TLS_WRONG_NAME
    assert result.detail.startswith("tls_wrong_name, tls_self_signed")
    assert "secret-path" not in access_log.read_text(encoding="utf-8")


@pytest.mark.usefixtures("access_log")
@pytest.mark.parametrize(
    ("http2", "port", "version"),
    [("auto", TLS, 2.0), ("on", TLS, 2.0), ("off", TLS, 1.1), ("auto", HTTP1_TLS, 1.1)],
)
async def test_http_versions(http2: str, port: int, version: float) -> None:
    async with asking(NAMES) as asker:
        result = await asker.ask(f"https://good.example:{port}/", tls_config=TRUST, http2=http2, http_versions=version)
        demanding = await asker.ask(f"https://good.example:{port}/", tls_config=TRUST, http2=http2, http_versions="1.0")
    assert result.reason is Reason.OK, result.detail
    assert facts(result).http_version == version
    assert demanding.reason is HttpReason.BAD_VERSION


@pytest.mark.usefixtures("access_log")
async def test_tls_versions() -> None:
    async with asking(NAMES) as asker:
        url = f"https://good.example:{OLD_TLS}/"
        taken = await asker.ask(url, tls_config=TRUST)
        refused = await asker.ask(url, tls_config=TRUST | {"min_version": "TLS13"})
    assert taken.reason is Reason.OK
    assert facts(taken).tls_version == "TLSv1.2"
    assert refused.reason is Reason.TLS_FAILED
    assert "alert" in refused.detail


PATH_UP: list[tuple[str, dict[str, Any], ReasonCode, int | None]] = [
    ("/", {"body_matches": "Dịch vụ công"}, Reason.OK, 200),
    ("/", {"compression": "gzip", "body_matches": "Đăng nhập"}, Reason.OK, 200),
    ("/redirect", {"tls_config": TRUST, "tls": "required"}, Reason.OK, 200),
    ("/redirect", {}, Reason.TLS_UNTRUSTED, None),
    ("/loop", {}, HttpReason.TOO_MANY_REDIRECTS, 302),
    ("/503", {}, HttpReason.BAD_STATUS, 503),
    ("/503", {"status": [503], "body_matches": "bảo trì"}, Reason.OK, 503),
    ("/auth", {}, HttpReason.BAD_STATUS, 401),
    ("/empty", {}, Reason.CONNECTION_CLOSED, None),
    ("/trickle", {}, Reason.STALLED, 200),
    ("/slow", {}, Reason.TIMEOUT, None),
    ("/dead", {}, HttpReason.BAD_STATUS, 502),
]


@pytest.mark.usefixtures("access_log")
@pytest.mark.parametrize(("path", "options", "reason", "status"), PATH_UP)
async def test_paths(path: str, options: dict[str, Any], reason: ReasonCode, status: int | None) -> None:
    async with asking(NAMES) as asker:
        result = await asker.ask(f"http://portal.example:{HTTP}{path}", 2.0, **options)
    assert result.reason is reason, result.detail
    assert facts(result).status_code == status
    assert result.took_seconds < 2.5


async def test_credentials(access_log: Path, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("bi-mat", encoding="ascii")
    password.chmod(0o600)
    async with asking(NAMES) as asker:
        login = {"user": "canbo", "password": {"file": str(password)}}
        result = await asker.ask(f"http://portal.example:{HTTP}/auth", basic_auth=login)
    assert result.reason is Reason.OK
    for _ in range(100):  # nginx answers first and writes its log then
        if " - canbo " in access_log.read_text(encoding="utf-8"):
            return
        await asyncio.sleep(0.02)
    pytest.fail(access_log.read_text(encoding="utf-8"))


@pytest.mark.usefixtures("access_log")
async def test_the_wrong_protocol_at_the_right_port() -> None:
    async with asking(NAMES) as asker:
        clear_at_tls = await asker.ask(f"http://good.example:{TLS}/")
        tls_at_clear = await asker.ask(f"https://portal.example:{HTTP}/")
    assert (clear_at_tls.reason, facts(clear_at_tls).status_code) == (HttpReason.BAD_STATUS, 400)
    assert tls_at_clear.reason is Reason.TLS_REQUIRED


async def test_a_chain_signed_with_sha1(tmp_path: Path) -> None:
    """Made by openssl: the libraries at hand refuse to."""
    commands = [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 9 -subj /CN=ca -sha256",
        f"req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=leaf -addext subjectAltName=DNS:{HOST}",
        "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 2 -out leaf.pem -sha1 -copy_extensions=copy",
    ]
    for command in commands:
        subprocess.run(["openssl", *command.split()], cwd=tmp_path, check=True, capture_output=True, timeout=30)
    made = tmp_path / "made.pem"
    made.write_bytes((tmp_path / "leaf.key").read_bytes() + (tmp_path / "leaf.pem").read_bytes())
    weak = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    weak.set_ciphers("DEFAULT:@SECLEVEL=0")
    weak.load_cert_chain(made)
    async with serving(certificate=pki().good) as web, asking({HOST: LAB}) as asker:
        web.tls = weak
        result = await asker.ask(f"https://{HOST}:{web.port}/", tls_config={"ca_file": str(tmp_path / "ca.pem")})
    assert result.reason in (Reason.TLS_UNTRUSTED, Reason.TLS_FAILED), result.detail
    assert not web.seen
