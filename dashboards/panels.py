"""Panels as data: rows of a table from which a board is built, for those that are but a title and queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.text import Text
from dashboards.library import House, Query
from dashboards.tables import Link, Steps


@dataclass(frozen=True, slots=True)
class Heading:
    """A line over the panels that follow."""

    title: Text

    def build(self, house: House) -> Any:
        return house.row(self.title)


@dataclass(frozen=True, slots=True)
class Tiles:
    """What ``House.tiles`` builds; values are words and colours for values, as ``House.values`` takes them."""

    title: Text
    about: Text
    queries: Sequence[Query]
    size: tuple[int, int]
    steps: Steps = ()
    values: Sequence[tuple[float | str, Text | str, str]] = ()
    text: str = "value"
    unit: str = "none"
    decimals: int | None = None
    link: Link | None = None

    def build(self, house: House) -> Any:
        return house.tiles(
            self.title,
            self.about,
            self.queries,
            self.size,
            steps=self.steps,
            mappings=house.values(self.values) if self.values else (),
            text=self.text,
            unit=self.unit,
            decimals=self.decimals,
            link=self.link,
        )


@dataclass(frozen=True, slots=True)
class Lines:
    """What ``House.lines`` builds."""

    title: Text
    about: Text
    queries: Sequence[Query]
    size: tuple[int, int]
    unit: str = "none"
    steps: Steps = ()
    most: float | None = None

    def build(self, house: House) -> Any:
        return house.lines(
            self.title, self.about, self.queries, self.size, unit=self.unit, steps=self.steps, most=self.most
        )


def built(house: House, panels: Iterable[Heading | Tiles | Lines]) -> list[Any]:
    """All of them in the language of the house."""
    return [panel.build(house) for panel in panels]
