"""The file of credentials as people write it, lose it and break it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol, SnmpCredential
from agent.probes.snmp.credentials import Credentials
from agent.probes.snmp.message import SnmpVersion

USER = "user: u, auth: {auth}, auth_password: 12345678, privacy: {privacy}, privacy_password: 12345678"


def read(folder: Path, text: str) -> dict[str, SnmpCredential]:
    path = folder / "credentials.yml"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return dict(Credentials.parse({"file": str(path)}).entries)


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("1", SnmpVersion.V1),
        ("v1", SnmpVersion.V1),
        ("2", SnmpVersion.V2C),
        ("v2c", SnmpVersion.V2C),
        ("2C", SnmpVersion.V2C),
        ('"2c"', SnmpVersion.V2C),
    ],
)
def test_a_version_may_be_written_as_devices_call_it(written: str, version: SnmpVersion, tmp_path: Path) -> None:
    assert read(tmp_path, f"commune: {{version: {written}, community: x}}")["commune"].version is version


def test_protocols_may_be_written_as_devices_call_them(tmp_path: Path) -> None:
    core = read(tmp_path, f"core: {{version: v3, {USER.format(auth='SHA1', privacy='AES')}}}")["core"]
    assert (core.auth, core.privacy) == (AuthProtocol.SHA, PrivacyProtocol.AES128)


def test_names_may_share_an_entry(tmp_path: Path) -> None:
    entries = read(tmp_path, "a: &same {community: x}\nb: *same\n")
    assert [entry.community for entry in entries.values()] == [b"x", b"x"]


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_file_that_lost_its_content_is_like_a_missing_one(text: str, tmp_path: Path) -> None:
    with pytest.raises(PydanticCustomError, match="the file is empty"):
        read(tmp_path, text)


def test_a_file_of_comments_names_nothing_and_is_in_order(tmp_path: Path) -> None:
    assert read(tmp_path, "# commune: {community: x}\n") == {}


def test_half_a_character_is_refused_without_a_word_of_it(tmp_path: Path) -> None:
    with pytest.raises(PydanticCustomError, match="no short text") as caught:
        read(tmp_path, 'commune: {community: "very\\ud800secret"}')
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
