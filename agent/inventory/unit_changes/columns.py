"""The headings and words of a sheet of changes of units, as offices write them, and what they mean here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.inventory.schema.unit_changes import ChangeKind
from agent.inventory.sheets.columns import plain

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "kind": (
        "loại thay đổi", "loại", "hình thức", "hình thức sắp xếp", "hình thức thay đổi", "nội dung thay đổi",
        "thay đổi", "change", "type", "type of change", "kind of change",
    ),
    "date": (
        "ngày", "ngày hiệu lực", "hiệu lực", "hiệu lực từ", "hiệu lực từ ngày", "có hiệu lực từ", "ngày có hiệu lực",
        "thời điểm hiệu lực", "có hiệu lực từ ngày", "effective date", "effective from", "in force from", "in force",
    ),
    "document": (
        "văn bản", "số văn bản", "căn cứ", "căn cứ pháp lý", "số hiệu văn bản", "nghị quyết", "quyết định",
        "số nghị quyết", "số quyết định", "legal reference", "legal basis", "reference", "decision",
    ),
    "unit": (
        "đơn vị", "tên đơn vị", "mã đơn vị", "đơn vị cũ", "tên đơn vị cũ", "đơn vị trước sắp xếp", "đơn vị hành chính",
        "đơn vị hành chính cũ", "đơn vị thay đổi", "đơn vị hành chính trước sắp xếp", "unit id", "old unit",
        "unit before",
    ),
    "into": (
        "nhập vào", "chuyển về", "chuyển đến", "vào đơn vị", "đơn vị mới", "tên đơn vị mới", "đơn vị sau sắp xếp",
        "đơn vị tiếp nhận", "đơn vị hành chính mới", "đơn vị hành chính sau sắp xếp", "sang đơn vị", "new unit",
        "unit after", "to", "into unit",
    ),
    "name": ("tên mới", "new name"),
    "code": ("mã mới", "mã hành chính mới", "mã số mới", "mã đvhc mới", "new code"),
    "parent": ("cấp trên mới", "đơn vị cấp trên mới", "trực thuộc mới", "trực thuộc", "cấp trên", "new parent"),
    "level": ("cấp", "cấp hành chính", "cấp đơn vị"),
    "sites": ("điểm", "các điểm", "điểm chuyển", "các điểm chuyển", "điểm chuyển theo", "trụ sở chuyển", "sites moved"),
    "subunits": ("đơn vị cấp dưới", "các đơn vị cấp dưới", "đơn vị trực thuộc", "lower units"),
    "founds": ("thành lập mới", "đơn vị thành lập mới", "lập mới", "thành lập", "founded", "new", "is new"),
    "old_name": ("tên cũ", "old name"),
    "old_code": ("mã cũ", "mã hành chính cũ", "mã số cũ", "mã đvhc cũ", "old code"),
    "old_parent": ("cấp trên cũ", "trực thuộc cũ", "old parent"),
}  # fmt: skip
HEADINGS: Mapping[str, str] = {plain(text): key for key, texts in _HEADINGS.items() for text in (key, *texts)}
"""Keys by plain heading."""

REQUIRED = ("kind", "date", "document", "unit")

_KINDS: Mapping[ChangeKind, tuple[str, ...]] = {
    "rename": ("đổi tên", "đổi tên đơn vị", "renamed"),
    "recode": ("đổi mã", "đổi mã số", "cấp mã mới", "thay mã", "recoded"),
    "merge": ("sáp nhập", "nhập", "nhập vào", "nhập nguyên trạng", "hợp nhất", "merger", "merged"),
    "split": ("chia tách", "tách", "chia", "chia đơn vị", "tách đơn vị"),
    "transfer": ("chuyển", "điều chuyển", "chuyển giao", "chuyển về", "điều chỉnh", "transferred"),
    "dissolve": (
        "giải thể", "kết thúc", "kết thúc hoạt động", "chấm dứt hoạt động", "bãi bỏ", "dissolved", "dissolution",
    ),
}  # fmt: skip
KIND_WORDS: Mapping[str, ChangeKind] = {plain(text): kind for kind, texts in _KINDS.items() for text in (kind, *texts)}
"""Kinds of changes by plain word."""

KIND_CHOICES = ", ".join(f"{kind} ({texts[0]})" for kind, texts in _KINDS.items())

_BETWEEN = re.compile(r"[/()\n]")
_LONGEST = 100


def heading_key(heading: str) -> str | None:
    """The key of a heading, also with its unit in brackets (*Ngày hiệu lực (dd/mm/yyyy)*) or in two languages."""
    if len(heading) > _LONGEST:
        return None
    if (whole := HEADINGS.get(plain(heading))) is not None:
        return whole
    keys = {HEADINGS.get(plain(part)) for part in _BETWEEN.split(heading) if plain(part)}
    return next(iter(keys)) if len(keys) == 1 else None
