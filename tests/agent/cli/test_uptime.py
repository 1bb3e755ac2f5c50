"""`sansang uptime --replay`: the answer on stdout, every fault on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.cli.main import main
from tests.oracle.oracle import report
from tests.oracle.scenarios import scenario


def test_the_answer_is_one_json_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = tmp_path / "story.json"
    story.write_text(json.dumps(scenario(7)), encoding="utf-8")

    code = main(["uptime", "--replay", str(story), "--json"])

    assert (code, json.loads(capsys.readouterr().out)) == (0, report(scenario(7)))


def test_every_fault_has_its_line_and_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = tmp_path / "story.json"
    wrong = scenario(7) | {"surprise": 1, "degraded_weight": "2", "maintenance": [{"id": "m"}]}
    story.write_text(json.dumps(wrong), encoding="utf-8")

    code = main(["uptime", "--replay", str(story), "--json"])

    lines = capsys.readouterr().err.splitlines()
    assert code == 2
    assert lines == [
        f"{story}: degraded_weight: 2 is not in 0..1",
        f"{story}: maintenance[0].start_utc_ms: this key is missing",
        f"{story}: maintenance[0].end_utc_ms: this key is missing",
        f"{story}: maintenance[0].recorded_utc_ms: this key is missing",
        f"{story}: surprise: there is no such key",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", ":1:2: no JSON: Expecting property name enclosed in double quotes"),
        ('{"version": 1, "version": 1}', ": no JSON of this kind: the key 'version' stands twice in one object"),
        ('{"version": NaN}', ": no JSON of this kind: NaN is no number"),
    ],
)
def test_what_is_no_json_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, fault: str) -> None:
    story = tmp_path / "story.json"
    story.write_text(text, encoding="utf-8")

    code = main(["uptime", "--replay", str(story), "--json"])

    assert (code, capsys.readouterr().err) == (2, f"{story}{fault}\n")


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["uptime", "--replay", str(tmp_path / "none.json"), "--json"])

    assert (code, capsys.readouterr().err) == (2, f"sansang: {tmp_path / 'none.json'}: No such file or directory\n")
