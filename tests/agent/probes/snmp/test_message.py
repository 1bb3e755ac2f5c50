"""Our bytes are pysnmp's, and what pysnmp encodes is read as it means it."""

from __future__ import annotations

import random

import pytest
from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto import rfc1902
from pysnmp.proto.api import PROTOCOL_MODULES

from agent.probes.snmp import ber
from agent.probes.snmp.ber import BerError
from agent.probes.snmp.message import (
    PduRequest,
    PduType,
    SnmpVersion,
    comes_after,
    message_template,
    read_community_message,
    token_of,
)
from agent.probes.snmp.values import Value, decode_oid, encode_oid

REQUESTS = {"GetRequestPDU": PduType.GET, "GetNextRequestPDU": PduType.GET_NEXT, "GetBulkRequestPDU": PduType.GET_BULK}
NUMBER = 0x01020304
ID = NUMBER.to_bytes(4, "big")


def drawn_oids(count: int, seed: int = 1) -> list[str]:
    draw = random.Random(seed)
    arcs = (0, 1, 39, 127, 128, 255, 256, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_456, 2**32 - 1)
    return [
        f"{draw.randint(0, 1)}.{draw.randint(0, 39)}."
        + ".".join(str(draw.choice(arcs)) for _ in range(draw.randint(1, 30)))
        for _ in range(count)
    ]


def of_pysnmp(version: SnmpVersion, kind: str, oids: list[str], community: bytes = b"public", rows: int = 25) -> bytes:
    api = PROTOCOL_MODULES[version]
    pdu = getattr(api, kind)()
    if kind == "GetBulkRequestPDU":
        api.apiBulkPDU.set_defaults(pdu)
        api.apiBulkPDU.set_max_repetitions(pdu, rows)
        api.apiBulkPDU.set_varbinds(pdu, [(oid, api.null) for oid in oids])
    else:
        api.apiPDU.set_defaults(pdu)
        api.apiPDU.set_varbinds(pdu, [(oid, api.null) for oid in oids])
    api.apiPDU.set_request_id(pdu, NUMBER)
    message = api.Message()
    api.apiMessage.set_defaults(message)
    api.apiMessage.set_community(message, community)
    api.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        *((SnmpVersion.V2C, kind) for kind in REQUESTS),
        (SnmpVersion.V1, "GetRequestPDU"),
        (SnmpVersion.V1, "GetNextRequestPDU"),
    ],
)
@pytest.mark.parametrize("count", [1, 2, 5, 12, 40])
def test_a_request_has_the_octets_of_pysnmp(version: SnmpVersion, kind: str, count: int) -> None:
    for seed in range(4):
        oids, community = drawn_oids(count, seed), bytes(range(1, 1 + 40 * seed))
        rows = (1, 25, 127, 128)[seed] if kind == "GetBulkRequestPDU" else 0
        ours = message_template(version, community, PduRequest(REQUESTS[kind], tuple(map(encode_oid, oids)), 0, rows))
        assert ours.with_id(ID) == of_pysnmp(version, kind, oids, community, rows)


@pytest.mark.parametrize("version", [SnmpVersion.V1, SnmpVersion.V2C])
@pytest.mark.parametrize("count", [1, 5, 40])
def test_the_token_of_a_request_is_its_id_however_long_it_is(version: SnmpVersion, count: int) -> None:
    packet = of_pysnmp(version, "GetRequestPDU", drawn_oids(count))
    assert token_of(packet, len(packet)) == ID
    assert token_of(packet[:40], 40) == ID
    assert token_of(packet[:12], 12) == b""


VALUES = (
    (rfc1902.Integer32(-2147483648), Value(ber.INTEGER, -2147483648)),
    (rfc1902.Integer32(0), Value(ber.INTEGER, 0)),
    (rfc1902.OctetString(b"\xff" * 300), Value(ber.OCTET_STRING, b"\xff" * 300)),
    (rfc1902.OctetString(b""), Value(ber.OCTET_STRING, b"")),
    (rfc1902.ObjectIdentifier("1.3.6.1.4.1.14988.1"), Value(6, encode_oid("1.3.6.1.4.1.14988.1"))),
    (rfc1902.IpAddress("127.0.0.1"), Value(ber.IP_ADDRESS, b"\x7f\0\0\1")),
    (rfc1902.Counter32(4294967295), Value(ber.COUNTER32, 4294967295)),
    (rfc1902.Gauge32(128), Value(ber.GAUGE32, 128)),
    (rfc1902.TimeTicks(4294967295), Value(ber.TIME_TICKS, 4294967295)),
    (rfc1902.Opaque(b"\x9f\x78\x04\0\0\0\0"), Value(ber.OPAQUE, b"\x9f\x78\x04\0\0\0\0")),
    (rfc1902.Counter64(2**64 - 1), Value(ber.COUNTER64, 2**64 - 1)),
)


def response(values: list[tuple[str, object]], status: int = 0, index: int = 0) -> bytes:
    api = PROTOCOL_MODULES[SnmpVersion.V2C]
    pdu = api.GetResponsePDU()
    api.apiPDU.set_defaults(pdu)
    api.apiPDU.set_request_id(pdu, NUMBER)
    api.apiPDU.set_error_status(pdu, status)
    api.apiPDU.set_error_index(pdu, index)
    api.apiPDU.set_varbinds(pdu, values)
    message = api.Message()
    api.apiMessage.set_defaults(message)
    api.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def test_a_response_of_pysnmp_is_read_with_every_type() -> None:
    oids = drawn_oids(len(VALUES))
    packet = response([(oid, made) for oid, (made, _) in zip(oids, VALUES, strict=True)], 5, 2)
    version, community, pdu = read_community_message(packet)
    assert (version, community, pdu.kind) == (SnmpVersion.V2C, b"public", PduType.RESPONSE)
    assert (pdu.request_id, pdu.error_status, pdu.error_index) == (NUMBER, 5, 2)
    expected = [(encode_oid(oid), value) for oid, (_, value) in zip(oids, VALUES, strict=True)]
    assert pdu.varbinds == expected
    assert all(isinstance(value, Value) for _, value in pdu.varbinds)


def test_a_value_that_is_not_there_has_its_tag() -> None:
    api = PROTOCOL_MODULES[SnmpVersion.V2C]
    packet = response([("1.3.1", api.NoSuchObject()), ("1.3.2", api.NoSuchInstance()), ("1.3.3", api.EndOfMibView())])
    assert [value.tag for _, value in read_community_message(packet).pdu.varbinds] == [0x80, 0x81, 0x82]


BROKEN = (
    (b"", "cut short"),
    (b"\x30\x80" + b"\0" * 40, "indefinite"),
    (b"\x30\x85\0\0\0\0\1" + b"\0" * 40, "indefinite or impossible"),
    (b"\x04\x02\0\0", "tag 0x04"),
    (response([("1.3.1", rfc1902.Integer32(1))]) + b"\0", "behind the message"),
    (response([("1.3.1", rfc1902.Integer32(1))])[:-1], "longer than what holds it"),
    (bytes(70_000), "65,507"),
    (of_pysnmp(SnmpVersion.V1, "GetRequestPDU", ["1.3.1"]).replace(b"\x02\x01\0\x04", b"\x02\x01\3\x04", 1), "version"),
)


@pytest.mark.parametrize(("packet", "why"), BROKEN)
def test_what_is_no_message_is_named(packet: bytes, why: str) -> None:
    with pytest.raises(BerError, match=why):
        read_community_message(packet)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        (b"\x2b\x80\x01", b"\x05\0", "malformed object identifier"),
        (b"\x2b\x81", b"\x05\0", "malformed object identifier"),
        (b"", b"\x05\0", "malformed object identifier"),
        (b"\x2b" * 641, b"\x05\0", "malformed object identifier"),
        (b"\x2b", b"\x02\0", "number of no"),
        (b"\x2b", b"\x41\x0a" + b"\1" * 10, "too many octets"),
        (b"\x2b", b"\x05\1\0", "where none belongs"),
        (b"\x2b", b"\x47\1\0", "unknown type"),
        (b"\x2b", b"\x06\1\x80", "malformed object identifier"),
        (b"\x2b", b"\x04\1\0\0", "behind a value|longer or shorter"),
    ],
)
def test_a_broken_variable_is_named(name: bytes, value: bytes, why: str) -> None:
    varbind = ber.tlv(0x30, ber.tlv(6, name) + value)
    pdu = ber.tlv(0xA2, b"\x02\x04" + ID + b"\x02\1\0\x02\1\0" + ber.tlv(0x30, varbind))
    with pytest.raises(BerError, match=why):
        read_community_message(ber.tlv(0x30, b"\x02\1\1\x04\0" + pdu))


def test_more_variables_than_any_question_has_are_not_read() -> None:
    varbinds = ber.tlv(0x30, b"\x30\x06\x06\x02\x2b\x06\x05\0" * 8_000)
    pdu = ber.tlv(0xA2, b"\x02\x04" + ID + b"\x02\1\0\x02\1\0" + varbinds)
    with pytest.raises(BerError, match="more variables"):
        read_community_message(ber.tlv(0x30, b"\x02\1\1\x04\0" + pdu))


def test_the_order_of_names_is_that_of_their_arcs() -> None:
    oids = [*drawn_oids(40, 3), "1.3.256", "1.3.16384", "1.3.255", "1.3.127", "1.3.128", "1.3.128.0", "1.3"]
    for one in oids:
        for other in oids:
            expected = [int(arc) for arc in one.split(".")] > [int(arc) for arc in other.split(".")]
            assert comes_after(encode_oid(one), encode_oid(other)) is expected, (one, other)


def test_names_are_written_as_pysnmp_writes_them_and_read_back() -> None:
    for oid in [*drawn_oids(200), "2.999.3", "0.0", "2.4294967215"]:
        assert ber.tlv(6, encode_oid(oid)) == encoder.encode(rfc1902.ObjectName(oid))
        assert decode_oid(encode_oid(oid)) == oid == ".".join(map(str, decoder.decode(ber.tlv(6, encode_oid(oid)))[0]))


@pytest.mark.parametrize("number", [0, 1, 127, 128, 255, 256, 32767, 32768, 2**31 - 1, -1, -129, -(2**31) + 1])
def test_integers_are_as_short_as_pysnmps(number: int) -> None:
    assert ber.integer(number) == encoder.encode(rfc1902.Integer32(number))
