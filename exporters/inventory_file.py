"""The inventory as a workbook or CSV that an office edits and gives back: every cell is text, and none a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from agent.inventory.export import ExportSheet
from exporters.reports.csv_file import DANGEROUS

_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed property; spreadsheets know no zone
_NARROWEST, _WIDEST = 9, 42  # characters


def xlsx(sheets: Sequence[ExportSheet]) -> bytes:
    """One sheet each, the header in sight and to filter by. The same rows give the same bytes."""
    import xlsxwriter  # noqa: PLC0415 - 45 ms, for this form alone

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"author": "San Sang", "created": _CREATED})
    font = {"font_name": "Times New Roman", "font_size": 11, "border": 1, "num_format": "@", "valign": "top"}
    heading = book.add_format({**font, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E7EBF0"})
    text = book.add_format(font)
    quoted = book.add_format({**font, "quote_prefix": True})
    for sheet in sheets:
        page = book.add_worksheet(sheet.title)
        for column, cells in enumerate(zip(sheet.header, *sheet.rows, strict=True)):
            page.set_column(column, column, min(max(_NARROWEST, *(len(cell) + 2 for cell in cells)), _WIDEST), text)
            page.write_string(0, column, cells[0], heading)
            for row, cell in enumerate(cells[1:], start=1):
                page.write_string(row, column, cell, quoted if cell.startswith(DANGEROUS) else text)
        page.freeze_panes(1, 2)
        page.autofilter(0, 0, len(sheet.rows), len(sheet.header) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
    book.close()
    return target.getvalue()


def comma_separated(sheet: ExportSheet) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by, CRLF; numbers that are no numbers as ``="0912"``."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([sheet.header, *([_kept_as_text(cell) for cell in row] for row in sheet.rows)])
    return text.getvalue().encode("utf-8-sig")


def _kept_as_text(cell: str) -> str:
    """The cell as a formula for its text, if a spreadsheet would calculate it or drop its zeros."""
    shortened = cell.isdecimal() and (cell.startswith("0") or len(cell) > 11)
    if not (cell.lstrip(" ").startswith(DANGEROUS) or shortened):
        return cell
    doubled = cell.replace('"', '""')
    return f'="{doubled}"'
