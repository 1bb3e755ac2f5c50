"""Why the ledger was not opened, read, written or changed: each sentence of a LedgerError, in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from string import Formatter

from agent.text import Text

BUSY = Text(
    "{place}: một tiến trình giám sát khác đang mở sổ này. Mỗi sổ chỉ một tiến trình được ghi: hãy dừng tiến trình kia,"
    " hoặc đặt storage.path khác cho tiến trình này",
    "{place}: another agent has this ledger open",
)
NOT_OPENED = Text("{place}: không mở được sổ: {why}", "{place}: the ledger cannot be opened: {why}")
NOT_OPENED_AGAIN = Text("không mở lại được sổ: {why}", "the ledger cannot be opened again: {why}")
NOT_READ = Text("{place}: không đọc được sổ: {why}", "{place}: the ledger cannot be read: {why}")
UNREADABLE = Text("không đọc được sổ: {why}", "the ledger cannot be read: {why}")
NOT_WRITTEN = Text("không ghi được vào sổ: {why}", "the ledger cannot be written: {why}")
NOT_SEEN = Text("{place}: không thấy sổ nào ở đó ({why})", "{place}: no ledger can be seen there ({why})")
NONE_THERE = Text("{place}: không có sổ", "{place}: there is no ledger")
NOT_OURS = Text(
    "{place} thuộc về người dùng khác: hãy chạy lệnh này với tên người dùng của bộ giám sát (sudo -u TÊN)",
    "{place} belongs to another user: run this as the user of the agent (sudo -u NAME)",
)
CLOSED = Text("sổ đã đóng", "the ledger is closed")
NO_ROWS_NOW = Text(
    "lúc này sổ không nhận dòng nào; hãy xem nhật ký của bộ giám sát",
    "the ledger takes no rows now; see the agent's log",
)
LOST = Text(
    "{why}, bằng một khóa riêng: bộ giám sát này không ghi nữa",
    "{why}, on a lock of its own: this agent writes no more",
)
TAKEN_AWAY = Text(
    "{place}: tệp của sổ đã bị lấy đi khi đang mở và không đặt lại được: {why}",
    "{place}: {taken}, and it cannot be put back: {why}",
)
ROWS_LOST = Text(
    "sổ đã mất dòng khi đang mở: đã ghi {written}, còn {there}",
    "rows were lost while it was open: {written} written, {there} there",
)
ROW_REPLACED = Text(
    "dòng {row} nay là một dòng khác: tệp đã bị thay khi đang mở",
    "row {row} is another one now: its file was replaced while it was open",
)
NOT_IN_PLACE = Text(
    "{place}: không đặt được sổ vào chỗ của nó: {why}", "{place}: the ledger cannot be put in its place: {why}"
)
FILE_GONE = Text(
    "thiếu {place}, nhưng tệp heartbeat của sổ {known}: hãy khôi phục từ bản sao",
    "{place} is missing, but its heartbeat {known}: restore it from a copy",
)
BEAT_THERE = Text("vẫn còn", "is there")
BEAT_KNOWS = Text("biết {rows} dòng", "knows {rows} rows")
ALL_GONE = Text(
    "thiếu {place} và cả tệp heartbeat, nhưng ở đây còn {left} của một sổ",
    "{place} is missing, and so is its heartbeat, but {left} is of a ledger here",
)
FILE_DAMAGED = Text("{place} bị hỏng: {why}", "{place} is damaged: {why}")
OLD_SQLITE = Text(
    "SQLite {version} có thể làm hỏng sổ; cần bản 3.51.3 trở lên (pip install -U apsw)",
    "SQLite {version} can corrupt a ledger; 3.51.3 or newer is needed (pip install -U apsw)",
)
NOT_A_FILE_OF_OURS = Text("không đọc được {place}: {why}", "{place} cannot be read: {why}")
OTHER_DATABASE = Text("{place} là một cơ sở dữ liệu, nhưng không phải là sổ", "{place} is a database, but not a ledger")
OTHER_SCHEMA = Text(
    "{place} có lược đồ {found}, bản chương trình này đọc từ 1 đến {newest}",
    "{place} has schema {found}, this version reads 1 to {newest}",
)
TWO_SCHEMAS = Text(
    "{place}: phần đầu tệp ghi lược đồ {found}, nhưng các bảng là của lược đồ {newest}",
    "{place}: its header says schema {found}, its tables are those of schema {newest}",
)
NEWER = Text(
    "{place} do một bản chương trình mới hơn ghi (lược đồ {found}, bản này biết đến {newest})",
    "{place} was written by a newer version (schema {found}, this one knows {newest})",
)
HEARTBEAT_UNREADABLE = Text(
    "{place}: không đọc được tệp heartbeat: {why}", "{place}: the heartbeat cannot be read: {why}"
)
HEARTBEAT_TOO_LONG = Text("heartbeat dài quá chỗ của nó", "a heartbeat does not fit into its slot")
NOT_SET_ASIDE = Text(
    "{place}: {said}; và không cất riêng được các tệp của sổ: {why}",
    "{place}: {said}; and its files cannot be set aside: {why}",
)

NO_OUTAGE = Text(
    "không có lần mất dịch vụ số {number}; `sansang uptime` liệt kê các lần mất cùng số của chúng",
    "there is no outage {number}; `sansang uptime` lists outages with their numbers",
)
NO_TARGET = Text(
    "sổ không biết mục tiêu {target}; xem danh sách bằng `sansang validate`",
    "the ledger knows no target {target}; `sansang validate` lists what there is",
)
NO_CAUSE = Text("{cause} không phải là nguyên nhân của {state}: {known}", "{cause} is no cause of {state}: {known}")
NOT_YET = Text(
    "không đính chính được việc chưa xảy ra: lúc kết thúc nằm ở tương lai",
    "what has not yet happened cannot be corrected: its end lies in the future",
)
NO_TARGET_OF_ROW = Text(
    "dòng {row} không nói về mục tiêu nào: không có gì để đính chính",
    "row {row} speaks of no target: nothing of it can be corrected",
)
NO_SHA256 = Text(
    "{name}: {value} không phải mã SHA-256 (64 chữ số 0-9, a-f)", "{name}: {value} is no SHA-256 (64 digits 0-9, a-f)"
)
NO_ROW = Text("sổ không có dòng {row}", "the ledger has no row {row}")
NO_WINDOW = Text(
    "không có đợt bảo trì {id}; `sansang maintenance list` liệt kê tất cả",
    "there is no maintenance window {id}; `sansang maintenance list` shows them all",
)
CANCELLED_ALREADY = Text("đợt bảo trì {id} đã hủy từ trước", "window {id} is cancelled already")
WINDOW_OVER = Text(
    "đợt bảo trì {id} đã xong; điều đã báo trước và đã dùng thì về sau không rút lại được",
    "window {id} is over; what was announced and used is not taken back afterwards",
)
ENDS_BEFORE = Text(
    "lúc kết thúc phải sau lúc bắt đầu", "it ends before it begins: its end must be later than its beginning"
)
FAR_AWAY = Text(
    "thời gian này cách nay hơn mười năm: có ghi đúng năm không?",
    "it lies more than ten years away: is the year right?",
)
NOT_SIGNED = Text(
    "`{name}` phải có từ 1 đến {most} ký tự: dòng này có người ký",
    "`{name}` must be 1 to {most} characters: the row is signed",
)
NOTHING_COVERED = Text(
    "không có mục tiêu nào thuộc {kind} {name}: tên có viết đúng như trong cấu hình không?",
    "no target is covered by {kind} {name}: is it spelled as in the configuration?",
)
BLIND = Text(
    "không ghi và không liệt kê được bảo trì: lúc bộ giám sát khởi động, đĩa chứa sổ đã đầy, chỉ cho đọc hoặc bị hỏng,"
    " nên không đọc được các đợt đã ghi trước đó. Hãy sửa đĩa, khởi động lại bộ giám sát (systemctl restart sansang),"
    " rồi làm lại việc này",
    "maintenance cannot be recorded or listed: when the agent started, the disk of its ledger was full, read-only or"
    " broken, and what had been booked before could not be read. Mend the disk, restart the agent (systemctl restart"
    " sansang), then order this again",
)

COPY_NOT_WHOLE = Text(
    "bản sao không nguyên vẹn vì chính sổ không nguyên vẹn: {why}",
    "the copy is not whole, because the ledger is not: {why}",
)
NO_BACKUP = Text("{place}: không sao lưu được: {why}", "{place}: no backup could be made: {why}")
NOT_A_GOOD_COPY = Text("{place} không phải là bản sao tốt: {why}", "{place} is not a good copy: {why}")
COPY_NOT_PUT = Text("{place}: không đặt được bản sao vào đó: {why}", "{place}: the copy cannot be put there: {why}")
STILL_WHOLE = Text(
    "{place}: sổ ở đó còn nguyên vẹn, dòng mới nhất là {row}",
    "{place}: the ledger there is whole, its newest row is {row}",
)
DAYS_NOT_WRITTEN = Text("{place}: không ghi được các ngày: {why}", "{place}: the days cannot be written: {why}")
YEAR_NOT_DELETED = Text("{place}: không xóa được một năm cũ: {why}", "{place}: an old year cannot be deleted: {why}")
DAYS_NOT_ADDED = Text(
    "{place}: không thêm được các ngày {first} đến {last}: {why}",
    "{place}: {first} to {last} cannot be added: {why}",
)
DAYS_OF_NO_KIND = Text(
    "{place} không phải là tệp tổng theo ngày của bản chương trình này; {gone}",
    "{place} is no file of daily sums of this version; {gone}",
)
DAYS_DAMAGED = Text("{place} bị hỏng: {why}; {gone}", "{place} is damaged: {why}; {gone}")
DAYS_UNREADABLE = Text("không đọc được {place}: {why}; {gone}", "{place} cannot be read: {why}; {gone}")

STILL_TO_COME = Text("sổ như lúc đó: thời điểm này chưa tới", "the ledger as it stood: that instant is still to come")
NO_SUCH_ROW = Text(
    "sổ như lúc đó: không có dòng {row}; dòng mới nhất là {newest}",
    "the ledger as it stood: there is no row {row}; the newest is {newest}",
)
EMPTY_THEN = Text("sổ như lúc đó: khi ấy sổ chưa có dòng nào", "the ledger as it stood: it had no row then")
UNDATED = Text(
    "sổ như lúc đó: không có gì cho biết dòng {row} được ghi lúc nào",
    "the ledger as it stood: nothing says when row {row} was committed",
)
NEWER_THEN = Text(
    "sổ như lúc đó: vào thời điểm ấy sổ đã có dòng {row}",
    "the ledger as it stood: at that instant it had row {row} already",
)
NO_ANCHOR = Text(
    "{text} không phải là mốc của sổ; hãy ghi DÒNG:MÃ_BĂM, như 4711:9f86d081884c7d65... in trong báo cáo",
    "{text} is no head of a ledger; right would be ROW:HASH, as 4711:9f86d081884c7d65... stands in a report",
)
SHORT_ANCHOR = Text(
    "{text} có {count} chữ số của mã băm; cần đủ 64, hoặc ít nhất 16 chữ số đầu",
    "{text} gives {count} digits of the hash; right would be all 64, or at least the first 16",
)

NO_CONTENT = Text("sổ thiếu nội dung {digest}", "content {digest} is missing from the ledger")
INVENTORY_UNREADABLE = Text(
    "không đọc được danh mục {digest} trong sổ", "the inventory {digest} of the ledger cannot be read: {why}"
)
INVENTORY_NONE = Text(
    "danh mục {digest} trong sổ không phải là danh mục", "the inventory {digest} of the ledger is none"
)
CALENDAR_UNREADABLE = Text(
    "không đọc được lịch {digest} trong sổ", "the calendar {digest} of the ledger cannot be read: {why}"
)
RUNS_OVERLAP = Text(
    "hai lần chạy của bộ giám sát trong sổ chồng lên nhau theo giờ UTC",
    "two agent runs of the ledger overlap in UTC: {why}",
)
NO_RUN_OF_ROW = Text(
    "dòng {row} của sổ không thuộc lần chạy nào của bộ giám sát", "row {row} of the ledger belongs to no agent run"
)
NO_ROW_KIND = Text("{kind} không phải là loại dòng của sổ", "{kind} is not a row kind of the ledger")
ROW_UNREADABLE = Text("không đọc được một dòng loại {kind}", "a {kind} row cannot be read: {why}")
UNKNOWN_KIND = Text(
    "loại dòng lạ {kind}: do bản chương trình mới hơn ghi, hoặc không phải do chương trình này ghi",
    "unknown row kind {kind}: written by a newer version, or not by this program",
)
NOT_CANONICAL = Text("một dòng loại {kind} không viết đúng dạng chuẩn", "a {kind} row is not in canonical form")
WRONG_HASH = Text(
    "nội dung {digest}: mã băm không phải của nội dung này", "content {digest}: the hash is not that of its bytes"
)
NOT_KEPT = Text("không giữ được một giá trị trong sổ", "a value cannot be kept in the ledger: {why}")

DAMAGED_AT = Text("sổ bị hỏng ở dòng {row}: {why}", "the ledger is damaged at row {row}: {why}")
DAMAGED = Text("sổ bị hỏng: {why}", "the ledger is damaged: {why}")
DATABASE_DAMAGED = Text("tệp của sổ bị hỏng: {why}", "the ledger's file is damaged: {why}")
OTHER_TABLES = Text("các bảng và chỉ mục không phải là của sổ", "its tables and indexes are not those of a ledger")
ROW_OF_WRONG_KIND = Text("có dòng chứa giá trị sai kiểu", "a row holds values of the wrong kind")
ROW_NOT_TEXT = Text("có dòng chứa dữ liệu không phải là chữ", "a row holds what is not text: {why}")
CONTENT_OF_WRONG_KIND = Text("có nội dung chứa giá trị sai kiểu", "a content holds values of the wrong kind")
CONTENT_NOT_TEXT = Text("có nội dung chứa dữ liệu không phải là chữ", "a content holds what is no text: {why}")
CONTENT_HASH_NOT_TEXT = Text("mã băm của một nội dung không phải là chữ", "a content's hash is not text: {why}")
CONTENT_NEEDED = Text(
    "thiếu nội dung {digest} mà nội dung khác cần đến", "content {digest}, that others need, is missing"
)
CONTENT_CHANGED = Text("nội dung {digest} không còn đúng như lúc được ghi", "content {digest} is not what was written")
CONTENT_BROKEN = Text("không giải nén được nội dung {digest}", "content {digest} cannot be unpacked: {why}")
HEARTBEAT_AHEAD = Text(
    "tệp heartbeat biết dòng {row} mà sổ không có: sổ đã bị cắt hoặc thay bằng bản cũ",
    "the heartbeat knows row {row}, the ledger does not: it was cut or rolled back",
)
HEARTBEAT_OTHER = Text(
    "dòng {row} không phải là dòng mà tệp heartbeat biết: sổ đã bị viết lại",
    "row {row} is not the one that the heartbeat knows: the ledger was rewritten",
)
NO_HEARTBEAT = Text(
    "không có tệp heartbeat nguyên vẹn: chuỗi {rows} dòng vẫn liền nhau, nhưng nếu phần cuối bị cắt thì không phát hiện"
    " được",
    "no whole heartbeat: the chain of {rows} rows hangs together, but a cut end would not show",
)
HEARTBEAT_DOUBTED = Text("không tin được tệp heartbeat: {why}", "the heartbeat is not to be believed: {why}")
HOLDS_NO_TEXT = Text(
    "dòng này hoặc dòng sau nó chứa dữ liệu không phải là chữ", "it or one after it holds what is not text: {why}"
)
ROW_MISSING = Text("thiếu dòng {row}", "row {row} is missing")
VALUES_OF_WRONG_KIND = Text("dòng chứa giá trị sai kiểu", "it holds values of the wrong kind")
OTHER_HASH = Text("nội dung không khớp với mã băm của dòng", "its content does not fit its hash")
BEFORE_FIRST = Text(
    "dòng này nằm trước dòng đầu tiên, nơi chương trình này không ghi gì",
    "it stands before the first row, where this program writes none",
)
OTHER_COLUMNS = Text("các cột không khớp với nội dung của dòng, hoặc không đọc được nội dung", "{why}")

TAKEN = Text(
    "tệp của sổ bị xóa, dời đi hoặc bị thay khi bộ giám sát đang ghi",
    "its file was deleted, moved or replaced while the agent was writing it",
)
RESCUED = Text("các dòng của bộ giám sát đang chạy", "rows of the running agent")
GONE_WRONG = Text(
    "hãy chuyển tệp này đi chỗ khác, bộ giám sát sẽ tính lại các ngày ấy từ sổ",
    "move it away, and the agent counts its days again from the ledger",
)
BEAT_MISSING = Text(
    "tệp này không có, hoặc cả hai bản ghi trong tệp đều không nguyên vẹn",
    "it is missing, or neither of its two records is whole",
)
BEAT_OLDER = Text(
    "tệp này cũ hơn lúc bắt đầu lần chạy có dòng {row} mà nó nêu",
    "it is older than the start of the agent run whose row {row} it names",
)
BEAT_FOREIGN = Text(
    "tệp này thuộc lần khởi động máy khác với dòng {row} mà nó nêu",
    "it is of another boot than row {row}, which it names",
)
BEAT_OF_NO_ROW = Text(
    "tệp này không nêu dòng nào, mà sổ có hơn một lần chạy",
    "it names no row, and the ledger has more than one agent run",
)
BEAT_LATER = Text("tệp này ghi muộn hơn {than} {seconds} giây", "it is {seconds} s later than {than}")
THAN_NOW = Text("lúc này", "now")
THAN_ROW = Text("dòng {row} mà nó không biết", "row {row}, which it does not know")
THAN_NEXT_RUN = Text("lúc bắt đầu lần chạy kế tiếp (dòng {row})", "the start of the next agent run (row {row})")
EMPTY_INTERVAL = Text("{target}: có khoảng rỗng lúc {at}", "{target}: an empty interval at {at}")
TWO_STATES = Text("{target}: hai trạng thái từ {start} đến {end}", "{target}: two states from {start} to {end}")

_SQLITE = (
    Text("nội dung tệp cơ sở dữ liệu bị hỏng", "database disk image is malformed"),
    Text("tệp này không phải là cơ sở dữ liệu", "file is not a database"),
    Text("đĩa bị lỗi đọc hoặc ghi", "disk I/O error"),
    Text("đĩa đã đầy", "database or disk is full"),
    Text("cơ sở dữ liệu chỉ cho đọc", "attempt to write a readonly database"),
    Text("không mở được tệp cơ sở dữ liệu", "unable to open database file"),
    Text("tiến trình khác đang giữ cơ sở dữ liệu", "database is locked"),
)
_BY_ENGLISH = {text.en: text for text in _SQLITE}


def sqlite_text(english: str) -> Text:
    """What SQLite says, in both languages; what is not known stands as it is."""
    return _BY_ENGLISH.get(english) or Text(english, english)


def stored_text(english: str) -> Text:
    """A sentence of these that a row, or the note beside files that were set aside, keeps in English.

    Both keep the reason as an English sentence, and rows are never rewritten: so it is looked up here by its words.
    Everything that was not read back from a disk carries its text from the beginning.
    """
    for pattern, text in _patterns():
        if match := pattern.fullmatch(english):
            return text.filled(**{name: stored_text(value) for name, value in match.groupdict().items()})
    return Text(english, english)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Text], ...]:
    """The pattern of every sentence; the one with the most words of its own first."""
    known = [*(text for text in globals().values() if isinstance(text, Text)), *_SQLITE]
    parts = [(list(Formatter().parse(text.en)), text) for text in known]
    parts.sort(key=lambda pair: -sum(len(literal) for literal, *_ in pair[0]))
    return tuple((_pattern(pieces), text) for pieces, text in parts if any(literal for literal, *_ in pieces))


def _pattern(pieces: Sequence[tuple[str, str | None, str | None, str | None]]) -> re.Pattern[str]:
    fields = ("" if name is None else f"(?P<{name}>.+)" for _, name, *_ in pieces)
    return re.compile(
        "".join(re.escape(literal) + field for (literal, *_), field in zip(pieces, fields, strict=True)), re.DOTALL
    )
