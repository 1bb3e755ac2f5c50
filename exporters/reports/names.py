"""Names of targets, sites, units, roles, calendars and scopes in a report."""

from __future__ import annotations

from agent.availability.figures import Subject
from agent.explain.labels import CALENDARS, ROLES
from agent.model import Role
from agent.text import Text

_SCOPES = {
    "all": Text("tất cả", "everything"),
    "target": Text("mục tiêu", "target"),
    "site": Text("điểm", "site"),
    "unit": Text("đơn vị", "unit"),
}


def target_name(subject: Subject) -> str:
    """Its name, else its id."""
    return subject.name or subject.target


def site_name(subject: Subject) -> str:
    """The name of its site, else the site's id."""
    return subject.site_name or subject.site


def unit_name(subject: Subject) -> str:
    """The name of its unit, else the unit's id."""
    return subject.unit_name or subject.unit


def role_name(role: str, language: str) -> str:
    """In words; empty where no role is known."""
    return ROLES[Role(role)].to(language) if role in ROLES else role


def calendar_name(calendar: str, language: str) -> str:
    """In words; somebody's own calendar as they call it."""
    return CALENDARS[calendar].to(language) if calendar in CALENDARS else calendar


def scope_name(scope: str, language: str) -> str:
    """The scope of a maintenance window in words."""
    kind, _, what = scope.partition(":")
    return f"{_SCOPES[kind].to(language)} {what}".rstrip() if kind in _SCOPES else scope


def role_of(subject: Subject) -> Role:
    """The role whose explanations fit; a service where none is known."""
    return Role(subject.role) if subject.role in ROLES else Role.SERVICE
