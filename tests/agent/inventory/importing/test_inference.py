"""What a clerk leaves out and can only be one thing is supplied and said; what could be two is asked for by cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.inventory.importing.proposal import ImportProposal, write
from agent.inventory.importing.propose import propose
from agent.inventory.load import load
from tests.agent.inventory.fakes import REGISTRY

MAIN = """
organisation: {name: Tỉnh thử, language: vi}
levels: [{id: province, name: {vi: Tỉnh, en: Province}}, {id: commune, name: {vi: Xã, en: Commune}}]
units: [{id: tinh, name: Tỉnh thử, level: province}, {id: xa-a, name: Xã A, level: commune, parent: tinh}]
modules: {ping: {probe: icmp}}
profiles: {tru-so: [{id: uplink, role: uplink, module: ping, address: "{gateway}"}]}
include: ["sites.d/*.yml"]
"""
CAMERA = '  camera: [{id: camera, role: device, module: ping, address: "{camera_ip}"}]\n'
TWO = MAIN.replace("profiles: {", "profiles:\n  ").replace('"{gateway}"}]}\n', '"{gateway}"}]\n' + CAMERA)


def proposed(tmp_path: Path, text: str, main: str = MAIN) -> ImportProposal:
    (tmp_path / "sansang.yml").write_text(main, encoding="utf-8")
    (tmp_path / "ds.csv").write_text(text, encoding="utf-8")
    return propose(tmp_path / "sansang.yml", tmp_path / "ds.csv", REGISTRY, "en")


def sites(proposal: ImportProposal) -> dict[str, tuple[str, str]]:
    """Unit and profile of each site by its id."""
    return {row["id"]: (row["unit"], row.get("profile", "")) for row in proposal.changes["sites"].added}


def test_a_sheet_of_names_and_addresses_is_enough(tmp_path: Path) -> None:
    names = ("UBND xã Đồng Ích", "Trạm y tế xã A", "UBND phường Tân An (cơ sở 2)", "Công an xã Đồng Ích - tầng 2")
    rows = "".join(f"{name};10.0.0.{number}\n" for number, name in enumerate(names, start=1))
    proposal = proposed(tmp_path, f"Tên điểm cầu;Router\n{rows}")
    units = [(row["id"], row["level"], row["parent"]) for row in proposal.changes["units"].added]
    assert units == [("xa-dong-ich", "commune", "tinh"), ("phuong-tan-an", "commune", "tinh")]
    assert [unit for unit, _ in sites(proposal).values()] == ["xa-dong-ich", "xa-a", "phuong-tan-an", "xa-dong-ich"]
    assert {profile for _, profile in sites(proposal).values()} == {"tru-so"}
    assert [said.to("en") for said in proposal.remarks] == [
        "Without a unit: 4 of the sites; taken from the site's name.",
        "Without a profile: 4 of the sites; tru-so is used.",
        "New units of level commune (2): Xã Đồng Ích, Phường Tân An.",
    ]


@pytest.mark.parametrize("written", ["Xã Đồng Ích", "Đồng Ích", "Dong Ich commune", "Thị trấn Đồng Ích"])
def test_a_unit_that_is_not_there_is_made_of_its_level(tmp_path: Path, written: str) -> None:
    (made,) = proposed(tmp_path, f"Tên;Xã;Router\nA;{written};10.0.0.1\n").changes["units"].added
    assert (made["name"], made["level"], made["parent"]) == (written, "commune", "tinh")


@pytest.mark.parametrize("name", ["Sông Mây", "Huyện Sông Mây", "UBND huyện Sông Mây", "Huyện khác"])
def test_the_usual_unit_is_above_new_communes_however_it_is_called(tmp_path: Path, name: str) -> None:
    district = f"units: [{{id: h, name: {name}, level: district}}]\ndefaults: {{unit: h}}\n"
    main = re.sub("units: .*\n", district, MAIN).replace("levels: [", "levels: [{id: district, name: {vi: Huyện}}, ")
    sheet = "Tên;Đơn vị;Router\nA;Huyện Sông Mây;10.0.0.1\nB;Xã Đồng Ích;10.0.0.2\n"
    made = proposed(tmp_path, sheet, main).changes["units"].added
    assert [(row["id"], row.get("parent")) for row in made if row["level"] == "commune"] == [("xa-dong-ich", "h")]
    assert len(made) == (2 if name == "Huyện khác" else 1)


@pytest.mark.parametrize("written", ["xa-b", "Huyện Lập Thạch"])
def test_an_id_or_a_level_that_is_not_there_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(ConfigError, match=r"ds.csv:2:2: Xã: unknown unit"):
        proposed(tmp_path, f"Tên;Xã;Router\nA;{written};10.0.0.1\n")


def test_the_only_unit_at_the_bottom_takes_what_says_nothing(tmp_path: Path) -> None:
    assert sites(proposed(tmp_path, "Tên;Router\nNhà văn hóa;10.0.0.1\n"))["nha-van-hoa"] == ("xa-a", "tru-so")


def test_a_name_that_could_belong_to_several_units_is_asked_for(tmp_path: Path) -> None:
    more = MAIN.replace("parent: tinh}]", "parent: tinh}, {id: xa-b, name: Xã B, level: commune, parent: tinh}]")
    with pytest.raises(ConfigError) as refused:
        proposed(tmp_path, "Tên;Router\nNhà văn hóa;10.0.0.1\nVăn phòng tỉnh;10.0.0.2\n", more)
    wrong = "the name 'Nhà văn hóa' does not say which unit it belongs to"
    right = "write it in a column 'unit'; one of: tinh, xa-a, xa-b"
    assert str(refused.value) == f"{tmp_path}/ds.csv:2: unit: {wrong}, {right}"


def test_the_profile_is_the_one_that_uses_the_addresses(tmp_path: Path) -> None:
    text = "Tên;Xã;Router;Camera IP;Mẫu\nA;xa-a;10.0.0.1;;\nB;xa-a;;10.0.0.2;\nC;xa-a;10.0.0.3;;Trụ sở\n"
    assert [profile for _, profile in sites(proposed(tmp_path, text, TWO)).values()] == ["tru-so", "camera", "tru-so"]
    people = text.replace("Mẫu", "SĐT").replace("0.1;;", "0.1;;912000111").replace("Trụ sở", "0912 000 222")
    assert [profile for _, profile in sites(proposed(tmp_path, people, TWO)).values()] == ["tru-so", "camera", "tru-so"]
    with pytest.raises(ConfigError, match=r"ds.csv:2:5: Mẫu: 'A' has no profile, so that nothing would"):
        proposed(tmp_path, "Tên;Xã;Router;Camera IP;Mẫu\nA;xa-a;10.0.0.1;10.0.0.2;\n", TWO)


def test_a_column_of_kinds_that_names_no_profile_is_about_something_else(tmp_path: Path) -> None:
    other = proposed(tmp_path, "Tên;Loại điểm;Router\nUBND xã A;Trụ sở UBND;10.0.0.1\n")
    assert sites(other) == {"ubnd-xa-a": ("xa-a", "tru-so")}
    assert ["column not used: Loại điểm" in str(note) for note in other.notes] == [True]
    assert sites(proposed(tmp_path, "Tên;Loại điểm;Router\nUBND xã A;Trụ sở;10.0.0.1\n")) == sites(other)
    with pytest.raises(ConfigError, match="unknown profile 'Trạm'"):
        proposed(tmp_path, "Tên;Loại điểm;Router\nUBND xã A;Trụ sở;10.0.0.1\nTrạm y tế xã A;Trạm;10.0.0.2\n")


def test_an_office_s_own_numbers_become_ids(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, "Mã;Tên;Xã;Router\nDC-01;A;xa-a;10.0.0.1\nĐC 02;B;xa-a;10.0.0.2\n")
    assert list(sites(proposal)) == ["dc-01", "dc-02"]
    assert "Written as ids are: 2 of the ids, such as dc-01 for DC-01." in [said.to("en") for said in proposal.remarks]


def test_the_same_name_in_two_units_makes_two_ids(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, "Tên;Xã;Router\nTrạm y tế;Xã A;10.0.0.1\nTrạm y tế;Xã B;10.0.0.2\n")
    assert list(sites(proposal)) == ["tram-y-te-xa-a", "tram-y-te-xa-b"]


def test_parents_may_stand_in_the_same_sheet_in_any_order(tmp_path: Path) -> None:
    levels = MAIN.replace("{id: commune, ", "{id: district, name: {vi: Huyện}}, {id: commune, ")
    text = "Tên;Cấp;Trực thuộc\nXã B;Xã;Huyện Lập Thạch\nHuyện Lập Thạch;Huyện;Tỉnh thử\n"
    parents = {row["id"]: row["parent"] for row in proposed(tmp_path, text, levels).changes["units"].added}
    assert parents == {"xa-b": "huyen-lap-thach", "huyen-lap-thach": "tinh"}


DEFAULTS = "defaults: {unit: tinh, profile: tru-so, calendar: office}\n"


def test_what_sites_have_by_default_is_not_written_into_every_row(tmp_path: Path) -> None:
    text = "Tên;Router;Lịch\nUBND xã A;10.0.0.1;\nPhòng máy chủ;10.0.0.2;\nTrực ban;10.0.0.3;always\n"
    proposal = proposed(tmp_path, text, MAIN + DEFAULTS)
    assert [line.strip() for line in proposal.text.splitlines()[1:]] == [
        '- {id: "ubnd-xa-a", name: "UBND xã A", unit: "xa-a", gateway: "10.0.0.1"}',
        '- {id: "phong-may-chu", name: "Phòng máy chủ", gateway: "10.0.0.2"}',
        '- {id: "truc-ban", name: "Trực ban", gateway: "10.0.0.3", calendar: "always"}',
    ]
    write(proposal)
    assert [(site.unit, site.calendar) for site in load(tmp_path / "sansang.yml", REGISTRY).sites] == [
        ("xa-a", "office"), ("tinh", "office"), ("tinh", "always"),
    ]  # fmt: skip
    assert not proposed(tmp_path, text, MAIN + DEFAULTS)
    assert not proposed(
        tmp_path, text.replace(";Lịch", "").replace(";always", "").replace(";\n", "\n"), MAIN + DEFAULTS
    )


def test_a_name_of_which_no_id_can_be_made_is_told_by_its_cell(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ds.csv:3:1: Tên '＊＊＊': no id, and none can be made from the name"):
        proposed(tmp_path, "Tên;Xã;Router\nA;xa-a;10.0.0.1\n＊＊＊;xa-a;10.0.0.2\n")
