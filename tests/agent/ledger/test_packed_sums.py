"""The sums of a day in a row: what is packed comes back, and nothing else is taken for it."""

from __future__ import annotations

import zlib
from array import array
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ledger.codec import decode, encode, fault_of
from agent.ledger.packed_sums import COUNTS, MOST_TARGETS, TargetCounts, by_target, packed, unpacked
from agent.ledger.rows import MeasuredSums
from agent.model.measured import BUCKETS, BooleanFact, Measured, YesNo

_COUNTS = st.lists(st.integers(0, 10_000_000), min_size=COUNTS, max_size=COUNTS)
_IDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\0"), max_size=200)
_ROW = st.dictionaries(_IDS, st.tuples(_COUNTS, st.none() | st.integers(-40_000, 3_000_000)), max_size=5).map(
    lambda row: [TargetCounts(target, array("I", counts), days) for target, (counts, days) in row.items()]
)


@given(_ROW)
def test_what_is_packed_comes_back(row: list[TargetCounts]) -> None:
    text = packed(row)

    assert list(unpacked(text)) == row
    assert text.isascii()
    assert '"' not in text


@given(_ROW)
def test_a_row_of_it_is_spelled_in_one_way(row: list[TargetCounts]) -> None:
    sums = MeasuredSums(2, 1, "2026-11-30", "Asia/Ho_Chi_Minh", packed(row))
    encoded = encode(sums)

    assert decode(encoded.kind, encoded.body) == sums
    assert fault_of(encoded.kind, encoded.target, encoded.at_ms, encoded.body) == ""


def test_counts_are_sums_by_name() -> None:
    counts = array("I", [0] * COUNTS)
    counts[2], counts[BUCKETS - 1], counts[BUCKETS + 4], counts[BUCKETS + 5] = 40, 1, 3, 2
    first_byte = (0, 0, 40, *[0] * (BUCKETS - 4), 1)

    assert by_target(packed([TargetCounts("a/portal", counts, 30)])) == {
        "a/portal": Measured(first_byte, {BooleanFact.HTTPS: YesNo(3, 2)}, 30)
    }


def test_every_count_of_a_full_row_fits_and_one_target_more_does_not() -> None:
    most = array("I", [10_000_000] * COUNTS)
    row = [TargetCounts(f"{number:03}{'x' * 900}", most, -40_000) for number in range(MOST_TARGETS)]

    assert list(unpacked(packed(row))) == row
    with pytest.raises(ValueError, match="more than one row"):
        packed([*row, row[0]])


def as_row(ids: bytes, numbers: list[int], zero: bytes = b"\0", more: bytes = b"") -> str:
    return b64encode(zlib.compress(ids + zero + array("I", numbers).tobytes() + more)).decode()


NUMBERS = [0] * (COUNTS + 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!",
        b64encode(b"no zlib").decode(),
        as_row(b"t\n", NUMBERS, zero=b""),
        as_row(b"t", NUMBERS),
        as_row(b"t\n", NUMBERS[1:]),
        as_row(b"t\n", NUMBERS, more=b"1"),
        as_row(b"t\nt\n", NUMBERS * 2),
        as_row(b"\xff\n", NUMBERS),
        as_row(b"\xed\xa0\x80\n", NUMBERS),
        as_row(b"x" * 1_001 + b"\n", NUMBERS),
        as_row(b"".join(b"%d\n" % number for number in range(MOST_TARGETS + 1)), NUMBERS * (MOST_TARGETS + 1)),
        as_row(b"t\n", [10_000_001, *NUMBERS[1:]]),
        as_row(b"t\n", [*NUMBERS[:-1], 1]),
        as_row(b"t\n", [*NUMBERS[:-1], (1 << 32) - 1]),
        as_row(b"\n" * 10_000_000, []),
        as_row(b"t\n", NUMBERS) + "AAAA",
        b64encode(zlib.compress(b"\0")[:-1]).decode(),
        "A" * 10_000_000,
    ],
)
def test_what_no_agent_writes_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        list(unpacked(text))


@given(st.binary(max_size=200), st.lists(st.integers(0, (1 << 32) - 1), max_size=2 * COUNTS + 2))
def test_nothing_else_ever_comes_of_it(ids: bytes, numbers: list[int]) -> None:
    for text in (b64encode(ids).decode(), as_row(ids, numbers), as_row(b"a\nb\n", numbers)):
        try:
            targets = list(unpacked(text))
        except ValueError:
            continue
        assert len(targets) <= MOST_TARGETS
