"""The fixed words of the landing page; {} are filled in."""

from __future__ import annotations

from agent.text import Text

OTHER = {"vi": ("en", "English"), "en": ("vi", "Tiếng Việt")}
"""The language that the page is not in: its code, and what it calls itself."""

AS_OF = Text("Số liệu lúc", "As of")
NEWEST = Text("Lần kiểm tra mới nhất: {} trước.", "Newest probe: {} ago.")
NO_RUN = Text("Chưa có lần kiểm tra nào.", "Nothing has been probed yet.")
RENEWS = Text("Trang tự tải lại mỗi {} giây.", "The page reloads every {} seconds.")

PROBLEMS = Text("Máy giám sát cần xem lại", "The monitor itself needs attention")
READY = Text("Sẵn sàng đến đâu", "How ready")
BY_ROLE = Text("Theo loại", "By kind")
BY_LEVEL = Text(
    "Theo cấp: đủ đường truyền, mạng LAN và điểm cầu", "By level: uplink, LAN and conference point all work"
)
LOST = Text("Máy giám sát mất đường ra", "The monitor's own way out is lost")
MORE_PLACES = Text("và {} nơi nữa", "and {} more")
MORE_TARGETS = Text("và {} mục tiêu nữa", "and {} more")
COUNT = Text("{} mục tiêu", "{} targets")
COUNT_ONE = Text("1 mục tiêu", "1 target")

SINCE = Text("từ", "since")
LASTING = Text("đã {}", "for {}")
DAY = Text("ngày", "on")
TRY = Text("Nên làm:", "Try:")
CUT_OFF = Text("{} mục tiêu phía sau bị cắt theo: {}", "{} targets behind it are cut off with it: {}")
CUT_OFF_ONE = Text("1 mục tiêu phía sau bị cắt theo: {1}", "1 target behind it is cut off with it: {1}")
POINTS_AMONG = Text("trong đó {} điểm cầu", "conference points among them: {}")
AT_PLACES = Text("ở {} nơi", "at {} places")
AT_ONE_PLACE = Text("ở 1 nơi", "at 1 place")
BEHIND_PATH = Text("Phía sau: {}", "Behind it: {}")
CALL = Text("Gọi:", "Call:")
IN_MAINTENANCE = Text("đang bảo trì", "in maintenance")
COVERED = Text(
    "{} mục tiêu đang trong thời gian bảo trì đã báo trước.",
    "In a maintenance window announced before: {}.",
)
PATH_LOST = Text(
    "Mọi điểm mốc của đường {} đều im lặng, và phía sau không có gì trả lời: chưa thể nói nơi nào hỏng.",
    "All anchors of the path {} are silent, and nothing behind it answers: nobody can say what is down there.",
)
PATH_ADVICE = Text(
    "Khôi phục mạng của máy giám sát trước: dây mạng, bộ định tuyến, đường truyền tại nơi đặt máy.",
    "Mend the monitor's own network first: its cable, router and line.",
)

ENDED = Text("Vừa có lại liên lạc", "Back after an outage")
MORE_PARTS = Text("và {} bộ phận nữa", "and {} more parts")

ALL_WELL = Text("Mọi mục tiêu đều tốt.", "Every target is up.")
NOTHING = Text("Chưa có mục tiêu nào được cấu hình.", "No target is configured yet.")
WELL = Text("Đang tốt: {}", "Up: {}")
KEEP_OPEN = Text("Giữ danh sách này mở khi trang tải lại", "Keep this list open when the page reloads")
ALL_OF = Text("đủ {}", "all {}")
SOME_OF = Text("{} trên {}", "{} of {}")
