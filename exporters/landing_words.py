"""The fixed words of the landing page; {} are filled in."""

from __future__ import annotations

from agent.explain.words import Words

OTHER = {"vi": ("en", "English"), "en": ("vi", "Tiếng Việt")}
"""The language that the page is not in: its code, and what it calls itself."""

AS_OF = Words("Số liệu lúc", "As of")
NEWEST = Words("Lần kiểm tra mới nhất: {} trước.", "Newest probe: {} ago.")
NO_RUN = Words("Chưa có lần kiểm tra nào.", "Nothing has been probed yet.")
RENEWS = Words("Trang tự tải lại mỗi {} giây.", "The page reloads every {} seconds.")

TROUBLES = Words("Máy giám sát cần xem lại", "The monitor itself needs attention")
READY = Words("Sẵn sàng đến đâu", "How ready")
BY_ROLE = Words("Theo loại", "By kind")
BY_LEVEL = Words(
    "Theo cấp: đủ đường truyền, mạng LAN và điểm cầu", "By level: uplink, LAN and conference point all work"
)
LOST = Words("Máy giám sát mất đường ra", "The monitor's own way out is lost")
MORE_PLACES = Words("và {} nơi nữa", "and {} more")
MORE_TARGETS = Words("và {} mục tiêu nữa", "and {} more")
COUNT = Words("{} mục tiêu", "{} targets")
COUNT_ONE = Words("1 mục tiêu", "1 target")

SINCE = Words("từ", "since")
LASTING = Words("đã {}", "for {}")
DAY = Words("ngày", "on")
TRY = Words("Nên làm:", "Try:")
CUT_OFF = Words("{} mục tiêu phía sau bị cắt theo: {}", "{} targets behind it are cut off with it: {}")
CUT_OFF_ONE = Words("1 mục tiêu phía sau bị cắt theo: {1}", "1 target behind it is cut off with it: {1}")
POINTS_AMONG = Words("trong đó {} điểm cầu", "conference points among them: {}")
AT_PLACES = Words("ở {} nơi", "at {} places")
AT_ONE_PLACE = Words("ở 1 nơi", "at 1 place")
BEHIND_PATH = Words("Phía sau: {}", "Behind it: {}")
CALL = Words("Gọi:", "Call:")
IN_MAINTENANCE = Words("đang bảo trì", "in maintenance")
COVERED = Words(
    "{} mục tiêu đang trong thời gian bảo trì đã báo trước.",
    "In a maintenance window announced before: {}.",
)
PATH_LOST = Words(
    "Mọi điểm mốc của đường {} đều im lặng, và phía sau không có gì trả lời: chưa thể nói nơi nào hỏng.",
    "All anchors of the path {} are silent, and nothing behind it answers: nobody can say what is down there.",
)
PATH_ADVICE = Words(
    "Khôi phục mạng của máy giám sát trước: dây mạng, bộ định tuyến, đường truyền tại nơi đặt máy.",
    "Mend the monitor's own network first: its cable, router and line.",
)

ALL_WELL = Words("Mọi mục tiêu đều tốt.", "Every target is up.")
NOTHING = Words("Chưa có mục tiêu nào được cấu hình.", "No target is configured yet.")
WELL = Words("Đang tốt: {}", "Up: {}")
KEEP_OPEN = Words("Giữ danh sách này mở khi trang tải lại", "Keep this list open when the page reloads")
ALL_OF = Words("đủ {}", "all {}")
SOME_OF = Words("{} trên {}", "{} of {}")
