"""The variables at the top of the boards, and the annotations over their charts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agent.explain.labels import ROLES, STATES
from agent.model import Role, State
from agent.text import Text
from dashboards import queries as q
from dashboards.display_values import MAINTENANCE
from dashboards.panels import MAINTENANCE_COLOUR, PanelFactory
from dashboards.queries import select, series
from dashboards.templating import annotation, custom_variable, query_variable

PLACES = 'site=~"$place"'
"""Matcher of the chosen sites, all at first; levels and units narrow the choice."""


def agents(panels: PanelFactory) -> Any:
    """Agents; all at first."""
    query = f"label_values({select('sansang_build_info')}, instance)"
    return query_variable(panels.localized, "agent", Text("Máy giám sát", "Agent"), query, every=True)


def site(panels: PanelFactory) -> Any:
    """One site, chosen by name; sites with a conference point come first, so that the board opens with one of them."""
    sites, points = series("sansang_site_info"), series("sansang_target_info", _role(Role.CONFERENCE))
    query = f"query_result({sites} and on (instance, site) {points} or {sites})"
    return query_variable(panels.localized, "site", Text("Địa điểm", "Site"), query, regex=_by_name("site"))


def places(panels: PanelFactory) -> list[Any]:
    """Agents, levels, units and sites; each narrows those after it."""
    names = {level.id: level.names[panels.settings.language] for level in panels.settings.levels}
    units = series("sansang_unit_info", 'level=~"$level"')
    sites = series("sansang_site_info", 'unit=~"$unit"')
    return [
        agents(panels),
        custom_variable(panels.localized, "level", Text("Cấp", "Level"), names),
        _narrowed(panels, "unit", Text("Đơn vị", "Unit"), units, "unit"),
        _narrowed(panels, "place", Text("Các địa điểm", "Sites"), sites, "site"),
    ]


def point(panels: PanelFactory) -> Any:
    """One conference point, chosen by name."""
    query = f"query_result({series('sansang_target_info', PLACES, _role(Role.CONFERENCE))})"
    return query_variable(
        panels.localized, "point", Text("Điểm cầu", "Conference point"), query, regex=_by_name("target")
    )


def roles(panels: PanelFactory, choices: Iterable[Role]) -> Any:
    """Some of these roles; all of them at first."""
    return custom_variable(panels.localized, "role", Text("Vai trò", "Role"), {role: ROLES[role] for role in choices})


def outages_and_maintenance(panels: PanelFactory, *matchers: str) -> list[dict[str, Any]]:
    """Annotations of outages and maintenance of the targets that the matchers select."""
    down = f"{series('sansang_target_up', *matchers)} == bool 0"
    busy = series("sansang_target_in_maintenance", *matchers)
    return [
        annotation(panels.localized, STATES[State.DOWN], q.with_info(f"({down})", "name"), "red"),
        annotation(panels.localized, MAINTENANCE, q.with_info(busy, "name"), MAINTENANCE_COLOUR),
    ]


def _narrowed(panels: PanelFactory, name: str, label: Text, series: str, value: str) -> Any:
    query = f"query_result({series})"
    return query_variable(panels.localized, name, label, query, regex=_by_name(value), every=True, listed=True)


def _role(role: Role) -> str:
    return f'role="{role}"'


def _by_name(value: str) -> str:
    """Regex for a line of ``query_result``: people see the name, queries get the id.

    Grafana writes labels between quotes and leaves quotes in them as they are: a name ends where the next label begins.
    """
    return rf'/\bname="(?<text>.+?)",(?= ?\w+=").*\b{value}="(?<value>[^"]+)"/'
