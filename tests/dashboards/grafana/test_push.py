"""`sansang build --push` against a Grafana on a socket: what is written, what is not, and what is left to people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent.cli.main import main
from dashboards.grafana import upload
from dashboards.settings import BuildSettings
from tests.dashboards.grafana.fake import TOKEN, Fake, grafana
from tests.dashboards.grafana.state import Board, Save, State

BOARDS = {board.uid: board for board in upload.boards(BuildSettings())}
OVERVIEW = "sansang-overview"
SAVE = "POST /api/dashboards/db"
FIRST = ["POST /api/folders", "POST /api/datasources", *[SAVE] * len(BOARDS)]


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANSANG_GRAFANA_TOKEN", TOKEN)


def push(fake: Fake, *options: str, part: str = "grafana") -> tuple[int, list[str]]:
    """The exit code, and what this call wrote."""
    before = len(fake.writes)
    return main(["build", part, "--push", fake.url, *options]), fake.writes[before:]


def outcomes(fake: Fake, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, str]:
    capsys.readouterr()
    push(fake, "--json", *options)
    return {item["uid"]: item["outcome"] for item in json.loads(capsys.readouterr().out)["items"]}


def person_saves(state: State, uid: str, message: str = "", **change: Any) -> None:
    saves = state.boards[uid].saves
    saves.append(Save({**saves[-1].document, **change}, message, "chi-lan"))


def test_the_first_push_creates_everything_and_the_second_writes_nothing() -> None:
    with grafana() as fake:
        assert push(fake) == (0, FIRST)
        assert fake.state.folders == {"sansang": "San Sang"}
        assert fake.state.sources["sansang-prometheus"]["url"] == "http://127.0.0.1:9090"
        assert {uid: board.folder for uid, board in fake.state.boards.items()} == dict.fromkeys(BOARDS, "sansang")
        assert push(fake) == (0, [])


def test_a_grafana_that_stores_what_it_is_sent_is_compared_without_its_history() -> None:
    with grafana(State(migrates=False)) as fake:
        push(fake)
        fake.asked.clear()
        assert push(fake) == (0, [])
        assert [one.path for one in fake.asked if "versions" in one.path] == []


def test_the_control_of_migration_what_is_stored_differs_from_what_was_sent() -> None:
    with grafana() as fake:
        push(fake)
        stored = fake.state.boards[OVERVIEW].saves[-1].document
        assert stored != BOARDS[OVERVIEW].document


def test_a_dry_run_writes_nothing_and_says_what_it_would(capsys: pytest.CaptureFixture[str]) -> None:
    with grafana() as fake:
        assert push(fake, "--dry-run") == (0, [])
        out = capsys.readouterr().out
        assert "sẽ tạo: bảng San Sang - Tổng quan\n" in out
        assert f"sẽ ghi {len(FIRST)}, không đổi 0" in out


def test_the_board_that_changed_is_the_only_write(capsys: pytest.CaptureFixture[str]) -> None:
    with grafana() as fake:
        push(fake)
        old = fake.state.boards[OVERVIEW].saves
        fake.state.boards[OVERVIEW].saves = [Save({**old[0].document, "title": "old"}, _older(old[0].message), "sa")]
        assert push(fake) == (0, [SAVE])
        newest = fake.state.boards[OVERVIEW].saves[-1]
        assert (newest.document["title"], newest.message) == ("San Sang - Tổng quan", BOARDS[OVERVIEW].mark)
        assert push(fake) == (0, [])
        assert "đã cập nhật: bảng San Sang - Tổng quan\n" in capsys.readouterr().out


def _older(mark: str) -> str:
    return mark[:-16] + "0" * 16


def test_the_other_language_replaces_the_boards_in_place() -> None:
    with grafana() as fake:
        push(fake)
        assert push(fake, "--lang", "en") == (0, [SAVE] * len(BOARDS))
        assert fake.state.boards[OVERVIEW].saves[-1].document["title"] == "San Sang - Overview"
        assert set(fake.state.boards) == set(BOARDS)
        assert push(fake, "--lang", "en") == (0, [])


def test_what_a_person_changed_is_left_alone_until_it_is_forced(capsys: pytest.CaptureFixture[str]) -> None:
    with grafana() as fake:
        push(fake)
        person_saves(fake.state, OVERVIEW, title="Của chị Lan")
        assert push(fake) == (1, [])
        assert "để nguyên: bảng San Sang - Tổng quan (lần lưu cuối trong Grafana của chi-lan không" in (
            capsys.readouterr().out
        )
        assert push(fake, "--force", "--dry-run") == (0, [])
        assert push(fake, "--force") == (0, [SAVE])
        assert [save.by for save in fake.state.boards[OVERVIEW].saves] == ["sa-1-sansang", "chi-lan", "sa-1-sansang"]
        assert push(fake) == (0, [])


def test_a_board_that_was_saved_in_a_newer_form_is_a_persons_too() -> None:
    with grafana() as fake:
        push(fake)
        fake.state.boards[OVERVIEW].newer_form = True
        assert push(fake) == (1, [])
        assert push(fake, "--force") == (0, [SAVE])
        assert push(fake) == (0, [])


def moves(state: State, uid: str, folder: str) -> None:
    """As the dialogue of Grafana's list does it: the board is read and saved as it is, without a word."""
    _, found = state.board(uid)
    assert state.save({"dashboard": found["dashboard"], "folderUid": folder, "message": ""}, "chi-lan")[0] == 200


def test_a_board_that_was_moved_is_no_edited_one_and_stays_where_it_is_put() -> None:
    with grafana(State(folders={"other": "Khác", "third": "Nữa"})) as fake:
        push(fake)
        moves(fake.state, OVERVIEW, "other")
        assert push(fake) == (0, [])
        moves(fake.state, OVERVIEW, "third")
        assert push(fake, "--lang", "en") == (0, [SAVE] * len(BOARDS))
        assert fake.state.boards[OVERVIEW].folder == "third"


def test_a_board_that_was_edited_and_then_moved_is_a_persons() -> None:
    with grafana(State(folders={"other": "Khác"})) as fake:
        push(fake)
        person_saves(fake.state, OVERVIEW, title="Của chị Lan")
        moves(fake.state, OVERVIEW, "other")
        assert push(fake) == (1, [])
        moves(fake.state, OVERVIEW, "sansang")
        assert push(fake) == (1, [])


def test_of_a_board_that_was_moved_very_often_nobody_asks_for_ever() -> None:
    with grafana(State(folders={"other": "Khác"})) as fake:
        push(fake)
        for _ in range(50):
            moves(fake.state, OVERVIEW, "other")
        asked = len(fake.asked)
        assert push(fake) == (1, []), "as good as a person's"
        assert len(fake.asked) < asked + 40


def test_a_board_that_was_deleted_comes_back_alone() -> None:
    with grafana() as fake:
        push(fake)
        del fake.state.boards[OVERVIEW]
        assert push(fake) == (0, [SAVE])


def test_boards_from_files_are_left_alone_whatever_is_forced(capsys: pytest.CaptureFixture[str]) -> None:
    state = State(folders={"sansang": "San Sang"})
    state.boards[OVERVIEW] = Board("sansang", [Save({"uid": OVERVIEW, "title": "old"}, "", "admin")], file="o.json")
    with grafana(state) as fake:
        assert push(fake, "--force", "--lang", "en")[0] == 1
        assert len(state.boards[OVERVIEW].saves) == 1
        assert "left alone: board San Sang - Overview (Grafana loads it from a file" in capsys.readouterr().out
        assert push(fake, "--lang", "en") == (1, [])


def test_boards_that_turn_out_to_be_from_files_as_they_are_written_are_told_as_such(
    capsys: pytest.CaptureFixture[str],
) -> None:
    state = State(folders={"sansang": "San Sang"})
    state.boards[OVERVIEW] = Board("sansang", [Save({}, "", "admin")], file="o.json", newer_form=True)
    with grafana(state) as fake:
        assert outcomes(fake, capsys, "--force")[OVERVIEW] == "from_file"


def test_a_board_from_a_file_that_is_the_same_is_as_wanted() -> None:
    state = State(folders={"sansang": "San Sang"})
    for uid, board in BOARDS.items():
        state.boards[uid] = Board("sansang", [Save(dict(board.document), "", "admin")], file=f"{uid}.json")
    with grafana(state) as fake:
        assert push(fake, part="boards") == (0, [])


@pytest.mark.parametrize(
    ("conflict", "words"),
    [
        (412, "412 The dashboard has been changed by someone else; "),
        (409, "409 Dashboard already exists. Use overwrite "),
    ],
)
def test_somebody_who_saves_between_look_and_write_is_not_overwritten(
    capsys: pytest.CaptureFixture[str], conflict: int, words: str
) -> None:
    class Hasty(State):
        def save(self, body: Any, by: str) -> tuple[int, Any]:
            if self.boards and body["dashboard"]["uid"] == OVERVIEW:
                person_saves(self, OVERVIEW, title="vừa sửa")
            return super().save(body, by)

    with grafana(Hasty(conflict=conflict)) as fake:
        push(fake)
        assert push(fake, "--lang", "en")[0] == 1
        assert fake.state.boards[OVERVIEW].saves[-1].by == "chi-lan"
        out = capsys.readouterr().out
        assert words in out
        assert "; somebody changed it just now, or the token may not read it; run this again)" in out


def test_a_board_that_the_token_cannot_see_is_not_overwritten() -> None:
    class Hiding(State):
        def board(self, uid: str) -> tuple[int, Any]:
            return (404, {"message": "Dashboard not found"}) if uid == OVERVIEW else super().board(uid)

    with grafana(Hiding()) as fake:
        push(fake)
        assert push(fake) == (1, [SAVE])
        assert len(fake.state.boards[OVERVIEW].saves) == 1


def test_the_json_names_every_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    with grafana() as fake:
        push(fake)
        person_saves(fake.state, OVERVIEW, title="Của chị Lan")
        del fake.state.boards["sansang-site"]
        found = outcomes(fake, capsys)
        assert (found[OVERVIEW], found["sansang-site"], found["sansang-lines"]) == ("edited", "created", "unchanged")
        assert (found["sansang"], found["sansang-prometheus"]) == ("unchanged", "unchanged")
