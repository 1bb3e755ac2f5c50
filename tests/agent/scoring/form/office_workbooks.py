"""Five self-assessment workbooks as different offices would make them.

That of LibreOffice lies in tests/data/forms; ``python -m tests.agent.scoring.form.office_workbooks`` makes it anew.
"""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.agent.scoring.form.raw_workbooks import excel_manner, logo, sdk_manner

DATA = Path(__file__).parents[3] / "data" / "forms"
LIBREOFFICE = DATA / "libreoffice.xlsx"


def xlsxwriter_workbook() -> bytes:
    """Of a department: two heading rows, logo, comment, validation, conditional format, print area, sums, a summary."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.set_properties({"created": dt.datetime(2026, 1, 5)})  # noqa: DTZ001 - a fixed property
    sheet = book.add_worksheet("Biểu 01")
    summary = book.add_worksheet("Tổng hợp")
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    points = book.add_format({"num_format": "#,##0.00", "bg_color": "#FFF2CC"})
    heading = book.add_format({"bold": True, "align": "center", "border": 1, "text_wrap": True})
    sheet.merge_range("A1:I1", "PHIẾU TỰ ĐÁNH GIÁ MỨC ĐỘ CHUYỂN ĐỔI SỐ CẤP XÃ NĂM 2026", bold)
    for area, text in (("A3:A4", "TT"), ("B3:B4", "Nội dung đánh giá"), ("F3:F4", "Cách chấm điểm")):
        sheet.merge_range(area, text, heading)
    sheet.merge_range("C3:E3", "Điểm", heading)
    for place, text in enumerate(("Tối đa", "Tự chấm", "Thẩm định"), start=2):
        sheet.write(3, place, text, heading)
    sheet.merge_range("G3:G4", "Diễn giải kết quả tự chấm", heading)
    sheet.merge_range("H3:I4", "Tài liệu minh chứng", heading)
    rows: tuple[tuple[str, str, float, str], ...] = (
        ("A", "HẠ TẦNG SỐ", 0, ""),
        ("1", "Mạng LAN tại trụ sở", 15, "a/b"),
        ("2", "Đường truyền số liệu chuyên dùng (TSLCĐ)", 25, "a/b"),
        ("B", "CHÍNH QUYỀN SỐ", 0, ""),
        ("3", "Cổng/Trang thông tin điện tử hoạt động ổn định", 35, "a/b"),
        ("4", "Tỷ lệ hồ sơ trực tuyến", 25, "a/b x điểm tối đa"),
    )
    for index, (number, title, maximum, method) in enumerate(rows, start=4):
        group = not maximum
        sheet.write(index, 0, number, bold if group else None)
        sheet.write(index, 1, title, bold if group else wrap)
        if group:
            for column in "CDE":
                below = f"{column}{index + 2}:{column}{index + 3}"
                sheet.write_formula(f"{column}{index + 1}", f"=SUM({below})", points, 0)
        else:
            sheet.write_number(index, 2, maximum, points)
            sheet.write_blank(index, 3, None, points)
        sheet.write(index, 5, method, wrap)
        sheet.write_blank(index, 6, None, wrap)
        sheet.merge_range(index, 7, index, 8, "Biên bản" if number == "2" else "", wrap)
    sheet.write("B12", "TỔNG CỘNG (A+B)", bold)
    for column in "CDE":
        sheet.write_formula(f"{column}12", f"={column}5+{column}8", points, 100 if column == "C" else 0)
    sheet.write_formula("G12", '=IF(D12>=80,"Tốt",IF(D12>=50,"Khá","Chưa đạt"))', None, "Chưa đạt")
    sheet.write_comment("D6", "Ghi điểm đến 2 chữ số thập phân", {"author": "Sở KH&CN"})
    sheet.data_validation("D6:D11", {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100})
    sheet.conditional_format("D6:D11", {"type": "cell", "criteria": ">", "value": "$C6", "format": bold})
    sheet.print_area("A1:I12")
    sheet.repeat_rows(2, 3)
    sheet.insert_image("I1", "logo.png", {"image_data": io.BytesIO(logo())})
    sheet.insert_chart("K3", _chart(book))
    summary.write("A1", "Tổng điểm tự chấm")
    summary.write_formula("B1", "='Biểu 01'!D12", points, 0)
    book.close()
    return target.getvalue()


def _chart(book: xlsxwriter.Workbook) -> object:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Biểu 01'!$D$6:$D$7", "categories": "='Biểu 01'!$B$6:$B$7"})
    return chart


def openpyxl_workbook() -> bytes:
    """Of somebody who programs: numbers as texts, decimal commas, hidden column and row, a second sheet."""
    book = openpyxl.Workbook()
    guide = book.worksheets[0]
    guide.title = "Hướng dẫn"
    guide["A1"] = "Chấm điểm từng chỉ số theo Quyết định số 5279/QĐ-UBND"
    sheet = book.create_sheet("Xã tự chấm")
    sheet.append(["UBND XÃ ĐÔNG HẢI"])
    sheet.append([])
    head = ["STT", "Chỉ số", "Chỉ số thành phần", "Tài liệu kiểm chứng", "Điểm chuẩn", "Điểm tự đánh giá 2025"]
    sheet.append([*head, "Điểm tự đánh giá 2026", "Giải trình", "Ghi chú"])
    rows = (
        ["I", "Hạ tầng số", None, None, "30,5"],
        ["1.1", None, "Phủ cáp quang đến thôn", "Văn bản của VNPT", "10,25"],
        ["1.2", None, "DNSSEC cho tên miền của xã", None, "20,25"],
        ["II", "An toàn thông tin mạng", None, None, "69,5"],
        ["2.1", None, "HTTPS cho mọi hệ thống", None, "29,5"],
        ["2.2", None, "Hồ sơ đề xuất cấp độ", None, "40"],
        [None, "Tổng cộng", None, None, "100", None, "=SUM(G5:G9)"],
    )
    for row in rows:
        sheet.append(row)
    sheet.append([])
    sheet.append([None, "Người lập biểu", None, None, None, None, None, "CHỦ TỊCH"])
    _dress(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _dress(sheet: Worksheet) -> None:
    for row in (4, 7, 10):
        for cell in sheet[row]:
            cell.font = Font(name="Times New Roman", bold=True)
    for cell in sheet["H"]:
        cell.alignment = Alignment(wrap_text=True)
    sheet.merge_cells("A1:D1")
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[6].hidden = True
    sheet.freeze_panes = "A4"


_TABLE: tuple[tuple[str | float, ...], ...] = (
    ("TT", "Nội dung tiêu chí", "Điểm tối đa", "Cách tính điểm", "Tự chấm", "Giải trình", "Tài liệu kiểm chứng"),
    ("I", "HẠ TẦNG SỐ", 400, "", "of:=SUM([.E5:.E7])", "", ""),
    ("1", "Điểm cầu truyền hình trực tuyến đến cấp xã", 150, "a/b", "", "", "Danh sách điểm cầu"),
    ("2", "Băng rộng cáp quang đến hộ gia đình", 150.5, "a/b", "", "", ""),
    ("3", "Trang bị máy tính cho cán bộ", 99.5, "a/b", "", "Đang rà soát", ""),
    ("II", "CHÍNH QUYỀN SỐ", 600, "", "of:=SUM([.E9:.E10])", "", ""),
    ("4", "Hệ thống thông tin giải quyết thủ tục hành chính một cửa điện tử", 300, "a/b", "", "", ""),
    ("5", "Cổng dịch vụ công, trang thông tin điện tử", 300, "a/b", "", "", ""),
    ("", "Tổng điểm", 1000, "", "of:=[.E4]+[.E8]", "", ""),
)


def fods() -> str:
    """A spreadsheet of LibreOffice as one XML file."""
    rows = ['<table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="7">']
    rows[0] += "<text:p>BẢNG TỰ CHẤM ĐIỂM CHUYỂN ĐỔI SỐ NĂM 2026</text:p></table:table-cell></table:table-row>"
    rows.append("<table:table-row/>")
    rows += [f"<table:table-row>{''.join(map(_fods_cell, row))}</table:table-row>" for row in _TABLE]
    rows.append('<table:table-row table:number-rows-repeated="2"/>')
    rows.append(f"<table:table-row>{_fods_cell('Ghi chú: chấm theo số liệu đến 31/12')}</table:table-row>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><office:document office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet" '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Trang tính1"><table:table-column table:number-columns-repeated="7"/>{"".join(rows)}'
        "</table:table></office:spreadsheet></office:body></office:document>"
    )


def _fods_cell(value: str | float) -> str:
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    if value.startswith("of:"):
        return f'<table:table-cell table:formula="{escape(value)}" office:value-type="float" office:value="0"/>'
    if not value:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def libreoffice_workbook() -> bytes:
    """Of a clerk with LibreOffice: roman groups, sums, a note."""
    return LIBREOFFICE.read_bytes()


OFFICES: Mapping[str, Callable[[], bytes]] = {
    "excel": excel_manner,
    "sdk": sdk_manner,
    "xlsxwriter": xlsxwriter_workbook,
    "openpyxl": openpyxl_workbook,
    "libreoffice": libreoffice_workbook,
}


def main() -> None:
    """LibreOffice makes an .xlsx of the .fods."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "libreoffice.fods").write_text(fods(), "utf-8")
        call = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx"]
        call += ["--outdir", folder, f"{folder}/libreoffice.fods"]
        subprocess.run(call, capture_output=True, timeout=120, check=True)
        DATA.mkdir(exist_ok=True)
        LIBREOFFICE.write_bytes((Path(folder) / "libreoffice.xlsx").read_bytes())


if __name__ == "__main__":
    main()
