"""What is chosen at the top of a board, what is marked over its charts, and the limits that it draws."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from dashboards.boards import variables
from dashboards.boards.links import POINTS, SERVICES, SITE, UPTIME
from dashboards.boards.summaries import worse_above, worse_below
from dashboards.build import documents
from dashboards.panels import PanelFactory
from dashboards.queries import scraped
from dashboards.settings import BuildSettings, LevelName, Limit, LineQuality


def built(uid: str, settings: BuildSettings | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        documents(settings or BuildSettings(), "boards")[f"grafana/boards/vi/{uid}.json"]
    )
    return found


def templating(uid: str, settings: BuildSettings | None = None) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in built(uid, settings)["templating"]["list"]}


def test_each_choice_narrows_the_next() -> None:
    found = templating(POINTS)
    assert list(found) == ["datasource", "agent", "level", "unit", "place", "point"]
    queries = {name: found[name]["query"]["query"] for name in ("unit", "place", "point")}
    assert 'level=~"$level"' in queries["unit"]
    assert 'unit=~"$unit"' in queries["place"]
    assert 'site=~"$place"' in queries["point"]


def test_all_means_what_is_listed_where_another_choice_narrows() -> None:
    found = templating(POINTS)
    assert {name: each.get("allValue") for name, each in found.items() if each.get("includeAll")} == {
        "agent": ".+",
        "level": ".+",
        "unit": None,
        "place": None,
    }


def test_levels_and_roles_are_chosen_by_their_names() -> None:
    settings = BuildSettings(levels=(LevelName("ward", {"vi": "Phường", "en": "Ward"}),))
    assert templating(POINTS, settings)["level"]["query"] == "Phường : ward"
    roles = [(option["text"], option["value"]) for option in templating(SERVICES)["role"]["options"]]
    assert roles == [("Một cửa", "one-stop"), ("Cổng thông tin", "portal"), ("Dịch vụ", "service")]


def test_a_name_with_a_comma_is_one_choice() -> None:
    """Grafana takes the backslash away, and parts each choice at its last colon between blanks."""
    settings = BuildSettings(
        levels=(LevelName("xa", {"vi": "Xã, phường", "en": "Commune"}), LevelName("h", {"vi": "Huyện", "en": "H"}))
    )
    assert templating(POINTS, settings)["level"]["query"] == "Xã\\, phường : xa, Huyện : h"


@pytest.mark.parametrize("name", ["UBND xã A", 'UBND "Xã A", (b)', 'Trung tâm "C"', 'a \\d {x="y"} = b', 'a",b', "="])
def test_a_name_is_read_whole_from_what_grafana_makes_of_a_series(name: str) -> None:
    """It writes quotes in a label as they are."""
    regex = templating(SITE)["site"]["regex"].strip("/").replace("(?<", "(?P<")
    labels = {"calendar": "always", "instance": "one:9", "name": name, "profile": "", "site": "xa-a", "unit": "x"}
    line = "sansang_site_info{" + ",".join(f'{key}="{value}"' for key, value in labels.items()) + "} 1 1700000000000"
    found = re.search(regex, line)
    assert found is not None
    assert found.groupdict() == {"text": name, "value": "xa-a"}


def test_outages_and_maintenance_are_marked_apart() -> None:
    marks = built(SITE)["annotations"]["list"]
    assert [(mark["name"], mark["iconColor"]) for mark in marks] == [("Hỏng", "red"), ("Bảo trì", "blue")]
    assert [mark["titleFormat"] for mark in marks] == ["Hỏng: {{name}}", "Bảo trì: {{name}}"]
    house = PanelFactory(BuildSettings())
    down, maintenance = variables.outages_and_maintenance(house, 'role="lan"')
    assert down["target"]["expr"].startswith('(sansang_target_up{instance=~"$agent", role="lan"} == bool 0)')
    assert maintenance["target"]["expr"].startswith("sansang_target_in_maintenance{")


def test_limits_of_quality_are_settings() -> None:
    assert worse_above(Limit(1, 2)) == ((None, "green"), (1, "yellow"), (2, "red"))
    assert worse_below(Limit(4, 3)) == ((None, "red"), (3, "yellow"), (4, "green"))
    board = built(POINTS, BuildSettings(quality=LineQuality(jitter=Limit(0.02, 0.04))))
    (chart,) = [panel for panel in board["panels"] if panel["title"] == "Biến động trễ"]
    assert [step["value"] for step in chart["fieldConfig"]["defaults"]["thresholds"]["steps"]] == [None, 0.02, 0.04]


def test_uptime_begins_with_the_month() -> None:
    assert built(UPTIME)["time"] == {"from": "now/M", "to": "now"}


def test_prometheus_own_figures_are_asked_of_agents_only() -> None:
    assert scraped("scrape_duration_seconds") == (
        'scrape_duration_seconds and on (job, instance) sansang_build_info{instance=~"$agent"}'
    )
    with pytest.raises(KeyError, match="scrape_nothing"):
        scraped("scrape_nothing")


def test_a_coloured_cell_that_holds_nothing_has_no_colour() -> None:
    tables = [panel for panel in built(SITE)["panels"] if panel["type"] == "table"]
    properties = [
        {each["id"]: each["value"] for each in column["properties"]}
        for table in tables
        for column in table["fieldConfig"]["overrides"]
    ]
    coloured = [column for column in properties if "custom.cellOptions" in column]
    results = [column["mappings"][-1]["options"]["result"] for column in coloured]
    assert [(result["text"], result["color"]) for result in results] == [("–", "transparent")] * 20
