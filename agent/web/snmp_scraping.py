"""GET /snmp: one reading of one device for whoever schedules by himself, in the form of snmp_exporter."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from agent.text import Text
from agent.web.endpoints import SnmpScrapeRequest
from agent.web.guard import is_local
from agent.web.probing import SCRAPE_TIMEOUT, OnDemand, scrape_seconds
from agent.web.request_body import BadRequestError
from agent.web.scrape import CLASSIC

DEFAULT_MODULE = "if_mib"
"""As snmp_exporter has it."""
MOST_MODULES = 20

_ONCE = ("target", "auth")
_TWICE = Text("{name} được ghi nhiều lần", "{name} is given more than once")
_NO_TARGET = Text(
    "thiếu target; hãy ghi như /snmp?target=ADDRESS&module=if_mib&auth=CREDENTIAL",
    "target is missing: /snmp?target=ADDRESS&module=if_mib&auth=CREDENTIAL",
)
_MANY = Text("quá nhiều mô-đun: nhiều nhất là {most}", "too many modules: {most} at most")


class SnmpScraping(OnDemand[SnmpScrapeRequest, bytes]):
    """``/snmp``."""

    def _asked(self, request: Request) -> SnmpScrapeRequest:
        query = request.query_params
        for name in _ONCE:
            if len(query.getlist(name)) > 1:
                raise BadRequestError(_TWICE.filled(name=name))
        if not query.get("target"):
            raise BadRequestError(_NO_TARGET)
        names = [name for value in query.getlist("module") for name in value.split(",") if name]
        modules = tuple(dict.fromkeys(names)) or (DEFAULT_MODULE,)
        if len(modules) > MOST_MODULES:
            raise BadRequestError(_MANY.filled(most=MOST_MODULES))
        seconds = scrape_seconds(request.headers.get(SCRAPE_TIMEOUT, ""))
        return SnmpScrapeRequest(query["target"], modules, query.get("auth", ""), seconds, is_local(request.scope))

    def _response(self, request: Request, answer: bytes) -> Response:  # noqa: ARG002 - classic text, whatever is accepted
        return Response(answer, headers={"content-type": CLASSIC})
