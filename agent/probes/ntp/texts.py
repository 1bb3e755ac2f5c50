"""The texts of the reasons that `ntp` alone has. Whose clock is wrong, one server cannot say: the texts of an
offset speak of both.
"""

from __future__ import annotations

from agent.model import ReasonTexts, Role, sentences
from agent.probes.asked_parties import PARTIES, AskedParty, for_each_role
from agent.probes.ntp.reasons import NtpReason
from agent.text import Text

_CLOCKS = PARTIES | {
    Role.SERVICE: AskedParty(
        Text("dịch vụ dùng chung (máy chủ giờ)", "the shared service's time server"),
        Text("đơn vị vận hành máy chủ giờ", "the operator of the time server"),
    )
}
_SENTENCES = {
    NtpReason.NOT_SYNCHRONISED: sentences(
        "Đồng hồ của {device} tự báo chưa được đồng bộ, không nên lấy giờ từ đó. Lỗi phía đó, mạng vẫn tốt.",
        "The clock of {device} reports that it follows no source: take no time from it. The fault is there; the network is fine.",
        "Báo {owner} xem nguồn giờ (GPS hoặc máy chủ giờ cấp trên) của {device}.",
        "Ask {owner} to look at the time source (GPS, or the server above) of {device}.",
    ),
    NtpReason.CLOCK_OFFSET: sentences(
        "Đồng hồ của {device} và của máy giám sát lệch nhau quá mức cho phép. Một trong hai đồng hồ sai.",
        "The clocks of {device} and of the monitor differ by more than is allowed. One of the two is wrong.",
        "So giờ máy giám sát với điện thoại: máy giám sát sai thì bật đồng bộ giờ, đúng thì báo {owner}. Nếu hai máy chủ giờ cùng báo như vậy thì máy giám sát sai.",
        "Compare the monitor's time with a phone: if the monitor is wrong, switch on its time synchronisation, else tell {owner}. If two time servers agree, the monitor is wrong.",
    ),
    NtpReason.HIGH_ROOT_DISPERSION: sentences(
        "Đồng hồ của {device} vẫn trả lời nhưng tự báo giờ của nó không còn chắc chắn.",
        "The clock of {device} answers, but reports that its own time is no longer certain.",
        "Báo {owner} xem {device} còn nhận được giờ từ nguồn của nó không; nguồn mất thì giờ sẽ trôi dần.",
        "Ask {owner} whether {device} still hears its source; without one its clock drifts away.",
    ),
}


TEXTS: ReasonTexts = for_each_role(_SENTENCES, _CLOCKS)
