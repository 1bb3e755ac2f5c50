"""What checks and targets say to their probes themselves: credential, port and names of ports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.inventory.load import load
from agent.model import CheckSettings, Role, Target
from agent.probes.registry import PROBES
from agent.probes.spec import takes_no_settings
from tests.agent.inventory.fakes import WITH_DEVICES, DeviceOptions

MAIN = """
organisation: {{name: Huyện A, language: {language}}}
levels: [{{id: commune, name: {{vi: Xã}}}}]
units: [{{id: xa-a, name: Xã A, level: commune}}]
modules:
  ping: {{probe: icmp}}
  snmp: {{probe: snmp, credentials: {{file: {credentials}}}, credential: commune}}
profiles:
  office:
    - {{id: switch, role: lan, module: ping, address: "{{switch}}"}}
{checks}
sites:
  - {{id: a, name: UBND xã A, unit: xa-a, profile: office, switch: 192.0.2.2{columns}}}
"""


def written(
    folder: Path, checks: str = "", columns: str = "", *, names: str = "commune core", language: str = "en"
) -> Path:
    credentials = folder / "snmp-credentials.yml"
    credentials.write_text(names)
    credentials.chmod(0o600)
    main = folder / "sansang.yml"
    lines = "\n".join(f"    - {{{check}}}" for check in checks.splitlines())
    main.write_text(
        MAIN.format(language=language, credentials=credentials, checks=lines, columns=columns), encoding="utf-8"
    )
    return main


def targets(main: Path) -> Mapping[str, Target]:
    return {target.id: target for target in load(main, WITH_DEVICES).targets}


def options(main: Path, target: str) -> DeviceOptions:
    read = targets(main)[target].options
    assert isinstance(read, DeviceOptions)
    return read


def faults(main: Path) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load(main, WITH_DEVICES)
    return [str(fault).replace(str(main.parent) + "/", "") for fault in refused.value.faults]


DEVICE = 'id: box, role: device, module: snmp, address: "{switch}"'


def test_a_check_overrides_the_options_of_its_module(tmp_path: Path) -> None:
    main = written(tmp_path, f"{DEVICE}, credential: core, port: 3, ports: {{3: Phòng họp, Gi0/4: Một cửa}}")
    read = options(main, "a/box")
    assert (read.credential, read.port) == ("core", "3")
    assert read.ports == {"3": "Phòng họp", "Gi0/4": "Một cửa"}


def test_without_settings_the_options_are_those_of_the_module(tmp_path: Path) -> None:
    assert options(written(tmp_path, DEVICE), "a/box").credential == "commune"


def test_settings_may_name_columns_of_the_site_and_without_them_the_check_is_left_out(tmp_path: Path) -> None:
    check = f'{DEVICE}, credential: "{{key}}", port: "{{room_port}}"'
    read = options(written(tmp_path, check, ', key: core, room_port: "Gi0/7"'), "a/box")
    assert (read.credential, read.port) == ("core", "Gi0/7")
    later = written(tmp_path, f"{check}\n{DEVICE.replace('box', 'other')}", ", key: core").read_text()
    (tmp_path / "sansang.yml").write_text(later + "  - {id: b, name: B, unit: xa-a, room_port: '1'}\n")
    assert "a/box" not in targets(tmp_path / "sansang.yml")


def test_a_column_that_no_site_has_is_a_fault_at_the_setting(tmp_path: Path) -> None:
    check = f'{DEVICE}, credential: "{{kye}}"'
    (fault,) = faults(written(tmp_path, check))
    assert fault.startswith("sansang.yml:11:78: profiles.office[1].credential: no site has a column 'kye'")


def test_whoever_asks_a_device_about_itself_has_the_role_of_one_unless_it_says_another(tmp_path: Path) -> None:
    asked = 'module: snmp, address: "{switch}"'
    found = targets(written(tmp_path, f"id: whole, {asked}\nid: port3, role: lan, {asked}, port: Gi0/3"))
    assert (found["a/whole"].role, found["a/port3"].role) == (Role.DEVICE, Role.LAN)


def test_a_module_may_stand_in_a_later_file_than_the_target_without_a_role(tmp_path: Path) -> None:
    main = written(tmp_path)
    text = main.read_text("utf-8")
    begin = text.index("  snmp: {")
    module = text[begin : text.index("\n", begin) + 1]
    target = "targets:\n  - {id: a/core, module: snmp, address: 192.0.2.9}\n"
    main.write_text(f"{text.replace(module, '')}{target}include: [later.yml]\n", "utf-8")
    (tmp_path / "later.yml").write_text(f"modules:\n{module}", "utf-8")
    assert targets(main)["a/core"].role is Role.DEVICE


@pytest.mark.parametrize(("language", "wrong"), [("en", "is missing"), ("vi", "thiếu")])
@pytest.mark.parametrize("module", ["ping", "[snmp]"])
def test_any_other_check_says_its_role(module: str, language: str, wrong: str, tmp_path: Path) -> None:
    found = faults(written(tmp_path, f'id: other, module: {module}, address: "{{switch}}"', language=language))
    assert any("profiles.office[1].role" in fault and wrong in fault for fault in found), found


@pytest.mark.parametrize(
    ("language", "wrong"),
    [
        ("vi", "phép dò của mô-đun này không dùng khóa này, bỏ khóa này, hoặc chọn mô-đun khác"),
        ("en", "the probe of this module takes no such key, leave it out, or name another module"),
    ],
)
@pytest.mark.parametrize("setting", ["credential: commune", "port: Gi0/3", "ports: {Gi0/3: Phòng họp}"])
def test_a_key_that_the_probe_does_not_know_is_a_fault_at_its_line(
    setting: str, language: str, wrong: str, tmp_path: Path
) -> None:
    check = f'id: other, role: lan, module: ping, address: "{{switch}}", {setting}'
    key = setting.partition(":")[0]
    found = faults(written(tmp_path, check, language=language))
    assert len(found) == 1
    assert found[0].startswith("sansang.yml:11:")
    assert found[0].endswith(f"profiles.office[1].{key}: {wrong}")


def test_the_setting_that_is_wrong_by_itself_is_named(tmp_path: Path) -> None:
    check = f"{DEVICE}, port: 3, credential: public-secret"
    (fault,) = faults(written(tmp_path, check))
    assert "profiles.office[1].credential: no such credential, one of: ['commune', 'core']" in fault
    assert "public-secret" not in fault


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [
        ("port: true", "not the name of a port"),
        ("port: ''", "not the name of a port"),
        (f"ports: {{3: {'x' * 33}}}", "the name of the port has 33 characters"),
        ("ports: [3]", "not a mapping"),
    ],
)
def test_a_port_is_a_text_or_a_number_and_its_name_short(setting: str, wrong: str, tmp_path: Path) -> None:
    assert any(wrong in fault for fault in faults(written(tmp_path, f"{DEVICE}, {setting}")))


def test_the_stored_form_tells_the_port_and_no_credential(tmp_path: Path) -> None:
    main = written(tmp_path, f"{DEVICE}, port: Gi0/3, credential: core")
    document = json.loads(load(main, WITH_DEVICES).content)
    assert [target.get("port") for target in document["targets"]] == [None, "Gi0/3"]
    assert "core" not in json.dumps(document)


def test_every_probe_of_the_agent_but_snmp_takes_no_settings() -> None:
    for name, spec in PROBES.items():
        refused = spec.with_check is takes_no_settings
        assert refused is (name != "snmp")
    assert not CheckSettings()
