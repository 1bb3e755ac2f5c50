"""/: the landing page. Made once for all who ask for the same one meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from agent.text import LANGUAGES
from agent.web.accept import language
from agent.web.endpoints import LandingRequest
from agent.web.guard import is_direct


class Landing:
    """The endpoint."""

    def __init__(self, page: Callable[[LandingRequest], Awaitable[str]]) -> None:
        self._page = page
        self._making: dict[LandingRequest, asyncio.Future[str]] = {}

    async def answer(self, request: Request) -> Response:
        lang = request.query_params.get("lang", "")
        page_language = lang if lang in LANGUAGES else language(request.headers.get("accept-language", ""))
        unfolded = request.query_params.get("well") == "open"
        page = await self._made(LandingRequest(page_language, is_direct(request.scope), unfolded))
        return HTMLResponse(page, headers={"vary": "Accept-Language"})

    async def _made(self, reading: LandingRequest) -> str:
        making = self._making.get(reading)
        if making is None:
            making = self._making[reading] = asyncio.ensure_future(self._page(reading))
            making.add_done_callback(lambda _: self._making.pop(reading, None))
        return await asyncio.shield(making)
