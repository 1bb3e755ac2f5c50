"""Declared facts in the cells of a sheet: columns of their own for those with a meaning, one text for all others.

The text has ``id = value | document | its date | from | to`` for each, with ``;`` between; what is not said may be left
out at the end. How the value is written tells its unit: ``có``, ``95,5 %``, ``120``, ``31/12/2025``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from agent.characters import unaccented
from agent.model.declared_facts import KNOWN_FACTS, DeclaredFact
from agent.text import Text

FACTS, DOCUMENT, DOCUMENT_DATE = "facts", "document", "document_date"
FACT_COLUMNS = (*KNOWN_FACTS, FACTS, DOCUMENT, DOCUMENT_DATE)
YES, NO = Text("có", "yes"), Text("không", "no")

_YES = frozenset(("true", "yes", "y", "co", "da co", "dung", "x", "roi", "da", "da lap", "da phu"))
_NO = frozenset(("false", "no", "n", "khong", "khong co", "chua", "chua co", "sai", "chua lap", "chua phu"))
_NOTHING = frozenset(("", "n a", "na", "none", "null", "trong"))
_COUNT = re.compile("[0-9]{1,12}")
_SHARE = re.compile("([0-9]{1,3}(?:[.,][0-9]{1,20})?)%")
_FRACTION = re.compile("[01][.,][0-9]{1,20}")
_ISO = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_OFFICE_DATE = re.compile("([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: 00:00:00)?")
_START = re.compile(r";(?=\s*[^\s=|;]+\s*=)")
_PAPER = (DOCUMENT, DOCUMENT_DATE)
_KEYS = ("value", "document", "date", "from", "to")


@dataclass(frozen=True, slots=True)
class FactCellError(ValueError):
    """A cell that is no fact: the key of the message, and what stands there."""

    message: str
    value: str


def day_of_text(text: str) -> str:
    """A date as ISO text, from that or as offices write it, 31/12/2025. ValueError: it is none."""
    iso, office = _ISO.fullmatch(text.strip()), _OFFICE_DATE.fullmatch(text.strip())
    if iso is None and office is None:
        raise FactCellError("fact_date", text)
    try:
        year, month, day = map(int, iso.groups() if iso else office.groups()[::-1])  # type: ignore[union-attr]
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise FactCellError("fact_date", text) from error


def value_of_text(text: str) -> tuple[bool | str, str]:
    """Value and unit as they are written; ValueError for what is neither a yes or no, a share, a count nor a date."""
    words = _words(text)
    if words in _YES or words in _NO:
        return words in _YES, "none"
    bare = re.sub(r"\s+", "", text)
    if share := _SHARE.fullmatch(bare):
        return plain_decimal(Decimal(share[1].replace(",", ".")).scaleb(-2)), "ratio"
    if _FRACTION.fullmatch(bare):
        return bare.replace(",", "."), "ratio"
    if _COUNT.fullmatch(bare):
        return bare, "count"
    try:
        return day_of_text(bare), "date"
    except ValueError as error:
        raise FactCellError("fact_value", text) from error


def _words(text: str) -> str:
    return " ".join(re.split(r"[^a-z0-9]+", unaccented(text))).strip()


def plain_decimal(number: Decimal) -> str:
    """The digits without an exponent and without zeros behind the last that counts."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def facts_of_text(text: str) -> list[dict[str, Any]]:
    """The facts of the one text, as a YAML list has them. ValueError: some of it is none."""
    return [_fact(part) for part in _START.split(text) if part.strip(" ;")]


def _fact(part: str) -> dict[str, Any]:
    identity, found, rest = part.strip(" ;").partition("=")
    fields = [field.strip() for field in rest.split("|")]
    if not found or len(fields) > len(_KEYS):
        raise FactCellError("facts_text", part.strip())
    said = {key: field for key, field in zip(_KEYS, fields, strict=False) if field}
    value, unit = value_of_text(said.pop("value", ""))
    days = {key: day_of_text(field) for key, field in said.items() if key != "document"}
    return {"id": identity.strip(), "value": value, "unit": unit, **said, **days}


def text_of_facts(facts: Iterable[DeclaredFact]) -> str:
    """The one text, of which ``facts_of_text`` makes the same facts."""
    return "; ".join(map(_written, facts))


def _written(fact: DeclaredFact) -> str:
    days = ["" if day is None else day.isoformat() for day in (fact.date, fact.first, fact.last)]
    fields = [f"{fact.id} = {cell_of_value(fact)}", fact.document or "", *days]
    while not fields[-1]:
        fields.pop()
    return " | ".join(fields)


def cell_of_value(fact: DeclaredFact, language: str | None = None) -> str:
    """The value as ``value_of_text`` reads it; yes and no in words if a language is given."""
    if isinstance(fact.value, bool):
        words = YES if fact.value else NO
        return words.to(language) if language else str(fact.value).lower()
    return f"{plain_decimal(Decimal(fact.value).scaleb(2))}%" if fact.unit == "ratio" else fact.value


def has_all_facts(headers: Mapping[str, tuple[int, str]]) -> bool:
    """Whether a sheet has the column of the one text, beside those of single facts."""
    return FACTS in headers and all(headers[FACTS] != headers[key] for key in KNOWN_FACTS if key in headers)


def folded(cells: Mapping[str, str], *, yes_or_no: bool) -> tuple[str, dict[str, FactCellError]]:
    """The one text of a row that has columns of facts, and by column which of its cells are wrong.

    The document of the row stands for all of its columns. yes_or_no: 1 and 0 are a yes and a no, as of a single site.
    """
    wrong: dict[str, FactCellError] = {}
    document = _read(DOCUMENT, cells, _document, wrong)
    day = _read(DOCUMENT_DATE, cells, day_of_text, wrong)
    texts = []
    for identity in KNOWN_FACTS:
        value = _read(identity, cells, lambda text: _value(text, yes_or_no=yes_or_no), wrong)
        if value:
            texts.append(" | ".join(field for field in _trimmed([f"{identity} = {value}", document, day])))
    rest = cells.get(FACTS, "").strip(" ;")
    return "; ".join([*texts, *([rest] if rest else [])]), wrong


def _read(key: str, cells: Mapping[str, str], read: Any, wrong: dict[str, FactCellError]) -> str:
    text = cells.get(key, "")
    words = _words(text)
    if (words in _NOTHING and (words or not any(map(str.isalnum, text)))) or (key in _PAPER and words in _NO):
        return ""
    try:
        return str(read(text))
    except FactCellError as error:
        wrong[key] = error
        return ""


def _value(text: str, *, yes_or_no: bool) -> str:
    if yes_or_no and text in ("0", "1"):
        return str(text == "1").lower()
    value, unit = value_of_text(text)
    return text.strip() if unit == "ratio" else str(value).lower() if isinstance(value, bool) else value


def _document(text: str) -> str:
    if "|" in text or "=" in text:
        raise FactCellError("fact_document", text)
    return text.strip()


def _trimmed(fields: list[str]) -> Iterator[str]:
    while not fields[-1]:
        fields.pop()
    yield from fields


def spread(facts: Iterable[DeclaredFact], language: str) -> dict[str, str]:
    """The cells of a row: facts without from and to, on one document, in their own columns; the others as one text."""
    facts = list(facts)
    simple = [fact for fact in facts if fact.id in KNOWN_FACTS and fact.first is None and fact.last is None]
    own = [fact for fact in simple if (fact.document, fact.date) == (simple[0].document, simple[0].date)]
    cells = {fact.id: cell_of_value(fact, language) for fact in own}
    if own and own[0].document:
        cells[DOCUMENT] = own[0].document
    if own and own[0].date:
        cells[DOCUMENT_DATE] = own[0].date.isoformat()
    rest = text_of_facts(fact for fact in facts if fact not in own)
    return cells | ({FACTS: rest} if rest else {})
