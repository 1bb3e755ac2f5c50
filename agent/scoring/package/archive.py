"""The zip around a package: nothing compressed, nothing optional, so that the content alone decides every byte.

Compressed bytes depend on the version of zlib; these do not depend on any machine. What a zip of this kind may say is
said once: reading compares every byte with what writing makes of the content, so no byte of it is beyond the check.
Only this form is read. Nothing is unpacked: no file of it takes more memory than it does in the zip.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from agent.characters import quoted
from agent.errors import SansangError
from agent.text import Text

MOST_BYTES = (1 << 32) - (1 << 24)
"""What a zip without extensions of its format can hold."""

MOST_PARTS = 20_000
_LOCAL, _LISTED, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_LOCAL_CRC, _LISTED_CRC = 14, 16  # where these headers have it
_VERSION, _MADE_BY, _UTF8, _STORED, _TIME, _DATE = 10, 3 << 8 | 10, 1 << 11, 0, 0, 1 << 5 | 1  # Unix; 1 January 1980
_MODE = 0o100644 << 16
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*){0,7}")
_LONGEST_NAME = 200

_NO_PACKAGE = Text(
    "đây không phải là gói chấm điểm do sansang ghi (không có cấu trúc zip của nó, hoặc hỏng nhiều chỗ); nếu tệp đã"
    " được giải nén rồi nén lại thì hãy dùng tệp gốc",
    "this is no score package as sansang writes it (its zip structure is not there, or damaged in several places); if"
    " it was unpacked and packed again, use the original file",
)
_TOO_MUCH = Text(
    "gói có {parts} tệp, {size} byte: nhiều hơn một tệp zip chứa được; hãy chọn một đơn vị (--unit) hoặc kỳ ngắn hơn",
    "{parts} files of {size} bytes are more than a zip holds; right would be one unit (--unit) or a shorter period",
)
_BAD_NAME = Text("{name} không phải tên tệp của gói", "{name} is no name of a file of a package")
IN_HEADER = Text("phần đầu của tệp trong zip, byte {at}", "the file's header in the zip, byte {at}")
IN_DIRECTORY = Text("mục lục của zip, byte {at}", "the zip's directory, byte {at}")
IN_CONTENT = Text("nội dung tệp, khác mã CRC của zip", "the content, which does not fit the zip's CRC")
IN_END = Text("phần cuối của zip, byte {at}", "the end record of the zip, byte {at}")
LENGTH = Text(
    "zip dài {size} byte, các tệp của nó cần {needed}: có byte bị thêm hoặc bớt, từ byte {at}",
    "the zip has {size} bytes, its files take {needed}: bytes were added or lost, from byte {at}",
)


class ArchiveError(SansangError):
    """What was given cannot be read as a package at all, or not be written as one."""


@dataclass(frozen=True, slots=True)
class ZipFault:
    """Where the zip is not what its content makes; part: the file concerned, "" for the zip as a whole."""

    part: str
    place: Text


@dataclass(frozen=True, slots=True)
class Archive:
    """The files of a zip and where it differs from the only form that they have; without faults it is that form.

    checks: the CRC-32 of each file as the zip has it.
    """

    files: Mapping[str, bytes]
    faults: tuple[ZipFault, ...] = ()
    checks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """A file of the zip, and how long it is."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class PartPlace:
    """Where a part lies: its header, its content, its line in the directory."""

    part: ArchivePart
    header: int
    content: int
    listed: int


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The one zip of these files, in order of their names. ArchiveError for too many, too large, or a strange name."""
    for name in files:
        _check_name(name)
    return _written([(name, files[name]) for name in sorted(files)])


def stored(data: bytes) -> bytes:
    """A zip that this program made, such as a workbook: the same parts in the same order, without compression."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _written([(part.filename, archive.read(part)) for part in archive.infolist()])


def parts_at(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Name, beginning and end of each part's content in a zip that ``stored`` or ``zipped`` wrote."""
    at = 0
    while data[at : at + 4] == b"PK\x03\x04":
        fields = _LOCAL.unpack_from(data, at)
        size, length = fields[7], fields[9]
        start = at + _LOCAL.size + length
        yield data[at + _LOCAL.size : start].decode(), start, start + size
        at = start + size


def _written(parts: Sequence[tuple[str, bytes]]) -> bytes:
    layout = [ArchivePart(name, len(content)) for name, content in parts]
    places, size = _places(layout)
    if len(parts) > MOST_PARTS or size > MOST_BYTES:
        raise ArchiveError(_TOO_MUCH.filled(parts=len(parts), size=size))
    checks = [zlib.crc32(content) for _, content in parts]
    pieces: list[bytes] = []
    for place, check, (_, content) in zip(places, checks, parts, strict=True):
        pieces += _header(place.part, check), content
    pieces += (_line(place, check) for place, check in zip(places, checks, strict=True))
    pieces.append(_end(places, size))
    return b"".join(pieces)


def read_archive(data: bytes) -> Archive:
    """The files, and every place where the zip is not as ``zipped`` writes them.

    ArchiveError where neither the headers nor the directory tell what is in it.
    """
    layouts = [layout for layout in (_by_directory(data), _by_headers(data)) if layout]
    if not layouts:
        raise ArchiveError(_NO_PACKAGE)
    read = [_read(data, layout) for layout in layouts]
    return min(read, key=lambda archive: (not archive.files, len(archive.faults), _unlisted(archive)))


def _unlisted(archive: Archive) -> int:
    """How many names no other file of the archive mentions: of two that differ, the manifest has the right one."""
    manifest = archive.files.get("manifest.json", b"")
    return sum(name.encode() not in manifest for name in archive.files)


def _check_name(name: str) -> None:
    if len(name) > _LONGEST_NAME or _NAME.fullmatch(name) is None:
        raise ArchiveError(_BAD_NAME.filled(name=quoted(name[:_LONGEST_NAME])))


def _is_name(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


# what is written


def _places(layout: Sequence[ArchivePart]) -> tuple[list[PartPlace], int]:
    """Where each part lies, and how long the whole is."""
    lengths = [len(part.name.encode()) for part in layout]
    places: list[PartPlace] = []
    at = 0
    listed = sum(_LOCAL.size + length + part.size for part, length in zip(layout, lengths, strict=True))
    for part, length in zip(layout, lengths, strict=True):
        content = at + _LOCAL.size + length
        places.append(PartPlace(part, at, content, listed))
        at, listed = content + part.size, listed + _LISTED.size + length
    return places, listed + _END.size


def _header(part: ArchivePart, check: int) -> bytes:
    name = part.name.encode()
    fields = _VERSION, _flags(name), _STORED, _TIME, _DATE, check, part.size, part.size, len(name), 0
    return _LOCAL.pack(b"PK\x03\x04", *fields) + name


def _line(place: PartPlace, check: int) -> bytes:
    name, size = place.part.name.encode(), place.part.size
    fields = _VERSION, _flags(name), _STORED, _TIME, _DATE, check, size, size, len(name), 0, 0, 0, 0, _MODE
    return _LISTED.pack(b"PK\x01\x02", _MADE_BY, *fields, place.header) + name


def _end(places: Sequence[PartPlace], size: int) -> bytes:
    directory = places[0].listed if places else 0
    return _END.pack(b"PK\x05\x06", 0, 0, len(places), len(places), size - _END.size - directory, directory, 0)


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else _UTF8


# what is read: which parts there are, told twice; then every byte against what they make


def _by_headers(data: bytes) -> list[ArchivePart]:
    """The parts as the headers before them say, as far as they can be followed."""
    parts: list[ArchivePart] = []
    at = 0
    while data[at : at + 4] == b"PK\x03\x04" and at + _LOCAL.size <= len(data) and len(parts) < MOST_PARTS:
        fields = _LOCAL.unpack_from(data, at)
        size, length = fields[7], fields[9]
        parts.append(ArchivePart(data[at + _LOCAL.size : at + _LOCAL.size + length].decode("ascii", "replace"), size))
        at += _LOCAL.size + length + size
    return parts if _sensible(parts) else []


def _by_directory(data: bytes) -> list[ArchivePart]:
    """The parts as the directory says that the end record points at; empty where that leads nowhere."""
    if len(data) < _END.size:
        return []
    *_, count, _, at, _ = _END.unpack_from(data, len(data) - _END.size)
    parts: list[ArchivePart] = []
    while data[at : at + 4] == b"PK\x01\x02" and at + _LISTED.size <= len(data) and len(parts) < MOST_PARTS:
        fields = _LISTED.unpack_from(data, at)
        size, length = fields[9], fields[10]
        parts.append(ArchivePart(data[at + _LISTED.size : at + _LISTED.size + length].decode("ascii", "replace"), size))
        at += _LISTED.size + length
    return parts if len(parts) == count and _sensible(parts) else []


def _sensible(parts: Sequence[ArchivePart]) -> bool:
    """Whether these names can be those of a package: none twice, all in order."""
    names = [part.name for part in parts]
    return bool(names) and all(map(_is_name, names)) and all(one < other for one, other in pairwise(names))


def _read(data: bytes, layout: Sequence[ArchivePart]) -> Archive:
    places, size = _places(layout)
    if size != len(data):
        at = next(_structure(data, places, size), None)
        first = len(data) if at is None else at[1]
        return Archive({}, (ZipFault("", LENGTH.filled(size=len(data), needed=size, at=first)),))
    files = {place.part.name: data[place.content : place.content + place.part.size] for place in places}
    faults = [ZipFault(place.part.name, IN_CONTENT) for place in places if _is_changed(data, place, files)]
    faults += (ZipFault(name, text.filled(at=at)) for name, at, text in _structure(data, places, size))
    checks = {place.part.name: _check_to_expect(data, place) for place in places}
    return Archive(files, tuple(faults), checks)


def _checks(data: bytes, place: PartPlace) -> tuple[int, int]:
    """The CRC as header and directory have it; 0 beyond the end."""
    spots = place.header + _LOCAL_CRC, place.listed + _LISTED_CRC
    one, other = (int.from_bytes(data[spot : spot + 4], "little") for spot in spots)
    return one, other


def _is_changed(data: bytes, place: PartPlace, files: Mapping[str, bytes]) -> bool:
    """Whether header and directory agree on a CRC that the content does not have."""
    one, other = _checks(data, place)
    return one == other != zlib.crc32(files[place.part.name])


def _structure(data: bytes, places: Sequence[PartPlace], size: int) -> Iterator[tuple[str, int, Text]]:
    """Each header, line of the directory and end record that is not as written: its file, and its first other byte."""
    checks = [_check_to_expect(data, place) for place in places]
    for place, check in zip(places, checks, strict=True):
        yield from _difference(data, place.header, _header(place.part, check), place.part.name, IN_HEADER)
    for place, check in zip(places, checks, strict=True):
        yield from _difference(data, place.listed, _line(place, check), place.part.name, IN_DIRECTORY)
    yield from _difference(data, size - _END.size, _end(places, size), "", IN_END)


def _check_to_expect(data: bytes, place: PartPlace) -> int:
    """What header and directory agree on, else the CRC of the content: then one of the two is at fault."""
    one, other = _checks(data, place)
    return one if one == other else zlib.crc32(data[place.content : place.content + place.part.size])


def _difference(data: bytes, at: int, expected: bytes, name: str, place: Text) -> Iterator[tuple[str, int, Text]]:
    found = data[at : at + len(expected)]
    if found != expected:
        first = next((n for n, pair in enumerate(zip(found, expected, strict=False)) if pair[0] != pair[1]), len(found))
        yield name, at + first, place
