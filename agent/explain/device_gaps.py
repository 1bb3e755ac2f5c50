"""What a device lacks, and what it measures of itself, in a few words: for whoever has just switched SNMP on."""

from __future__ import annotations

from collections.abc import Mapping

from agent.text import Text

SILENT = Text(
    "SNMP không trả lời. Một trong bốn lý do: sai mã (community hoặc người dùng), sai mật khẩu mã hóa, địa chỉ máy giám"
    " sát chưa được phép trong danh sách truy cập của thiết bị, hoặc SNMP chưa bật",
    "no SNMP answer: wrong community or user, wrong privacy password, the device's access list lacks the monitor's"
    " address, or its SNMP is off",
)
GAPS: Mapping[str, Text] = {
    "no_port_names": Text("không có tên cổng (ifName)", "no names of ports (ifName)"),
    "no_port_aliases": Text(
        "chưa cổng nào được ghi chú (ifAlias): hãy ghi nối đi đâu, để cổng đó được theo dõi",
        "no port has a description (ifAlias): write where it leads, and the port is watched",
    ),
    "no_serial": Text("không khai số sê-ri", "no serial number"),
    "no_uptime": Text("không khai đã chạy bao lâu", "no uptime"),
    "version_1": Text(
        "chỉ trả lời SNMP v1: chậm và không mã hóa", "it answers SNMP v1 only: slow, and nothing is encrypted"
    ),
    "no_counter64": Text(
        "không có bộ đếm 64 bit: lưu lượng của cổng nhanh không đo được",
        "no 64-bit counters: the traffic of fast ports cannot be measured",
    ),
    "unverified_sets": Text(
        "tập đối tượng của hãng này chưa được đối chiếu với thiết bị thật",
        "the object set of this vendor was never compared with a real device",
    ),
    "unknown_vendor": Text(
        "chưa biết gì riêng của hãng này: chỉ đọc những gì theo chuẩn chung",
        "nothing is known of this vendor: only what the standards have is read",
    ),
}
"""By the words that a run's facts have for them."""

MEASURES: Mapping[str, Text] = {
    "cpu_ratio": Text("CPU {percent} %", "CPU {percent} %"),
    "memory_used_ratio": Text("bộ nhớ {percent} %", "memory {percent} %"),
    "temperatures_celsius": Text("nóng nhất {number} °C", "hottest {number} °C"),
    "ups_charge_ratio": Text("ắc quy {percent} %", "battery {percent} %"),
    "ups_runtime_seconds": Text("còn chạy được {duration}", "runs for another {duration}"),
    "ups_load_ratio": Text("tải {percent} %", "load {percent} %"),
    "lte_rsrp_dbm": Text("sóng di động RSRP {number} dBm", "mobile signal RSRP {number} dBm"),
    "lte_sinr_db": Text("SINR {number} dB", "SINR {number} dB"),
    "printer_supplies": Text("mực còn ít nhất {least} %", "least supply left {least} %"),
}
"""By the names of a run's facts: one of percent, number, duration and (of several) least."""
