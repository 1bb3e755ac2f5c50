"""In Vietnamese, what a probe says of its run beside the reason.

The detail of a run is free text, in English: c-ares, libcurl, OpenSSL, the kernel and the server itself write most of
it, it goes to logs as it is, and `/api/v1/check` of an agent of any version sends it as one string. So it is looked up
by its words here. The reason has its own sentence (sentences/), and a detail that is not known is left out: it would be
English prose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.explain.system_errors import in_vietnamese as system_in_vietnamese

_USUAL: Mapping[str, str] = {
    r"status (\d+)": "HTTP {}",
    r"answered ([A-Z0-9]+)": "trả lời {}",
    r"no answer|connected, no answer|no answer in time": "không trả lời",
    r"no connection": "không kết nối được",
    r"[Cc]ould not contact DNS servers": "máy chủ tên miền không trả lời",
    r"Timeout while contacting DNS servers": "máy chủ tên miền không trả lời kịp",
    r"Domain name not found": "không có tên này",
    r"DNS server returned answer with no data": "tên này không có địa chỉ",
    r"DNS server returned general failure": "máy chủ tên miền báo lỗi (SERVFAIL)",
    r"DNS server refused query": "máy chủ tên miền từ chối (REFUSED)",
    r"Misformatted DNS reply|DNS server claims query was misformatted": "máy chủ tên miền trả lời sai định dạng",
    r"no address kept": "không có địa chỉ nào đã biết",
    r"the name server says (\S+)": "máy chủ tên miền trả lời {}",
    r"the name exists, but has no (IPv\d)(?: or IPv\d)? address": "tên này không có địa chỉ {}",
    r"(\d+) bytes came, then no more in time": "nhận được {} byte rồi ngừng",
    r"first byte after ([\d.]+) s": "{} giây mới có byte đầu tiên",
    r"the body does not match (.+)": "nội dung không khớp {}",
    r"the body matches (.+)": "nội dung khớp {}",
    r"(\S+) does not match (.+)": "{} không khớp {}",
    r"(\S+) matches (.+) or is missing": "{} khớp {} hoặc bị thiếu",
    r"not JSON: .*": "không phải là JSON",
    r"not true: (.+)": "không đúng: {}",
    r"the answer came in clear": "câu trả lời không mã hóa",
    r"the answer came over TLS": "câu trả lời qua TLS",
    r"silent over UDP, TCP port (\d+) works": "không trả lời qua UDP, cổng TCP {} thì được",
    r"1xx answers and nothing after them": "chỉ có câu trả lời 1xx",
    r"(\d+) records in the answer, (\d+) wanted": "câu trả lời có {} bản ghi, cần {}",
    r"stalled in the (?:TLS handshake|dialogue)": "đang trao đổi thì ngừng",
    r"last line (.+)": "dòng cuối {}",
    r"Destination network unreachable|No route to destination": "không có đường tới mạng đó",
    r"Destination host unreachable|Address unreachable": "không tới được máy đó",
    r"(?:Destination p|P)ort unreachable": "không có chương trình nào nghe ở đó",
    r"Time to live exceeded|Hop limit exceeded": "gói tin hết số chặng (TTL)",
    r"Communication with .* prohibited|Destination (?:host|network) prohibed|Packet filtered": "bị tường lửa chặn",
}
_PROSE = re.compile(r"(?<!\w)[A-Za-z]*[a-z],? (?:[A-Z]+ )?[a-z]{2,}\b")
"""Two words after each other: a status, a name, an address or a code has none."""


def in_vietnamese(detail: str) -> str:
    """A detail in Vietnamese; "" for a sentence that nobody has translated. Names, numbers and codes stay."""
    for pattern, text in _USUAL.items():
        if match := re.fullmatch(pattern, detail, re.DOTALL):
            return text.format(*(system_in_vietnamese(part) for part in match.groups()))
    what, says, router = detail.rpartition(", says ")
    if says:
        return f"{text}, theo {router}" if (text := in_vietnamese(what)) else ""
    host, colon, rest = detail.partition(": ")
    if colon and " " not in host and (text := in_vietnamese(rest)):
        return f"{host}: {text}"
    known = system_in_vietnamese(detail)
    return "" if known == detail and _PROSE.search(detail) else known
