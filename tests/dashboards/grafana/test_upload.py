"""What of a board is written: every pair of what is wanted and what is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dashboards.grafana.upload import FoundBoard, UploadOutcome, boards, folder, is_same, judge_board, source
from dashboards.settings import BuildSettings

BOARD = boards(BuildSettings())[0]
OTHER: dict[str, Any] = {**BOARD.document, "title": "other"}
OURS = "sansang build --push en 0123456789abcdef"


def found(document: dict[str, Any] | None, message: str | None = None, *, from_file: bool = False) -> FoundBoard:
    return FoundBoard(document, 3, "sansang", from_file, "chi-lan", message)


@pytest.mark.parametrize(
    ("there", "outcome", "forced"),
    [
        (None, UploadOutcome.CREATED, UploadOutcome.CREATED),
        (found({**BOARD.document, "id": 7, "version": 3}), UploadOutcome.UNCHANGED, UploadOutcome.UNCHANGED),
        (found({**BOARD.document, "id": 7, "version": 3}, "by hand"), UploadOutcome.UNCHANGED, UploadOutcome.UNCHANGED),
        (found(OTHER, BOARD.mark), UploadOutcome.UNCHANGED, UploadOutcome.UNCHANGED),
        (found(OTHER, OURS), UploadOutcome.UPDATED, UploadOutcome.UPDATED),
        (found(OTHER, OURS + " and more"), UploadOutcome.EDITED, UploadOutcome.OVERWRITTEN),
        (found(OTHER, "Restored from version 2"), UploadOutcome.EDITED, UploadOutcome.OVERWRITTEN),
        (found(OTHER, ""), UploadOutcome.EDITED, UploadOutcome.OVERWRITTEN),
        (found(OTHER), UploadOutcome.EDITED, UploadOutcome.OVERWRITTEN),
        (found(None), UploadOutcome.EDITED, UploadOutcome.OVERWRITTEN),
        (found(OTHER, OURS, from_file=True), UploadOutcome.FROM_FILE, UploadOutcome.FROM_FILE),
        (found(dict(BOARD.document), from_file=True), UploadOutcome.UNCHANGED, UploadOutcome.UNCHANGED),
    ],
)
def test_what_is_done(there: FoundBoard | None, outcome: UploadOutcome, forced: UploadOutcome) -> None:
    assert judge_board(BOARD, there, force=False) is outcome
    assert judge_board(BOARD, there, force=True) is forced


def test_the_mark_names_the_language_and_the_content() -> None:
    english = boards(BuildSettings(language="en"))[0]

    assert BOARD.mark.startswith("sansang build --push vi ")
    assert english.mark.startswith("sansang build --push en ")
    assert english.mark[-16:] != BOARD.mark[-16:]
    assert boards(replace(BuildSettings(), organisation="Huyện khác"))[0].mark == BOARD.mark
    assert boards(replace(BuildSettings(), timezone="UTC"))[0].mark != BOARD.mark


def test_a_mark_fits_into_the_history() -> None:
    assert max(len(board.mark) for board in boards(BuildSettings())) <= 500
    assert max(len(board.uid) for board in boards(BuildSettings())) <= 40


def test_a_panel_more_is_no_longer_the_same() -> None:
    document = {**BOARD.document, "panels": [*BOARD.document["panels"], {"type": "text"}]}

    assert not is_same(BOARD, found(document))


def test_boards_and_source_go_where_the_files_say() -> None:
    assert folder() == {"uid": "sansang", "title": "San Sang"}
    made = source(BuildSettings(scrape_seconds=30), "http://10.0.0.5:9090")
    assert (made["uid"], made["url"], made["jsonData"]["timeInterval"]) == (
        "sansang-prometheus",
        "http://10.0.0.5:9090",
        "30s",
    )
    assert "editable" not in made
