"""Workbooks written part by part, as Excel and as programs on the Open XML SDK write theirs."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_AT = (2025, 11, 3, 8, 15, 30)


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """An archive with these parts in this order, all of one time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            data = content.encode() if isinstance(content, str) else content
            archive.writestr(zipfile.ZipInfo(name, _AT), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def logo() -> bytes:
    """A red square as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + b"\xda\x25\x1d" * 16) * 16
    header = struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def relations(*rows: tuple[str, str, str]) -> str:
    """Id, kind and target of each."""
    written = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for name, kind, target in rows
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'


def content_types(**overrides: str) -> str:
    """Parts by their path with ``__`` for the slash, and their types."""
    defaults = (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
        ("png", "image/png"),
        ("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing"),
    )
    written = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in defaults)
    written += "".join(
        f'<Override PartName="/{name.replace("__", "/")}.xml" ContentType="{kind}"/>'
        for name, kind in overrides.items()
    )
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{written}</Types>'


_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.00"/></numFmts>'
    '<fonts count="3"><font><sz val="12"/><name val="Times New Roman"/></font><font><b/><sz val="12"/>'
    '<name val="Times New Roman"/></font><font><i/><sz val="12"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="1"><dxf><font><color rgb="FF9C0006"/></font></dxf></dxfs></styleSheet>'
)


class _Strings:
    """Texts that cells share."""

    def __init__(self) -> None:
        self.items: list[str] = []

    def number(self, item: str) -> int:
        if item not in self.items:
            self.items.append(item)
        return self.items.index(item)

    def part(self) -> str:
        count = len(self.items)
        return f'{_HEAD}<sst xmlns="{MAIN}" count="{count + 7}" uniqueCount="{count}">{"".join(self.items)}</sst>'


RICH = (
    '<si><r><rPr><b/><sz val="12"/><color rgb="FFC00000"/><rFont val="Times New Roman"/></rPr><t>QĐ 12/QĐ-UBND</t></r>'
    '<r><rPr><sz val="12"/><rFont val="Times New Roman"/></rPr><t xml:space="preserve"> ngày 3/2/2025</t></r>'
    '<rPh sb="0" eb="2"><t>Quyết định</t></rPh><phoneticPr fontId="1" type="noConversion"/></si>'
)
"""A text with runs and how it is pronounced."""

_EXCEL_ROWS: tuple[tuple[int, str, str, str, str, str, str, str], ...] = (
    # row, number, title, maximum, method, points, explanation, evidence; "=" a formula with its result
    (8, "I", "*HẠ TẦNG SỐ", "100", "", "=SUM(F9:F12)|0", "", ""),
    (9, "1.1", "Tỷ lệ cơ quan có mạng LAN", "20", "Tỷ lệ = a/b; điểm = tỷ lệ x điểm tối đa", "", "", "rich"),
    (10, "1.2", "Kết nối mạng truyền số liệu chuyên dùng (TSLCD)", "20", "a/b", "", "", "Biên bản nghiệm thu"),
    (11, "1.3", "Triển khai IPv6 cho cổng thông tin điện tử", "40", "Có: 40; không: 0", "", "", ""),
    (12, "1.4", "Máy tính cho cán bộ", "20", "a/b", "", "", ""),
    (13, "II", "*NHÂN LỰC SỐ", "900", "", "=SUM(F14:F15)|0", "", ""),
    (14, "2.1", "Cán bộ được tập huấn", "400.5", "a/b", "", "Đang thu thập", ""),
    (15, "2.2", "Tổ công nghệ số cộng đồng", "499.5", "", "=ROUND(D15*0.5,2)|249.75", "", ""),
)


def _excel_cell(strings: _Strings, place: str, text: str, style: int) -> str:
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    if text.startswith("="):
        formula, _, result = text[1:].partition("|")
        return f'<c r="{place}" s="{style}"><f>{escape(formula)}</f><v>{result}</v></c>'
    if text.replace(".", "", 1).isdecimal():
        return f'<c r="{place}" s="{style}"><v>{text}</v></c>'
    item = RICH if text == "rich" else f"<si><t>{escape(text)}</t></si>"
    return f'<c r="{place}" s="{style}" t="s"><v>{strings.number(item)}</v></c>'


def _excel_sheet(strings: _Strings) -> str:
    def row(number: int, cells: Mapping[str, tuple[str, int]], more: str = "") -> str:
        written = "".join(
            _excel_cell(strings, f"{column}{number}", text, style) for column, (text, style) in cells.items()
        )
        return f'<row r="{number}" spans="1:8" x14ac:dyDescent="0.25"{more}>{written}</row>'

    head = ("STT", "Chỉ số/Chỉ số thành phần", "Năm trước", "Điểm tối đa", "Cách xác định và tính điểm")
    tail = ("Điểm tự chấm", "Giải trình kết quả", "Tài liệu kiểm chứng")
    rows = [
        row(1, {"A": ("ỦY BAN NHÂN DÂN XÃ TÂN PHÚ", 1)}),
        row(2, {"A": ("BẢNG TỰ ĐÁNH GIÁ CHUYỂN ĐỔI SỐ CẤP XÃ NĂM 2026", 1)}),
        row(3, {"A": ("(Kèm theo Quyết định số 469/QĐ-UBND ngày 26/2/2026 của UBND tỉnh)", 4)}),
        '<row r="4" spans="1:8" x14ac:dyDescent="0.25"/>',
        row(
            6, dict(zip("ABCDEFGH", [(text, 1) for text in (*head, *tail)], strict=True)), ' ht="31.5" customHeight="1"'
        ),
        row(7, dict(zip("ABCDEFGH", [(f"({number})", 4) for number in range(1, 9)], strict=True))),
    ]
    for number, code, title, maximum, method, points, explanation, evidence in _EXCEL_ROWS:
        style = 1 if title.startswith("*") else 0
        cells = {"A": (code, style), "B": (title.lstrip("*"), style), "C": ("", 0), "D": (maximum, 2), "E": (method, 3)}
        if number != 12:  # of row 12 Excel keeps no cells that nobody touched
            cells |= {"F": (points, 2), "G": (explanation, 3), "H": (evidence, 3)}
        rows.append(row(number, cells, ' hidden="1"' if number == 14 else ""))
    rows.append(
        row(16, {"A": ("", 1), "B": ("Tổng cộng", 1), "D": ("=SUM(D8,D13)|1000", 2), "F": ("=F8+F13|249.75", 2)})
    )
    rows.append(row(18, {"A": ("Ghi chú: điểm làm tròn đến 2 chữ số thập phân.", 4)}))
    return (
        f'{_HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" '
        'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
        'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" '
        'xr:uid="{00000000-0001-0000-0000-000000000000}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<dimension ref="A1:H18"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15.75" x14ac:dyDescent="0.25"/><cols><col min="1" max="1" width="6"/>'
        '<col min="2" max="2" width="40"/><col min="3" max="3" width="9" hidden="1"/>'
        '<col min="6" max="6" width="12" style="2"/>'
        f'</cols><sheetData>{"".join(rows)}</sheetData><mergeCells count="3"><mergeCell ref="A1:H1"/>'
        '<mergeCell ref="A2:H2"/>'
        '<mergeCell ref="A18:H18"/></mergeCells><conditionalFormatting sqref="F9:F15"><cfRule type="cellIs" dxfId="0" '
        'priority="1" operator="greaterThan"><formula>D9</formula></cfRule></conditionalFormatting>'
        '<dataValidations count="1"><dataValidation type="decimal" allowBlank="1" showErrorMessage="1" sqref="F9:F15">'
        "<formula1>0</formula1><formula2>1000</formula2></dataValidation></dataValidations>"
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape"/><drawing r:id="rId1"/><legacyDrawing r:id="rId2"/>'
        "</worksheet>"
    )


def excel_manner() -> bytes:
    """As Excel writes: shared strings with runs, logo, comment, validation, conditional format, print area, sums."""
    strings = _Strings()
    sheet = _excel_sheet(strings)
    book = (
        f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15" '
        'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"><fileVersion appName="xl" '
        'lastEdited="7" lowestEdited="7" rupBuild="22228"/><workbookPr defaultThemeVersion="166925"/>'
        '<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\\Users\\van-phong\\" '
        'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="20490" windowHeight="7755"/></bookViews><sheets>'
        '<sheet name="Hướng dẫn" sheetId="2" r:id="rId2"/><sheet name="Tự chấm" sheetId="1" r:id="rId1"/>'
        '<sheet name="Danh mục" sheetId="3" state="hidden" r:id="rId3"/></sheets><definedNames>'
        '<definedName name="_xlnm.Print_Area" localSheetId="1">\'Tự chấm\'!$A$1:$H$18</definedName></definedNames>'
        '<calcPr calcId="191029"/></workbook>'
    )
    guide = _plain_sheet("Cách điền", "Ghi điểm vào cột Điểm tự chấm, không sửa cột khác")
    return zipped(
        {
            "[Content_Types].xml": content_types(
                xl__workbook=f"{_SHEET}.sheet.main+xml",
                xl__worksheets__sheet1=f"{_SHEET}.worksheet+xml",
                xl__worksheets__sheet2=f"{_SHEET}.worksheet+xml",
                xl__worksheets__sheet3=f"{_SHEET}.worksheet+xml",
                xl__styles=f"{_SHEET}.styles+xml",
                xl__sharedStrings=f"{_SHEET}.sharedStrings+xml",
                xl__calcChain=f"{_SHEET}.calcChain+xml",
                xl__comments1=f"{_SHEET}.comments+xml",
                xl__drawings__drawing1="application/vnd.openxmlformats-officedocument.drawing+xml",
            ),
            "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": relations(
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("rId2", "worksheet", "worksheets/sheet2.xml"),
                ("rId3", "worksheet", "worksheets/sheet3.xml"),
                ("rId4", "styles", "styles.xml"),
                ("rId5", "sharedStrings", "sharedStrings.xml"),
                ("rId6", "calcChain", "calcChain.xml"),
            ),
            "xl/worksheets/sheet1.xml": sheet,
            "xl/worksheets/sheet2.xml": guide,
            "xl/worksheets/sheet3.xml": _plain_sheet("Danh mục", "Mã"),
            "xl/worksheets/_rels/sheet1.xml.rels": relations(
                ("rId1", "drawing", "../drawings/drawing1.xml"),
                ("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
                ("rId3", "comments", "../comments1.xml"),
            ),
            "xl/drawings/drawing1.xml": _DRAWING,
            "xl/drawings/_rels/drawing1.xml.rels": relations(("rId1", "image", "../media/image1.png")),
            "xl/media/image1.png": logo(),
            "xl/drawings/vmlDrawing1.vml": _VML,
            "xl/comments1.xml": _COMMENTS,
            "xl/styles.xml": _STYLES,
            "xl/sharedStrings.xml": strings.part(),
            "xl/calcChain.xml": f'{_HEAD}<calcChain xmlns="{MAIN}"><c r="F16" i="1"/><c r="F13"/><c r="F8"/>'
            '<c r="F15"/><c r="D16"/></calcChain>',
        }
    )


def _plain_sheet(*texts: str) -> str:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c></row>'
        for number, text in enumerate(texts, start=1)
    )
    return f'{_HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


_DRAWING = (
    f'{_HEAD}<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:oneCellAnchor><xdr:from><xdr:col>0</xdr:col>'
    "<xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    '<xdr:ext cx="152400" cy="152400"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Logo"/><xdr:cNvPicPr/>'
    f'</xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r="{RELATIONS}" r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch>'
    '</xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/>'
    "</xdr:oneCellAnchor></xdr:wsDr>"
)
_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" '
    'coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"/><v:shape id="_x0000_s1025" type="#_x0000_t202" style="visibility:hidden">'
    '<x:ClientData ObjectType="Note"><x:Row>8</x:Row><x:Column>5</x:Column></x:ClientData></v:shape></xml>'
)
_COMMENTS = (
    f'{_HEAD}<comments xmlns="{MAIN}"><authors><author>Sở KH&amp;CN</author></authors><commentList>'
    '<comment ref="F9" authorId="0"><text><r><t>Không quá điểm tối đa</t></r></text></comment></commentList></comments>'
)


def sdk_manner() -> bytes:
    """As programs on the Open XML SDK write: prefixes, inline strings, no references, no dimension, BOM, CRLF."""
    table = (
        ("TT", "Tiêu chí", "Thang điểm", "Hướng dẫn chấm điểm", "Điểm đơn vị tự đánh giá", "Thuyết minh", "Minh chứng"),
        ("1", "Hạ tầng", "60", "", "", "", ""),
        ("1.1", "Họp trực tuyến: điểm cầu cấp xã", "30,5", "a/b x 30,5", "", "", "Kế hoạch <số 5> & phụ lục"),
        ("1.2", "Trang thông tin điện tử có chứng thư SSL", "29,5", "Đạt: 29,5", "", "", ""),
        ("2", "Chính quyền số", "40", "", "", "", ""),
        ("2.1", "Hệ thống thông tin một cửa điện tử", "40", "a/b", "", "", ""),
        ("", "Cộng", "100", "", "", "", ""),
    )
    lines = ["<x:row/>"]
    for row in table:
        cells = "".join(
            f'<x:c t="inlineStr"><x:is><x:t>{escape(text)}</x:t></x:is></x:c>' if text else "<x:c />"
            for text in row[:6]
        )
        last = f'<x:c t="inlineStr"><x:is><x:t>{escape(row[6])}</x:t></x:is></x:c>' if row[6] else ""
        lines.append(f"<x:row>{cells}{last}</x:row>")
    sheet = (
        f"<?xml version='1.0' encoding='utf-8'?>\r\n<x:worksheet xmlns:x='{MAIN}'>\r\n  <x:sheetData>\r\n    "
        + "\r\n    ".join(lines)
        + "\r\n  </x:sheetData>\r\n</x:worksheet>"
    )
    book = (
        f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{RELATIONS}"><x:sheets><x:sheet name="Sheet" sheetId="1" r:id="R1"/>'
        "</x:sheets></x:workbook>"
    )
    return zipped(
        {
            "xl/workbook.xml": book,
            "xl/worksheets/sheet.xml": b"\xef\xbb\xbf" + sheet.encode(),
            "xl/_rels/workbook.xml.rels": relations(("R1", "worksheet", "/xl/worksheets/sheet.xml")),
            "_rels/.rels": relations(("R0", "officeDocument", "/xl/workbook.xml")),
            "[Content_Types].xml": content_types(
                xl__workbook=f"{_SHEET}.sheet.main+xml", xl__worksheets__sheet=f"{_SHEET}.worksheet+xml"
            ),
        }
    )
