"""Content codings (RFC 9110 section 8.4): what was done to a body is undone in small steps, each layer bounded.

libcurl would undo them all at once: a gzip in a gzip in a gzip, a kilobyte on the wire, holds the loop for minutes.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final, Protocol

import brotli

MAX_CODINGS = 5  # as libcurl has it
_STEP_IN, _STEP_OUT = 4 * 1024, 16 * 1024  # bytes of one step; the dearest 4 KiB (thousands of code tables) take 2 ms
_FRAME, _NO_FRAME = 15, -15  # zlib's window bits: with the header and trailer of RFC 1950, or without
_GZIP = 31
_OLD_TRAILER = 4  # bytes: some servers put a checksum after a deflate that has no header
_NONE: Final = ("identity", "none")


class BodyFault(Enum):
    """What can be wrong with a body that was encoded."""

    BROKEN = "broken"  # it is not what it says, or its checksum is wrong
    CUT = "cut"  # it ended inside a coding
    LARGE = "large"  # one layer decodes to more than the limit


class _Layer(Protocol):
    """One coding. put() only while not ready; ``whole`` once the input is over: whether it ended where it should."""

    ready: bool

    def put(self, data: bytes) -> None: ...

    def step(self) -> bytes:
        """At most two times _STEP_OUT bytes; raises zlib.error or brotli.error."""

    @property
    def whole(self) -> bool: ...


class _Gzip:
    """RFC 1952: one member or several, each with its checksum and length; anything else after one is a fault."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._pending = b""
        self._started = False
        self.ready = False

    def put(self, data: bytes) -> None:
        self._pending += data
        self.ready = True

    def step(self) -> bytes:
        if self._member.eof:
            self._member = zlib.decompressobj(_GZIP)
        self._started = True
        output, self._pending = _inflated(self._member, self._pending)
        self.ready = bool(self._pending) or _more_inside(self._member, output)
        return output

    @property
    def whole(self) -> bool:
        return self._member.eof or not self._started


class _Deflate:
    """RFC 1950, and as some servers have it: without the header, with or without the trailer."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._pending = b""
        self._spare = 0
        self.ready = False

    def put(self, data: bytes) -> None:
        self._pending += data
        self.ready = self._stream is not None or len(self._pending) > 1

    def step(self) -> bytes:
        if self._stream is None:
            framed = _has_zlib_header(self._pending)
            self._stream, self._spare = (
                zlib.decompressobj(_FRAME if framed else _NO_FRAME),
                0 if framed else _OLD_TRAILER,
            )
        if self._stream.eof:
            return self._after_the_end()
        output, self._pending = _inflated(self._stream, self._pending)
        self.ready = bool(self._pending) or _more_inside(self._stream, output)
        return output

    def _after_the_end(self) -> bytes:
        self._spare -= len(self._pending)
        if self._spare < 0:
            raise zlib.error("bytes after the end")
        self._pending, self.ready = b"", False
        return b""

    @property
    def whole(self) -> bool:
        return self._stream.eof if self._stream is not None else not self._pending


class _Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._pending = b""
        self._started = False
        self.ready = False

    def put(self, data: bytes) -> None:
        self._pending += data
        self.ready = True

    def step(self) -> bytes:
        self._started = True
        piece = b""
        if self._stream.can_accept_more_data():
            piece, self._pending = self._pending[:_STEP_IN], self._pending[_STEP_IN:]
        output: bytes = self._stream.process(piece, output_buffer_limit=_STEP_OUT)
        self.ready = bool(output or self._pending)
        return output

    @property
    def whole(self) -> bool:
        return bool(self._stream.is_finished()) or not self._started


def _inflated(stream: zlib._Decompress, pending: bytes) -> tuple[bytes, bytes]:
    """One step of a zlib stream: what it made, and the input that is left."""
    output = stream.decompress(pending[:_STEP_IN], _STEP_OUT)
    return output, (stream.unused_data if stream.eof else stream.unconsumed_tail) + pending[_STEP_IN:]


def _more_inside(stream: zlib._Decompress, output: bytes) -> bool:
    """Whether zlib may hold output of input that it took already."""
    return len(output) == _STEP_OUT and not stream.eof


def _has_zlib_header(start: bytes) -> bool:
    return start[0] & 0x0F == zlib.DEFLATED and (start[0] << 8 | start[1]) % 31 == 0


_LAYERS: dict[str, Callable[[], _Layer]] = {"gzip": _Gzip, "x-gzip": _Gzip, "deflate": _Deflate, "br": _Brotli}


class BodyDecoder:
    """A body in its codings. put() what comes off the wire, step() while busy, end() when nothing more will come.

    limit: bytes that each layer may decode to.
    """

    __slots__ = ("_limit", "_made", "_raw", "_steps", "detail", "fault")

    def __init__(self, codings: Sequence[str], limit: int) -> None:
        """codings: in the order in which they were applied, as in the header."""
        self.fault: BodyFault | None = None
        self.detail = ""
        self._limit = limit
        self._raw: deque[bytes] = deque()
        unknown = next((name for name in codings if name not in _LAYERS), None)
        if unknown is not None:
            self._fail(BodyFault.BROKEN, f"unknown content coding {unknown}")
        elif len(codings) > MAX_CODINGS:
            self._fail(BodyFault.BROKEN, f"more than {MAX_CODINGS} content codings")
        self._steps = [_LAYERS[name]() for name in reversed(codings)] if self.fault is None else []
        self._made = [0] * len(self._steps)

    @property
    def busy(self) -> bool:
        """Whether there is something to decode."""
        return self.fault is None and (bool(self._raw) or any(layer.ready for layer in self._steps))

    def put(self, data: bytes) -> None:
        self._raw.append(data)

    def step(self) -> bytes:
        """Decode a little, the innermost layer first; the bytes of the body that came of it, often none."""
        try:
            return self._step()
        except (zlib.error, brotli.error) as error:
            self._fail(BodyFault.BROKEN, str(error))
            return b""

    def _step(self) -> bytes:
        last = len(self._steps) - 1
        place = next((place for place in range(last, -1, -1) if self._steps[place].ready), -1)
        if place < 0:
            self._steps[0].put(self._raw.popleft())
            return b""
        output = self._steps[place].step()
        self._made[place] += len(output)
        if self._made[place] > self._limit:
            self._fail(BodyFault.LARGE, f"more than {self._limit} bytes decoded")
            return b""
        if place == last:
            return output
        if output:
            self._steps[place + 1].put(output)
        return b""

    def end(self) -> None:
        """Nothing more will come, and all that came is decoded: each layer must have reached its end."""
        if self.fault is None and not all(layer.whole for layer in self._steps):
            self._fail(BodyFault.CUT, "ended inside its content coding")

    def _fail(self, fault: BodyFault, detail: str) -> None:
        self.fault, self.detail = fault, detail
        self._raw.clear()


def body_decoder(values: Sequence[bytes], limit: int) -> BodyDecoder | None:
    """For a body with these Content-Encoding fields; None when nothing was done to it."""
    named = [name.strip().lower() for value in values for name in value.decode("latin-1").split(",")]
    codings = [name for name in named if name and name not in _NONE]
    return BodyDecoder(codings, limit) if codings else None
