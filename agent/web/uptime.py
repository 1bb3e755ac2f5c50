"""GET /api/v1/uptime: a report out of the ledger. Long work: in a thread, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from agent.engine.adhoc.check import Selection
from agent.errors import LedgerError, SansangError
from agent.model import Role
from agent.web.accept import spoken
from agent.web.api import refuse
from agent.web.endpoints import UptimeWish

_ONCE = ("period", "calendar", "by", "as_of")
_GROUPS = ("target", "site", "unit", "level")
_PARAMETERS = (*_ONCE, "role", "site", "target")


class Uptime:
    """Whoever comes while a report is being computed is told so, and not kept waiting."""

    def __init__(self, uptime: Callable[[UptimeWish], bytes]) -> None:
        self._uptime = uptime
        self._busy = False

    async def answer(self, request: Request) -> Response:
        try:
            wish = parse_wish(request.query_params)
        except ValueError as error:
            return refuse(400, str(error))
        if self._busy:
            return refuse(429, "another report is being computed; ask again in a moment")
        self._busy = True
        # Shielded: a thread cannot be ended, so the turn is over when it is, not when the one who asked has gone.
        return await asyncio.shield(asyncio.create_task(self._computed(request, wish)))

    async def _computed(self, request: Request, wish: UptimeWish) -> Response:
        try:
            return Response(await asyncio.to_thread(self._uptime, wish), media_type="application/json")
        except LedgerError as error:
            return refuse(503, spoken(request.headers, error))
        except SansangError as error:
            return refuse(400, spoken(request.headers, error))
        finally:
            self._busy = False


def parse_wish(asked: QueryParams) -> UptimeWish:
    """ValueError for a parameter that does not exist, stands too often or has no such value."""
    wrong = sorted(set(asked) - set(_PARAMETERS))
    twice = [name for name in _ONCE if len(asked.getlist(name)) > 1]
    if wrong or twice:
        right = "right would be period, calendar, by and as_of once; role, site and target"
        raise ValueError(f"{(wrong or twice)[0]!a}: {right}")
    if "period" not in asked:
        raise ValueError("period is missing; right would be ?period=2026-10")
    by = asked.get("by", "target")
    if by not in _GROUPS:
        raise ValueError(f"by={by!a}: right would be {', '.join(_GROUPS)}")
    roles = tuple(_role(role) for role in asked.getlist("role"))
    selection = Selection(sites=tuple(asked.getlist("site")), roles=roles, targets=tuple(asked.getlist("target")))
    return UptimeWish(asked["period"], asked.get("calendar", ""), by, selection, asked.get("as_of", ""))


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise ValueError(f"role={text!a}: right would be one of {', '.join(Role)}") from None
