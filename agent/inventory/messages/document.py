"""All messages of findings by key, and those about the inventory document."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.blackbox import BLACKBOX_MESSAGES
from agent.inventory.messages.devices import DEVICE_MESSAGES
from agent.inventory.messages.facts import FACT_MESSAGES
from agent.inventory.messages.given_values import GIVEN_MESSAGES
from agent.inventory.messages.importing import IMPORT_MESSAGES
from agent.inventory.messages.message import FindingMessage
from agent.inventory.messages.notify import NOTIFY_MESSAGES
from agent.inventory.messages.score_sheets import SCORE_SHEET_MESSAGES
from agent.inventory.messages.sheets import SHEET_MESSAGES
from agent.inventory.messages.snmp_exporter import SNMP_EXPORTER_MESSAGES
from agent.inventory.messages.unit_change_sheets import UNIT_CHANGE_SHEET_MESSAGES
from agent.inventory.messages.unit_changes import UNIT_CHANGE_MESSAGES
from agent.inventory.messages.whole import WHOLE_MESSAGES
from agent.text import Text

MESSAGES: Mapping[str, FindingMessage] = {
    **BLACKBOX_MESSAGES,
    **SNMP_EXPORTER_MESSAGES,
    **DEVICE_MESSAGES,
    **FACT_MESSAGES,
    **NOTIFY_MESSAGES,
    **SHEET_MESSAGES,
    **IMPORT_MESSAGES,
    **GIVEN_MESSAGES,
    **SCORE_SHEET_MESSAGES,
    **UNIT_CHANGE_MESSAGES,
    **UNIT_CHANGE_SHEET_MESSAGES,
    **WHOLE_MESSAGES,
    # the file
    "file_missing": FindingMessage(
        Text("không có tệp này", "no such file"), Text("kiểm tra đường dẫn", "check the path")
    ),
    "file_unreadable": FindingMessage(
        Text("không đọc được: {detail}", "cannot be read: {detail}"),
        Text("cần tệp mà người dùng này được đọc", "a file this user may read"),
    ),
    "forbidden": FindingMessage(
        Text(
            "người dùng {user} không được phép đọc {path} (của {owner}, nhóm {group}, quyền {mode})",
            "user {user} may not read {path} (of {owner}, group {group}, mode {mode})",
        ),
        Text("gọi lệnh bằng sudo, hoặc cho {user} quyền đọc", "call with sudo, or let {user} read it"),
    ),
    "forbidden_more": FindingMessage(
        Text(
            (
                "người dùng {user} không được phép đọc {path} (của {owner}, nhóm {group}, quyền {mode}) và "
                "{more} tệp nữa"
            ),
            "user {user} may not read {path} (of {owner}, group {group}, mode {mode}), nor {more} more files",
        ),
        Text("gọi lệnh bằng sudo, hoặc cho {user} quyền đọc", "call with sudo, or let {user} read them"),
    ),
    "file_too_large": FindingMessage(
        Text("lớn hơn {limit} MiB", "larger than {limit} MiB"),
        Text("hãy tách tệp bằng include", "split it with include"),
    ),
    "sheet_path": FindingMessage(
        Text("'{value}' không phải tệp biểu chấm điểm", "'{value}' is no score sheet"),
        Text("một tệp .yml, tính từ thư mục của tệp này", "a .yml file, relative to this file's folder"),
    ),
    "values_path": FindingMessage(
        Text("'{value}' không phải tệp giá trị", "'{value}' is no file of values"),
        Text(
            "một tệp .xlsx hoặc .csv, tính từ thư mục của tệp này",
            "an .xlsx or .csv file, relative to this file's folder",
        ),
    ),
    "file_empty": FindingMessage(
        Text("tệp trống", "the file is empty"), Text("xem config/examples", "see config/examples")
    ),
    "file_kind": FindingMessage(
        Text("không đọc loại tệp này", "files of this kind are not read"),
        Text("dùng .yml, .yaml, .csv hoặc .xlsx", "use .yml, .yaml, .csv or .xlsx"),
    ),
    "too_many_files": FindingMessage(
        Text("mẫu này khớp hơn {limit} tệp", "the pattern matches more than {limit} files"),
        Text("dùng mẫu hẹp hơn", "use a narrower pattern"),
    ),
    "encoding": FindingMessage(
        Text("không nhận ra bảng mã của tệp", "the text encoding is not recognised"),
        Text("hãy lưu tệp dạng UTF-8", "save the file as UTF-8"),
    ),
    # YAML
    "yaml_syntax": FindingMessage(
        Text("không phải YAML: {detail}", "not YAML: {detail}"),
        Text("kiểm tra thụt đầu dòng, dấu nháy và ngoặc", "check indentation, quotes and brackets"),
    ),
    "yaml_alias": FindingMessage(
        Text("không dùng bí danh YAML (*{name})", "YAML aliases (*{name}) are refused"),
        Text("hãy viết giá trị ra", "write the value out"),
    ),
    "yaml_tag": FindingMessage(
        Text("không dùng thẻ YAML ({tag})", "YAML tags ({tag}) are refused"),
        Text("hãy viết giá trị thường", "write a plain value"),
    ),
    "yaml_duplicate": FindingMessage(
        Text("khóa '{key}' có hai lần, lần đầu ở dòng {line}", "key '{key}' stands twice, first in line {line}"),
        Text("chỉ giữ một", "keep one of them"),
    ),
    "yaml_decimal_comma": FindingMessage(
        Text(
            "{whole},{decimals} trong ngoặc nhọn bị hiểu là hai giá trị, {whole} và {decimals}",
            "{whole},{decimals} between braces is two values, {whole} and {decimals}",
        ),
        Text("ghi {whole}.{decimals}, dùng dấu chấm", "{whole}.{decimals}, with a dot"),
    ),
    "yaml_key": FindingMessage(
        Text("khóa phải là chữ thường", "a key must be plain text"), Text("khóa: giá trị", "key: value")
    ),
    "yaml_depth": FindingMessage(
        Text("lồng sâu hơn {limit} bậc", "nested deeper than {limit}"),
        Text("cần tài liệu phẳng hơn", "a flatter document"),
    ),
    "yaml_crowded": FindingMessage(
        Text("tất cả tệp YAML có hơn {limit} giá trị", "more than {limit} values in all YAML files together"),
        Text("hãy ghi các điểm vào bảng tính (.csv, .xlsx)", "write the sites into sheets (.csv, .xlsx)"),
    ),
    "too_many_findings": FindingMessage(
        Text(
            "có hơn {limit} lỗi; không liệt kê phần còn lại",
            "there are more than {limit} faults; the others are not listed",
        ),
        Text("hãy sửa các lỗi ở trên trước", "mend those above first"),
    ),
    "yaml_documents": FindingMessage(
        Text("tài liệu thứ hai bắt đầu ở đây", "a second document starts here"),
        Text("mỗi tệp một tài liệu, không có ---", "one document a file, without ---"),
    ),
    "restart_needed": FindingMessage(
        Text("chỉ đổi được khi khởi động lại", "changes only with a restart"),
        Text(
            "khởi động lại bộ giám sát (systemctl restart sansang) hoặc trả lại giá trị cũ",
            "restart the agent (systemctl restart sansang) or put the old value back",
        ),
    ),
    "program_failed": FindingMessage(
        Text("chương trình lỗi khi đọc tệp: {detail}", "this program failed while reading it: {detail}"),
        Text("hãy báo lỗi này; tạm thời bỏ thay đổi vừa làm", "report this; meanwhile take back the last change"),
    ),
    "control_character": FindingMessage(
        Text("ký tự điều khiển {code}", "control character {code}"), Text("hãy xóa nó", "remove it")
    ),
    "invisible_character": FindingMessage(
        Text("ký tự ẩn {code}", "invisible character {code}"), Text("hãy xóa nó", "remove it")
    ),
    # keys and types
    "unknown_key": FindingMessage(
        Text("không có khóa '{key}'", "unknown key '{key}'"),
        Text("hãy dùng một trong: {choices}", "expected one of: {choices}"),
    ),
    "unknown_key_close": FindingMessage(
        Text("không có khóa '{key}'", "unknown key '{key}'"), Text("có phải '{close}'?", "did you mean '{close}'?")
    ),
    "fragment_key": FindingMessage(
        Text("'{key}' không thuộc tệp được include", "'{key}' does not belong into an included file"),
        Text("chuyển nó sang tệp chính", "move it to the main file"),
    ),
    "missing": FindingMessage(Text("còn thiếu", "is missing"), Text("thêm '{key}'", "add '{key}'")),
    "not_text": FindingMessage(Text("không phải chữ", "not text"), Text("đặt trong dấu nháy", "put it in quotes")),
    "not_integer": FindingMessage(
        Text("không phải số nguyên", "not a whole number"), Text("ví dụ 3", "a number such as 3")
    ),
    "not_number": FindingMessage(Text("không phải số", "not a number"), Text("ví dụ 1.5", "a number such as 1.5")),
    "not_boolean": FindingMessage(
        Text("không phải đúng/sai", "not a truth value"), Text("true hoặc false", "true or false")
    ),
    "not_mapping": FindingMessage(
        Text("không phải cặp khóa", "not a mapping"), Text("các cặp khóa: giá trị", "key: value pairs")
    ),
    "not_list": FindingMessage(
        Text("không phải danh sách", "not a list"), Text("[..] hoặc các dòng có dấu -", "[..] or lines with -")
    ),
    "not_null": FindingMessage(Text("phải để trống", "must be empty"), Text("hãy bỏ đi", "leave it out")),
    "too_small": FindingMessage(Text("{value} quá nhỏ", "{value} is too small"), Text("{limit}", "{limit}")),
    "too_large": FindingMessage(Text("{value} quá lớn", "{value} is too large"), Text("{limit}", "{limit}")),
    "too_short": FindingMessage(Text("quá ít mục", "too few entries"), Text("ít nhất {limit}", "at least {limit}")),
    "too_long": FindingMessage(
        Text("quá nhiều mục", "too many entries"), Text("nhiều nhất {limit}", "at most {limit}")
    ),
    "choice": FindingMessage(
        Text("'{value}' không có trong lựa chọn", "'{value}' is not one of the choices"),
        Text("một trong: {choices}", "one of: {choices}"),
    ),
    "choice_close": FindingMessage(
        Text("'{value}' không có trong lựa chọn", "'{value}' is not one of the choices"),
        Text("có phải '{close}'?", "did you mean '{close}'?"),
    ),
    "invalid": FindingMessage(Text("không được nhận: {detail}", "not accepted: {detail}")),
    # option types
    "duration": FindingMessage(
        Text("không phải thời lượng", "not a duration"), Text("500ms, 5s, 2m, 1h, 21d", "500ms, 5s, 2m, 1h, 21d")
    ),
    "ratio": FindingMessage(Text("không phải tỷ lệ", "not a share"), Text("5% hoặc 0.05", "5% or 0.05")),
    "size": FindingMessage(Text("không phải dung lượng", "not a size"), Text("56, 64KiB, 1MiB", "56, 64KiB, 1MiB")),
    "pattern": FindingMessage(
        Text("không phải biểu thức chính quy", "not a regular expression"), Text("cú pháp RE2", "RE2 syntax")
    ),
    "rate": FindingMessage(Text("không phải tốc độ", "not a rate"), Text("200/s", "200/s")),
    "secret": FindingMessage(
        Text("bí mật viết thẳng ở đây hoặc sai dạng", "a secret stands here in clear or malformed"),
        Text("{{file: ĐƯỜNG_DẪN}} hoặc {{env: TÊN}}", "{{file: PATH}} or {{env: NAME}}"),
    ),
    "secret_file": FindingMessage(
        Text("tệp bí mật {path}: {detail}", "secret file {path}: {detail}"), Text("cần tệp đọc được", "a readable file")
    ),
    "body_file": FindingMessage(
        Text("tệp nội dung {path}: {detail}", "body file {path}: {detail}"), Text("cần tệp đọc được", "a readable file")
    ),
    "tls_file": FindingMessage(
        Text("tệp {files}: {detail}", "{files}: {detail}"), Text("cần tệp PEM đọc được", "readable PEM files")
    ),
    "secret_mode": FindingMessage(
        Text("tệp bí mật {path} người khác đọc được", "secret file {path} is open to others"),
        Text("chmod 600 {path}", "chmod 600 {path}"),
    ),
    "secret_env": FindingMessage(
        Text("biến môi trường {name} chưa đặt", "environment variable {name} is not set"),
        Text("hãy đặt {name}", "set {name}"),
    ),
    "secret_text": FindingMessage(
        Text(
            "bí mật trong {where} không phải văn bản UTF-8 dưới 64 KiB",
            "the secret in {where} is not UTF-8 text of at most 64 KiB",
        ),
        Text("hãy lưu lại dạng UTF-8", "save it as UTF-8"),
    ),
    "secret_empty": FindingMessage(
        Text("bí mật trong {where} đang trống", "the secret in {where} is empty"),
        Text("chỉ ghi bí mật, trên một dòng", "the secret alone, on one line"),
    ),
    "secret_lines": FindingMessage(
        Text("bí mật trong {where} có {count} dòng", "the secret in {where} has {count} lines"),
        Text("chỉ ghi bí mật, trên một dòng", "the secret alone, on one line"),
    ),
    "secret_character": FindingMessage(
        Text("bí mật trong {where} chứa ký tự {code}", "the secret in {where} holds the character {code}"),
        Text("hãy xóa nó", "remove it"),
    ),
    # ids, names, values
    "id_syntax": FindingMessage(
        Text("'{value}' không phải mã", "'{value}' is not an id"),
        Text("chữ thường a-z, chữ số và gạch nối, ví dụ xa-a", "lower-case letters a-z, digits and hyphens, e.g. xa-a"),
    ),
    "word_syntax": FindingMessage(
        Text("'{value}' không dùng làm tên được", "'{value}' is not a name for this"),
        Text(
            "chữ thường a-z, chữ số, - và _, ví dụ sip_room", "lower-case letters a-z, digits, - and _, e.g. sip_room"
        ),
    ),
    "target_id_syntax": FindingMessage(
        Text("'{value}' không phải mã mục tiêu", "'{value}' is not a target id"),
        Text("<điểm>/<kiểm tra>, ví dụ dc/one-stop", "<site>/<check>, e.g. dc/one-stop"),
    ),
    "name_empty": FindingMessage(
        Text("tên trống", "the name is empty"), Text("một tên quen thuộc", "a name people know")
    ),
    "name_long": FindingMessage(
        Text("tên dài {length} ký tự", "the name has {length} characters"), Text("nhiều nhất 200", "at most 200")
    ),
    "name_character": FindingMessage(
        Text("tên chứa ký tự ẩn {code}", "the name contains the invisible character {code}"),
        Text("hãy xóa nó", "remove it"),
    ),
    "weekdays": FindingMessage(
        Text("'{value}' không phải thứ trong tuần", "'{value}' is no weekday"),
        Text(
            "mon tue wed thu fri sat sun, hoặc một khoảng như mon-fri",
            "mon tue wed thu fri sat sun, or a range such as mon-fri",
        ),
    ),
    "weekday_twice": FindingMessage(
        Text("{value} có hai lần", "{value} stands twice"), Text("mỗi thứ chỉ nêu một lần", "name each weekday once")
    ),
    "hours": FindingMessage(
        Text("'{value}' không phải khoảng giờ", "'{value}' is no span of hours"),
        Text(
            "07:30-11:30; qua nửa đêm thì tách làm hai, khoảng đầu đến 24:00",
            "07:30-11:30; hours over midnight are two spans, the first to 24:00",
        ),
    ),
    "month_day": FindingMessage(
        Text("'{value}' không phải ngày trong năm", "'{value}' is no day of the year"),
        Text("tháng-ngày, ví dụ 04-15", "month-day, such as 04-15"),
    ),
    "day": FindingMessage(Text("'{value}' không phải ngày", "'{value}' is no date"), Text("2027-02-04", "2027-02-04")),
    "day_twice": FindingMessage(
        Text("ngày làm bù {value} có hai lần", "the working day {value} stands twice"),
        Text("chỉ giữ một", "keep one of them"),
    ),
    "calendar_fixed": FindingMessage(
        Text("'{value}' có nghĩa cố định", "'{value}' has a fixed meaning"),
        Text("hãy đặt tên khác", "choose another name"),
    ),
    "calendar_hours": FindingMessage(
        Text("lịch có hours hoặc seasons", "a calendar has either hours or seasons"),
        Text("chỉ ghi một trong hai", "give one of the two"),
    ),
    "two_seasons": FindingMessage(
        Text("ngày {value} nằm trong hai mùa", "the date {value} lies in two seasons"),
        Text("mùa trước phải hết trước ngày mùa sau bắt đầu", "let one season end the day before the next begins"),
    ),
    "slo": FindingMessage(
        Text("không phải mức cam kết", "not an SLO"), Text("số phần trăm như 99,5", "a percentage such as 99.5")
    ),
    "slo_share": FindingMessage(
        Text("mức cam kết '{value}' phần trăm chắc không đúng ý", "an SLO of '{value}' percent is hardly meant"),
        Text(
            "ghi {percent} (phần trăm), hoặc định dạng ô là phần trăm",
            "{percent}, in percent (or a cell formatted as percent)",
        ),
    ),
    "location": FindingMessage(
        Text("không phải tọa độ", "not a location"),
        Text(
            "vĩ độ rồi kinh độ, phần lẻ sau dấu chấm, ví dụ [21.4512, 105.4301]",
            "latitude and longitude, decimals after a dot, e.g. [21.4512, 105.4301]",
        ),
    ),
    "timezone": FindingMessage(
        Text("không có múi giờ '{value}'", "unknown time zone '{value}'"),
        Text("ví dụ Asia/Ho_Chi_Minh", "e.g. Asia/Ho_Chi_Minh"),
    ),
    "listen": FindingMessage(
        Text("không phải địa chỉ lắng nghe", "not a listening address"), Text("127.0.0.1:10115", "127.0.0.1:10115")
    ),
    "network": FindingMessage(Text("không phải mạng", "not a network"), Text("192.0.2.0/24", "192.0.2.0/24")),
    "absolute_path": FindingMessage(
        Text("không phải đường dẫn tuyệt đối", "not an absolute path"), Text("/var/lib/sansang", "/var/lib/sansang")
    ),
    "placeholder": FindingMessage(
        Text("ngoặc nhọn không phải cột", "braces that are no column"),
        Text("{{gateway}}, gồm chữ a-z, chữ số và _", "{{gateway}}, with letters a-z, digits and _"),
    ),
    "said_by_probe": FindingMessage(Text("{wrong}", "{wrong}"), Text("{right}", "{right}")),
}

KINDS: Mapping[str, Text] = {
    "level": Text("cấp", "level"),
    "unit": Text("đơn vị", "unit"),
    "site": Text("điểm", "site"),
    "profile": Text("mẫu", "profile"),
    "module": Text("mô-đun", "module"),
    "contact": Text("liên hệ", "contact"),
    "calendar": Text("lịch", "calendar"),
    "target": Text("mục tiêu", "target"),
    "check": Text("kiểm tra", "check"),
    "path": Text("đường đi", "path"),
    "probe": Text("phép dò", "probe"),
}
