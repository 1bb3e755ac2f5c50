"""Which single byte of a file was changed, out of its CRC-32 alone: the checksum is linear, so it can be run backwards.

Good for a fault of a disk or a line, and for one letter that somebody typed over; whatever was changed more keeps only
its name.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

MOST_BYTES = 8 * 1024 * 1024
"""Of a file that is searched: some seconds."""

_TABLE = tuple(zlib.crc32(bytes([value])) ^ zlib.crc32(b"\0") for value in range(256))
"""What a difference in the last byte makes of the checksum."""

_BY_TOP = {entry >> 24: index for index, entry in enumerate(_TABLE)}
_CHANGE_OF = {entry: change for change, entry in enumerate(_TABLE) if change}


def single_changes(content: bytes, check: int) -> Iterator[tuple[int, int]]:
    """Each place, and the byte to put there, that gives the content the checksum; from the end, nothing if too long.

    Nearly always none or the one that was changed; who has a better hash looks which of them it is.
    """
    difference = zlib.crc32(content) ^ check
    if difference and len(content) <= MOST_BYTES:
        for place in range(len(content) - 1, -1, -1):
            change = _CHANGE_OF.get(difference)
            if change is not None:
                yield place, content[place] ^ change
            index = _BY_TOP[difference >> 24]
            difference = ((difference ^ _TABLE[index]) << 8 | index) & 0xFFFFFFFF
