"""/: the landing page. Made once for all who ask for the same one meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from agent.web.accept import language
from agent.web.guard import is_direct

_LANGUAGES = ("vi", "en")


class Landing:
    """The endpoint. page(language, here) makes the page; language is "" when the browser names none of ours."""

    def __init__(self, page: Callable[[str, bool], Awaitable[str]]) -> None:
        self._page = page
        self._making: dict[tuple[str, bool], asyncio.Future[str]] = {}

    async def answer(self, request: Request) -> Response:
        chosen = request.query_params.get("lang", "")
        wanted = chosen if chosen in _LANGUAGES else language(request.headers.get("accept-language", ""))
        page = await self._made(wanted, is_direct(request.scope))
        return HTMLResponse(page, headers={"vary": "Accept-Language"})

    async def _made(self, wanted: str, here: bool) -> str:
        key = (wanted, here)
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.ensure_future(self._page(wanted, here))
            making.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(making)
