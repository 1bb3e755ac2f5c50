"""What must hold for every board in both languages, without Grafana."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from agent.explain.reasons import with_verdict
from agent.model import Role, Verdict
from dashboards import queries as q
from dashboards.boards.all_boards import BOARDS
from dashboards.build import documents
from dashboards.display_values import SILENT
from dashboards.grafana_schema import COLUMNS, DATASOURCE
from dashboards.queries import SAMPLES, SCRAPES, series
from dashboards.settings import BuildSettings, LevelName

FILES = documents(BuildSettings(), "boards")
BUILT: dict[str, dict[str, Any]] = {
    path.removeprefix("grafana/boards/"): json.loads(text) for path, text in FILES.items()
}
UIDS = sorted({path.partition("/")[2].removesuffix(".json") for path in BUILT})
SAME_IN_BOTH = {"San Sang", "–", "0"}
TEXT_KEYS = ("title", "description", "noValue", "text", "label", "displayName")
WORDS_OF_PROMQL = {
    "and", "on", "unless", "by", "group_left", "sum", "min", "max", "count", "count_values", "label_replace",
    "label_join", "rate", "histogram_quantile", "min_over_time", "time", "bool", "increase", "resets", "end", "without",
    "or", "ignoring", "absent", "timestamp", "max_over_time", "last_over_time",
}  # fmt: skip


def silence_named(expr: str) -> str:
    """Without what asks for silent agents, or names the agent beside the target: none of it makes up a figure."""
    since, info = f"({q.silent_since()} or on () {q.no_agent()})", re.escape(series("sansang_target_info"))
    expr = expr.replace(q.silent_agents(), "silent").replace(since, "silent").replace(q.silent_since(), "")
    dropped = (
        rf' or label_replace\(.*, "name", "\$1", "target", "\(\.\+\)"\) and on \(\) {re.escape(q.no_agent())}',
        rf" or on \(instance, target\) {info}",
        r" or on \(\) last_over_time\(",
    )
    remembered = r"\(silent unless on \(instance\) \(last_over_time\([^)]*\) unless .*?\)\)\)"
    return re.sub("|".join(dropped), "", re.sub(remembered, "silent", expr))


NAMED = r"ignoring \(name\) "  # a name for what was found, no value
SILENCE = rf"(label_replace\()*silent \* (0 - {-SILENT}|1000)\b"  # no figure, or since when
OF_AGENTS = r"(?<=^)scrape_\w+ and on \(job, instance\)"  # the agent's other jobs have its instance too
ROW = r"on \(\) label_replace\((count\(\S+ \* 0 \+ (1|-2)|absent\(\S+ \* -1), "  # of a timeline that has none


@pytest.fixture(params=sorted(BUILT))
def board(request: pytest.FixtureRequest) -> dict[str, Any]:
    return BUILT[request.param]


def panels(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def walk(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value of a document with its place."""
    yield path, value
    if isinstance(value, dict):
        for key, each in value.items():
            yield from walk(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from walk(each, (*path, number))


def texts(board: dict[str, Any]) -> dict[tuple[str | int, ...], str]:
    """What people read, by its place; legends without the labels that are filled in."""
    found = {path: _read(path, value) for path, value in walk(board) if isinstance(value, str)}
    return {path: text for path, text in found.items() if text}


def _read(path: tuple[str | int, ...], value: str) -> str:
    if path[-1] == "legendFormat":
        return re.sub(r"{{\w+}}|[ /-]", "", value)
    is_text = path[-1] in TEXT_KEYS or "renameByName" in path
    return value if is_text and "current" not in path else ""


def test_every_board_is_there_in_both_languages() -> None:
    assert len(UIDS) == len(BOARDS)
    assert sorted(BUILT) == sorted(f"{language}/{uid}.json" for language in ("vi", "en") for uid in UIDS)
    assert [board["uid"] for board in BUILT.values()] == [path[3:].removesuffix(".json") for path in BUILT]


def test_nothing_is_null_but_the_base_of_thresholds(board: dict[str, Any]) -> None:
    nulls = [path for path, value in walk(board) if value is None]
    assert [path for path in nulls if path[-3:] != ("steps", 0, "value")] == []
    assert all(panel["fieldConfig"]["defaults"]["thresholds"]["steps"][0]["value"] is None for panel in panels(board))


def test_steps_of_thresholds_rise(board: dict[str, Any]) -> None:
    for path, value in walk(board):
        if path and path[-1] == "steps":
            rest = [step["value"] for step in value[1:]]
            assert rest == sorted(rest)


def test_every_panel_and_query_asks_the_source_that_is_chosen(board: dict[str, Any]) -> None:
    asking = [*panels(board), *(target for panel in panels(board) for target in panel["targets"])]
    assert [each["datasource"] for each in asking] == [DATASOURCE] * len(asking)
    assert board["templating"]["list"][0]["type"] == "datasource"
    assert board["templating"]["list"][0]["name"] == "datasource"


def test_ids_are_unique_and_every_panel_has_a_title_and_says_what_it_shows(board: dict[str, Any]) -> None:
    ids = [panel["id"] for panel in board["panels"]]
    assert ids == list(range(1, len(ids) + 1))
    assert [panel["id"] for panel in panels(board) if not (panel["title"] and panel["description"])] == []
    titles = [panel["title"] for panel in board["panels"]]
    assert len(set(titles)) == len(titles)


def test_nothing_overlaps_and_nothing_stands_outside(board: dict[str, Any]) -> None:
    places = [panel["gridPos"] for panel in board["panels"]]
    assert [place for place in places if place["x"] < 0 or place["x"] + place["w"] > COLUMNS or place["h"] < 1] == []
    assert [pair for pair in combinations(places, 2) if overlap(*pair)] == []


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


def test_every_name_in_a_query_is_in_the_catalogue(board: dict[str, Any]) -> None:
    for panel in panels(board):
        for target in panel["targets"]:
            expr = re.sub(r'"[^"]*"', '""', target["expr"])
            labels = {
                name for inside in re.findall(r"[({]([^(){}]*)[)}]", expr) for name in re.findall(r"[a-z_]+", inside)
            }
            names = set(re.findall(r"(?<!\$)\b[a-z_]+\b(?! *[=!])", expr)) - WORDS_OF_PROMQL
            metrics = {name for name in names if name.startswith("sansang_")}
            assert metrics <= set(SAMPLES)
            assert metrics
            assert names - metrics - set(SCRAPES) <= labels


def test_no_query_names_a_job_or_makes_up_a_zero(board: dict[str, Any]) -> None:
    queries = [target["expr"] for panel in panels(board) for target in panel["targets"]]
    plain = [re.sub(f" or ({NAMED}|{SILENCE}|{ROW})|{OF_AGENTS}", " ", silence_named(expr)) for expr in queries]
    assert [expr for expr in plain if re.search(r"\bjob\b|vector\(|absent\(|\bor\b", expr)] == []


def test_missing_data_is_said_in_words(board: dict[str, Any]) -> None:
    said = {
        "không có dữ liệu",
        "không có mục tiêu nào đang hỏng",
        "mọi dịch vụ đều tốt",
        "mọi cổng đang dùng đều tốt",
    }
    if "en" in board["tags"]:
        said = {"no data", "no target is down", "every service is well", "every port in use is well"}
    found = {panel["fieldConfig"]["defaults"]["noValue"].partition(";")[0] for panel in panels(board)}
    assert found <= said


def test_boards_lead_to_one_another(board: dict[str, Any]) -> None:
    day, month = board["links"]
    assert {(link["type"], link["includeVars"]) for link in (day, month)} == {("dashboards", True)}
    assert (day["tags"], month["tags"]) == (["sansang", "sansang-day"], ["sansang", "sansang-month"])
    assert {"sansang", "vi"} <= set(board["tags"]) or {"sansang", "en"} <= set(board["tags"])
    addresses = [value for path, value in walk(board) if path and path[-1] == "url" and value]
    uids = (*UIDS, "${__data.fields.board}")
    assert [url for url in addresses if not url.startswith(tuple(f"/d/{uid}?" for uid in uids))] == []


def test_alerts_lead_to_their_place_and_to_a_runbook_only_where_there_are_any() -> None:
    """What befalls no site leads to the agent's board."""
    for base in ("", "https://books.example"):
        built = json.loads(
            documents(BuildSettings(runbook_url=base), "boards")["grafana/boards/en/sansang-overview.json"]
        )
        (panel,) = (panel for panel in panels(built) if panel["title"] == "Alerts firing now")
        urls = [value for path, value in walk(panel) if path and path[-1] == "url"]
        assert [url for url in urls if "alertname" in url] == (
            [f"{base}/${{__data.fields.alertname}}.md"] if base else []
        )
        place = "/d/${__data.fields.board}?var-site=${__data.fields.site}&"
        assert len([url for url in urls if url.startswith(place)]) == 1
        (expr,) = (target["expr"] for target in panel["targets"])
        assert '"board", "sansang-monitor", "site", "")' in expr
        assert '"board", "sansang-site", "site", ".+")' in expr


def test_the_month_keeps_its_own_time_and_the_day_its_own(board: dict[str, Any]) -> None:
    day, month = board["links"]
    is_month = "sansang-month" in board["tags"]
    assert is_month == (board["time"]["from"] == "now/M") == ("sansang-day" not in board["tags"])
    assert (day["keepTime"], month["keepTime"]) == (not is_month, False)
    urls = [value for path, value in walk(board) if path and path[-1] == "url" and "sansang-uptime" in value]
    assert [url for url in urls if "time_range" in url] == []


def test_the_overview_leads_to_the_site_of_each_line() -> None:
    urls = {value for path, value in walk(BUILT["vi/sansang-overview.json"]) if path and path[-1] == "url" and value}
    assert {url.partition("&")[0] for url in urls if "site=" in url} == {
        "/d/sansang-site?var-site=${__data.fields.site}",
        "/d/${__data.fields.board}?var-site=${__data.fields.site}",
    }


def test_who_speaks_and_what_is_down_come_first_also_where_panels_stand_in_one_column() -> None:
    """Grafana puts panels below one another on a phone, by their place: from the top, then from the left."""
    board = BUILT["vi/sansang-overview.json"]
    column = sorted(panels(board), key=lambda panel: (panel["gridPos"]["y"], panel["gridPos"]["x"]))
    assert [panel["title"] for panel in column[:2]] == ["Máy giám sát báo về cách đây", "Đang hỏng, nặng nhất trước"]
    for uid, title in (("points", "Từng điểm cầu"), ("services", "Từng dịch vụ"), ("lines", "Từng đường truyền")):
        assert BUILT[f"vi/sansang-{uid}.json"]["panels"][0]["title"] == title


def test_the_wall_is_one_screen() -> None:
    """1080 pixels are 28 rows; the menus and the choices at the top take four."""
    (told,) = [panel for panel in panels(BUILT["vi/sansang-overview.json"]) if panel["title"] == "Cảnh báo chưa hết"]
    assert told["gridPos"]["y"] + told["gridPos"]["h"] <= 24


def test_a_phone_shows_the_roles_in_two_rows() -> None:
    """Grafana makes tiles as square as it can; five beside each other on a phone have letters of 5 pixels."""
    (roles,) = [
        panel for panel in panels(BUILT["vi/sansang-overview.json"]) if panel["title"] == "Sẵn sàng theo vai trò"
    ]
    assert roles["gridPos"]["h"] == 6


def test_a_dead_line_has_no_loss_in_red() -> None:
    """What is lost on a line that does not work is everything; it is down, and that is red already."""
    board = BUILT["vi/sansang-lines.json"]
    tables = [panel for panel in panels(board) if panel["type"] == "table"]
    loss = [target["expr"] for table in tables for target in table["targets"] if "packet_loss" in target["expr"]]
    assert len(loss) == 2
    assert all("} > 0 < 3)" in expr for expr in loss)


def test_a_label_that_is_a_column_comes_from_the_first_query_only() -> None:
    """Grafana makes two columns of a label that two joined queries have."""
    tables = [panel for panel in panels(BUILT["vi/sansang-site.json"]) if panel["title"] == "Cổng mạng"]
    for first, *others in [[target["expr"] for target in table["targets"]] for table in tables]:
        assert first.startswith("label_join(")
        assert others
        assert [expr for expr in others if not expr.startswith("max by (line) (label_join(")] == []


def test_no_tile_says_what_another_says(board: dict[str, Any]) -> None:
    asked = [target["expr"] for panel in panels(board) if panel["type"] == "stat" for target in panel["targets"]]
    assert len(set(asked)) == len(asked)


def test_charts_of_many_lines_have_their_names_in_a_table_and_no_chart_is_filled(board: dict[str, Any]) -> None:
    charts = [panel for panel in panels(board) if panel["type"] == "timeseries"]
    assert {panel["fieldConfig"]["defaults"]["custom"]["fillOpacity"] for panel in charts} <= {0}
    many = [panel for panel in charts if re.search("{{(name|place)}}", str(panel["targets"]))]
    assert {panel["options"]["legend"]["displayMode"] for panel in many} <= {"table"}


def test_no_board_has_a_map(board: dict[str, Any]) -> None:
    assert {panel["type"] for panel in panels(board)} <= {"stat", "table", "timeseries", "state-timeline"}


@pytest.mark.parametrize("uid", UIDS)
def test_both_languages_are_complete_and_differ_in_nothing_else(uid: str) -> None:
    vi, en = BUILT[f"vi/{uid}.json"], BUILT[f"en/{uid}.json"]
    vietnamese, english = texts(vi), texts(en)
    assert vietnamese.keys() == english.keys()
    same = {text for path, text in vietnamese.items() if english[path] == text}
    assert {text for text in same if text not in SAME_IN_BOTH} == set()


@pytest.mark.parametrize("uid", UIDS)
def test_vietnamese_has_its_marks_and_english_has_none(uid: str) -> None:
    def marked(text: str) -> bool:
        return "đ" in text.lower() or any(unicodedata.combining(mark) for mark in unicodedata.normalize("NFD", text))

    vietnamese = set(texts(BUILT[f"vi/{uid}.json"]).values()) - SAME_IN_BOTH
    assert {text for text in vietnamese if not marked(text)} == set()
    assert {text for text in texts(BUILT[f"en/{uid}.json"]).values() if marked(text)} == set()
    assert all(unicodedata.is_normalized("NFC", text) for text in vietnamese)


def test_every_outage_has_its_sentence() -> None:
    options = next(
        value["options"]
        for path, value in walk(BUILT["vi/sansang-overview.json"])
        if isinstance(value, dict) and "conference.timeout" in value.get("options", {})
    )
    failed = with_verdict(Verdict.FAILED)
    assert set(options) == {f"{role}.{reason}" for role in Role for reason in failed}


def test_levels_are_called_as_the_inventory_calls_them() -> None:
    levels = (LevelName("ward", {"vi": "Phường", "en": "Ward"}),)
    built = documents(BuildSettings(levels=levels), "boards")
    assert '\\"name\\", \\"Phường \\", \\"level\\", \\"ward\\"' in built["grafana/boards/vi/sansang-overview.json"]
    assert '\\"name\\", \\"Ward \\", \\"level\\", \\"ward\\"' in built["grafana/boards/en/sansang-overview.json"]


def test_boards_keep_the_offices_own_time() -> None:
    built = documents(BuildSettings(timezone="Asia/Bangkok"), "boards")
    assert {json.loads(text)["timezone"] for text in built.values()} == {"Asia/Bangkok"}
