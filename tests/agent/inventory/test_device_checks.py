"""The one cell `snmp` of a site, and the checks that it adds beside the pings of the site's devices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from agent.errors import ConfigError, Fault
from agent.inventory.entities import Inventory
from agent.inventory.export import inventory_sheets
from agent.inventory.importing.propose import propose
from agent.inventory.load import load, load_with_shared
from agent.inventory.summary import module_remarks
from agent.model import Role, Target
from agent.text import Text
from tests.agent.inventory.fakes import WITH_DEVICES, DeviceOptions

MAIN = """
organisation: {{name: Huyện A, language: {language}}}
levels: [{{id: commune, name: {{vi: Xã}}}}]
units: [{{id: xa-a, name: Xã A, level: commune}}]
defaults: {{interval: 60s, timeout: 5s, profile: office}}
modules:
  ping: {{probe: icmp}}
  web: {{probe: http}}
{modules}
profiles:
  office:
    - {{id: uplink, name: Đường truyền, role: uplink, module: ping, address: "{{gateway}}", interval: 15s}}
    - {{id: switch, name: Bộ chuyển mạch, role: lan, module: ping, address: "{{switch}}", parents: [uplink],
       calendar: office}}
    - {{id: room, role: conference, module: ping, address: "{{room}}", parents: [uplink]}}
    - {{id: ups, role: device, module: ping, address: "{{ups}}"}}
{more}
include: [sites.d/*.csv, sites.d/*.yml]
"""
MODULE = "  snmp: {probe: snmp, credentials: {file: FOLDER/snmp-credentials.yml}}"
A_SITE = "sites: [{id: a, name: UBND xã A, unit: xa-a, slo: 99, %s}]"


def written(
    folder: Path, columns: str, more: str = "", *, modules: str = MODULE, language: str = "en", names: str = "commune"
) -> Path:
    (folder / "sites.d").mkdir(exist_ok=True)
    if names:
        (folder / "snmp-credentials.yml").write_text(names)
        (folder / "snmp-credentials.yml").chmod(0o600)
    main = folder / "sansang.yml"
    modules = modules.replace("FOLDER", str(folder))
    main.write_text(MAIN.format(language=language, modules=modules, more=more) + A_SITE % columns, encoding="utf-8")
    return main


def inventory(main: Path) -> Inventory:
    return load(main, WITH_DEVICES)


def targets(main: Path) -> Mapping[str, Target]:
    return {target.id: target for target in inventory(main).targets}


def faults(main: Path) -> list[Fault]:
    with pytest.raises(ConfigError) as refused:
        load(main, WITH_DEVICES)
    return list(refused.value.faults)


ALL = "gateway: 192.0.2.1, switch: 192.0.2.2, room: 192.0.2.3, ups: 192.0.2.4, snmp: commune"


def test_each_pinged_device_is_asked_too_behind_its_ping(tmp_path: Path) -> None:
    found = targets(written(tmp_path, ALL))
    assert [*found] == [
        "a/uplink", "a/uplink-snmp", "a/switch", "a/switch-snmp", "a/room", "a/ups", "a/ups-snmp",
    ]  # fmt: skip
    ping, target = found["a/switch"], found["a/switch-snmp"]
    assert (target.name, target.role) == ("UBND xã A: Bộ chuyển mạch (SNMP)", Role.DEVICE)
    assert (target.address, target.parents, target.module) == (ping.address, ("a/switch",), "snmp")
    assert isinstance(target.options, DeviceOptions)
    assert target.options.credential == "commune"
    assert (target.calendar, target.paths) == (ping.calendar, ping.paths)


def test_silence_of_snmp_breaks_no_promise_of_the_site_and_its_pace_is_the_sites(tmp_path: Path) -> None:
    found = targets(written(tmp_path, f"{ALL}, interval: 2m"))
    assert (found["a/uplink"].slo, found["a/uplink-snmp"].slo) == ("99", None)
    assert found["a/uplink"].policy.interval_ms == 15_000
    assert found["a/uplink-snmp"].policy.interval_ms == 120_000


def test_without_the_cell_nothing_is_asked(tmp_path: Path) -> None:
    assert not [id_ for id_ in targets(written(tmp_path, ALL.replace("snmp: commune", "snmp: ''"))) if "snmp" in id_]


def test_a_single_target_that_is_pinged_is_asked_too(tmp_path: Path) -> None:
    line = "targets: [{id: a/core, name: Tủ trung tâm, role: lan, module: ping, address: 192.0.2.9}]"
    found = targets(written(tmp_path, ALL, line))
    assert (found["a/core-snmp"].name, found["a/core-snmp"].parents) == ("Tủ trung tâm (SNMP)", ("a/core",))


def test_a_line_that_asks_the_address_already_takes_the_place_of_the_check_and_the_credential_of_the_site(
    tmp_path: Path,
) -> None:
    more = '    - {id: box, role: service, module: snmp, address: "{switch}"}'
    found = targets(written(tmp_path, ALL, more))
    assert "a/switch-snmp" not in found
    assert isinstance(found["a/box"].options, DeviceOptions)
    assert (found["a/box"].options.credential, found["a/box"].slo) == ("commune", "99")


@pytest.mark.parametrize("cell", ["Gi0/3 = Phòng họp; Gi0/4 = Một cửa", "Gi0/3: Phòng họp;Gi0/4:Một cửa;"])
def test_names_of_the_ports_of_a_sites_switch_stand_in_one_cell(cell: str, tmp_path: Path) -> None:
    main = written(tmp_path, ALL)
    sheet = tmp_path / "sites.d" / "diem.csv"
    sheet.write_text(
        f'tên;đơn vị;Router;Switch;SNMP;Tên cổng\nB;xa-a;192.0.2.21;192.0.2.22;commune;"{cell}"\n', encoding="utf-8"
    )
    found = {id_: target.options for id_, target in targets(main).items()}
    switch, uplink = found["b/switch-snmp"], found["b/uplink-snmp"]
    assert isinstance(switch, DeviceOptions)
    assert isinstance(uplink, DeviceOptions)
    assert (switch.ports, uplink.ports) == ({"Gi0/3": "Phòng họp", "Gi0/4": "Một cửa"}, {})
    ((exported, *_), _) = inventory_sheets(main, WITH_DEVICES, "vi")
    row = dict(zip(exported.header, exported.rows[1], strict=True))
    assert row["Tên cổng"] == "Gi0/3 = Phòng họp; Gi0/4 = Một cửa"


@pytest.mark.parametrize("text", ["Phòng họp", "3: a; 3: b", "= a", "3 =", "3 = a 4 = b", "3: a 4: b"])
def test_other_texts_are_no_names_of_ports(text: str, tmp_path: Path) -> None:
    (fault,) = faults(written(tmp_path, f'{ALL}, ports: "{text}"'))
    assert fault.path.startswith("sites[0].ports")


def test_a_colon_may_stand_in_the_name_of_a_port(tmp_path: Path) -> None:
    found = targets(written(tmp_path, f'{ALL}, ports: "1:3: Phòng họp; 1:4 = Phòng 2: A"'))
    options = found["a/switch-snmp"].options
    assert isinstance(options, DeviceOptions)
    assert options.ports == {"1:3": "Phòng họp", "1:4": "Phòng 2: A"}


def test_a_target_about_one_port_does_not(tmp_path: Path) -> None:
    more = '    - {id: port3, role: lan, module: snmp, address: "{switch}", port: Gi0/3}'
    found = targets(written(tmp_path, ALL, more))
    assert {"a/switch-snmp", "a/port3"} <= found.keys()
    assert load_with_shared(tmp_path / "sansang.yml", WITH_DEVICES)[1] == ()


def test_an_id_that_is_there_already_stays_what_it_is(tmp_path: Path) -> None:
    more = "targets: [{id: a/switch-snmp, role: portal, module: web, address: 'https://x.example/'}]"
    found = targets(written(tmp_path, ALL, more))
    assert found["a/switch-snmp"].probe == "http"


def test_one_address_is_asked_once(tmp_path: Path) -> None:
    found = targets(written(tmp_path, "gateway: 192.0.2.1, switch: 192.0.2.1, snmp: commune"))
    assert [id_ for id_ in found if "snmp" in id_] == ["a/uplink-snmp"]


_MODULE_LINE = "snmp: {probe: snmp, credentials: {file: /etc/sansang/snmp-credentials.yml}}"


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        (
            "vi",
            "có 1 điểm dùng cột SNMP nhưng chưa có mô-đun nào hỏi thiết bị qua SNMP",
            f"thêm dòng này vào mục modules: của tệp cấu hình chính: {_MODULE_LINE}",
        ),
        (
            "en",
            "the SNMP column is filled in (sites: 1), and no module asks devices by SNMP",
            f"add this line under modules: of the main file: {_MODULE_LINE}",
        ),
    ],
)
def test_without_a_module_the_line_to_add_is_told_at_the_cell(
    language: str, wrong: str, right: str, tmp_path: Path
) -> None:
    (fault,) = faults(written(tmp_path, ALL, modules="", language=language))
    assert (fault.path, fault.wrong, fault.right) == ("sites[0].snmp", wrong, right)
    main = written(tmp_path, ALL, modules="  " + _MODULE_LINE.replace("/etc/sansang", str(tmp_path)))
    assert "a/switch-snmp" in targets(main)


def test_of_several_modules_the_one_called_snmp_counts_and_without_it_the_choice_is_asked_for(tmp_path: Path) -> None:
    others = "\n".join(MODULE.replace("snmp:", f"{name}:", 1) for name in ("core", "edge"))
    (fault,) = faults(written(tmp_path, ALL, modules=others))
    assert (fault.path, fault.right) == ("sites[0].snmp", "give the one for this column the name snmp")
    assert "core, edge" in fault.wrong
    found = targets(written(tmp_path, ALL, modules=f"{others}\n{MODULE}"))
    assert found["a/switch-snmp"].module == "snmp"
    single = targets(written(tmp_path, ALL, modules=MODULE.replace("snmp:", "core:", 1)))
    assert single["a/switch-snmp"].module == "core"


def test_an_unknown_credential_is_a_fault_at_the_cell_that_tells_the_known_ones_and_not_what_was_typed(
    tmp_path: Path,
) -> None:
    found = faults(written(tmp_path, ALL.replace("commune", "s3cret-Community")))
    assert {fault.path for fault in found} == {"sites[0].snmp"}
    assert all("commune" in fault.right for fault in found)
    assert "s3cret" not in " ".join(map(str, found))


def test_a_sheet_that_holds_the_community_itself_tells_no_more(tmp_path: Path) -> None:
    main = written(tmp_path, ALL)
    sheet = tmp_path / "sites.d" / "diem.csv"
    sheet.write_text("tên;đơn vị;cổng mạng;Mã SNMP\nUBND xã B;xa-a;192.0.2.21;s3cret-Community\n", encoding="utf-8")
    (fault,) = faults(main)
    assert (fault.path, fault.line) == ("Mã SNMP", 2)
    assert "s3cret" not in str(fault)
    assert not fault.value
    outside = tmp_path / "diem.csv"
    sheet.rename(outside)
    with pytest.raises(ConfigError) as refused:
        propose(main, outside, WITH_DEVICES, "vi")
    assert "s3cret" not in str(refused.value)


def test_nor_does_one_with_a_column_of_the_profiles_own(tmp_path: Path) -> None:
    line = '    - {id: box, role: device, module: snmp, address: "{switch}", credential: "{key}"}'
    main, sheet = written(tmp_path, f"{ALL}, key: commune", line), tmp_path / "diem.csv"
    sheet.write_text("tên;đơn vị;bộ chuyển mạch;key\nUBND xã B;xa-a;192.0.2.22;s3cret-Community\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        propose(main, sheet, WITH_DEVICES, "vi")
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.path) == (str(sheet), 2, "key")
    assert "s3cret" not in f"{fault!r}"
    assert "key" not in inventory(main).sites[0].columns


@pytest.mark.parametrize("heading", ["SNMP", "Mã SNMP", "Khóa SNMP", "KHOÁ SNMP", "SNMP community"])
def test_headings_of_sheets(heading: str, tmp_path: Path) -> None:
    main = written(tmp_path, ALL)
    sheet = tmp_path / "sites.d" / "diem.csv"
    sheet.write_text(
        f"tên;đơn vị;Router;Địa chỉ IP bộ lưu điện;{heading}\nUBND xã B;xa-a;192.0.2.21;192.0.2.24;commune\n"
        "UBND xã C;xa-a;192.0.2.31;;không\n",
        encoding="utf-8",
    )
    found = targets(main)
    assert {"ubnd-xa-b/uplink-snmp", "ubnd-xa-b/ups-snmp"} <= found.keys()
    assert "ubnd-xa-c/uplink-snmp" not in found


@pytest.mark.parametrize("heading", ["UPS", "Bộ lưu điện", "Lưu điện", "IP UPS", "Lưu điện (IP)"])
def test_headings_of_power_supplies_where_a_profile_asks_for_them(heading: str, tmp_path: Path) -> None:
    main = written(tmp_path, ALL)
    sheet = tmp_path / "sites.d" / "diem.csv"
    sheet.write_text(f"tên;đơn vị;{heading}\nUBND xã B;xa-a;192.0.2.24\n", encoding="utf-8")
    assert targets(main)["ubnd-xa-b/ups"].address == "192.0.2.24"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_exported_sheet_has_the_column_and_changes_nothing_when_it_comes_back(language: str, tmp_path: Path) -> None:
    main = written(tmp_path, ALL)
    ((sheet, *_), _) = inventory_sheets(main, WITH_DEVICES, language)
    assert dict(zip(sheet.header, sheet.rows[0], strict=True))[{"vi": "Mã SNMP", "en": "SNMP"}[language]] == "commune"
    table = tmp_path / "out.csv"
    table.write_text("\n".join(";".join(row) for row in (sheet.header, *sheet.rows)), encoding="utf-8")
    assert not propose(main, table, WITH_DEVICES, language)


def test_a_file_of_credentials_that_cannot_be_used_stops_no_ping(tmp_path: Path) -> None:
    main = written(tmp_path, ALL)
    (tmp_path / "snmp-credentials.yml").chmod(0o644)
    read = inventory(main)
    (fault,) = read.unusable
    assert (fault.right, read.unread) == (f"chmod 600 {tmp_path}/snmp-credentials.yml", ())
    by_id = {target.id: target for target in read.targets}
    assert isinstance(by_id["a/switch-snmp"].options, DeviceOptions)
    assert by_id["a/switch-snmp"].options.credentials is None
    assert "a/switch" in by_id


def test_what_the_ledger_keeps_has_neither_the_cell_nor_a_secret(tmp_path: Path) -> None:
    main = written(tmp_path, ALL.replace("commune", "s3cret-Community"), names="")
    read = inventory(main)  # nobody can say yet that this is no name
    assert read.unusable
    assert "s3cret" not in read.content.decode()
    assert "s3cret" not in repr(read.sites)


def test_a_changed_secret_alone_makes_other_options(tmp_path: Path) -> None:
    before = inventory(written(tmp_path, ALL, names="commune"))
    after = inventory(written(tmp_path, ALL, names="commune other"))
    assert before.hash == after.hash
    pairs = zip(before.targets, after.targets, strict=True)
    assert [old.id for old, new in pairs if old.options != new.options] == [
        "a/uplink-snmp",
        "a/switch-snmp",
        "a/ups-snmp",
    ]


def test_what_is_good_to_know_of_a_module_is_told_once_and_of_those_that_targets_have_alone(tmp_path: Path) -> None:
    known = Text("nên biết", "good to know")
    registry = {**WITH_DEVICES, "snmp": replace(WITH_DEVICES["snmp"], remarks=lambda _options: (known,))}
    others = f"{MODULE}\n{MODULE.replace('snmp:', 'unused:', 1)}"
    assert module_remarks(load(written(tmp_path, ALL, modules=others), registry), registry) == (("snmp", known),)
    (tmp_path / "snmp-credentials.yml").unlink()
    assert module_remarks(load(tmp_path / "sansang.yml", registry), registry) == ()


def test_a_cell_without_effect_is_told(tmp_path: Path) -> None:
    read = inventory(written(tmp_path, "room: 192.0.2.3, snmp: commune"))
    (note,) = read.notes
    assert (note.path, note.wrong) == (
        "sites[0].snmp",
        "the SNMP column has no effect: no device of this site is pinged",
    )
    assert json.loads(read.content)["targets"][0]["id"] == "a/room"
