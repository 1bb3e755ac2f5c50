"""The score sheets that somebody may name by their id: those whose files are known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.characters import quoted
from agent.errors import ConfigError, SansangError
from agent.scoring.document.load import load_sheet
from agent.scoring.sheet import ScoreSheet
from agent.text import Text

_NOTHING = Text("chưa có biểu nào", "none yet")
_UNKNOWN = Text(
    "không có biểu chấm điểm {name}; có: {known}; hoặc nêu đường dẫn tới tệp .yml",
    "there is no score sheet {name}; there are: {known}; or name the path of a .yml file",
)


def named_sheet(name: str, paths: Sequence[Path], language: str, unknown: Text = _UNKNOWN) -> ScoreSheet:
    """The sheet with that id, or whose file is called so. SansangError, in the words of ``unknown``, without one."""
    for path in sorted(paths, key=lambda path: path.stem != name):  # the file of that name first
        try:
            sheet = load_sheet(path, language)
        except ConfigError:
            if path.stem == name:
                raise
            continue
        if name in (sheet.id, path.stem):
            return sheet
    raise SansangError(unknown.filled(name=quoted(name[:100]), known=sheet_names(paths)))


def sheet_names(paths: Sequence[Path]) -> str | Text:
    """What the files are called, for a sentence."""
    return ", ".join(dict.fromkeys(path.stem for path in paths)) or _NOTHING
