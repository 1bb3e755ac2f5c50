"""The texts of the reasons that `ntp` alone has. Whose clock is wrong, one server cannot say: the texts of an
offset speak of both.
"""

from __future__ import annotations

from agent.model import ReasonText, ReasonTexts, Role, sentences
from agent.probes.ntp.reasons import NtpReason
from agent.text import Text

_CLOCKS = (  # the role of a target, what its clock is part of, and who looks after that
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
        Text("dịch vụ dùng chung (máy chủ giờ)", "the shared service's time server"),
        Text("đơn vị vận hành máy chủ giờ", "the operator of the time server"),
    ),
    (Role.DEVICE, Text("thiết bị này", "the device"), Text("đơn vị bảo trì thiết bị", "whoever maintains the device")),
)
_SENTENCES = {
    NtpReason.NOT_SYNCHRONISED: sentences(
        "Đồng hồ của {clock} tự báo chưa được đồng bộ, không nên lấy giờ từ đó. Lỗi phía đó, mạng vẫn tốt.",
        "The clock of {clock} reports that it follows no source: take no time from it. The fault is there; the network is fine.",
        "Báo {owner} xem nguồn giờ (GPS hoặc máy chủ giờ cấp trên) của {clock}.",
        "Ask {owner} to look at the time source (GPS, or the server above) of {clock}.",
    ),
    NtpReason.CLOCK_OFFSET: sentences(
        "Đồng hồ của {clock} và của máy giám sát lệch nhau quá mức cho phép. Một trong hai đồng hồ sai.",
        "The clocks of {clock} and of the monitor differ by more than is allowed. One of the two is wrong.",
        "So giờ máy giám sát với điện thoại: máy giám sát sai thì bật đồng bộ giờ, đúng thì báo {owner}. Nếu hai máy chủ giờ cùng báo như vậy thì máy giám sát sai.",
        "Compare the monitor's time with a phone: if the monitor is wrong, switch on its time synchronisation, else tell {owner}. If two time servers agree, the monitor is wrong.",
    ),
    NtpReason.HIGH_ROOT_DISPERSION: sentences(
        "Đồng hồ của {clock} vẫn trả lời nhưng tự báo giờ của nó không còn chắc chắn.",
        "The clock of {clock} answers, but reports that its own time is no longer certain.",
        "Báo {owner} xem {clock} còn nhận được giờ từ nguồn của nó không; nguồn mất thì giờ sẽ trôi dần.",
        "Ask {owner} whether {clock} still hears its source; without one its clock drifts away.",
    ),
}


def _of(text: ReasonText, clock: Text, owner: Text) -> ReasonText:
    return ReasonText(text.what.filled(clock=clock), text.advice.filled(clock=clock, owner=owner))


TEXTS: ReasonTexts = {
    reason: {role: _of(text, clock, owner) for role, clock, owner in _CLOCKS} for reason, text in _SENTENCES.items()
}
