"""Targets that others explain, or that explain themselves by what answers behind them."""

from __future__ import annotations

from collections.abc import Mapping

from agent.model import ReasonText, Role, sentences

UPSTREAM: Mapping[Role, ReasonText] = {
    Role.UPLINK: sentences(
        "Không tới được đường truyền vì {upstream} ở phía trước đang hỏng; bản thân đường truyền chưa chắc có lỗi.",
        "The line cannot be reached because {upstream} on the way to it is down; it may itself be fine.",
        "Khôi phục {upstream} trước, rồi xem lại đường truyền; chưa cần động vào bộ định tuyến. Cần ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
        "Restore {upstream} first, then look at the line again; leave the router alone until then. To know now, open a web page at the office to try the line.",
    ),
    Role.LAN: sentences(
        "Không tới được mạng nội bộ vì {upstream} ở phía trước đang hỏng; bản thân mạng nội bộ chưa chắc có lỗi.",
        "The local network cannot be reached because {upstream} on the way to it is down; it may itself be fine.",
        "Khôi phục {upstream} trước, rồi xem lại mạng nội bộ; chưa cần động vào bộ chuyển mạch. Cần ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
        "Restore {upstream} first, then look at the local network again; leave the switch alone until then. To know now, try the local network on a computer at the office.",
    ),
    Role.CONFERENCE: sentences(
        "Không tới được điểm cầu vì {upstream} ở phía trước đang hỏng; bản thân điểm cầu chưa chắc có lỗi.",
        "The conference point cannot be reached because {upstream} on the way to it is down; it may itself be fine.",
        "Khôi phục {upstream} trước, rồi xem lại điểm cầu; chưa cần động vào codec. Cần ngay thì gọi thử một phiên từ codec của điểm cầu.",
        "Restore {upstream} first, then look at the conference point again; leave the codec alone until then. To know now, place a test call from the conference point.",
    ),
    Role.ONE_STOP: sentences(
        "Không tới được hệ thống một cửa vì {upstream} ở phía trước đang hỏng; bản thân hệ thống một cửa chưa chắc có lỗi.",
        "The one-stop system cannot be reached because {upstream} on the way to it is down; it may itself be fine.",
        "Khôi phục {upstream} trước, rồi xem lại hệ thống một cửa; chưa cần động vào máy chủ. Cần ngay thì mở trang một cửa trên máy tại quầy.",
        "Restore {upstream} first, then look at the one-stop system again; leave its server alone until then. To know now, open the one-stop site at the desk.",
    ),
    Role.PORTAL: sentences(
        "Không tới được cổng thông tin vì {upstream} ở phía trước đang hỏng; bản thân cổng thông tin chưa chắc có lỗi.",
        "The portal cannot be reached because {upstream} on the way to it is down; it may itself be fine.",
        "Khôi phục {upstream} trước, rồi xem lại cổng thông tin; chưa cần động vào máy chủ. Cần ngay thì mở cổng thông tin bằng điện thoại.",
        "Restore {upstream} first, then look at the portal again; leave its server alone until then. To know now, open the portal on a phone.",
    ),
    Role.SERVICE: sentences(
        "Không tới được dịch vụ dùng chung vì {upstream} ở phía trước đang hỏng; bản thân dịch vụ dùng chung chưa chắc có lỗi.",
        "The shared service cannot be reached because {upstream} on the way to it is down; it may itself be fine.",
        "Khôi phục {upstream} trước, rồi xem lại dịch vụ dùng chung; chưa cần động vào máy chủ. Cần ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
        "Restore {upstream} first, then look at the shared service again; leave its server alone until then. To know now, sign in to the shared service from another computer.",
    ),
    Role.DEVICE: sentences(
        "Không tới được thiết bị vì {upstream} ở phía trước đang hỏng; bản thân máy chưa chắc có lỗi.",
        "The device cannot be reached because {upstream} on the way to it is down; it may itself be fine.",
        "Khôi phục {upstream} trước rồi mới xem lại thiết bị, chưa cần động vào nó. Cần ngay thì xem đèn báo tại chỗ.",
        "Restore {upstream} first and leave the device alone until then. To know now, look at its lights.",
    ),
}
"""{upstream} is the name of what is down on the way to the target; no other sentence has a field."""

SILENT_BUT_PASSING: Mapping[Role, ReasonText] = {
    Role.UPLINK: sentences(
        "Bộ định tuyến đầu đường truyền không trả lời phép đo nhưng vẫn cho lưu lượng đi qua: phía sau vẫn có nơi trả lời.",
        "The line's router does not answer the check but still passes traffic: something behind it answers.",
        "Không phải mất kết nối. Cho phép máy giám sát hỏi bộ định tuyến (thường là bật trả lời ping), hoặc chọn phép đo khác cho đường truyền.",
        "This is not an outage. Let the monitor ask the router (usually: allow ping), or choose another check for the line.",
    ),
    Role.LAN: sentences(
        "Bộ chuyển mạch mạng nội bộ không trả lời phép đo nhưng vẫn cho lưu lượng đi qua: phía sau vẫn có nơi trả lời.",
        "The local network's switch does not answer the check but still passes traffic: something behind it answers.",
        "Không phải mất kết nối. Cho phép máy giám sát hỏi bộ chuyển mạch (thường là bật trả lời ping), hoặc chọn phép đo khác cho mạng nội bộ.",
        "This is not an outage. Let the monitor ask the switch (usually: allow ping), or choose another check for the local network.",
    ),
    Role.CONFERENCE: sentences(
        "Thiết bị hội nghị tại điểm cầu không trả lời phép đo nhưng vẫn cho lưu lượng đi qua: phía sau vẫn có nơi trả lời.",
        "The conference point's codec does not answer the check but still passes traffic: something behind it answers.",
        "Không phải mất kết nối. Cho phép máy giám sát hỏi codec (bật ping hoặc SIP), hoặc chọn phép đo khác cho điểm cầu.",
        "This is not an outage. Let the monitor ask the codec (allow ping or SIP), or choose another check for the conference point.",
    ),
    Role.ONE_STOP: sentences(
        "Máy chủ một cửa không trả lời phép đo nhưng vẫn cho lưu lượng đi qua: phía sau vẫn có nơi trả lời.",
        "The one-stop server does not answer the check but still passes traffic: something behind it answers.",
        "Không phải mất kết nối. Đề nghị đơn vị vận hành hệ thống một cửa cho máy chủ trả lời ping từ máy giám sát, hoặc chọn phép đo khác.",
        "This is not an outage. Have the server answer the monitor (usually: allow ping), or choose another check for the one-stop system.",
    ),
    Role.PORTAL: sentences(
        "Máy chủ cổng thông tin không trả lời phép đo nhưng vẫn cho lưu lượng đi qua: phía sau vẫn có nơi trả lời.",
        "The portal's server does not answer the check but still passes traffic: something behind it answers.",
        "Không phải mất kết nối. Đề nghị đơn vị vận hành cổng thông tin cho máy chủ trả lời ping từ máy giám sát, hoặc chọn phép đo khác.",
        "This is not an outage. Have the server answer the monitor (usually: allow ping), or choose another check for the portal.",
    ),
    Role.SERVICE: sentences(
        "Máy chủ dịch vụ dùng chung không trả lời phép đo nhưng vẫn cho lưu lượng đi qua: phía sau vẫn có nơi trả lời.",
        "The shared service's server does not answer the check but still passes traffic: something behind it answers.",
        "Không phải mất kết nối. Đề nghị đơn vị vận hành dịch vụ dùng chung cho máy chủ trả lời ping từ máy giám sát, hoặc chọn phép đo khác.",
        "This is not an outage. Have the server answer the monitor (usually: allow ping), or choose another check for the shared service.",
    ),
    Role.DEVICE: sentences(
        "Thiết bị này không trả lời phép đo nhưng vẫn cho lưu lượng đi qua: phía sau vẫn có nơi trả lời.",
        "The device does not answer the check but still passes traffic: something behind it answers.",
        "Không phải mất kết nối. Bật trả lời ping cho máy giám sát trên thiết bị, hoặc chọn phép đo khác.",
        "This is not an outage. Let the device answer the monitor's ping, or choose another check for it.",
    ),
}
