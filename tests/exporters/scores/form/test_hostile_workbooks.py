"""Workbooks made to hurt are refused in words, or read within bounds; ordinary ones in other clothes are read."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest

from agent.scoring.form.form import Form
from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import FormIdentity, score_sheet
from agent.scoring.form.texts import FormError
from exporters.scores.form.form_fill import FilledForm, FilledRow
from exporters.scores.form.sheet_fill import fill_form
from tests.agent.scoring.form.office_workbooks import OFFICES
from tests.agent.scoring.form.raw_workbooks import MAIN, excel_manner, zipped

SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
DAMAGED, TOO_LARGE = "damaged or cannot be read", "too large"
LONGEST_S = 20.0


def parts_of(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {info.filename: archive.read(info) for info in archive.infolist()}


PARTS = parts_of(excel_manner())
TEXT = PARTS[SHEET].decode()


def with_part(name: str, content: bytes | str | None) -> bytes:
    """The workbook as Excel writes it, with this part in place of its own; None: without it."""
    changed: dict[str, bytes | str] = {**PARTS}
    if content is None:
        del changed[name]
    else:
        changed[name] = content
    return zipped(changed)


def with_rows(rows: str) -> bytes:
    return with_part(SHEET, TEXT.replace("</sheetData>", f"{rows}</sheetData>"))


def row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


def filled(data: bytes, form: Form | None = None) -> FilledForm:
    sheet = score_sheet(form or read_form(data), FormIdentity("xa", "tu-cham.xlsx", ("commune",), 2026))
    rows = {one.code: FilledRow(Decimal("7.25"), "Đạt 3/4", ("a.csv", "b.csv")) for one in sheet.criteria}
    return fill_form(data, sheet, rows)


def twice_a_part() -> bytes:
    target = io.BytesIO(excel_manner())
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<worksheet/>")
    return target.getvalue()


def one_bit_off() -> bytes:
    data = bytearray(excel_manner())
    data[data.index(SHEET.encode()) + 200] ^= 1
    return bytes(data)


def million_cells() -> bytes:
    return with_rows("".join(row(number, "<c><v>1</v></c>" * 100) for number in range(20, 10_020)))


def one_text_for_all() -> bytes:
    """Of 30,000 cells each shows the same 30,000 characters: a gigabyte."""
    strings = PARTS[STRINGS].decode().replace("</sst>", f"<si><t>{'x' * 30_000}</t></si></sst>")
    cells = f'<c t="s"><v>{strings.count("<si>") - 1}</v></c>' * 30
    return zipped({
        **PARTS, STRINGS: strings,
        SHEET: TEXT.replace("</sheetData>", "".join(row(n, cells) for n in range(20, 1020)) + "</sheetData>"),
    })  # fmt: skip


REFUSED: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a zip bomb": (lambda: with_part(SHEET, b" " * (1 << 27)), TOO_LARGE),
    "a million cells": (million_cells, TOO_LARGE),
    "one text for all": (one_text_for_all, TOO_LARGE),
    "deep elements": (lambda: with_rows("<x>" * 50_000 + "</x>" * 50_000), TOO_LARGE),
    "less deep elements": (lambda: with_rows("<x>" * 500 + "</x>" * 500), DAMAGED),
    "entities": (lambda: with_part(SHEET, TEXT.replace("<work", '<!DOCTYPE w [<!ENTITY a "b">]><work', 1)), DAMAGED),
    "entities in texts": (lambda: with_part(STRINGS, f'<!DOCTYPE s [<!ENTITY a "b">]><sst xmlns="{MAIN}"/>'), DAMAGED),
    "no texts": (lambda: with_part(STRINGS, None), DAMAGED),
    "no sheet": (lambda: with_part(SHEET, None), DAMAGED),
    "no list of sheets": (lambda: with_part(BOOK, None), DAMAGED),
    "no links": (lambda: with_part(LINKS, None), DAMAGED),
    "a wrong checksum": (one_bit_off, DAMAGED),
    "cut off": (lambda: excel_manner()[:-40], DAMAGED),
    "two parts of one name": (twice_a_part, DAMAGED),
    "two sheets of one name": (
        lambda: with_part(BOOK, PARTS[BOOK].decode().replace('name="Hướng dẫn"', 'name="TỰ CHẤM"')),
        DAMAGED,
    ),
    "a part outside": (
        lambda: with_part(LINKS, PARTS[LINKS].replace(b"worksheets/sheet1.xml", b"../../../etc/passwd")),
        DAMAGED,
    ),
    "a sheet elsewhere": (
        lambda: with_part(
            LINKS,
            PARTS[LINKS].replace(b'"worksheets/sheet1.xml"', b'"http://127.0.0.1/sheet1.xml" TargetMode="External"'),
        ),
        "no self-assessment table found",
    ),
    "a row beyond the last": (lambda: with_rows(row(9_999_999, "")), DAMAGED),
    "a row twice": (lambda: with_rows(row(9, "<c><v>1</v></c>")), DAMAGED),
    "merged cells without end": (
        lambda: with_part(SHEET, TEXT.replace('<mergeCell ref="A1:H1"/>', '<mergeCell ref="J1:K1"/>' * 30_000)),
        TOO_LARGE,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(name: str) -> None:
    make, sentence = REFUSED[name]
    data = make()
    begun = time.monotonic()

    with pytest.raises(FormError, match=sentence):
        filled(data)
    assert time.monotonic() - begun < LONGEST_S


BORNE: Mapping[str, Callable[[], bytes]] = {
    "a chain of formulas": lambda: with_rows(
        "".join(row(at, f'<c r="J{at}"><f>J{at + 1}+F9</f><v>1</v></c>') for at in range(20, 1_018))
    ),
    "an endless formula": lambda: with_rows(
        row(20, f"<c><f>{'A' * 2_000_000}</f></c><c><f>{'$A$1:' * 400_000}</f></c>")
    ),
    "an endless title": lambda: with_rows(
        row(20, f'<c r="B20" t="str"><v>{"tong cong (1 " * 300_000}</v></c><c r="D20"><v>5</v></c>')
    ),
    "thousands of empty rows": lambda: with_rows("".join(row(at, f'<c r="A{at}" s="1"/>') for at in range(20, 9_020))),
    "links to other workbooks": lambda: with_part("xl/externalLinks/externalLink1.xml", "<externalLink/>"),
}  # fmt: skip


@pytest.mark.parametrize("name", BORNE)
def test_it_is_borne(name: str) -> None:
    data = BORNE[name]()
    begun = time.monotonic()

    assert {"F9", "G9", "H9"} <= set(filled(data).cells)
    assert time.monotonic() - begun < LONGEST_S


def strict(name: str, content: bytes) -> tuple[str, bytes]:
    content = content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    return name, content.replace(
        b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml/officeDocument"
    )


def prefixed(name: str, content: bytes) -> tuple[str, bytes]:
    if f' xmlns="{MAIN}"'.encode() in content:
        content = content.replace(f' xmlns="{MAIN}"'.encode(), f' xmlns:ns0="{MAIN}"'.encode(), 1)
        content = re.sub(rb"<(/?)(?![?!]|\w+:)(\w)", rb"<\1ns0:\2", content)
    return name, content


def in_capitals(name: str, content: bytes) -> tuple[str, bytes]:
    return name.replace("worksheets/", "Worksheets/"), content


def with_backslashes(name: str, content: bytes) -> tuple[str, bytes]:
    return name.replace("/", "\\") if "worksheets" in name else name, content


@pytest.mark.parametrize("dressed", [strict, prefixed, in_capitals, with_backslashes])
@pytest.mark.parametrize("office", OFFICES)
def test_other_clothes_change_nothing(office: str, dressed: Callable[[str, bytes], tuple[str, bytes]]) -> None:
    plain = read_form(OFFICES[office]())
    data = zipped(dict(dressed(name, content) for name, content in parts_of(OFFICES[office]()).items()))
    form = read_form(data)
    once = filled(data, form)

    assert form.rows == plain.rows
    assert len(once.cells) >= 2 * len(form.criteria)
    assert filled(once.data, form).data == once.data
