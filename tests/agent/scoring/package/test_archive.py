"""The zip of a package: its content alone decides every byte, and every byte that is changed is found and named."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile

import pytest
import xlsxwriter

from agent.scoring.package import archive
from agent.scoring.package.archive import ArchiveError, read_archive, stored, zipped

FILES = {
    "score.xlsx": b"PK\x03\x04 in a package\r\n" * 9,
    "manifest.json": b'["evidence/states.csv", "score.xlsx", "doc/x.txt", "manifest.json"]',
    "evidence/states.csv": b"of,state\r\ns,down\r\n" * 20,
    "doc/x.txt": b"",
}


def test_the_zip_is_one_that_every_program_reads_with_nothing_compressed() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(FILES))) as opened:
        assert opened.testzip() is None
        assert {part.filename: opened.read(part) for part in opened.infolist()} == FILES
        assert {(part.compress_type, part.date_time) for part in opened.infolist()} == {(0, (1980, 1, 1, 0, 0, 0))}
        assert opened.namelist() == sorted(FILES)


def test_the_order_of_the_files_makes_no_difference() -> None:
    assert zipped(dict(reversed(FILES.items()))) == zipped(FILES)


def test_it_is_read_back_without_a_fault() -> None:
    read = read_archive(zipped(FILES))

    assert read.files == FILES
    assert read.faults == ()


def test_every_changed_byte_is_found_and_laid_to_its_file_or_to_the_zip() -> None:
    whole = zipped(FILES)
    owners = _owners(whole)
    for at in range(len(whole)):
        for mask in (1, 0x20, 0x80, 0xFF):
            changed = bytearray(whole)
            changed[at] ^= mask
            faults = read_archive(bytes(changed)).faults
            assert [fault.part for fault in faults] == [owners[at]], at


def _owners(whole: bytes) -> list[str]:
    """Of each byte, the file that it is of, by the standard library's reading."""
    owners = [""] * len(whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        listed = opened.start_dir
        for part in opened.infolist():
            end = part.header_offset + 30 + len(part.filename) + part.file_size
            owners[part.header_offset : end] = [part.filename] * (end - part.header_offset)
            line = 46 + len(part.filename)
            owners[listed : listed + line] = [part.filename] * line
            listed += line
    return owners


def test_a_changed_byte_is_told_with_its_place() -> None:
    whole = bytearray(zipped(FILES))
    whole[whole.index(b"down")] ^= 1
    whole[-1] ^= 1

    assert [(fault.part, fault.place.en) for fault in read_archive(bytes(whole)).faults] == [
        ("evidence/states.csv", "the content, which does not fit the zip's CRC"),
        ("", f"the end record of the zip, byte {len(whole) - 1}"),
    ]


def test_bytes_that_were_added_or_lost_anywhere_are_found() -> None:
    whole = zipped(FILES)
    for at in range(len(whole) + 1):
        for other in (whole[:at] + b"x" + whole[at:], whole[:at] + whole[at + 1 :]):
            assert other == whole or _found(other), at


def _found(data: bytes) -> bool:
    try:
        return bool(read_archive(data).faults)
    except ArchiveError:
        return True


def _of(*parts: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with warnings.catch_warnings(action="ignore", category=UserWarning), zipfile.ZipFile(data, "w", method) as made:
        for name, content in parts:
            made.writestr(zipfile.ZipInfo(name), content, method)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x05\x06" + bytes(18),
        _of(("../../etc/passwd", b"x")),
        _of(("/etc/passwd", b"x")),
        _of(("a\\b", b"x")),
        _of(("a", b"x"), ("a", b"y")),
        _of(("b", b"x"), ("a", b"y")),
        _of(("kết quả.csv", b"x")),
        _of(*((str(number), b"") for number in range(archive.MOST_PARTS + 1))),
    ],
    ids=["empty", "cut", "no_parts", "upwards", "absolute", "backslash", "twice", "order", "name", "too_many"],
)
def test_other_zips_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(ArchiveError, match="this is no score package as sansang writes it"):
        read_archive(data)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = _of(("manifest.json", bytes(200_000_000)), method=zipfile.ZIP_DEFLATED)

    read = read_archive(bomb)

    assert read.faults
    assert sum(map(len, read.files.values())) <= len(bomb) < 300_000


def test_what_headers_claim_is_not_believed() -> None:
    whole = bytearray(zipped(FILES))
    struct.pack_into("<II", whole, 18, 0xFFFFFFFF, 0xFFFFFFFF)

    assert [fault.part for fault in read_archive(bytes(whole)).faults] == ["doc/x.txt"]


def test_garbage_never_ends_in_a_traceback() -> None:
    numbers = random.Random(14)
    whole = zipped(FILES)
    for _ in range(2000):
        changed = bytearray(whole)
        for _ in range(numbers.randrange(2, 40)):
            changed[numbers.randrange(len(changed))] = numbers.randrange(256)
        assert _found(bytes(changed)) or bytes(changed) == whole


@pytest.mark.parametrize("name", ["", "/a", "../a", "a/../b", "a//b", "a b", ".a", "á", "a" * 201, "a/" * 9 + "a"])
def test_a_strange_name_is_not_written(name: str) -> None:
    with pytest.raises(ArchiveError, match="is no name of a file of a package"):
        zipped({name: b""})


def test_a_workbook_is_stored_part_by_part() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    book.add_worksheet("Điểm").write_string(0, 0, "744,213")
    book.close()

    again = stored(made.getvalue())

    with zipfile.ZipFile(made) as before, zipfile.ZipFile(io.BytesIO(again)) as after:
        assert after.namelist() == before.namelist()
        assert [after.read(name) for name in after.namelist()] == [before.read(name) for name in before.namelist()]
        assert {part.compress_type for part in after.infolist()} == {zipfile.ZIP_STORED}
    assert stored(again) == again
