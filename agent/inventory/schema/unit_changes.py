"""The section `unit_changes`: what law made of units, and from which date on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.inventory.schema.types import Day, Id, Name
from agent.probes.options import STRICT

ChangeKind = Literal["rename", "recode", "merge", "split", "transfer", "dissolve"]

ENDING: frozenset[ChangeKind] = frozenset(("merge", "dissolve"))
"""The kinds after which the unit is no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChange:
    """One change of one unit, in force from the beginning of its date on; the same in the file and in the agent.

    document: the decision or resolution that says so. into: the unit that its sites (of a merger and of an end: also
    its lower units) go to. name, code, parent: new ones, of ``into`` where there is one, else of the unit. sites,
    subunits: those that went, by id; founds: ``into`` is a new unit. old_name, old_code, old_parent: what the new
    ones replace.
    """

    __pydantic_config__ = STRICT
    kind: ChangeKind
    date: Day
    document: Name
    unit: Id
    into: Id | None = None
    name: Name | None = None
    code: str | None = None
    parent: Id | None = None
    sites: tuple[Id, ...] = ()
    subunits: tuple[Id, ...] = ()
    founds: bool = False
    old_name: Name | None = None
    old_code: str | None = None
    old_parent: Id | None = None

    @property
    def renamed(self) -> str:
        """The unit that new name, code and parent are those of."""
        return self.into or self.unit

    @property
    def ends(self) -> bool:
        """Whether the unit is no more."""
        return self.kind in ENDING


@dataclass(frozen=True, slots=True)
class KindRules:
    """The keys that a kind of change must have, those of which it must have one, and all that it may have."""

    needs: tuple[str, ...]
    one_of: tuple[str, ...]
    may: frozenset[str]


_OF_ALL = frozenset(("name", "code", "parent", "old_name", "old_code", "old_parent"))
_OF_MOVES = _OF_ALL | {"into", "sites", "founds"}

KIND_RULES: Mapping[ChangeKind, KindRules] = {
    "rename": KindRules(("name",), (), _OF_ALL),
    "recode": KindRules(("code",), (), _OF_ALL),
    "merge": KindRules(("into",), (), _OF_MOVES | {"subunits"}),
    "split": KindRules(("into",), (), _OF_MOVES | {"subunits"}),
    "transfer": KindRules((), ("into", "parent"), _OF_MOVES | {"subunits"}),
    "dissolve": KindRules((), (), _OF_MOVES | {"subunits"}),
}
