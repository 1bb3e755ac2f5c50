"""The list that a sheet belongs to: an existing one, whatever the sheet's file is called today, or a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.errors import ConfigError
from agent.inventory.findings import FilePosition, Finding, listed
from agent.inventory.importing.current_rows import CurrentRow
from agent.inventory.importing.matching import match
from agent.inventory.importing.proposal import target_for
from agent.inventory.importing.remarks import Choice, ImportQuestion, Remark
from agent.inventory.sources.files import YAML_ENDINGS
from agent.inventory.sources.yaml_writer import Row

Gone = Literal["", "keep", "remove"]


@dataclass(frozen=True, slots=True)
class ImportAnswers:
    """Answers that a person gives on the command line.

    replaces: the file of the list that it is the new version of; new: it is none of those that stand. renamed: the
    ids of the sites that were renamed, or ``all``, ``none``. gone: what becomes of sites that the sheet does not have.
    """

    replaces: str = ""
    new: bool = False
    renamed: tuple[str, ...] = ()
    gone: Gone = ""


@dataclass(frozen=True, slots=True)
class CurrentConfiguration:
    """The configuration as it is: its main file, the rows of each kind with their places, what sites are by default."""

    main: Path
    rows: Mapping[str, Sequence[CurrentRow]]
    language: str
    defaults: Row

    def display_path(self, path: Path) -> str:
        """A file as the configuration names it."""
        folder = self.main.parent
        return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


@dataclass(frozen=True, slots=True)
class ChosenList:
    """The list: the file its rows stand in (if any do), and the YAML file they are written to."""

    path: Path
    target: Path
    remarks: tuple[Remark, ...] = ()
    questions: tuple[ImportQuestion, ...] = ()


def choose_list(
    present: CurrentConfiguration, sheet: Path, rows: Mapping[str, Sequence[Row]], answers: ImportAnswers
) -> ChosenList:
    """The list by answer, by the name of the file, or by what it has in common with one. ConfigError: no such list."""
    target = target_for(present.main, sheet, present.language)
    if answers.replaces:
        path = _named(present, target, answers.replaces)
        return ChosenList(path, written_to(present, path))
    if answers.new:
        return ChosenList(free_path(target), free_path(target))
    kind = next((kind for kind in ("sites", "units", "contacts") if rows[kind]), "sites")
    by_id, by_look = _in_common(present.rows[kind], rows[kind])
    common = by_id + by_look
    common.pop(present.main, None)
    best = max(common, key=lambda path: common[path], default=target)
    size = sum(1 for row in present.rows[kind] if row.file == best)
    if best == target or common[target] or common[best] * 3 < min(len(rows[kind]), size):
        return ChosenList(target, target)
    file, place = present.display_path(best), written_to(present, best)
    values = {"file": file, "common": str(common[best]), "total": str(len(rows[kind]))}
    if not by_look[best] or sheet.resolve() == best.resolve():
        return ChosenList(best, place, remarks=(Remark("list_known", values),))
    same = Choice(("--replaces", file), Remark("same_list"))
    question = ImportQuestion(Remark("which_list", values), (same, Choice(("--new",), Remark("new_list"))))
    return ChosenList(best, place, questions=(question,))


def _in_common(now: Sequence[CurrentRow], rows: Sequence[Row]) -> tuple[Counter[Path], Counter[Path]]:
    """The number of matching rows in each file: by id as the sheet writes it, and by likeness."""
    files = {row.row["id"]: row.file for row in now}
    matches = match([row.row for row in now], rows, frozenset(files))
    ids = dict(matches.ids) | {doubt.index: doubt.id for doubt in matches.doubts if not doubt.swapped}
    by_id: Counter[Path] = Counter()
    by_look: Counter[Path] = Counter()
    for index, identity in ids.items():
        (by_id if rows[index].get("id") == identity else by_look)[files[identity]] += 1
    return by_id, by_look


def _named(present: CurrentConfiguration, target: Path, given: str) -> Path:
    """The list that was named: by its path, from here or from the configuration's folder, or by its bare name."""
    candidates = {(present.main.parent / given).resolve(), Path(given).resolve()}
    files = {row.file for rows in present.rows.values() for row in rows} - {present.main}
    lists = sorted(files | ({target} if target.exists() else set()))
    paths = [path for path in lists if path.resolve() in candidates] or [path for path in lists if path.name == given]
    if len(paths) == 1:
        return paths[0]
    values = {"choices": listed(map(present.display_path, lists))}
    raise ConfigError(
        [Finding(FilePosition(given), "no_such_list" if lists else "no_list_yet", values).fault(present.language)]
    )


def written_to(present: CurrentConfiguration, path: Path) -> Path:
    """The file that a list is written to: its own; for an included sheet, a YAML file of the same name."""
    if path.suffix.lower() in YAML_ENDINGS:
        return path
    target = target_for(present.main, path, present.language)
    ids = {(kind, row.row["id"]) for kind, rows in present.rows.items() for row in rows if row.file == path}
    ids_of_target = {(kind, row.row["id"]) for kind, rows in present.rows.items() for row in rows if row.file == target}
    return target if ids_of_target <= ids else free_path(target)  # the same rows in both: an import that was cut off


def free_path(target: Path) -> Path:
    """The path, or the first numbered one that is not there yet."""
    path, number = target, 2
    while path.exists():
        path, number = target.with_stem(f"{target.stem}-{number}"), number + 1
    return path
