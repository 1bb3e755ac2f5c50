"""Which anchors of a configuration never answered, as the agent that runs with it on this machine knows."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

from agent.cli.agent_location import url_of
from agent.http_client import HttpLimits, HttpRequest, TooLargeError, fetch, parse_address
from agent.inventory.entities import Inventory
from agent.text import Text
from agent.web.authority import is_loopback

SILENT = Text(
    "Mốc chưa trả lời lần nào từ khi bộ giám sát chạy: {}. Mốc như vậy không phân biệt được gì: hãy kiểm tra địa chỉ,"
    " hoặc thay bằng địa chỉ luôn trả lời ping ở phía ngoài đường truyền của máy giám sát.",
    "Anchors that have not answered once since the agent started: {}. Such an anchor tells nothing apart: check the"
    " address, or name another beyond this machine's own line that always answers a ping.",
)
_LIMITS = HttpLimits(1 << 20, connect_seconds=1.0, idle_seconds=1.0)


def silent_anchors(inventory: Inventory) -> tuple[tuple[str, str], ...]:
    """Path and address of each; none if no agent answers at once on this machine. Another machine is not asked."""
    agent = url_of(inventory)
    if not inventory.paths or not is_loopback(parse_address(agent).host):
        return ()
    configured = {(path.id, anchor.address) for path in inventory.paths for anchor in path.anchors}
    return tuple(pair for pair in _never_answered(_paths(agent)) if pair in configured)


def _paths(agent: str) -> object:
    """The document of /api/v1/paths; None if the agent gives none."""
    try:
        response = fetch(HttpRequest(f"{agent}/api/v1/paths", _LIMITS))
        return json.loads(response.body) if response.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException, TooLargeError, ValueError, RecursionError):
        return None


def _never_answered(document: object) -> Iterator[tuple[str, str]]:
    for path in _mappings(document, "paths"):
        for anchor in _mappings(path, "anchors"):
            if anchor.get("answered") is False:
                yield str(path.get("path")), str(anchor.get("address"))


def _mappings(document: object, key: str) -> Iterator[dict[str, Any]]:
    entries = document.get(key) if isinstance(document, dict) else None
    yield from (entry for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()
