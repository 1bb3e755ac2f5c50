"""What a module of probe `snmp` may say, and what `sansang validate` remarks on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from agent.model import CheckSettings
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.credentials import Credentials
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.options import SnmpOptions, remarks, with_check

OWN = """
name: own-switch
source: "the maker's MIB"
verified: {verified}
objects:
  - {{name: ownTemperature, oid: 1.3.6.1.4.1.99999.1.1, type: gauge, help: "Temperature"}}
"""


def options(folder: Path, verified: str) -> SnmpOptions:
    own = folder / "own.yml"
    own.write_text(OWN.format(verified=verified), "utf-8")
    return TypeAdapter(SnmpOptions).validate_python({"objects": ["system", str(own)]})


@pytest.mark.parametrize(("verified", "named"), [("false", ("own-switch",)), ("true", ())])
def test_sets_that_nobody_compared_with_a_mib_or_a_device_are_remarked(
    verified: str, named: tuple[str, ...], tmp_path: Path
) -> None:
    found = remarks(options(tmp_path, verified))
    assert tuple(text.vi.rpartition(": ")[2] for text in found) == named
    assert tuple(text.en.rpartition(": ")[2] for text in found) == named


def test_every_set_of_the_package_was_compared_with_one() -> None:
    assert remarks(SnmpOptions()) == ()


def test_a_credential_that_is_not_there_is_told_with_its_file_in_the_words_of_each_language() -> None:
    core = SnmpCredential("core", "file /etc/a.yml: core", SnmpVersion.V2C, community=b"s3cret")
    given: tuple[dict[str, SnmpCredential], ...] = ({}, {"core": core})
    for entries in given:
        own = SnmpOptions(credentials=Credentials("file /etc/a.yml", entries))
        refused = with_check(own, CheckSettings(credential="commune"))

        assert isinstance(refused, tuple)
        assert refused[0].vi.endswith(" trong tệp /etc/a.yml")
        assert refused[0].en.endswith(" in file /etc/a.yml")
        assert "s3cret" not in f"{refused}"
