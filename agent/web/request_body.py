"""Bodies of requests as typed values, and typed values as the bodies that ask for them: JSON on the wire only."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from agent.availability.instants import iso_utc
from agent.characters import quoted, refused_in_line
from agent.engine.upkeep.maintenance import CancelMaintenance, ListOnly, MaintenanceCommand
from agent.errors import SansangError
from agent.ledger.signed.amendments import Correction
from agent.ledger.signed.maintenance import WindowRequest
from agent.ledger.signed.score_issues import ScoreIssue
from agent.model import Role, Selection, State
from agent.text import Text
from agent.web.documents import Json

_SELECTION_FIELDS = ("sites", "roles", "targets", "probes")
_NO_ROLE = Text("không có vai trò {role}; các vai trò: {known}", "unknown role {role}, known are {known}")
_NOT_JSON = Text("không phải là JSON", "not JSON")
_NO_OBJECT = Text("không phải là một đối tượng JSON", "not an object")
_NO_KEY = Text("không có khóa {key}; các khóa: {known}", "unknown key {key}, known are {known}")
_CHARACTER = Text(
    "{key}: có ký tự {character}; hãy ghi chữ nhìn thấy được trên một dòng",
    "{key}: character {character}; right would be visible text on one line",
)
_NO_LIST = Text("{field} không phải là danh sách tên", "{field} is not a list of names")
_MAINTENANCE_FIELDS = {
    "add": ("do", "scope", "from", "to", "who", "why", "announced_on"),
    "cancel": ("do", "id", "who", "why"),
    "list": ("do",),
}
_AMENDMENT_FIELDS = {"add": ("do", "refers_to", "state", "cause", "from", "to", "who", "why"), "list": ("do",)}
_SCORE_ISSUE_FIELDS = {
    "add": (
        "do", "manifest", "sheet", "sheet_digest", "period", "unit", "level", "units", "as_of_seq", "as_of", "who",
    ),
    "list": ("do",),
}  # fmt: skip
_NO_ROW = Text("{field} không phải là số của một dòng", "{field} is not the number of a row")
_NO_STATE = Text("state phải là một trong {known}", "state is one of {known}")
_NO_ACTION = Text("`do` phải là một trong {known}", "`do` is one of {known}")
_SURPLUS = Text("khóa {key} không dùng được với {do}", "key {key} has no place in {do}")
_NO_TEXT = Text("{field} phải là chữ", "{field} is not text")
_NO_DATE = Text("{field}: {value} không phải là ngày giờ theo ISO 8601", "{field}: {value} is no date of ISO 8601")
_NO_ZONE = Text("{field} thiếu múi giờ, chẳng hạn Z", "{field} names no zone, such as Z")
ParsedT = TypeVar("ParsedT")


class BadRequestError(SansangError, ValueError):
    """What somebody sent is not what is asked for there."""


def parse_selection(body: bytes) -> Selection:
    """``{"sites": [], "roles": [], "targets": [], "probes": []}``, each optional; else BadRequestError."""
    document = parse_object(body, _SELECTION_FIELDS)
    roles = _names(document, "roles")
    if unknown_roles := set(roles) - set(Role):
        raise BadRequestError(_NO_ROLE.filled(role=quoted(min(unknown_roles)), known=", ".join(Role)))
    sites, targets, probes = (_names(document, field) for field in ("sites", "targets", "probes"))
    return Selection(sites, tuple(Role(role) for role in roles), targets, probes)


def parse_object(body: bytes, known: Sequence[str]) -> dict[str, object]:
    """A JSON object with no other keys than those known, and no text that cannot be shown; else BadRequestError."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(_NOT_JSON) from error
    if not isinstance(document, dict):
        raise BadRequestError(_NO_OBJECT)
    if unknown := set(document) - set(known):
        raise BadRequestError(_NO_KEY.filled(key=quoted(min(unknown)), known=", ".join(known)))
    for key, value in document.items():
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str) and (character := refused_in_line(text)):
                raise BadRequestError(_CHARACTER.filled(key=key, character=character))
    return document


def _names(document: dict[str, object], field: str) -> tuple[str, ...]:
    names = document.get(field, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadRequestError(_NO_LIST.filled(field=field))
    return tuple(names)


def parse_maintenance(body: bytes) -> MaintenanceCommand:
    """``{"do": "add" | "cancel" | "list", ...}``; BadRequestError says what is wrong."""
    do, document = _action(body, _MAINTENANCE_FIELDS)
    if do == "list":
        return ListOnly()
    who, why = text(document, "who"), text(document, "why")
    if do == "cancel":
        return CancelMaintenance(text(document, "id"), who, why)
    announced = text(document, "announced_on", "")
    if announced:
        _parsed(date.fromisoformat, announced, "announced_on")
    return WindowRequest(text(document, "scope"), moment(document, "from"), moment(document, "to"), who, why, announced)


def parse_amendment(body: bytes) -> Correction | ListOnly:
    """``{"do": "add" | "list", ...}``; BadRequestError says what is wrong."""
    do, document = _action(body, _AMENDMENT_FIELDS)
    if do == "list":
        return ListOnly()
    seq, state = document.get("refers_to"), text(document, "state").upper()
    if type(seq) is not int or not 0 < seq < 1 << 62:
        raise BadRequestError(_NO_ROW.filled(field="refers_to"))
    if state not in State.__members__:
        raise BadRequestError(_NO_STATE.filled(known=", ".join(member.lower() for member in State.__members__)))
    span = moment(document, "from"), moment(document, "to")
    signed = text(document, "who"), text(document, "why")
    return Correction(seq, State[state], text(document, "cause"), *span, *signed)


def parse_score_issue(body: bytes) -> ScoreIssue | ListOnly:
    """``{"do": "add" | "list", ...}``; BadRequestError says what is wrong."""
    do, document = _action(body, _SCORE_ISSUE_FIELDS)
    if do == "list":
        return ListOnly()
    seq = document.get("as_of_seq")
    if type(seq) is not int or not 0 < seq < 1 << 62:
        raise BadRequestError(_NO_ROW.filled(field="as_of_seq"))
    manifest, sheet, digest = (text(document, field) for field in ("manifest", "sheet", "sheet_digest"))
    period, who = text(document, "period"), text(document, "who")
    unit, level, units = text(document, "unit", ""), text(document, "level", ""), text(document, "units")
    return ScoreIssue(manifest, sheet, digest, period, unit, level, units, seq, moment(document, "as_of"), who)


def _action(body: bytes, fields: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, object]]:
    document = parse_object(body, sorted({field for known in fields.values() for field in known}))
    do = document.get("do")
    if not isinstance(do, str) or do not in fields:
        raise BadRequestError(_NO_ACTION.filled(known=", ".join(fields)))
    if surplus := set(document) - set(fields[do]):
        raise BadRequestError(_SURPLUS.filled(key=quoted(min(surplus)), do=do))
    return do, document


def text(document: dict[str, object], field: str, missing: str | None = None) -> str:
    """A field that is text; BadRequestError if it is not there, or something else."""
    value = document.get(field, missing)
    if not isinstance(value, str):
        raise BadRequestError(_NO_TEXT.filled(field=field))
    return value


def moment(document: dict[str, object], field: str) -> int:
    """A field that is an instant with its zone, in UTC milliseconds."""
    given = _parsed(datetime.fromisoformat, text(document, field), field)
    if given.tzinfo is None:
        raise BadRequestError(_NO_ZONE.filled(field=field))
    return round(given.timestamp() * 1000)


def _parsed(parse: Callable[[str], ParsedT], value: str, field: str) -> ParsedT:
    try:
        return parse(value)
    except ValueError as error:
        raise BadRequestError(_NO_DATE.filled(field=field, value=quoted(value[:60]))) from error


def score_issue_body(command: ScoreIssue | ListOnly) -> dict[str, Json]:
    """The body that ``parse_score_issue`` reads as that command."""
    if isinstance(command, ListOnly):
        return {"do": "list"}
    document: dict[str, Json] = {"manifest": command.manifest, "sheet": command.sheet, "period": command.period}
    whose: dict[str, Json] = {"unit": command.unit, "level": command.level, "units": command.units}
    as_of: dict[str, Json] = {"as_of_seq": command.as_of_seq, "as_of": iso_utc(command.as_of_wall_ms)}
    return {"do": "add", **document, "sheet_digest": command.sheet_digest, **whose, **as_of, "who": command.who}


def maintenance_body(command: MaintenanceCommand) -> dict[str, Json]:
    """The body that ``parse_maintenance`` reads as that command."""
    if isinstance(command, ListOnly):
        return {"do": "list"}
    signed: dict[str, Json] = {"who": command.who, "why": command.why}
    if isinstance(command, CancelMaintenance):
        return {"do": "cancel", "id": command.id, **signed}
    span: dict[str, Json] = {"from": iso_utc(command.start_wall_ms), "to": iso_utc(command.end_wall_ms)}
    return {"do": "add", "scope": command.scope, **span, **signed, "announced_on": command.announced_on}


def amendment_body(command: Correction | ListOnly) -> dict[str, Json]:
    """The body that ``parse_amendment`` reads as that command."""
    if isinstance(command, ListOnly):
        return {"do": "list"}
    state: dict[str, Json] = {"state": command.state.name.lower(), "cause": command.cause}
    span: dict[str, Json] = {"from": iso_utc(command.start_wall_ms), "to": iso_utc(command.end_wall_ms)}
    return {"do": "add", "refers_to": command.refers_to, **state, **span, "who": command.who, "why": command.why}
