"""What is wrong with a file of recorded stories, in Vietnamese. A sentence that stands not here stays English."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DIRECTLY = {
    "this key is missing": "thiếu khóa này",
    "there is no such key": "không có khóa như vậy",
    "Input should be a valid string": "phải là chuỗi văn bản",
    "Input should be a valid integer": "phải là số nguyên",
    "Input should be a valid boolean": "phải là true hoặc false",
    "Input should be a valid tuple": "phải là danh sách [...]",
    "Input should be a valid array": "phải là danh sách [...]",
    "Input should be an object": "phải là đối tượng {...}",
    "a date needs a zone; right would be Asia/Ho_Chi_Minh": "ngày cần có múi giờ; đúng ra: Asia/Ho_Chi_Minh",
    "end_ms belongs to a run that ended (stop or kill), and to no running one": (
        "end_ms dành cho lần chạy đã kết thúc (stop hoặc kill), không dành cho lần đang chạy (running)"
    ),
    "only a killed run has a watermark_ms": "chỉ lần chạy bị dừng đột ngột (kill) mới có watermark_ms",
}
_RIGHT = {
    "a date of 1970 to 2199": "ngày trong khoảng 1970 đến 2199, dạng 2026-06-01",
    "MM-DD": "ngày trong năm dạng MM-DD, như 06-15",
    "a time such as 07:30 or 24:00": "giờ như 07:30 hoặc 24:00",
    "a decimal as text, such as 0.5": 'số thập phân viết dạng chuỗi, như "0.5"',
}
_SHAPED: Sequence[tuple[str, str]] = (
    (r"no JSON: (.*)", r"không phải JSON: \1"),
    (r"no JSON of this kind: the key (.*) stands twice in one object", r"JSON có khóa \1 hai lần trong một đối tượng"),
    (r"no JSON of this kind: (.*) is no number", r"JSON có \1, không phải là số"),
    (r"no JSON of this kind: (.*)", r"không đọc được JSON này: \1"),
    (r"it ends at (\S+), which is not after its start (\S+)", r"kết thúc lúc \1, không sau lúc bắt đầu \2"),
    (r"it ends at (\S+), before its start (\S+)", r"kết thúc lúc \1, trước lúc bắt đầu \2"),
    (r"it begins before (\S+) ends", r"bắt đầu khi \1 chưa kết thúc"),
    (r"it starts in the same instant as (\S+)", r"bắt đầu cùng thời điểm với \1"),
    (r"(.*) stands twice", r"\1 có hai lần"),
    (r"watermark_ms (\S+) lies outside the run", r"watermark_ms \1 nằm ngoài lần chạy"),
    (r"(.*) is not in 0\.\.1", r"\1 không nằm trong khoảng 0 đến 1"),
    (r"(.*) is not a time zone; right would be (.*)", r"\1 không phải múi giờ; đúng ra: \2"),
    (r"(.*) is not a date: (.*)", r"\1 không phải là ngày: \2"),
    (r"(.*) is not a day of the year: (.*)", r"\1 không phải là ngày trong năm: \2"),
    (r"the date (\S+) lies in two seasons", r"ngày \1 nằm trong hai mùa"),
    (r"the working day (\S+) is listed twice", r"ngày làm bù \1 được ghi hai lần"),
    (
        r"the hours (\S+)-(\S+) end before they begin; hours over midnight are two rows",
        r"khung giờ \1-\2 kết thúc trước khi bắt đầu; khung giờ qua nửa đêm phải viết thành hai dòng",
    ),
    (r"Input should be greater than or equal to (\S+)", r"phải từ \1 trở lên"),
    (r"Input should be less than or equal to (\S+)", r"phải không quá \1"),
    (r"Input should be '(.*)' or '(.*)'", r"phải là một trong: '\1', '\2'"),
    (r"Input should be (\S+)", r"phải là \1"),
    (
        r"Input tag (.*) found using .* does not match any of the expected tags: (.*)",
        r"loại \1 không có; phải là một trong: \2",
    ),
    (r"Unable to extract tag using discriminator '(.*)'", r"thiếu khóa '\1' cho biết loại"),
    (r"(?:String|Tuple) should have at least (\d+) .*", r"phải có ít nhất \1 ký tự hoặc phần tử"),
    (r"(?:String|Tuple) should have at most (\d+) .*", r"chỉ được có nhiều nhất \1 ký tự hoặc phần tử"),
)


def in_words(wrong: str, language: str) -> str:
    """The sentence in that language."""
    if language == "en":
        return wrong
    if wrong in _DIRECTLY:
        return _DIRECTLY[wrong]
    for english, right in _RIGHT.items():
        if wrong.endswith(f" is not {english}"):
            return f"{wrong.removesuffix(f' is not {english}')} không phải là {right}"
    for pattern, vietnamese in _SHAPED:
        match = re.fullmatch(pattern, wrong, re.DOTALL)
        if match is not None:
            return match.expand(vietnamese)
    return wrong
