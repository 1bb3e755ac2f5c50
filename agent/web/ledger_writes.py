"""Signed rows that the agent writes for a person, because it is the one writer of its ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from agent.errors import LedgerError
from agent.web.accept import spoken
from agent.web.api import json_body, refuse
from agent.web.documents import Json, encode
from agent.web.endpoints import Endpoints
from agent.web.request_body import BadRequestError, parse_amendment, parse_maintenance, parse_score_issue
from agent.web.signed_rows import of_amendments, of_maintenance, of_score_issues


class WriteEndpoints:
    """POST only: what they answer is on the disk."""

    def __init__(self, endpoints: Endpoints, body_bytes: int) -> None:
        self._endpoints = endpoints
        self._body_bytes = body_bytes

    async def maintenance(self, request: Request) -> Response:
        """Add, cancel or list windows."""

        async def carry_out(body: bytes) -> dict[str, Json]:
            return of_maintenance(await self._endpoints.maintenance(parse_maintenance(body)))

        return await self._answer(request, carry_out)

    async def amendments(self, request: Request) -> Response:
        """Add or list corrections."""

        async def carry_out(body: bytes) -> dict[str, Json]:
            return of_amendments(await self._endpoints.amend(parse_amendment(body)))

        return await self._answer(request, carry_out)

    async def score_issues(self, request: Request) -> Response:
        """Record the manifest of a package of scores, or list those recorded."""

        async def carry_out(body: bytes) -> dict[str, Json]:
            return of_score_issues(await self._endpoints.issue_score(parse_score_issue(body)))

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
