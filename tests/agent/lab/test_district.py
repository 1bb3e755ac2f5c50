"""The simulated district as data: what it holds, and that nothing of it lies outside 127.0.0.0/8."""

from __future__ import annotations

import re
from collections import Counter
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from agent.errors import LabError
from agent.lab.district import MAX_COMMUNES, PATH, Ports, district
from agent.lab.names import NAMES, commune_name, identifier

LOOPBACK = IPv4Network("127.0.0.0/8")
SIZES = (1, 22, 35, 250, 251, MAX_COMMUNES)


@pytest.mark.parametrize("communes", SIZES)
def test_no_address_outside_loopback_and_none_twice(communes: int) -> None:
    addresses = [place.address for place in district(communes).hosts]
    assert all(address in LOOPBACK for address in addresses)
    assert len(set(addresses)) == len(addresses)
    assert all(0 < address.packed[3] < 255 for address in addresses)
    assert not any(address in IPv4Network("127.0.0.0/16") for address in addresses)  # the machine's own: 127.0.0.1


@pytest.mark.parametrize("communes", SIZES)
def test_every_name_and_id_is_there_once(communes: int) -> None:
    whole = district(communes)
    names = [place.name for place in whole.hosts]
    targets = [target for place in whole.hosts for target in place.targets]
    sites = [office.id for office in whole.sites]
    assert len(set(names)) == len(names)
    assert len(set(targets)) == len(targets)
    assert len(set(sites)) == len(sites) == communes + 2
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9-]+", target) for target in targets)


def test_the_default_is_22_communes_with_their_rooms() -> None:
    whole = district()
    assert [place.name for place in whole.hosts if place.name.startswith("room-")] == [
        "room-hall",
        *(f"room-{number:02}" for number in range(1, 23)),
    ]
    first = whole.communes[0]
    assert (first.id, first.unit, first.name) == ("ubnd-lang-cong", "xa-lang-cong", "UBND xã Lãng Công")
    assert [place.target for place in first.hosts] == [
        "ubnd-lang-cong/uplink",
        "ubnd-lang-cong/switch",
        "ubnd-lang-cong/pc",
        "ubnd-lang-cong/room",
        "ubnd-lang-cong/web",
        "ubnd-lang-cong/ups",
    ]
    assert [place.targets for place in first.hosts if place.device] == [
        (f"ubnd-lang-cong/{check}", f"ubnd-lang-cong/{check}-snmp") for check in ("uplink", "switch", "pc", "ups")
    ]
    assert Counter(place.service for place in whole.hosts if place.check == "room") == {
        "sip": 18,
        "h323": 5,
    }
    assert [place.name for place in whole.hosts if place.service == "dns"] == ["names", "zone"]
    assert {place.service for place in whole.data_centre.hosts} == {
        "https",
        "http",
        "smtp",
        "dns",
    }


def test_the_documented_counts_are_true() -> None:
    hosts = district().hosts
    targets = [target for place in hosts for target in place.targets]
    text = (Path(__file__).parents[3] / "docs" / "lab.md").read_text("utf-8")
    assert f"With 22 communes there are {len(hosts)} addresses and {len(targets)} targets." in text


def test_the_same_number_gives_the_same_district() -> None:
    assert district(30) == district(30)
    assert district(31).communes[:30] == district(30).communes


def test_a_name_of_any_kind_finds_its_places() -> None:
    whole = district(22)
    room = whole.find("room-07")
    assert room == whole.find("ubnd-don-nhan/room") == (whole.communes[6].hosts[3],)
    assert whole.find("ubnd-don-nhan") == whole.find("xa-don-nhan") == whole.communes[6].hosts
    assert whole.find("all") == whole.hosts
    assert len(whole.find("huyen-song-thao")) == len(whole.hall.hosts + whole.data_centre.hosts)
    behind = {place.site for place in whole.find(PATH)}
    assert behind == {"", *(office.id for office in whole.communes)}


@pytest.mark.parametrize("name", ["", "room-7", "ROOM-07", "room-23", "ubnd-don-nhan/", "127.100.7.10", "\x00"])
def test_a_name_that_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(LabError, match="neither a place"):
        district(22).find(name)


@pytest.mark.parametrize("communes", [-1, 0, MAX_COMMUNES + 1])
def test_a_district_of_no_size_is_refused(communes: int) -> None:
    with pytest.raises(LabError, match="1 to 1000"):
        district(communes)


def test_ports_without_privilege_are_above_1023_and_free_ones_are_zero() -> None:
    assert all(place.port > 1023 for place in district(3, Ports.HIGH).hosts if place.service != "none")
    assert all(place.port == 0 for place in district(3, Ports.FREE).hosts)


def test_ports_learnt_are_kept_where_they_belong() -> None:
    learnt = district(2, Ports.FREE).with_ports({"room-02": 40123, "one-stop": 40124})
    assert [place.port for place in learnt.find("room-02") + learnt.find("dc/one-stop")] == [40123, 40124]
    assert learnt.find("room-01")[0].port == 0


@pytest.mark.parametrize(
    ("name", "wanted"), [("Lãng Công", "lang-cong"), ("Đôn Nhân", "don-nhan"), ("Ngọc  Mỹ 2", "ngoc-my-2")]
)
def test_identifiers_are_ascii(name: str, wanted: str) -> None:
    assert identifier(name) == wanted


def test_names_beyond_the_list_are_numbered() -> None:
    assert commune_name(len(NAMES)) == f"{NAMES[0]} 2"
    assert len({identifier(commune_name(number)) for number in range(MAX_COMMUNES)}) == MAX_COMMUNES
