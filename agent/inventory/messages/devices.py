"""Messages about asking devices by SNMP. None repeats what stands in a cell: it may be the community itself."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

_LINE = "snmp: {{probe: snmp, credentials: {{file: /etc/sansang/snmp-credentials.yml}}}}"

DEVICE_MESSAGES: Mapping[str, FindingMessage] = {
    "snmp_no_module": FindingMessage(
        Text(
            "có {count} điểm dùng cột SNMP nhưng chưa có mô-đun nào hỏi thiết bị qua SNMP",
            "the SNMP column is filled in (sites: {count}), and no module asks devices by SNMP",
        ),
        Text(
            f"thêm dòng này vào mục modules: của tệp cấu hình chính: {_LINE}",
            f"add this line under modules: of the main file: {_LINE}",
        ),
    ),
    "snmp_several_modules": FindingMessage(
        Text(
            "có {count} điểm dùng cột SNMP nhưng không rõ dùng mô-đun nào trong: {choices}",
            "the SNMP column is filled in (sites: {count}), and several modules could be meant: {choices}",
        ),
        Text("đặt tên snmp cho mô-đun dùng cho cột này", "give the one for this column the name snmp"),
    ),
    "snmp_no_device": FindingMessage(
        Text(
            "cột SNMP không có tác dụng: điểm này không có thiết bị nào được ping",
            "the SNMP column has no effect: no device of this site is pinged",
        ),
        Text("ghi địa chỉ cổng mạng hoặc bộ chuyển mạch", "fill in the gateway or the switch"),
    ),
    "credentials_file": FindingMessage(
        Text("tệp mã SNMP {path}: {detail}", "file of SNMP credentials {path}: {detail}"),
        Text(
            'commune: {{version: 2c, community: "..."}}, mỗi mã một dòng',
            'commune: {{version: 2c, community: "..."}}, a line for each',
        ),
    ),
    "port_syntax": FindingMessage(
        Text("không phải tên cổng", "not the name of a port"),
        Text("như thiết bị ghi, ví dụ Gi0/3 hoặc ether1", "as the device calls it, such as Gi0/3 or ether1"),
    ),
    "port_names": FindingMessage(
        Text("không phải danh sách tên cổng", "not a list of names of ports"),
        Text(
            "mỗi cổng một lần, cách nhau bằng dấu chấm phẩy: Gi0/3: Phòng họp; Gi0/4: Một cửa",
            "each port once, between semicolons: Gi0/3: Phòng họp; Gi0/4: Một cửa",
        ),
    ),
    "port_name_long": FindingMessage(
        Text("tên cổng dài {length} ký tự", "the name of the port has {length} characters"),
        Text("nhiều nhất 32", "at most 32"),
    ),
}
