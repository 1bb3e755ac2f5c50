"""Errors of the YAML parser and the CSV reader in both languages.

Neither ruamel.yaml nor csv numbers its errors: their fixed English texts are all that tells one from another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.text import Text

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


def parser_text(detail: str) -> Text:
    """The parser's own text and its Vietnamese; one that is not known is quoted in both."""
    for pattern, vietnamese in _PARSERS.items():
        if match := re.fullmatch(pattern, detail, re.DOTALL):
            return Text(vietnamese.format(*match.groups()), detail)
    return Text(detail, detail)
