"""Certificates as the web probe sees them: every fault told apart, the whole chain's facts also when refused."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from agent.lab.listeners.base import Misbehaviour
from agent.model import Reason, ReasonCode, Verdict
from agent.probes.http.options import HttpOptions
from agent.probes.http.reasons import HttpReason
from agent.probes.tls.options import TlsOptions
from tests.agent.probes.http.asking import ADDRESS, asking, facts, serving
from tests.pki import HOST, Server, pki, self_signed

TRUST = {"ca_file": pki().ca_file}
MONTH = 30 * 86400

FAULTS = [
    ("good", Reason.OK, ""),
    ("soon", Reason.OK, ""),
    ("expired", Reason.TLS_EXPIRED, "tls_expired"),
    ("future", Reason.TLS_NOT_YET_VALID, "tls_not_yet_valid"),
    ("wrong_host", Reason.TLS_WRONG_NAME, "tls_wrong_name"),
    ("expired_wrong_host", Reason.TLS_EXPIRED, "tls_expired, tls_wrong_name"),
    ("self_signed", Reason.TLS_SELF_SIGNED, "tls_self_signed"),
    ("no_chain", Reason.TLS_UNTRUSTED, "tls_untrusted"),
    ("unknown_ca", Reason.TLS_UNTRUSTED, "tls_untrusted"),
]


@pytest.mark.parametrize(("name", "reason", "named"), FAULTS)
async def test_faults(name: str, reason: ReasonCode, named: str) -> None:
    server: Server = getattr(pki(), name)
    leaf = x509.load_der_x509_certificate(server.chain[0])
    async with serving(certificate=server) as web, asking({HOST: ADDRESS}) as asker:
        result = await asker.ask(f"https://{HOST}:{web.port}/", tls_config=TRUST)
        again = await asker.ask(f"https://{HOST}:{web.port}/", tls_config=TRUST)
        open_eyed = await asker.ask(f"https://{HOST}:{web.port}/", tls_config={"verify": False})
    assert result.reason is again.reason is reason
    assert result.detail.startswith(named)
    assert open_eyed.reason is Reason.OK
    expiry = min(x509.load_der_x509_certificate(der).not_valid_after_utc for der in server.chain).timestamp()
    for each in (result, again, open_eyed):
        measured = facts(each)
        assert measured.tls == 1
        assert measured.tls_expiry_timestamp_seconds == expiry
        assert measured.tls_version == "TLSv1.3"
        assert measured.tls_cipher.startswith("TLS_")
        assert measured.subject
        assert dict(measured.phases)["connect"] > 0
    assert leaf.issuer
    assert len(web.seen) == (3 if reason is Reason.OK else 1)  # no request over a refused certificate


async def test_no_credentials_over_a_refused_certificate(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("the-bai", encoding="ascii")
    secret.chmod(0o600)
    async with serving(certificate=pki().expired) as web, asking({HOST: ADDRESS}) as asker:
        result = await asker.ask(f"https://{HOST}:{web.port}/", tls_config=TRUST, bearer={"file": str(secret)})
    assert result.reason is Reason.TLS_EXPIRED
    assert facts(result).status_code is None
    assert not web.seen
    assert web.connections == 1


LIMITS: list[tuple[str, dict[str, Any], ReasonCode, Verdict]] = [
    ("good", {"certificate": "21d"}, Reason.OK, Verdict.OK),
    ("soon", {"certificate": "21d"}, Reason.CERTIFICATE_EXPIRING, Verdict.DEGRADED),
    ("soon", {"certificate": "4d"}, Reason.OK, Verdict.OK),
]


@pytest.mark.parametrize(("name", "limits", "reason", "verdict"), LIMITS)
async def test_limits(name: str, limits: dict[str, Any], reason: ReasonCode, verdict: Verdict) -> None:
    async with serving(certificate=getattr(pki(), name)) as web, asking({HOST: ADDRESS}) as asker:
        result = await asker.ask(f"https://{HOST}:{web.port}/", tls_config=TRUST, degraded=limits)
        worse = await asker.ask(f"https://{HOST}:{web.port}/status/500", tls_config=TRUST, degraded=limits)
    assert (result.reason, result.verdict) == (reason, verdict)
    assert worse.reason is HttpReason.BAD_STATUS


async def test_names_and_addresses_in_the_certificate() -> None:
    wild = {"a.wild.example": ADDRESS, "a.b.wild.example": ADDRESS}
    async with serving("127.0.0.1", pki().good) as web, asking(wild | {"x": "127.0.0.1"}) as asker:
        by_address = await asker.ask(f"https://127.0.0.1:{web.port}/", tls_config=TRUST)
    async with serving(certificate=pki().good) as web, asking(wild) as asker:
        by_wildcard = await asker.ask(f"https://a.wild.example:{web.port}/", tls_config=TRUST)
        too_deep = await asker.ask(f"https://a.b.wild.example:{web.port}/", tls_config=TRUST)
        other_address = await asker.ask(f"https://{ADDRESS}:{web.port}/", tls_config=TRUST)
        by_option = await asker.ask(f"https://{ADDRESS}:{web.port}/", tls_config=TRUST | {"server_name": HOST})
    assert by_address.reason is by_wildcard.reason is by_option.reason is Reason.OK
    assert too_deep.reason is other_address.reason is Reason.TLS_WRONG_NAME
    assert web.seen[-1].headers["host"] == f"{ADDRESS}:{web.port}"


def _certificate(folder: Path, common_name: str, names: tuple[str, ...] = (), copies: int = 1) -> Server:
    """A self-signed certificate that may stand as its own CA."""
    return self_signed(folder / "made.pem", common_name, names, ca=True, copies=copies)


@pytest.mark.parametrize("common_name", [HOST, f"{HOST}\x00.evil.example"])
async def test_a_common_name_never_counts(common_name: str, tmp_path: Path) -> None:
    server = _certificate(tmp_path, common_name)
    async with serving(certificate=server) as web, asking({HOST: ADDRESS}) as asker:
        result = await asker.ask(f"https://{HOST}:{web.port}/", tls_config={"ca_file": server.pem})
    assert result.reason is Reason.TLS_WRONG_NAME
    assert "\x00" not in facts(result).subject


async def test_a_nul_in_an_alternative_name(tmp_path: Path) -> None:
    server = _certificate(tmp_path, "x", (f"{HOST}\x00.evil.example",))
    async with serving(certificate=server) as web, asking({HOST: ADDRESS}) as asker:
        result = await asker.ask(f"https://{HOST}:{web.port}/", tls_config={"ca_file": server.pem})
    assert result.reason is Reason.TLS_WRONG_NAME


async def test_a_chain_of_megabytes(tmp_path: Path) -> None:
    server = _certificate(tmp_path, "x", (HOST,), copies=1000)
    async with serving(certificate=server) as web, asking({HOST: ADDRESS}) as asker:
        result = await asker.ask(f"https://{HOST}:{web.port}/", tls_config={"ca_file": server.pem})
    assert result.reason is Reason.TLS_FAILED
    assert result.took_seconds < 1


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
async def test_old_versions() -> None:
    old = pki().good.context()
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    async with serving(certificate=pki().good) as web, asking({HOST: ADDRESS}) as asker:
        url = f"https://{HOST}:{web.port}/"
        only_13 = await asker.ask(url, tls_config=TRUST | {"max_version": "TLS12"})
        web.tls = old
        refused = await asker.ask(url, tls_config=TRUST)
        taken = await asker.ask(url, tls_config=TRUST | {"min_version": "TLS10"})
    assert only_13.reason is Reason.OK
    assert facts(only_13).tls_version == "TLSv1.2"
    assert refused.reason in (Reason.TLS_FAILED, Reason.CONNECTION_CLOSED)  # with an alert, or without
    assert taken.reason is Reason.OK


async def test_client_certificates() -> None:
    context = pki().good.context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(pki().ca_file)
    own = TRUST | {"cert_file": pki().client.pem, "key_file": pki().client.pem}
    async with serving(certificate=pki().good) as web, asking({HOST: ADDRESS}) as asker:
        web.tls = context
        with_it = await asker.ask(f"https://{HOST}:{web.port}/", tls_config=own)
        without = await asker.ask(f"https://{HOST}:{web.port}/", tls_config=TRUST)
    assert with_it.reason is Reason.OK
    assert without.reason in (Reason.TLS_FAILED, Reason.CONNECTION_CLOSED, Reason.CONNECTION_RESET)


async def test_a_policy_for_clear_or_secret() -> None:
    async with serving(certificate=pki().good) as web, serving() as clear, asking({HOST: ADDRESS}) as asker:
        url = f"https://{HOST}:{web.port}/"
        forbidden = await asker.ask(url, tls="forbidden", tls_config=TRUST)
        required = await asker.ask(url, tls="required", tls_config=TRUST)
        clear.routes["/up"] = b"HTTP/1.1 301 Up\r\nLocation: " + url.encode() + b"\r\nContent-Length: 0\r\n\r\n"
        upgraded = await asker.ask(f"http://{HOST}:{clear.port}/up", tls="required", tls_config=TRUST)
        in_clear = await asker.ask(f"https://{HOST}:{clear.port}/", tls_config=TRUST)
    assert forbidden.reason is HttpReason.TLS_UNEXPECTED
    assert required.reason is upgraded.reason is Reason.OK
    assert in_clear.reason is Reason.TLS_REQUIRED


async def test_the_certificate_in_use_is_seen_at_once() -> None:
    async with serving(certificate=pki().good) as web, asking({HOST: ADDRESS}) as asker:
        url = f"https://{HOST}:{web.port}/"
        before = await asker.ask(url, tls_config=TRUST)
        web.use_certificate(Path(pki().soon.pem), Path(pki().soon.pem))
        after = await asker.ask(url, tls_config=TRUST)
    assert (facts(before).tls_expiry_timestamp_seconds or 0) > (facts(after).tls_expiry_timestamp_seconds or 0)


async def test_two_authorities_side_by_side() -> None:
    async with serving(certificate=pki().good) as web, asking({HOST: ADDRESS}) as asker:
        url = f"https://{HOST}:{web.port}/"
        runs = [asker.ask(url, tls_config=TRUST if i % 2 else {}) for i in range(20)]
        reasons = [each.reason for each in await asyncio.gather(*runs)]
    assert reasons == [Reason.TLS_UNTRUSTED, Reason.OK] * 10


@pytest.mark.alone
async def test_a_stalled_handshake() -> None:
    async with (
        serving(certificate=pki().good, misbehaviour=Misbehaviour.SILENT) as web,
        asking({HOST: ADDRESS}) as asker,
    ):
        result = await asker.ask(f"https://{HOST}:{web.port}/", timeout=0.3)
    assert (result.reason, result.detail) == (Reason.TIMEOUT, "connected, no answer")
    assert dict(facts(result).phases)["tls"] == pytest.approx(0.3, abs=0.15)


@pytest.mark.parametrize(
    "tls",
    [
        TlsOptions(ca_file="/nonexistent/ca.pem"),
        TlsOptions(ca_file=pki().ca_file, cert_file="/nonexistent/c.pem", key_file="/nonexistent/c.pem"),
    ],
)
async def test_files_that_went_away_are_our_own_fault(tls: TlsOptions) -> None:
    async with serving(certificate=pki().good) as web, asking({HOST: ADDRESS}) as asker:
        result = await asker.ask_as(f"https://{HOST}:{web.port}/", HttpOptions(tls_config=tls))
    assert (result.reason, result.verdict) == (Reason.LOCAL_ERROR, Verdict.LOCAL_ERROR)
    assert not web.seen
