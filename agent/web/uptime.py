"""GET /api/v1/uptime: a report out of the ledger. Long work: in a thread, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from agent.availability.figures import Pooling
from agent.errors import LedgerError, SansangError
from agent.model import Role, Selection
from agent.scoring.evidence import UnitBasis
from agent.text import Text
from agent.web.accept import spoken
from agent.web.api import refuse
from agent.web.endpoints import UptimeRequest
from agent.web.request_body import BadRequestError

_ONCE = ("period", "calendar", "by", "pooling", "units", "as_of")
_GROUPS = ("target", "site", "unit", "level")
_PARAMETERS = (*_ONCE, "role", "site", "target")
_BUSY = Text(
    "đang lập một báo cáo khác; hãy hỏi lại sau giây lát", "another report is being computed; ask again in a moment"
)
_PARAMETER = Text(
    "{name}: chỉ dùng period, calendar, by, pooling, units và as_of, mỗi tham số một lần; role, site và target",
    "{name}: right would be period, calendar, by, pooling, units and as_of once; role, site and target",
)
_NO_PERIOD = Text("thiếu period; hãy ghi như ?period=2026-10", "period is missing; right would be ?period=2026-10")
_NO_GROUP = Text("by={value}: hãy dùng một trong: {known}", "by={value}: right would be {known}")
_NO_POOLING = Text("pooling={value}: hãy dùng một trong: {known}", "pooling={value}: right would be {known}")
_NO_UNITS = Text("units={value}: hãy dùng một trong: {known}", "units={value}: right would be {known}")
_NO_ROLE = Text("role={value}: hãy dùng một trong: {known}", "role={value}: right would be one of {known}")


class Uptime:
    """Whoever comes while a report is being computed is told so, and not kept waiting."""

    def __init__(self, uptime: Callable[[UptimeRequest], bytes]) -> None:
        self._uptime = uptime
        self._busy = False

    async def answer(self, request: Request) -> Response:
        try:
            uptime_request = parse_uptime_request(request.query_params)
        except BadRequestError as error:
            return refuse(400, spoken(request.headers, error))
        if self._busy:
            return refuse(429, spoken(request.headers, _BUSY))
        self._busy = True
        # Shielded: a thread cannot be ended, so the turn is over when it is, not when the one who asked has gone.
        return await asyncio.shield(asyncio.create_task(self._computed(request, uptime_request)))

    async def _computed(self, request: Request, uptime_request: UptimeRequest) -> Response:
        try:
            return Response(await asyncio.to_thread(self._uptime, uptime_request), media_type="application/json")
        except LedgerError as error:
            return refuse(503, spoken(request.headers, error))
        except SansangError as error:
            return refuse(400, spoken(request.headers, error))
        finally:
            self._busy = False


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
    units = _units(query.get("units", UnitBasis.AS_WAS.value))
    calendar, as_of = query.get("calendar", ""), query.get("as_of", "")
    return UptimeRequest(query["period"], calendar, by, selection, as_of, pooling, units)


def _units(text: str) -> UnitBasis:
    try:
        return UnitBasis(text)
    except ValueError:
        raise BadRequestError(_NO_UNITS.filled(value=ascii(text), known=", ".join(UnitBasis))) from None


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
