"""Workbooks of other programs and of bad days: what changes no cell does not matter, what does is seen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.inventory.findings import column_letters
from agent.inventory.sheets.number_formats import CellKind, display_text
from agent.inventory.sheets.reader import RawSheet, read_csv, read_xlsx
from agent.inventory.sheets.workbook import column_number

BOOK = Path(__file__).parents[3] / "data" / "sheets" / "ra-soat-song-may.xlsx"
SHEET = "xl/worksheets/sheet3.xml"
OPEN, STRICT = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
Parts = dict[str, bytes]
Spoil = Callable[[Parts], object]


def unpacked() -> Parts:
    with zipfile.ZipFile(BOOK) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def spoilt(*spoils: Spoil) -> tuple[list[RawSheet], list[str]]:
    parts = unpacked()
    for spoil in spoils:
        spoil(parts)
    sheets, findings = read_xlsx("a.xlsx", packed(parts))
    return sheets, [finding.message for finding in findings]


def put(name: str, old: bytes, new: bytes) -> Spoil:
    def spoil(parts: Parts) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)

    return spoil


def into(name: str, content: bytes) -> Spoil:
    return lambda parts: parts.update({name: content})


def without(*names: str) -> Spoil:
    return lambda parts: [parts.pop(name) for name in [*parts] if name.startswith(names)]


def renamed(old: str, new: str) -> Spoil:
    return lambda parts: parts.update({new: parts.pop(old)})


def strict(parts: Parts) -> None:
    for name in parts:
        parts[name] = (
            parts[name]
            .replace(OPEN + b"spreadsheetml/2006/", STRICT + b"spreadsheetml/")
            .replace(OPEN + b"officeDocument/2006/", STRICT + b"officeDocument/")
        )


def prefixed(parts: Parts) -> None:
    text = parts[SHEET].decode()
    for name in ("worksheet", "sheetData", "row", "c", "v", "mergeCells", "mergeCell"):
        text = (
            text.replace(f"<{name} ", f"<x:{name} ")
            .replace(f"<{name}>", f"<x:{name}>")
            .replace(f"</{name}>", f"</x:{name}>")
        )
    parts[SHEET] = text.replace('xmlns="http://schemas', 'xmlns:x="http://schemas').encode()


def utf_16(parts: Parts) -> None:
    text = parts["xl/sharedStrings.xml"].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    parts["xl/sharedStrings.xml"] = text.encode("utf-16")


def spoken(parts: Parts) -> None:
    text = b'<rPh sb="0" eb="1"><t>how it is said</t></rPh><phoneticPr fontId="1"/></si>'
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b"</si>", text)


def in_runs(parts: Parts) -> None:
    whole = b'<si><t xml:space="preserve">IP switch</t></si>'
    runs = b'<si><r><t xml:space="preserve">IP </t></r><r><rPr><b/></rPr><t>switch</t></r></si>'
    assert whole in parts["xl/sharedStrings.xml"]
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(whole, runs)


RELATIONS = "xl/_rels/workbook.xml.rels"
HARMLESS: dict[str, Spoil] = {
    "an empty fill": put("xl/styles.xml", b"<fills ", b"<fills><fill/></fills><fills "),
    "a colour that is none": put("xl/styles.xml", b"<fonts ", b'<colors><rgbColor rgb="blue"/></colors><fonts '),
    "a font without a name": put("xl/styles.xml", b"<fonts ", b'<fonts><font><sz val="x"/></font></fonts><fonts '),
    "a date of creation in other words": into("docProps/core.xml", b"<created>30/11/2026 08:00</created>"),
    "properties that are no XML": into("docProps/core.xml", b"\x00\x01"),
    "no properties": without("docProps/"),
    "no theme": without("xl/theme/"),
    "no list of contents": without("[Content_Types].xml"),
    "a name that leads nowhere": put(
        "xl/workbook.xml",
        b"</sheets>",
        b'</sheets><definedNames><definedName name="x">#REF!</definedName></definedNames>',
    ),
    "a link to another file": put(
        RELATIONS,
        b"</Relationships>",
        b'<Relationship Id="e1" Type="x/externalLink" Target="file:///C:/x" TargetMode="External"/></Relationships>',
    ),
    "validations and formats": put(
        SHEET,
        b"</worksheet>",
        b'<conditionalFormatting sqref="zz"/><dataValidations count="9"><dataValidation type="?"/></dataValidations>'
        b"</worksheet>",
    ),
    "a drawing that is missing": put(SHEET, b"</worksheet>", b'<legacyDrawing r:id="none"/></worksheet>'),
    "comments": into("xl/comments1.xml", b"<comments><commentList/>"),
    "a pivot cache": into("xl/pivotCache/pivotCacheDefinition1.xml", b"<not-closed>"),
    "a whole path": put(RELATIONS, b'Target="worksheets/sheet3.xml"', b'Target="/xl/worksheets/sheet3.xml"'),
    "a path round about": put(RELATIONS, b'Target="worksheets/sheet3.xml"', b'Target="../xl/worksheets/sheet3.xml"'),
    "another case": renamed(SHEET, "xl/worksheets/Sheet3.xml"),
    "backslashes": renamed(SHEET, "xl\\worksheets\\sheet3.xml"),
    "another name of the book": lambda parts: parts.update(
        {name.replace("workbook.xml", "Book1.xml"): parts.pop(name) for name in [*parts] if "workbook.xml" in name}
        | {"_rels/.rels": parts["_rels/.rels"].replace(b"workbook.xml", b"Book1.xml")}
    ),
    "Strict": strict,
    "prefixes": prefixed,
    "UTF-16": utf_16,
    "a mark before the XML": lambda parts: parts.update({SHEET: b"\xef\xbb\xbf" + parts[SHEET]}),
    "phonetic runs": spoken,
    "texts in runs": in_runs,
    "no relations of the package": without("_rels/.rels"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_changes_no_cell_does_not_matter(kind: str) -> None:
    assert spoilt(HARMLESS[kind]) == spoilt()


BROKEN: dict[str, tuple[Spoil, str]] = {
    "entities": (lambda parts: parts.update({SHEET: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + parts[SHEET]}), "xlsx_broken"),
    "the same part twice": (put(RELATIONS, b"worksheets/sheet2.xml", b"worksheets/sheet3.xml"), "xlsx_broken"),
    "a text that is not there": (without("xl/sharedStrings.xml"), "xlsx_broken"),
    "cut XML": (lambda parts: parts.update({SHEET: parts[SHEET][:-200]}), "xlsx_broken"),
    "no book": (without("xl/workbook.xml"), "xlsx_broken"),
    "OpenDocument": (renamed("xl/workbook.xml", "content.xml"), "ods"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_workbook_is_refused(kind: str) -> None:
    spoil, message = BROKEN[kind]
    assert spoilt(spoil) == ([], [message])


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (OLE, "xls_old"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "xlsx_password"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "xlsx_markup"),
        (b"\r\n<?xml version='1.0'?><Workbook/>", "xlsx_markup"),
        (b"a;b\n1;2\n", "xlsx_broken"),
        (b"", "xlsx_broken"),
    ],
)  # fmt: skip
def test_other_kinds_of_files_are_named(data: bytes, message: str) -> None:
    assert [finding.message for finding in read_xlsx("a.xlsx", data)[1]] == [message]


def cells(xml: str, *, formats: str = "") -> tuple[tuple[str, ...], dict[int, CellKind]]:
    """The first row of a sheet of these cells, with these number formats as styles 0, 1, 2 ..."""
    codes = [code for code in formats.split("|") if code]
    own = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(codes))
    styles = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(codes)))
    sheets, findings = spoilt(
        into(SHEET, f"<worksheet><sheetData><row>{xml}</row></sheetData></worksheet>".encode()),
        into("xl/styles.xml", f"<styleSheet><numFmts>{own}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>".encode()),
    )
    assert findings == []
    line = next(sheet for sheet in sheets if sheet.title == "Điểm cầu").lines[0]
    return line.cells, dict(line.kinds)


@pytest.mark.parametrize(
    ("xml", "text", "kind"),
    [
        ("<c><v>99.50000000000001</v></c>", "99.5", CellKind.NUMBER),
        ("<c><v>9.12000111E8</v></c>", "912000111", CellKind.NUMBER),
        ('<c t="b"><v>1</v></c>', "true", CellKind.BOOLEAN),
        ('<c t="e"><v>#N/A</v></c>', "#N/A", CellKind.ERROR),
        ("<c><f>1+1</f></c>", "=", CellKind.FORMULA),
        ("<c><f>1+1</f><v></v></c>", "=", CellKind.FORMULA),
        ("<c><f>1+1</f><v>2</v></c>", "2", CellKind.NUMBER),
        ('<c t="str"><f>""</f><v></v></c>', None, None),
        ('<c t="d"><v>2026-05-03</v></c>', "2026-05-03", CellKind.DATE),
        ('<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab", None),
        ('<c t="inlineStr"><is><t>x_x000D_\ny_x0020_</t></is></c>', "x y", None),
        ('<c t="inlineStr"><is><t>Xa\u0303</t></is></c>', "Xã", None),
        ("<c><v>nan</v></c>", "nan", None),
    ],
)  # fmt: skip
def test_a_cell_of_each_kind(xml: str, text: str | None, kind: CellKind | None) -> None:
    texts, kinds = cells(f"{xml}<c><v>7</v></c>")
    assert (texts[0] or None, kinds.get(0)) == (text, kind)
    assert texts[1] == "7"


@pytest.mark.parametrize(
    ("value", "code", "text", "kind"),
    [
        ("0.995", "0.0%", "99.5%", CellKind.PERCENT),
        ("0.995", "0%", "99.5%", CellKind.PERCENT),
        ("0.995", '0.0"%"', "0.995", CellKind.NUMBER),
        ("0.9", "0.0\\ %;[Red]-0.0\\ %", "90%", CellKind.PERCENT),
        ("912000111", "0000000000", "0912000111", CellKind.NUMBER),
        ("912000111", '"0"#########', "0912000111", CellKind.NUMBER),
        ("912000111", "0000.000.000", "0912000111", CellKind.NUMBER),
        ("251", "000", "251", CellKind.NUMBER),
        ("251", "[$-42A]00000", "00251", CellKind.NUMBER),
        ("1500", "#,##0", "1500", CellKind.NUMBER),
        ("1500.5", "#,##0.00", "1500.5", CellKind.NUMBER),
        ("5", "0.00", "5", CellKind.NUMBER),
        ("1E+20", "General", "100000000000000000000", CellKind.NUMBER),
        ("46145", "dd/mm/yyyy", "03/05/2026", CellKind.DATE),
        ("46145", "d-mmm", "03/05/2026", CellKind.DATE),
        ("46145.5", "dd/mm/yyyy hh:mm", "03/05/2026 12:00:00", CellKind.DATE),
        ("46145", '[$-42A]dd" tháng "mm', "03/05/2026", CellKind.DATE),
        ("0.000694444444444444", "hh:mm:ss", "00:01:00", CellKind.TIME),
        ("1.5", "[h]:mm", "36:00:00", CellKind.TIME),
        ("46145", "", "46145", CellKind.NUMBER),
        ("46145", '"Ngày" 0', "46145", CellKind.NUMBER),
        ("1e300", "dd/mm/yyyy", f"1{'0' * 300}", CellKind.NUMBER),
    ],
)  # fmt: skip
def test_the_number_format_counts(value: str, code: str, text: str, kind: CellKind) -> None:
    assert display_text(value, code) == (text, kind)


def test_formats_and_dates_of_the_book_itself() -> None:
    assert cells('<c s="0"><v>0.995</v></c><c s="1"><v>1</v></c>', formats="0.0%|dd/mm/yyyy") == (
        ("99.5%", "01/01/1900"),
        {0: CellKind.PERCENT, 1: CellKind.DATE},
    )
    assert display_text("44683", "dd/mm/yyyy", from_1904=True) == ("03/05/2026", CellKind.DATE)
    for text in ("inf", "nan", "x"):
        with pytest.raises(ValueError, match=r".*"):
            display_text(text, "")


def test_columns_by_letter() -> None:
    assert [column_letters(column_number(letters)) for letters in ("A", "Z", "AA", "CV")] == ["A", "Z", "AA", "CV"]


def test_csv_as_people_keep_their_zeros() -> None:
    sheets, _ = read_csv("a.csv", b'a;="0912000111";"b\r\nc"\n')
    assert sheets[0].lines[0].cells == ("a", "0912000111", "b c")
