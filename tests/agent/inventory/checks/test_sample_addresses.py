"""Addresses of documentation left in an inventory: which ones count, where they are, what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.inventory.checks.sample_addresses import SampleAddress, SampleKind, is_sample, sample_lines
from agent.inventory.load import load
from agent.probes.address import read_host
from agent.probes.registry import PROBES

EXAMPLES = Path(__file__).parents[4] / "config" / "examples"
HEAD = """\
organisation: {name: Xã A}
levels: [{id: commune, name: {vi: Xã}}]
units: [{id: xa-a, name: Xã A, level: commune}]
modules: {ping: {probe: icmp}, web: {probe: http}, port: {probe: tcp}, room: {probe: sip}}
profiles: {office: [{id: uplink, role: uplink, module: ping, address: "{gateway}"}]}
sites: [{id: a, name: A, unit: xa-a, profile: office, gateway: GATEWAY}]
"""


def samples(folder: Path, text: str) -> tuple[SampleAddress, ...]:
    path = folder / "sansang.yml"
    path.write_text(text, "utf-8")
    return load(path, PROBES).samples


@pytest.mark.parametrize("text", ["192.0.2.1", "198.51.100.255", "203.0.113.0", "2001:db8::5060", "3fff:1::1"])
def test_networks_of_documentation_are_samples(text: str) -> None:
    assert is_sample(read_host(text))


@pytest.mark.parametrize(
    "text",
    ["motcua.example", "HUYEN.Test", "a.invalid.", "example.com", "www.example.org", "example.net.", "xã.example"],
)
def test_names_of_documentation_are_samples(text: str) -> None:
    assert is_sample(read_host(text))


ADDRESSES = ["127.0.0.1", "127.40.1.1", "10.0.0.1", "192.0.3.1", "8.8.8.8", "::1", "2001:db9::1"]
NAMES = ["localhost", "test", "vinhphuc.gov.vn", "example.vn", "myexample.com", "test.vn"]


@pytest.mark.parametrize("text", [*ADDRESSES, *NAMES])
def test_what_a_machine_may_have_is_none(text: str) -> None:
    assert not is_sample(read_host(text))


@pytest.mark.parametrize(
    ("module", "address"),
    [
        ("web", "https://motcua.example:8443/a?b=10.0.0.1"),
        ("web", "http://[2001:db8::1]/"),
        ("port", "mail.example.com:993"),
        ("port", "[2001:db8::2]:25"),
        ("room", "192.0.2.7:5061"),
        ("ping", "192.0.2.8"),
    ],
)
def test_samples_inside_urls_and_beside_ports_are_found(module: str, address: str, tmp_path: Path) -> None:
    line = f'targets: [{{id: a/one, role: service, module: {module}, address: "{address}"}}]\n'

    (found,) = samples(tmp_path, HEAD.replace("GATEWAY", "10.0.0.1") + line)

    assert (found.kind, found.owner, found.address, found.place.line) == (SampleKind.TARGET, "a/one", address, 7)


def test_anchors_come_first_and_every_one_has_its_place(tmp_path: Path) -> None:
    paths = "paths: [{id: line, module: ping, anchors: [10.0.0.9, 198.51.100.1, 203.0.113.1]}]\n"

    found = samples(tmp_path, HEAD.replace("GATEWAY", "192.0.2.1") + paths)

    assert [(one.kind.value, one.owner, one.address) for one in found] == [
        ("anchor", "line", "198.51.100.1"),
        ("anchor", "line", "203.0.113.1"),
        ("site", "a/uplink", "192.0.2.1"),
    ]
    assert {one.place.file for one in found} == {str(tmp_path / "sansang.yml")}
    assert [(one.place.line, one.place.path) for one in found] == [
        (7, "paths[0].anchors[1]"),
        (7, "paths[0].anchors[2]"),
        (6, "sites[0].gateway"),
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_many_are_one_line_for_each_kind(language: str) -> None:
    found = load(EXAMPLES / "district-22" / "sansang.yml", PROBES).samples

    anchors, sites, targets = sample_lines(found, language)

    assert "(2): district-uplink 198.51.100.253 (sansang.yml:62), district-uplink 203.0.113.253" in anchors
    assert "(62): ubnd-huyen/uplink 192.0.2.1 (diem-cau.csv:2), " in sites
    assert ("và 59 địa chỉ nữa" if language == "vi" else "and 59 more") in sites
    assert "(4): ubnd-huyen/one-stop https://motcua.thach-son.example/ (sansang.yml:57), " in targets
    assert sample_lines((), language) == ()
