"""Every sentence a fault can say, in English and Vietnamese: what is wrong, what would be right.

Text in braces is filled in from the finding; ``kind`` is itself translated through KINDS.
"""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.blackbox import BLACKBOX_MESSAGES, Sentence
from agent.inventory.messages.details import in_vietnamese
from agent.inventory.messages.importing import IMPORT_MESSAGES
from agent.inventory.messages.notify import NOTIFY_MESSAGES
from agent.inventory.messages.probes import PHRASES
from agent.inventory.messages.sheets import SHEET_MESSAGES

LANGUAGES = ("en", "vi")

MESSAGES: Mapping[str, tuple[Sentence, Sentence]] = {
    **BLACKBOX_MESSAGES,
    **NOTIFY_MESSAGES,
    **SHEET_MESSAGES,
    **IMPORT_MESSAGES,
    # the file
    "file_missing": (
        ("no such file", "check the path"),
        ("không có tệp này", "kiểm tra đường dẫn"),
    ),
    "file_unreadable": (
        ("cannot be read: {detail}", "a file this user may read"),
        ("không đọc được: {detail}", "cần tệp mà người dùng này được đọc"),
    ),
    "forbidden": (
        (
            "user {user} may not read {path} (of {owner}, group {group}, mode {mode})",
            "call with sudo, or let {user} read it",
        ),
        (
            "người dùng {user} không được phép đọc {path} (của {owner}, nhóm {group}, quyền {mode})",
            "gọi lệnh bằng sudo, hoặc cho {user} quyền đọc",
        ),
    ),
    "forbidden_more": (
        (
            "user {user} may not read {path} (of {owner}, group {group}, mode {mode}), nor {more} more files",
            "call with sudo, or let {user} read them",
        ),
        (
            "người dùng {user} không được phép đọc {path} (của {owner}, nhóm {group}, quyền {mode}) và {more} tệp nữa",
            "gọi lệnh bằng sudo, hoặc cho {user} quyền đọc",
        ),
    ),
    "file_too_large": (
        ("larger than {limit} MiB", "split it with include"),
        ("lớn hơn {limit} MiB", "hãy tách tệp bằng include"),
    ),
    "file_empty": (
        ("the file is empty", "see config/examples"),
        ("tệp trống", "xem config/examples"),
    ),
    "file_kind": (
        ("files of this kind are not read", "use .yml, .yaml, .csv or .xlsx"),
        ("không đọc loại tệp này", "dùng .yml, .yaml, .csv hoặc .xlsx"),
    ),
    "too_many_files": (
        ("the pattern matches more than {limit} files", "use a narrower pattern"),
        ("mẫu này khớp hơn {limit} tệp", "dùng mẫu hẹp hơn"),
    ),
    "encoding": (
        ("the text encoding is not recognised", "save the file as UTF-8"),
        ("không nhận ra bảng mã của tệp", "hãy lưu tệp dạng UTF-8"),
    ),
    # YAML
    "yaml_syntax": (
        ("not YAML: {detail}", "check indentation, quotes and brackets"),
        ("không phải YAML: {detail}", "kiểm tra thụt đầu dòng, dấu nháy và ngoặc"),
    ),
    "yaml_alias": (
        ("YAML aliases (*{name}) are refused", "write the value out"),
        ("không dùng bí danh YAML (*{name})", "hãy viết giá trị ra"),
    ),
    "yaml_tag": (
        ("YAML tags ({tag}) are refused", "write a plain value"),
        ("không dùng thẻ YAML ({tag})", "hãy viết giá trị thường"),
    ),
    "yaml_duplicate": (
        ("key '{key}' stands twice, first in line {line}", "keep one of them"),
        ("khóa '{key}' có hai lần, lần đầu ở dòng {line}", "chỉ giữ một"),
    ),
    "yaml_decimal_comma": (
        ("{whole},{decimals} between braces is two values, {whole} and {decimals}", "{whole}.{decimals}, with a dot"),
        (
            "{whole},{decimals} trong ngoặc nhọn bị hiểu là hai giá trị, {whole} và {decimals}",
            "ghi {whole}.{decimals}, dùng dấu chấm",
        ),
    ),
    "yaml_key": (
        ("a key must be plain text", "key: value"),
        ("khóa phải là chữ thường", "khóa: giá trị"),
    ),
    "yaml_depth": (
        ("nested deeper than {limit}", "a flatter document"),
        ("lồng sâu hơn {limit} bậc", "cần tài liệu phẳng hơn"),
    ),
    "yaml_crowded": (
        ("more than {limit} values in all YAML files together", "write the sites into sheets (.csv, .xlsx)"),
        ("tất cả tệp YAML có hơn {limit} giá trị", "hãy ghi các điểm vào bảng tính (.csv, .xlsx)"),
    ),
    "too_many_findings": (
        ("there are more than {limit} faults; the others are not listed", "mend those above first"),
        ("có hơn {limit} lỗi; không liệt kê phần còn lại", "hãy sửa các lỗi ở trên trước"),
    ),
    "yaml_documents": (
        ("a second document starts here", "one document a file, without ---"),
        ("tài liệu thứ hai bắt đầu ở đây", "mỗi tệp một tài liệu, không có ---"),
    ),
    "restart_needed": (
        ("changes only with a restart", "restart the agent (systemctl restart sansang) or put the old value back"),
        (
            "chỉ đổi được khi khởi động lại",
            "khởi động lại bộ giám sát (systemctl restart sansang) hoặc trả lại giá trị cũ",
        ),
    ),
    "program_failed": (
        ("this program failed while reading it: {detail}", "report this; meanwhile take back the last change"),
        ("chương trình lỗi khi đọc tệp: {detail}", "hãy báo lỗi này; tạm thời bỏ thay đổi vừa làm"),
    ),
    "control_character": (
        ("control character {code}", "remove it"),
        ("ký tự điều khiển {code}", "hãy xóa nó"),
    ),
    "invisible_character": (
        ("invisible character {code}", "remove it"),
        ("ký tự ẩn {code}", "hãy xóa nó"),
    ),
    # keys and types
    "unknown_key": (
        ("unknown key '{key}'", "expected one of: {choices}"),
        ("không có khóa '{key}'", "hãy dùng một trong: {choices}"),
    ),
    "unknown_key_close": (
        ("unknown key '{key}'", "did you mean '{close}'?"),
        ("không có khóa '{key}'", "có phải '{close}'?"),
    ),
    "fragment_key": (
        ("'{key}' does not belong into an included file", "move it to the main file"),
        ("'{key}' không thuộc tệp được include", "chuyển nó sang tệp chính"),
    ),
    "missing": (("is missing", "add '{key}'"), ("còn thiếu", "thêm '{key}'")),
    "not_text": (("not text", "put it in quotes"), ("không phải chữ", "đặt trong dấu nháy")),
    "not_integer": (("not a whole number", "a number such as 3"), ("không phải số nguyên", "ví dụ 3")),
    "not_number": (("not a number", "a number such as 1.5"), ("không phải số", "ví dụ 1.5")),
    "not_boolean": (("not a truth value", "true or false"), ("không phải đúng/sai", "true hoặc false")),
    "not_mapping": (("not a mapping", "key: value pairs"), ("không phải cặp khóa", "các cặp khóa: giá trị")),
    "not_list": (("not a list", "[..] or lines with -"), ("không phải danh sách", "[..] hoặc các dòng có dấu -")),
    "not_null": (("must be empty", "leave it out"), ("phải để trống", "hãy bỏ đi")),
    "too_small": (("{value} is too small", "{limit}"), ("{value} quá nhỏ", "{limit}")),
    "too_large": (("{value} is too large", "{limit}"), ("{value} quá lớn", "{limit}")),
    "too_short": (("too few entries", "at least {limit}"), ("quá ít mục", "ít nhất {limit}")),
    "too_long": (("too many entries", "at most {limit}"), ("quá nhiều mục", "nhiều nhất {limit}")),
    "choice": (
        ("'{value}' is not one of the choices", "one of: {choices}"),
        ("'{value}' không có trong lựa chọn", "một trong: {choices}"),
    ),
    "choice_close": (
        ("'{value}' is not one of the choices", "did you mean '{close}'?"),
        ("'{value}' không có trong lựa chọn", "có phải '{close}'?"),
    ),
    "invalid": (("not accepted: {detail}", ""), ("không được nhận: {detail}", "")),
    # option types
    "duration": (("not a duration", "500ms, 5s, 2m, 1h, 21d"), ("không phải thời lượng", "500ms, 5s, 2m, 1h, 21d")),
    "ratio": (("not a share", "5% or 0.05"), ("không phải tỷ lệ", "5% hoặc 0.05")),
    "size": (("not a size", "56, 64KiB, 1MiB"), ("không phải dung lượng", "56, 64KiB, 1MiB")),
    "pattern": (("not a regular expression", "RE2 syntax"), ("không phải biểu thức chính quy", "cú pháp RE2")),
    "rate": (("not a rate", "200/s"), ("không phải tốc độ", "200/s")),
    "secret": (
        ("a secret stands here in clear or malformed", "{{file: PATH}} or {{env: NAME}}"),
        ("bí mật viết thẳng ở đây hoặc sai dạng", "{{file: ĐƯỜNG_DẪN}} hoặc {{env: TÊN}}"),
    ),
    "secret_file": (
        ("secret file {path}: {detail}", "a readable file"),
        ("tệp bí mật {path}: {detail}", "cần tệp đọc được"),
    ),
    "body_file": (
        ("body file {path}: {detail}", "a readable file"),
        ("tệp nội dung {path}: {detail}", "cần tệp đọc được"),
    ),
    "tls_file": (
        ("{files}: {detail}", "readable PEM files"),
        ("tệp {files}: {detail}", "cần tệp PEM đọc được"),
    ),
    "secret_mode": (
        ("secret file {path} is open to others", "chmod 600 {path}"),
        ("tệp bí mật {path} người khác đọc được", "chmod 600 {path}"),
    ),
    "secret_env": (
        ("environment variable {name} is not set", "set {name}"),
        ("biến môi trường {name} chưa đặt", "hãy đặt {name}"),
    ),
    "secret_text": (
        ("the secret in {where} is not UTF-8 text of at most 64 KiB", "save it as UTF-8"),
        ("bí mật trong {where} không phải văn bản UTF-8 dưới 64 KiB", "hãy lưu lại dạng UTF-8"),
    ),
    "secret_empty": (
        ("the secret in {where} is empty", "the secret alone, on one line"),
        ("bí mật trong {where} đang trống", "chỉ ghi bí mật, trên một dòng"),
    ),
    "secret_lines": (
        ("the secret in {where} has {count} lines", "the secret alone, on one line"),
        ("bí mật trong {where} có {count} dòng", "chỉ ghi bí mật, trên một dòng"),
    ),
    "secret_character": (
        ("the secret in {where} holds the character {code}", "remove it"),
        ("bí mật trong {where} chứa ký tự {code}", "hãy xóa nó"),
    ),
    # ids, names, values
    "id_syntax": (
        ("'{value}' is not an id", "lower-case letters a-z, digits and hyphens, e.g. xa-a"),
        ("'{value}' không phải mã", "chữ thường a-z, chữ số và gạch nối, ví dụ xa-a"),
    ),
    "word_syntax": (
        ("'{value}' is not a name for this", "lower-case letters a-z, digits, - and _, e.g. sip_room"),
        ("'{value}' không dùng làm tên được", "chữ thường a-z, chữ số, - và _, ví dụ sip_room"),
    ),
    "target_id_syntax": (
        ("'{value}' is not a target id", "<site>/<check>, e.g. dc/one-stop"),
        ("'{value}' không phải mã mục tiêu", "<điểm>/<kiểm tra>, ví dụ dc/one-stop"),
    ),
    "name_empty": (("the name is empty", "a name people know"), ("tên trống", "một tên quen thuộc")),
    "name_long": (
        ("the name has {length} characters", "at most 200"),
        ("tên dài {length} ký tự", "nhiều nhất 200"),
    ),
    "name_character": (
        ("the name contains the invisible character {code}", "remove it"),
        ("tên chứa ký tự ẩn {code}", "hãy xóa nó"),
    ),
    "weekdays": (
        ("'{value}' is no weekday", "mon tue wed thu fri sat sun, or a range such as mon-fri"),
        ("'{value}' không phải thứ trong tuần", "mon tue wed thu fri sat sun, hoặc một khoảng như mon-fri"),
    ),
    "weekday_twice": (
        ("{value} stands twice", "name each weekday once"),
        ("{value} có hai lần", "mỗi thứ chỉ nêu một lần"),
    ),
    "hours": (
        ("'{value}' is no span of hours", "07:30-11:30; hours over midnight are two spans, the first to 24:00"),
        ("'{value}' không phải khoảng giờ", "07:30-11:30; qua nửa đêm thì tách làm hai, khoảng đầu đến 24:00"),
    ),
    "month_day": (
        ("'{value}' is no day of the year", "month-day, such as 04-15"),
        ("'{value}' không phải ngày trong năm", "tháng-ngày, ví dụ 04-15"),
    ),
    "day": (
        ("'{value}' is no date", "2027-02-04"),
        ("'{value}' không phải ngày", "2027-02-04"),
    ),
    "day_twice": (
        ("the working day {value} stands twice", "keep one of them"),
        ("ngày làm bù {value} có hai lần", "chỉ giữ một"),
    ),
    "calendar_fixed": (
        ("'{value}' has a fixed meaning", "choose another name"),
        ("'{value}' có nghĩa cố định", "hãy đặt tên khác"),
    ),
    "calendar_hours": (
        ("a calendar has either hours or seasons", "give one of the two"),
        ("lịch có hours hoặc seasons", "chỉ ghi một trong hai"),
    ),
    "two_seasons": (
        ("the date {value} lies in two seasons", "let one season end the day before the next begins"),
        ("ngày {value} nằm trong hai mùa", "mùa trước phải hết trước ngày mùa sau bắt đầu"),
    ),
    "slo": (("not an SLO", "a percentage such as 99.5"), ("không phải mức cam kết", "số phần trăm như 99,5")),
    "slo_share": (
        ("an SLO of '{value}' percent is hardly meant", "{percent}, in percent (or a cell formatted as percent)"),
        (
            "mức cam kết '{value}' phần trăm chắc không đúng ý",
            "ghi {percent} (phần trăm), hoặc định dạng ô là phần trăm",
        ),
    ),
    "location": (
        ("not a location", "latitude and longitude, decimals after a dot, e.g. [21.4512, 105.4301]"),
        ("không phải tọa độ", "vĩ độ rồi kinh độ, phần lẻ sau dấu chấm, ví dụ [21.4512, 105.4301]"),
    ),
    "timezone": (
        ("unknown time zone '{value}'", "e.g. Asia/Ho_Chi_Minh"),
        ("không có múi giờ '{value}'", "ví dụ Asia/Ho_Chi_Minh"),
    ),
    "listen": (("not a listening address", "127.0.0.1:10115"), ("không phải địa chỉ lắng nghe", "127.0.0.1:10115")),
    "network": (("not a network", "192.0.2.0/24"), ("không phải mạng", "192.0.2.0/24")),
    "absolute_path": (
        ("not an absolute path", "/var/lib/sansang"),
        ("không phải đường dẫn tuyệt đối", "/var/lib/sansang"),
    ),
    "placeholder": (
        ("braces that are no column", "{{gateway}}, with letters a-z, digits and _"),
        ("ngoặc nhọn không phải cột", "{{gateway}}, gồm chữ a-z, chữ số và _"),
    ),
    "said_by_probe": (("{wrong}", "{right}"), ("{wrong}", "{right}")),
    # the whole
    "duplicate_id": (
        ("{kind} '{value}' stands twice, first at {first}", "give each its own id"),
        ("{kind} '{value}' có hai lần, lần đầu ở {first}", "mỗi mục một mã riêng"),
    ),
    "unknown_reference": (
        ("unknown {kind} '{value}'", "one of: {choices}"),
        ("không có {kind} '{value}'", "một trong: {choices}"),
    ),
    "unknown_reference_close": (
        ("unknown {kind} '{value}'", "did you mean '{close}'?"),
        ("không có {kind} '{value}'", "có phải '{close}'?"),
    ),
    "unknown_reference_none": (
        ("unknown {kind} '{value}'", "none is defined yet"),
        ("không có {kind} '{value}'", "chưa có mục nào được khai báo"),
    ),
    "unknown_parent": (
        ("unknown parent '{value}' of {target}", "a check id of the same site or a full target id"),
        ("không có mục cha '{value}' của {target}", "mã kiểm tra cùng điểm hoặc mã mục tiêu đầy đủ"),
    ),
    "parent_cycle": (
        ("parents go in a circle: {circle}", "remove one of them"),
        ("các mục cha đi vòng tròn: {circle}", "bỏ bớt một mục"),
    ),
    "unit_cycle": (
        ("units go in a circle: {circle}", "a unit must not lie below itself"),
        ("các đơn vị đi vòng tròn: {circle}", "đơn vị không được nằm dưới chính nó"),
    ),
    "few_anchors": (
        ("a path with {count} anchor", "at least two different anchors"),
        ("đường đi chỉ có {count} mốc", "ít nhất hai mốc khác nhau"),
    ),
    "timeout_interval": (
        ("{target}: the timeout ({timeout} s) is longer than the interval ({interval} s)", "a shorter timeout"),
        ("{target}: thời gian chờ ({timeout} s) dài hơn chu kỳ ({interval} s)", "thời gian chờ ngắn hơn"),
    ),
    "unknown_column": (
        ("no site has a column '{value}'", "add it to a site or correct the name"),
        ("không điểm nào có cột '{value}'", "thêm cột vào điểm hoặc sửa tên"),
    ),
    "unknown_column_close": (
        ("no site has a column '{value}'", "did you mean '{close}'?"),
        ("không điểm nào có cột '{value}'", "có phải '{close}'?"),
    ),
    "nothing_to_probe": (
        ("nothing to probe", "a site with a profile, or a target"),
        ("không có gì để kiểm tra", "cần một điểm có mẫu, hoặc một mục tiêu"),
    ),
    "not_included": (
        ("no include pattern takes in {file}", "include: [sites.d/*.yml]"),
        ("không mẫu include nào gồm {file}", "include: [sites.d/*.yml]"),
    ),
}

KINDS: Mapping[str, tuple[str, str]] = {
    "level": ("level", "cấp"),
    "unit": ("unit", "đơn vị"),
    "site": ("site", "điểm"),
    "profile": ("profile", "mẫu"),
    "module": ("module", "mô-đun"),
    "contact": ("contact", "liên hệ"),
    "calendar": ("calendar", "lịch"),
    "target": ("target", "mục tiêu"),
    "check": ("check", "kiểm tra"),
    "path": ("path", "đường đi"),
    "probe": ("probe", "phép dò"),
}


class _Filled(dict[str, str]):
    """Values of a message; one that an option type does not give is left out rather than an error."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(message: str, values: Mapping[str, str], language: str) -> Sentence:
    """(what is wrong, what would be right) in one language, filled in."""
    column = LANGUAGES.index(language)
    filled = _Filled(values)
    if "kind" in filled:
        filled["kind"] = KINDS[filled["kind"]][column]
    if message == "said_by_probe" and language == "vi":
        filled.update((key, PHRASES.get(text, text)) for key, text in values.items())
    if language == "vi" and "detail" in filled:
        filled["detail"] = in_vietnamese(filled["detail"])
    wrong, right = MESSAGES[message][column]
    return wrong.format_map(filled), right.format_map(filled)
