"""The H.225.0 codec against recorded messages, lengths made to break it, and mutants of what was recorded."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.probes.h323 import wire
from agent.probes.h323.wire import MAX_TPKT_BYTES, NONCE_BYTES, H225Malformed, H225Message, H225Reader, status_enquiry
from tests.recorded_h323 import MESSAGES, STATUS_ENQUIRIES

EMPTY = b"\x03\x00\x00\x04"
CAPTURED = tuple(data for _, data in MESSAGES)
RELEASE = CAPTURED[0]


def tpkt(payload: bytes) -> bytes:
    return b"\x03\x00" + (len(payload) + 4).to_bytes(2, "big") + payload


def q931(kind: int, elements: bytes = b"") -> bytes:
    return tpkt(b"\x08\x02\x00\x07" + bytes((kind,)) + elements)


def released(user: bytes = b"", cause: bytes = b"") -> bytes:
    elements = bytes((0x08, len(cause))) + cause if cause else b""
    return q931(0x5A, elements + (b"\x7e" + len(user).to_bytes(2, "big") + user if user else b""))


def taken(pieces: Iterable[bytes]) -> list[H225Message | H225Malformed]:
    reader, found = H225Reader(), []
    for piece in pieces:
        reader.feed(piece)
        while (message := reader.take()) is not None:
            found.append(message)
            if isinstance(message, H225Malformed):
                return found
    return found


def read(data: bytes) -> H225Message | H225Malformed:
    (message,) = taken([data])
    return message


def why(data: bytes) -> str:
    message = read(data)
    assert isinstance(message, H225Malformed)
    return message.why


# What is sent


def test_the_enquiry_is_the_recorded_one_byte_for_byte() -> None:
    wanted = STATUS_ENQUIRIES[1].sent
    assert status_enquiry(b"\x12\x34" + bytes.fromhex("00112233445566778899aabbccddeeff")) == wanted


@pytest.mark.parametrize(("drawn", "reference"), [(0, 1), (0x8000, 1), (0xFFFF, 0x7FFF), (7, 7)])
def test_the_call_reference_is_that_of_a_caller_and_never_zero(drawn: int, reference: int) -> None:
    sent = status_enquiry(drawn.to_bytes(2, "big") + bytes(16))
    assert int.from_bytes(sent[6:8], "big") == reference
    assert read(sent) == H225Message("StatusEnquiry", reference)


@pytest.mark.parametrize("size", [0, NONCE_BYTES - 1, NONCE_BYTES + 1])
def test_a_nonce_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="18 bytes"):
        status_enquiry(bytes(size))


def test_nothing_here_can_write_any_other_message() -> None:
    writers = [name for name, value in vars(wire).items() if callable(value) and not isinstance(value, type)]
    assert [name for name in writers if not name.startswith("_")] == ["dataclass", "status_enquiry"]


# What is read


@pytest.mark.parametrize(("kind", "data"), MESSAGES)
def test_every_recorded_message_is_named(kind: str, data: bytes) -> None:
    message = read(data)
    assert isinstance(message, H225Message)
    assert message.kind == kind


def test_recorded_releases_say_why() -> None:
    said = [read(data) for kind, data in MESSAGES if kind == "ReleaseComplete"]
    assert [each.release for each in said if isinstance(each, H225Message)] == [
        "undefinedReason",
        "cause 21",
        "cause 16",
        "undefinedReason",
    ]


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        (0x00, "noBandwidth"),
        (0x18, "destinationRejection"),
        (0x58, "undefinedReason"),
        (0x60, "cause 31"),
        (0x80, "facilityCallDeflection"),
        (0x82, "calledPartyNotRegistered"),
        (0x8C, "hopCountExceeded"),
        (0x8D, "cause 31"),
        (0xC0, "cause 31"),
        (0xFF, "cause 31"),
    ],
)
def test_a_release_reason_of_either_list_else_the_cause(choice: int, reason: str) -> None:
    user = bytes.fromhex("052540060008914a0004") + bytes((choice, 0))
    assert read(released(user, b"\x80\x9f")) == H225Message("ReleaseComplete", 7, reason)


@pytest.mark.parametrize(
    ("cause", "said"),
    [(b"\x80\x9f", "cause 31"), (b"\x00\x80\x90", "cause 16"), (b"\x80", ""), (b"\x00\x80", ""), (b"", "")],
)
def test_a_cause_with_and_without_octet_3a(cause: bytes, said: str) -> None:
    assert read(released(cause=cause)) == H225Message("ReleaseComplete", 7, said)


@pytest.mark.parametrize("user", [b"", b"\x05", b"\x04" * 40, b"\x05\x25\x40" + b"\xff" * 20, b"\x05" + bytes(40)])
def test_per_garbage_in_a_sound_message_says_nothing(user: bytes) -> None:
    assert read(released(user)) == H225Message("ReleaseComplete", 7)


def test_a_type_without_a_name_is_shown_by_its_number() -> None:
    assert read(q931(0x44)) == H225Message("type 68", 7)


def test_single_octet_elements_are_stepped_over() -> None:
    assert read(q931(0x5A, b"\xa1\x96\x08\x02\x80\x9f")) == H225Message("ReleaseComplete", 7, "cause 31")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 26, 1000])
def test_a_stream_is_cut_by_its_lengths_wherever_it_is_split(size: int) -> None:
    stream = EMPTY + b"".join(CAPTURED) + EMPTY
    found = taken(stream[at : at + size] for at in range(0, len(stream), size))
    assert [each.kind for each in found if isinstance(each, H225Message)] == [kind for kind, _ in MESSAGES]


def test_part_of_a_message_waits_for_the_rest() -> None:
    for at in range(len(RELEASE)):
        reader = H225Reader()
        reader.feed(RELEASE[:at])
        assert reader.take() is None
        assert reader.started is (at > 0)


# What is refused


@pytest.mark.parametrize("length", [0, 1, 3])
def test_a_tpkt_shorter_than_its_head(length: int) -> None:
    assert why(b"\x03\x00" + length.to_bytes(2, "big")) == f"a TPKT of {length} bytes, less than its own head"


@pytest.mark.parametrize("length", [MAX_TPKT_BYTES + 1, 65_535])
def test_a_tpkt_too_long_is_told_by_its_head_alone(length: int) -> None:
    message = read(b"\x03\x00" + length.to_bytes(2, "big"))
    assert message == H225Malformed(f"a TPKT of {length} bytes", too_large=True)


def test_the_longest_tpkt_is_read() -> None:
    payload = b"\x08\x02\x00\x01\x62\x7e" + (MAX_TPKT_BYTES - 12).to_bytes(2, "big") + bytes(MAX_TPKT_BYTES - 12)
    assert read(tpkt(payload)) == H225Message("Facility", 1)


@pytest.mark.parametrize("data", [b"\x00", b"H", b"\x16\x03\x01", b"SSH-2.0-x\r\n", b"\x04\x00\x00\x09"])
def test_what_is_no_tpkt_is_refused_at_its_first_octet(data: bytes) -> None:
    assert why(data) == "not a TPKT"


@pytest.mark.parametrize("payload", [b"\x02\xf0\x80", b"\x0e\xd0\x00\x00\x12\x34\x00", b"\x00", b"\xff" * 40])
def test_a_tpkt_of_another_protocol(payload: bytes) -> None:
    assert why(tpkt(payload)) == "a TPKT without Q.931 in it"


@pytest.mark.parametrize(
    "payload", ["08", "0802", "08020001", "0801015a", "08000001", "080f00015a", "088200015a", "08020001da"]
)
def test_a_broken_head(payload: str) -> None:
    assert why(tpkt(bytes.fromhex(payload))) == "the head of a Q.931 message is wrong"


@pytest.mark.parametrize("elements", ["08", "0802", "080280", "08ff9090", "7e", "7e00", "7e0001", "7effff05", "28"])
def test_an_element_that_leads_out_of_its_message(elements: str) -> None:
    assert why(q931(0x5A, bytes.fromhex(elements))) == "an information element is longer than its message"


def test_empty_tpkts_without_end_are_given_up() -> None:
    assert taken([EMPTY] * 64) == []
    assert taken([EMPTY] * 65) == [H225Malformed("empty TPKTs without end")]
    assert taken([EMPTY * 64 + RELEASE]) == [H225Message("ReleaseComplete", 0, "undefinedReason")]


# Mutants


def mutant(rng: random.Random) -> bytes:
    data = bytearray(rng.choice(CAPTURED))
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(6)
        if kind == 0 and at < len(data):
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at : at + rng.randint(1, 12)]
        elif kind == 2:
            data[at:at] = rng.randbytes(rng.randint(1, 12))
        elif kind == 3:
            data[2:4] = rng.choice((b"\x00\x00", b"\x00\x03", b"\x00\x04", b"\x40\x00", b"\xff\xff"))
        elif kind == 4:
            data[10:] = rng.randbytes(rng.randint(1, 40))  # PER garbage behind a sound head
            data[2:4] = len(data).to_bytes(2, "big")
        else:
            data[at:] = rng.choice(CAPTURED)
        if not data:
            data += EMPTY
    return bytes(data)


@pytest.mark.parametrize("mutants", [5_000, pytest.param(200_000, marks=pytest.mark.soak)])
def test_mutants_are_read_or_refused_and_alike_in_one_piece_and_byte_by_byte(mutants: int) -> None:
    rng = random.Random(1720)
    seen = {H225Message: 0, H225Malformed: 0}
    for _ in range(mutants):
        data = mutant(rng)
        found = taken([data])
        assert found == taken(data[at : at + 1] for at in range(len(data)))
        for each in found:
            seen[type(each)] += 1
    assert min(seen.values()) > mutants // 10


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for each in (*taken([data]), *taken([tpkt(b"\x08\x02\x00\x01\x5a" + data)])):
        assert isinstance(each, H225Message | H225Malformed)


@pytest.mark.parametrize(
    "data",
    [
        tpkt(b"\x08\x02\x00\x01\x5a" + b"\xa1" * 16_000),
        tpkt(b"\x08\x02\x00\x01\x5a" + b"\x28\x00" * 8_000),
        EMPTY * 20_000,
    ],
)
def test_hostile_bytes_cost_no_time_even_one_by_one(data: bytes) -> None:
    began = time.process_time()
    taken(data[at : at + 1] for at in range(len(data)))
    assert time.process_time() - began < 1.0
