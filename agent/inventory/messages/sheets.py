"""Messages about sheets: faults, and notes of what was left out or inferred."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

SHEET_MESSAGES: Mapping[str, FindingMessage] = {
    "no_header": FindingMessage(
        Text("không thấy dòng tiêu đề", "no header row found"),
        Text("các cột như mã, tên, đơn vị (id, name, unit)", "columns such as id, name, unit (mã, tên, đơn vị)"),
    ),
    "unknown_header": FindingMessage(
        Text("không có cột '{key}'", "unknown column '{key}'"),
        Text(
            "cột trong docs/inventory.md hay trong mẫu, hoặc # trước cột ghi chú",
            "a column of docs/inventory.md or of a profile, or # before a remark",
        ),
    ),
    "unknown_header_close": FindingMessage(
        Text("không có cột '{key}'", "unknown column '{key}'"),
        Text(
            "có phải '{close}'? (# trước tiêu đề là cột ghi chú)",
            "did you mean '{close}'? (# before the header makes it a remark)",
        ),
    ),
    "missing_column": FindingMessage(
        Text("thiếu cột '{key}'", "column '{key}' is missing"),
        Text("hãy thêm; docs/vi/inventory.md liệt kê các tên cột", "add it; docs/inventory.md lists its names"),
    ),
    "duplicate_header": FindingMessage(
        Text("cột '{key}' có hai lần (cũng là '{first}')", "column '{key}' stands twice (also '{first}')"),
        Text("chỉ giữ một: thêm # trước tiêu đề cột kia", "keep one of them: # before the other header"),
    ),
    "too_many_rows": FindingMessage(
        Text("hơn {limit} dòng", "more than {limit} rows"), Text("hãy tách tệp", "split the file")
    ),
    "too_many_columns": FindingMessage(
        Text("hơn {limit} cột", "more than {limit} columns"), Text("bớt cột", "fewer columns")
    ),
    "cell_long": FindingMessage(
        Text("ô dài {length} ký tự", "a cell of {length} characters"), Text("nhiều nhất {limit}", "at most {limit}")
    ),
    "cell_error": FindingMessage(
        Text("ô báo lỗi {value}", "the cell shows the error {value}"),
        Text("sửa lại trong Excel", "correct it in Excel"),
    ),
    "cell_formula": FindingMessage(
        Text("công thức chưa lưu kết quả", "a formula whose result was not saved"),
        Text(
            "mở tệp bằng Excel hoặc LibreOffice rồi lưu lại, hoặc ghi thẳng giá trị",
            "open the file in Excel or LibreOffice and save it, or write the value",
        ),
    ),
    "cell_date": FindingMessage(
        Text("ô chứa ngày {value}", "the cell holds the date {value}"),
        Text("định dạng cột là Văn bản (Text) rồi gõ lại", "format the column as text, then type it again"),
    ),
    "cell_time": FindingMessage(
        Text("ô chứa giờ {value}", "the cell holds the time {value}"),
        Text("ghi thời lượng bằng chữ: 30s, 5m, 1h", "write a duration as text: 30s, 5m, 1h"),
    ),
    "cell_boolean": FindingMessage(
        Text("ô chứa giá trị đúng/sai {value}", "the cell holds the truth value {value}"),
        Text("ghi rõ bằng chữ", "write what is meant as text"),
    ),
    "cell_number": FindingMessage(
        Text("ô chứa số {value}, không phải địa chỉ", "the cell holds the number {value}, no address"),
        Text(
            "định dạng cột là Văn bản (Text) rồi gõ lại địa chỉ",
            "format the column as text, then type the address again",
        ),
    ),
    "cell_number_address": FindingMessage(
        Text("ô chứa số {value}, không phải địa chỉ", "the cell holds the number {value}, no address"),
        Text(
            "định dạng cột là Văn bản (Text) rồi gõ {address} nếu đúng là vậy",
            "format the column as text, then type {address} if that is it",
        ),
    ),
    "cell_address_and_more": FindingMessage(
        Text("ngoài địa chỉ, ô còn có chữ khác", "the cell holds more than an address"),
        Text("chỉ ghi {address} nếu đúng là vậy", "write {address} alone if that is it"),
    ),
    "cell_addresses": FindingMessage(
        Text("ô chứa {count} địa chỉ", "the cell holds {count} addresses"),
        Text(
            "chỉ ghi một; thiết bị khác ghi ở cột khác, nơi khác ghi ở dòng khác",
            "write one; another device has its own column, another place its own row",
        ),
    ),
    "cell_shortened": FindingMessage(
        Text("{value} là số đã bị rút gọn", "{value} is a number that was cut short"),
        Text("định dạng cột là Văn bản (Text) rồi gõ lại", "format the column as text, then type it again"),
    ),
    "cell_mark": FindingMessage(
        Text("'{value}' chỉ là dấu, không phải địa chỉ", "'{value}' is a mark, no address"),
        Text("ghi địa chỉ, hoặc để trống ô", "write the address, or leave the cell empty"),
    ),
    "cell_words": FindingMessage(
        Text("'{value}' không phải địa chỉ", "'{value}' is no address"),
        Text("ghi địa chỉ, hoặc để trống ô", "write the address, or leave the cell empty"),
    ),
    "row_nameless": FindingMessage(
        Text(
            "dòng không có tên nhưng có giá trị của một điểm", "the row has no name, yet a value that belongs to a site"
        ),
        Text("ghi tên, hoặc xóa dòng", "write the name, or delete the row"),
    ),
    "unused_addresses": FindingMessage(
        Text("cột '{key}' không dùng nhưng có địa chỉ", "the column '{key}' is not used, yet it holds addresses"),
        Text(
            (
                "đặt tên cột là cổng mạng, bộ chuyển mạch, điểm cầu (docs/vi/inventory.md), cột của mẫu; hoặc "
                "thêm # ở đầu"
            ),
            (
                "name it as what it is: gateway, switch, room (docs/inventory.md) or a column of a profile; or "
                "# before it"
            ),
        ),
    ),
    "ambiguous_reference": FindingMessage(
        Text("'{value}' có thể là nhiều đơn vị", "'{value}' may be several units"),
        Text("một trong: {choices}", "one of: {choices}"),
    ),
    # notes: what was left out, or supplied
    "row_left_out": FindingMessage(Text("bỏ qua dòng: {text}", "row left out: {text}")),
    "sheet_left_out": FindingMessage(
        Text("bỏ qua trang này, không có dòng tiêu đề", "sheet left out, it has no header row")
    ),
    "sheet_hidden": FindingMessage(Text("bỏ qua trang ẩn", "hidden sheet left out")),
    "column_left_out": FindingMessage(Text("không dùng cột: {key}", "column not used: {key}")),
    "level_supplied": FindingMessage(
        Text("không có cột 'Cấp': lấy theo chữ đầu của tên", "no column 'level': what the names begin with")
    ),
    "cell_empty_mark": FindingMessage(Text("coi như ô trống", "counts as empty")),
    "cell_prefix": FindingMessage(
        Text("đọc là {value}, không kèm độ dài mạng", "read as {value}, without the length of the network")
    ),
    "code_zero": FindingMessage(Text("đọc là {value}: ô đã mất số 0 ở đầu", "read as {value}: the leading 0 was lost")),
    "cell_extra": FindingMessage(
        Text("nhiều ô hơn số cột tiêu đề", "more cells than the header has columns"),
        Text("đặt chữ chứa dấu phân cách trong dấu nháy", "quotes around text with the separator in it"),
    ),
    "csv_syntax": FindingMessage(
        Text("không phải CSV: {detail}", "not CSV: {detail}"), Text("kiểm tra dấu nháy", "check the quotes")
    ),
    "xlsx_crowded": FindingMessage(
        Text("sổ Excel chứa hàng triệu ô hoặc đoạn chữ", "the workbook holds millions of cells or texts"),
        Text("chép riêng các dòng sang sổ mới", "copy the rows alone into a new workbook"),
    ),
    "xlsx_broken": FindingMessage(
        Text("không phải sổ Excel", "not an Excel workbook"), Text("lưu lại dạng .xlsx", "save it again as .xlsx")
    ),
    "xlsx_password": FindingMessage(
        Text("sổ Excel có mật khẩu", "the workbook has a password"),
        Text(
            "bỏ mật khẩu: trong Excel, Tệp > Thông tin > Bảo vệ sổ làm việc > Mã hóa bằng mật khẩu",
            "remove it: in Excel File > Info > Protect Workbook > Encrypt with Password",
        ),
    ),
    "xls_old": FindingMessage(
        Text("sổ Excel kiểu cũ (.xls)", "an old Excel workbook (.xls)"),
        Text("lưu lại dạng .xlsx (Sổ làm việc Excel)", "save it as .xlsx (Excel Workbook)"),
    ),
    "ods": FindingMessage(
        Text("bảng tính OpenDocument (.ods)", "an OpenDocument sheet (.ods)"),
        Text("lưu lại dạng .xlsx (Excel 2007-365)", "save it as .xlsx (Excel 2007-365)"),
    ),
    "xlsx_markup": FindingMessage(
        Text("trang web mang tên sổ Excel", "a web page under the name of a workbook"),
        Text("mở bằng Excel rồi lưu lại dạng .xlsx", "open it in Excel and save it as .xlsx"),
    ),
    "no_id": FindingMessage(
        Text("không có mã và không tạo được từ tên", "no id, and none can be made from the name"),
        Text("hãy ghi mã", "write an id"),
    ),
}
