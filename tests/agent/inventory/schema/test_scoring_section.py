"""Score sheets that the configuration names: paths from its own folder, or refused with what would be right."""

from __future__ import annotations

from pathlib import Path

from agent.inventory.entities import ScoringSettings
from tests.agent.inventory.schema.test_notify import loaded, refused


def test_without_the_section_there_are_none(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").scoring == ScoringSettings()


def test_paths_begin_at_the_folder_of_the_file(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "scoring: {sheets: [scoring/xa.yml, /etc/b.YAML], values: [v.csv, w.xlsx]}").scoring
    assert settings.sheets == (str(tmp_path / "scoring/xa.yml"), "/etc/b.YAML")
    assert settings.values == (str(tmp_path / "v.csv"), str(tmp_path / "w.xlsx"))


def test_the_figures_of_the_ledger_do_not_depend_on_it(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").content == loaded(tmp_path, "scoring: {sheets: [a.yml]}").content


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "scoring: {sheets: [a.xlsx], values: [b.yml], sheet: c}") == [
        "scoring.sheets[0]: 'a.xlsx' is no score sheet",
        "scoring.values[0]: 'b.yml' is no file of values",
        "scoring.sheet: unknown key 'sheet'",
    ]


def test_too_many_are_refused(tmp_path: Path) -> None:
    assert len(refused(tmp_path, f"scoring: {{sheets: [{', '.join(['a.yml'] * 21)}]}}")) == 1
