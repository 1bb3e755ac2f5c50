"""What the columns of a self-assessment form are called, in as many spellings as offices use. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.characters import unaccented
from agent.scoring.form.form import FormColumn
from agent.text import Text

WITHIN = 60
"""Rows in which the headings lie: above them stand the office's name, the title, facts of the commune."""

_MOST_ROWS = 3  # of headings

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
    r"tham dinh|hoi dong|phuc tra|xac minh|nguon (?:thu thap|du lieu|so lieu|cung cap)|phu trach|phoi hop|chu tri"
    r"|(?:nam|ky) truoc|chenh lech|thoi (?:gian|han)|kiem tra lai|to cong tac|cap tren|theo doi"
    r"|^(?:don vi|co quan) thuc"
)
"""What others fill in, or nobody: never the office's own points."""


def _spelling(contained: str, *whole: str) -> re.Pattern[str]:
    """A heading that has one of these words in it, or is one of the others as a whole."""
    return re.compile("|".join([f".*(?:{contained}).*", *whole] if contained else whole))


_COUNTING = (
    "cach(?: thuc)?|phuong (?:phap|thuc)|cong thuc|huong dan|quy (?:dinh|tac)|nguyen tac|tieu chuan|yeu cau|can cu"
    "|muc do"
)
_IS_COUNTED = "(?:tu )?(?:xac dinh|tinh|cham|danh gia|do|cho diem)"
_OFFICE = "(?:do |cua )?(?:ubnd )?(?:don vi|xa|phuong|co quan)"

# The first that fits counts.
_SPELLINGS: tuple[tuple[FormColumn, re.Pattern[str]], ...] = (
    (
        FormColumn.NUMBER,
        _spelling(
            "", "s? ?t ?t", "so tt", "so thu tu", "thu tu", "muc", "no", "#",
            "(?:ma|so)(?: so)?(?: hieu)?(?: chi so| tieu chi| chi tieu)?",
        ),
    ),
    (
        FormColumn.EVIDENCE,
        _spelling(
            "kiem chung|minh chung|chung minh|bang chung|(?:ho so|tai lieu|van ban|file|tep) (?:kem theo|dinh kem)"
            "|evidence|duong (?:link|dan)|tai lieu (?:lien quan|tham chieu)|link (?:tai lieu|minh chung|van ban)"
            "|danh muc (?:ho so|tai lieu|van ban)|so(?: va)? ky hieu (?:van ban|tai lieu)",
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
        FormColumn.METHOD,
        _spelling(
            "",
            f"(?:noi dung )?(?:{_COUNTING}) (?:{_COUNTING} )*(?:va )?{_IS_COUNTED}(?: .*)?",
            "(?:.* )?cach(?: thuc)? (?:tinh|cham|xac dinh)(?: .*)?", "phuong phap", "cong thuc", "cach thuc",
            "(?:scoring )?method", "huong dan", "yeu cau",
        ),
    ),
    (
        FormColumn.POINTS,
        _spelling(
            "tu (?:danh gia|cham|tinh|ra soat|xac dinh|cho diem)|self.assess",
            "diem danh gia", "diem (?:de nghi|de xuat)", "ket qua cham(?: diem)?", "(?:diem )?tdg",
            f"(?:so )?diem(?: so)? (?:{_OFFICE} )?dat(?: duoc)?", f"{_OFFICE} cham(?: diem)?",
            f"diem {_OFFICE}(?: cham)?",
            "diem (?:cham|thuc te|thuc hien)",
            "points",
        ),
    ),
    (
        FormColumn.MAXIMUM,
        _spelling(
            "toi da|(?:diem|thang)(?: so)? chuan|thang diem|diem quy dinh|diem max|(?:khung|bang|barem|muc) diem"
            "|maximum",
            "diem(?: so)?", "so diem", "max(?: points| score)?", "trong so(?: .*)?", "diem cao nhat", "diem giao",
            "diem (?:cua |theo )?(?:bo )?(?:tieu chi|chi so|chi tieu|ke hoach)",
        ),
    ),
    (
        FormColumn.TITLE,
        _spelling(
            "",
            "(?!diem |so diem |nguoi |don vi |co quan )(?:.* )?(?:chi so|tieu chi|chi tieu|noi dung|danh muc"
            "|thanh phan)(?: .*)?",
            "(?:.* )?linh vuc(?: .*)?", "(?:.* )?(?:criteri(?:on|a)|indicators?)(?: .*)?", "ten", "hang muc",
            "nhiem vu",
        ),
    ),
)  # fmt: skip
_BROAD: Mapping[FormColumn, re.Pattern[str]] = {
    FormColumn.POINTS: re.compile("tu "),
    FormColumn.MAXIMUM: re.compile("toi da|chuan|thang diem|max"),
    FormColumn.EXPLANATION: re.compile("giai|minh|ly do|explanation"),
    FormColumn.EVIDENCE: re.compile("chung|evidence"),
}
"""Of several columns of one meaning, the one whose heading says it outright goes first."""
_BLANKS = re.compile(r"[^a-z0-9#]+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and marks that take no room
_BRACKETS = re.compile(r"\([^()]*\)")
_LONGEST_WRITTEN = 500  # with what stands in brackets
_LONGEST = 80  # characters of a heading; what is longer is a sentence
_BARE = ("diem", "so diem", "diem so")
_YEAR = re.compile(r"20[0-9]{2}")


def plain_words(text: str) -> str:
    """Lower case without accents and signs, single blanks: how words of a form are compared."""
    return _BLANKS.sub(" ", unaccented(_UNSEEN.sub("", text))).strip()


def meaning(heading: str) -> FormColumn | None:
    """What a column of this heading is for; None for one that is none of ours."""
    if len(heading) > _LONGEST_WRITTEN:
        return None
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

    @property
    def unused(self) -> tuple[int, ...]:
        """Columns with a heading that are for nothing of ours."""
        taken = {*self.columns.values(), *self.titles, *(second.other for second in self.seconds)}
        own = {self.headings[column] for column in taken}
        return tuple(column for column, text in sorted(self.headings.items()) if text and text not in own)


Cells = Mapping[int, str]
"""The texts of a row by column, merged cells filled to the right."""


def find_header(rows: Sequence[tuple[int, Cells]], hidden: Iterable[int]) -> FormHeader | None:
    """The first row, alone or with one or two below, that has a column of criteria and one of maxima; None for none."""
    unseen = frozenset(hidden)
    for index, (number, cells) in enumerate(rows[:WITHIN]):
        found = _header(number, number, cells, unseen)
        upper = cells
        for last, below in rows[index + 1 : index + _MOST_ROWS] if _begins(cells) else ():
            joined = _joined(upper, below)
            both = _header(number, last, joined, unseen)
            if _ends(cells, below) or (both is not None and not _continues(upper, below, found, both)):
                break
            upper, found = joined, both or found
        if found is not None:
            return found
    return None


def _ends(cells: Cells, below: Cells) -> bool:
    """Whether the row below is no half of the headings: nothing new in it, or numbers."""
    new = [text for column, text in below.items() if text and text != cells.get(column)]
    return not new or any(re.fullmatch(r"[\d.,()\s]+|[IVX]+\.?|[A-H]\.?", text) for text in new)


def _begins(cells: Cells) -> bool:
    """Whether the row may be the upper half of the headings: two different ones of ours, not one title over all."""
    return len({meaning(text) for text in {*cells.values()}} - {None}) > 1


def _continues(cells: Cells, below: Cells, alone: FormHeader | None, both: FormHeader) -> bool:
    """Whether the row below tells more about the columns; what stands under the titles alone names a group."""
    columns = [column for column, text in below.items() if text and text != cells.get(column)]
    if alone is not None and {*columns} <= {*alone.titles, alone.columns.get(FormColumn.NUMBER, 0)}:
        return False
    known = [column for column in columns if meaning(below[column]) is not None]
    return alone is None or len(both.columns) > len(alone.columns) or 2 * len(known) > len(columns)


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
    _tell_points(found, headings)
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
    titles = tuple(_side_by_side(found[FormColumn.TITLE], used))
    return FormHeader(first, last, dict(headings), used, titles, tuple(seconds))


def _tell_points(found: dict[FormColumn, list[int]], headings: Cells) -> None:
    """Where one column says *Điểm tối đa* and one behind it only *Điểm*, that is the office's own."""
    maxima = found.get(FormColumn.MAXIMUM, [])
    said = [column for column in maxima if _BROAD[FormColumn.MAXIMUM].search(plain_words(headings[column]))]
    bare = [column for column in maxima if plain_words(headings[column]) in _BARE and said and column > said[0]]
    if FormColumn.POINTS not in found and len(bare) == 1:
        found[FormColumn.POINTS] = bare
        found[FormColumn.MAXIMUM] = [column for column in maxima if column not in bare]


def _side_by_side(titles: Sequence[int], used: Mapping[FormColumn, int]) -> Iterator[int]:
    """The first of the titles and those right behind it: one further on is about something else."""
    yield titles[0]
    between = {*used.values()} - {used[FormColumn.TITLE]}
    for column in titles[1:]:
        if any(titles[0] < other < column for other in between):
            return
        yield column


def _seen(columns: list[int], unseen: frozenset[int]) -> list[int]:
    """Without those that nobody sees, unless all are hidden."""
    return [column for column in columns if column not in unseen] or columns


def _chosen(key: FormColumn, columns: list[int], headings: Cells) -> int:
    """Of several: that which says so outright, of these that of the latest year, else the first."""

    def rank(column: int) -> tuple[bool, str, int]:
        words = plain_words(headings[column])
        outright = key in _BROAD and _BROAD[key].search(words) is not None
        return outright, max(_YEAR.findall(words), default=""), -column

    return max(columns, key=rank)
