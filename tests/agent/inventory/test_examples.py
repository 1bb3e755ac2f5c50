"""The examples load with the real probes, and count what they say they show."""

from __future__ import annotations

import ipaddress
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from agent.errors import ConfigError
from agent.inventory.entities import Inventory
from agent.inventory.importing.proposal import write
from agent.inventory.importing.propose import propose
from agent.inventory.load import load
from agent.inventory.summary import summarise
from agent.model import CheckSettings
from agent.probes.registry import PROBES

EXAMPLES = Path(__file__).parents[3] / "config" / "examples"
NAMES = sorted(folder.name for folder in EXAMPLES.iterdir())
DOCUMENTATION = [
    ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


def example(name: str) -> Inventory:
    return load(EXAMPLES / name / "sansang.yml", PROBES, "en")


def test_a_district_of_22_conference_points() -> None:
    figures = summarise(example("district-22"), PROBES)
    assert (figures.sites, figures.units, dict(figures.by_role)["conference"]) == (22, 21, 22)
    assert dict(figures.by_role)["lan"] == 18  # four old offices without a switch of their own


def test_a_district_of_33_rooms() -> None:
    inventory = example("district-33")
    figures = summarise(inventory, PROBES)
    assert (figures.sites, dict(figures.by_role)["conference"], dict(figures.by_role)["uplink"]) == (33, 33, 31)
    assert len([unit for unit in inventory.units if unit.level == "commune"]) == 30
    restricted = [site.id for site in inventory.sites if site.profile == "restricted-room"]
    assert restricted == ["cong-an-huyen-dai-lam", "ban-chi-huy-quan-su-huyen-dai-lam"]


def test_a_province_of_65_communes_without_districts() -> None:
    inventory = example("province-65")
    assert [level.id for level in inventory.levels] == ["province", "commune"]
    assert len([unit for unit in inventory.units if unit.level == "commune"]) == 65
    assert dict(summarise(inventory, PROBES).by_role)["conference"] == 66  # 65 rooms and the server they meet on


@pytest.mark.parametrize("name", NAMES)
def test_documentation_addresses_only(name: str) -> None:
    inventory = example(name)
    targets = [*inventory.targets, *(anchor for path in inventory.paths for anchor in path.anchors)]
    for host in (_host(target.address) for target in targets):
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            assert host.endswith(".example"), host
        else:
            assert any(address in net for net in DOCUMENTATION), host


def test_the_starter_has_no_anchors_that_count_and_its_offices_count_in_office_hours() -> None:
    inventory = example("starter")
    assert inventory.paths == ()
    assert {site.calendar for site in inventory.sites} == {"office"}
    assert {target.calendar for target in inventory.targets} == {"office"}


def test_the_starters_only_site_says_that_it_is_a_sample_and_one_file_takes_it_away(tmp_path: Path) -> None:
    inventory = example("starter")
    assert [(site.id, site.name[:3]) for site in inventory.sites] == [("mau-xoa-di", "MẪU")]
    assert {(one.owner, Path(one.place.file).name) for one in inventory.samples} == {
        (target.id, "mau-xoa-di.csv") for target in inventory.targets
    }


def test_a_clerks_sheet_goes_over_the_starter_with_names_and_addresses_alone(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "starter", tmp_path, dirs_exist_ok=True)
    config, sheet = tmp_path / "sansang.yml", tmp_path / "Danh sách điểm cầu.csv"
    rows = "".join(f"{n};UBND xã số {n};10.20.{n}.1;10.20.{n}.2;10.20.{n}.10;\n" for n in range(1, 23))
    sheet.write_text(f"STT;Tên;Cổng mạng;Bộ chuyển mạch;Điểm cầu;Ghi chú\n{rows}", "utf-8-sig")

    write(propose(config, sheet, PROBES))
    (tmp_path / "sites.d" / "mau-xoa-di.csv").unlink()

    inventory = load(config, PROBES)
    assert (len(inventory.sites), len(inventory.targets), inventory.samples) == (22, 66, ())
    assert {site.unit for site in inventory.sites} == {"don-vi"}
    assert {target.calendar for target in inventory.targets} == {"office"}


def test_the_starter_asks_devices_by_snmp_once_a_name_stands_in_the_column(tmp_path: Path) -> None:
    """As it is installed, with the first of the sample lines of its file of credentials."""
    shutil.copytree(EXAMPLES / "starter", tmp_path, dirs_exist_ok=True)
    config, sheet, secrets = tmp_path / "sansang.yml", tmp_path / "sites.d" / "a.csv", tmp_path / "snmp-credentials.yml"
    config.write_text(config.read_text("utf-8").replace("/etc/sansang/snmp", f"{tmp_path}/snmp"), "utf-8")
    secrets.chmod(0o600)
    assert (load(config, PROBES).unread, load(config, PROBES).unusable) == ((), ())

    header = (tmp_path / "sites.d" / "mau-xoa-di.csv").read_text("utf-8").splitlines()[0]
    sheet.write_text(f"{header}\na;UBND xã A;10.0.0.1;10.0.0.2;10.0.0.3;10.0.0.4;commune\n", "utf-8")
    with pytest.raises(ConfigError, match="commune"):
        load(config, PROBES)
    secrets.write_text(secrets.read_text("utf-8").replace("#commune", "commune"), "utf-8")

    before = load(config, PROBES)
    assert {target.id: target.name for target in before.targets if target.probe == "snmp"} == {
        "a/uplink-snmp": "UBND xã A: Đường truyền (SNMP)",
        "a/switch-snmp": "UBND xã A: Bộ chuyển mạch (SNMP)",
        "a/ups-snmp": "UBND xã A: Bộ lưu điện (SNMP)",
    }

    secrets.write_text(secrets.read_text("utf-8").replace("CHUỖI-BÍ-MẬT", "s3cret-Community"), "utf-8")
    after = load(config, PROBES)
    changed = [new.id for old, new in zip(before.targets, after.targets, strict=True) if old.options != new.options]
    assert changed == ["a/uplink-snmp", "a/switch-snmp", "a/ups-snmp"]  # a reload asks with the new one
    assert before.hash == after.hash
    assert "s3cret" not in f"{after.content.decode()} {after!r}"


def test_both_sample_credentials_of_the_starter_are_right(tmp_path: Path) -> None:
    lines = (EXAMPLES / "starter" / "snmp-credentials.yml").read_text("utf-8").splitlines()
    secrets = tmp_path / "snmp-credentials.yml"
    begun = next(index for index, line in enumerate(lines) if line.startswith("#commune"))
    secrets.write_text("\n".join(line.removeprefix("#") for line in lines[begun:]), "utf-8")
    secrets.chmod(0o600)
    model: Any = PROBES["snmp"].options
    options = TypeAdapter(model).validate_python({"credentials": {"file": str(secrets)}})
    for name in ("commune", "core"):
        taken = PROBES["snmp"].with_check(options, CheckSettings(credential=name))
        assert not isinstance(taken, tuple)


def test_the_starters_comments_are_examples_that_load(tmp_path: Path) -> None:
    """What a person fills in is right where the # before it is taken away, and nothing else."""
    shutil.copytree(EXAMPLES / "starter", tmp_path, dirs_exist_ok=True)
    config = tmp_path / "sansang.yml"
    text = config.read_text("utf-8").replace("  #- {id: xa-a", "  - {id: xa-a")
    text = re.sub(r"^#(paths:|targets:|  - |      address:)", r"\1", text, flags=re.MULTILINE)
    text = text.replace("MÃ-ĐIỂM", "mau-xoa-di").replace("ĐỊA-CHỈ-1", "10.0.0.1").replace("ĐỊA-CHỈ-2", "10.0.0.2")
    config.write_text(text.replace("ĐỊA-CHỈ", "motcua.gov.vn"), "utf-8")

    inventory = load(config, PROBES)

    assert [anchor.address for path in inventory.paths for anchor in path.anchors] == ["10.0.0.1", "10.0.0.2"]
    assert {target.paths for target in inventory.targets} == {("duong-ra",)}
    assert [target.address for target in inventory.targets if target.id == "mau-xoa-di/mot-cua"] == [
        "https://motcua.gov.vn/"
    ]
    assert [unit.id for unit in inventory.units] == ["don-vi", "xa-a"]


def _host(address: str) -> str:
    bare = re.sub(r"^https?://|/.*$", "", address)
    if bare.startswith("["):
        return bare[1:].partition("]")[0]
    return bare if bare.count(":") > 1 else bare.partition(":")[0]
