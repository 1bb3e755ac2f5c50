"""What a Grafana should hold, and what of it is to be written there: judged from what was found, nothing is asked here.

Grafana migrates a board to its own schema as it stores it, so what it holds seldom equals what was sent. Each save
therefore carries a mark in the version history, with a fingerprint of what was sent: the newest save of a board either
is one of these, or a person's, and a person's work is not thrown away unasked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from dashboards import provisioning
from dashboards.boards.all_boards import BOARDS
from dashboards.settings import BuildSettings

_MARK = re.compile(r"sansang build --push ([a-z]{2}) ([0-9a-f]{16})")
_MOST_MOVES = 10  # that are looked through: each is one more question
_GRAFANAS_OWN = ("id", "version")  # numbers that each Grafana gives itself


class UploadOutcome(StrEnum):
    """What becomes of a folder, a data source or a board; those after UNCHANGED are left alone although they differ."""

    CREATED = "created"
    UPDATED = "updated"
    OVERWRITTEN = "overwritten"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    FROM_FILE = "from_file"
    OTHER_KIND = "other_kind"
    FAILED = "failed"


WRITES = frozenset({UploadOutcome.CREATED, UploadOutcome.UPDATED, UploadOutcome.OVERWRITTEN})


@dataclass(frozen=True, slots=True)
class Board:
    """A board as it should be; mark is what its save is called in Grafana's version history."""

    uid: str
    title: str
    document: Mapping[str, Any]
    mark: str


@dataclass(frozen=True, slots=True)
class FoundBoard:
    """A board as Grafana has it.

    document is None where Grafana keeps it in a newer form than the API shows; message is that of the save that made it
    what it is, None until it was asked for, or where it cannot be read.
    """

    document: Mapping[str, Any] | None
    version: int
    folder: str
    from_file: bool
    saved_by: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Save:
    """One version in a board's history: what it is called, and the board as it was then."""

    message: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A data source as Grafana has it; document is all that its API says of it."""

    kind: str
    url: str
    read_only: bool
    document: Mapping[str, Any]


def boards(settings: BuildSettings) -> tuple[Board, ...]:
    """Every board in the language of the settings, in the order of the menu."""
    return tuple(_board(build(settings), settings.language) for build in BOARDS)


def folder() -> dict[str, str]:
    """The folder of the boards."""
    return {"uid": provisioning.FOLDER, "title": provisioning.FOLDER_TITLE}


def source(settings: BuildSettings, url: str) -> dict[str, Any]:
    """The data source with that address of Prometheus. It takes no default away, nor a name that is likely in use."""
    document = {**provisioning.source(settings), "name": "San Sang Prometheus", "url": url, "isDefault": False}
    del document["editable"]  # a word of files only
    return document


def judge_board(board: Board, existing: FoundBoard | None, *, force: bool) -> UploadOutcome:
    """What is to be done; needs the message of the save only where `is_same` is false."""
    if existing is None:
        return UploadOutcome.CREATED
    if is_same(board, existing) or existing.message == board.mark:
        return UploadOutcome.UNCHANGED
    if existing.from_file:
        return UploadOutcome.FROM_FILE
    if existing.message is not None and _MARK.fullmatch(existing.message):
        return UploadOutcome.UPDATED
    return UploadOutcome.OVERWRITTEN if force else UploadOutcome.EDITED


def is_same(board: Board, existing: FoundBoard) -> bool:
    """Whether Grafana holds exactly this board, its own numbers aside."""
    return existing.document is not None and _bare(existing.document) == _bare(board.document)


def judge_source(existing: FoundSource | None, url: str | None) -> UploadOutcome:
    """What is to be done; one that is there keeps what people set in it, its address too unless one is asked for."""
    if existing is None:
        return UploadOutcome.CREATED
    if existing.kind != "prometheus":
        return UploadOutcome.OTHER_KIND
    if url is None or existing.url == url:
        return UploadOutcome.UNCHANGED
    return UploadOutcome.FROM_FILE if existing.read_only else UploadOutcome.UPDATED


def moved(existing: FoundSource, url: str) -> dict[str, Any]:
    """The data source with another address, everything else as it is."""
    return {**existing.document, "url": url}


def with_message(existing: FoundBoard, message: str | None) -> FoundBoard:
    """The same board, now that the message of the save is known."""
    return replace(existing, message=message)


def message_of(version: int, saved: Callable[[int], Save | None]) -> str | None:
    """What the save is called that made the board what it is in that version; saved gives each version of its history.

    A board that is moved into another folder is saved as it is, without a word: such a save changes nothing.
    """
    newest = saved(version)
    for number in range(version - 1, max(version - _MOST_MOVES, 0), -1):
        if newest is None or _MARK.fullmatch(newest.message):
            break
        before = saved(number)
        if before is None or not newest.document or _bare(before.document) != _bare(newest.document):
            break
        newest = before
    return None if newest is None else newest.message


def _board(document: Mapping[str, Any], language: str) -> Board:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Board(document["uid"], document["title"], document, f"sansang build --push {language} {fingerprint}")


def _bare(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in _GRAFANAS_OWN}
