"""What `sansang build --push` says of each thing and of them all."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from agent.text import Text
from dashboards.grafana.api import RefusedError
from dashboards.grafana.upload import UploadOutcome

KINDS: Mapping[str, Text] = {
    "folder": Text("thư mục", "folder"),
    "source": Text("nguồn dữ liệu", "data source"),
    "board": Text("bảng", "board"),
}
DONE: Mapping[UploadOutcome, Text] = {
    UploadOutcome.CREATED: Text("đã tạo", "created"),
    UploadOutcome.UPDATED: Text("đã cập nhật", "updated"),
    UploadOutcome.OVERWRITTEN: Text("đã ghi đè", "overwritten"),
    UploadOutcome.UNCHANGED: Text("không đổi", "unchanged"),
    UploadOutcome.EDITED: Text("để nguyên", "left alone"),
    UploadOutcome.FROM_FILE: Text("để nguyên", "left alone"),
    UploadOutcome.OTHER_KIND: Text("để nguyên", "left alone"),
    UploadOutcome.FAILED: Text("không ghi được", "failed"),
}
PLANNED: Mapping[UploadOutcome, Text] = {
    UploadOutcome.CREATED: Text("sẽ tạo", "would create"),
    UploadOutcome.UPDATED: Text("sẽ cập nhật", "would update"),
    UploadOutcome.OVERWRITTEN: Text("sẽ ghi đè", "would overwrite"),
}
NOTES: Mapping[UploadOutcome, Text] = {
    UploadOutcome.EDITED: Text(
        "lần lưu cuối trong Grafana{by} không phải từ lệnh này; --force ghi đè, bản cũ vẫn còn trong lịch sử phiên bản",
        "its last save in Grafana{by} is not from this command; --force overwrites it, the old version stays in its"
        " history",
    ),
    UploadOutcome.OVERWRITTEN: Text(
        "lần lưu cuối{by} không phải từ lệnh này; bản cũ còn trong lịch sử phiên bản",
        "its last save{by} was not from this command; the old version is in its history",
    ),
    UploadOutcome.FROM_FILE: Text(
        "Grafana nạp từ tệp (provisioning), API không ghi đè được; cập nhật tệp bằng sansang build grafana, hoặc bỏ"
        " tệp khỏi provisioning",
        "Grafana loads it from a file (provisioning), which its API cannot overwrite; renew the files with sansang"
        " build grafana, or take them out of provisioning",
    ),
    UploadOutcome.OTHER_KIND: Text(
        "uid này thuộc về một nguồn dữ liệu không phải Prometheus; đổi uid của nguồn đó",
        "this uid is that of a data source which is no Prometheus; give that one another uid",
    ),
}
BY = Text(" của {name}", " by {name}")
_CHANGED = Text(
    "vừa có người sửa, hoặc mã truy cập không được đọc bảng này; hãy chạy lại",
    "somebody changed it just now, or the token may not read it; run this again",
)
_UNREADABLE = Text(
    "thư mục đã có nhưng mã truy cập không được đọc: cấp quyền cho nó trong Grafana, mục quyền của thư mục",
    "the folder is there, but the token may not read it: give it the right in Grafana, with the folder",
)
_NO_RIGHT = Text(
    "thư mục và bảng cần quyền Editor, nguồn dữ liệu cần quyền Admin (sansang build boards --push không đụng đến nguồn"
    " dữ liệu)",
    "folder and boards need the role Editor, the data source Admin (sansang build boards --push leaves data sources"
    " alone)",
)
_HINTS: Mapping[tuple[str, int], Text] = {
    ("board", 409): _CHANGED,  # since Grafana 13
    ("board", 412): _CHANGED,
    ("folder", 409): _UNREADABLE,
    ("folder", 412): _UNREADABLE,
}
SUMMARY = Text(
    "Grafana {version}: ghi {written}, không đổi {unchanged}, để nguyên hoặc lỗi {left}.",
    "Grafana {version}: {written} written, {unchanged} unchanged, {left} left alone or failed.",
)
PLAN = Text(
    "Grafana {version}: sẽ ghi {written}, không đổi {unchanged}, để nguyên hoặc lỗi {left}. Chưa ghi gì.",
    "Grafana {version}: would write {written}, {unchanged} unchanged, {left} left alone or failed. Nothing was"
    " written.",
)


def refused(kind: str, error: RefusedError, language: str) -> str:
    """What Grafana said, and what can be done about it."""
    hint = _NO_RIGHT if error.status == HTTPStatus.FORBIDDEN else _HINTS.get((kind, error.status))
    return f"{error}; {hint.to(language)}" if hint else str(error)
