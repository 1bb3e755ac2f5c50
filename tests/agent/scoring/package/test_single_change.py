"""The byte that was changed, out of the checksum alone."""

from __future__ import annotations

import random
import zlib

import pytest

from agent.scoring.package.single_change import MOST_BYTES, single_changes


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 100, 30_000])
def test_a_single_changed_byte_is_found_wherever_it_is(size: int) -> None:
    numbers = random.Random(size)
    content = numbers.randbytes(size)
    for place in {0, size // 2, size - 1}:
        changed = bytearray(content)
        changed[place] ^= numbers.randrange(1, 256)

        assert (place, content[place]) in list(single_changes(bytes(changed), zlib.crc32(content)))


def test_nothing_is_found_where_nothing_was_changed_or_more_than_one_byte() -> None:
    content = random.Random(14).randbytes(1000)

    assert list(single_changes(content, zlib.crc32(content))) == []
    assert list(single_changes(content[::-1], zlib.crc32(content))) == []


def test_a_file_of_many_megabytes_is_not_searched() -> None:
    assert list(single_changes(bytes(MOST_BYTES + 1), 1)) == []
