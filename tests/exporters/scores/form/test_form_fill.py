"""The very same workbook comes back, filled in: nothing but the cells that were meant has changed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal

import openpyxl
import pytest

from agent.scoring.form.read import read_form
from agent.scoring.form.score_sheet import form_source
from agent.scoring.form.texts import FormError
from agent.scoring.sheet import RowCells
from exporters.scores.form.form_fill import FilledForm, FilledRow, fill_cells
from tests.agent.scoring.form.form_tables import table_workbook
from tests.agent.scoring.form.raw_workbooks import excel_manner, sdk_manner

SHEET = "xl/worksheets/sheet1.xml"
ALL = FilledRow(Decimal("19.92"), "Đạt 716/719 & hơn", ("su-co.csv", "bao-tri.csv"))


def filled(data: bytes, rows: Mapping[str, FilledRow]) -> FilledForm:
    source = form_source(read_form(data), "tu-cham.xlsx")
    by_code = {row.code: row for row in source.rows}
    return fill_cells(data, source.tab, [(by_code[code], row) for code, row in rows.items()])


def parts(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {info.filename: archive.read(info) for info in archive.infolist()}


def changed(before: bytes, after: bytes) -> list[str]:
    first, second = parts(before), parts(after)
    assert list(first) == list(second)
    return [name for name in first if first[name] != second[name]]


def cells(xml: bytes) -> dict[str, str]:
    """Every cell element of a sheet as it stands there."""
    found = re.findall(r'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', xml.decode(), re.DOTALL)
    whole = re.finditer(r'<c r="[A-Z]+[0-9]+"[^>]*?(?:/>|>.*?</c>)', xml.decode(), re.DOTALL)
    return dict(zip(found, (one[0] for one in whole), strict=True))


def test_only_the_filled_cells_and_the_results_of_sums_change() -> None:
    before = excel_manner()
    result = filled(before, {"1.1": ALL, "1.2": FilledRow(None), "1.3": FilledRow(Decimal(40))})
    old, new = cells(parts(before)[SHEET]), cells(parts(result.data)[SHEET])

    assert result.cells == ("F9", "G9", "H9", "F11")
    assert changed(before, result.data) == ["xl/workbook.xml", SHEET]
    assert {name for name in old if old[name] != new[name]} == {"F9", "G9", "H9", "F11", "F8", "F16"}
    assert old.keys() == new.keys()
    assert new["F9"] == '<c r="F9" s="2"><v>19.92</v></c>'
    assert new["G9"] == ('<c r="G9" s="3" t="inlineStr"><is><t xml:space="preserve">Đạt 716/719 &amp; hơn</t></is></c>')
    assert new["F8"] == '<c r="F8" s="2"><f>SUM(F9:F12)</f></c>'
    assert new["F16"] == '<c r="F16" s="2"><f>F8+F13</f></c>'
    assert new["F13"] == old["F13"]  # its group was not touched: its result holds


def test_what_surrounds_the_cells_is_the_same_to_the_byte() -> None:
    before = excel_manner()
    after = filled(before, {"1.1": ALL}).data
    pattern = re.compile(rb'<c r="[FGH](?:8|9|13|16)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)

    assert pattern.sub(b"", parts(before)[SHEET]) == pattern.sub(b"", parts(after)[SHEET])
    assert parts(after)["xl/workbook.xml"] == parts(before)["xl/workbook.xml"].replace(
        b'<calcPr calcId="191029"/>', b'<calcPr calcId="191029" fullCalcOnLoad="1"/>'
    )


def test_runs_of_a_text_are_kept_and_added_to() -> None:
    after = filled(excel_manner(), {"1.1": ALL}).data

    assert cells(parts(after)[SHEET])["H9"] == (
        '<c r="H9" s="3" t="inlineStr"><is><r><rPr><b/><sz val="12"/><color rgb="FFC00000"/>'
        '<rFont val="Times New Roman"/></rPr><t>QĐ 12/QĐ-UBND</t></r><r><rPr><sz val="12"/>'
        '<rFont val="Times New Roman"/></rPr><t xml:space="preserve"> ngày 3/2/2025</t></r>'
        '<r><t xml:space="preserve">\nsu-co.csv</t></r><r><t xml:space="preserve">\nbao-tri.csv</t></r>'
        '<rPh sb="0" eb="2"><t>Quyết định</t></rPh><phoneticPr fontId="1" type="noConversion"/></is></c>'
    )


def test_evidence_is_added_below_what_stands_there() -> None:
    after = filled(excel_manner(), {"1.2": ALL}).data

    assert openpyxl.load_workbook(io.BytesIO(after))["Tự chấm"]["H10"].value == (
        "Biên bản nghiệm thu\nsu-co.csv\nbao-tri.csv"
    )


def test_a_formula_is_never_overwritten() -> None:
    before = excel_manner()
    result = filled(before, {"2.2": FilledRow(Decimal(499))})

    assert result.data == before
    assert [remark.vi for remark in result.remarks] == ["ô F15 có công thức: giữ nguyên, không ghi 499"]


def test_cells_that_excel_did_not_keep_are_made_with_the_style_of_their_column() -> None:
    after = filled(excel_manner(), {"1.4": ALL}).data
    new = cells(parts(after)[SHEET])

    assert list(new)[list(new).index("E12") : list(new).index("E12") + 4] == ["E12", "F12", "G12", "H12"]
    assert new["F12"] == '<c r="F12" s="2"><v>19.92</v></c>'
    assert new["G12"].startswith('<c r="G12" t="inlineStr"><is>')


def test_a_second_time_changes_nothing() -> None:
    for data in (excel_manner(), sdk_manner()):
        once = filled(data, {"1.1": ALL, "1.2": ALL})
        again = filled(once.data, {"1.1": ALL, "1.2": ALL})

        assert once.data != data
        assert (again.data, again.cells, again.remarks) == (once.data, (), ())


def test_points_that_stand_there_are_replaced_and_said_and_kept_where_none_came() -> None:
    data = table_workbook([["1", "Một", 60, "", 5], ["2", "Hai", 40, "", 7]])
    result = filled(data, {"1": FilledRow(Decimal("5.5")), "2": FilledRow(None)})

    assert [remark.vi for remark in result.remarks] == [
        "ô E2 (1): 5 đổi thành 5,5",
        "ô E3 (2): chưa có điểm, giữ '7' đang có trong ô",
    ]
    assert result.cells == ("E2",)


def test_prefixes_line_ends_and_the_mark_of_the_encoding_survive() -> None:
    before = sdk_manner()
    result = filled(before, {"1.1": ALL, "2.1": ALL})
    old, new = (parts(data)["xl/worksheets/sheet.xml"].split(b"\r\n") for data in (before, result.data))

    assert changed(before, result.data) == ["xl/worksheets/sheet.xml"]
    assert [index for index, line in enumerate(old) if line != new[index]] == [6, 9]
    assert new[0].startswith(b"\xef\xbb\xbf<?xml version='1.0'")
    assert '<x:c><x:v>19.92</x:v></x:c><x:c t="inlineStr"><x:is><x:t xml:space="preserve">Đạt' in new[6].decode()
    assert "Kế hoạch &lt;số 5&gt; &amp; phụ lục\nsu-co.csv\nbao-tri.csv</x:t>" in new[6].decode()
    assert '<x:c r="G7" t="inlineStr"><x:is>' in new[9].decode()


def test_other_encodings_stay_what_they_are() -> None:
    made = parts(sdk_manner())
    text = made["xl/worksheets/sheet.xml"].decode("utf-8-sig")
    for name, codec in (("UTF-16", "utf-16"), ("us-ascii", "ascii")):
        xml = text.replace("utf-8", name).encode(codec, "xmlcharrefreplace")
        data = rezipped({**made, "xl/worksheets/sheet.xml": xml})
        result = filled(data, {"1.1": ALL})
        after = parts(result.data)["xl/worksheets/sheet.xml"]

        assert read_form(result.data).criteria[0].title == "Họp trực tuyến: điểm cầu cấp xã"
        assert "Đạt 716/719 & hơn" in str(openpyxl.load_workbook(io.BytesIO(result.data)).worksheets[0]["F4"].value)
        assert after.startswith(xml[:400])


def rezipped(content: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), data)
    return target.getvalue()


def test_every_other_part_is_copied_as_it_lies_there() -> None:
    before = excel_manner()
    after = filled(before, {"1.1": ALL}).data
    first, second = (zipfile.ZipFile(io.BytesIO(data)).infolist() for data in (before, after))

    assert [(one.filename, one.date_time, one.external_attr) for one in first] == [
        (one.filename, one.date_time, one.external_attr) for one in second
    ]
    for one, other in zip(first, second, strict=True):
        if one.CRC == other.CRC:
            piece = before[one.header_offset : one.header_offset + 30 + len(one.filename) + one.compress_size]
            assert after[other.header_offset :].startswith(piece)


def test_what_looks_like_an_escape_or_markup_is_text() -> None:
    words = "_x0041_ <b>&amp; =1+1 \u202e\x07"
    after = filled(excel_manner(), {"1.3": FilledRow(None, "", (words,))}).data

    assert cells(parts(after)[SHEET])["H11"] == (
        '<c r="H11" s="3" t="inlineStr"><is><t xml:space="preserve">_x005F_x0041_ &lt;b&gt;&amp;amp; =1+1 </t></is></c>'
    )
    assert read_form(after).criteria[2].asked == "_x0041_ <b>&amp; =1+1"
    assert filled(after, {"1.3": FilledRow(None, "", (words,))}).data == after


def test_a_sheet_that_is_gone_is_named() -> None:
    with pytest.raises(FormError, match="'Sheet'"):
        fill_cells(table_workbook([["1", "Một", 100]]), "Khác", [(RowCells("1", "E2"), ALL)])
