"""The build as a whole: the same bytes every time, and the committed files are those bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from dashboards.build import BUILDERS, documents
from dashboards.generated_files import as_yaml, is_as_built
from dashboards.settings import PARTS, BuildSettings

CONFIG = Path(__file__).parents[2] / "config"
GENERATED = ("alertmanager", "grafana", "prometheus")


def test_the_same_settings_give_the_same_bytes() -> None:
    assert documents(BuildSettings()) == documents(BuildSettings())
    assert list(documents(BuildSettings())) == sorted(documents(BuildSettings()))


def test_the_committed_files_are_what_is_built_and_nothing_else() -> None:
    built = documents(BuildSettings())
    committed = {
        str(file.relative_to(CONFIG)): file.read_text("utf-8")
        for folder in GENERATED
        for file in (CONFIG / folder).rglob("*")
        if file.is_file()
    }
    assert committed == {path: text for path, text in built.items() if path.startswith(GENERATED)}


def test_every_part_is_a_share_of_all() -> None:
    everything = documents(BuildSettings())
    assert tuple(BUILDERS) == PARTS
    assert {path: text for part in PARTS for path, text in documents(BuildSettings(), part).items()} == everything


def test_a_part_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError):
        documents(BuildSettings(), "kibana")


def test_the_head_tells_what_was_built_from_what_was_edited() -> None:
    for path, text in documents(BuildSettings()).items():
        assert is_as_built(text), path
        if not path.endswith(".json"):
            assert not is_as_built(text + "\n"), path
            assert not is_as_built(text.replace("\n", "\r\n")), path
            assert not is_as_built(text.partition("\n")[2]), path
    assert not is_as_built("")
    assert not is_as_built("# Written by `sansang build`: change the settings and build again.\nglobal: {}\n")


def test_grafana_finds_every_folder_that_it_looks_into() -> None:
    """A file in each, for folders without files do not travel; YAML, for some versions refuse to start over another."""
    folders = {
        path.split("/")[2] for path in documents(BuildSettings(), "grafana") if path.startswith("grafana/provisioning")
    }
    assert folders == {"alerting", "dashboards", "datasources", "notifiers", "plugins"}


def test_yaml_is_read_back_as_it_was() -> None:
    value = {"z": [{"a": "Sẵn sàng: có"}, {"b": "yes"}], "a": "1", "long": "x " * 200}
    text = as_yaml(value)
    assert YAML(typ="safe").load(text) == value
    assert text.splitlines()[1:3] == ["z:", "  - a: 'Sẵn sàng: có'"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_grafana_loads_the_boards_of_the_language(language: str) -> None:
    built = documents(BuildSettings(language=language), "grafana")
    provider = YAML(typ="safe").load(built["grafana/provisioning/dashboards/sansang.yml"])["providers"][0]
    assert provider["options"] == {"path": f"/etc/grafana/boards/{language}"}
    source = YAML(typ="safe").load(built["grafana/provisioning/datasources/sansang.yml"])["datasources"][0]
    assert (source["type"], source["url"]) == ("prometheus", "http://127.0.0.1:9090")
