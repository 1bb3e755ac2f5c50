"""What is said about filling in a form."""

from __future__ import annotations

from agent.text import Text

NO_FORM = Text(
    "bảng tiêu chí '{sheet}' không lấy từ sổ Excel nào; hãy dùng: sansang score import-sheet TỆP.xlsx",
    "the score sheet '{sheet}' was not read from a workbook; right would be: sansang score import-sheet FILE.xlsx",
)
OTHER_ROWS = Text(
    "sổ Excel không phải biểu của bảng tiêu chí '{sheet}': {rows}; hãy chọn đúng tệp '{name}', hoặc nhập lại: "
    "sansang score import-sheet",
    "the workbook is not the form of the score sheet '{sheet}': {rows}; right would be the file '{name}', or import it "
    "again: sansang score import-sheet",
)
ROW_GONE = Text(
    "không còn chỉ số {code} '{title}' (trước ở ô {cell})",
    "the criterion {code} '{title}' is gone (it was at {cell})",
)
ROW_IS_OTHER = Text(
    "hàng {row}: chỉ số {code} phải là '{title}', sổ ghi '{found}'",
    "row {row}: criterion {code} should be '{title}', the workbook has '{found}'",
)
ROW_IS_WORTH = Text(
    "hàng {row}: chỉ số {code} phải có điểm tối đa {maximum}, sổ ghi {found}",
    "row {row}: criterion {code} should have the maximum {maximum}, the workbook has {found}",
)
AND_MORE = Text("và {count} chỉ số nữa", "and {count} more criteria")
PENDING_ROW = Text("{code}, để trống: {why}", "{code}, left empty: {why}")
OTHER_WORKBOOK = Text(
    "sổ Excel đã sửa từ lúc nhập; các chỉ số vẫn còn đủ và được điền theo số thứ tự và tên",
    "the workbook was edited since it was imported; all criteria are still there and are filled in by number and title",
)
FORMULA_KEPT = Text(
    "ô {cell} có công thức: giữ nguyên, không ghi {value}",
    "cell {cell} holds a formula: it stays, {value} is not written",
)
POINTS_KEPT = Text(
    "ô {cell} ({code}): chưa có điểm, giữ '{value}' đang có trong ô",
    "cell {cell} ({code}): no points yet, '{value}' that stands there stays",
)
POINTS_REPLACED = Text(
    "ô {cell} ({code}): {before} đổi thành {value}",
    "cell {cell} ({code}): {before} becomes {value}",
)
NO_CELL = Text(
    "chỉ số {code}: biểu không có ô riêng để điền điểm",
    "criterion {code}: the form has no cell of its own for its points",
)
TOO_LONG = Text(
    "ô {cell}: không thêm được nữa, một ô chứa nhiều nhất 32.767 ký tự",
    "cell {cell}: nothing more fits, a cell holds 32,767 characters at most",
)
OTHER_SHEETS = Text(
    "trang {tabs} có công thức lấy số từ biểu: Excel tính lại khi mở; trong LibreOffice bấm Ctrl+Shift+F9 rồi lưu",
    "formulas on {tabs} take figures from the form: Excel computes them when it opens the file; in LibreOffice press "
    "Ctrl+Shift+F9 and save",
)
SIGNED = Text(
    "sổ Excel có chữ ký số: chữ ký không còn hiệu lực sau khi điền, hãy ký lại",
    "the workbook is digitally signed: the signature does not hold after filling in, sign it again",
)
