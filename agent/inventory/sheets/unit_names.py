"""Names of administrative units taken apart: the office, the kind, the proper name."""

from __future__ import annotations

import re

from agent.inventory.sheets.columns import plain

_ORGAN = re.compile(r"(?:tru so |van phong )?(?:hdnd (?:va )?)?(?:ubnd|uy ban nhan dan|uy ban) ")
_KINDS = {
    "x": "xa", "p": "phuong", "tt": "thi tran", "dk": "dac khu", "h": "huyen", "q": "quan", "tx": "thi xa",
    "tp": "thanh pho", "t": "tinh",
}  # fmt: skip
_KIND_WORDS = {
    "xa": "Xã", "phuong": "Phường", "thi tran": "Thị trấn", "dac khu": "Đặc khu", "huyen": "Huyện", "quan": "Quận",
    "thi xa": "Thị xã", "thanh pho": "Thành phố", "tinh": "Tỉnh",
}  # fmt: skip
TIERS = (("xa", "phuong", "thi tran", "dac khu"), ("huyen", "quan", "thi xa"), ("tinh",))
"""Kinds of units of one level; *thành phố* may be of either of two."""
_MORE_WORDS = (("commune", "ward", "township"), ("thanh pho", "district", "town"), ("thanh pho", "province", "city"))
TIER_WORDS = tuple((*kinds, *words) for kinds, words in zip(TIERS, _MORE_WORDS, strict=True))
"""All words that the names of such units begin with, or in English end with."""
_KIND = re.compile(rf"({'|'.join([*_KINDS.values(), *_KINDS])}) (?=[a-z0-9])")


def kind_of(name: str) -> str:
    """The kind of a unit that its name begins with, as ``Xã``; "" if it begins with none."""
    kind, _ = split_kind(plain(name))
    return _KIND_WORDS.get(kind, "")


def split_kind(name: str) -> tuple[str, str]:
    """A plain name as its kind, in full, and what it is called; without whose office it is."""
    name = _ORGAN.sub("", name, count=1) if _ORGAN.match(name) else name
    kind = _KIND.match(name)
    return ("", name) if kind is None else (_KINDS.get(kind[1], kind[1]), name[kind.end() :])
