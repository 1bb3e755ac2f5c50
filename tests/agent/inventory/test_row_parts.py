"""What a text of a cell is: an address, or one that holds some."""

from __future__ import annotations

import pytest

from agent.inventory.row_parts import addresses_in, looks_like_address


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
