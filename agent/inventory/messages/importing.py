"""What may be wrong with a sheet that is to be imported, and with addresses that stand twice; as in messages.py."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.blackbox import Sentence

IMPORT_MESSAGES: Mapping[str, tuple[Sentence, Sentence]] = {
    "no_unit": (
        ("the name '{value}' does not say which unit it belongs to", "write it in a column 'unit'; one of: {choices}"),
        ("tên '{value}' không cho biết thuộc đơn vị nào", "hãy ghi vào cột 'Đơn vị'; một trong: {choices}"),
    ),
    "no_profile": (
        (
            "'{value}' has no profile, so that nothing would be checked there",
            "write it in a column 'profile'; one of: {choices}",
        ),
        ("'{value}' chưa có mẫu nên sẽ không được kiểm tra", "hãy ghi vào cột 'Mẫu'; một trong: {choices}"),
    ),
    "row_of_main": (
        ("'{value}' stands in {first}, where an import never writes: {key} is there '{before}'", "change it there"),
        ("'{value}' đã ghi ở {first}, nơi lệnh import không sửa: {key} ở đó là '{before}'", "hãy sửa ở đó"),
    ),
    "address_shared": (
        ("{address} is the address of {count} sites: {which}", "correct the wrong one; if they do share it, leave it"),
        ("{address} là địa chỉ của {count} điểm: {which}", "hãy sửa chỗ sai; nếu đúng là dùng chung thì để nguyên"),
    ),
    "address_twice": (
        (
            "{address} is checked twice in the same way at one site: {which}",
            "correct the wrong one, or leave one of the cells empty",
        ),
        (
            "{address} được kiểm tra hai lần như nhau ở cùng một điểm: {which}",
            "hãy sửa chỗ sai, hoặc để trống một trong các ô",
        ),
    ),
    "import_yaml": (
        (
            "a YAML file is no sheet: the agent reads it as it is",
            "put it where include finds it (sites.d/), then: sansang validate; a blackbox.yml: --blackbox",
        ),
        (
            "tệp YAML không phải bảng tính: phần mềm đọc thẳng tệp này",
            "đặt vào thư mục mà include đọc (sites.d/) rồi chạy: sansang validate; với blackbox.yml: thêm --blackbox",
        ),
    ),
    "import_kind": (
        ("no sheet that can be read", "save it as .xlsx or .csv in Excel or LibreOffice"),
        ("không phải bảng tính đọc được", "hãy lưu lại dạng .xlsx hoặc .csv từ Excel hay LibreOffice"),
    ),
    "no_such_list": (
        ("no list of the configuration", "one of: {choices}"),
        ("không phải danh sách nào của cấu hình", "một trong: {choices}"),
    ),
    "no_list_yet": (
        ("there is no list to replace yet", "leave --replaces out"),
        ("chưa có danh sách nào để thay", "hãy bỏ --replaces"),
    ),
}
