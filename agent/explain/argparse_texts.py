"""What Python's own command line parser says. It asks for a text by its English, as gettext has it."""

from __future__ import annotations

from agent.text import Text

_TEXTS = (
    Text("cách dùng: ", "usage: "),
    Text("tham số", "positional arguments"),
    Text("tùy chọn", "options"),
    Text("tùy chọn", "optional arguments"),
    Text("in trang này rồi thôi", "show this help message and exit"),
    Text("in số phiên bản rồi thôi", "show program's version number and exit"),
    Text("%(argument_name)s: %(message)s", "argument %(argument_name)s: %(message)s"),
    Text("thừa tham số: %s", "unrecognized arguments: %s"),
    Text("còn thiếu: %s", "the following arguments are required: %s"),
    Text("cần một trong các tùy chọn: %s", "one of the arguments %s is required"),
    Text("không đi cùng với %s", "not allowed with argument %s"),
    Text("cần một giá trị theo sau", "expected one argument"),
    Text("chỉ nhận nhiều nhất một giá trị", "expected at most one argument"),
    Text("cần ít nhất một giá trị theo sau", "expected at least one argument"),
    Text(
        "tùy chọn %(option)s viết tắt chưa rõ: có thể là %(matches)s",
        "ambiguous option: %(option)s could match %(matches)s",
    ),
    Text("tùy chọn này không nhận giá trị, mà lại có %r", "ignored explicit argument %r"),
    Text("không dùng được tùy chọn %s ở đây", "unexpected option string: %s"),
    Text("%(value)r không phải là giá trị dùng được", "invalid %(type)s value: %(value)r"),
    Text("không có giá trị %(value)r (có: %(choices)s)", "invalid choice: %(value)r (choose from %(choices)s)"),
    Text("không có lệnh %(parser_name)r (có: %(choices)s)", "unknown parser %(parser_name)r (choices: %(choices)s)"),
    Text("không mở được '%(filename)s': %(error)s", "can't open '%(filename)s': %(error)s"),
    Text("%(prog)s: %(message)s\n", "%(prog)s: error: %(message)s\n"),
    Text(" (mặc định: %(default)s)", " (default: %(default)s)"),
    Text("%(heading)s:", "%(heading)s:"),
    Text("lệnh con", "subcommands"),
    Text("cần %s giá trị theo sau", "expected %s argument"),
    Text("cần %s giá trị theo sau", "expected %s arguments"),
)
TRANSLATIONS = {text.en: text for text in _TEXTS}
