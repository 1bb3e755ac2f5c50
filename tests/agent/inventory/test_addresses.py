"""What `validate` says of addresses that the real probes do not take: file, line and words, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.inventory.load import faults_and_unreadable, load
from agent.inventory.sources.files import Files
from agent.probes.registry import PROBES

INVENTORY = """\
organisation: {name: Xã thử}
levels: [{id: commune, name: {vi: Xã, en: Commune}}]
units: [{id: xa-a, name: Xã A, level: commune}]
modules:
  ping4: {probe: icmp, family: ip4}
  ping6: {probe: icmp, source: "2001:db8::77"}
  port: {probe: tcp, family: ip6}
  web: {probe: http, family: ip4}
  dns: {probe: dns, query_name: a.example, source: 192.0.2.77}
profiles:
  office:
    - {id: uplink, role: uplink, module: ping4, address: "{gateway}"}
sites:
  - {id: a, name: UBND xã A, unit: xa-a}
include: [sites.csv]
targets:
  - {id: a/one, name: a, role: service, module: ping6, address: 192.0.2.1}
  - {id: a/two, name: a, role: service, module: port, address: "192.0.2.1:80"}
  - {id: a/three, name: a, role: service, module: web, address: "http://[2001:db8::1]/"}
  - {id: a/four, name: a, role: service, module: dns, address: "2001:db8::1"}
  - {id: a/five, name: a, role: service, module: port, address: "portal.example:https"}
  - {id: a/six, name: a, role: service, module: port, address: "0.0.0.0:80"}
  - {id: a/seven, name: a, role: service, module: ping6, address: "fe80::7"}
  - {id: a/eight, name: a, role: service, module: port, address: "[febf::8]:80"}
  - {id: a/good, name: a, role: service, module: port, address: "[fe80::1%eth0]:80"}
paths:
  - {id: net, module: ping4, anchors: ["2001:db8::9", 198.51.100.1]}
"""
SHEET = "id,name,unit,profile,gateway\nb,UBND xã B,xa-a,office,2001:db8::5\n"
SIX = "an IPv4 address, but the module uses IPv6 alone, family: ip4 in the module, and no source of the other version"
FOUR = "an IPv6 address, but the module uses IPv4 alone, family: ip6 in the module, and no source of the other version"
THIS = "0.0.0.0 and :: mean this machine, whatever its address, 127.0.0.1 or ::1 for this machine"
LINK = "a link-local address without its interface"
ENGLISH = [
    f"sansang.yml:17:65: targets[0].address: {SIX}",
    f"sansang.yml:18:64: targets[1].address: {SIX}",
    f"sansang.yml:19:65: targets[2].address: {FOUR}",
    f"sansang.yml:20:64: targets[3].address: {FOUR}",
    "sansang.yml:21:65: targets[4].address: a port is a number, not a name, portal.example:443",
    f"sansang.yml:22:64: targets[5].address: {THIS}",
    f"sansang.yml:23:67: targets[6].address: {LINK}, fe80::7%eth0",
    f"sansang.yml:24:66: targets[7].address: {LINK}, febf::8%eth0",
    f"sansang.yml:27:40: paths[0].anchors[0]: {FOUR}",
    f"sites.csv:2:5: gateway '2001:db8::5': {FOUR}",
]
VIETNAMESE = [
    "targets[0].address: địa chỉ IPv4, nhưng mô-đun chỉ dùng IPv6, family: ip4 trong mô-đun, source không là IPv6",
    "targets[2].address: địa chỉ IPv6, nhưng mô-đun chỉ dùng IPv4, family: ip6 trong mô-đun, source không là IPv4",
    "targets[4].address: cổng phải viết bằng số, không viết bằng tên, portal.example:443",
    "targets[6].address: địa chỉ link-local phải ghi kèm tên cổng mạng của máy này, fe80::7%eth0",
    "targets[5].address: 0.0.0.0 và :: luôn trỏ về chính máy giám sát, 127.0.0.1 hoặc ::1 nếu đúng là máy này",
]


def faults(folder: Path, language: str, sheet: str = SHEET) -> list[str]:
    (folder / "sansang.yml").write_text(INVENTORY, encoding="utf-8")
    (folder / "sites.csv").write_text(sheet, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(folder / "sansang.yml", PROBES, language)
    return [str(fault).replace(f"{folder}/", "") for fault in refused.value.faults]


def test_addresses_against_the_family_and_others_are_named_with_their_line(tmp_path: Path) -> None:
    assert sorted(faults(tmp_path, "en")) == sorted(ENGLISH)


def test_in_vietnamese_too(tmp_path: Path) -> None:
    said = faults(tmp_path, "vi")
    assert [line for line in VIETNAMESE if not any(fault.endswith(line) for fault in said)] == []


@pytest.mark.parametrize(
    ("proxy", "options", "suits"),
    [
        ("[2001:db8::1]:3128", "family: ip4", False),
        ("192.0.2.1:3128", "family: ip6", False),
        ("192.0.2.1:3128", 'source: "2001:db8::2"', False),
        ("[fe80::1]:3128", "family: prefer_ip6", False),
        ("[2001:db8::1]:3128", "family: prefer_ip4", True),
        ("192.0.2.1:3128", "family: ip4", True),
        ("proxy.example:3128", "family: ip6", True),
    ],
)
def test_a_proxy_that_the_module_cannot_use_is_named(proxy: str, options: str, suits: bool, tmp_path: Path) -> None:
    head = INVENTORY.partition("modules:")[0]
    module = f'web: {{probe: http, {options}, proxy: {{url: "http://{proxy}"}}}}'
    rest = "targets: [{id: a/w, name: a, role: portal, module: web, address: portal.example}]"
    text = f"{head}modules: {{{module}}}\nsites: [{{id: a, name: A, unit: xa-a}}]\n{rest}\n"
    (tmp_path / "sansang.yml").write_text(text, "utf-8")
    told = faults_and_unreadable(tmp_path / "sansang.yml", PROBES, "en", Files())[0]
    wrong = [] if suits else [(4, "the module cannot use the proxy's address")]
    assert [(fault.line, fault.wrong) for fault in told] == wrong


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("http://192.0.2.1/", "a URL where a host belongs, 192.0.2.1"),
        ("192.0.2.l", "not an IPv4 address, 192.0.2.1"),
        ("192.0.2.01", "not an IPv4 address, four numbers from 0 to 255 without leading zeros"),
    ],
)
def test_the_address_that_a_cell_holds_is_named(cell: str, right: str, tmp_path: Path) -> None:
    said = faults(tmp_path, "en", SHEET.replace("2001:db8::5", cell))
    found = [fault for fault in said if fault.startswith("sites.csv")]
    assert found == [f"sites.csv:2:5: gateway '{cell}': {right}"]
