"""Signed rows that the agent writes for a person, because it is the one writer of its ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from agent.availability.instants import iso_utc
from agent.characters import quoted
from agent.engine.upkeep.maintenance import CancelMaintenance, ListOnly, MaintenanceCommand, MaintenanceReply
from agent.errors import LedgerError
from agent.ledger.signed.amendments import Correction, DatedAmendment
from agent.ledger.signed.maintenance import Window, WindowRequest
from agent.model import State
from agent.text import Text
from agent.web.accept import spoken
from agent.web.api import BadRequestError, json_body, parse_object, refuse
from agent.web.documents import Json, encode
from agent.web.endpoints import Endpoints

_FIELDS = {
    "add": ("do", "scope", "from", "to", "who", "why", "announced_on"),
    "cancel": ("do", "id", "who", "why"),
    "list": ("do",),
}
_AMENDMENT_FIELDS = {"add": ("do", "refers_to", "state", "cause", "from", "to", "who", "why"), "list": ("do",)}

_NO_ROW = Text("refers_to không phải là số của một dòng", "refers_to is not the number of a row")
_NO_STATE = Text("state phải là một trong {known}", "state is one of {known}")
_NO_DEED = Text("`do` phải là một trong {known}", "`do` is one of {known}")
_SURPLUS = Text("khóa {key} không dùng được với {do}", "key {key} has no place in {do}")
_NO_TEXT = Text("{field} phải là chữ", "{field} is not text")
_NO_DATE = Text("{field}: {value} không phải là ngày giờ theo ISO 8601", "{field}: {value} is no date of ISO 8601")
_NO_ZONE = Text("{field} thiếu múi giờ, chẳng hạn Z", "{field} names no zone, such as Z")
ParsedT = TypeVar("ParsedT")


class Orders:
    """POST only: what they answer is on the disk."""

    def __init__(self, endpoints: Endpoints, body_bytes: int) -> None:
        self._endpoints = endpoints
        self._body_bytes = body_bytes

    async def maintenance(self, request: Request) -> Response:
        """Add, cancel or list windows."""

        async def carry_out(body: bytes) -> dict[str, Json]:
            return of_booked(await self._endpoints.maintenance(parse_maintenance(body)))

        return await self._answer(request, carry_out)

    async def amendments(self, request: Request) -> Response:
        """Add or list corrections."""

        async def carry_out(body: bytes) -> dict[str, Json]:
            return of_amended(await self._endpoints.amend(parse_amendment(body)))

        return await self._answer(request, carry_out)

    async def _answer(self, request: Request, carry_out: Callable[[bytes], Awaitable[dict[str, Json]]]) -> Response:
        body = await json_body(request, self._body_bytes)
        if isinstance(body, Response):
            return body
        try:
            answer = await carry_out(body)
        except BadRequestError as error:
            return refuse(400, spoken(request.headers, error))
        except LedgerError as error:
            return refuse(409, spoken(request.headers, error))
        return Response(encode(answer) + b"\n", media_type="application/json")


def parse_maintenance(body: bytes) -> MaintenanceCommand:
    """``{"do": "add" | "cancel" | "list", ...}``; BadRequestError says what is wrong."""
    do, document = _deed(body, _FIELDS)
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
    do, document = _deed(body, _AMENDMENT_FIELDS)
    if do == "list":
        return ListOnly()
    seq, state = document.get("refers_to"), text(document, "state").upper()
    if type(seq) is not int or not 0 < seq < 1 << 62:
        raise BadRequestError(_NO_ROW)
    if state not in State.__members__:
        raise BadRequestError(_NO_STATE.filled(known=", ".join(member.lower() for member in State.__members__)))
    span = moment(document, "from"), moment(document, "to")
    signed = text(document, "who"), text(document, "why")
    return Correction(seq, State[state], text(document, "cause"), *span, *signed)


def _deed(body: bytes, fields: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, object]]:
    document = parse_object(body, sorted({field for known in fields.values() for field in known}))
    do = document.get("do")
    if not isinstance(do, str) or do not in fields:
        raise BadRequestError(_NO_DEED.filled(known=", ".join(fields)))
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


def of_booked(booked: MaintenanceReply) -> dict[str, Json]:
    """The window concerned, and all there are."""
    return {"id": booked.id, "windows": [of_window(window) for window in booked.windows]}


def of_window(window: Window) -> dict[str, Json]:
    """One window; times in UTC."""
    cancelled_ms = window.cancelled_wall_ms
    return {
        "id": window.id,
        "scope": window.scope,
        "from": iso_utc(window.start_wall_ms),
        "to": iso_utc(window.end_wall_ms),
        "recorded": iso_utc(window.recorded_wall_ms),
        "who": window.who,
        "why": window.why,
        "announced_on": window.announced_on,
        "cancelled": None if cancelled_ms is None else iso_utc(cancelled_ms),
        "retroactive": window.retroactive,
        "clock": window.quality.value,
    }


def of_amended(amended: Sequence[DatedAmendment]) -> dict[str, Json]:
    """Every correction; times in UTC."""
    return {
        "amendments": [
            {
                "seq": one.seq,
                "refers_to": one.row.refers_to,
                "target": one.target,
                "state": one.row.state.name.lower(),
                "cause": one.row.cause,
                "from": iso_utc(one.row.start_wall_ms),
                "to": iso_utc(one.row.end_wall_ms),
                "recorded": iso_utc(one.wall_ms),
                "clock": one.recorded.quality.value,
                "who": one.row.who,
                "why": one.row.why,
            }
            for one in amended
        ]
    }
