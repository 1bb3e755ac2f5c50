"""The bytes are compared with recorded ones and with arithmetic written down by hand; no codec of ours makes them."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.ntp import wire

NONCE = bytes.fromhex("0123456789abcdef")
RECORDED = bytes.fromhex(  # chrony 4.3 with a local reference clock, asked with NONCE on 2026-11-30
    "240a00e600000000000000007f7f0101eeb869dceba9114a0123456789abcdefeeb869deacc49cb1eeb869deb0f43d50"
)
UNSYNCHRONISED = bytes.fromhex(  # chrony 4.3 without a source
    "e40000e600000001000000010000000000000000000000000123456789abcdefeeb869deb107fd99eeb869deb10aadc8"
)


def answer(
    received: int = 1, transmitted: int = 1, leap: int = 0, stratum: int = 2, reference: bytes = b"GPS\0"
) -> bytes:
    return struct.pack(
        "!BBbbII4sQ8sQQ", leap << 6 | 0x24, stratum, 0, 0, 0, 0, reference, 0, NONCE, received, transmitted
    )


def at(unix_seconds: float) -> int:
    """In units of 2**-32 s since 1900, modulo an era."""
    return round((unix_seconds + 2_208_988_800) * 2**32) % 2**64


def test_a_request_is_48_bytes_of_version_4_with_the_nonce_as_its_transmit_time() -> None:
    assert wire.request(NONCE) == bytes.fromhex("23" + "00" * 39) + NONCE


def test_a_recorded_answer_is_read() -> None:
    packet = wire.parse(RECORDED)
    assert isinstance(packet, wire.ServerPacket)
    assert (packet.leap, packet.stratum, packet.reference, packet.synchronised) == (0, 10, b"\x7f\x7f\x01\x01", True)
    assert packet.root_dispersion_seconds == pytest.approx(0.0)
    assert packet.received >> 32 == packet.transmitted >> 32 == 0xEEB869DE
    assert wire.nonce_of(RECORDED, len(RECORDED)) == NONCE


def test_a_recorded_answer_of_a_server_without_a_source_is_not_synchronised() -> None:
    packet = wire.parse(UNSYNCHRONISED)
    assert isinstance(packet, wire.ServerPacket)
    assert (packet.leap, packet.stratum, packet.synchronised, packet.kiss_code) == (3, 0, False, "")


def test_the_token_of_a_quoted_request_is_its_transmit_time_and_a_short_packet_has_none() -> None:
    request = wire.request(NONCE)
    assert wire.nonce_of(request, 48) == NONCE
    assert wire.nonce_of(request, 47) == wire.nonce_of(request[:28], 28) == b""


@pytest.mark.parametrize(
    ("leap", "stratum", "reference", "synchronised", "kiss"),
    [
        (0, 1, b"GPS\0", True, ""),
        (2, 15, b"\1\2\3\4", True, ""),
        (3, 2, b"GPS\0", False, ""),
        (0, 0, b"RATE", False, "RATE"),
        (3, 0, b"DENY", False, "DENY"),
        (3, 0, b"\0\0\0\0", False, ""),
        (0, 0, b"R\xc3\x82T", False, ""),
        (0, 16, b"INIT", False, ""),
        (0, 200, b"GPS\0", False, ""),
    ],
)
def test_leap_and_stratum_say_whether_the_server_follows_a_source(
    leap: int, stratum: int, reference: bytes, synchronised: bool, kiss: str
) -> None:
    packet = wire.parse(answer(leap=leap, stratum=stratum, reference=reference))
    assert isinstance(packet, wire.ServerPacket)
    assert (packet.synchronised, packet.kiss_code) == (synchronised, kiss)


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b"", "0 bytes are no NTP packet"),
        (RECORDED[:47], "47 bytes are no NTP packet"),
        (RECORDED.ljust(1025, b"\0"), "1025 bytes are no NTP packet"),
        (b"\x23" + RECORDED[1:], "not a server's answer: version 4, mode 3"),
        (b"\x25" + RECORDED[1:], "not a server's answer: version 4, mode 5"),
        (b"\x3c" + RECORDED[1:], "not a server's answer: version 7, mode 4"),
        (RECORDED[:40] + bytes(8), "no time in the answer of a server that says it is synchronised"),
        (RECORDED[:32] + bytes(8) + RECORDED[40:], "no time in the answer of a server that says it is synchronised"),
    ],
)
def test_what_is_no_answer_is_named(packet: bytes, why: str) -> None:
    assert wire.parse(packet) == why


def test_extension_fields_and_a_mac_are_passed_over() -> None:
    assert wire.parse(RECORDED + bytes(20)) == wire.parse(RECORDED)


@given(st.binary(max_size=1200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert isinstance(wire.parse(data), str | wire.ServerPacket)
    assert len(wire.nonce_of(data, len(data))) in (0, 8)


YEAR_2026, ERA_1 = 1_796_000_000, 2_085_978_496  # the second is 2036-02-07 06:28:16 UTC, when NTP's seconds wrap


@pytest.mark.parametrize("sent", [YEAR_2026, ERA_1 - 1, ERA_1 - 0.001, ERA_1, ERA_1 + 1])
@pytest.mark.parametrize("offset", [0.0, 5.0, -5.0, 86_400.0, -86_400.0, 60 * 365 * 86_400.0])
def test_offset_and_delay_are_those_of_the_rfc_in_either_era(sent: float, offset: float) -> None:
    there, kept, back = 0.010, 0.002, 0.030
    packet = wire.parse(answer(at(sent + offset + there), at(sent + offset + there + kept)))
    assert isinstance(packet, wire.ServerPacket)
    found = wire.measure(packet, round(sent * 1e9), there + kept + back)
    assert found.offset_seconds == pytest.approx(offset + (there - back) / 2, abs=1e-5)
    assert found.delay_seconds == pytest.approx(there + back, abs=1e-5)
    assert found.least_offset_seconds == pytest.approx(max(0.0, abs(found.offset_seconds) - 0.02), abs=1e-5)


@pytest.mark.parametrize("kept", [-5.0, 0.0, 3600.0])
def test_a_server_cannot_talk_the_delay_away(kept: float) -> None:
    packet = wire.parse(answer(at(YEAR_2026), at(YEAR_2026 + kept)))
    assert isinstance(packet, wire.ServerPacket)
    assert wire.measure(packet, YEAR_2026 * 10**9, 0.1).delay_seconds == 0.1


def test_an_offset_within_half_of_the_round_trip_may_be_none() -> None:
    assert wire.ClockMeasurement(0.4, 1.0).least_offset_seconds == 0.0
    assert wire.ClockMeasurement(-5.0, 1.0).least_offset_seconds == 4.5
