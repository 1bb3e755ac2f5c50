"""`sansang ledger verify --report FILE`: the report is made again from its own line, and compared with the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.cli.agent_location import Place
from agent.clock import SystemClock
from agent.errors import FileError, SansangError
from agent.regular_file import read_regular
from agent.text import Text
from exporters.reports.compare import Difference, differences, repeat_of
from exporters.reports.files import writer_for
from exporters.reports.from_ledger import answer_from
from exporters.reports.handed_back import MOST_BYTES
from exporters.reports.question import question_of

_MOST_TOLD = 50
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
class Compared:
    """A file against the ledger: what it says otherwise, and what another version of the program may account for."""

    file: Path
    repeat: str
    wrong: tuple[str, ...]
    versions: tuple[str, ...]


def compared(file: Path, place: Place, directory: Path, language: str) -> Compared:
    """SansangError for what is no report, or one of which this ledger has nothing."""
    try:
        data, _ = read_regular(file, MOST_BYTES + 1)
    except OSError as error:
        raise FileError(file, error) from error
    repeat = repeat_of(data, file)
    try:
        question = question_of(repeat)
        found, setting = answer_from(directory, place.inventory.organisation, question, SystemClock().wall_ms())
    except SansangError as error:
        raise SansangError(_NOT_MADE.filled(file=file, repeat=repeat[:300], why=error)) from error
    made = writer_for(file)(found, setting)
    told = list(differences(data, made, file, language))
    return Compared(file, repeat, _of(told, figures=True), _of(told, figures=False))


def _of(told: Sequence[Difference], *, figures: bool) -> tuple[str, ...]:
    return tuple(one.told for one in told if one.figures is figures)


def lines(found: Compared, language: str) -> list[str]:
    """For people; long lists are cut."""
    words = _OTHER if found.wrong else _SAME
    first = words.to(language).format(file=found.file, repeat=found.repeat, count=len(found.wrong))
    more = len(found.wrong) - _MOST_TOLD
    cut = [_MORE.to(language).format(more)] if more > 0 else []
    return [first, *found.wrong[:_MOST_TOLD], *cut, *found.versions]
