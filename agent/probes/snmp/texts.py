"""The texts of the reasons that `snmp` alone has. SNMP's silence is not the device's: the first reason says so."""

from __future__ import annotations

from agent.model import ReasonText, ReasonTexts, Role, sentences
from agent.probes.snmp.reasons import SnmpReason
from agent.text import Text

_DEVICES = (  # the role of a target, what is asked, and who looks after it
    (
        Role.UPLINK,
        Text("bộ định tuyến đầu đường truyền", "the line's router"),
        Text("nhà mạng", "the network provider"),
    ),
    (
        Role.LAN,
        Text("thiết bị mạng nội bộ", "the local network's device"),
        Text("cán bộ phụ trách mạng nội bộ", "whoever looks after the local network"),
    ),
    (
        Role.CONFERENCE,
        Text("thiết bị hội nghị tại điểm cầu", "the conference point's codec"),
        Text("đơn vị vận hành hội nghị truyền hình", "the operator of the video conferences"),
    ),
    (
        Role.ONE_STOP,
        Text("máy chủ một cửa", "the one-stop server"),
        Text("đơn vị vận hành hệ thống một cửa", "the operator of the one-stop system"),
    ),
    (
        Role.PORTAL,
        Text("máy chủ cổng thông tin", "the portal's server"),
        Text("đơn vị vận hành cổng thông tin", "the operator of the portal"),
    ),
    (
        Role.SERVICE,
        Text("máy chủ dịch vụ dùng chung", "the shared service's server"),
        Text("đơn vị vận hành dịch vụ", "the operator of the service"),
    ),
    (Role.DEVICE, Text("thiết bị này", "the device"), Text("đơn vị bảo trì thiết bị", "whoever maintains the device")),
)
_SENTENCES = {
    SnmpReason.NO_SNMP_ANSWER: sentences(
        "Ping tới {device} tốt nhưng SNMP không trả lời: sai community, sai mật khẩu mã hóa, danh sách truy cập chặn, hoặc SNMP đang tắt.",
        "Ping to {device} is fine, but its SNMP does not answer: wrong community, wrong privacy password, access list, or its SNMP is off.",
        "Thiết bị vẫn chạy. Xem SNMP của {device} có bật không, community hoặc mật khẩu có khớp tệp mã SNMP không, có cho phép máy giám sát không.",
        "The device runs. See whether SNMP of {device} is on, whether community or passwords match the credentials file, and whether it admits the monitor's address.",
    ),
    SnmpReason.PORT_DOWN: sentences(
        "Cổng được theo dõi của {device} mất kết nối: dây, thiết bị ở đầu kia, hoặc cổng bị tắt.",
        "The watched port of {device} is down: its cable, the device at its other end, or the port is switched off.",
        "Xem dây cắm ở cổng đó và thiết bị ở đầu kia có điện không; nếu vẫn vậy, báo {owner}.",
        "Look at the cable in that port and whether the device at its other end has power; else tell {owner}.",
    ),
    SnmpReason.PORT_NOT_FOUND: sentences(
        "Cổng được theo dõi không có trong danh sách cổng của {device}.",
        "The watched port is not among the ports of {device}.",
        "So tên cổng trong danh mục với tên mà {device} tự báo (sansang check --snmp); thiết bị có thể đã được thay.",
        "Compare the port's name in the inventory with those that {device} reports (sansang check --snmp); the device may have been replaced.",
    ),
    SnmpReason.SNMP_ERROR: sentences(
        "SNMP của {device} có trả lời nhưng báo lỗi khi đọc một số giá trị.",
        "SNMP of {device} answers, but with an error for some of the values.",
        "Nếu lặp lại, báo {owner} khởi động lại hoặc cập nhật phần mềm của {device}.",
        "If this goes on, ask {owner} to restart {device} or to update its firmware.",
    ),
    SnmpReason.OVER_LIMIT: sentences(
        "Một giá trị mà {device} tự báo vượt giới hạn đặt cho nó.",
        "A value that {device} reports is beyond its limit.",
        "Xem giá trị nào trong chi tiết của lần đo, rồi báo {owner}.",
        "See which value in the detail of the run, then tell {owner}.",
    ),
}


def _of(text: ReasonText, device: Text, owner: Text) -> ReasonText:
    return ReasonText(text.what.filled(device=device), text.advice.filled(device=device, owner=owner))


TEXTS: ReasonTexts = {
    reason: {role: _of(text, device, owner) for role, device, owner in _DEVICES} for reason, text in _SENTENCES.items()
}
