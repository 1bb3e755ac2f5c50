"""What the cells of address columns hold: an address, one and more, none, or nothing."""

from __future__ import annotations

import pytest

from agent.inventory.importing.current_rows import normalised_row
from agent.inventory.sheets.row_kinds import addresses_in, looks_like_address
from tests.agent.inventory.sheets.test_rows import HEADER, as_csv, as_xlsx, faults, names


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("192. 0.2.1", ["192.0.2.1"]), ("192,0,2,1", ["192.0.2.1"]), ("192.0.2.l", ["192.0.2.1"]),
        ("http://192.0.2.1:80/", ["192.0.2.1"]), ("IP: 192.0.2.1.", ["192.0.2.1"]), ("192.0.2.1/24", ["192.0.2.1"]),
        ("192.0.2.1; 192.0.2.9", ["192.0.2.1", "192.0.2.9"]), ("１９２．０.2｡1", ["192.0.2.1"]),
        ("192.0.2.01", []), ("192.0.2.256", []), ("1.192.0.2.1", []), ("10.1.2024", []), ("modem", []),
    ],
)  # fmt: skip
def test_addresses_that_a_text_holds(text: str, addresses: list[str]) -> None:
    assert addresses_in(text) == addresses


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("127.0.0.1", True), ("127.0.0.1:5060", True), ("2001:db8::1", True), ("[2001:db8::1]:80", True),
        ("codec.example", True), ("https://x/", True), ("10.0.0.0/24", True), ("192.0.2.300", False), ("VNPT", False),
        ("99.5", False), ("0912.000.111", False), ("30.11.2026", False), ("Nguyễn Văn A", False), ("", False),
    ],
)  # fmt: skip
def test_what_looks_like_an_address(text: str, is_one: bool) -> None:
    assert looks_like_address(text) is is_one


@pytest.mark.parametrize("header", ["SLA", "Tọa độ", "Vĩ độ", "SĐT", "Email", "Cán bộ phụ trách", "Lịch"])
@pytest.mark.parametrize("mark", ["-", "N/A", "chưa có"])
def test_other_columns_may_say_that_there_is_nothing_too(header: str, mark: str) -> None:
    found = as_csv([["Tên điểm", "Đơn vị", "Modem", header], ["A", "Xã A", "127.0.0.1", mark]])
    assert found.sources[0].rows == ({"name": "A", "unit": "Xã A", "gateway": "127.0.0.1"},)
    assert [note.message for note in found.notes] == ["cell_empty_mark"]


@pytest.mark.parametrize("text", ["１２７.0.0.9", "[::1]", "１２７．０．０．９"])
def test_what_is_said_in_brackets_or_other_digits_is_not_lost(text: str) -> None:
    found = as_csv([HEADER, [1, "A", "Xã A", "127.0.0.1", text]])
    assert (found.sources[0].rows[0]["room"], found.notes, found.findings) == (text, [], [])


def test_a_mark_that_nobody_sees_is_refused_within_a_name_and_left_out_around_a_cell() -> None:
    found = as_csv([HEADER, [1, "\ufeffUBND xã A\u200b", "Xã\u200b A", "\ufeff127.0.0.1"]])
    assert faults(found) == ["a.csv:2:3: Đơn vị 'Xã\u200b A': invisible character U+200B, remove it"]
    assert found.sources[0].rows[0]["gateway"] == "127.0.0.1"
    assert names(found) == ["UBND xã A"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("x", "cell_mark"), ("có", "cell_mark"), ("1,27E+11", "cell_shortened"), ("3-May", "cell_date"),
        ("#REF!", "cell_error"), ("DHCP", "cell_mark"), ("hỏng", "cell_words"), ("đang sửa / chờ lắp", "cell_words"),
        ("127.0\u200b.0.1", "invisible_character"), ("127.0.0.1\u00ad9", "invisible_character"),
    ],
)  # fmt: skip
def test_what_is_no_address_in_a_text_is_refused(value: str, said: str) -> None:
    assert [finding.message for finding in as_csv([HEADER, [1, "A", "Xã A", value]]).findings] == [said]


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        (192168100200, "the cell holds the number 192168100200, no"), (10.25, "the cell holds the number 10.25"),
        (True, "the cell holds the truth value true"), ("=1+1", "a formula whose result was not saved"),
    ],
)  # fmt: skip
def test_what_is_no_address_in_a_cell_is_refused(value: object, wrong: str) -> None:
    (fault,) = faults(as_xlsx([HEADER, [1, "A", "Xã A", value]]))
    assert fault.startswith("a.xlsx: cell D2 (IP modem)")
    assert wrong in fault


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("127.0.0.1 (VNPT)", "the cell holds more than an address, write 127.0.0.1 alone if that is it"),
        ("127.0.0.0/24", "the cell holds more than an address, write 127.0.0.0 alone if that is it"),
        ("127.0.0.1\n127.0.0.2", "the cell holds 2 addresses, write one"),
        ("127.0.0.1 - 127.0.0.9", "the cell holds 2 addresses, write one"),
        ("127.0.0.1/127.0.0.9", "the cell holds 2 addresses, write one"),
        ("127.0.0.1.", "the cell holds more than an address, write 127.0.0.1 alone if that is it"),
        ("(127.0.0.1)", "the cell holds more than an address, write 127.0.0.1 alone if that is it"),
        ("không (mượn 127.0.0.1)", "the cell holds more than an address, write 127.0.0.1 alone if that is it"),
    ],
)
def test_what_stands_beside_an_address_is_refused_with_the_address(value: str, said: str) -> None:
    (fault,) = faults(as_xlsx([HEADER, [1, "UBND xã A", "Xã A", value, "127.0.0.2:5061"]]))
    assert fault.startswith("a.xlsx: cell D2 (IP modem)")
    assert said in fault


@pytest.mark.parametrize(
    ("value", "read"), [("10.9.1.2/30", "10.9.1.2"), ("10.9.1.2/31", "10.9.1.2"), ("10.9.1.7/8", "10.9.1.7")]
)
def test_an_address_with_the_length_of_its_network_is_the_address(value: str, read: str) -> None:
    found = as_xlsx([HEADER, [1, "UBND xã A", "Xã A", value, None]])
    assert (faults(found), found.sources[0].rows[0]["gateway"]) == ([], read)
    assert [note.message for note in found.notes] == ["cell_prefix"]


def test_short_numbers_are_extensions_and_ports() -> None:
    assert as_xlsx([HEADER, [1, "A", "Xã A", "127.0.0.1", 1001]]).sources[0].rows[0]["room"] == "1001"


@pytest.mark.parametrize("written", ["９９，５ ％", "99,5 ％", "≥ 99,5%"])
def test_an_slo_in_the_digits_of_other_keyboards_is_the_same(written: str) -> None:
    assert normalised_row("sites", {"id": "a", "name": "A", "unit": "xa-a", "slo": written})["slo"] == "99.5"
