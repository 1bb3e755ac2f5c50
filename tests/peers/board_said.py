"""What Grafana's code made of the boards, read: panels, their texts and colours, and what must hold of any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.peers.board_frames import Said

Panel = dict[str, Any]
_WARNING = {"red", "yellow", "orange", "purple"}
_NO_WORDS = re.compile(r"\b(NaN|undefined|null|Infinity|Invalid)\b|\{\{|\$\{|\[object")
_RAW = re.compile(r"^(Value.*|Time|site|target|instance|alertname|job|role|why)$")


def panels(said: Said, version: str, situation: str) -> Iterator[tuple[str, Panel]]:
    """Every panel with its place, in every language."""
    for board, found in said[version][situation].items():
        yield from ((f"{situation}, {board}: {panel['title']}", panel) for panel in found)


def panel(said: Said, version: str, situation: str, board: str, title: str) -> Panel:
    """One of the Vietnamese boards."""
    (found,) = [each for each in said[version][situation][f"vi/{board}"] if each["title"] == title]
    return found


def painted(panel: Panel) -> list[tuple[str, str]]:
    """Texts and colours of its tiles and cells."""
    cells = [cell for row in panel.get("rows", ()) for cell in row]
    return [(each["text"], each.get("colour", "")) for each in [*panel.get("tiles", ()), *cells]]


def tiles(said: Said, version: str, situation: str, board: str, title: str) -> list[tuple[str, str]]:
    return painted(panel(said, version, situation, board, title))


def column(table: Panel, name: str) -> list[tuple[str, str]]:
    """A column of a table, line by line."""
    place = table["columns"].index(name)
    return [(row[place]["text"], row[place].get("colour", "")) for row in table["rows"]]


def rows(said: Said, version: str, situation: str, board: str, title: str) -> set[tuple[str, str]]:
    """What a timeline shows at any time."""
    found = panel(said, version, situation, board, title)["series"]
    return {(state["text"], state["colour"]) for series in found for state in series["states"]}


def warns(panel: Panel) -> bool:
    return bool({colour for _, colour in painted(panel)} & _WARNING)


def _all(said: Said) -> Iterator[tuple[str, Panel]]:
    for version, situations in said.items():
        for situation in situations:
            yield from ((f"{version}, {place}", panel) for place, panel in panels(said, version, situation))


def no_words(said: Said) -> list[str]:
    """Where something stands that a program wrote for itself."""
    return [
        f"{place}: {text}"
        for place, panel in _all(said)
        for text in [*(text for text, _ in painted(panel)), panel.get("empty", ""), *panel.get("columns", ())]
        if _NO_WORDS.search(text)
    ]


def blank(said: Said) -> list[str]:
    """Tiles that say nothing, rows and lines without a name."""
    return [
        place
        for place, panel in _all(said)
        if any(not tile["text"].strip() for tile in panel.get("tiles", ()))
        or any(not series["name"].strip() for series in panel.get("series", ()))
    ]


def ids(said: Said) -> list[str]:
    """Columns that nobody should see, or that have lost their title."""
    return [f"{place}: {name}" for place, panel in _all(said) for name in panel.get("columns", ()) if _RAW.match(name)]


def differing(said: Said) -> list[str]:
    """Panels that two versions paint differently, or that one shows otherwise than in words."""
    first, *others = said.values()
    return [
        f"{situation}, {board}: {one['title']}"
        for other in others
        for situation, boards in first.items()
        for board, found in boards.items()
        for one, another in zip(found, other[situation][board], strict=True)
        if [colour for _, colour in painted(one)] != [colour for _, colour in painted(another)]
    ]


def untranslated(said: Said, situation: str) -> list[str]:
    """Panels whose colours are not the same in both languages."""
    return [
        f"{version}, {board}: {one['title']}"
        for version, situations in said.items()
        for board, found in situations[situation].items()
        if board.startswith("vi/")
        for one, another in zip(found, situations[situation][board.replace("vi/", "en/")], strict=True)
        if [colour for _, colour in painted(one)] != [colour for _, colour in painted(another)]
    ]
