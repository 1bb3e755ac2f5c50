"""The table of the boards, and their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dashboards.boards import lines, monitor, overview, points, services, site, uptime
from dashboards.documents import as_json
from dashboards.settings import LANGUAGES, Settings

Board = Callable[[Settings], dict[str, Any]]

BOARDS: tuple[Board, ...] = (
    overview.board,
    points.board,
    services.board,
    lines.board,
    site.board,
    uptime.board,
    monitor.board,
)


def documents(settings: Settings) -> Mapping[str, str]:
    """Every board in every language; the uid is the same in all of them, so that links need no language."""
    return {
        f"grafana/boards/{language}/{board['uid']}.json": as_json(board)
        for language in LANGUAGES
        for board in (build(replace(settings, language=language)) for build in BOARDS)
    }
