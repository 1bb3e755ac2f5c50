"""What every tile, cell, row and legend of every board says in eight situations, by Grafana's own code of two versions.

The expectations follow from the words of docs/boards.md: green works, yellow works outside its limits, red is down,
purple is unknown, grey is what nobody measured. `make frames` writes the table of all of it, docs/boards-frames.md.
"""

from __future__ import annotations

import re

import pytest

from agent.explain.labels import STATES
from agent.model import State
from agent.text import LANGUAGES, Text
from dashboards.boards.links import LINES, MONITOR, OVERVIEW, POINTS, SERVICES, SITE, UPTIME
from dashboards.panels import GREY
from tests.peers.board_frames import Said, frames
from tests.peers.board_said import (
    Panel,
    blank,
    column,
    differing,
    ids,
    no_words,
    painted,
    panel,
    panels,
    rows,
    tiles,
    untranslated,
    warns,
)
from tests.peers.board_situations import POINT, SITUATIONS

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]
PRAISE = re.compile(r"\b(tốt|sẵn sàng|well|good|ready)\b(?! (hay|or) )", re.IGNORECASE)
LOOKS_BACK = {Text("Hoạt động theo vai trò", "Uptime by role"), Text("Đo được bao nhiêu", "Coverage")}
"""True of the time shown, whoever speaks now."""
ALIVE = Text("Máy giám sát báo về cách đây", "Last heard from the agent")
"""The one tile that warns of silence itself."""
_AGENT = re.compile(r" · 127\.0\.0\.1:\d+$")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    return frames(tmp_path_factory.mktemp("frames"))


@pytest.fixture(params=["11.1.0", "13.2.2"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def chain(said: Said, version: str, situation: str) -> dict[str, tuple[str, str]]:
    """The tiles of the site seen, by their names."""
    found = panel(said, version, situation, SITE, "Đường truyền → mạng LAN → điểm cầu → dịch vụ")["tiles"]
    return {tile["name"]: (tile["text"], tile["colour"]) for tile in found}


def test_every_tile_speaks_and_nothing_is_written_that_is_no_word(said: Said) -> None:
    assert no_words(said) == []
    assert blank(said) == []


def test_tables_show_their_columns_and_no_ids(said: Said) -> None:
    assert ids(said) == []


def test_both_versions_and_both_languages_paint_the_same(said: Said) -> None:
    assert differing(said) == []
    assert [each for situation in SITUATIONS for each in untranslated(said, situation)] == []


def test_in_health_nothing_warns(said: Said, version: str) -> None:
    assert [place for place, panel in panels(said, version, "health") if warns(panel)] == []
    assert tiles(said, version, "health", OVERVIEW, "Điểm cầu sẵn sàng") == [("4/4", "green")]
    assert rows(said, version, "health", POINTS, "Các điểm cầu theo thời gian") == {("Tốt", "green")}


def test_while_no_agent_speaks_nothing_is_green_or_red_and_nothing_is_well(said: Said, version: str) -> None:
    back = {words.to(language) for words in (*LOOKS_BACK, ALIVE) for language in LANGUAGES}
    now = [(place, panel) for place, panel in panels(said, version, "silent") if panel["title"] not in back]
    assert [place for place, panel in now if "green" in {colour for _, colour in painted(panel)}] == []
    assert [place for place, panel in now if panel["type"] == "stat" and warns(panel)] == []
    praised = [
        place
        for place, panel in now
        for text in [*(text for text, _ in painted(panel)), panel.get("empty", "")]
        if PRAISE.search(text)
    ]
    assert praised == []


def test_while_no_agent_speaks_k_of_n_is_a_dash(said: Said, version: str) -> None:
    (alive,) = tiles(said, version, "silent", OVERVIEW, ALIVE.vi)
    assert alive[1] in ("yellow", "red")
    assert tiles(said, version, "silent", OVERVIEW, "Điểm cầu sẵn sàng") == [("–/–", GREY)]
    assert tiles(said, version, "silent", POINTS, "Điểm cầu sẵn sàng") == [("–/–", GREY)]
    assert tiles(said, version, "silent", SERVICES, "Dịch vụ dùng được") == [("–/–", GREY)]
    assert tiles(said, version, "silent", LINES, "Đường truyền dùng được") == [("–/–", GREY)]


def test_what_looks_back_keeps_its_lines_by_their_ids(said: Said, version: str) -> None:
    table = panel(said, version, "silent", UPTIME, "Từng mục tiêu trong khoảng đang xem")
    assert (f"{POINT}/room", "") in column(table, "Mục tiêu")


def test_an_unknown_point_is_purple_and_nothing_is_red(said: Said, version: str) -> None:
    for situation in ("unknown", "path lost"):
        found = [(place, panel) for place, panel in panels(said, version, situation) if panel["type"] == "stat"]
        assert [place for place, panel in found if "red" in {colour for _, colour in painted(panel)}] == []
    assert tiles(said, version, "unknown", OVERVIEW, "Điểm cầu sẵn sàng") == [("3/4", "purple")]
    assert tiles(said, version, "unknown", OVERVIEW, "Chưa rõ") == [("1", "purple")]
    assert tiles(said, version, "unknown", POINTS, "Điểm cầu sẵn sàng") == [("3/4", "purple")]
    assert chain(said, version, "unknown")["Phòng họp"] == ("Chưa rõ", "purple")
    assert tiles(said, version, "path lost", OVERVIEW, "Điểm cầu sẵn sàng") == [("1/4", "purple")]
    assert tiles(said, version, "path lost", OVERVIEW, "Đường của máy giám sát") == [("Mất", "purple")]
    assert ("Chưa rõ", "purple") in rows(said, version, "unknown", POINTS, "Các điểm cầu theo thời gian")


def test_what_is_down_is_red_and_comes_first(said: Said, version: str) -> None:
    assert tiles(said, version, "down", OVERVIEW, "Hỏng") == [("8", "red")]
    assert tiles(said, version, "down", OVERVIEW, "Điểm cầu sẵn sàng") == [("2/4", "red")]
    table = panel(said, version, "down", OVERVIEW, "Đang hỏng, nặng nhất trước")
    assert column(table, "Hỏng tại đó")[0] == ("6", "red")
    assert len(table["rows"]) == 3
    assert chain(said, version, "down")["Phòng họp"] == ("Hỏng", "red")
    states = column(panel(said, version, "down", POINTS, "Từng điểm cầu"), "Trạng thái")
    assert states[0] == ("Hỏng", "red")
    assert states[-2:] == [("Tốt", "green")] * 2
    assert ("Bị kéo theo", GREY) in states
    assert ("Hỏng", "red") in rows(said, version, "down", POINTS, "Các điểm cầu theo thời gian")


def test_what_is_degraded_stands_above_what_is_well(said: Said, version: str) -> None:
    assert tiles(said, version, "degraded", OVERVIEW, "Kém") == [("1", "yellow")]
    states = column(panel(said, version, "degraded", LINES, "Từng đường truyền"), "Trạng thái")
    assert states[0] == (STATES[State.DEGRADED].vi, "yellow")
    assert set(states[1:]) == {("Tốt", "green")}


def test_a_dead_or_unknown_room_has_no_figures_of_its_line(said: Said, version: str) -> None:
    for situation in ("down", "unknown"):
        found = panel(said, version, situation, POINTS, "Từng điểm cầu")
        place = {name: number for number, name in enumerate(found["columns"])}
        for row in found["rows"]:
            if row[place["Trạng thái"]]["text"] != "Tốt":
                figures = [row[place[name]]["text"] for name in ("Trễ khứ hồi", "Mất gói", "Chất lượng thoại MOS")]
                assert figures == ["–"] * 3


def test_a_dead_or_unknown_line_has_no_loss(said: Said, version: str) -> None:
    for board, title in ((LINES, "Từng đường truyền"), (SITE, "Từng mục tiêu")):
        for situation in ("down", "unknown", "path lost"):
            found = panel(said, version, situation, board, title)
            if "Mất gói" in found["columns"]:  # Grafana leaves out a column that no target has
                lost = zip(column(found, "Trạng thái"), column(found, "Mất gói"), strict=True)
                assert {loss for (state, _), (loss, _) in lost if state not in ("Tốt", "Kém")} <= {"–"}
    for board, title in ((LINES, "Mất gói trên đường truyền"), (SITE, "Mất gói"), (POINTS, "Mất gói")):
        for situation in ("down", "unknown", "path lost"):
            charted = panel(said, version, situation, board, title)["series"]
            assert {series["text"] for series in charted} <= {"0%", "0.0%"}


def test_two_agents_that_watch_the_same_have_a_whole_line_each(said: Said, version: str) -> None:
    """As many lines as tiles count, each as that of one agent alone, with the agent beside the name."""
    alone = {(board, each["title"]): each for board, found in said[version]["down"].items() for each in found}
    for board, found in said[version]["two agents"].items():
        for table in (each for each in found if "Mục tiêu" in each.get("columns", ()) and each["rows"]):
            if table["title"] != "Cảnh báo chưa hết":
                assert _told(table) == sorted(_told(alone[board, table["title"]]) * 2), table["title"]
                names = [name for name, _ in column(table, "Mục tiêu")]
                assert len(set(names)) == len(names)
                assert all(map(_AGENT.search, names))


def _told(table: Panel) -> list[list[str]]:
    """Its lines in words, a # for every figure: figures differ from one moment to the next."""
    texts = [[_AGENT.sub("", cell["text"]) for cell in row] for row in table["rows"]]
    return sorted(["#" if re.search(r"\d", text) else text for text in row] for row in texts)


def test_one_of_two_agents_silent_is_seen_beside_the_number(said: Said, version: str) -> None:
    silent = "one of two silent"
    assert tiles(said, version, silent, OVERVIEW, "Điểm cầu sẵn sàng") == [("4/4", "green"), ("–/–", GREY)]
    assert ("–", GREY) in tiles(said, version, silent, OVERVIEW, "Hỏng")
    assert ("–", GREY) in tiles(said, version, silent, MONITOR, "Máy giám sát có khỏe không")
    said_well = [place for place, panel in panels(said, version, silent) if PRAISE.search(panel.get("empty", ""))]
    assert said_well == []
