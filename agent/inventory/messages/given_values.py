"""Messages about values that people give for criteria."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

GIVEN_MESSAGES: Mapping[str, FindingMessage] = {
    "given_no_header": FindingMessage(
        Text("không thấy dòng tiêu đề", "no header row found"),
        Text(
            "các cột Mã đơn vị, Mã tiêu chí, Giá trị (a) ... như `sansang score values` ghi ra",
            "columns Unit id, Criterion code, Value (a) ... as `sansang score values` writes them",
        ),
    ),
    "given_unit_missing": FindingMessage(
        Text("có giá trị mà không có mã đơn vị", "a value without the id of its unit"),
        Text("mã như trong cấu hình, ví dụ xa-a", "an id of the configuration, such as xa-a"),
    ),
    "given_unit": FindingMessage(
        Text("không có đơn vị '{value}' trong kỳ", "no unit '{value}' in the period"),
        Text("một trong: {choices}", "one of: {choices}"),
    ),
    "given_unit_close": FindingMessage(
        Text("không có đơn vị '{value}' trong kỳ", "no unit '{value}' in the period"),
        Text("có phải '{close}'?", "did you mean '{close}'?"),
    ),
    "given_criterion": FindingMessage(
        Text("biểu không có tiêu chí '{value}'", "the sheet has no criterion '{value}'"),
        Text(
            "một trong: {choices} (định dạng cột là Văn bản để 1.10 không thành 1.1)",
            "one of: {choices} (format the column as text, or 1.10 becomes 1.1)",
        ),
    ),
    "given_criterion_close": FindingMessage(
        Text("biểu không có tiêu chí '{value}'", "the sheet has no criterion '{value}'"),
        Text("có phải '{close}'?", "did you mean '{close}'?"),
    ),
    "given_not_asked": FindingMessage(
        Text(
            "tiêu chí {criterion}, phần {part} không nhập tay: biểu lấy từ số đo hoặc không có phần này",
            "criterion {criterion}, part {part} is not filled in by hand: it is measured, or there is no such part",
        ),
        Text("bỏ dòng này, hoặc sửa biểu chấm điểm", "leave the row out, or change the score sheet"),
    ),
    "given_twice": FindingMessage(
        Text("tiêu chí {criterion} của {unit} có hai lần", "criterion {criterion} of {unit} stands twice"),
        Text("chỉ giữ một (dòng đầu: {first})", "keep one (the first is in row {first})"),
    ),
    "given_lacks": FindingMessage(
        Text("tiêu chí {criterion} thiếu '{column}'", "criterion {criterion} lacks '{column}'"),
        Text("hãy điền, hoặc để trống cả dòng", "fill it in, or leave the whole row empty"),
    ),
    "given_number": FindingMessage(
        Text("'{value}' không phải số", "'{value}' is no number"),
        Text("ví dụ 12, 12,5 hoặc 98,65%, không âm", "such as 12, 12.5 or 98.65%, not negative"),
    ),
    "given_grouped": FindingMessage(
        Text("'{value}' có thể hiểu hai cách", "'{value}' may be read in two ways"),
        Text("{together} hoặc {apart}0", "{together}, or {apart}0"),
    ),
    "given_percent": FindingMessage(
        Text("'{value}' là phần trăm mà ở đây cần một số", "'{value}' is a percent, where a number is asked for"),
        Text("một số, ví dụ 12", "a number, such as 12"),
    ),
    "given_percent_of": FindingMessage(
        Text("vừa có phần trăm vừa có tổng số", "a percent, and a total besides"),
        Text("chỉ ghi phần trăm, hoặc ghi a và b là hai số", "the percent alone, or a and b as two numbers"),
    ),
    "given_no_total": FindingMessage(
        Text("tiêu chí này chỉ có một số, không có tổng số", "this criterion is one number and has no total"),
        Text("để trống cột này", "leave this cell empty"),
    ),
    "given_of_nothing": FindingMessage(
        Text("tổng số bằng 0", "the total is 0"), Text("tổng số lớn hơn 0", "a total above 0")
    ),
    "given_points": FindingMessage(
        Text("{value} điểm là hơn điểm tối đa", "{value} points are more than the maximum"),
        Text("nhiều nhất {most}", "at most {most}"),
    ),
    "given_choice": FindingMessage(
        Text("'{value}' không có trong các lựa chọn", "'{value}' is none of the choices"),
        Text("một trong: {choices}", "one of: {choices}"),
    ),
    "given_date": FindingMessage(
        Text("'{value}' không phải ngày", "'{value}' is no date"),
        Text("ví dụ 31/12/2026", "such as 31/12/2026"),
    ),
}
