"""The texts about a clock that nothing sets: what it means for the figures, and what to type. Everywhere the same."""

from __future__ import annotations

from agent.text import Text

MEANING = Text(
    "Đồng hồ máy giám sát chưa được đồng bộ. Khi chưa có nguồn giờ nào chỉnh đồng hồ kể từ lúc máy khởi động, số liệu"
    " bị tính là chưa rõ, và không chắc chứng thư còn hạn hay không.",
    "The monitor's clock is not synchronised. While no time source has set it since the machine started, figures count"
    " as unknown, and nobody can be sure that a certificate is valid.",
)
TO_TYPE = Text(
    "Hãy gõ: timedatectl set-ntp true. Mạng kín: ghi dòng NTP=ĐỊA_CHỈ (máy chủ giờ của tỉnh) vào mục [Time] của"
    " /etc/systemd/timesyncd.conf, rồi gõ: systemctl restart systemd-timesyncd",
    "Type: timedatectl set-ntp true. On a closed network: put the line NTP=ADDRESS (the province's time server) below"
    " [Time] in /etc/systemd/timesyncd.conf, then type: systemctl restart systemd-timesyncd",
)
NOT_SYNCHRONISED = Text(f"{MEANING.vi} {TO_TYPE.vi}", f"{MEANING.en} {TO_TYPE.en}")
NOT_READABLE = Text(
    "Chương trình không được phép hỏi nhân hệ điều hành đồng hồ có đồng bộ không, nên số liệu của thời gian này bị tính"
    " là chưa rõ. Hãy cho phép lời gọi hệ thống adjtimex và clock_adjtime (xem docs/install-debian.md)",
    "The program may not ask the kernel whether the clock is synchronised, so figures of this time count as unknown."
    " Allow the system calls adjtimex and clock_adjtime (see docs/install-debian.md)",
)
DOUBTED = Text(
    "Đồng hồ máy giám sát chưa đồng bộ: hãy xem giờ của máy này trước khi kết luận về chứng thư.",
    "The monitor's clock is not synchronised: look at its time before you conclude anything about the certificate.",
)
"""Beside a verdict on a certificate that rests on such a clock."""


_WRONG = Text(
    "Đồng hồ máy giám sát {side} {seconds} giây: từ hai máy chủ giờ trở lên cùng báo như vậy. Lỗi ở máy này,"
    " không phải ở các máy chủ giờ.",
    "The monitor's clock is {seconds} s {side}: two or more time servers agree on that. The fault is in this"
    " machine, not in the time servers.",
)
OURS = Text(
    "Từ hai máy chủ giờ trở lên cùng báo như vậy: đồng hồ máy giám sát sai, không phải máy chủ này.",
    "Two or more time servers agree: the monitor's clock is wrong, not this server's.",
)
"""Beside a run that measured such a clock."""
_FAST, _SLOW = Text("chạy nhanh", "ahead"), Text("chạy chậm", "behind")


def wrong(offset_seconds: float) -> Text:
    """What to say of a clock that time servers prove wrong; offset_seconds is our clock minus theirs."""
    amount = f"{abs(offset_seconds):.1f}"
    sentence = _WRONG.filled(
        side=_FAST if offset_seconds > 0 else _SLOW, seconds=Text(amount.replace(".", ","), amount)
    )
    return Text(f"{sentence.vi} {TO_TYPE.vi}", f"{sentence.en} {TO_TYPE.en}")


def warning(synchronised: bool | None) -> Text | None:
    """The text about a clock; None where a source sets it. synchronised: None where the kernel may not be asked."""
    if synchronised is None:
        return NOT_READABLE
    return None if synchronised else NOT_SYNCHRONISED
