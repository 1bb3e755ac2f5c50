"""The values of the inventory document as types, checked. The JSON Schema for editors comes from the same types."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, NoReturn
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from agent.characters import is_blank, refused_in_line
from agent.inventory.sheets.columns import ID
from agent.inventory.sheets.coordinates import location
from agent.probes.options import Seconds

MAX_NAME = 200
MAX_PATH = 1000
MAX_PORT = 100
MAX_PORT_NAME = 32
"""Characters of a port's name: it is a label of metrics."""
MAX_PORTS = 64

_WORD = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_MODULE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_TARGET_ID = re.compile(rf"{ID.pattern}/{ID.pattern}")
_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)/s")
_PAIR = re.compile(r"((?:(?!:\s)[^=])*[^=\s])\s*(?:=|:(?=[^:]*$))\s*([^=]*)")  # a blank ends a port's name at a colon
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
_DAYS = re.compile(f"{_WEEKDAY}(?:-{_WEEKDAY})?")
_TIME = "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
_SPAN = re.compile(f"{_TIME}-{_TIME}")
_LISTEN = re.compile(r"(\[[0-9a-fA-F:.]+\]|[0-9.]+|localhost):([0-9]{1,5})")


def refuse(kind: str, **values: str) -> NoReturn:
    """A value that its type does not take; kind: the sentence of `messages.MESSAGES` that says why."""
    raise PydanticCustomError(kind, kind, values)


def check_id(value: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens."""
    return value if ID.fullmatch(value) and len(value) <= 100 else refuse("id_syntax", value=value[:100])


def is_word(value: str) -> bool:
    """Whether a profile or calendar may be called that: like an id, underscores allowed."""
    return _WORD.fullmatch(value) is not None and len(value) <= 100


def is_module_name(value: str) -> bool:
    """Whether a module may be called that: as in blackbox_exporter dots and capitals too, such as dns_portal.test."""
    return _MODULE.fullmatch(value) is not None and len(value) <= 100


def _check_target_id(value: str) -> str:
    return value if _TARGET_ID.fullmatch(value) else refuse("target_id_syntax", value=value[:100])


def _check_parent(value: str) -> str:
    return _check_target_id(value) if "/" in value else check_id(value)


def check_name(value: str) -> str:
    """A name for people: NFC, no invisible characters, not empty, at most MAX_NAME characters."""
    name = unicodedata.normalize("NFC", value).strip()
    if hidden := refused_in_line(name):
        refuse("name_character", code=hidden)
    if is_blank(name):
        refuse("name_empty")
    if len(name) > MAX_NAME:
        refuse("name_long", length=str(len(name)))
    return name


def _parse_port(value: object) -> str:
    """A port as its device calls it: ``Gi0/3``, ``ether1``, or a mere number."""
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if text and len(text) <= MAX_PORT and not refused_in_line(text) else refuse("port_syntax")


def _parse_port_names(value: object) -> object:
    """``Gi0/3: Phòng họp; Gi0/4: Một cửa``, as it stands in a cell; a name may stand behind ``=`` too."""
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(";") if part.strip()]
    pairs = [_PAIR.fullmatch(part) if len(part) <= MAX_NAME else None for part in parts]
    if None in pairs or len({pair[1] for pair in pairs if pair}) < len(pairs):
        refuse("port_names")
    return {pair[1]: pair[2] for pair in pairs if pair}


def _check_port_name(value: str) -> str:
    name = check_name(value)
    return name if len(name) <= MAX_PORT_NAME else refuse("port_name_long", length=str(len(name)))


def _parse_slo(value: object) -> str:
    """A percentage, kept as written so that no digit is lost; a decimal comma is read too, and so is ``>= 99,5 %``.

    A share such as 0.995 is refused: nobody promises less than one percent.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        refuse("slo")
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))
    text = text.removeprefix(">").removeprefix("≥").removeprefix("=")
    text = text.removesuffix("%").replace(",", ".")
    try:
        share = Decimal(text)
    except InvalidOperation:
        refuse("slo")
    if not share.is_finite() or not 0 < share <= 100:
        refuse("slo")
    if share <= 1:
        refuse("slo_share", value=str(value).strip()[:40], percent=f"{(share * 100).normalize():f}")
    return text


def _parse_location(value: object) -> tuple[float, float]:
    """``[21.4, 105.4]`` or, from a table cell, as people write it."""
    return location(value) or refuse("location")


def _parse_rate(value: object) -> float:
    match = _RATE.fullmatch(value) if isinstance(value, str) else None
    return float(match[1]) if match else refuse("rate")


def _check_timezone(value: str) -> str:
    return value if value in available_timezones() else refuse("timezone", value=value[:60])


def _check_hours(value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Weekdays or ranges of them, each once, with spans that end after they begin."""
    for days, spans in value.items():
        if not _DAYS.fullmatch(days) or not weekdays_of(days):
            refuse("weekdays", value=days[:40])
        for span in spans:
            if not _SPAN.fullmatch(span) or span[:5] >= span[6:]:
                refuse("hours", value=span[:40])
    days_named = [day for days in value for day in weekdays_of(days)]
    twice = next((day for day in days_named if days_named.count(day) > 1), None)
    return value if twice is None else refuse("weekday_twice", value=twice)


def weekdays_of(days: str) -> tuple[str, ...]:
    """``mon`` or ``mon-fri`` to the single days; nothing for a range that runs backwards."""
    first, _, last = days.partition("-")
    return WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]


def _check_month_day(value: str) -> str:
    try:
        return (
            f"{date.fromisoformat(f'2024-{value}'):%m-%d}" if len(value) == 5 else refuse("month_day", value=value[:40])
        )
    except ValueError:
        return refuse("month_day", value=value[:40])


def _parse_day(value: object) -> date:
    """``2027-02-04``, which some YAML reads as text and some as a date."""
    try:
        day = value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        return refuse("day", value=str(value)[:40])
    return day if 1970 <= day.year < 2200 else refuse("day", value=str(value)[:40])


def _check_listen(value: str) -> str:
    match = _LISTEN.fullmatch(value)
    if match is None or int(match[2]) > 65535:
        refuse("listen")
    if match[1] != "localhost":
        try:
            ipaddress.ip_address(match[1].strip("[]"))
        except ValueError:
            refuse("listen")
    return value


def _check_network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        return refuse("network")


def _check_absolute(value: str) -> str:
    return value if value.startswith("/") else refuse("absolute_path")


def _check_sheet_path(value: str) -> str:
    return _with_ending(value, "sheet_path", (".yml", ".yaml"))


def _check_values_path(value: str) -> str:
    return _with_ending(value, "values_path", (".xlsx", ".csv"))


def _with_ending(value: str, kind: str, endings: tuple[str, ...]) -> str:
    fits = value.lower().endswith(endings) and len(value) <= MAX_PATH and not refused_in_line(value)
    return value if fits else refuse(kind, value=value[:100])


Id = Annotated[str, AfterValidator(check_id), WithJsonSchema({"type": "string", "pattern": f"^{ID.pattern}$"})]
TargetId = Annotated[
    str, AfterValidator(_check_target_id), WithJsonSchema({"type": "string", "pattern": f"^{_TARGET_ID.pattern}$"})
]
ParentId = Annotated[str, AfterValidator(_check_parent)]
Name = Annotated[str, AfterValidator(check_name), WithJsonSchema({"type": "string", "maxLength": MAX_NAME})]
DevicePort = Annotated[
    str, BeforeValidator(_parse_port), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]})
]
PortName = Annotated[
    str, AfterValidator(_check_port_name), WithJsonSchema({"type": "string", "maxLength": MAX_PORT_NAME})
]
PortNames = Annotated[Mapping[DevicePort, PortName], Field(max_length=MAX_PORTS)]
PortNamesOrText = Annotated[
    PortNames,
    BeforeValidator(_parse_port_names),
    WithJsonSchema({"anyOf": [{"type": "object", "additionalProperties": {"type": "string"}}, {"type": "string"}]}),
]
Slo = Annotated[str, BeforeValidator(_parse_slo), WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]})]
Location = Annotated[
    tuple[float, float],
    BeforeValidator(_parse_location),
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]
Rate = Annotated[
    float,
    BeforeValidator(_parse_rate),
    Field(gt=0),
    WithJsonSchema({"type": "string", "pattern": f"^{_RATE.pattern}$"}),
]
Hours = Annotated[
    dict[str, tuple[str, ...]],
    AfterValidator(_check_hours),
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"pattern": f"^{_DAYS.pattern}$"},
            "additionalProperties": {"type": "array", "items": {"type": "string", "pattern": f"^{_SPAN.pattern}$"}},
        }
    ),
]
MonthDay = Annotated[str, AfterValidator(_check_month_day)]
Day = Annotated[date, BeforeValidator(_parse_day), WithJsonSchema({"type": "string", "format": "date"})]
WeekdayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Calendar = str
Runs = Annotated[int, Field(ge=1, le=100)]
Interval = Annotated[Seconds, Field(ge=1, le=86400)]
Timezone = Annotated[str, AfterValidator(_check_timezone)]
Listen = Annotated[str, AfterValidator(_check_listen)]
Network = Annotated[str, AfterValidator(_check_network)]
Absolute = Annotated[str, AfterValidator(_check_absolute)]
SheetPath = Annotated[str, AfterValidator(_check_sheet_path)]
ValuesPath = Annotated[str, AfterValidator(_check_values_path)]
