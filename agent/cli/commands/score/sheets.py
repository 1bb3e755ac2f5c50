"""The score sheet that a command means: a file, or the id of one that the configuration names or has beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agent.errors import SansangError
from agent.inventory.entities import Inventory
from agent.reporting.scoring.named_sheets import named_sheet, sheet_names
from agent.scoring.document.load import load_sheet
from agent.scoring.sheet import ScoreSheet
from agent.text import Text

_ENDINGS = (".yml", ".yaml")
_NONE = Text(
    "hãy nêu biểu chấm điểm: --sheet TỆP.yml, hoặc ghi vào cấu hình: scoring: {{sheets: [...]}}",
    "name the score sheet: --sheet FILE.yml, or in the configuration: scoring: {{sheets: [...]}}",
)
_SEVERAL = Text(
    "cấu hình có nhiều biểu chấm điểm; hãy nêu một bằng --sheet: {known}",
    "the configuration names several score sheets; name one with --sheet: {known}",
)


def chosen_sheet(name: str | None, inventory: Inventory, folder: Path, language: str) -> ScoreSheet:
    """name: a path, or the id of a sheet; None where the configuration names one alone. folder: of the configuration.

    ConfigError with every fault of the sheet's file, SansangError where none of that name is there.
    """
    named = [Path(path) for path in inventory.scoring.sheets]
    if name is None:
        if len(named) != 1:
            raise SansangError(_SEVERAL.filled(known=sheet_names(named)) if named else _NONE.filled())
        return load_sheet(named[0], language)
    path = Path(name)
    if path.suffix.lower() in _ENDINGS or path.is_file():
        return load_sheet(path, language)
    return named_sheet(name, (*named, *_beside(folder)), language)


def _beside(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in (folder / "scoring").glob("*.y*ml") if path.suffix in _ENDINGS)
