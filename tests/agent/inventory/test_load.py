"""From files to targets: who wins, what is left out, what lies behind which path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.inventory.locate import locate
from agent.inventory.summary import summarise
from agent.model import Policy, Role
from agent.probes.options import Secret
from agent.probes.registry import PROBES
from tests.agent.inventory.fakes import REGISTRY, IcmpOptions, WebOptions

DISTRICT = """
organisation: {name: Huyện Lập Thạch, language: vi, timezone: Asia/Ho_Chi_Minh, observer: local}
levels: [{id: district, name: {vi: Huyện, en: District}}, {id: commune, name: {vi: Xã, en: Commune}}]
units:
  - {id: lap-thach, name: Huyện Lập Thạch, level: district}
  - {id: xa-a, name: Xã A, level: commune, parent: lap-thach, code: "08881"}
  - {id: thon-1, name: Thôn 1, level: commune, parent: xa-a}
defaults: {interval: 60s, timeout: 5s, fail_after: 3, recover_after: 1, confirm_interval: 5s, reprobe_budget: 50/s}
modules:
  ping: {probe: icmp, packets: 4, interval: 30s, degraded: {loss: 5%}}
  web: {probe: http}
profiles:
  office:
    - {id: uplink, role: uplink, module: ping, address: "{gateway}"}
    - {id: switch, role: lan, module: ping, address: "{switch}", parents: [uplink]}
    - {id: page, name: Trang web, role: portal, module: web, address: "https://{host}.{zone}/", interval: 2m}
sites:
  - {id: a, name: UBND xã A, unit: xa-a, profile: office, calendar: office, slo: 99.0, interval: 20s, timeout: 2s,
     gateway: 192.0.2.1, switch: 192.0.2.2, location: [21.4, 105.4], contact: it}
  - {id: b, name: Nhà văn hóa, unit: thon-1, profile: office, switch: 192.0.2.3, host: www, zone: b.example}
  - {id: dc, name: Trung tâm dữ liệu, unit: lap-thach}
targets:
  - {id: dc/one-stop, name: Một cửa, role: one-stop, module: web, address: "https://motcua.example/", calendar: desk,
     slo: 99.50, parents: [a/uplink], grace: 7s}
paths:
  - {id: all, module: ping, anchors: [198.51.100.1, 203.0.113.1], behind: {sites: all, except: [dc]}, fail_after: 2}
  - {id: below-a, module: ping, anchors: [198.51.100.1, 203.0.113.2], behind: {units: [xa-a]}}
  - {id: named, module: ping, anchors: [198.51.100.1, 203.0.113.3], behind: {sites: [dc], units: [thon-1]}}
contacts: [{id: it, name: Bà B, phone: "0912 000 111"}]
listen: "[::1]:10115"
storage: {path: /srv/sansang}
probe_endpoint: {allow: [192.0.2.0/24, "2001:db8::/32"]}
"""


def loaded(folder: Path, text: str = DISTRICT, **files: str) -> Inventory:
    main = folder / "sansang.yml"
    main.write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return load(main, REGISTRY, "en")


def test_sites_times_profiles_are_targets_and_an_empty_column_leaves_its_check_out(tmp_path: Path) -> None:
    inventory = loaded(tmp_path)
    assert [target.id for target in inventory.targets] == ["a/uplink", "a/switch", "b/switch", "b/page", "dc/one-stop"]
    switch_a, switch_b = inventory.targets[1], inventory.targets[2]
    assert switch_a.parents == ("a/uplink",)
    assert switch_b.parents == ()  # b has no gateway, so no uplink to depend on
    page = inventory.targets[3]
    assert (page.address, page.name, page.probe) == ("https://www.b.example/", "Nhà văn hóa: Trang web", "http")
    assert isinstance(page.options, WebOptions)
    assert isinstance(switch_a.options, IcmpOptions)
    assert switch_a.options.packets == 4
    assert switch_a.options.degraded.loss == 0.05


def test_the_nearest_setting_wins_target_over_site_over_module_over_defaults(tmp_path: Path) -> None:
    uplink, _, switch_b, page, one_stop = loaded(tmp_path).targets
    assert uplink.policy == Policy(20_000, 2_000, 10_000, 3, 1, 5_000)  # interval and timeout of the site
    assert switch_b.policy == Policy(30_000, 5_000, 15_000, 3, 1, 5_000)  # interval of the module
    assert page.policy.interval_ms == 120_000  # of the check
    assert (one_stop.policy.interval_ms, one_stop.policy.grace_ms) == (60_000, 7_000)
    assert (uplink.calendar, uplink.slo) == ("office", "99.0")
    assert (one_stop.calendar, one_stop.slo, one_stop.role) == ("desk", "99.5", Role.ONE_STOP)


DEFAULTS = """
organisation: {name: Huyện thử}
levels: [{id: commune, name: {vi: Xã}}]
units: [{id: here, name: Ở đây, level: commune}, {id: there, name: Ở kia, level: commune}]
defaults: {unit: here, profile: office, calendar: office}
modules: {ping: {probe: icmp}}
profiles:
  office: [{id: uplink, role: uplink, module: ping, address: "{gateway}"}]
  desk: [{id: desk, role: service, module: ping, address: "{gateway}", calendar: always}]
sites:
  - {id: a, name: A, gateway: 10.0.0.1}
  - {id: b, name: B, unit: there, profile: desk, calendar: desk, gateway: 10.0.0.2}
  - {id: c, name: C, unit: null, profile: null, calendar: null, gateway: 10.0.0.3}
include: [more.csv]
"""


def test_defaults_say_unit_profile_and_calendar_of_sites_that_name_none(tmp_path: Path) -> None:
    inventory = loaded(tmp_path, DEFAULTS, more__csv="tên;cổng mạng\nD;10.0.0.4\n")

    assert {site.id: (site.unit, site.profile, site.calendar) for site in inventory.sites} == {
        "a": ("here", "office", "office"),
        "b": ("there", "desk", "desk"),
        "c": ("here", "office", "office"),
        "d": ("here", "office", "office"),
    }
    assert {target.id: target.calendar for target in inventory.targets} == {
        "a/uplink": "office",
        "b/desk": "always",
        "c/uplink": "office",
        "d/uplink": "office",
    }


def test_a_default_that_is_not_there_is_one_fault_at_its_place(tmp_path: Path) -> None:
    text = DEFAULTS.replace("{unit: here, profile: office,", "{unit: no, profile: bo,")

    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, text, more__csv="tên;cổng mạng\nD;10.0.0.4\n")

    assert [(fault.path, fault.line) for fault in refused.value.faults] == [
        ("defaults.unit", 5),
        ("defaults.profile", 5),
    ]


def test_paths_take_in_sites_and_whole_subtrees_of_units(tmp_path: Path) -> None:
    inventory = loaded(tmp_path)
    by_site = {target.site: target.paths for target in inventory.targets}
    assert by_site == {"a": ("all", "below-a"), "b": ("all", "below-a", "named"), "dc": ("named",)}
    anchor = inventory.paths[0].anchors[0]
    assert (anchor.id, anchor.site, anchor.unit, anchor.role) == ("path:all/198.51.100.1", "", "", Role.DEVICE)
    assert (anchor.policy.fail_after, anchor.policy.interval_ms) == (2, 30_000)


def test_everything_else_of_the_document_arrives(tmp_path: Path) -> None:
    inventory = loaded(tmp_path)
    assert (inventory.listen, inventory.storage_path) == ("[::1]:10115", "/srv/sansang")
    assert inventory.engine.reprobe_budget_per_second == 50.0
    assert inventory.probe_allow == ("192.0.2.0/24", "2001:db8::/32")
    assert inventory.levels[1].names == {"vi": "Xã", "en": "Commune"}
    assert inventory.units[1].code == "08881"
    assert inventory.sites[0].location == (21.4, 105.4)
    assert inventory.sites[0].columns == {"gateway": "192.0.2.1", "switch": "192.0.2.2"}
    assert inventory.contacts[0].phone == "0912 000 111"
    assert inventory.modules["ping"].policy.interval_ms == 30_000


def test_content_is_stable_and_holds_no_contacts(tmp_path: Path) -> None:
    first, second = loaded(tmp_path), loaded(tmp_path, DISTRICT.replace("{id: it, name: Bà B", "{name: Bà C, id: it"))
    assert first.content == second.content
    assert first.hash == second.hash
    assert len(first.hash) == 64
    assert b"0912" not in first.content
    assert json.loads(first.content)["targets"][0]["id"] == "a/uplink"
    changed = loaded(tmp_path, DISTRICT.replace("192.0.2.1,", "192.0.2.9,"))
    assert changed.hash != first.hash


def test_a_secret_is_read_and_shown_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANSANG_TEST_TOKEN", "hunter2canary")
    inventory = loaded(tmp_path, DISTRICT.replace("{probe: http}", "{probe: http, token: {env: SANSANG_TEST_TOKEN}}"))
    options = inventory.targets[-1].options
    assert isinstance(options, WebOptions)
    assert isinstance(options.token, Secret)
    assert options.token.reveal() == "hunter2canary"
    assert "hunter2canary" not in f"{inventory!r}{inventory.content.decode()}"
    assert b"environment SANSANG_TEST_TOKEN" in inventory.content


def test_included_files_are_read_in_order(tmp_path: Path) -> None:
    more = "sites: [{id: c, name: Điểm C, unit: xa-a, profile: office, gateway: 192.0.2.7}]\n"
    inventory = loaded(tmp_path, DISTRICT + 'include: ["*.more.yml", nothing-yet/*.csv]\n', a__more__yml=more)
    assert "c/uplink" in {target.id for target in inventory.targets}


def test_names_are_composed_whatever_the_keyboard(tmp_path: Path) -> None:
    decomposed = "Xa\u0303 A"
    assert loaded(tmp_path, DISTRICT.replace("name: Xã A", f"name: {decomposed}")).units[1].name == "Xã A"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_yaml_is_read_in_every_unicode_encoding(tmp_path: Path, encoding: str) -> None:
    main = tmp_path / "sansang.yml"
    main.write_bytes(DISTRICT.lstrip().encode(encoding))
    assert load(main, REGISTRY).units[1].name == "Xã A"


def test_ten_thousand_targets_load_in_seconds(tmp_path: Path) -> None:
    rows = "".join(f"s{n},Điểm {n},xa-a,office,192.0.2.{n % 250},198.51.100.{n % 250}\n" for n in range(5000))
    sheet = f"id,name,unit,profile,gateway,switch\n{rows}"
    inventory = loaded(tmp_path, DISTRICT + "include: [big.csv]\n", big__csv=sheet)
    assert len(inventory.targets) == 10_005
    assert summarise(inventory, PROBES).targets == 10_005


def test_a_plan_counts_what_will_be_probed(tmp_path: Path) -> None:
    figures = summarise(loaded(tmp_path), PROBES)
    assert figures.by_role == (("lan", 2), ("one-stop", 1), ("portal", 1), ("uplink", 1))
    assert figures.by_module == (("ping", 3), ("web", 2))
    assert figures.paths == (("all", 2, 4), ("below-a", 2, 4), ("named", 2, 3))
    assert figures.probes_per_minute == 3 + 3 + 2 + 0.5 + 1 + 6 * 2


def test_where_the_configuration_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SANSANG_CONFIG", raising=False)
    assert locate("given.yml") == Path("given.yml")
    assert locate(str(tmp_path)) == tmp_path / "sansang.yml"
    (tmp_path / "sansang.yml").touch()
    assert locate(None) == Path("sansang.yml")
    monkeypatch.setenv("SANSANG_CONFIG", "/srv/other.yml")
    assert locate(None) == Path("/srv/other.yml")
    assert locate("a" * 5000) == Path("a" * 5000)


def test_a_long_chain_of_parents_and_a_long_circle(tmp_path: Path) -> None:
    count = 1000
    lines = [
        f"  - {{id: dc/t{n}, role: lan, module: ping, address: 192.0.2.1, parents: [t{n + 1}]}}" for n in range(count)
    ]
    last = f"  - {{id: dc/t{count}, role: lan, module: ping, address: 192.0.2.1"
    chain = DISTRICT.replace("targets:\n", "targets:\n" + "\n".join(lines) + "\n" + last)
    assert len(loaded(tmp_path, chain.replace(last, last + "}\n")).targets) == count + 6
    with pytest.raises(ConfigError, match="circle"):
        loaded(tmp_path, chain.replace(last, last + ", parents: [t0]}\n"))


def test_a_source_address_is_kept_in_the_content_of_figures(tmp_path: Path) -> None:
    main = tmp_path / "sansang.yml"
    module = "  zone: {probe: dns, query_name: a.example, source: 192.0.2.7}"
    main.write_text(DISTRICT.replace("  web: {probe: http}", f"  web: {{probe: http}}\n{module}"), encoding="utf-8")
    content = json.loads(load(main, PROBES, "en").content)
    assert content["modules"]["zone"]["options"]["source"] == "192.0.2.7"
