"""The lab's own authority: what it signs holds, what it keeps is kept."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from agent.errors import LabError
from agent.lab.certificates import EXPIRED, EXPIRING, GOOD, Authority, Validity
from tests.clock import TravellingClock

ADDRESS = IPv4Address("127.77.1.10")


def now(clock: TravellingClock) -> datetime:
    return datetime.fromtimestamp(clock.wall_ms() / 1000, UTC)


def verify(authority: Authority, certificate: Path, clock: TravellingClock) -> None:
    """As a TLS client does it."""
    ca = x509.load_pem_x509_certificate(authority.ca_file.read_bytes())
    leaf = x509.load_pem_x509_certificate(certificate.read_bytes())
    policy = PolicyBuilder().store(Store([ca])).time(now(clock))
    policy.build_server_verifier(x509.IPAddress(ADDRESS)).verify(leaf, [])


@pytest.mark.parametrize("validity", [GOOD, EXPIRING])
def test_a_certificate_holds_for_its_address(validity: Validity, tmp_path: Path) -> None:
    clock = TravellingClock()
    authority = Authority(tmp_path, clock)
    certificate, _ = authority.issue("one-stop", [ADDRESS], validity)
    verify(authority, certificate, clock)
    leaf = x509.load_pem_x509_certificate(certificate.read_bytes())
    assert abs(leaf.not_valid_after_utc - now(clock) - timedelta(days=validity.ends)) < timedelta(seconds=2)
    names = leaf.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    assert isinstance(names, x509.SubjectAlternativeName)
    assert names.get_values_for_type(x509.DNSName) == ["one-stop.lab"]


def test_an_expired_certificate_fails_for_that_alone(tmp_path: Path) -> None:
    clock = TravellingClock()
    authority = Authority(tmp_path, clock)
    certificate, _ = authority.issue("one-stop", [ADDRESS], EXPIRED)
    with pytest.raises(VerificationError, match="valid at"):
        verify(authority, certificate, clock)
    clock.step_wall(-2 * 86_400)
    verify(authority, certificate, clock)


def test_the_authority_outlives_the_run(tmp_path: Path) -> None:
    clock = TravellingClock()
    first = Authority(tmp_path, clock).ca_file.read_bytes()
    again = Authority(tmp_path, clock)
    assert again.ca_file.read_bytes() == first
    verify(again, again.issue("one-stop", [ADDRESS], GOOD)[0], clock)


@pytest.mark.parametrize("name", ["ca.pem", "ca.key"])
@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nhalf", None])
def test_a_broken_or_missing_file_makes_a_new_authority(name: str, content: bytes | None, tmp_path: Path) -> None:
    clock = TravellingClock()
    Authority(tmp_path, clock)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    fresh = Authority(tmp_path, clock)
    verify(fresh, fresh.issue("one-stop", [ADDRESS], GOOD)[0], clock)


def test_an_authority_near_its_end_is_replaced(tmp_path: Path) -> None:
    clock = TravellingClock()
    first = Authority(tmp_path, clock).ca_file.read_bytes()
    clock.step_wall(3600 * 86_400)
    assert Authority(tmp_path, clock).ca_file.read_bytes() != first


def test_keys_are_for_this_user_alone(tmp_path: Path) -> None:
    Authority(tmp_path / "pki", TravellingClock()).issue("one-stop", [ADDRESS], GOOD)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "pki").iterdir()}
    assert modes == dict.fromkeys(("ca.pem", "ca.key", "one-stop.pem", "one-stop.key"), 0o600)
    assert stat.S_IMODE((tmp_path / "pki").stat().st_mode) == 0o700


def test_a_place_that_cannot_be_written_is_an_error_for_people(tmp_path: Path) -> None:
    (tmp_path / "pki").write_text("a file")
    with pytest.raises(LabError, match="no certificates in"):
        Authority(tmp_path / "pki", TravellingClock())
