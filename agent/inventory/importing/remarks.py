"""Remarks and questions of an import, beside its table of changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.text import Text


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence, by its key."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)

    def to(self, language: str) -> str:
        return _REMARKS[self.key].to(language).format_map(self.values)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to a question: the options to type, and what they mean."""

    options: tuple[str, ...]
    means: Remark


@dataclass(frozen=True, slots=True)
class ImportQuestion:
    """A question that only a person can answer. The proposal assumes the first answer; details are its grounds."""

    asks: Remark
    answers: tuple[Choice, ...]
    details: tuple[Remark, ...] = ()


_REMARKS: Mapping[str, Text] = {
    "list_known": Text(
        "Danh sách này đã có ở {file} ({common} điểm cùng mã): ghi tiếp vào đó.",
        "This list stands in {file} already (rows of the same id: {common}): it is written there.",
    ),
    "stays": Text("{count} dòng đã có ở {file} và giữ nguyên.", "Already in {file}, unchanged: {count} of the rows."),
    "stays_in_main": Text(
        "{count} điểm ghi trong {file} không có trong bảng và vẫn được giữ ({value}); muốn bỏ thì xóa ở tệp đó.",
        "In {file}, not in the sheet, and kept: {count} of the sites ({value}); what is to end is deleted there.",
    ),
    "unit_of_main": Text(
        "{name} giữ nguyên như ở {file}; bảng còn ghi {value}: muốn có thì ghi thêm vào dòng đó.",
        "{name} stays as it is in {file}; the sheet also says {value}: to have that, add it to that line.",
    ),
    "rewritten": Text(
        "{file} được ghi lại cả tệp; ghi chú (#) trong đó chỉ còn ở bản cũ {file}.bak.",
        "{file} is written anew as a whole; comments (#) in it are then only in the old one, {file}.bak.",
    ),
    "retired": Text(
        "Từ nay các dòng của {file} nằm ở {new}; tệp cũ giữ dưới tên {file}.bak và không còn được đọc.",
        "The rows of {file} will stand in {new}; the sheet is kept as {file}.bak and no longer read.",
    ),
    "kept": Text("{count} điểm không có trong bảng vẫn được giữ.", "Not in the sheet, and kept: {count} of the sites."),
    "unit_by_name": Text(
        "{count} điểm không ghi đơn vị: lấy theo tên điểm.",
        "Without a unit: {count} of the sites; taken from the site's name.",
    ),
    "unit_only": Text(
        "{count} điểm không ghi đơn vị: dùng {value}, vì chỉ có đơn vị đó.",
        "Without a unit: {count} of the sites; {value} is used, for want of another.",
    ),
    "unit_by_level": Text(
        "{count} điểm không ghi đơn vị: dùng {value}, theo cấp nêu trong tên điểm.",
        "Without a unit: {count} of the sites; {value} is used, by the level in the site's name.",
    ),
    "units_made": Text(
        "{count} đơn vị chưa có, được tạo ở cấp {level}: {value}.", "New units of level {level} ({count}): {value}."
    ),
    "profile_only": Text(
        "{count} điểm không ghi mẫu: dùng mẫu {value}.", "Without a profile: {count} of the sites; {value} is used."
    ),
    "id_written": Text(
        "{count} mã được viết lại theo dạng mã, ví dụ {before} thành {value}.",
        "Written as ids are: {count} of the ids, such as {value} for {before}.",
    ),
    "id_with_unit": Text(
        "{count} điểm trùng tên được phân biệt bằng đơn vị, ví dụ mã {value}.",
        "Of the same name, told apart by their unit: {count} of the sites, such as id {value}.",
    ),
    "units_late": Text(
        "{count} thay đổi đã có hiệu lực từ trước hôm nay: báo cáo nêu cả ngày hiệu lực và lúc ghi.",
        "In force since before today: {count} of the changes; reports name both dates.",
    ),
    "units_ahead": Text(
        "{count} thay đổi chưa có hiệu lực: tên và mã mới dùng ngay, báo cáo chỉ gộp theo đơn vị mới từ ngày hiệu lực.",
        "Not in force yet: {count} of the changes; new names count at once, reports group by the new units from the "
        "date on.",
    ),
    "unit_founded": Text(
        "Đơn vị mới {name} có mã {id} trong cấu hình.", "The new unit {name} has the id {id} in the configuration."
    ),
    "path_scope": Text(
        "Đường {path} tính theo đơn vị nên phạm vi đổi theo: thêm {more}, bớt {less}. "
        "Xem lại `behind` nếu đường dây không đổi.",
        "The path {path} goes by units, so that its scope changes: more {more}, less {less}. "
        "See `behind` if no line changed.",
    ),
    # questions
    "which_list": Text(
        "Bảng này có vẻ là bản mới của danh sách {file}: {common} trong {total} điểm giống nhau. Đúng vậy không?",
        "This sheet looks like a new version of the list in {file}: the same sites: {common} of {total}. Is it?",
    ),
    "same_list": Text(
        "đúng, thay danh sách đó; mã và lịch sử được giữ", "yes: it replaces that list; ids and history are kept"
    ),
    "new_list": Text("không, đây là danh sách khác, thêm vào", "no: it is another list, and comes beside it"),
    "which_name": Text(
        "{count} điểm có tên mới nhưng địa chỉ như cũ. Có phải chỉ đổi tên?",
        "Under a new name, with the addresses it had: {count} of the sites. Was only the name changed?",
    ),
    "which_swapped": Text(
        "{count} điểm đổi địa chỉ cho nhau. Tên bị đổi, hay địa chỉ bị đổi?",
        "Swapped addresses: {count} of the sites. Was it the names that changed, or the addresses?",
    ),
    "renamed_row": Text("{before} -> {after} (mã {id})", "{before} -> {after} (id {id})"),
    "renamed": Text("đổi tên: mã và lịch sử đi theo địa chỉ", "renamed: id and history go with the addresses"),
    "not_renamed": Text(
        "không: lịch sử của điểm cũ kết thúc, điểm mới bắt đầu lại",
        "no: the history of the old one ends, a new one begins",
    ),
    "some_renamed": Text(
        "chỉ một số: ghi mã của các điểm chỉ đổi tên, cách nhau bằng dấu phẩy",
        "some of them: the ids of those that were only renamed, with commas between",
    ),
    "names_stay": Text("địa chỉ đổi: mã và lịch sử đi theo tên", "the addresses: id and history go with the names"),
    "which_gone": Text(
        "{count} trong {total} điểm không còn trong bảng: {value}. Bảng có bị lọc bớt không?",
        "Not in the sheet: {count} of {total} sites ({value}). Was the sheet filtered?",
    ),
    "gone_keep": Text("có: các điểm đó vẫn được giữ", "yes: those sites stay"),
    "gone_remove": Text("không, bỏ các điểm đó: lịch sử của chúng kết thúc", "no, they are to go: their history ends"),
}
