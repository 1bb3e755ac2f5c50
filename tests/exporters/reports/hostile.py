"""Names that somebody put in on purpose, or that came so."""

from __future__ import annotations

import random

STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n=",
    " =",
    "＝",
    "'=",
    "\u202e=",
    "\x00=",
    "{=",
    "http://",
    "mailto:",
    "\\\\host\\",
)
FORMULAS = (
    "1+1",
    'HYPERLINK("http://x.example","bấm")',
    "cmd|' /C calc'!A0",
    'WEBSERVICE("http://x.example")',
    "A1",
    "1",
)
NAMES = (
    "Điểm cầu xã Bắc Bình",
    "e\u0301\u0302 tổ hợp",
    "\u202eđảo ngược\u202c",
    "\u2066cô lập\u2069",
    "x\x00y",
    "🏛️ trụ sở 👩‍💻",
    "𠀀𝔸 bốn byte",
    "d" * 300,
    'một; hai, ba\t"bốn"',
    "[sổ]:*?/\\tên",
    "'tên trang'",
    "History",
    "dòng một\r\ndòng hai",
    "_x0041_ _x000D_",
    "<b>đậm</b> & ]]> <!-- -->",
    "{{7*7}} ${7} %s {0}",
    "\ufeffđầu",
    "\ud800 lẻ",
    "  khoảng trắng  ",
    "",
    "-1",
    "00123",
    "1e5",
    "1/2",
    "TRUE",
    "#N/A",
    "#REF!",
    "&[Page] &P",
    "\u0085\u2028\u2029",
    "\ufffe\uffff",
)  # fmt: skip


def texts(count: int, seed: int = 63) -> list[str]:
    """So many cells' worth: the names above, formulas behind every start, and noise of both."""
    draw = random.Random(seed)
    made = [start + formula for start in STARTS for formula in FORMULAS] + list(NAMES)
    while len(made) < count:
        noise = "".join(
            chr(draw.choice((draw.randrange(0x80), draw.randrange(0x3000), 0x202E))) for _ in range(draw.randrange(12))
        )
        made.append(
            draw.choice(STARTS) * draw.randrange(2) + draw.choice((noise, draw.choice(NAMES), draw.choice(FORMULAS)))
        )
    return made[:count]
