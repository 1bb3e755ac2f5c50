"""The texts of the reasons that `snmp` alone has. SNMP's silence is not the device's: the first reason says so."""

from __future__ import annotations

from agent.model import ReasonTexts, sentences
from agent.probes.asked_parties import for_each_role
from agent.probes.snmp.reasons import SnmpReason

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


TEXTS: ReasonTexts = for_each_role(_SENTENCES)
