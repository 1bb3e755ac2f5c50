"""Messages about what of a configuration of snmp_exporter cannot be taken over."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

_OBJECT_LEFT_OUT = Text("bỏ qua đối tượng này", "the object is left out")


def _left_out(vi: str, en: str, right: Text) -> FindingMessage:
    return FindingMessage(Text(f"{vi}; {_OBJECT_LEFT_OUT.vi}", f"{en}; {_OBJECT_LEFT_OUT.en}"), right)


SNMP_EXPORTER_MESSAGES: Mapping[str, FindingMessage] = {
    "snmp_exporter_empty": FindingMessage(
        Text("tệp này không có mô-đun nào", "no modules in this file"),
        Text(
            "tệp snmp.yml do generator của snmp_exporter tạo ra", "the snmp.yml that snmp_exporter's generator writes"
        ),
    ),
    "snmp_exporter_modules": FindingMessage(
        Text("tệp có hơn {limit} mô-đun", "more than {limit} modules"),
        Text("chỉ giữ lại các mô-đun đang dùng", "a file with the modules that are in use"),
    ),
    "snmp_exporter_words": FindingMessage(
        Text(
            "hơn {limit} chữ trong enum_values; giá trị hiện bằng số",
            "more than {limit} words in enum_values; values are shown as numbers",
        ),
        Text("không ảnh hưởng tới số liệu", "no value changes by it"),
    ),
    "snmp_exporter_unknown": FindingMessage(
        Text("không biết khóa này nên bỏ qua", "this key is not known and is left out"),
        Text("xem lại chính tả", "check its spelling"),
    ),
    "snmp_exporter_form": FindingMessage(
        Text("không đúng dạng nên bỏ qua", "not written as expected and left out"),
        Text("một nhóm khóa và giá trị", "a mapping of keys and values"),
    ),
    "snmp_exporter_refused": FindingMessage(
        Text(
            "snmp_exporter cũng không nạp được giá trị này; bỏ qua mô-đun",
            "snmp_exporter does not load this either; the module is left out",
        ),
        Text("sửa lại rồi import lần nữa", "correct it, then import again"),
    ),
    "snmp_exporter_no_metrics": FindingMessage(
        Text(
            "không có metrics nào dùng được; bỏ qua mô-đun này", "no metrics that could be used; the module is left out"
        ),
        Text("chạy generator của snmp_exporter cho mô-đun này", "run snmp_exporter's generator for this module"),
    ),
    "snmp_exporter_too_much": FindingMessage(
        Text(
            "hơn {limit} đối tượng, hoặc tệp của chúng quá 1 MiB; bỏ qua mô-đun này",
            "more than {limit} objects, or their file over 1 MiB; the module is left out",
        ),
        Text("chia thành nhiều mô-đun", "split it into several modules"),
    ),
    "snmp_exporter_value": _left_out(
        "giá trị không dùng được ở đây",
        "a value that cannot be used here",
        Text("như generator của snmp_exporter ghi", "as snmp_exporter's generator writes it"),
    ),
    "snmp_exporter_oid": _left_out(
        "không phải OID", "not an OID", Text("chẳng hạn 1.3.6.1.2.1.2.2.1.8", "such as 1.3.6.1.2.1.2.2.1.8")
    ),
    "snmp_exporter_type": _left_out(
        "chưa có kiểu này",
        "this type has no counterpart",
        Text("gauge, counter, DisplayString, EnumAsInfo, ...", "gauge, counter, DisplayString, EnumAsInfo, ..."),
    ),
    "snmp_exporter_regex_extracts": _left_out(
        "chưa trích số từ chữ bằng biểu thức chính quy",
        "numbers are not taken out of texts by patterns here",
        Text("giữ snmp_exporter cho đối tượng này", "keep snmp_exporter for it"),
    ),
    "snmp_exporter_datetime_pattern": _left_out(
        "chưa đọc ngày giờ theo mẫu",
        "dates are not read by a pattern here",
        Text("giữ snmp_exporter cho đối tượng này", "keep snmp_exporter for it"),
    ),
    "snmp_exporter_twice": _left_out(
        "tên này đã có trong mô-đun",
        "this name stands in the module already",
        Text("đặt tên khác cho một trong hai", "another name for one of the two"),
    ),
    "snmp_exporter_display_hint": FindingMessage(
        Text(
            "bỏ qua display_hint: giá trị viết theo type", "display_hint is left out: values are written by their type"
        ),
        Text("nhãn có thể viết khác", "the label may be written otherwise"),
    ),
    "snmp_exporter_enum_values": FindingMessage(
        Text(
            "nhãn tra cứu ghi số, không ghi chữ của enum_values",
            "the label of a lookup is the number, not the word of enum_values",
        ),
        Text("sửa bảng đang dùng nhãn này", "adapt what uses the label"),
    ),
    "snmp_exporter_help": FindingMessage(
        Text("help dài hơn {most} ký tự, phần sau bị cắt", "help of more than {most} characters is cut"),
        Text("không ảnh hưởng tới số liệu", "no value changes by it"),
    ),
    "snmp_exporter_bounded": FindingMessage(
        Text("ở đây chỉ từ {least} đến {most}; lấy giá trị gần nhất", "here {least} to {most}; the nearest is taken"),
        Text("từ {least} đến {most}", "{least} to {most}"),
    ),
    "snmp_exporter_filters": FindingMessage(
        Text(
            "không lọc theo filters: hỏi mọi hàng của bảng", "filters are left out: all rows of a table are asked for"
        ),
        Text(
            "lọc nhãn trong Prometheus (metric_relabel_configs)", "filter labels in Prometheus (metric_relabel_configs)"
        ),
    ),
    "snmp_exporter_use_unconnected_udp_socket": FindingMessage(
        Text(
            "bỏ qua: chỉ nhận trả lời từ đúng địa chỉ đã hỏi",
            "left out: answers count from the address that was asked alone",
        ),
        Text("hỏi đúng địa chỉ mà thiết bị trả lời", "ask the address that the device answers from"),
    ),
    "snmp_exporter_allow_nonincreasing_oids": FindingMessage(
        Text("bỏ qua: OID không tăng thì dừng bảng đó", "left out: names that do not grow end the walk"),
        Text("cập nhật phần mềm của thiết bị", "a newer firmware of the device"),
    ),
    "snmp_exporter_timeout": FindingMessage(
        Text(
            "ở đây timeout là của cả lần hỏi, ở snmp_exporter là của từng gói",
            "here the timeout is that of the whole run, there that of each request",
        ),
        Text("đặt lại timeout nếu thiết bị trả lời chậm", "a longer timeout where a device is slow"),
    ),
    "snmp_exporter_timeout_value": FindingMessage(
        Text("không phải một khoảng thời gian; lấy theo defaults", "no duration; that of defaults is taken"),
        Text("chẳng hạn 5s", "such as 5s"),
    ),
    "snmp_exporter_oid_or_name": FindingMessage(
        Text("không phải OID nên bỏ qua", "not an OID, left out"),
        Text("chẳng hạn 1.3.6.1.2.1.2.2", "such as 1.3.6.1.2.1.2.2"),
    ),
    "snmp_exporter_unnamed": FindingMessage(
        Text(
            "không có metrics nào lấy từ đây, nên ở đây không hỏi",
            "no metric is of it, so it is not asked for here",
        ),
        Text("thêm vào metrics nếu cần", "add it to metrics where it is needed"),
    ),
    "snmp_exporter_rows": FindingMessage(
        Text("chỉ hỏi một phần của bảng; ở đây hỏi cả cột", "a part of a table; here the whole column is asked for"),
        Text(
            "lọc nhãn trong Prometheus (metric_relabel_configs)", "filter labels in Prometheus (metric_relabel_configs)"
        ),
    ),
    "snmp_exporter_never": FindingMessage(
        Text(
            "snmp_exporter không hỏi {count} đối tượng này (không có trong walk, get); ở đây có hỏi: {names}",
            "snmp_exporter never asks for {count} of these (not in walk, get); here they are asked for: {names}",
        ),
        Text("bỏ khỏi tệp đối tượng nếu không cần", "take them out of the object file if not needed"),
    ),
    "snmp_exporter_version": FindingMessage(
        Text("version phải là 1, 2 hoặc 3; bỏ qua mã này", "version must be 1, 2 or 3; this auth is left out"),
        Text("1, 2 hoặc 3", "1, 2 or 3"),
    ),
    "snmp_exporter_level": FindingMessage(
        Text("không có mức bảo vệ này; bỏ qua mã này", "no such security level; this auth is left out"),
        Text("noAuthNoPriv, authNoPriv hoặc authPriv", "noAuthNoPriv, authNoPriv or authPriv"),
    ),
    "snmp_exporter_protocol": FindingMessage(
        Text("không có giao thức này; bỏ qua mã này", "no such protocol; this auth is left out"),
        Text("như snmp_exporter nhận: SHA256, AES, ...", "one that snmp_exporter knows: SHA256, AES, ..."),
    ),
    "snmp_exporter_word": FindingMessage(
        Text(
            "thiếu, hoặc không dài từ {least} đến {most} byte; bỏ qua mã này",
            "missing, or not of {least} to {most} octets; this auth is left out",
        ),
        Text("đúng như trên thiết bị", "as the device has it"),
    ),
    "snmp_exporter_auth_name": FindingMessage(
        Text(
            "tên mã quá dài, không in được, hoặc quá nhiều mã; bỏ qua mã này",
            "a name that is too long or cannot be printed, or too many; this auth is left out",
        ),
        Text("tối đa 64 ký tự, 1000 mã", "at most 64 characters, 1000 auths"),
    ),
    "snmp_exporter_no_auths": FindingMessage(
        Text(
            "tệp không có auths: các mô-đun chưa có mã SNMP", "no auths in this file: the modules have no credentials"
        ),
        Text("thêm credentials: {{file: ...}} vào mô-đun", "add credentials: {{file: ...}} to the modules"),
    ),
    "snmp_exporter_which_auth": FindingMessage(
        Text(
            "nhiều mã; mỗi lần kiểm tra ghi rõ mã nào: {names}",
            "several auths; each check says which it takes: {names}",
        ),
        Text(
            "credential: TÊN ở check, hoặc cột SNMP của điểm",
            "credential: NAME at the check, or the site's column snmp",
        ),
    ),
    "snmp_exporter_credentials_taken": FindingMessage(
        Text(
            "tệp đã có và có nội dung khác; chưa ghi gì",
            "the file is there and holds something else; nothing is written",
        ),
        Text("đổi tên nó, hoặc chọn thư mục khác sau --secrets-to", "rename it, or another folder behind --secrets-to"),
    ),
}
