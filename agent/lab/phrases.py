"""What the lab says to people, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PhraseTable = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LabTexts:
    """Everything `sansang lab` prints in one language; names in braces are filled in by the command."""

    started: str
    private: str
    plain: str
    landing: str
    metrics: str
    inventory: str
    no_agent: str
    try_these: str
    beside: str
    stop: str
    columns: tuple[str, str, str, str]
    well: str
    faults: PhraseTable
    done: str
    restored: str
    pings_answer: str
    agent_ended: str


_VI = LabTexts(
    started="Huyện mô phỏng đang chạy: {communes} xã, {hosts} địa chỉ, tất cả trong 127.x",
    private="Mạng riêng: địa chỉ bị ngắt sẽ im lặng, cả với ping.",
    plain="Không có mạng riêng ({why}): dùng 127.x của máy, ping không thể hỏng; dịch vụ bị ngắt sẽ từ chối kết nối.",
    landing="Trang chính",
    metrics="Số đo",
    inventory="Danh mục",
    no_agent="Chỉ có huyện mô phỏng, không có agent. Chạy lệnh bên trong: {command}",
    try_these="Thử ở cửa sổ khác:",
    beside="{usual} đang có bộ giám sát khác dùng, nên lần này dùng địa chỉ khác:",
    stop="Dừng: Ctrl+C",
    columns=("Nơi", "Mục tiêu", "Địa chỉ", "Tình trạng"),
    well="tốt",
    faults={
        "fail": "bị ngắt", "silent": "im lặng", "slow": "chậm", "garbage": "trả lời bậy", "stall": "dừng giữa chừng",
        "drip": "nhỏ giọt", "endless": "không dứt", "close": "đóng ngay", "reset": "cắt ngang", "busy": "đang bận họp",
        "expired": "chứng thư hết hạn",
    },
    done="{name}: {fault}",
    restored="{name}: đã khôi phục",
    pings_answer="Không có mạng riêng nên các nơi này vẫn trả lời ping: {names}",
    agent_ended="Agent tự dừng với mã {code}; xem các dòng nhật ký ở trên.",
)  # fmt: skip

_EN = LabTexts(
    started="The simulated district is running: {communes} communes, {hosts} addresses, all of them in 127.x",
    private="Private network: an address taken away is silent, to ping as well.",
    plain="No private network ({why}): on the machine's 127.x pings cannot fail; a failed service refuses.",
    landing="Landing page",
    metrics="Metrics",
    inventory="Inventory",
    no_agent="The district alone, without an agent. To run a command inside: {command}",
    try_these="Try in another window:",
    beside="{usual} is taken by another agent, so this one listens elsewhere:",
    stop="To stop: Ctrl+C",
    columns=("Place", "Target", "Address", "Standing"),
    well="well",
    faults={
        "fail": "failed", "silent": "silent", "slow": "slow", "garbage": "answers garbage", "stall": "stalls",
        "drip": "drips", "endless": "endless", "close": "closes at once", "reset": "resets", "busy": "busy in a call",
        "expired": "certificate expired",
    },
    done="{name}: {fault}",
    restored="{name}: restored",
    pings_answer="Without a private network these still answer pings: {names}",
    agent_ended="The agent ended by itself with code {code}; see its log lines above.",
)  # fmt: skip

PHRASES: Mapping[str, LabTexts] = {"vi": _VI, "en": _EN}


def in_words(fault: str, seconds: float | None, phrases: LabTexts) -> str:
    """A report's fault for people: ``fail+slow`` with its seconds, or that all is well."""
    if not fault:
        return phrases.well
    words = ", ".join(phrases.faults[part] for part in fault.split("+"))
    return words if seconds is None else f"{words} ({seconds:g} s)"
