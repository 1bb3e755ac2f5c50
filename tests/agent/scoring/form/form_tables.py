"""Small forms for one question each."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl

HEAD = (
    *("STT", "Chỉ số/Chỉ số thành phần", "Điểm tối đa", "Cách tính"),
    *("Điểm tự chấm", "Giải trình", "Tài liệu kiểm chứng"),
)

Row = Sequence[str | float | None]


def table_workbook(
    rows: Sequence[Row],
    head: Sequence[Row] = (HEAD,),
    merged: Sequence[str] = (),
    tabs: Sequence[str] = ("Sheet",),
) -> bytes:
    """A workbook with that table on each sheet; an empty text is an empty cell."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for tab in tabs:
        sheet = book.create_sheet(tab)
        for row in (*head, *rows):
            sheet.append([None if cell == "" else cell for cell in row])
        for area in merged:
            sheet.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
