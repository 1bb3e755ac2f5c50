"""The values of a score sheet as types, checked. Numbers are exact: decimals and fractions as written, never floats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from agent.characters import is_blank, refused, refused_in_line
from agent.inventory.schema.types import Id, TargetId, is_word, refuse
from agent.inventory.sheets.columns import ID
from agent.model import Role
from agent.text import Text

MAX_POINTS = 1_000_000
MAX_TITLE = 1_000
MAX_WORDS = 5_000
MAX_CODE = 40
CODE = re.compile(r"\w[\w.-]*")
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DECIMAL = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,12}))?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})*[.,][0-9]{2}0")
"""1.000, 1,500: a thousand to whoever wrote it, and one to a reader of decimals. Numbers of our own never end in 0."""
_RATIO = re.compile(r"([0-9]{1,15})\s*/\s*([0-9]{1,15})")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MILLISECONDS = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,3})?)\s*(ms|s)")
_TEXT_SCHEMA = {"type": ["string", "number"]}

Bound = Fraction | date
"""Where a formula turns: a number, or a day for what is measured as a date."""


def _decimal(value: object) -> Decimal | None:
    """``33``, ``33.5``, ``33,5``; nothing with a sign, an exponent, or marks of thousands."""
    match = _DECIMAL.fullmatch(str(value).strip()) if type(value) in (str, int) else None
    return None if match is None else Decimal(f"{match[1]}.{match[2] or 0}")


def _plain_decimal(value: Decimal) -> Decimal:
    """Without zeros at the end, and without an exponent."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _parse_points(value: object) -> Decimal:
    number = _decimal(value)
    if number is None:
        refuse("points", value=str(value)[:40])
    return _plain_decimal(number) if number <= MAX_POINTS else refuse("points", value=str(value)[:40])


def _fraction(value: object) -> Fraction | None:
    text = str(value).strip()
    if ratio := _RATIO.fullmatch(text):
        return Fraction(int(ratio[1]), int(ratio[2])) if int(ratio[2]) else None
    percent = text.endswith("%")
    number = _decimal(text.removesuffix("%")) if type(value) in (str, int) else None
    return None if number is None else Fraction(number) / (100 if percent else 1)


def _parse_exact(value: object) -> Fraction:
    if _THOUSANDS.fullmatch(str(value).strip()):
        refuse("thousands", value=str(value).strip())
    number = _fraction(value)
    return refuse("exact_number", value=str(value)[:40]) if number is None else number


def _parse_share(value: object) -> Fraction:
    """A part of the whole: above 1 it is most likely a percentage without its sign."""
    share = _parse_exact(value)
    return share if share <= 1 else refuse("share_above_one", value=str(value)[:40])


def _parse_bound(value: object) -> Bound:
    if isinstance(value, str) and _ISO_DAY.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            refuse("day", value=value[:40])
    return _parse_exact(value)


def _parse_milliseconds(value: object) -> int:
    match = _MILLISECONDS.fullmatch(value.strip()) if isinstance(value, str) else None
    number = _decimal(match[1]) if match else None
    if match is None or number is None:
        refuse("milliseconds")
    milliseconds = number * (1 if match[2] == "ms" else 1000)
    return int(milliseconds) if milliseconds == int(milliseconds) and milliseconds else refuse("milliseconds")


def _parse_code(value: object) -> str:
    text = unicodedata.normalize("NFC", str(value)).strip() if type(value) in (str, int) else ""
    return text if CODE.fullmatch(text) and len(text) <= MAX_CODE else refuse("code_syntax", value=str(value)[:40])


def _check_title(value: str) -> str:
    title = unicodedata.normalize("NFC", value).strip()
    if hidden := refused_in_line(title):
        refuse("name_character", code=hidden)
    if is_blank(title):
        refuse("name_empty")
    return title if len(title) <= MAX_TITLE else refuse("words_long", limit=str(MAX_TITLE))


def _check_words(value: str) -> str:
    words = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if hidden := refused(words):
        refuse("name_character", code=hidden)
    return words if len(words) <= MAX_WORDS else refuse("words_long", limit=str(MAX_WORDS))


def _parse_text(value: object) -> Text:
    """The same words in both languages, or ``{vi: .., en: ..}``; one of the two stands for a missing one."""
    if isinstance(value, str):
        title = _check_title(value)
        return Text(title, title)
    languages = Text._fields
    if not isinstance(value, Mapping) or not value or not set(value) <= set(languages):
        refuse("two_languages")
    if not all(isinstance(words, str) for words in value.values()):
        refuse("two_languages")
    vi, en = (value.get(language) or value[next(iter(value))] for language in languages)
    return Text(_check_title(vi), _check_title(en))


def _check_fact(value: str) -> str:
    return value if is_word(value) else refuse("word_syntax", value=value[:100])


def _parse_several(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _check_cell(value: str) -> str:
    return value if _CELL.fullmatch(value) else refuse("cell_syntax", value=value[:40])


def _check_empty_cell(value: str) -> str:
    return _check_cell(value) if value else value


def _check_sha256(value: str) -> str:
    return value if _SHA256.fullmatch(value) else refuse("sha256_syntax")


def _parse_decimals(value: object) -> int:
    return {"2": 2, "3": 3}.get(str(value)) or refuse("decimals", value=str(value)[:40])


Points = Annotated[Decimal, BeforeValidator(_parse_points), WithJsonSchema(_TEXT_SCHEMA)]
"""Points: a decimal of at least 0."""
Exact = Annotated[Fraction, BeforeValidator(_parse_exact), WithJsonSchema(_TEXT_SCHEMA)]
"""Any number of at least 0: decimal, percentage or ratio."""
Share = Annotated[Fraction, BeforeValidator(_parse_share), WithJsonSchema(_TEXT_SCHEMA)]
"""A number of 0 to 1: 0.75, 75% or 3/4."""
Turn = Annotated[Bound, BeforeValidator(_parse_bound), WithJsonSchema(_TEXT_SCHEMA)]
Milliseconds = Annotated[
    int, BeforeValidator(_parse_milliseconds), WithJsonSchema({"type": "string", "pattern": "^[0-9.,]+ *(ms|s)$"})
]
Code = Annotated[
    str,
    BeforeValidator(_parse_code),
    WithJsonSchema({"type": ["string", "number"], "description": "as in the column STT: 1.2, III.1.a"}),
]
"""What a group or criterion is called in its column STT."""
Words = Annotated[str, AfterValidator(_check_words), WithJsonSchema({"type": "string", "maxLength": MAX_WORDS})]
"""Sentences for people, on several lines if need be."""
Title = Annotated[
    Text,
    BeforeValidator(_parse_text),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": MAX_TITLE},
                {
                    "type": "object",
                    "properties": {language: {"type": "string", "maxLength": MAX_TITLE} for language in Text._fields},
                    "minProperties": 1,
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
Decimals = Annotated[
    Literal[2, 3],
    BeforeValidator(_parse_decimals),
    WithJsonSchema({"enum": [2, 3], "description": "decimals of points"}),
]
Cell = Annotated[str, AfterValidator(_check_cell), WithJsonSchema({"type": "string", "pattern": f"^{_CELL.pattern}$"})]
MaybeCell = Annotated[str, AfterValidator(_check_empty_cell), WithJsonSchema({"type": "string"})]
Sha256 = Annotated[
    str, AfterValidator(_check_sha256), WithJsonSchema({"type": "string", "pattern": f"^{_SHA256.pattern}$"})
]


def _one_or_several(word: dict[str, object]) -> WithJsonSchema:
    """A list of one may stand without its brackets."""
    return WithJsonSchema({"anyOf": [word, {"type": "array", "items": word, "minItems": 1}]})


Ids = Annotated[
    tuple[Id, ...],
    BeforeValidator(_parse_several),
    Field(min_length=1),
    _one_or_several({"type": "string", "pattern": f"^{ID.pattern}$"}),
]
FactId = Annotated[str, AfterValidator(_check_fact), WithJsonSchema({"type": "string", "pattern": "^[a-z0-9_-]+$"})]
TargetIds = Annotated[
    tuple[TargetId, ...], BeforeValidator(_parse_several), Field(min_length=1), _one_or_several({"type": "string"})
]
Roles = Annotated[
    tuple[Role, ...],
    BeforeValidator(_parse_several),
    Field(min_length=1),
    _one_or_several({"enum": [role.value for role in Role]}),
]
