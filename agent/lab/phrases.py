"""What `sansang lab` says to people."""

from __future__ import annotations

from agent.lab.control_protocol import HostStatus
from agent.text import Text

STARTED = Text(
    "Huyện mô phỏng đang chạy: {communes} xã, {hosts} địa chỉ, tất cả trong 127.x",
    "The simulated district is running: {communes} communes, {hosts} addresses, all of them in 127.x",
)
PRIVATE = Text(
    "Mạng riêng: địa chỉ bị ngắt sẽ im lặng, cả với ping.",
    "Private network: an address taken away is silent, to ping as well.",
)
PLAIN = Text(
    "Không có mạng riêng ({why}): dùng 127.x của máy, ping không thể hỏng; dịch vụ bị ngắt sẽ từ chối kết nối.",
    "No private network ({why}): on the machine's 127.x pings cannot fail; a failed service refuses.",
)
LANDING = Text("Trang chính", "Landing page")
METRICS = Text("Số đo", "Metrics")
INVENTORY = Text("Danh mục", "Inventory")
NO_AGENT = Text(
    "Chỉ có huyện mô phỏng, không có agent. Chạy lệnh bên trong: {command}",
    "The district alone, without an agent. To run a command inside: {command}",
)
TRY_THESE = Text("Thử ở cửa sổ khác:", "Try in another window:")
BESIDE = Text(
    "{usual} đang có bộ giám sát khác dùng, nên lần này dùng địa chỉ khác:",
    "{usual} is taken by another agent, so this one listens elsewhere:",
)
STOP = Text("Dừng: Ctrl+C", "To stop: Ctrl+C")
DONE = Text("{name}: {fault}", "{name}: {fault}")
RESTORED = Text("{name}: đã khôi phục", "{name}: restored")
PINGS_ANSWER = Text(
    "Không có mạng riêng nên các nơi này vẫn trả lời ping: {names}",
    "Without a private network these still answer pings: {names}",
)
AGENT_ENDED = Text(
    "Agent tự dừng với mã {code}; xem các dòng nhật ký ở trên.",
    "The agent ended by itself with code {code}; see its log lines above.",
)
STATE = Text("Tình trạng", "Standing")
COLUMNS = (Text("Nơi", "Place"), Text("Mục tiêu", "Target"), Text("Địa chỉ", "Address"), STATE)
WELL = Text("tốt", "well")
FAULTS = {
    "fail": Text("bị ngắt", "failed"),
    "silent": Text("im lặng", "silent"),
    "slow": Text("chậm", "slow"),
    "garbage": Text("trả lời bậy", "answers garbage"),
    "stall": Text("dừng giữa chừng", "stalls"),
    "drip": Text("nhỏ giọt", "drips"),
    "endless": Text("không dứt", "endless"),
    "close": Text("đóng ngay", "closes at once"),
    "reset": Text("cắt ngang", "resets"),
    "busy": Text("đang bận họp", "busy in a call"),
    "expired": Text("chứng thư hết hạn", "certificate expired"),
    "power-cut": Text("mất điện", "without power"),
    "on-supply": Text("chạy nhờ bộ lưu điện", "on UPS power"),
    "reboot": Text("đang khởi động lại", "rebooting"),
    "wrong-community": Text("đã đổi mã SNMP", "SNMP credential changed"),
    "pulled": Text("rút cáp cổng {ports}", "pulled: {ports}"),
    "on-battery": Text("đang dùng ắc quy", "on battery"),
    "battery-low": Text("ắc quy yếu", "battery low"),
    "battery-worn": Text("ắc quy cần thay", "battery worn"),
}
"""By the parts of a status's fault."""


def describe(host: HostStatus, language: str) -> str:
    """The fault of a host for people: ``fail+slow`` with its seconds, or that all is well."""
    if not host.fault:
        return WELL.to(language)
    ports = ", ".join(host.pulled)
    names = ", ".join(FAULTS[part].filled(ports=ports).to(language) for part in host.fault.split("+"))
    return names if host.seconds is None else f"{names} ({host.seconds:g} s)"
