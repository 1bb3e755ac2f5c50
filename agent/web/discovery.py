"""GET /sd: the inventory's targets for Prometheus' HTTP service discovery, ready to be scraped through /probe."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from agent.inventory.entities import Inventory
from agent.model import Target
from agent.text import Text
from agent.web.accept import spoken
from agent.web.api import refuse
from agent.web.documents import Json, encode

FILTERS = ("role", "site", "module")
_NO_FILTER = Text("không lọc theo {name}; có thể lọc theo: {known}", "unknown filter {name}, known are {known}")


class Discovery:
    """The endpoint. Names, places and modules only: no contacts, no addresses, no settings."""

    def __init__(self, inventory: Callable[[], Inventory]) -> None:
        self._inventory = inventory

    async def answer(self, request: Request) -> Response:
        filters = {name: frozenset(request.query_params.getlist(name)) for name in request.query_params}
        if unknown := filters.keys() - set(FILTERS):
            text = _NO_FILTER.filled(name=ascii(min(unknown)), known=", ".join(FILTERS))
            return refuse(400, spoken(request.headers, text))
        agent = request.headers["host"]
        targets = self._inventory().targets
        groups: list[Json] = [
            _group(target, agent)
            for target in targets
            if all(getattr(target, name) in values for name, values in filters.items())
        ]
        return Response(encode(groups) + b"\n", media_type="application/json")


def _group(target: Target, agent: str) -> dict[str, Json]:
    """The address is the agent's own, as the asker wrote it, so that no relabelling is needed."""
    return {
        "targets": [agent],
        "labels": {
            "__metrics_path__": "/probe",
            "__param_target": target.id,
            "__param_module": target.module,
            "instance": target.id,
            "target": target.id,
            "name": target.name,
            "site": target.site,
            "unit": target.unit,
            "role": target.role.value,
            "module": target.module,
        },
    }
