"""A report as a file, in the form that its name asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from agent.errors import SansangError
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.csv_file import csv_file
from exporters.reports.html_page import html_page
from exporters.reports.json_file import json_file

Writer = Callable[[UptimeReport], bytes]


def _xlsx_file(report: UptimeReport) -> bytes:
    from exporters.reports.xlsx_file import xlsx_file  # noqa: PLC0415 - loads xlsxwriter: 45 ms

    return xlsx_file(report)


WRITERS: Mapping[str, Writer] = {
    ".xlsx": _xlsx_file,
    ".csv": csv_file,
    ".json": json_file,
    ".html": lambda report: html_page(report).encode(),
}

_NO_ENDING = Text(
    "{path}: tên tệp báo cáo phải kết thúc bằng {known}; hãy ghi {stem}.xlsx",
    "{path}: a report ends in {known}; right would be {stem}.xlsx",
)


def writer_for(path: Path) -> Writer:
    """SansangError if nothing is written under such a name; ask before the long work."""
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise SansangError(_NO_ENDING.filled(path=path, known=", ".join(WRITERS), stem=path.stem))
    return writer
