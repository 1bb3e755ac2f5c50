"""GET /api/v1/scores: the points of units by a sheet that the configuration names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from agent.scoring.evidence import UnitBasis
from agent.text import Text
from agent.web.accept import spoken
from agent.web.api import refuse
from agent.web.endpoints import ScoresRequest
from agent.web.ledger_report import ReportTurn, parse_unit_basis
from agent.web.request_body import BadRequestError

_PARAMETERS = ("period", "sheet", "unit", "level", "units", "as_of")
_PARAMETER = Text(
    "{name}: chỉ dùng period, sheet, unit, level, units và as_of, mỗi tham số một lần",
    "{name}: right would be period, sheet, unit, level, units and as_of once",
)
_NO_PERIOD = Text("thiếu period; hãy ghi như ?period=2026", "period is missing; right would be ?period=2026")
_BOTH = Text("chỉ dùng một trong hai: unit hoặc level", "right would be unit or level, not both")


class Scores:
    """In turn with the other reports."""

    def __init__(self, scores: Callable[[ScoresRequest], bytes], turn: ReportTurn) -> None:
        self._scores = scores
        self._turn = turn

    async def answer(self, request: Request) -> Response:
        try:
            asked = parse_scores_request(request.query_params)
        except BadRequestError as error:
            return refuse(400, spoken(request.headers, error))
        return await self._turn.answer(request, partial(self._scores, asked))


def parse_scores_request(query: QueryParams) -> ScoresRequest:
    """BadRequestError for a parameter that does not exist, stands too often or has no such value."""
    wrong = sorted(set(query) - set(_PARAMETERS))
    twice = [name for name in _PARAMETERS if len(query.getlist(name)) > 1]
    if wrong or twice:
        raise BadRequestError(_PARAMETER.filled(name=ascii((wrong or twice)[0])))
    if "period" not in query:
        raise BadRequestError(_NO_PERIOD)
    unit, level = query.get("unit", ""), query.get("level", "")
    if unit and level:
        raise BadRequestError(_BOTH)
    units = parse_unit_basis(query.get("units") or UnitBasis.AS_WAS.value)
    return ScoresRequest(query["period"], query.get("sheet", ""), unit, level, units, query.get("as_of", ""))
