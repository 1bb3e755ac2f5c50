"""Scores as a file, in the form that its name asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from agent.errors import SansangError
from agent.reporting.scoring.report import ScoreReport
from agent.text import Text
from exporters.scores.csv_file import csv_pieces
from exporters.scores.json_file import json_pieces

ScoreWriter = Callable[[ScoreReport], bytes | Iterable[bytes]]


def _xlsx_file(report: ScoreReport) -> bytes:
    from exporters.scores.xlsx_file import xlsx_file  # noqa: PLC0415 - loads xlsxwriter: 45 ms

    return xlsx_file(report)


_WORKBOOK = ".xlsx"
SCORE_WRITERS: Mapping[str, ScoreWriter] = {_WORKBOOK: _xlsx_file, ".csv": csv_pieces, ".json": json_pieces}
_PACKED = ".zip"
_NO_ENDING = Text(
    "{path}: tên tệp điểm phải kết thúc bằng {known}; hãy ghi {stem}.xlsx",
    "{path}: scores end in {known}; right would be {stem}.xlsx",
)


def writer_for(path: Path) -> ScoreWriter:
    """SansangError if nothing is written under such a name; ask before the long work."""
    writer = SCORE_WRITERS.get(path.suffix.lower())
    if writer is None:
        raise SansangError(_NO_ENDING.filled(path=path, known=", ".join((*SCORE_WRITERS, _PACKED)), stem=path.stem))
    return writer


def is_package(path: Path) -> bool:
    """Whether the file packs what every target's figures rest on."""
    return path.suffix.lower() == _PACKED


def is_workbook(path: Path) -> bool:
    """Whether the file is the workbook to hand in, in which a package's hash can stand."""
    return path.suffix.lower() == _WORKBOOK
