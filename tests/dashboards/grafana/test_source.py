"""The data source and the rights: what an upload takes over, what it leaves, and what it says when it may not."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.boards.all_boards import BOARDS
from tests.dashboards.grafana.fake import TOKEN, grafana
from tests.dashboards.grafana.state import State
from tests.dashboards.grafana.test_push import SAVE, push

UID = "sansang-prometheus"


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANSANG_GRAFANA_TOKEN", TOKEN)


def theirs(**change: Any) -> dict[str, Any]:
    own = {"id": 4, "version": 3, "readOnly": False, "secureJsonFields": {"basicAuthPassword": True}}
    known = {"uid": UID, "name": "Prometheus", "type": "prometheus", "url": "http://10.0.0.5:9090", "isDefault": True}
    return {**own, **known, "basicAuth": True, "jsonData": {"timeInterval": "60s"}, **change}


def test_it_takes_no_name_and_no_default_away() -> None:
    with grafana(State(sources={"theirs": theirs(uid="theirs")})) as fake:
        assert push(fake)[0] == 0
        assert fake.state.sources["theirs"]["isDefault"] is True
        assert fake.state.sources[UID]["name"] == "San Sang Prometheus"


def test_one_that_is_there_keeps_what_people_set() -> None:
    with grafana(State(sources={UID: theirs()})) as fake:
        assert "PUT" not in " ".join(push(fake)[1])
        assert fake.state.sources[UID] == theirs()


def test_only_its_address_changes_when_one_is_given() -> None:
    with grafana(State(sources={UID: theirs()})) as fake:
        push(fake)
        url = "https://prometheus.example:9090"
        assert push(fake, "--data-source", url) == (0, [f"PUT /api/datasources/uid/{UID}"])
        assert fake.state.sources[UID] == theirs(url=url, version=4)
        assert push(fake, "--data-source", url) == (0, [])


def test_one_from_a_file_cannot_be_changed(capsys: pytest.CaptureFixture[str]) -> None:
    with grafana(State(sources={UID: theirs(readOnly=True)})) as fake:
        code, wrote = push(fake, "--data-source", "http://127.0.0.1:9091", "--lang", "en")
        assert (code, [line for line in wrote if "datasources" in line]) == (1, [])
        assert "left alone: data source San Sang Prometheus (Grafana loads it from a file" in capsys.readouterr().out


def test_the_uid_of_something_else_is_not_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with grafana(State(sources={UID: theirs(type="loki")})) as fake:
        assert push(fake)[0] == 1
        assert "không phải Prometheus" in capsys.readouterr().out
        assert fake.state.sources[UID]["type"] == "loki"


def test_an_editor_may_push_boards_but_no_data_source(capsys: pytest.CaptureFixture[str]) -> None:
    with grafana(State(role="Editor")) as fake:
        assert push(fake, part="boards") == (0, ["POST /api/folders", *[SAVE] * len(BOARDS)])
        capsys.readouterr()
        assert push(fake, "--lang", "en") == (1, [SAVE] * len(BOARDS))
        said = capsys.readouterr().out
        assert "failed: data source San Sang Prometheus (403 You'll need additional permissions" in said
        assert "sansang build boards --push leaves data sources alone" in said


def test_a_folder_that_is_there_and_may_not_be_read_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with grafana(State(role="Editor", folders={"sansang": "San Sang"}, hidden=frozenset({"sansang"}))) as fake:
        assert push(fake, "--lang", "en", part="boards") == (1, ["POST /api/folders"])
        assert "the token may not read it: give it the right" in capsys.readouterr().out


def test_a_viewer_gets_as_far_as_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    with grafana(State(role="Viewer")) as fake:
        assert push(fake, part="boards") == (1, ["POST /api/folders"])
        assert "không ghi được: thư mục San Sang (403" in capsys.readouterr().out
