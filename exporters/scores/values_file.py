"""The workbook in which a clerk fills in what no record of the agent has: a row for each value, the cells empty.

Every text goes through write_string: no formula, no link. Fixed properties: the same sheet gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from agent.characters import cleaned
from agent.errors import SansangError
from agent.inventory.sheets.reader import MAX_ROWS
from agent.scoring.document.numbers import exact_text
from agent.scoring.given.asked import HEADINGS, AskedValue, ValueColumn, asked_values
from agent.scoring.measures import Quantity
from agent.scoring.sheet import ScoreSheet
from agent.text import Text

_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed property; spreadsheets know no zone
_MOST_TEXT = 32_767
_MOST_LIST = 255  # characters that a list of choices may have
_WIDTHS = {
    ValueColumn.UNIT: 16,
    ValueColumn.UNIT_NAME: 24,
    ValueColumn.CRITERION: 10,
    ValueColumn.TITLE: 44,
    ValueColumn.PART: 6,
    ValueColumn.ASKED: 44,
    ValueColumn.A: 12,
    ValueColumn.B: 12,
    ValueColumn.CHOICE: 22,
    ValueColumn.DOCUMENT: 18,
    ValueColumn.DATE: 14,
    ValueColumn.NOTE: 28,
}
_NAME = Text("Giá trị nhập tay", "Given values")
_ROW_LIMIT = Text(
    "{rows} dòng là nhiều hơn một tệp giá trị ({most}); hãy chọn --unit, hoặc một --level ít đơn vị hơn",
    "{rows} rows are more than a file of values may have ({most}); choose --unit, or a --level with fewer units",
)
_NOTHING = Text(
    "biểu này không có tiêu chí nào phải nhập tay: mọi số liệu đều lấy từ sổ",
    "nothing in this sheet is filled in by hand: everything is measured",
)
_SHARE = Text("{a} (a) trên {b} (b), hoặc chỉ a là phần trăm", "{a} (a) of {b} (b), or a percent in a alone")
_A, _B = Text("số đạt", "those that do"), Text("tổng số", "all there are")
_ASKED: Mapping[Quantity, Text] = {
    Quantity.COUNT: Text("Một số", "A number"),
    Quantity.SECONDS: Text("Số giây", "Seconds"),
    Quantity.YEARS: Text("Số năm", "Years"),
    Quantity.DATE: Text("Một ngày", "A date"),
}
_CHOOSE = Text("Chọn: {words}", "Choose: {words}")
_POINTS = Text("Số điểm, nhiều nhất {most}", "Points, at most {most}")
_INSTEAD = Text("Chỉ khi sổ không đủ số liệu. ", "Only where the record has too little. ")
_FROM = Text(" Nguồn: {source}.", " Source: {source}.")


def values_file(sheet: ScoreSheet, units: Sequence[tuple[str, str]], language: str = "vi") -> bytes:
    """units: id and name of each. SansangError where nothing is asked, or more than one file may hold."""
    asked = asked_values(sheet)
    if not asked:
        raise SansangError(_NOTHING)
    if len(asked) * len(units) >= MAX_ROWS:
        raise SansangError(_ROW_LIMIT.filled(rows=len(asked) * len(units), most=MAX_ROWS - 1))
    target = io.BytesIO()
    file = xlsxwriter.Workbook(target)
    file.set_properties({"title": cleaned(sheet.title.to(language))[:_MOST_LIST], "created": _CREATED})
    paper = _ValuesPaper(file, file.add_worksheet(_NAME.to(language)), language)
    paper.head()
    for unit in units:
        for value in asked:
            paper.row(unit, value)
    paper.finish()
    file.close()
    return target.getvalue()


class _ValuesPaper:
    """The one sheet while it is written."""

    def __init__(self, file: xlsxwriter.Workbook, page: Worksheet, language: str) -> None:
        font = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "border": 1}
        looks: Mapping[str, dict[str, Any]] = {
            "head": {**font, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E7EBF0"},
            "text": {**font, "num_format": "@", "text_wrap": True},
            "fill": {**font, "bg_color": "#FFF8DC"},
            "words": {**font, "num_format": "@", "text_wrap": True, "bg_color": "#FFF8DC"},
            "date": {**font, "num_format": r"dd\/mm\/yyyy", "bg_color": "#FFF8DC"},
            "closed": {**font, "bg_color": "#EEEEEE"},
        }
        self._looks = {name: file.add_format(look) for name, look in looks.items()}
        self._page = page
        self._language = language
        self._at = 0

    def head(self) -> None:
        """The headings, which stay in sight and on every printed page."""
        for at, column in enumerate(ValueColumn):
            self._page.set_column(at, at, _WIDTHS[column])
            self._text(at, HEADINGS[column].to(self._language), "head")
        self._at += 1

    def row(self, unit: tuple[str, str], asked: AskedValue) -> None:
        """One value of one unit."""
        part = str(asked.part + 1) if asked.parts > 1 else ""
        title = asked.title.to(self._language)
        texts = (*unit, asked.criterion.code, title, part, asked_text(asked, self._language))
        for at, text in enumerate(texts):
            self._text(at, text, "text")
        open_ = {ValueColumn.CHOICE} if asked.quantity is Quantity.CHOICE else {ValueColumn.A}
        open_ |= {ValueColumn.B} if asked.quantity is Quantity.SHARE else set()
        fill = "date" if asked.quantity is Quantity.DATE else "fill"
        for column in (ValueColumn.A, ValueColumn.B, ValueColumn.CHOICE):
            self._blank(column, fill if column in open_ else "closed")
        self._blank(ValueColumn.DOCUMENT, "words")
        self._blank(ValueColumn.DATE, "date")
        self._blank(ValueColumn.NOTE, "words")
        self._validate(asked)
        self._at += 1

    def finish(self) -> None:
        """How it looks on the screen and on paper."""
        self._page.freeze_panes(1, 3)
        self._page.autofilter(0, 0, self._at - 1, len(ValueColumn) - 1)
        self._page.repeat_rows(0)
        self._page.set_landscape()
        self._page.set_paper(9)
        self._page.fit_to_pages(1, 0)

    def _text(self, at: int, text: str, look: str) -> None:
        self._page.write_string(self._at, at, cleaned(text)[:_MOST_TEXT], self._looks[look])

    def _blank(self, column: ValueColumn, look: str) -> None:
        self._page.write_blank(self._at, list(ValueColumn).index(column), None, self._looks[look])

    def _validate(self, asked: AskedValue) -> None:
        """What the program refuses while it is typed; what it does not know is refused when the file is read."""
        words = [cleaned(title.to(self._language)) for title in asked.words.values()]
        if words and len(",".join(words)) <= _MOST_LIST and not any("," in word for word in words):
            self._allow(ValueColumn.CHOICE, {"validate": "list", "source": words})
        self._allow(
            ValueColumn.DATE,
            {"validate": "date", "criteria": ">", "value": datetime(1990, 1, 1), "error_type": "warning"},  # noqa: DTZ001
        )

    def _allow(self, column: ValueColumn, rule: dict[str, Any]) -> None:
        at = list(ValueColumn).index(column)
        self._page.data_validation(self._at, at, self._at, at, rule)


def asked_text(asked: AskedValue, language: str) -> str:
    """What to fill in, in words."""
    if asked.quantity is Quantity.CHOICE:
        words = "; ".join(title.to(language) for title in asked.words.values())
        text = _CHOOSE.filled(words=words).to(language)
    elif asked.quantity is Quantity.SHARE:
        a, b = (own.to(language) or usual.to(language) for own, usual in ((asked.a, _A), (asked.b, _B)))
        text = _SHARE.filled(a=a, b=b).to(language)
        text = text[:1].upper() + text[1:]
    elif asked.quantity is Quantity.POINTS:
        text = _POINTS.filled(most=_decimal(asked.most or Decimal(0), language)).to(language)
    else:
        own = asked.a.to(language)
        text = f"{_ASKED[asked.quantity].to(language)}{f': {own}' if own else ''}"
    source = _FROM.filled(source=asked.source).to(language) if asked.source else ""
    return ("" if asked.required else _INSTEAD.to(language)) + text + source


def _decimal(number: Decimal, language: str) -> str:
    text = exact_text(number)
    return text.replace(".", ",") if language == "vi" else text
