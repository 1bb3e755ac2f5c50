"""Text of devices: UTF-8, TCVN3, Latin-1, cut short, hostile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.snmp.reading import number, text
from agent.probes.snmp.values import Value

OCTETS, INTEGER = 4, 2


@pytest.mark.parametrize(
    ("octets", "shown"),
    [
        ("Phòng họp".encode(), "Phòng họp"),
        ("Phòng họp".encode()[:-1], "Phòng họ"),
        (b"Ph\xdfng h\xe4p", "Phßng häp"),  # two letters that Latin-1 has as well: not surely Vietnamese
        (b"Tr\xf4 s\xeb \xae\xb6ng \xf1y x\xb7", "Trụ sở đảng ủy xã"),
        ("Büro Zürich".encode("latin-1"), "Büro Zürich"),
        (b"Cisco\xae IOS", "Cisco® IOS"),
        (b"sw-01\0\0", "sw-01"),
        (b"a\x1b[31mb\r\nc", "a[31mb c"),
        ("a\u202eb".encode(), "ab"),
        (b"", ""),
    ],
)
def test_what_a_device_says_is_made_harmless(octets: bytes, shown: str) -> None:
    assert text(Value(OCTETS, octets)) == shown


@given(st.binary(max_size=600))
def test_any_octets_give_a_line_within_its_bound(octets: bytes) -> None:
    shown = text(Value(OCTETS, octets), 64)

    assert len(shown) <= 64
    assert "\n" not in shown
    assert "\x1b" not in shown


def test_a_number_is_one_or_none() -> None:
    assert number(Value(INTEGER, -3)) == -3
    assert number(Value(OCTETS, b"3")) is None
    assert number(None) is None
    assert text(Value(INTEGER, 3)) == ""
