"""Why no figures are made of a ledger, what to do then, and the mark on figures that somebody wants all the same."""

from __future__ import annotations

from collections.abc import Mapping

from agent.errors import Damage, LedgerDamagedError
from agent.text import Text

_WHY: Mapping[Damage, Text] = {
    Damage.MISSING: Text("thiếu dòng {row}", "row {row} is missing"),
    Damage.BEFORE: Text(
        "dòng {row} nằm trước dòng 1, nơi chương trình này không ghi gì",
        "row {row} stands before row 1, where this program writes none",
    ),
    Damage.EDITED: Text("dòng {row}: nội dung không khớp mã băm", "row {row}: its content does not fit its hash"),
    Damage.COLUMNS: Text(
        "dòng {row}: các cột không khớp với nội dung của dòng, hoặc nội dung không đọc được",
        "row {row}: its columns do not say what its body says, or its body cannot be read",
    ),
    Damage.KIND: Text("dòng {row}: có giá trị sai kiểu", "row {row}: it holds values of the wrong kind"),
    Damage.CONTENT: Text(
        "dòng {row}: danh mục mà dòng này ghi mã băm đã bị đổi hoặc bị mất",
        "row {row}: the inventory that it names by its hash was changed or is missing",
    ),
    Damage.CUT: Text(
        "tệp heartbeat biết dòng {row} mà sổ không có: phần cuối đã bị cắt, hoặc sổ bị thay bằng bản cũ",
        "the heartbeat knows row {row}, the ledger does not: its end was cut, or an older copy put in its place",
    ),
    Damage.REWRITTEN: Text(
        "dòng {row} không phải là dòng mà tệp heartbeat biết: sổ đã bị viết lại",
        "row {row} is not the one that the heartbeat knows: the ledger was rewritten",
    ),
    Damage.UNPROVED: Text(
        "không có tệp heartbeat nguyên vẹn: nếu phần cuối bị cắt thì không thể phát hiện",
        "there is no whole heartbeat file: a cut end would not show",
    ),
    Damage.HEARTBEAT: Text("nội dung tệp heartbeat không thể đúng ({text})", "the heartbeat cannot be true ({text})"),
    Damage.FILE: Text("tệp ledger.db bị hỏng ({text})", "the file ledger.db is damaged ({text})"),
}
_FILE_ROW = Text("dòng {row}: chỉ mục của tệp không còn dẫn tới dòng này", "row {row}: an index of the file lacks it")
_REFUSED = Text(
    "Sổ ghi không còn đúng như lúc được ghi - {why}. Không có số liệu nào được lập từ sổ này. Việc cần làm: giữ nguyên "
    "các tệp làm bằng chứng, chạy `sansang ledger verify`, rồi dừng bộ giám sát và chạy `sansang ledger restore` "
    "để dùng bản sao tốt gần nhất; các tệp hỏng được cất riêng, không bị xóa.",
    "The ledger is not what was written - {why}. No figures are made of it. What to do: keep the files as evidence, "
    "run `sansang ledger verify`, then stop the agent and run `sansang ledger restore` for the last good copy; the "
    "damaged files are set aside, not deleted.",
)
_ANYWAY = Text(
    "Thêm `--unverified` thì vẫn in, và mọi trang mang dấu CHƯA KIỂM CHỨNG.",
    "With `--unverified` it is printed all the same, with NOT VERIFIED on every page.",
)
_MARK = Text(
    "CHƯA KIỂM CHỨNG - sổ ghi không còn đúng như lúc được ghi: {why}",
    "NOT VERIFIED - the ledger is not what was written: {why}",
)
WHOLE = Text("{rows} dòng, tất cả đúng như lúc được ghi", "{rows} rows, all as written")
_BROKEN = Text("Sổ ghi không còn đúng như lúc được ghi: {why}", "The ledger is not what was written: {why}")


def verdict(rows: int, error: LedgerDamagedError | None, language: str) -> str:
    """What `sansang ledger verify` says of so many rows. error: None where nothing is wrong."""
    if error is None:
        return WHOLE.to(language).format(rows=rows)
    return _BROKEN.to(language).format(why=_why(error, language))


def refusal(error: LedgerDamagedError, language: str, *, anyway: bool = True) -> str:
    """What is wrong, in which row, and what to do. anyway: whether there is an ``--unverified`` to name."""
    text = _REFUSED.to(language).format(why=_why(error, language))
    return f"{text} {_ANYWAY.to(language)}" if anyway else text


def mark(error: LedgerDamagedError | None, language: str) -> str:
    """What stands on every page of what was not verified; "" where nothing is wrong."""
    return "" if error is None else _MARK.to(language).format(why=_why(error, language))


def _why(error: LedgerDamagedError, language: str) -> str:
    words = _FILE_ROW if error.damage is Damage.FILE and error.row is not None else _WHY[error.damage]
    return words.to(language).format(row=error.row, text=error.to(language).partition(": ")[2] or error.to(language))
