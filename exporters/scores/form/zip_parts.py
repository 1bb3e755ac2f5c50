"""A zip archive with some parts exchanged: every other part is copied as it lies there, compressed bytes and times too.

Changed parts are stored, not compressed: the same bytes come out whatever version of zlib a machine has.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.scoring.form.texts import BROKEN, FormError

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_DESCRIPTOR = 0x0008  # sizes stand behind the content
_ENCRYPTED = 0x0001
_ZIP64 = 0x0001  # of an extra field
_STORED = 0


@dataclass(frozen=True, slots=True)
class _ArchivedPart:
    """A part as the central directory lists it; record: its bytes there."""

    offset: int
    record: bytes


def exchanged(data: bytes, parts: Mapping[zipfile.ZipInfo, bytes]) -> bytes:
    """The archive with these parts exchanged, in the same order. Raises FormError for one of an unusual make."""
    contents = {info.header_offset: content for info, content in parts.items()}
    start, end = _directory(data)
    listed = list(_entries(data, start, end))
    by_place = sorted(listed, key=lambda one: one.offset)
    behind = [*(one.offset for one in by_place[1:]), start]
    pieces: list[bytes] = []
    records: dict[int, bytes] = {}
    at = 0
    for entry, until in zip(by_place, behind, strict=True):
        piece, record = data[entry.offset : until], entry.record
        if entry.offset in contents:
            piece, record = _stored(piece, record, contents[entry.offset])
        records[entry.offset] = record[:42] + struct.pack("<I", at) + record[46:]
        pieces.append(piece)
        at += len(piece)
    directory = b"".join(records[entry.offset] for entry in listed)
    fields = _END.unpack_from(data, end)
    tail = _END.pack(*fields[:5], len(directory), at, fields[7]) + data[end + _END.size :]
    return b"".join([*pieces, directory, tail])


def _directory(data: bytes) -> tuple[int, int]:
    """Where the central directory begins and where it ends: it fills the file, and nothing stands before the parts."""
    end = data.rfind(_END_SIGN)
    if end < 0 or len(data) - end < _END.size:
        raise FormError(BROKEN)
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, end)
    if disk or first_disk or here != count or start + size != end or len(data) != end + _END.size + comment:
        raise FormError(BROKEN)
    return start, end


def _entries(data: bytes, start: int, end: int) -> Iterator[_ArchivedPart]:
    at, seen = start, set[int]()
    while at < end:
        if end - at < _CENTRAL.size:
            raise FormError(BROKEN)
        fields = _CENTRAL.unpack_from(data, at)
        until = at + _CENTRAL.size + sum(fields[10:13])
        offset = fields[16]
        sound = fields[0] == _CENTRAL_SIGN and until <= end and offset + _LOCAL.size <= start and offset not in seen
        if not sound or data[offset : offset + 4] != _LOCAL_SIGN:
            raise FormError(BROKEN)
        seen.add(offset)
        yield _ArchivedPart(offset, data[at:until])
        at = until
    if 0 not in seen:
        raise FormError(BROKEN)


def _stored(piece: bytes, record: bytes, content: bytes) -> tuple[bytes, bytes]:
    """The part with this content and its record in the directory; names and times as they were."""
    local = list(_LOCAL.unpack_from(piece))
    central = list(_CENTRAL.unpack_from(record))
    if local[2] & _ENCRYPTED:
        raise FormError(BROKEN)
    name = piece[_LOCAL.size : _LOCAL.size + local[9]]
    extra = _without_zip64(piece[_LOCAL.size + local[9] : _LOCAL.size + local[9] + local[10]])
    sums = (zlib.crc32(content), len(content), len(content))
    local[2:4] = local[2] & ~_DESCRIPTOR, _STORED
    local[6:9] = sums
    local[10] = len(extra)
    central[3:5] = central[3] & ~_DESCRIPTOR, _STORED
    central[7:10] = sums
    rest = record[_CENTRAL.size :]
    inner = _without_zip64(rest[central[10] : central[10] + central[11]])
    rest = rest[: central[10]] + inner + rest[central[10] + central[11] :]
    central[11] = len(inner)
    return _LOCAL.pack(*local) + name + extra + content, _CENTRAL.pack(*central) + rest


def _without_zip64(extra: bytes) -> bytes:
    """The extra field without the sizes of large files: the new ones stand in their usual place."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind != _ZIP64:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept
