"""Messages about the inventory as a whole: what its entries say of one another."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

WHOLE_MESSAGES: Mapping[str, FindingMessage] = {
    "duplicate_id": FindingMessage(
        Text("{kind} '{value}' có hai lần, lần đầu ở {first}", "{kind} '{value}' stands twice, first at {first}"),
        Text("mỗi mục một mã riêng", "give each its own id"),
    ),
    "unknown_reference": FindingMessage(
        Text("không có {kind} '{value}'", "unknown {kind} '{value}'"), Text("một trong: {choices}", "one of: {choices}")
    ),
    "unknown_reference_close": FindingMessage(
        Text("không có {kind} '{value}'", "unknown {kind} '{value}'"),
        Text("có phải '{close}'?", "did you mean '{close}'?"),
    ),
    "unknown_reference_none": FindingMessage(
        Text("không có {kind} '{value}'", "unknown {kind} '{value}'"),
        Text("chưa có mục nào được khai báo", "none is defined yet"),
    ),
    "unknown_parent": FindingMessage(
        Text("không có mục cha '{value}' của {target}", "unknown parent '{value}' of {target}"),
        Text("mã kiểm tra cùng điểm hoặc mã mục tiêu đầy đủ", "a check id of the same site or a full target id"),
    ),
    "parent_cycle": FindingMessage(
        Text("các mục cha đi vòng tròn: {circle}", "parents go in a circle: {circle}"),
        Text("bỏ bớt một mục", "remove one of them"),
    ),
    "unit_cycle": FindingMessage(
        Text("các đơn vị đi vòng tròn: {circle}", "units go in a circle: {circle}"),
        Text("đơn vị không được nằm dưới chính nó", "a unit must not lie below itself"),
    ),
    "few_anchors": FindingMessage(
        Text("đường đi chỉ có {count} mốc", "a path with {count} anchor"),
        Text("ít nhất hai mốc khác nhau", "at least two different anchors"),
    ),
    "timeout_interval": FindingMessage(
        Text(
            "{target}: thời gian chờ ({timeout} s) dài hơn chu kỳ ({interval} s)",
            "{target}: the timeout ({timeout} s) is longer than the interval ({interval} s)",
        ),
        Text("thời gian chờ ngắn hơn", "a shorter timeout"),
    ),
    "unknown_column": FindingMessage(
        Text("không điểm nào có cột '{value}'", "no site has a column '{value}'"),
        Text("thêm cột vào điểm hoặc sửa tên", "add it to a site or correct the name"),
    ),
    "unknown_column_close": FindingMessage(
        Text("không điểm nào có cột '{value}'", "no site has a column '{value}'"),
        Text("có phải '{close}'?", "did you mean '{close}'?"),
    ),
    "nothing_to_probe": FindingMessage(
        Text("không có gì để kiểm tra", "nothing to probe"),
        Text("cần một điểm có mẫu, hoặc một mục tiêu", "a site with a profile, or a target"),
    ),
    "not_included": FindingMessage(
        Text("không mẫu include nào gồm {file}", "no include pattern takes in {file}"),
        Text("include: [sites.d/*.yml]", "include: [sites.d/*.yml]"),
    ),
}
