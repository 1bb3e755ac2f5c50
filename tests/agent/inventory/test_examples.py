"""The examples load with the real probes, and count what they say they show."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path

import pytest

from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.inventory.plan import plan
from agent.probes.registry import PROBES

EXAMPLES = Path(__file__).parents[3] / "config" / "examples"
NAMES = sorted(folder.name for folder in EXAMPLES.iterdir())
DOCUMENTATION = [
    ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


def example(name: str) -> Inventory:
    return load(EXAMPLES / name / "sansang.yml", PROBES, "en")


def test_a_district_of_22_conference_points() -> None:
    figures = plan(example("district-22"))
    assert (figures.sites, figures.units, dict(figures.by_role)["conference"]) == (22, 21, 22)
    assert dict(figures.by_role)["lan"] == 18  # four old offices without a switch of their own


def test_a_district_of_33_rooms() -> None:
    inventory = example("district-33")
    figures = plan(inventory)
    assert (figures.sites, dict(figures.by_role)["conference"], dict(figures.by_role)["uplink"]) == (33, 33, 31)
    assert len([unit for unit in inventory.units if unit.level == "commune"]) == 30
    restricted = [site.id for site in inventory.sites if site.profile == "restricted-room"]
    assert restricted == ["cong-an-huyen-dai-lam", "ban-chi-huy-quan-su-huyen-dai-lam"]


def test_a_province_of_65_communes_without_districts() -> None:
    inventory = example("province-65")
    assert [level.id for level in inventory.levels] == ["province", "commune"]
    assert len([unit for unit in inventory.units if unit.level == "commune"]) == 65
    assert dict(plan(inventory).by_role)["conference"] == 66  # 65 rooms and the server they meet on


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


def _host(address: str) -> str:
    bare = re.sub(r"^https?://|/.*$", "", address)
    if bare.startswith("["):
        return bare[1:].partition("]")[0]
    return bare if bare.count(":") > 1 else bare.partition(":")[0]
