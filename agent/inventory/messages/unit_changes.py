"""Messages about changes of units: in the inventory, and in a sheet of them."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

UNIT_CHANGE_MESSAGES: Mapping[str, FindingMessage] = {
    "unit_change_key": FindingMessage(
        Text("'{key}' không đi với loại thay đổi '{kind}'", "'{key}' does not go with a change of the kind '{kind}'"),
        Text("một trong: {choices}", "one of: {choices}"),
    ),
    "unit_change_lacks": FindingMessage(
        Text("thay đổi loại '{kind}' thiếu {keys}", "a change of the kind '{kind}' lacks {keys}"),
        Text("hãy ghi thêm", "add it"),
    ),
    "unit_change_self": FindingMessage(
        Text("đơn vị '{value}' nhập vào chính nó", "the unit '{value}' goes into itself"),
        Text("một đơn vị khác", "another unit"),
    ),
    "unit_ended_twice": FindingMessage(
        Text(
            "đơn vị '{value}' kết thúc hai lần, lần đầu ở {first}",
            "the unit '{value}' ends twice, first at {first}",
        ),
        Text("một đơn vị chỉ kết thúc một lần: bỏ một dòng", "a unit ends once: remove one of the two"),
    ),
    "unit_founded_twice": FindingMessage(
        Text(
            "đơn vị '{value}' được thành lập hai lần, lần đầu ở {first}",
            "the unit '{value}' is founded twice, first at {first}",
        ),
        Text("cùng một ngày ở mọi dòng", "the same date on every row"),
    ),
    "unit_change_after_end": FindingMessage(
        Text(
            "ngày {date} sau ngày {end} mà đơn vị '{value}' kết thúc ({first})",
            "{date} is after {end}, when the unit '{value}' ended ({first})",
        ),
        Text("sửa ngày, hoặc ghi đơn vị kế tục", "correct the date, or name its successor"),
    ),
    "unit_change_before_start": FindingMessage(
        Text(
            "ngày {date} trước ngày {start} mà đơn vị '{value}' được thành lập ({first})",
            "{date} is before {start}, when the unit '{value}' was founded ({first})",
        ),
        Text("sửa một trong hai ngày", "correct one of the two dates"),
    ),
    "unit_change_cycle": FindingMessage(
        Text("các đơn vị nhập vòng tròn: {circle}", "units merge in a circle: {circle}"),
        Text("bỏ bớt một dòng", "remove one of the rows"),
    ),
    "site_of_ended_unit": FindingMessage(
        Text(
            "điểm '{site}' còn thuộc đơn vị '{value}' đã kết thúc ({first})",
            "the site '{site}' still belongs to the unit '{value}', which ended ({first})",
        ),
        Text("{right}", "{right}"),
    ),
    "unit_below_ended": FindingMessage(
        Text(
            "đơn vị '{unit}' còn thuộc cấp trên '{value}' đã kết thúc ({first})",
            "the unit '{unit}' still lies below '{value}', which ended ({first})",
        ),
        Text("{right}", "{right}"),
    ),
}

SUCCESSOR = Text("đơn vị '{into}'", "the unit '{into}'")
NO_SUCCESSOR = Text("ghi đơn vị kế tục", "name the unit that it belongs to now")
