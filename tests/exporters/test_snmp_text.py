"""Values and indexes as text; the expected forms are those of snmp_exporter's own table of tests."""

from __future__ import annotations

import math
import random

import pytest

from agent.probes.snmp.object_set import ObjectIndex, ObjectType
from agent.probes.snmp.values import Value, encode_oid
from exporters.snmp_text import (
    MOST_CHARACTERS,
    date_seconds,
    index_text,
    read_arcs,
    subtyped,
    value_number,
    value_text,
    write_arcs,
)
from tests.exporters.snmp_readings import COUNTER64, INTEGER, IP_ADDRESS, OCTETS, OID, OPAQUE

T = ObjectType


@pytest.mark.parametrize(
    ("arcs", "index", "text", "rest"),
    [
        ((7, 8), ObjectIndex("i", T.GAUGE), "7", (8,)),
        ((), ObjectIndex("i", T.GAUGE), "0", ()),
        ((4294967295,), ObjectIndex("i", T.GAUGE), "4294967295", ()),
        ((1, 2, 3, 4, 5, 255, 9), ObjectIndex("m", T.PHYS_ADDRESS_48), "01:02:03:04:05:FF", (9,)),
        ((192, 0, 2), ObjectIndex("a", T.INET_ADDRESS_IPV4), "192.0.2.0", ()),
        ((1, 4, 192, 0, 2, 1, 5), ObjectIndex("a", T.INET_ADDRESS), "192.0.2.1", (5,)),
        ((1, 192, 0, 2, 1, 5), ObjectIndex("a", T.INET_ADDRESS_MISSING_SIZE), "192.0.2.1", (5,)),
        (
            (2, 16, *range(16)),
            ObjectIndex("a", T.INET_ADDRESS),
            "0001:0203:0405:0607:0809:0A0B:0C0D:0E0F",
            (),
        ),
        ((5, 97, 98, 99, 100, 101, 3), ObjectIndex("s", T.DISPLAY_STRING), "abcde", (3,)),
        ((97, 98), ObjectIndex("s", T.DISPLAY_STRING, implied=True), "ab", ()),
        ((97, 98, 99), ObjectIndex("s", T.DISPLAY_STRING, fixed_size=2), "ab", (99,)),
        ((3, 65, 63, 64), ObjectIndex("o", T.OCTET_STRING), "0x413F40", ()),
        ((0, 7), ObjectIndex("o", T.OCTET_STRING), "", (7,)),
        ((2,), ObjectIndex("e", T.ENUM_AS_INFO, values={2: "two"}), "two", ()),
        ((3,), ObjectIndex("e", T.ENUM_AS_INFO, values={2: "two"}), "3", ()),
    ],
)
def test_an_index_is_written_as_snmp_exporter_writes_it(
    arcs: tuple[int, ...], index: ObjectIndex, text: str, rest: tuple[int, ...]
) -> None:
    assert (index_text(arcs, index).text, index_text(arcs, index).rest) == (text, rest)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (Value(INTEGER, -3), T.DISPLAY_STRING, "-3"),
        (Value(OCTETS, b"Gi0/1\0\0"), T.DISPLAY_STRING, "Gi0/1"),
        (Value(OCTETS, "Cổng".encode()), T.DISPLAY_STRING, "Cổng"),
        (Value(OCTETS, b"Ph\xf2ng"), T.DISPLAY_STRING, "Ph\ufffdng"),
        (Value(OCTETS, b""), T.PHYS_ADDRESS_48, "00:00:00:00:00:00"),
        (Value(OCTETS, bytes(range(1, 9))), T.PHYS_ADDRESS_48, "01:02:03:04:05:06"),
        (Value(OCTETS, b"AP~"), T.OCTET_STRING, "0x41507E"),
        (Value(OCTETS, b"\xc0\x00\x02\x01"), T.INET_ADDRESS_IPV4, "192.0.2.1"),
        (Value(IP_ADDRESS, b"\xc0\x00\x02\x01"), T.OCTET_STRING, "192.0.2.1"),
        (Value(OID, encode_oid("1.3.6.1.4.1.9.1.1208")), T.OCTET_STRING, "1.3.6.1.4.1.9.1.1208"),
    ],
)
def test_a_value_is_written_as_snmp_exporter_writes_it(value: Value, kind: ObjectType, text: str) -> None:
    assert value_text(value, kind) == text


def test_what_acts_on_a_screen_and_what_is_long_is_taken_out() -> None:
    assert value_text(Value(OCTETS, b"a\x1b[31m\r\nb\xe2\x80\xaec"), T.DISPLAY_STRING) == "a[31m bc"
    assert len(value_text(Value(OCTETS, b"x" * 60_000), T.DISPLAY_STRING)) == MOST_CHARACTERS
    assert len(value_text(Value(OCTETS, b"x" * 60_000), T.OCTET_STRING)) == 2 + 2 * MOST_CHARACTERS


def test_numbers() -> None:
    assert value_number(Value(COUNTER64, 2**53 + 7)) == 7
    assert value_number(Value(INTEGER, -5)) == -5
    assert value_number(Value(OPAQUE, bytes.fromhex("9f78043fc00000"))) == 1.5
    assert math.isnan(value_number(Value(OPAQUE, bytes.fromhex("9f78047fc00000"))) or 0)
    assert value_number(Value(OPAQUE, bytes.fromhex("9f78053fc00000"))) is None
    assert value_number(Value(OCTETS, b"12")) is None


def test_dates() -> None:
    assert date_seconds(Value(OCTETS, bytes((7, 226, 10, 7, 7, 4, 5, 9)))) == 1538895845
    assert date_seconds(Value(OCTETS, bytes((7, 226, 10, 7, 7, 4, 5, 9)) + b"-\x01\x1e")) == 1538895845 + 5400
    assert date_seconds(Value(OCTETS, bytes((7, 226, 13, 7, 7, 4, 5, 9)))) is None
    assert date_seconds(Value(OCTETS, bytes((7, 226, 10, 7, 7, 4, 5, 9)) + b"?\x01\x1e")) is None
    assert date_seconds(Value(INTEGER, 8)) is None


def test_the_object_before_tells_the_form() -> None:
    assert subtyped(T.INET_ADDRESS, Value(INTEGER, 1)) is T.INET_ADDRESS_IPV4
    assert subtyped(T.INET_ADDRESS, Value(INTEGER, 99)) is T.OCTET_STRING
    assert subtyped(T.LLDP_PORT_ID, None) is T.OCTET_STRING
    assert subtyped(T.GAUGE, None) is T.GAUGE


def test_no_row_of_a_stranger_is_too_much() -> None:
    chance = random.Random(13)
    for _ in range(2_000):
        octets = chance.randbytes(chance.randrange(40))
        arcs = read_arcs(octets)
        assert read_arcs(write_arcs(arcs)) == arcs
        for kind in T:
            text, taken, rest = index_text(arcs, ObjectIndex("i", kind))
            assert len(text) <= 2 + 2 * 128
            assert len(taken) + len(rest) <= len(arcs) + 18
            value_text(Value(OCTETS, octets), kind)
