"""`sansang ledger verify --report FILE`: the report is made again from its own line, and compared with the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.cli.agent_location import AgentLocation
from agent.clock import SystemClock
from agent.errors import FileError, SansangError
from agent.regular_file import read_regular
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import parse_rerun_command
from agent.text import Text
from exporters.reports.compare import ReportDifference, differences, rerun_command_in
from exporters.reports.files import writer_for
from exporters.reports.submitted import MOST_BYTES

_MOST_LISTED = 50
_NOT_MADE = Text("{file}: {repeat}: {why}", "{file}: {repeat}: {why}")
_SAME = Text(
    "{file}: khớp từng ô với báo cáo lập từ sổ này ({repeat})",
    "{file}: every cell is as in the report that this ledger gives ({repeat})",
)
_OTHER = Text(
    "{file}: KHÔNG khớp với báo cáo lập từ sổ này ({repeat}); {count} chỗ khác:",
    "{file}: NOT as in the report that this ledger gives ({repeat}); {count} differences:",
)
_MORE = Text("... và {} chỗ nữa", "... and {} more")


@dataclass(frozen=True, slots=True)
class ReportComparison:
    """A file against the ledger: what it says otherwise, and what another version of the program may account for."""

    file: Path
    repeat: str
    wrong: tuple[str, ...]
    versions: tuple[str, ...]


def compare_report(file: Path, location: AgentLocation, directory: Path, language: str) -> ReportComparison:
    """SansangError for what is no report, or one of which this ledger has nothing."""
    try:
        data, _ = read_regular(file, MOST_BYTES + 1)
    except OSError as error:
        raise FileError(file, error) from error
    repeat = rerun_command_in(data, file)
    try:
        question = parse_rerun_command(repeat)
        report = report_from_ledger(directory, location.inventory.organisation, question, SystemClock().wall_ms())
    except SansangError as error:
        raise SansangError(_NOT_MADE.filled(file=file, repeat=repeat[:300], why=error)) from error
    expected = writer_for(file)(report)
    changes = list(differences(data, expected, file, language))
    return ReportComparison(file, repeat, _of(changes, figures=True), _of(changes, figures=False))


def _of(changes: Sequence[ReportDifference], *, figures: bool) -> tuple[str, ...]:
    return tuple(change.text for change in changes if change.figures is figures)


def lines(report: ReportComparison, language: str) -> list[str]:
    """For people; long lists are cut."""
    words = _OTHER if report.wrong else _SAME
    first = words.to(language).format(file=report.file, repeat=report.repeat, count=len(report.wrong))
    more = len(report.wrong) - _MOST_LISTED
    cut = [_MORE.to(language).format(more)] if more > 0 else []
    return [first, *report.wrong[:_MOST_LISTED], *cut, *report.versions]
