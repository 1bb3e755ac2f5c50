"""People in sheets become contacts: one person is one, numbers are as people write them, nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.inventory.load import load
from agent.inventory.schema.rows import Contact
from agent.inventory.sheets.contacts import AddressBook, phone
from tests.agent.inventory.fakes import REGISTRY

MAIN = """
organisation: {name: Huyện thử}
levels: [{id: commune, name: {vi: Xã}}]
units: [{id: xa-a, name: Xã A, level: commune}]
modules: {ping: {probe: icmp}}
profiles: {office: [{id: uplink, role: uplink, module: ping, address: "{gateway}"}]}
contacts: [{id: to-cntt, name: Tổ CNTT, phone: 0211 3 888 999}]
include: ["sites.d/*.csv"]
"""


def contacts_of(tmp_path: Path, **sheets: str) -> tuple[dict[str, Contact], list[str | None]]:
    """The contacts by id, and the contact of each site in order."""
    (tmp_path / "sites.d").mkdir(exist_ok=True)
    for name, text in sheets.items():
        (tmp_path / "sites.d" / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "sansang.yml").write_text(MAIN, encoding="utf-8")
    inventory = load(tmp_path / "sansang.yml", REGISTRY, "en")
    return {one.id: one for one in inventory.contacts}, [site.contact for site in inventory.sites]


def sites(*people: str, headers: str = "Cán bộ phụ trách;Số điện thoại;Email") -> str:
    rows = (f"Điểm {number};xa-a;office;192.0.2.{number};{person}\n" for number, person in enumerate(people, start=1))
    return f"Tên;Đơn vị;Mẫu;Cổng mạng;{headers}\n" + "".join(rows)


def test_one_person_at_several_sites_is_one_contact(tmp_path: Path) -> None:
    found, of_sites = contacts_of(
        tmp_path,
        list=sites(
            "Nguyễn Văn An;0912 000 111;", "Ông Nguyễn Văn An;;an@xa.example", "Trần Thị Bình;0912.000.222;",
            "Nguyễn Văn An;0912 000 333;", "to-cntt;;", ";;", "nguyễn văn an;+84 912 000 111;",
        ),
    )  # fmt: skip
    an, namesake, binh = "nguyen-van-an", "nguyen-van-an-2", "tran-thi-binh"
    assert of_sites == [an, an, binh, namesake, "to-cntt", None, an]
    assert found[an] == Contact(an, "Nguyễn Văn An", "0912 000 111", "an@xa.example")
    assert found[namesake].phone == "0912 000 333"
    assert found[binh].phone == "0912.000.222"
    assert set(found) == {"to-cntt", an, namesake, binh}


def test_a_number_behind_the_name_and_one_without_a_name(tmp_path: Path) -> None:
    found, of_sites = contacts_of(
        tmp_path,
        list=sites("Lê Thị Cúc - 0912 000 111;;", "Lê Văn Dũng (02113 888 999);;", ";912000444;", "912000555;;"),
    )
    assert of_sites == ["le-thi-cuc", "le-van-dung", "diem-3", "diem-4"]
    assert [(one.name, one.phone) for one in found.values()][1:] == [
        ("Lê Thị Cúc", "0912 000 111"), ("Lê Văn Dũng", "02113 888 999"), ("Điểm 3", "0912000444"),
        ("Điểm 4", "0912000555"),
    ]  # fmt: skip


def test_the_word_before_a_number_is_no_part_of_the_name(tmp_path: Path) -> None:
    written = (
        "Ông Lê Văn Dũng\nĐT: 0912.000.111",
        "Trần Thị Bình, sđt 0912 000 222",
        "Cao Đt (Tel: 0912000333)",
        "Điện thoại 0912000444",
    )
    found, _ = contacts_of(tmp_path, list=sites(*(f'"{text}";;' for text in written)))
    assert [(one.name, one.phone) for one in found.values()][1:] == [
        ("Ông Lê Văn Dũng", "0912.000.111"), ("Trần Thị Bình", "0912 000 222"), ("Cao Đt", "0912000333"),
        ("Điểm 4", "0912000444"),
    ]  # fmt: skip


def test_people_have_a_sheet_of_their_own(tmp_path: Path) -> None:
    people = "STT;Họ tên;Chức vụ;Đơn vị;Số điện thoại;Email\n1;Nguyễn Văn An;Chủ tịch;Xã A;912000111;\n"
    found, of_sites = contacts_of(tmp_path, a=sites("Nguyễn Văn An;;", "Tổ CNTT;;"), danh_ba=people)
    assert of_sites == ["nguyen-van-an", "to-cntt"]
    assert found["nguyen-van-an"] == Contact("nguyen-van-an", "Nguyễn Văn An", "0912000111")


def test_a_text_in_the_form_of_an_id_must_lead_somewhere(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"list.csv:2:5: .*unknown contact 'to-cnt', did you mean 'to-cntt'"):
        contacts_of(tmp_path, list=sites("to-cnt;;"))


def test_two_contacts_of_one_id_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="contact 'x' stands twice"):
        contacts_of(tmp_path, a=sites(";;"), b="Mã;Họ tên;Email\nx;A;a@a.example\nx;B;b@a.example\n")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("912000111", "0912000111"), ("2113888999", "02113888999"), ("0912 000 111", "0912 000 111"),
        ("+84912000111", "+84912000111"), ("113", "113"), ("12345678", "12345678"), ("112000111", "112000111"),
        ("0912000111\n0912000222", "0912000111 0912000222"),
    ],
)  # fmt: skip
def test_a_lost_zero_comes_back_where_only_that_fits(written: str, kept: str) -> None:
    assert phone(written) == kept


def test_thousands_of_one_name_take_no_minutes() -> None:
    book = AddressBook()
    assert len({book.add({"name": "An", "phone": f"09{number:08}"}) for number in range(20_000)}) == 20_000
