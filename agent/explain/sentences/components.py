"""What is wrong with a part of a device, as a reason of the check and as a sentence about the part itself."""

from __future__ import annotations

from collections.abc import Mapping

from agent.model import ComponentFault, ComponentKind, Reason, ReasonTexts, Role, sentences
from agent.text import Text

TEXTS: ReasonTexts = {
    Reason.COMPONENT_FAILED: {
        Role.UPLINK: sentences(
            "Bộ định tuyến của đường truyền vẫn trả lời nhưng tự báo có bộ phận hỏng hoặc cổng mất kết nối.",
            "The line's router answers, but reports a failed part or a port without a link.",
            "Xem bộ phận được nêu tên: cổng thì kiểm tra dây và thiết bị đầu kia; nguồn, quạt, ắc quy thì báo nơi bảo trì bộ định tuyến.",
            "Look at the part that is named: of a port the cable and what is at its other end; a supply, fan or battery is for whoever maintains the router.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch của mạng nội bộ vẫn trả lời nhưng tự báo có bộ phận hỏng hoặc cổng mất kết nối.",
            "The switch of the local network answers, but reports a failed part or a port without a link.",
            "Tìm cổng được nêu tên trên bộ chuyển mạch: cắm lại dây hai đầu, thử cổng khác, xem thiết bị đầu kia có điện không.",
            "Find the named port on the switch: reseat the cable at both ends, try another port, see whether the other end has power.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu vẫn trả lời nhưng tự báo có bộ phận hỏng hoặc cổng mất kết nối.",
            "The conference point's codec answers, but reports a failed part or a port without a link.",
            "Xem bộ phận được nêu tên ngay tại phòng họp; thay dây hoặc cổng, rồi gọi thử trước phiên họp. Không tự mở codec.",
            "Look at the named part in the meeting room; change the cable or the port, then place a test call. Do not open the codec yourself.",
        ),
        Role.ONE_STOP: sentences(
            "Thiết bị của bộ phận một cửa vẫn trả lời nhưng tự báo có bộ phận hỏng hoặc cổng mất kết nối.",
            "The one-stop shop's equipment answers, but reports a failed part or a port without a link.",
            "Xem bộ phận được nêu tên; quầy một cửa nào mất mạng thì cắm tạm sang cổng khác, rồi báo người phụ trách thiết bị.",
            "Look at the named part; move a one-stop desk without network to another port for now, then tell whoever looks after the equipment.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin vẫn trả lời nhưng tự báo có bộ phận hỏng hoặc cổng mạng mất kết nối.",
            "The portal's server answers, but reports a failed part or a network port without a link.",
            "Báo đơn vị vận hành cổng thông tin tên bộ phận và giờ hỏng; máy chủ còn chạy nên sửa được ngoài giờ.",
            "Give the portal's operator the name of the part and the time; the server still runs, so it can be mended out of hours.",
        ),
        Role.SERVICE: sentences(
            "Thiết bị của dịch vụ dùng chung vẫn trả lời nhưng tự báo có bộ phận hỏng hoặc cổng mất kết nối.",
            "The shared service's equipment answers, but reports a failed part or a port without a link.",
            "Báo đơn vị vận hành dịch vụ dùng chung tên bộ phận và giờ hỏng; hỏi có bộ phận dự phòng đang gánh thay không.",
            "Give the operator of the shared service the name of the part and the time; ask whether a spare one carries the load.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị vẫn trả lời nhưng tự báo có bộ phận hỏng hoặc cổng mất kết nối.",
            "The device answers, but reports a failed part or a port without a link.",
            "Xem bộ phận được nêu tên trên thiết bị: cổng thì kiểm tra dây và đầu kia; nguồn, quạt, ắc quy thì thay trong kỳ bảo trì gần nhất.",
            "Look at the named part on the device: of a port its cable and the other end; replace a supply, fan or battery at the next maintenance.",
        ),
    },
}
"""The reason of a check whose device has a failed part: on boards, in alerts, and where the parts are not known."""

COMPONENTS: Mapping[ComponentKind, Text] = {
    ComponentKind.PORT: Text("cổng", "port"),
    ComponentKind.POWER: Text("nguồn điện lưới", "mains"),
    ComponentKind.BATTERY: Text("ắc quy", "battery"),
    ComponentKind.FAN: Text("quạt", "fan"),
    ComponentKind.SUPPLY: Text("bộ nguồn", "power supply"),
    ComponentKind.TEMPERATURE: Text("nhiệt độ", "temperature"),
    ComponentKind.CONSUMABLE: Text("vật tư", "supplies"),
}
"""What a part is called in front of its name."""

FAULTS: Mapping[ComponentFault, Text] = {
    ComponentFault.PORT_DOWN: Text("mất kết nối", "no link"),
    ComponentFault.ON_BATTERY: Text("chạy bằng ắc quy", "on battery"),
    ComponentFault.POWER_OUT: Text("không cấp điện ra", "no output"),
    ComponentFault.BATTERY_LOW: Text("ắc quy sắp cạn", "battery low"),
    ComponentFault.BATTERY_REPLACE: Text("cần thay ắc quy", "replace the battery"),
    ComponentFault.OVERLOADED: Text("quá tải", "overloaded"),
    ComponentFault.OVERHEATED: Text("quá nóng", "too hot"),
    ComponentFault.FAN_FAILED: Text("quạt hỏng", "fan failed"),
    ComponentFault.SUPPLY_FAILED: Text("bộ nguồn hỏng", "power supply failed"),
}
"""What is wrong with a part, in the words of a table's cell."""

FAULT_SENTENCES: Mapping[ComponentFault, Text] = {
    ComponentFault.PORT_DOWN: Text("{part} của {device} mất kết nối", "{part} of {device} is down"),
    ComponentFault.ON_BATTERY: Text(
        "{device} đang chạy bằng ắc quy, không có điện lưới", "{device} runs on its battery, without mains"
    ),
    ComponentFault.POWER_OUT: Text("{device} không còn cấp điện ra", "{device} gives no power out"),
    ComponentFault.BATTERY_LOW: Text("{part} của {device} sắp cạn", "{part} of {device} is nearly empty"),
    ComponentFault.BATTERY_REPLACE: Text("{part} của {device} cần thay", "{part} of {device} has to be replaced"),
    ComponentFault.OVERLOADED: Text("{device} quá tải", "{device} is overloaded"),
    ComponentFault.OVERHEATED: Text("{part} của {device} quá cao", "{part} of {device} is too high"),
    ComponentFault.FAN_FAILED: Text("{part} của {device} không quay", "{part} of {device} does not turn"),
    ComponentFault.SUPPLY_FAILED: Text("{part} của {device} hỏng", "{part} of {device} has failed"),
}
"""About one part: {part} is what it is and is called, {device} the name of the target."""

FAULT_ADVICE: Mapping[ComponentFault, Text] = {
    ComponentFault.PORT_DOWN: Text(
        "Cắm lại dây ở hai đầu, thử cổng khác; xem thiết bị đầu kia có bật không.",
        "Reseat the cable at both ends, try another port; see whether what it leads to is switched on.",
    ),
    ComponentFault.ON_BATTERY: Text(
        "Xem điện lưới và cầu dao của trụ sở; tắt bớt thiết bị không cần để ắc quy còn lâu hơn.",
        "Look at the office's mains and breaker; switch off what is not needed, so that the battery lasts longer.",
    ),
    ComponentFault.POWER_OUT: Text(
        "Những gì cắm vào bộ lưu điện đang mất điện: xem công tắc đầu ra, cắm tạm sang điện lưới.",
        "What is plugged into the UPS has no power: look at its output switch, plug it into the mains for now.",
    ),
    ComponentFault.BATTERY_LOW: Text(
        "Lưu việc và tắt máy chủ cho đúng cách ngay, trước khi ắc quy cạn.",
        "Save your work and shut servers down properly now, before the battery is empty.",
    ),
    ComponentFault.BATTERY_REPLACE: Text(
        "Đặt mua ắc quy đúng loại; từ nay mất điện là tắt ngay.",
        "Order a battery of its kind; until then a power cut means that everything goes off at once.",
    ),
    ComponentFault.OVERLOADED: Text(
        "Rút bớt thiết bị cắm vào đó, nhất là máy in và quạt.",
        "Unplug something from it, printers and fans first.",
    ),
    ComponentFault.OVERHEATED: Text(
        "Mở thoáng tủ, lau bụi, xem điều hòa và quạt của phòng.",
        "Give the cabinet air, remove the dust, look at the room's air conditioning and fans.",
    ),
    ComponentFault.FAN_FAILED: Text(
        "Lau bụi rồi xem quạt có quay không; không quay thì thay sớm, máy sẽ quá nóng.",
        "Remove the dust and see whether it turns; if not, replace it soon: the device will run hot.",
    ),
    ComponentFault.SUPPLY_FAILED: Text(
        "Xem dây nguồn của bộ đó; còn hỏng thì thay, thiết bị đang chạy bằng bộ còn lại.",
        "Look at that supply's cord; if it stays so replace it: the device runs on the other one.",
    ),
}
"""What to do about it first."""

SINCE = Text("{sentence} từ {instant}", "{sentence} since {instant}")
"""A sentence about a part, and since when it holds."""
