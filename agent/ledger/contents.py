"""Contents by their hash: each kept once, compressed, or as its difference from one that is kept whole.

The hash is always that of the whole bytes, and every reader checks it: how they are kept proves nothing. A difference
is always from a content that is kept whole itself, so that two look-ups give any of them. In the table: size NULL, the
body is the bytes themselves (so did the first schema keep them all); base NULL, the body is compressed; else it is a
compressed list of stretches, each eight bytes: offset and length of a stretch of the base, or the offset that no base
has and the length of the new bytes that follow.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import cast

import apsw

from agent.errors import LedgerDamagedError, LedgerError
from agent.explain import ledger_errors
from agent.text import Text

MOST_BYTES = 64 << 20
"""A content beyond this is kept as it is, and nothing is unpacked beyond this, whatever the file says."""

_PIECE_END = b"},"  # canonical JSON of an inventory: about a target or a site each
_STRETCH = struct.Struct(">II")
_NEW = 0xFFFF_FFFF
_INSERT = "INSERT INTO contents(hash, body, size, base) VALUES (?, ?, ?, ?)"
_PACKED = "SELECT body, size, base FROM contents WHERE hash = ?"
_HASHES = "SELECT hash FROM contents ORDER BY coalesce(base, hash), base IS NOT NULL, hash"


@dataclass(frozen=True, slots=True)
class Packed:
    """How a content is kept."""

    body: bytes
    size: int | None = None
    base: str | None = None


class Contents:
    """The contents of one database; the whole one that was needed last stays in memory, for its differences."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self._whole: tuple[str, bytes] = ("", b"")

    def of(self, digest: str) -> bytes:
        """LedgerError where there are none of that hash, LedgerDamagedError where they are not what was written."""
        packed = self._packed(digest)
        if packed is None:
            raise LedgerError(ledger_errors.NO_CONTENT.filled(digest=digest))
        return _checked(digest, self._unpacked(digest, packed))

    def check(self) -> None:
        """LedgerDamagedError unless every one is what was written; the differences of one base one after another."""
        for digest in self._hashes():
            self.of(digest)

    def put(self, digest: str, whole: bytes, newest: str | None) -> None:
        """Keep them, unless they are kept already. newest: the hash of the newest content that a row names."""
        if self._packed(digest) is None:
            packed = pack(whole, self._base(newest))
            self._db.execute(_INSERT, (digest, packed.body, packed.size, packed.base))

    def _hashes(self) -> list[str]:
        try:
            return [cast("str", digest) for (digest,) in self._db.execute(_HASHES)]
        except UnicodeDecodeError as error:
            raise _damaged(ledger_errors.CONTENT_HASH_NOT_TEXT.filled(why=error.reason)) from error

    def _packed(self, digest: str) -> Packed | None:
        try:
            for body, size, base in self._db.execute(_PACKED, (digest,)):
                if (
                    type(body) is not bytes
                    or type(size) not in (int, type(None))
                    or type(base) not in (str, type(None))
                ):
                    raise _damaged(ledger_errors.CONTENT_OF_WRONG_KIND)
                return Packed(body, cast("int | None", size), cast("str | None", base))
        except UnicodeDecodeError as error:
            raise _damaged(ledger_errors.CONTENT_NOT_TEXT.filled(why=error.reason)) from error
        return None

    def _unpacked(self, digest: str, packed: Packed) -> bytes:
        if packed.base is not None:
            return unpack(digest, packed, self._kept_whole(packed.base))
        if self._whole[0] != digest:
            self._whole = digest, unpack(digest, packed)
        return self._whole[1]

    def _kept_whole(self, digest: str) -> bytes:
        if self._whole[0] != digest:
            packed = self._packed(digest)
            if packed is None or packed.base is not None:
                raise _damaged(ledger_errors.CONTENT_NEEDED.filled(digest=digest[:12]))
            self._whole = digest, unpack(digest, packed)
        return self._whole[1]

    def _base(self, digest: str | None) -> tuple[str, bytes] | None:
        """The whole one behind a content; None where that cannot be read: then nothing is built on it."""
        try:
            packed = None if digest is None else self._packed(digest)
            if packed is None or digest is None:
                return None
            base = packed.base or digest
            return base, _checked(base, self._kept_whole(base))
        except LedgerError:
            return None


def pack(whole: bytes, base: tuple[str, bytes] | None = None) -> Packed:
    """As a difference where that is less than half of it compressed: else the next ones differ less from this one."""
    if len(whole) > MOST_BYTES:
        return Packed(whole)
    alone = Packed(zlib.compress(whole), len(whole))
    if base is not None and len(base[1]) <= MOST_BYTES:
        stretches = zlib.compress(difference(base[1], whole))
        if 2 * len(stretches) < len(alone.body):
            return Packed(stretches, len(whole), base[0])
    return alone


def unpack(digest: str, packed: Packed, base: bytes | None = None) -> bytes:
    """The whole bytes, not yet checked against the hash. LedgerDamagedError for what ``pack`` does not make."""
    if packed.size is None:
        return packed.body
    if not 0 <= packed.size <= MOST_BYTES:
        raise _broken(digest, "its size is none")
    try:
        inflated = _inflated(packed.body, packed.size if base is None else MOST_BYTES)
        whole = inflated if base is None else joined(inflated, base, packed.size)
    except (ValueError, zlib.error) as error:
        raise _broken(digest, str(error)) from error
    if len(whole) != packed.size:
        raise _broken(digest, "its size is another")
    return whole


def _broken(digest: str, why: str) -> LedgerDamagedError:
    return _damaged(ledger_errors.CONTENT_BROKEN.filled(digest=digest[:12], why=why))


def _damaged(why: Text) -> LedgerDamagedError:
    return LedgerDamagedError(ledger_errors.DAMAGED.filled(why=why), why=why)


def difference(base: bytes, whole: bytes) -> bytes:
    """What ``joined`` makes the whole of: stretches of the base, and what is new."""
    places: dict[bytes, int] = {}
    at = 0
    for piece in _pieces(base):
        places.setdefault(piece, at)
        at += len(piece)
    stretches: list[tuple[bool, int, int]] = []  # whether it is of the base; offset there, else in the whole; length
    at = 0
    for piece in _pieces(whole):
        old, start, length = stretches[-1] if stretches else (True, len(base), 0)
        if old and base.startswith(piece, start + length):  # goes on where the stretch before ended
            stretches[-1] = True, start, length + len(piece)
        elif piece in places:
            stretches.append((True, places[piece], len(piece)))
        elif not old:
            stretches[-1] = False, start, length + len(piece)
        else:
            stretches.append((False, at, len(piece)))
        at += len(piece)
    return b"".join(
        _STRETCH.pack(start, length) if old else _STRETCH.pack(_NEW, length) + whole[start : start + length]
        for old, start, length in stretches
    )


def joined(stretches: bytes, base: bytes, size: int) -> bytes:
    """The whole again, of at most that size. ValueError for what is no difference from this base."""
    parts: list[bytes] = []
    at = total = 0
    while at < len(stretches):
        if at + _STRETCH.size > len(stretches):
            raise ValueError("it ends within a stretch")
        start, length = _STRETCH.unpack_from(stretches, at)
        at += _STRETCH.size
        source = stretches if start == _NEW else base
        start = at if start == _NEW else start
        total += length
        if length == 0 or start + length > len(source) or total > size:
            raise ValueError("a stretch of it is out of bounds")
        at += length if source is stretches else 0
        parts.append(source[start : start + length])
    return b"".join(parts)


def _inflated(body: bytes, most: int) -> bytes:
    stream = zlib.decompressobj()
    content = stream.decompress(body, most + 1)  # 0 would be no limit
    if len(content) > most or not stream.eof or stream.unused_data:
        raise ValueError("it is longer than it says, or cut")
    return content


def _pieces(whole: bytes) -> Iterator[bytes]:
    start = 0
    while (end := whole.find(_PIECE_END, start)) >= 0:
        yield whole[start : end + len(_PIECE_END)]
        start = end + len(_PIECE_END)
    if start < len(whole):
        yield whole[start:]


def _checked(digest: str, whole: bytes) -> bytes:
    if sha256(whole).hexdigest() != digest:
        raise _damaged(ledger_errors.CONTENT_CHANGED.filled(digest=digest[:12]))
    return whole
