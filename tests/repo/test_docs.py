"""The documentation is held to the code: every option, metric, command, dependency and row kind has its place."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from agent.cli.main import parser
from agent.ledger import rows
from agent.probes.registry import PROBES
from dashboards.boards.all_boards import BOARDS
from dashboards.settings import BuildSettings
from exporters.catalog import METRICS

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_both_readmes_have_the_same_commands_in_the_same_order() -> None:
    assert commands(read("README.md")) == commands(read("README.vi.md"))


@pytest.mark.parametrize("name", ["README.md", "README.vi.md", "CONTRIBUTING.md", "SECURITY.md", "docs/adr/README.md"])
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", read(name))
    here = (ROOT / name).parent

    assert [link for link in links if "://" not in link and not (here / link).exists()] == []


def test_every_make_target_named_in_a_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = {
        target
        for name in ("README.md", "CONTRIBUTING.md", ".ci/run")
        for target in re.findall(r"(?:`|^|sudo )make ([a-z-]+)", read(name), re.MULTILINE)
    }

    assert named <= targets


def option_names(options: type) -> list[str]:
    fields = dataclasses.fields(options)
    made: list[object] = [field.default_factory for field in fields]
    nested = [each for each in made if isinstance(each, type) and dataclasses.is_dataclass(each)]
    return [field.name for field in fields] + [name for each in nested for name in option_names(each)]


@pytest.mark.parametrize("probe", sorted(PROBES))
def test_every_option_of_a_probe_stands_on_its_page(probe: str) -> None:
    page = read(f"docs/probes/{probe}.md")

    assert [name for name in option_names(PROBES[probe].options) if f"`{name}" not in page] == []


def test_every_metric_stands_on_its_page() -> None:
    page = read("docs/metrics.md")

    assert [metric.name for metric in METRICS if metric.name not in page] == []


def test_every_command_stands_on_its_page() -> None:
    page = read("docs/commands.md")
    (commands,) = [action.choices for action in parser()._actions if isinstance(action.choices, dict)]

    assert [name for name in commands if f"`sansang {name}`" not in page] == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    page = read("docs/dependencies.md")
    names = [re.split(r"[<>=,]", requirement)[0] for requirement in wanted]

    assert [name for name in names if name not in page and not name.startswith("types-")] == []


def test_every_row_kind_stands_on_the_ledgers_page() -> None:
    kinds = [name for name, value in vars(rows).items() if dataclasses.is_dataclass(value)]

    assert [kind for kind in kinds if kind not in read("docs/ledger.md")] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_board_and_panel_stands_on_its_page(language: str) -> None:
    page = read("docs/boards.md")
    boards = [build(BuildSettings(language=language)) for build in BOARDS]

    assert [board["uid"] for board in boards if f"`{board['uid']}`" not in page] == []
    assert [
        panel["title"] for board in boards for panel in board["panels"] if f"| {panel['title']} |" not in page
    ] == []


def test_the_changelog_has_this_version() -> None:
    from agent import __version__

    assert f"## {__version__}" in read("CHANGELOG.md")
