"""What `sansang build --push` says of each thing and of them all, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.grafana.api import RefusedError
from dashboards.grafana.upload import UploadOutcome

KINDS: Mapping[str, Mapping[str, str]] = {
    "vi": {"folder": "thư mục", "source": "nguồn dữ liệu", "board": "bảng"},
    "en": {"folder": "folder", "source": "data source", "board": "board"},
}

DONE: Mapping[str, Mapping[UploadOutcome, str]] = {
    "vi": {
        UploadOutcome.CREATED: "đã tạo",
        UploadOutcome.UPDATED: "đã cập nhật",
        UploadOutcome.OVERWRITTEN: "đã ghi đè",
        UploadOutcome.UNCHANGED: "không đổi",
        UploadOutcome.EDITED: "để nguyên",
        UploadOutcome.FROM_FILE: "để nguyên",
        UploadOutcome.OTHER_KIND: "để nguyên",
        UploadOutcome.FAILED: "không ghi được",
    },
    "en": {
        UploadOutcome.CREATED: "created",
        UploadOutcome.UPDATED: "updated",
        UploadOutcome.OVERWRITTEN: "overwritten",
        UploadOutcome.UNCHANGED: "unchanged",
        UploadOutcome.EDITED: "left alone",
        UploadOutcome.FROM_FILE: "left alone",
        UploadOutcome.OTHER_KIND: "left alone",
        UploadOutcome.FAILED: "failed",
    },
}

PLANNED: Mapping[str, Mapping[UploadOutcome, str]] = {
    "vi": {
        UploadOutcome.CREATED: "sẽ tạo",
        UploadOutcome.UPDATED: "sẽ cập nhật",
        UploadOutcome.OVERWRITTEN: "sẽ ghi đè",
    },
    "en": {
        UploadOutcome.CREATED: "would create",
        UploadOutcome.UPDATED: "would update",
        UploadOutcome.OVERWRITTEN: "would overwrite",
    },
}

NOTES: Mapping[str, Mapping[UploadOutcome, str]] = {
    "vi": {
        UploadOutcome.EDITED: "lần lưu cuối trong Grafana{by} không phải từ lệnh này; --force ghi đè,"
        " bản cũ vẫn còn trong lịch sử phiên bản",
        UploadOutcome.OVERWRITTEN: "lần lưu cuối{by} không phải từ lệnh này; bản cũ còn trong lịch sử phiên bản",
        UploadOutcome.FROM_FILE: "Grafana nạp từ tệp (provisioning), API không ghi đè được;"
        " cập nhật tệp bằng sansang build grafana, hoặc bỏ tệp khỏi provisioning",
        UploadOutcome.OTHER_KIND: "uid này thuộc về một nguồn dữ liệu không phải Prometheus; đổi uid của nguồn đó",
    },
    "en": {
        UploadOutcome.EDITED: "its last save in Grafana{by} is not from this command; --force overwrites it,"
        " the old version stays in its history",
        UploadOutcome.OVERWRITTEN: "its last save{by} was not from this command; the old version is in its history",
        UploadOutcome.FROM_FILE: "Grafana loads it from a file (provisioning), which its API cannot overwrite;"
        " renew the files with sansang build grafana, or take them out of provisioning",
        UploadOutcome.OTHER_KIND: "this uid is that of a data source which is no Prometheus; give that one another uid",
    },
}

BY: Mapping[str, str] = {"vi": " của {name}", "en": " by {name}"}

_CHANGED = {
    "vi": "vừa có người sửa, hoặc mã truy cập không được đọc bảng này; hãy chạy lại",
    "en": "somebody changed it just now, or the token may not read it; run this again",
}
BOARD_HINTS: Mapping[str, Mapping[int, str]] = {
    language: dict.fromkeys((409, 412), text)
    for language, text in _CHANGED.items()  # 409 since Grafana 13
}
_UNREADABLE = {
    "vi": "thư mục đã có nhưng mã truy cập không được đọc: cấp quyền cho nó trong Grafana, mục quyền của thư mục",
    "en": "the folder is there, but the token may not read it: give it the right in Grafana, with the folder",
}
FOLDER_HINTS: Mapping[str, Mapping[int, str]] = {
    language: dict.fromkeys((409, 412), text) for language, text in _UNREADABLE.items()
}
HINTS: Mapping[str, Mapping[int, str]] = {
    "vi": {
        403: "thư mục và bảng cần quyền Editor, nguồn dữ liệu cần quyền Admin"
        " (sansang build boards --push không đụng đến nguồn dữ liệu)",
    },
    "en": {
        403: "folder and boards need the role Editor, the data source Admin"
        " (sansang build boards --push leaves data sources alone)",
    },
}

SUMMARY: Mapping[str, str] = {
    "vi": "Grafana {version}: ghi {written}, không đổi {unchanged}, để nguyên hoặc lỗi {left}.",
    "en": "Grafana {version}: {written} written, {unchanged} unchanged, {left} left alone or failed.",
}
PLAN: Mapping[str, str] = {
    "vi": "Grafana {version}: sẽ ghi {written}, không đổi {unchanged}, để nguyên hoặc lỗi {left}. Chưa ghi gì.",
    "en": "Grafana {version}: would write {written}, {unchanged} unchanged, {left} left alone or failed."
    " Nothing was written.",
}


def refused(kind: str, error: RefusedError, language: str) -> str:
    """What Grafana said, and what can be done about it."""
    own = {"board": BOARD_HINTS, "folder": FOLDER_HINTS}.get(kind, {})
    hints = {**HINTS[language], **own.get(language, {})}
    return f"{error}; {hints[error.status]}" if error.status in hints else str(error)
