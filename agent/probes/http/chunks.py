"""The chunked transfer coding (RFC 9112 section 7.1), read to the letter.

libcurl takes what browsers and Go refuse: letters behind a size, line feeds alone. So it hands over what came, and only
finds the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.errors import SansangError

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(;[^\r\n]*)?\r\n")
_TRAILER = re.compile(rb"[^\s:\x00][^\r\n:\x00]*:[^\r\n\x00]*\r\n")
_MAX_LINE, _MAX_TRAILERS = 16 * 1024, 64 * 1024  # bytes
_SHORT = {f"{size:{form}}".encode(): size for size in range(1, 256) for form in ("x", "X", "02x", "02X")}


class FramingError(SansangError):
    """Where the body begins or ends cannot be told; never leaves the probe."""


class LineTooLongError(FramingError):
    """A size with its extension, or the trailers, have no end."""


def is_chunked(values: Sequence[bytes]) -> bool:
    """Whether these are the values of a Transfer-Encoding: chunked, once and alone; False where there are none.

    Raises FramingError for any other (RFC 9112 section 6.1): we ask for none.
    """
    codings = [coding.strip(b" \t").lower() for value in values for coding in value.split(b",")]
    if values and [coding for coding in codings if coding] != [b"chunked"]:
        raise FramingError("Transfer-Encoding is not chunked (RFC 9112 section 6.1)")
    return bool(values)


class ChunkedDecoder:
    """A body in chunks. count: those that began so far; whole: the last one and the trailers have come."""

    __slots__ = ("_after", "_left", "_rest", "_trailers", "_trailing", "count", "whole")

    def __init__(self) -> None:
        self._rest = b""
        self._left = self._trailers = self.count = 0
        self._after = self._trailing = self.whole = False  # after: the data of a chunk; what is due is its CRLF

    def put(self, data: bytes) -> bytes:
        """What a piece holds of the content. Raises FramingError."""
        data, self._rest = self._rest + data, b""
        at, pieces = 0, []
        while at < len(data) and not self.whole:
            if self._left:
                piece = data[at : at + self._left]
                self._left -= len(piece)
                self._after = not self._left
                pieces.append(piece)
                at += len(piece)
            elif end := data.find(b"\n", at) + 1:
                self._take_line(data[at:end])
                at = end if self._left or self._trailing else self._take_whole(data, end, pieces)
            else:
                self._rest = data[at:]
                self._bound(len(self._rest), _MAX_LINE)
                break
        return b"".join(pieces)

    def _take_whole(self, data: bytes, at: int, pieces: list[bytes]) -> int:
        """Chunks that lie there whole, at little cost each: a flood of them are 700 in one piece. Where they end."""
        before = len(pieces)
        while True:
            begins = data.find(b"\r\n", at, at + 4) + 2
            size = _SHORT.get(data[at : begins - 2], 0) if begins > at else 0
            if not size and (line := _SIZE.match(data, at)):
                begins, size = line.end(), int(line[1], 16)
            ends = begins + size
            if not size or data[ends : ends + 2] != b"\r\n":
                break
            pieces.append(data[begins:ends])
            at = ends + 2
        self.count += len(pieces) - before
        return at

    def _take_line(self, line: bytes) -> None:
        self._bound(len(line), _MAX_LINE)
        if self._after:
            self._demand(line == b"\r\n")
            self._after = False
        elif self._trailing:
            self.whole = line == b"\r\n"
            self._demand(self.whole or _TRAILER.fullmatch(line) is not None)
            self._trailers += len(line)
            self._bound(self._trailers, _MAX_TRAILERS)
        else:
            size = _SIZE.fullmatch(line)
            self._left = int(size[1], 16) if size else 0
            self._demand(size is not None)
            self._trailing = not self._left
            self.count += 1

    @staticmethod
    def _demand(good: bool) -> None:
        if not good:
            raise FramingError("malformed chunks (RFC 9112 section 7.1)")

    @staticmethod
    def _bound(length: int, most: int) -> None:
        if length > most:
            raise LineTooLongError("chunk extension or trailers")
