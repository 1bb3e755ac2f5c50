"""The runbooks' tables of reasons: the committed pages are what is written, from the catalogue of explanations."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from agent.explain.texts import explain
from agent.model import Reason, Role
from agent.text import LANGUAGES
from dashboards import runbooks
from dashboards.rules.all_rules import alerts
from dashboards.settings import BuildSettings

PAGES = Path(__file__).parents[2] / "docs/runbooks"
EVERY = {alert.name: alert for alert in alerts(BuildSettings())}
WITH_REASONS = [name for name, alert in EVERY.items() if alert.reasons]


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text("utf-8")


def test_the_committed_pages_are_what_is_written(tmp_path: Path) -> None:
    shutil.copytree(PAGES, tmp_path, dirs_exist_ok=True)
    runbooks.write(tmp_path)
    assert {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()} == {
        file.name: file.read_text("utf-8") for file in PAGES.iterdir()
    }


@pytest.mark.parametrize("name", WITH_REASONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_of_each_role_has_its_row_in_its_language(name: str, language: str) -> None:
    alert = EVERY[name]
    vi, _, en = page(name).partition("\n## English\n")
    half = {"vi": vi, "en": en}[language]
    said = (explain(role, reason, language) for role in alert.roles for reason in alert.reasons)
    assert [text.what for text in said if f" | {text.what} | {text.advice} |" not in half] == []
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", half, re.MULTILINE)
    assert rows == [reason.value for _ in alert.roles for reason in alert.reasons]


def test_a_table_is_written_anew_and_the_rest_left_as_it_is() -> None:
    name = "SansangConferencePointDown"
    text = page(name)
    said = explain(Role.CONFERENCE, Reason.REFUSED, "vi")
    assert text.count(said.advice) == 1
    spoiled = text.replace(said.advice, "Đập bàn.").replace("**Gọi ai.**", "**Gọi ai.** Chú Ba.")
    assert runbooks.filled(spoiled, EVERY[name]) == text.replace("**Gọi ai.**", "**Gọi ai.** Chú Ba.")


@pytest.mark.parametrize(
    "lost", ["<!-- codes vi: written by `python -m dashboards.runbooks` -->", "<!-- codes en: end -->"]
)
def test_a_page_without_its_marks_is_refused_by_name(lost: str) -> None:
    name = "SansangSiteCutOff"
    with pytest.raises(ValueError, match=r"^SansangSiteCutOff\.md: 2 sections <!-- codes LANGUAGE"):
        runbooks.filled(page(name).replace(lost, ""), EVERY[name])


def test_a_page_with_marks_that_its_alert_does_not_want_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^SansangWatchdog\.md: 0 sections"):
        runbooks.filled(page("SansangSiteCutOff"), EVERY["SansangWatchdog"])
