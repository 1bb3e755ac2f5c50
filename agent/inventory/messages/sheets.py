"""What is said of sheets, in English and Vietnamese: faults, and notes of what was left out or supplied."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.blackbox import Sentence

SHEET_MESSAGES: Mapping[str, tuple[Sentence, Sentence]] = {
    "no_header": (
        ("no header row found", "columns such as id, name, unit (mã, tên, đơn vị)"),
        ("không thấy dòng tiêu đề", "các cột như mã, tên, đơn vị (id, name, unit)"),
    ),
    "unknown_header": (
        ("unknown column '{key}'", "a column of docs/inventory.md or of a profile, or # before a remark"),
        ("không có cột '{key}'", "cột trong docs/inventory.md hay trong mẫu, hoặc # trước cột ghi chú"),
    ),
    "unknown_header_close": (
        ("unknown column '{key}'", "did you mean '{close}'? (# before the header makes it a remark)"),
        ("không có cột '{key}'", "có phải '{close}'? (# trước tiêu đề là cột ghi chú)"),
    ),
    "missing_column": (
        ("column '{key}' is missing", "add it; docs/inventory.md lists its names"),
        ("thiếu cột '{key}'", "hãy thêm; docs/vi/inventory.md liệt kê các tên cột"),
    ),
    "duplicate_header": (
        ("column '{key}' stands twice (also '{first}')", "keep one of them: # before the other header"),
        ("cột '{key}' có hai lần (cũng là '{first}')", "chỉ giữ một: thêm # trước tiêu đề cột kia"),
    ),
    "too_many_rows": (("more than {limit} rows", "split the file"), ("hơn {limit} dòng", "hãy tách tệp")),
    "too_many_columns": (("more than {limit} columns", "fewer columns"), ("hơn {limit} cột", "bớt cột")),
    "cell_long": (("a cell of {length} characters", "at most {limit}"), ("ô dài {length} ký tự", "nhiều nhất {limit}")),
    "cell_error": (
        ("the cell shows the error {value}", "correct it in Excel"),
        ("ô báo lỗi {value}", "sửa lại trong Excel"),
    ),
    "cell_formula": (
        (
            "a formula whose result was not saved",
            "open the file in Excel or LibreOffice and save it, or write the value",
        ),
        ("công thức chưa lưu kết quả", "mở tệp bằng Excel hoặc LibreOffice rồi lưu lại, hoặc ghi thẳng giá trị"),
    ),
    "cell_date": (
        ("the cell holds the date {value}", "format the column as text, then type it again"),
        ("ô chứa ngày {value}", "định dạng cột là Văn bản (Text) rồi gõ lại"),
    ),
    "cell_time": (
        ("the cell holds the time {value}", "write a duration as text: 30s, 5m, 1h"),
        ("ô chứa giờ {value}", "ghi thời lượng bằng chữ: 30s, 5m, 1h"),
    ),
    "cell_boolean": (
        ("the cell holds the truth value {value}", "write what is meant as text"),
        ("ô chứa giá trị đúng/sai {value}", "ghi rõ bằng chữ"),
    ),
    "cell_number": (
        ("the cell holds the number {value}, no address", "format the column as text, then type the address again"),
        ("ô chứa số {value}, không phải địa chỉ", "định dạng cột là Văn bản (Text) rồi gõ lại địa chỉ"),
    ),
    "cell_number_address": (
        (
            "the cell holds the number {value}, no address",
            "format the column as text, then type {address} if that is it",
        ),
        ("ô chứa số {value}, không phải địa chỉ", "định dạng cột là Văn bản (Text) rồi gõ {address} nếu đúng là vậy"),
    ),
    "cell_address_and_more": (
        ("the cell holds more than an address", "write {address} alone if that is it"),
        ("ngoài địa chỉ, ô còn có chữ khác", "chỉ ghi {address} nếu đúng là vậy"),
    ),
    "cell_addresses": (
        ("the cell holds {count} addresses", "write one; another device has its own column, another place its own row"),
        ("ô chứa {count} địa chỉ", "chỉ ghi một; thiết bị khác ghi ở cột khác, nơi khác ghi ở dòng khác"),
    ),
    "cell_shortened": (
        ("{value} is a number that was cut short", "format the column as text, then type it again"),
        ("{value} là số đã bị rút gọn", "định dạng cột là Văn bản (Text) rồi gõ lại"),
    ),
    "cell_mark": (
        ("'{value}' is a mark, no address", "write the address, or leave the cell empty"),
        ("'{value}' chỉ là dấu, không phải địa chỉ", "ghi địa chỉ, hoặc để trống ô"),
    ),
    "cell_words": (
        ("'{value}' is no address", "write the address, or leave the cell empty"),
        ("'{value}' không phải địa chỉ", "ghi địa chỉ, hoặc để trống ô"),
    ),
    "row_nameless": (
        ("the row has no name, yet a value that belongs to a site", "write the name, or delete the row"),
        ("dòng không có tên nhưng có giá trị của một điểm", "ghi tên, hoặc xóa dòng"),
    ),
    "unused_addresses": (
        (
            "the column '{key}' is not used, yet it holds addresses",
            "name it as what it is: gateway, switch, room (docs/inventory.md) or a column of a profile; or # before it",
        ),
        (
            "cột '{key}' không dùng nhưng có địa chỉ",
            "đặt tên cột là cổng mạng, bộ chuyển mạch, điểm cầu (docs/vi/inventory.md), cột của mẫu; hoặc thêm # ở đầu",
        ),
    ),
    "ambiguous_reference": (
        ("'{value}' may be several units", "one of: {choices}"),
        ("'{value}' có thể là nhiều đơn vị", "một trong: {choices}"),
    ),
    # notes: what was left out, or supplied
    "row_left_out": (("row left out: {text}", ""), ("bỏ qua dòng: {text}", "")),
    "sheet_left_out": (("sheet left out, it has no header row", ""), ("bỏ qua trang này, không có dòng tiêu đề", "")),
    "sheet_hidden": (("hidden sheet left out", ""), ("bỏ qua trang ẩn", "")),
    "column_left_out": (("column not used: {key}", ""), ("không dùng cột: {key}", "")),
    "level_supplied": (
        ("no column 'level': what the names begin with", ""),
        ("không có cột 'Cấp': lấy theo chữ đầu của tên", ""),
    ),
    "cell_empty_mark": (("counts as empty", ""), ("coi như ô trống", "")),
    "cell_prefix": (
        ("read as {value}, without the length of the network", ""),
        ("đọc là {value}, không kèm độ dài mạng", ""),
    ),
    "code_zero": (("read as {value}: the leading 0 was lost", ""), ("đọc là {value}: ô đã mất số 0 ở đầu", "")),
    "cell_extra": (
        ("more cells than the header has columns", "quotes around text with the separator in it"),
        ("nhiều ô hơn số cột tiêu đề", "đặt chữ chứa dấu phân cách trong dấu nháy"),
    ),
    "csv_syntax": (("not CSV: {detail}", "check the quotes"), ("không phải CSV: {detail}", "kiểm tra dấu nháy")),
    "xlsx_crowded": (
        ("the workbook holds millions of cells or texts", "copy the rows alone into a new workbook"),
        ("sổ Excel chứa hàng triệu ô hoặc đoạn chữ", "chép riêng các dòng sang sổ mới"),
    ),
    "xlsx_broken": (("not an Excel workbook", "save it again as .xlsx"), ("không phải sổ Excel", "lưu lại dạng .xlsx")),
    "xlsx_password": (
        ("the workbook has a password", "remove it: in Excel File > Info > Protect Workbook > Encrypt with Password"),
        (
            "sổ Excel có mật khẩu",
            "bỏ mật khẩu: trong Excel, Tệp > Thông tin > Bảo vệ sổ làm việc > Mã hóa bằng mật khẩu",
        ),
    ),
    "xls_old": (
        ("an old Excel workbook (.xls)", "save it as .xlsx (Excel Workbook)"),
        ("sổ Excel kiểu cũ (.xls)", "lưu lại dạng .xlsx (Sổ làm việc Excel)"),
    ),
    "ods": (
        ("an OpenDocument sheet (.ods)", "save it as .xlsx (Excel 2007-365)"),
        ("bảng tính OpenDocument (.ods)", "lưu lại dạng .xlsx (Excel 2007-365)"),
    ),
    "xlsx_markup": (
        ("a web page under the name of a workbook", "open it in Excel and save it as .xlsx"),
        ("trang web mang tên sổ Excel", "mở bằng Excel rồi lưu lại dạng .xlsx"),
    ),
    "no_id": (
        ("no id, and none can be made from the name", "write an id"),
        ("không có mã và không tạo được từ tên", "hãy ghi mã"),
    ),
}
