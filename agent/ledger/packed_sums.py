"""The sums of a day's runs as the text of a row: base64 of zlib of some thirty numbers a target, column by column.

The ids of the targets stand first, each with a line end behind it, then a zero, then unsigned 32-bit numbers, little
end first: all targets' counts of the first bucket, of the second ..., of each question those of yes and those of no,
and last the fewest days that a certificate still had, counted from 2^31; 0 where none was seen.
Whoever reads it trusts nothing in it: what is packed is bounded before it is unpacked.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agent.model.measured import BUCKETS, BooleanFact, Measured, YesNo

MOST_TARGETS = 500
"""Of one row."""

FACTS = tuple(BooleanFact)
COUNTS = BUCKETS + 2 * len(FACTS)
"""Numbers of one target but for the days: by bucket, then yes and no of each question."""

_COLUMNS = COUNTS + 1
_MOST_ID = 1_000
_MOST_BYTES = MOST_TARGETS * (_MOST_ID + 4 * _COLUMNS) + 1
_MOST_PACKED = 2 * _MOST_BYTES
_MOST_RUNS = 10_000_000  # of a target on one day: a hundred a second
_NO_DAYS, _ZERO_DAYS = 0, 1 << 31
_MOST_DAYS = 10_000_000  # to a certificate's end: year 9999 and more


class TargetCounts(NamedTuple):
    """The numbers of one target, unsigned of 32 bits; certificate_days as of Measured."""

    target: str
    counts: array[int]
    certificate_days: int | None

    @property
    def measured(self) -> Measured:
        """The same as sums."""
        return measured_of(self.counts, self.certificate_days)


def measured_of(counts: Sequence[int], certificate_days: int | None) -> Measured:
    """The sums of COUNTS numbers."""
    first_byte = tuple(counts[:BUCKETS])
    pairs = ((fact, counts[at], counts[at + 1]) for fact, at in zip(FACTS, range(BUCKETS, COUNTS, 2), strict=True))
    facts = {fact: YesNo(yes, no) for fact, yes, no in pairs if yes or no}
    return Measured(first_byte if any(first_byte) else (), facts, certificate_days)


def packed(targets: Sequence[TargetCounts]) -> str:
    """The text of the counts; ValueError for more than one row takes."""
    ids = [target.target for target in targets]
    if len(ids) > MOST_TARGETS or any("\n" in name or "\0" in name or len(name) > _MOST_ID for name in ids):
        raise ValueError("more than one row takes")
    numbers = array("I")
    for column in range(COUNTS):
        numbers.extend(min(target.counts[column], _MOST_RUNS) for target in targets)
    numbers.extend(map(_written_days, targets))
    if sys.byteorder == "big":
        numbers.byteswap()
    names = "".join(f"{name}\n" for name in ids)
    return b64encode(zlib.compress(names.encode() + b"\0" + numbers.tobytes())).decode()


def _written_days(target: TargetCounts) -> int:
    days = target.certificate_days
    return _NO_DAYS if days is None else _ZERO_DAYS + max(-_MOST_DAYS, min(days, _MOST_DAYS))


def unpacked(text: str) -> Iterator[TargetCounts]:
    """The counts, in the order in which they were packed; ValueError for what ``packed`` does not write."""
    names, numbers = _inflated(text)
    count = len(names)
    if numbers and max(numbers[: COUNTS * count]) > _MOST_RUNS:
        raise ValueError("a count is too large")
    all_days = numbers[COUNTS * count :]
    for index, name in enumerate(names):
        yield TargetCounts(name, numbers[index : COUNTS * count : count], _read_days(all_days[index]))


def _read_days(number: int) -> int | None:
    if number == _NO_DAYS:
        return None
    days = number - _ZERO_DAYS
    if not -_MOST_DAYS <= days <= _MOST_DAYS:
        raise ValueError("a certificate does not last so long")
    return days


def _inflated(text: str) -> tuple[list[str], array[int]]:
    if len(text) > _MOST_PACKED:
        raise ValueError("it is longer than a row may be")
    try:
        stream = zlib.decompressobj()
        plain = stream.decompress(b64decode(text, validate=True), _MOST_BYTES + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(plain) > _MOST_BYTES or not stream.eof or stream.unused_data:
        raise ValueError("it is longer than a row may be, or cut")
    head, zero, body = plain.partition(b"\0")
    names = head.decode().split("\n")
    if not zero or names.pop() or len(names) > MOST_TARGETS or len(body) != 4 * _COLUMNS * len(names):
        raise ValueError("it holds other numbers than its targets have")
    if len({*names}) < len(names) or any(len(name) > _MOST_ID for name in names):
        raise ValueError("its targets are none")
    numbers = array("I", body)
    if sys.byteorder == "big":
        numbers.byteswap()
    return names, numbers


def by_target(text: str) -> Mapping[str, Measured]:
    """All of a row as sums; ValueError as of ``unpacked``."""
    return {target.target: target.measured for target in unpacked(text)}
