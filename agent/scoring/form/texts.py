"""What is said about a self-assessment workbook: what is wrong, where, what would be right, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from agent.errors import SansangError
from agent.text import Text


class FormError(SansangError):
    """A self-assessment workbook that cannot be read or filled; the text says what would be right."""


KIND_REFUSED: Mapping[str, Text] = {
    "empty": Text(
        "tệp trống; hãy chọn tệp Excel (.xlsx) có bảng tự đánh giá",
        "the file is empty; right would be the Excel workbook (.xlsx) with the self-assessment table",
    ),
    "xls": Text(
        "sổ Excel kiểu cũ (.xls): mở bằng Excel, chọn Tệp > Lưu như > Sổ làm việc Excel (.xlsx)",
        "an old Excel workbook (.xls): open it in Excel and save it as Excel Workbook (.xlsx)",
    ),
    "password": Text(
        "tệp có mật khẩu: mở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc > Mã hóa bằng mật khẩu), "
        "rồi lưu lại dạng .xlsx",
        "the file has a password: open it in Excel, remove the password (File > Info > Protect Workbook > Encrypt with "
        "Password) and save it as .xlsx",
    ),
    "ole": Text(
        "tệp Office kiểu cũ, không phải sổ .xlsx: mở bằng chương trình đã tạo ra nó rồi lưu bảng dạng .xlsx",
        "an old Office file, no .xlsx workbook: open it in the program that made it and save the table as .xlsx",
    ),
    "ods": Text(
        "bảng tính OpenDocument (.ods): mở bằng LibreOffice, lưu lại dạng Excel 2007-365 (.xlsx)",
        "an OpenDocument sheet (.ods): open it in LibreOffice and save it as Excel 2007-365 (.xlsx)",
    ),
    "odt": Text(
        "văn bản OpenDocument, không phải bảng tính: chép bảng sang trang tính rồi lưu dạng .xlsx",
        "an OpenDocument text, no spreadsheet: copy the table into a spreadsheet and save that as .xlsx",
    ),
    "docx": Text(
        "văn bản Word (.docx): chép bảng sang Excel rồi lưu dạng .xlsx",
        "a Word document (.docx): copy the table into Excel and save that as .xlsx",
    ),
    "pptx": Text(
        "bài trình chiếu (.pptx): chép bảng sang Excel rồi lưu dạng .xlsx",
        "a presentation (.pptx): copy the table into Excel and save that as .xlsx",
    ),
    "xlsm": Text(
        "sổ Excel có macro (.xlsm): mở bằng Excel, lưu lại dạng Sổ làm việc Excel (.xlsx), không kèm macro",
        "a workbook with macros (.xlsm): open it in Excel and save it as Excel Workbook (.xlsx), without macros",
    ),
    "xltx": Text(
        "mẫu Excel (.xltx, .xltm): mở bằng Excel rồi lưu lại dạng Sổ làm việc Excel (.xlsx)",
        "an Excel template (.xltx, .xltm): open it in Excel and save it as Excel Workbook (.xlsx)",
    ),
    "xlsb": Text(
        "sổ Excel nhị phân (.xlsb): mở bằng Excel rồi lưu lại dạng Sổ làm việc Excel (.xlsx)",
        "a binary workbook (.xlsb): open it in Excel and save it as Excel Workbook (.xlsx)",
    ),
    "pdf": Text(
        "tệp PDF: hãy dùng chính tệp Excel (.xlsx) của biểu mẫu",
        "a PDF file; right would be the form's own Excel workbook (.xlsx)",
    ),
    "markup": Text(
        "trang web hay tệp XML mang tên sổ Excel: mở bằng Excel rồi lưu lại dạng .xlsx",
        "a web page or XML file under the name of a workbook: open it in Excel and save it as .xlsx",
    ),
    "zip": Text(
        "tệp nén, nhưng bên trong không phải sổ Excel; hãy giải nén rồi chọn tệp .xlsx",
        "an archive without a workbook in it; right would be the .xlsx itself, unpacked",
    ),
    "other": Text(
        "không phải sổ Excel; lưu bảng lại dạng Sổ làm việc Excel (.xlsx)",
        "not an Excel workbook; save the table as Excel Workbook (.xlsx)",
    ),
}

BROKEN = Text(
    "sổ Excel hỏng hoặc không đọc được: mở bằng Excel hay LibreOffice, lưu lại dạng .xlsx",
    "the workbook is damaged or cannot be read: open it in Excel or LibreOffice and save it again as .xlsx",
)
TOO_LARGE = Text(
    "sổ Excel quá lớn (giải nén hơn {limit} MB hoặc hàng trăm nghìn ô): chép riêng bảng tự đánh giá sang sổ mới",
    "the workbook is too large (over {limit} MB unpacked, or hundreds of thousands of cells): copy the self-assessment "
    "table alone into a new one",
)
ENCODING = Text(
    "trang tính dùng bảng mã '{name}': mở bằng Excel hay LibreOffice, lưu lại dạng .xlsx",
    "the sheet is written in the encoding '{name}': open it in Excel or LibreOffice and save it again as .xlsx",
)
SHEET_PROTECTED = Text(
    "trang '{tab}' đang được bảo vệ: trong Excel, Xem lại > Bỏ bảo vệ trang tính, rồi lưu lại dạng .xlsx",
    "the sheet '{tab}' is protected: in Excel Review > Unprotect Sheet, then save it again as .xlsx",
)
BOOK_PROTECTED = Text(
    "sổ Excel đang được bảo vệ: trong Excel, Xem lại > Bảo vệ sổ làm việc (bấm để bỏ), rồi lưu lại dạng .xlsx",
    "the workbook is protected: in Excel Review > Protect Workbook (click to lift it), then save it again as .xlsx",
)
NO_TABLE = Text(
    "không thấy bảng tự đánh giá: cần một hàng tiêu đề có cột 'Chỉ số' (hay 'Tiêu chí') và cột 'Điểm tối đa'",
    "no self-assessment table found: a heading row needs a column 'Chỉ số' (or 'Tiêu chí') and one 'Điểm tối đa'",
)
NO_TABLE_IN_TAB = Text(
    "trang '{tab}' không có bảng tự đánh giá: cần một hàng tiêu đề có cột 'Chỉ số' (hay 'Tiêu chí') và cột "
    "'Điểm tối đa'",
    "the sheet '{tab}' has no self-assessment table: a heading row needs a column 'Chỉ số' (or 'Tiêu chí') and one "
    "'Điểm tối đa'",
)
NO_TAB = Text(
    "không có trang '{tab}'; sổ này có: {tabs}",
    "there is no sheet '{tab}'; this workbook has: {tabs}",
)
HIDDEN_TAB = Text(
    "trang '{tab}' đang ẩn: bấm chuột phải vào tên trang, chọn Bỏ ẩn, rồi lưu lại",
    "the sheet '{tab}' is hidden: right-click the sheet names, Unhide, then save it again",
)
SEVERAL_TABS = Text(
    "có {count} trang mang bảng tự đánh giá; hãy thêm --tab với một trong: {tabs}",
    "{count} sheets hold a self-assessment table; add --tab with one of: {tabs}",
)
UNUSED_COLUMNS = Text(
    "các cột không dùng đến, để nguyên: {cells}",
    "columns that are not used and stay as they are: {cells}",
)
NO_ROWS = Text(
    "trang '{tab}', hàng {row}: dưới hàng tiêu đề không có chỉ số nào có điểm tối đa",
    "sheet '{tab}', row {row}: below the headings there is no criterion with a maximum",
)
TOO_MANY_ROWS = Text(
    "trang '{tab}' có hơn {limit} hàng: chép riêng bảng tự đánh giá sang sổ mới",
    "the sheet '{tab}' has more than {limit} rows: copy the self-assessment table alone into a new workbook",
)

# remarks
CHOSEN_TAB = Text(
    "lấy trang '{tab}' trong {count} trang; trang khác: --tab TÊN",
    "the sheet '{tab}' of {count} is taken; another one: --tab NAME",
)
SECOND_COLUMN = Text(
    "hai cột mang nghĩa '{heading}': dùng cột {used} ({used_heading}), không dùng cột {other} ({other_heading})",
    "two columns mean '{heading}': {used} ({used_heading}) is used, {other} ({other_heading}) is not",
)
NO_COLUMN = Text(
    "không có cột '{heading}': phần này sẽ không được ghi vào biểu",
    "there is no column '{heading}': that part will not be written into the form",
)
MAXIMUM_UNREAD = Text(
    "ô {cell}: '{value}' không phải là số điểm",
    "cell {cell}: '{value}' is no number of points",
)
NUMBER_IS_DATE = Text(
    "ô {cell}: số thứ tự đã bị đổi thành ngày {value}, đọc là {number}; định dạng ô là Văn bản (Text) rồi gõ lại",
    "cell {cell}: the number of the row was turned into the date {value}, read as {number}; format the cell as text "
    "and type it again",
)
NUMBER_TWICE = Text(
    "ô {cell}: số thứ tự '{value}' đã có ở ô {first}",
    "cell {cell}: the number '{value}' already stands in cell {first}",
)
NUMBER_TEN = Text(
    "ô {cell}: đọc là {value}, vì Excel đã bỏ số 0 ở cuối",
    "cell {cell}: read as {value}, since Excel dropped the 0 at its end",
)
HIDDEN_ROWS = Text(
    "{count} hàng ẩn vẫn được đọc: {rows}",
    "{count} hidden rows are read all the same: {rows}",
)
GROUP_MISMATCH = Text(
    "ô {cell}: nhóm '{title}' có điểm tối đa {maximum}, cộng các chỉ số bên trong ({cells}) được {sum}",
    "cell {cell}: the group '{title}' has a maximum of {maximum}, its criteria ({cells}) add up to {sum}",
)
SUM_MISMATCH = Text(
    "ô {cell}: hàng '{title}' ghi {maximum}, cộng các nhóm được {sum}",
    "cell {cell}: the row '{title}' says {maximum}, the groups add up to {sum}",
)
SHARED_CELL = Text(
    "ô {cell} chung cho các hàng {rows}: sẽ không điền điểm vào ô này",
    "cell {cell} belongs to the rows {rows} alike: no points will be written into it",
)
UNUSUAL_SCALE = Text(
    "tổng điểm tối đa là {sum}, không phải 100 hay 1.000: hãy xem lại cột {column}",
    "the maxima add up to {sum}, neither 100 nor 1,000: look at column {column} again",
)
