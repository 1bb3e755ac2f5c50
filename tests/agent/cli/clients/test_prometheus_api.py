"""A store that answers, badly or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from agent.cli.clients.prometheus_api import STEP_SECONDS, chunks, twins
from agent.cli.main import main
from agent.errors import SansangError
from tests.agent.reporting.small_ledger import START, configuration

SECONDS = START // 1000


@contextmanager
def store(status: int, body: bytes) -> Iterator[tuple[str, list[str]]]:
    """The same answer to everything; and what was asked."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/prom/", asked
        finally:
            server.shutdown()
            thread.join()


def answer(*series: tuple[str, list[list[object]]]) -> bytes:
    found = [{"metric": {"target": "s/good", "state": state}, "values": values} for state, values in series]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": found}}).encode()


def test_it_is_asked_in_chunks_that_touch_and_do_not_overlap() -> None:
    with store(200, answer()) as (url, asked):
        list(chunks(url, 0, 15 * 60_000, targets=25_000))

    spans = [(int(path.split("start=")[1].split("&")[0]), int(path.split("end=")[1].split("&")[0])) for path in asked]
    assert asked[0].startswith("/prom/api/v1/query_range?query=sansang_target_state_seconds_total&start=0&")
    assert spans[0][0] == 0
    assert spans[-1][1] == 900
    assert [two[0] - one[1] for one, two in pairwise(spans)] == [STEP_SECONDS] * (len(spans) - 1)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (422, b"too many points\x1b[31m", "the store answers 422: 'too many points\\x1b[31m'"),
        (200, b"<html>", "that is not the answer of a Prometheus"),
        (200, b'{"data": {"result": [{"metric": {}, "values": []}]}}', "that is not the answer of a Prometheus"),
        (200, answer(("up", [[1, "NaN"]])), "that is not the answer of a Prometheus"),
    ],
)
def test_an_answer_that_is_none_is_said(status: int, body: bytes, said: str) -> None:
    with store(status, body) as (url, _), pytest.raises(SansangError) as caught:
        list(chunks(url, 0, 60_000, targets=1))

    assert said in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "ftp://127.0.0.1", "nonsense"])
def test_a_store_that_is_not_there_is_said(url: str) -> None:
    with pytest.raises(SansangError, match=r"does not answer|right would be prometheus=http"):
        list(chunks(url, 0, 60_000, targets=1))


def test_the_command_reports_what_the_store_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    up = [[SECONDS, "0"], [SECONDS + 86_400, "86400"]]
    call = ["uptime", "--config", str(configuration(tmp_path)), "--json", "--period", "2025-10-01..2025-10-01"]
    with store(200, answer(("up", up))) as (url, _):
        code = main([*call, "--source", f"prometheus={url}"])

    (target,) = json.loads(capsys.readouterr().out)["targets"]
    sums = target["recorded"]
    assert (code, target["target"], sums["up_ms"], sums["unknown_ms"]) == (0, "s/good", 86_400_000, 0)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--source", "graphite=x"], "--source: hãy ghi prometheus=URL"),
        (["--source", "prometheus=http://127.0.0.1:1", "--calendar", "office"], "kho này không biết lịch"),
        (["--source", "prometheus=http://127.0.0.1:1"], "kho số liệu không trả lời"),
    ],
)
def test_what_the_store_cannot_do_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    code = main(["uptime", "--config", str(configuration(tmp_path)), "--period", "2025-10", *more])

    assert (code, said in capsys.readouterr().err) == (2, True)


def test_two_agents_of_one_target_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    up: list[list[object]] = [[SECONDS, "0"]]
    call = ["uptime", "--config", str(configuration(tmp_path)), "--period", "2025-10-01..2025-10-01"]
    with store(200, answer(("up", up), ("up", up))) as (url, _):
        code = main([*call, "--source", f"prometheus={url}"])

    assert (code, "trong kho có số liệu của nhiều máy giám sát cho cùng một mục tiêu" in capsys.readouterr().err) == (
        2,
        True,
    )


def test_a_replay_has_no_other_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--replay", str(tmp_path / "story.json"), "--lang", "en")
    code = main(["uptime", *options, "--source", "prometheus=http://127.0.0.1:1"])

    assert (code, capsys.readouterr().err) == (2, "sansang: --source goes with --period, not with --replay\n")


def built(*agents: tuple[str, str, range]) -> bytes:
    found = [
        {"metric": {"instance": instance, "installation": identity}, "values": [[SECONDS + at, "1"] for at in instants]}
        for instance, identity, instants in agents
    ]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": found}}).encode()


HOUR = range(0, 3600, 15)


@pytest.mark.parametrize("second", [("b:1", "90ab"), ("b:1", "4f1c"), ("a:1", "90ab")])
def test_two_agents_of_one_observer_are_refused_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], second: tuple[str, str]
) -> None:
    config = configuration(tmp_path)
    with store(200, built(("a:1", "4f1c", HOUR), (*second, HOUR))) as (url, asked):
        for language, said in (("vi", "hai máy giám sát cùng tên trạm quan sát local"), ("en", "two agents had")):
            options = ["--config", str(config), "--source", f"prometheus={url}", "--lang", language]
            assert main(["uptime", "--period", "2025-10", *options]) == 2
            told = capsys.readouterr().err
            assert said in told
            assert f"{second[0]} ({second[1]})" in told
    assert "sansang_build_info" in asked[0]


def test_one_agent_after_another_is_no_twin() -> None:
    moved = built(("a:1", "4f1c", range(0, 3600, 15)), ("b:1", "90ab", range(3500, 7200, 15)))
    with store(200, moved) as (url, _):
        assert twins(url, "local", START, START + 7_200_000) == ()
