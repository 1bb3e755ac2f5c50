"""The list comes again: under another name, renamed, filtered, with an address twice. No history ends by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.inventory.importing.lists import ImportAnswers
from agent.inventory.importing.proposal import ImportProposal, write
from agent.inventory.importing.propose import propose
from agent.inventory.load import load
from tests.agent.inventory.fakes import REGISTRY

MAIN = """
organisation: {name: Huyện thử, language: vi}
levels: [{id: district, name: {vi: Huyện}}, {id: commune, name: {vi: Xã}}]
units: [{id: thach-son, name: Huyện Thạch Sơn, level: district}]
modules: {ping: {probe: icmp}}
profiles:
  office:
    - {id: uplink, role: uplink, module: ping, address: "{gateway}"}
    - {id: switch, role: lan, module: ping, address: "{switch}"}
include: ["sites.d/*.yml", "sites.d/*.csv"]
"""
HEADER = "Tên;Đơn vị;Cổng mạng;Bộ chuyển mạch"
COMMUNES = ("An Lộc", "Bình Lộc", "Cẩm Lộc", "Đông Lộc", "Gia Lộc", "Hòa Lộc")


def row(number: int, name: str = "", commune: str = "") -> str:
    commune = commune or COMMUNES[number]
    return f"{name or f'UBND xã {commune}'};Xã {commune};10.0.{number}.1;10.0.{number}.2"


ROWS = tuple(row(number) for number in range(len(COMMUNES)))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    main = tmp_path / "sansang.yml"
    main.write_text(MAIN, encoding="utf-8")
    return main


def proposed(
    config: Path, *rows: str, name: str = "Điểm cầu.csv", header: str = HEADER, answers: ImportAnswers | None = None
) -> ImportProposal:
    sheet = config.parent / name
    sheet.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return propose(config, sheet, REGISTRY, "en", answers)


@pytest.fixture
def imported(config: Path) -> Path:
    """The list as it was imported first."""
    write(proposed(config, *ROWS), config)
    return config


def ids(config: Path) -> list[str]:
    return [site.id for site in load(config, REGISTRY).sites]


def asked(proposal: ImportProposal) -> list[str]:
    return [question.asks.key for question in proposal.questions]


def changed(proposal: ImportProposal) -> tuple[list[str], list[str], list[str]]:
    """Ids of the sites that are added, changed and removed."""
    sites = proposal.changes["sites"]
    return [one["id"] for one in sites.added], [one.id for one in sites.changed], [one["id"] for one in sites.removed]


def test_the_same_list_under_another_name_is_asked_about_and_then_replaces_it(imported: Path) -> None:
    before = ids(imported)
    again = (*ROWS[:-1], ROWS[-1].replace("10.0.5.2", "10.0.5.9"), "Nhà văn hóa;thach-son;10.1.0.1;")
    v2 = "danh sách điểm cầu v2 (1).csv"
    proposal = proposed(imported, *again, name=v2)
    assert asked(proposal) == ["which_list"]
    assert [answer.options for answer in proposal.questions[0].answers] == [
        ("--replaces", "sites.d/diem-cau.yml"), ("--new",),
    ]  # fmt: skip
    assert changed(proposal) == (["nha-van-hoa"], ["ubnd-xa-hoa-loc"], [])
    for given in ("sites.d/diem-cau.yml", "diem-cau.yml", str(imported.parent / "sites.d" / "diem-cau.yml")):
        proposal = proposed(imported, *again, name=v2, answers=ImportAnswers(replaces=given))
        assert proposal.questions == ()
    write(proposal, imported)
    assert ids(imported) == [*before, "nha-van-hoa"]
    assert not proposed(imported, *again, name=v2)
    assert [path.name for path in sorted((imported.parent / "sites.d").iterdir())] == [
        "diem-cau.yml",
        "diem-cau.yml.bak",
    ]


def test_a_list_that_does_not_exist_is_named_with_those_that_do(imported: Path) -> None:
    with pytest.raises(ConfigError, match=r"x.yml: no list of the configuration, one of: sites.d/diem-cau.yml"):
        proposed(imported, *ROWS, answers=ImportAnswers(replaces="x.yml"))


def test_another_list_is_no_question(imported: Path) -> None:
    proposal = proposed(imported, "Trạm y tế;thach-son;10.9.0.1;", name="y-te.csv")
    assert asked(proposal) == []
    assert proposal.target.name == "y-te.yml"


def test_another_list_under_the_old_name_is_asked_about_and_may_stand_beside_it(imported: Path) -> None:
    other = ("Trạm y tế A;thach-son;10.9.0.1;", "Trạm y tế B;thach-son;10.9.0.2;")
    assert asked(proposed(imported, *other)) == ["which_gone"]
    proposal = proposed(imported, *other, answers=ImportAnswers(new=True))
    assert proposal.target.name == "diem-cau-2.yml"
    write(proposal, imported)
    assert len(ids(imported)) == 8


def test_ids_in_the_sheet_say_which_list_it_is(imported: Path) -> None:
    rows = [f"{identity};{text}" for identity, text in zip(ids(imported), ROWS, strict=True)]
    rows[0] = rows[0].replace("10.0.0.2", "10.0.0.3")
    proposal = proposed(imported, *rows, name="xuat.csv", header=f"Mã;{HEADER}")
    assert asked(proposal) == []
    assert "list_known" in [one.key for one in proposal.remarks]
    assert changed(proposal) == ([], ["ubnd-xa-an-loc"], [])


def test_a_renamed_site_keeps_its_id_when_the_answer_says_so(imported: Path) -> None:
    again = (row(0, "Trụ sở mới An Lộc"), *ROWS[1:])
    proposal = proposed(imported, *again)
    assert asked(proposal) == ["which_name"]
    assert proposal.questions[0].details[0].to("vi") == "UBND xã An Lộc -> Trụ sở mới An Lộc (mã ubnd-xa-an-loc)"
    kept = proposed(imported, *again, answers=ImportAnswers(renamed=("ubnd-xa-an-loc",)))
    assert (asked(kept), changed(kept)) == ([], ([], ["ubnd-xa-an-loc"], []))
    other = proposed(imported, *again, answers=ImportAnswers(renamed=("none",)))
    assert (asked(other), changed(other)) == ([], (["tru-so-moi-an-loc"], [], ["ubnd-xa-an-loc"]))


def test_whom_to_call_has_no_say_in_which_site_it_is(imported: Path) -> None:
    header = f"{HEADER};Cán bộ phụ trách;Số điện thoại;Email"
    again = (f"{row(0, 'Trụ sở mới An Lộc')};Lê Cúc;912000111;a@b.example", *(f"{text};;;" for text in ROWS[1:]))
    assert asked(proposed(imported, *again, header=header)) == ["which_name"]


def test_an_id_that_the_sheet_writes_anew_is_asked_about_too(imported: Path) -> None:
    rows = [f";{text}" for text in ROWS]
    rows[0] = f"dc-01;{ROWS[0]}"
    proposal = proposed(imported, *rows, header=f"Mã;{HEADER}")
    assert asked(proposal) == ["which_name"]
    assert not changed(proposed(imported, *rows, header=f"Mã;{HEADER}", answers=ImportAnswers(renamed=("all",))))[0]


def test_a_site_in_another_unit_with_name_and_addresses_as_before_is_the_same(imported: Path) -> None:
    moved = ROWS[0].replace("Xã An Lộc;", "Xã Bình Lộc;")
    proposal = proposed(imported, moved, *ROWS[1:])
    assert (asked(proposal), changed(proposal)) == ([], ([], ["ubnd-xa-an-loc"], []))


def test_new_addresses_under_the_old_name_keep_the_id(imported: Path) -> None:
    proposal = proposed(imported, ROWS[0].replace("10.0.", "10.8."), *ROWS[1:])
    assert (asked(proposal), changed(proposal)) == ([], ([], ["ubnd-xa-an-loc"], []))


def test_two_that_swapped_their_addresses_are_asked_about(imported: Path) -> None:
    again = (row(1, commune="An Lộc"), row(0, commune="Bình Lộc"), *ROWS[2:])
    proposal = proposed(imported, *again)
    assert asked(proposal) == ["which_swapped"]
    names = {
        one.id: one.fields
        for one in proposed(imported, *again, answers=ImportAnswers(renamed=("none",))).changes["sites"].changed
    }
    assert {field.key for fields in names.values() for field in fields} == {"gateway", "switch"}
    moved = proposed(imported, *again, answers=ImportAnswers(renamed=("all",))).changes["sites"].changed
    assert {field.key for one in moved for field in one.fields} == {"name", "unit"}
    chain = (row(1, commune="An Lộc"), row(7, commune="Bình Lộc"), *ROWS[2:])
    assert asked(proposed(imported, *chain)) == []  # one took over what the other gave up


def test_a_filtered_sheet_ends_no_history_unasked(imported: Path) -> None:
    proposal = proposed(imported, *ROWS[:2])
    assert asked(proposal) == ["which_gone"]
    kept = proposed(imported, ROWS[0], ROWS[1].replace("10.0.1.2", "10.0.1.9"), answers=ImportAnswers(gone="keep"))
    assert (asked(kept), changed(kept)) == ([], ([], ["ubnd-xa-binh-loc"], []))
    assert len(changed(proposed(imported, *ROWS[:2], answers=ImportAnswers(gone="remove")))[2]) == 4
    one = proposed(imported, *ROWS[:5])
    assert (asked(one), changed(one)[2]) == ([], ["ubnd-xa-hoa-loc"])


def test_columns_that_the_sheet_does_not_have_stay_as_they_are(imported: Path) -> None:
    slo = [f"{text};99,5" for text in ROWS]
    write(proposed(imported, *slo, header=f"{HEADER};SLO"), imported)
    assert not proposed(imported, *ROWS)
    emptied = proposed(imported, *(f"{text};" for text in ROWS), header=f"{HEADER};SLO")
    assert len(emptied.changes["sites"].changed) == 6


def test_an_address_at_two_sites_is_said_with_both_cells_and_not_refused(config: Path) -> None:
    proposal = proposed(config, *ROWS[:5], row(5).replace("10.0.5.1", "10.0.0.1"))
    assert [str(note).split("/")[-3:] for note in proposal.notes] == [
        [
            "Điểm cầu.csv:7:3: Cổng mạng: 10.0.0.1 is the address of 2 sites: ubnd-xa-an-loc",
            "uplink (Điểm cầu.csv:2:3), ubnd-xa-hoa-loc",
            "uplink (Điểm cầu.csv:7:3), correct the wrong one; if they do share it, leave it",
        ]
    ]
    once = proposed(config, *ROWS[:5], row(5).replace("10.0.5.2", "10.0.5.1"))
    assert "is checked twice in the same way at one site" in str(once.notes[0])


def test_a_sheet_that_is_read_live_becomes_a_file_with_ids_and_is_kept(config: Path) -> None:
    live = config.parent / "sites.d" / "ds.csv"
    live.parent.mkdir()
    units = "  - {id: xa-a, name: Xã A, level: commune}\n"
    config.write_text(MAIN.replace("units: [", f"units:\n{units}  - ").replace("level: district}]", "level: district}"))
    live.write_text("Tên;Đơn vị;Mẫu;Cổng mạng\nA;xa-a;office;10.0.0.1\nB;xa-a;office;10.0.0.2\n", encoding="utf-8")
    rows = ("A mới;xa-a;10.0.0.1", "B;xa-a;10.0.0.2")
    answers = ImportAnswers(replaces="sites.d/ds.csv", renamed=("all",))
    proposal = proposed(config, *rows, header="Tên;Đơn vị;Cổng mạng", answers=answers)
    assert proposal.retired == (live,)
    write(proposal, config)
    assert [(site.id, site.name) for site in load(config, REGISTRY).sites] == [("a", "A mới"), ("b", "B")]
    assert sorted(path.name for path in live.parent.iterdir()) == ["ds.csv.bak", "ds.yml"]


def test_a_cut_between_the_new_file_and_the_old_sheet_is_mended_by_the_same_import(config: Path) -> None:
    test_a_sheet_that_is_read_live_becomes_a_file_with_ids_and_is_kept(config)
    folder = config.parent / "sites.d"
    (folder / "ds.csv.bak").rename(folder / "ds.csv")
    with pytest.raises(ConfigError, match="stands twice"):
        load(config, REGISTRY, "en")
    answers = ImportAnswers(replaces="sites.d/ds.csv", renamed=("all",))
    proposal = proposed(
        config, "A mới;xa-a;10.0.0.1", "B;xa-a;10.0.0.2", header="Tên;Đơn vị;Cổng mạng", answers=answers
    )
    write(proposal, config)
    assert ids(config) == ["a", "b"]


def test_what_stands_in_the_main_file_is_changed_there_alone(config: Path) -> None:
    site = "sites: [{id: dc, name: Trung tâm dữ liệu, unit: thach-son, profile: office, gateway: 10.7.0.1}]\n"
    config.write_text(MAIN + site, encoding="utf-8")
    same = "Trung tâm dữ liệu;thach-son;10.7.0.1;"
    assert "dc" not in changed(proposed(config, same, *ROWS))[0]
    with pytest.raises(ConfigError) as refused:
        proposed(config, same.replace("10.7.0.1", "10.7.0.2"), *ROWS)
    assert "'dc' stands in" in str(refused.value)
    assert "gateway is there '10.7.0.1', change it there" in str(refused.value)


@pytest.mark.parametrize("code", ["", "251"])
def test_the_unit_of_the_main_file_is_that_of_the_sheet_whatever_the_sheet_has_above_it(
    config: Path, code: str
) -> None:
    header = "Tên;Cấp;Cấp trên;Mã hành chính"
    rows = (
        "Tỉnh Trung Du;province;;",
        f"Huyện Thạch Sơn;district;Tỉnh Trung Du;{code}",
        "Xã An Lộc;commune;Huyện Thạch Sơn;",
    )
    site = "sites: [{id: dc, name: DC, unit: thach-son, profile: office, gateway: 10.7.0.1}]\n"
    levels = MAIN.replace("levels: [", "levels: [{id: province, name: {vi: Tỉnh}}, ")
    config.write_text(levels + site, encoding="utf-8")

    proposal = proposed(config, *rows, header=header)

    (said,) = (one for one in proposal.remarks if one.key == "unit_of_main")
    place = f"{config}:4"
    also = "parent: tinh-trung-du" + (f", code: {code}" if code else "")
    assert said.to("en") == (
        f"Huyện Thạch Sơn stays as it is in {place}; the sheet also says {also}: to have that, add it to that line."
    )
    write(proposal, config)
    units = {unit.id: unit.parent for unit in load(config, REGISTRY).units}
    assert units == {"thach-son": None, "tinh-trung-du": None, "xa-an-loc": "thach-son"}
    assert changed(proposed(config, *rows, header=header)) == ([], [], [])


def test_a_unit_of_the_main_file_that_is_something_else_is_refused(config: Path) -> None:
    config.write_text(MAIN.replace("levels: [", "levels: [{id: province, name: {vi: Tỉnh}}, "), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        proposed(config, "Huyện Thạch Sơn;province;", "Xã An Lộc;commune;Huyện Thạch Sơn", header="Tên;Cấp;Cấp trên")
    assert "level is there 'district', change it there" in str(refused.value)


def test_other_sections_of_a_list_stay(imported: Path) -> None:
    file = imported.parent / "sites.d" / "diem-cau.yml"
    target = "targets: [{id: ubnd-xa-an-loc/extra, role: device, module: ping, address: 10.0.0.7}]\n"
    file.write_text(f"# một ghi chú\n{file.read_text('utf-8')}{target}", encoding="utf-8")
    proposal = proposed(imported, *ROWS[:5], ROWS[5].replace("10.0.5.2", "10.0.5.9"))
    assert "rewritten" in [one.key for one in proposal.remarks]
    write(proposal, imported)
    assert "ubnd-xa-an-loc/extra" in [one.id for one in load(imported, REGISTRY).targets]
    assert "# một ghi chú" in file.with_name("diem-cau.yml.bak").read_text("utf-8")


def test_contacts_follow_their_sites(imported: Path) -> None:
    header = f"{HEADER};Cán bộ phụ trách;Số điện thoại"
    write(proposed(imported, *(f"{text};Bà Lê Cúc;912000111" for text in ROWS), header=header), imported)
    (cuc,) = load(imported, REGISTRY).contacts
    assert (cuc.id, cuc.name, cuc.phone) == ("ba-le-cuc", "Bà Lê Cúc", "0912000111")
    new = proposed(imported, *(f"{text};Lê Cúc;0912 000 999" for text in ROWS), header=header).changes["contacts"]
    assert [(one.id, [field.key for field in one.fields]) for one in new.changed] == [("ba-le-cuc", ["name", "phone"])]
    gone = proposed(imported, *(f"{text};Trần Dũng;" for text in ROWS), header=header).changes["contacts"]
    assert ([one["id"] for one in gone.added], [one["id"] for one in gone.removed]) == (["tran-dung"], ["ba-le-cuc"])
    assert not proposed(imported, *ROWS)  # a sheet without people says nothing of them


def test_a_new_file_is_for_whoever_may_read_the_configuration(config: Path) -> None:
    config.chmod(0o640)
    proposal = proposed(config, *ROWS)
    write(proposal, config)
    assert proposal.target.stat().st_mode & 0o777 == 0o640
    assert proposal.target.parent.stat().st_mode & 0o777 == config.parent.stat().st_mode & 0o777
