"""The list of all boards, and their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from agent.text import LANGUAGES
from dashboards.boards import agent_health, lines, overview, points, services, site, uptime
from dashboards.generated_files import as_json
from dashboards.settings import BuildSettings

Board = Callable[[BuildSettings], dict[str, Any]]

BOARDS: tuple[Board, ...] = (
    overview.board,
    points.board,
    services.board,
    lines.board,
    site.board,
    uptime.board,
    agent_health.board,
)


def documents(settings: BuildSettings) -> Mapping[str, str]:
    """Every board in every language; the uid is the same in all of them, so that links need no language."""
    return {
        f"grafana/boards/{language}/{board['uid']}.json": as_json(board)
        for language in LANGUAGES
        for board in (build(replace(settings, language=language)) for build in BOARDS)
    }
