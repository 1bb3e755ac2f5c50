"""Names for the simulated communes, as such places are called; the district itself is made up."""

from __future__ import annotations

from agent.characters import unaccented

NAMES = (
    "Lãng Công", "Quang Yên", "Bạch Lưu", "Hải Lựu", "Đồng Quế", "Nhân Đạo", "Đôn Nhân", "Phương Khoan", "Nhạo Sơn",
    "Như Thụy", "Tân Lập", "Đồng Thịnh", "Đức Bác", "Tứ Yên", "Yên Thạch", "Cao Phong", "Liễn Sơn", "Thái Hòa",
    "Bắc Bình", "Hợp Lý", "Quang Sơn", "Ngọc Mỹ", "Xuân Hòa", "Vân Trục", "Liên Hòa", "Tử Du", "Bàn Giản", "Xuân Lôi",
    "Đồng Ích", "Tiên Lữ", "Văn Quán", "Đình Chu", "Triệu Đề", "Sơn Đông",
)  # fmt: skip


def commune_name(number: int) -> str:
    """The name of commune ``number`` (from 0); beyond the list the names come again with a number behind them."""
    again, place = divmod(number, len(NAMES))
    return NAMES[place] if again == 0 else f"{NAMES[place]} {again + 1}"


def identifier(name: str) -> str:
    """A name in ASCII, lower case, with hyphens: ``Lãng Công`` to ``lang-cong``."""
    return "-".join(unaccented(name).split())
