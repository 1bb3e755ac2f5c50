"""What the columns of a self-assessment form are called, in as many spellings as offices use. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.characters import unaccented
from agent.scoring.form.form import FormColumn
from agent.text import Text

WITHIN = 60
"""Rows in which the headings lie: above them stand the office's name, the title, facts of the commune."""

NAMES: Mapping[FormColumn, Text] = {
    FormColumn.NUMBER: Text("STT", "number"),
    FormColumn.TITLE: Text("Chỉ số / Chỉ số thành phần", "criterion"),
    FormColumn.MAXIMUM: Text("Điểm tối đa", "maximum"),
    FormColumn.METHOD: Text("Cách tính", "method"),
    FormColumn.POINTS: Text("Điểm tự chấm", "points"),
    FormColumn.EXPLANATION: Text("Giải trình", "explanation"),
    FormColumn.EVIDENCE: Text("Tài liệu kiểm chứng", "evidence"),
}

_OTHERS = re.compile(
    r"tham dinh|hoi dong|phuc tra|xac minh|nguon (?:thu thap|du lieu|so lieu|cung cap)|don vi (?:phoi hop|chu tri)"
    r"|(?:nam|ky) truoc|chenh lech|thoi (?:gian|han)|kiem tra lai|to cong tac|cap tren"
)
"""What others fill in, or nobody: never the office's own points."""


def _spelling(contained: str, *whole: str) -> re.Pattern[str]:
    """A heading that has one of these words in it, or is one of the others as a whole."""
    return re.compile("|".join([f".*(?:{contained}).*", *whole] if contained else whole))


# The first that fits counts.
_SPELLINGS: tuple[tuple[FormColumn, re.Pattern[str]], ...] = (
    (
        FormColumn.NUMBER,
        _spelling(
            "", "s?tt", "so tt", "so thu tu", "thu tu", "muc", "no", "#",
            "(?:ma|so)(?: so)?(?: hieu)?(?: chi so| tieu chi| chi tieu)?",
        ),
    ),
    (
        FormColumn.EVIDENCE,
        _spelling(
            "kiem chung|minh chung|chung minh|(?:ho so|tai lieu|van ban|file|tep) (?:kem theo|dinh kem)|evidence"
            "|duong (?:link|dan)|tai lieu (?:lien quan|tham chieu)|link (?:tai lieu|minh chung|van ban)",
            "tai lieu", "link", "can cu", "van ban", "ho so",
        ),
    ),
    (
        FormColumn.EXPLANATION,
        _spelling(
            "giai trinh|thuyet minh|dien giai|giai thich|mo ta (?:ket qua|thuc trang)|ly do|explanation"
            "|ket qua (?:thuc hien|dat duoc|cu the)|tinh hinh thuc hien|bao cao ket qua|noi dung da thuc hien",
            "ket qua", "hien trang", "thuc trang",
        ),
    ),
    (
        FormColumn.POINTS,
        _spelling(
            "tu (?:danh gia|cham|tinh|ra soat|xac dinh|cho diem)|self.assess",
            "diem danh gia", "diem (?:de nghi|de xuat)", "ket qua cham(?: diem)?",
            "(?:so )?diem (?:don vi |xa |phuong |co quan )?dat(?: duoc)?",
            "diem (?:cua )?(?:don vi|xa|phuong)(?: cham)?",
            "diem (?:cham|thuc te|thuc hien)",
            "points",
        ),
    ),
    (
        FormColumn.MAXIMUM,
        _spelling(
            "toi da|(?:diem|thang) chuan|thang diem|diem quy dinh|diem max|khung diem|bang diem|maximum|muc diem",
            "diem", "so diem", "max(?: points)?", "trong so", "diem cao nhat", "diem tieu chi", "diem giao",
        ),
    ),
    (
        FormColumn.METHOD,
        _spelling(
            "cach (?:thuc )?(?:xac dinh|tinh|cham|danh gia|do)|phuong phap|cong thuc|quy dinh cham|nguyen tac cham"
            "|huong dan (?:cham|tinh|danh gia|xac dinh)|yeu cau danh gia|cach thuc|tieu chuan (?:cham|danh gia)"
            "|can cu (?:cham|tinh)|muc do danh gia|quy tac (?:cham|tinh)",
            "method", "huong dan", "yeu cau",
        ),
    ),
    (
        FormColumn.TITLE,
        _spelling(
            "chi so|tieu chi|chi tieu|noi dung|danh muc|thanh phan|linh vuc|criteri(?:on|a)",
            "ten",
        ),
    ),
)  # fmt: skip
_BLANKS = re.compile(r"[^a-z0-9#]+")
_BRACKETS = re.compile(r"\([^()]*\)")
_LONGEST = 80  # characters of a heading; what is longer is a sentence
_YEAR = re.compile(r"20[0-9]{2}")


def plain_words(text: str) -> str:
    """Lower case without accents and signs, single blanks: how words of a form are compared."""
    return _BLANKS.sub(" ", unaccented(text)).strip()


def meaning(heading: str) -> FormColumn | None:
    """What a column of this heading is for; None for one that is none of ours."""
    words = plain_words(_BRACKETS.sub(" ", heading)) or plain_words(heading)
    if not words or len(words) > _LONGEST or _OTHERS.search(words):
        return None
    return next((column for column, spelling in _SPELLINGS if spelling.fullmatch(words)), None)


@dataclass(frozen=True, slots=True)
class Second:
    """A second column of the same meaning that is not used."""

    meaning: FormColumn
    used: int
    other: int


@dataclass(frozen=True, slots=True)
class FormHeader:
    """The headings of a table: its rows, the heading of each column by number, the column of each meaning.

    titles: every column that names the criteria, from the left: groups may stand in one, criteria in the next.
    """

    first: int
    last: int
    headings: Mapping[int, str]
    columns: Mapping[FormColumn, int]
    titles: tuple[int, ...]
    seconds: tuple[Second, ...] = ()


Cells = Mapping[int, str]
"""The texts of a row by column, merged cells filled to the right."""


def find_header(rows: Sequence[tuple[int, Cells]], hidden: Iterable[int]) -> FormHeader | None:
    """The first row, alone or with the one below, that has a column of criteria and one of maxima; None for none."""
    unseen = frozenset(hidden)
    for index, (number, cells) in enumerate(rows[:WITHIN]):
        below = rows[index + 1] if index + 1 < len(rows) and _begins(cells) else None
        both = None if below is None else _header(number, below[0], _joined(cells, below[1]), unseen)
        alone = _header(number, number, cells, unseen)
        if both is not None and below is not None and _continues(cells, below[1], alone, both):
            return both
        if alone is not None:
            return alone
    return None


def _begins(cells: Cells) -> bool:
    """Whether the row may be the upper half of the headings: two different ones of ours, not one title over all."""
    return len({meaning(text) for text in {*cells.values()}} - {None}) > 1


def _continues(cells: Cells, below: Cells, alone: FormHeader | None, both: FormHeader) -> bool:
    """Whether the row below is the second half of the headings: it has words, no numbers, and tells more."""
    new = [text for column, text in below.items() if text and text != cells.get(column)]
    if not new or any(re.fullmatch(r"[\d.,()\s]+|[IVX]+\.?|[A-H]\.?", text) for text in new):
        return False
    known = [text for text in new if meaning(text) is not None]
    return alone is None or len(both.columns) > len(alone.columns) or 2 * len(known) > len(new)


def _joined(upper: Cells, lower: Cells) -> dict[int, str]:
    """One heading a column: *Điểm* above *Tối đa* is *Điểm Tối đa*."""
    joined = {}
    for column in sorted({*upper, *lower}):
        above, beneath = upper.get(column, ""), lower.get(column, "")
        joined[column] = above if beneath in ("", above) else f"{above} {beneath}".strip()
    return joined


def _header(first: int, last: int, headings: Cells, unseen: frozenset[int]) -> FormHeader | None:
    found: dict[FormColumn, list[int]] = {}
    for column, heading in sorted(headings.items()):
        key = meaning(heading)
        if key is not None:
            found.setdefault(key, []).append(column)
    found = {key: _seen(columns, unseen) for key, columns in found.items()}
    if FormColumn.TITLE not in found or FormColumn.MAXIMUM not in found:
        return None
    used = {key: _chosen(key, columns, headings) for key, columns in found.items()}
    seconds = [
        Second(key, used[key], column)
        for key, columns in found.items()
        if key is not FormColumn.TITLE
        for column in columns
        if column != used[key] and headings[column] != headings[used[key]]
    ]
    return FormHeader(first, last, dict(headings), used, tuple(found[FormColumn.TITLE]), tuple(seconds))


def _seen(columns: list[int], unseen: frozenset[int]) -> list[int]:
    """Without those that nobody sees, unless all are hidden."""
    return [column for column in columns if column not in unseen] or columns


def _chosen(key: FormColumn, columns: list[int], headings: Cells) -> int:
    """Of several: that of the latest year, of maxima that which says so, else the first."""
    years = {column: max(_YEAR.findall(headings[column]), default="") for column in columns}
    if key is FormColumn.MAXIMUM:
        return max(columns, key=lambda column: ("toi da" in plain_words(headings[column]), years[column], -column))
    return max(columns, key=lambda column: (years[column], -column))
