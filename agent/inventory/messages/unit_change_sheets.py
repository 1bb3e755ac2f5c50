"""Messages about a sheet of changes of units, and about what such a change cannot do."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

UNIT_CHANGE_SHEET_MESSAGES: Mapping[str, FindingMessage] = {
    "units_yaml": FindingMessage(
        Text(
            "tệp YAML không phải bảng thay đổi: phần mềm đọc thẳng tệp này",
            "a YAML file is no sheet of changes: the agent reads it as it is",
        ),
        Text("một tệp .csv hoặc .xlsx", "a .csv or .xlsx file"),
    ),
    "no_change_header": FindingMessage(
        Text("không thấy dòng tiêu đề của bảng thay đổi đơn vị", "no header of a sheet of changes found"),
        Text(
            "các cột: Loại thay đổi, Ngày hiệu lực, Văn bản, Đơn vị, Nhập vào (docs/vi/units.md)",
            "the columns: kind, date, document, unit, into (docs/units.md)",
        ),
    ),
    "change_cell_missing": FindingMessage(
        Text("ô '{key}' để trống", "the cell '{key}' is empty"),
        Text("mỗi dòng cần loại thay đổi, ngày, văn bản và đơn vị", "every row needs kind, date, document and unit"),
    ),
    "change_kind": FindingMessage(
        Text("'{value}' không phải loại thay đổi", "'{value}' is no kind of change"),
        Text("một trong: {choices}", "one of: {choices}"),
    ),
    "change_yes_no": FindingMessage(
        Text("'{value}' không phải có hoặc không", "'{value}' is neither yes nor no"),
        Text("có, hoặc để trống", "yes, or an empty cell"),
    ),
    "unit_not_founded": FindingMessage(
        Text("chưa có đơn vị '{value}'", "there is no unit '{value}' yet"),
        Text(
            "tên hoặc mã của một đơn vị; nếu mới thành lập: ghi có ở cột 'Thành lập mới'",
            "the name or id of a unit; if it is a new one: yes in the column 'founds'",
        ),
    ),
    "unit_not_founded_close": FindingMessage(
        Text("chưa có đơn vị '{value}'", "there is no unit '{value}' yet"),
        Text(
            "có phải '{close}'? Nếu mới thành lập: ghi có ở cột 'Thành lập mới'",
            "did you mean '{close}'? If it is a new one: yes in the column 'founds'",
        ),
    ),
    "unit_founded_otherwise": FindingMessage(
        Text(
            "đơn vị '{value}' đã có trong cấu hình với '{key}' là '{before}'",
            "the unit '{value}' is in the configuration already, with '{key}' as '{before}'",
        ),
        Text("cùng một giá trị ở hai nơi", "the same in both places"),
    ),
    "unit_change_known": FindingMessage(
        Text(
            "thay đổi này đã ghi ở {first}, ở đó là '{before}'",
            "this change is recorded at {first}, as '{before}' there",
        ),
        Text("sửa một trong hai nơi", "correct one of the two"),
    ),
    "unit_old_otherwise": FindingMessage(
        Text(
            "đơn vị '{value}' nay là '{before}' trong cấu hình", "the unit '{value}' is '{before}' in the configuration"
        ),
        Text("sửa ô này, hoặc để trống", "correct the cell, or leave it empty"),
    ),
    "unit_below_itself": FindingMessage(
        Text(
            "đơn vị '{value}' sẽ nằm dưới chính nó: '{parent}' thuộc nó",
            "the unit '{value}' would lie below itself: '{parent}' belongs to it",
        ),
        Text("một đơn vị không thuộc nó", "a unit that does not belong to it"),
    ),
    "unit_end_leaves": FindingMessage(
        Text(
            "đơn vị '{value}' còn {count} điểm ({sites}) mà không nói chuyển về đâu",
            "the unit '{value}' still has sites ({count}: {sites}), and nothing says where they go",
        ),
        Text("ghi đơn vị tiếp nhận ở cột 'Nhập vào'", "name the unit that takes them in the column 'into'"),
    ),
    "site_elsewhere": FindingMessage(
        Text(
            "điểm '{site}' thuộc đơn vị '{value}', không phải '{unit}'",
            "the site '{site}' belongs to '{value}', not to '{unit}'",
        ),
        Text("một điểm của '{unit}'", "a site of '{unit}'"),
    ),
    "unit_elsewhere": FindingMessage(
        Text(
            "đơn vị '{site}' thuộc '{value}', không phải '{unit}'",
            "the unit '{site}' lies below '{value}', not '{unit}'",
        ),
        Text("một đơn vị trực thuộc '{unit}'", "a unit directly below '{unit}'"),
    ),
    "yaml_not_editable": FindingMessage(
        Text(
            "không sửa được riêng giá trị ở đây: cần '{value}'",
            "this value alone cannot be edited: '{value}' is needed",
        ),
        Text("hãy sửa bằng tay rồi chạy lại", "edit it by hand, then run this again"),
    ),
}
