"""Reports out of the ledger's file: long work, in a thread, one at a time, whichever report it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from agent.errors import LedgerError, SansangError
from agent.scoring.evidence import UnitBasis
from agent.text import Text
from agent.web.accept import spoken
from agent.web.api import refuse
from agent.web.request_body import BadRequestError

_BUSY = Text(
    "đang lập một báo cáo khác; hãy hỏi lại sau giây lát", "another report is being computed; ask again in a moment"
)
_NO_UNITS = Text("units={value}: hãy dùng một trong: {known}", "units={value}: right would be {known}")


def parse_unit_basis(text: str) -> UnitBasis:
    """By which units a report groups; BadRequestError for none of them."""
    try:
        return UnitBasis(text)
    except ValueError:
        raise BadRequestError(_NO_UNITS.filled(value=ascii(text), known=", ".join(UnitBasis))) from None


class ReportTurn:
    """Whoever comes while a report is being computed is told so, and not kept waiting."""

    def __init__(self) -> None:
        self._busy = False

    async def answer(self, request: Request, compute: Callable[[], bytes]) -> Response:
        """The document, as JSON; LedgerError of it is 503, any other SansangError 400."""
        if self._busy:
            return refuse(429, spoken(request.headers, _BUSY))
        self._busy = True
        # Shielded: a thread cannot be ended, so the turn is over when it is, not when the one who asked has gone.
        return await asyncio.shield(asyncio.create_task(self._computed(request, compute)))

    async def _computed(self, request: Request, compute: Callable[[], bytes]) -> Response:
        try:
            return Response(await asyncio.to_thread(compute), media_type="application/json")
        except LedgerError as error:
            return refuse(503, spoken(request.headers, error))
        except SansangError as error:
            return refuse(400, spoken(request.headers, error))
        finally:
            self._busy = False
