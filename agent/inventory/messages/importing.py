"""Messages about a sheet that is to be imported, and about addresses that are used twice."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

IMPORT_MESSAGES: Mapping[str, FindingMessage] = {
    "no_unit": FindingMessage(
        Text(
            "tên '{value}' không cho biết thuộc đơn vị nào", "the name '{value}' does not say which unit it belongs to"
        ),
        Text("hãy ghi vào cột 'Đơn vị'; một trong: {choices}", "write it in a column 'unit'; one of: {choices}"),
    ),
    "no_profile": FindingMessage(
        Text(
            "'{value}' chưa có mẫu nên sẽ không được kiểm tra",
            "'{value}' has no profile, so that nothing would be checked there",
        ),
        Text("hãy ghi vào cột 'Mẫu'; một trong: {choices}", "write it in a column 'profile'; one of: {choices}"),
    ),
    "row_of_main": FindingMessage(
        Text(
            "'{value}' đã ghi ở {first}, nơi lệnh import không sửa: {key} ở đó là '{before}'",
            "'{value}' stands in {first}, where an import never writes: {key} is there '{before}'",
        ),
        Text("hãy sửa ở đó", "change it there"),
    ),
    "address_shared": FindingMessage(
        Text("{address} là địa chỉ của {count} điểm: {which}", "{address} is the address of {count} sites: {which}"),
        Text(
            "hãy sửa chỗ sai; nếu đúng là dùng chung thì để nguyên",
            "correct the wrong one; if they do share it, leave it",
        ),
    ),
    "address_twice": FindingMessage(
        Text(
            "{address} được kiểm tra hai lần như nhau ở cùng một điểm: {which}",
            "{address} is checked twice in the same way at one site: {which}",
        ),
        Text(
            "hãy sửa chỗ sai, hoặc để trống một trong các ô", "correct the wrong one, or leave one of the cells empty"
        ),
    ),
    "import_yaml": FindingMessage(
        Text(
            "tệp YAML không phải bảng tính: phần mềm đọc thẳng tệp này",
            "a YAML file is no sheet: the agent reads it as it is",
        ),
        Text(
            ("đặt vào thư mục mà include đọc (sites.d/) rồi chạy: sansang validate; với blackbox.yml: thêm --blackbox"),
            "put it where include finds it (sites.d/), then: sansang validate; a blackbox.yml: --blackbox",
        ),
    ),
    "import_kind": FindingMessage(
        Text("không phải bảng tính đọc được", "no sheet that can be read"),
        Text(
            "hãy lưu lại dạng .xlsx hoặc .csv từ Excel hay LibreOffice",
            "save it as .xlsx or .csv in Excel or LibreOffice",
        ),
    ),
    "no_such_list": FindingMessage(
        Text("không phải danh sách nào của cấu hình", "no list of the configuration"),
        Text("một trong: {choices}", "one of: {choices}"),
    ),
    "no_list_yet": FindingMessage(
        Text("chưa có danh sách nào để thay", "there is no list to replace yet"),
        Text("hãy bỏ --replaces", "leave --replaces out"),
    ),
}
