"""The lab's inventory is one that the agent takes, with the real probes."""

from __future__ import annotations

import stat
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.lab.certificates import Authority
from agent.lab.district import District, Ports, district
from agent.lab.inventory import LabFiles, inventory_yaml
from agent.lab.listeners.snmp import COMMUNITY
from agent.lab.snmp_credentials import write_credentials
from agent.model import Role
from agent.probes.registry import PROBES
from agent.probes.snmp.options import SnmpOptions
from tests.clock import TravellingClock

LOOPBACK = IPv4Network("127.0.0.0/8")


def loaded(whole: District, directory: Path, language: str = "vi") -> Inventory:
    ca_file = Authority(directory / "pki", TravellingClock()).ca_file
    path = directory / "inventory.yaml"
    path.write_text(
        inventory_yaml(
            whole, "127.0.0.1:10115", directory / "agent", LabFiles(ca_file, write_credentials(directory)), language
        ),
        encoding="utf-8",
    )
    return load(path, PROBES)


def host(address: str) -> IPv4Address:
    bare = urlsplit(address).hostname or "" if "//" in address else address.partition(":")[0]
    return IPv4Address(bare)


@pytest.mark.parametrize(
    ("communes", "ports"), [(1, Ports.USUAL), (22, Ports.USUAL), (22, Ports.HIGH), (40, Ports.HIGH)]
)
def test_the_agent_takes_it_and_probes_every_place(communes: int, ports: Ports, tmp_path: Path) -> None:
    whole = district(communes, ports)
    inventory = loaded(whole, tmp_path)
    assert {target.id for target in inventory.targets} == {target for place in whole.hosts for target in place.targets}
    found = {target.id: (host(target.address), target.role) for target in inventory.targets}
    expected = {place.target: (place.address, place.role) for place in whole.hosts if place.target}
    asked = {place.targets[1]: (place.address, Role.DEVICE) for place in whole.hosts if place.device}
    assert found == expected | asked
    assert len(inventory.sites) == communes + 2


def test_targets_have_vietnamese_names(tmp_path: Path) -> None:
    names = {target.id: target.name for target in loaded(district(4), tmp_path).targets}
    assert names["ubnd-lang-cong/uplink"] == "UBND xã Lãng Công: Đường truyền"
    assert names["ubnd-hai-luu/room"] == "UBND xã Hải Lựu: Phòng họp"
    assert names["dc/names"] == "Máy chủ tên miền"
    assert not [name for name in names.values() if name.isascii()]


def test_none_of_its_addresses_is_a_sample(tmp_path: Path) -> None:
    assert loaded(district(4), tmp_path).samples == ()


def test_every_service_is_probed_in_its_own_way(tmp_path: Path) -> None:
    modules = {target.id: target.module for target in loaded(district(4), tmp_path).targets}
    rooms = {modules[f"ubnd-{name}/room"] for name in ("lang-cong", "quang-yen", "bach-luu")}
    assert (rooms, modules["ubnd-hai-luu/room"]) == ({"sip_room"}, "h323_room")
    assert (modules["dc/names"], modules["dc/zone"]) == ("names", "zone")


def test_nothing_is_probed_outside_loopback(tmp_path: Path) -> None:
    inventory = loaded(district(22), tmp_path)
    anchors = [anchor.address for path in inventory.paths for anchor in path.anchors]
    assert len(anchors) == 2
    assert all(host(address) in LOOPBACK for address in [target.address for target in inventory.targets] + anchors)


def test_communes_lie_behind_the_path_and_rooms_behind_their_uplink(tmp_path: Path) -> None:
    inventory = loaded(district(22), tmp_path)
    for target in inventory.targets:
        inside = target.site in ("dc", "ubnd-huyen")
        assert target.paths == (() if inside else ("district-uplink",))
        behind = target.role in (Role.LAN, Role.CONFERENCE) or target.id.endswith(("/web", "/ups"))
        pinged = target.id.removesuffix("-snmp")
        parent = pinged if pinged != target.id else f"{target.site}/uplink" if behind else ""
        assert target.parents == ((parent,) if parent else ())


@pytest.mark.parametrize("ports", [Ports.USUAL, Ports.HIGH])
def test_devices_are_asked_by_snmp_behind_their_ping(ports: Ports, tmp_path: Path) -> None:
    whole = district(4, ports)
    targets = {target.id: target for target in loaded(whole, tmp_path).targets}
    devices = [place for place in whole.hosts if place.device]
    assert [place.name for place in devices] == [
        "gateway-hall",
        "switch-hall",
        *(f"{kind}-{number}" for number in ("01", "04") for kind in ("gateway", "switch", "pc", "ups")),
    ]
    for place in devices:
        asked = targets[place.targets[1]]
        assert (asked.probe, asked.parents) == ("snmp", (place.target,))
        assert isinstance(asked.options, SnmpOptions)
        assert asked.options.chosen() is not None
        assert COMMUNITY not in repr(asked)
    port = "" if ports is Ports.USUAL else ":1161"
    assert targets["ubnd-lang-cong/switch-snmp"].address == f"127.100.1.2{port}"


def test_the_credentials_are_for_their_owner_only(tmp_path: Path) -> None:
    assert stat.S_IMODE(write_credentials(tmp_path).stat().st_mode) == 0o600


def test_an_outage_is_certain_within_half_a_minute(tmp_path: Path) -> None:
    for target in loaded(district(1), tmp_path).targets:
        policy = target.policy
        sure_ms = policy.interval_ms + policy.fail_after * policy.confirm_interval_ms + policy.timeout_ms
        assert sure_ms <= 30_000


@pytest.mark.parametrize("language", ["vi", "en"])
def test_language_listen_and_storage_are_as_asked(language: str, tmp_path: Path) -> None:
    inventory = loaded(district(1), tmp_path, language)
    assert inventory.organisation.language == language
    assert inventory.listen == "127.0.0.1:10115"
    assert inventory.storage_path == str(tmp_path / "agent")
