"""In Vietnamese, what the system, the YAML parser and the CSV reader say of a file; they themselves know English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.explain.system_errors import in_vietnamese as system_in_vietnamese

_PARSERS: Mapping[str, str] = {
    r"found character '\\t' that cannot start any token": "có dấu tab; YAML chỉ dùng dấu cách",
    r"found character '?(.+?)'? that cannot start any token": "ký tự {} không được đứng ở đây",
    r"could not find expected ':'": "thiếu dấu hai chấm ':'",
    r"mapping values are not allowed here": "dấu hai chấm ':' không được đứng ở đây (đặt giá trị trong dấu nháy)",
    r"sequence entries are not allowed here": "dấu gạch đầu dòng '-' không được đứng ở đây",
    r"mapping keys are not allowed here": "khóa không được đứng ở đây",
    r"expected <block end>, but found .*": "thụt đầu dòng không khớp với các dòng trên",
    r"expected ',' or '([]}])', but got .*": "thiếu dấu ',' hoặc '{}'",
    r"expected the node content, but found .*": "thiếu giá trị",
    r"found unexpected end of stream": "tệp đã hết mà dấu nháy chưa đóng",
    r"found unexpected document separator": "có --- khi dấu nháy chưa đóng",
    r"found unknown escape character (.+)": "không có ký hiệu thoát \\{}; trong dấu nháy kép hãy viết \\\\",
    r"(?:found|expected|while|could|duplicate|more indented|special) .*": "cú pháp không đúng",
    r"unexpected end of data": "tệp đã hết mà dấu nháy chưa đóng",
    r"'(.)' expected after '(.)'": "sau dấu nháy đóng phải là dấu {}",
    r"line contains NUL": "có byte 0",
    r"field larger than field limit .*": "một ô quá dài",
}


def in_vietnamese(detail: str) -> str:
    """The same in Vietnamese; what is not known stands as it is."""
    if (said := system_in_vietnamese(detail)) != detail:
        return said
    for pattern, said in _PARSERS.items():
        if found := re.fullmatch(pattern, detail, re.DOTALL):
            return said.format(*found.groups())
    return detail
