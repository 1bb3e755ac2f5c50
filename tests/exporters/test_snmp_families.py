"""Readings as metric families."""

from __future__ import annotations

from agent.probes.snmp.object_set import ObjectIndex, ObjectLookup, ObjectType, SnmpObject
from agent.probes.snmp.reading import Reading
from agent.probes.snmp.values import Value, encode_oid
from exporters.metric import Kind
from exporters.snmp_families import families
from tests.exporters.snmp_readings import COUNTER32, INTEGER, OCTETS, rows, switch

T = ObjectType
TABLE = "1.3.6.1.4.1.99.1.1"


def read(scanned: SnmpObject, values: dict[str, Value], *others: tuple[bytes, dict[bytes, Value]]) -> Reading:
    return Reading((scanned,), dict((rows(f"{TABLE}.2", values), *others)))


def scan(kind: ObjectType, **more: object) -> SnmpObject:
    given: dict[str, object] = {"indexes": (ObjectIndex("i", T.GAUGE),), **more}
    return SnmpObject("state", encode_oid(f"{TABLE}.2"), kind, "State.", **given)  # type: ignore[arg-type]


def test_a_port_carries_its_names_and_what_was_asked_besides() -> None:
    shown = families(switch(b"Gi0/1", b"Gi0/2"), {"instance": "192.0.2.2", "site": "xa-a", "target": "xa-a/switch"})
    assert shown["ifOperStatus"].lines == {
        '{ifAlias="Phòng họp",ifDescr="port Gi0/1",ifIndex="1",ifName="Gi0/1",instance="192.0.2.2",site="xa-a",'
        'target="xa-a/switch"}': "2",
        '{ifAlias="",ifDescr="port Gi0/2",ifIndex="2",ifName="Gi0/2",instance="192.0.2.2",site="xa-a",'
        'target="xa-a/switch"}': "1",
    }
    assert shown["ifHCInOctets"].kind is Kind.COUNTER
    assert shown["sysUpTime"].lines == {'{instance="192.0.2.2",site="xa-a",target="xa-a/switch"}': "4242"}


def test_without_surroundings_a_scalar_is_bare() -> None:
    assert families(switch(b"Gi0/1"))["sysUpTime"].lines == {"": "4242"}


def test_a_label_that_has_our_name_steps_aside() -> None:
    scanned = scan(T.GAUGE, indexes=(ObjectIndex("instance", T.GAUGE),))
    shown = families(read(scanned, {"5": Value(INTEGER, 1)}), {"instance": "192.0.2.2"})
    assert list(shown["state"].lines) == ['{exported_instance="5",instance="192.0.2.2"}']


def test_enumerations() -> None:
    values = {1: "up", 2: "down"}
    rowed = {"1": Value(INTEGER, 2), "2": Value(INTEGER, 9)}
    info = families(read(scan(T.ENUM_AS_INFO, values=values), rowed))
    assert info["state_info"].lines == {'{i="1",state="down"}': "1", '{i="2",state="9"}': "1"}
    assert info["state_info"].help == "State. (EnumAsInfo)"
    states = families(read(scan(T.ENUM_AS_STATE_SET, values=values), rowed))["state"].lines
    assert states == {
        '{i="1",state="down"}': "1",
        '{i="1",state="up"}': "0",
        '{i="2",state="9"}': "1",
        '{i="2",state="up"}': "0",
        '{i="2",state="down"}': "0",
    }


def test_bits_are_a_state_each() -> None:
    scanned = scan(T.BITS, values={0: "lowPaper", 1: "noPaper", 9: "beyond"})
    assert families(read(scanned, {"1": Value(OCTETS, b"\x40")}))["state"].lines == {
        '{i="1",state="lowPaper"}': "0",
        '{i="1",state="noPaper"}': "1",
        '{i="1",state="beyond"}': "0",
    }


def test_a_string_is_a_label_of_its_own_name() -> None:
    shown = families(read(scan(T.DISPLAY_STRING), {"1": Value(OCTETS, b'say "a\\b"')}))
    assert shown["state"].lines == {'{i="1",state="say \\"a\\\\b\\""}': "1"}


def test_a_string_that_is_looked_up_already_stands_once() -> None:
    lookup = ObjectLookup(("i",), "state", encode_oid(f"{TABLE}.2"), T.DISPLAY_STRING)
    shown = families(read(scan(T.DISPLAY_STRING, lookups=(lookup,)), {"1": Value(OCTETS, b"a")}))
    assert shown["state"].lines == {'{i="1",state="a"}': "1"}


def test_lookups_follow_one_another_and_may_drop_their_source() -> None:
    first = ObjectLookup(("i",), "other", encode_oid(f"{TABLE}.3"), T.GAUGE)
    second = ObjectLookup(("other",), "name", encode_oid(f"{TABLE}.4"), T.DISPLAY_STRING)
    drop = ObjectLookup((), "i", b"", T.GAUGE)
    reading = read(
        scan(T.GAUGE, lookups=(first, second, drop)),
        {"1": Value(INTEGER, 5), "300": Value(INTEGER, 6)},
        rows(f"{TABLE}.3", {"1": Value(INTEGER, 700), "300": Value(INTEGER, 701)}),
        rows(f"{TABLE}.4", {"700": Value(OCTETS, b"sau")}),
    )
    assert families(reading)["state"].lines == {'{name="sau",other="700"}': "5", '{name="",other="701"}': "6"}


def test_an_address_takes_the_form_that_its_type_tells() -> None:
    reading = read(
        scan(T.INET_ADDRESS),
        {"1": Value(OCTETS, bytes((192, 0, 2, 7))), "2": Value(OCTETS, b"\x01")},
        rows(f"{TABLE}.1", {"1": Value(INTEGER, 1)}),
    )
    assert families(reading)["state"].lines == {'{i="1",state="192.0.2.7"}': "1", '{i="2",state="0x01"}': "1"}


def test_scale_and_offset() -> None:
    shown = families(read(scan(T.GAUGE, scale=0.1, offset=2.0), {"1": Value(INTEGER, 229)}))
    assert shown["state"].lines == {'{i="1"}': "24.900000000000002"}


def test_two_rows_with_the_same_labels_are_one_series_and_no_number_is_none() -> None:
    reading = read(
        scan(T.COUNTER, lookups=(ObjectLookup((), "i", b"", T.GAUGE),)),
        {"1": Value(OCTETS, b"broken"), "2": Value(COUNTER32, 7), "3": Value(COUNTER32, 8)},
    )
    assert families(reading)["state"].lines == {"": "7"}


def test_a_device_with_endless_tables_shows_so_many_samples_and_no_more() -> None:
    endless = {str(row): Value(INTEGER, row) for row in range(500)}
    assert len(families(read(scan(T.GAUGE), endless), most=100)["state"].lines) == 100
    wide = scan(T.ENUM_AS_STATE_SET, values={number: f"s{number}" for number in range(20)})
    assert len(families(read(wide, endless), most=100)["state"].lines) == 100
