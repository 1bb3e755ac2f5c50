"""The sheet that tells how a list of devices came about, and the rule by which it says what to replace first."""

from __future__ import annotations

from collections.abc import Iterator

from agent.availability.outage_cause import SLACK_MS
from agent.reporting import replacement as rule
from agent.reporting.devices import DeviceList
from agent.text import Text
from exporters.reports.cells import ReportSheet, TableColumn, named_sheet, table

_RULES = (
    (
        Text("Thiết bị", "Device"),
        Text(
            "Mỗi địa chỉ của một điểm được ping như đường truyền, mạng LAN, thiết bị, hoặc được hỏi SNMP. Hãng, kiểu,"
            " số sê-ri, phiên bản là lời thiết bị tự khai; để trống là thiết bị không khai.",
            "Each address of a site that is pinged as uplink, LAN or device, or asked by SNMP. Vendor, model, serial"
            " number and firmware are what the device says; empty is what it does not say.",
        ),
    ),
    (
        Text("Khởi động lại", "Restart"),
        Text(
            "Thời gian chạy mà thiết bị khai bắt đầu lại từ 0, không phải do bộ đếm quay vòng sau 497 ngày.",
            "The running time that a device tells began anew, and not because its counter wraps after 497 days.",
        ),
    ),
    (
        Text("Do mất điện", "By power cuts"),
        Text(
            f"Trong vòng {SLACK_MS // 60_000} phút quanh lần khởi động lại, cả điểm mất liên lạc, hoặc bộ lưu điện của"
            " điểm chạy bằng ắc quy, hoặc thiết bị khác của điểm cũng khởi động lại.",
            f"Within {SLACK_MS // 60_000} minutes of the restart the whole site was down, a UPS of the site ran on its"
            " battery, or another device of the site restarted too.",
        ),
    ),
    (
        Text("Tuổi", "Age"),
        Text(
            "Từ ngày sản xuất nếu thiết bị khai, nếu không thì từ lúc sổ ghi thấy số sê-ri này lần đầu: tuổi thật có"
            " thể lớn hơn.",
            "Since the day it was made if it says so, else since the ledger first saw this serial number: it may be"
            " older than that.",
        ),
    ),
    (
        Text("Thay ngay", "Replace now"),
        Text(
            f"Thiết bị tự báo cần thay ắc quy; bộ nguồn hỏng; quạt hỏng; không trả lời từ {rule.SILENT_DAYS} ngày"
            " trở lên.",
            f"It asks for a new battery; a power supply or a fan has failed; no answer for {rule.SILENT_DAYS} days.",
        ),
    ),
    (
        Text("Nên thay sớm", "Replace soon"),
        Text(
            f"Trong kỳ: khởi động lại từ {rule.RESTARTS} lần không do mất điện; một bộ phận lỗi từ {rule.FAILURES} lần"
            f" (một cổng: {rule.PORT_FAILURES}); vượt ngưỡng của mô-đun từ {rule.LIMIT_HOURS} giờ.",
            f"In the period: {rule.RESTARTS} restarts without a power cut; {rule.FAILURES} failures of a part (of a"
            f" port: {rule.PORT_FAILURES}); {rule.LIMIT_HOURS} hours beyond the limits of its module.",
        ),
    ),
    (
        Text("Đưa vào kế hoạch", "Plan to replace"),
        Text(f"Đã dùng từ {rule.YEARS} năm trở lên.", f"{rule.YEARS} years old or more."),
    ),
    (
        Text("Thứ tự", "Order"),
        Text(
            "Mức cần thay, rồi nhiều lý do hơn, rồi khởi động lại nhiều hơn, rồi cũ hơn xếp trước.",
            "By degree; within one, more reasons first, then more restarts, then the older.",
        ),
    ),
)


def device_method(devices: DeviceList) -> ReportSheet:
    """What a reader needs to check it by hand."""
    columns: tuple[TableColumn[tuple[str, str]], ...] = (
        TableColumn(Text("Mục", "What"), 28, lambda entry: entry[0]),
        TableColumn(Text("Cách tính", "How it is told"), 110, lambda entry: entry[1]),
    )
    return named_sheet(
        Text("Cách tính", "Method"),
        Text("CÁCH TÍNH", "METHOD"),
        devices.language,
        table(columns, _method_lines(devices), devices.language),
    )


def _method_lines(devices: DeviceList) -> Iterator[tuple[str, str]]:
    language = devices.language
    for what, how in _RULES:
        yield what.to(language), how.to(language)
    yield Text("Mốc của sổ (dòng:mã băm)", "Head of the ledger (row:hash)").to(language), devices.provenance.anchor
    yield Text("Phiên bản phần mềm", "Software").to(language), devices.provenance.version
