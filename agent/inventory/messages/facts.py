"""Messages about declared facts."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

FACT_MESSAGES: Mapping[str, FindingMessage] = {
    "fact_value": FindingMessage(
        Text("'{value}' không phải giá trị của dữ kiện", "'{value}' is no value of a fact"),
        Text(
            "có, không, tỷ lệ như 95,5 %, số đếm như 120, hoặc ngày như 31/12/2025",
            "yes, no, a share such as 95.5 %, a count such as 120, or a date such as 31/12/2025",
        ),
    ),
    "fact_none": FindingMessage(
        Text("'{value}' không phải có hay không (dữ kiện {id})", "'{value}' is neither yes nor no (fact {id})"),
        Text("true hoặc false; giá trị khác thì ghi unit", "true or false; any other value needs its unit"),
    ),
    "fact_ratio": FindingMessage(
        Text("'{value}' không phải tỷ lệ (dữ kiện {id})", "'{value}' is no share (fact {id})"),
        Text("0.955 hoặc 95,5%", "0.955 or 95.5%"),
    ),
    "fact_above_one": FindingMessage(
        Text("tỷ lệ '{value}' lớn hơn 1 (dữ kiện {id})", "the share '{value}' is above 1 (fact {id})"),
        Text("từ 0 đến 1, ghi phần trăm thì thêm %: 95,5%", "from 0 to 1; in percent with its sign: 95.5%"),
    ),
    "fact_count": FindingMessage(
        Text("'{value}' không phải số đếm (dữ kiện {id})", "'{value}' is no count (fact {id})"),
        Text("số nguyên không dấu chấm, ví dụ 1250", "digits alone, such as 1250"),
    ),
    "fact_date": FindingMessage(
        Text("'{value}' không phải ngày", "'{value}' is no date"),
        Text("31/12/2025 hoặc 2025-12-31", "31/12/2025 or 2025-12-31"),
    ),
    "facts_text": FindingMessage(
        Text("'{value}' không phải dữ kiện khai báo", "'{value}' is no declared fact"),
        Text(
            "mã = giá trị | số văn bản | ngày văn bản | từ ngày | đến ngày; cách nhau bằng dấu chấm phẩy",
            "id = value | document | its date | from | to; with semicolons between",
        ),
    ),
    "fact_document": FindingMessage(
        Text("số văn bản '{value}' có dấu | hoặc =", "the document '{value}' holds | or ="),
        Text("ví dụ 123/QĐ-UBND", "such as 123/QĐ-UBND"),
    ),
    "fact_backwards": FindingMessage(
        Text(
            "dữ kiện {id} có hiệu lực từ {first}, sau ngày hết hiệu lực {last}",
            "the fact {id} begins on {first}, after it ends on {last}",
        ),
        Text("from không sau to", "from no later than to"),
    ),
    "fact_overlap": FindingMessage(
        Text("dữ kiện {id} được khai hai lần cho cùng một ngày: {day}", "the fact {id} is declared twice for {day}"),
        Text(
            "ghi to cho lần trước và from cho lần sau, hoặc chỉ giữ một",
            "say to of the earlier and from of the later one, or keep one of them",
        ),
    ),
    "fact_undocumented": FindingMessage(
        Text(
            "dữ kiện {id} khai không có số văn bản ở {count} nơi: {value}",
            "the fact {id} is declared without a document at {count} places: {value}",
        ),
        Text("thêm document và date (cột Số văn bản, Ngày văn bản)", "add document and date"),
    ),
}
