"""GET /api/v1/uptime: a report out of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from agent.availability.figures import Pooling
from agent.model import Role, Selection
from agent.scoring.evidence import UnitBasis
from agent.text import Text
from agent.web.accept import spoken
from agent.web.api import refuse
from agent.web.endpoints import UptimeRequest
from agent.web.ledger_report import ReportTurn, parse_unit_basis
from agent.web.request_body import BadRequestError

_ONCE = ("period", "calendar", "by", "pooling", "units", "as_of")
_GROUPS = ("target", "site", "unit", "level")
_PARAMETERS = (*_ONCE, "role", "site", "target")
_PARAMETER = Text(
    "{name}: chỉ dùng period, calendar, by, pooling, units và as_of, mỗi tham số một lần; role, site và target",
    "{name}: right would be period, calendar, by, pooling, units and as_of once; role, site and target",
)
_NO_PERIOD = Text("thiếu period; hãy ghi như ?period=2026-10", "period is missing; right would be ?period=2026-10")
_NO_GROUP = Text("by={value}: hãy dùng một trong: {known}", "by={value}: right would be {known}")
_NO_POOLING = Text("pooling={value}: hãy dùng một trong: {known}", "pooling={value}: right would be {known}")
_NO_ROLE = Text("role={value}: hãy dùng một trong: {known}", "role={value}: right would be one of {known}")


class Uptime:
    """In turn with the other reports."""

    def __init__(self, uptime: Callable[[UptimeRequest], bytes], turn: ReportTurn) -> None:
        self._uptime = uptime
        self._turn = turn

    async def answer(self, request: Request) -> Response:
        try:
            asked = parse_uptime_request(request.query_params)
        except BadRequestError as error:
            return refuse(400, spoken(request.headers, error))
        return await self._turn.answer(request, partial(self._uptime, asked))


def parse_uptime_request(query: QueryParams) -> UptimeRequest:
    """BadRequestError for a parameter that does not exist, stands too often or has no such value."""
    wrong = sorted(set(query) - set(_PARAMETERS))
    twice = [name for name in _ONCE if len(query.getlist(name)) > 1]
    if wrong or twice:
        raise BadRequestError(_PARAMETER.filled(name=ascii((wrong or twice)[0])))
    if "period" not in query:
        raise BadRequestError(_NO_PERIOD)
    by = query.get("by", "target")
    if by not in _GROUPS:
        raise BadRequestError(_NO_GROUP.filled(value=ascii(by), known=", ".join(_GROUPS)))
    roles = tuple(_role(role) for role in query.getlist("role"))
    selection = Selection(sites=tuple(query.getlist("site")), roles=roles, targets=tuple(query.getlist("target")))
    pooling = _pooling(query.get("pooling", Pooling.POOLED.value))
    units = parse_unit_basis(query.get("units", UnitBasis.AS_WAS.value))
    calendar, as_of = query.get("calendar", ""), query.get("as_of", "")
    return UptimeRequest(query["period"], calendar, by, selection, as_of, pooling, units)


def _pooling(text: str) -> Pooling:
    try:
        return Pooling(text)
    except ValueError:
        raise BadRequestError(_NO_POOLING.filled(value=ascii(text), known=", ".join(Pooling))) from None


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise BadRequestError(_NO_ROLE.filled(value=ascii(text), known=", ".join(Role))) from None
