"""Walking columns: which names to ask for next, and what of the answers is sure to follow each other. Pure.

GetNext gives one row a question. Where rows are numbered one after the other, as ports mostly are, the names of the
next ones can be guessed: what follows a guess is the next row if the guess was the row before it, and else is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.probes.snmp.message import Varbind

_FIRST_ROWS = 8  # once the first one is known
_MOST_MISSES = 2
_MOST_ARC = 0xFFFF_FFFF


def names_ahead(column: bytes, last: bytes, rows: int) -> list[bytes]:
    """The last name of a column and the guessed ones after it, so many in all where their number has room."""
    if last == column:
        return [column, *(column + _arc(number) for number in range(1, rows))]
    begin = len(last) - 1
    while begin and last[begin - 1] & 0x80:
        begin -= 1
    number = 0
    for octet in last[begin:]:
        number = number << 7 | octet & 0x7F
    until = min(number + rows, _MOST_ARC + 1)
    return [last, *(last[:begin] + _arc(following) for following in range(number + 1, until))]


def _arc(number: int) -> bytes:
    octets = [number & 0x7F]
    while number := number >> 7:
        octets.append(number & 0x7F | 0x80)
    return bytes(reversed(octets))


def in_sequence(names: Sequence[bytes], varbinds: Sequence[Varbind]) -> list[Varbind]:
    """Of what follows the names, the first one being certain, those with nothing between them."""
    before, sure = names[0], []
    for name, varbind in zip(names, varbinds, strict=False):
        if name == before:
            sure.append(varbind)
            before = varbind[0]
    return sure


class RowsAhead:
    """How many rows to ask for at once, by what came of the guesses so far in this walk."""

    __slots__ = ("_misses", "rows")

    def __init__(self) -> None:
        self.rows = 1
        self._misses = 0

    def heard(self, asked: int, sure: int) -> None:
        """After an answer of which so many rows were sure."""
        if sure < asked:
            self._misses += sure == 1
            self.rows = sure
        elif self._misses < _MOST_MISSES:
            self.rows = max(_FIRST_ROWS, 2 * asked)

    def end(self) -> None:
        """An error may be that of a guess: no more of them."""
        self.rows, self._misses = 1, _MOST_MISSES
