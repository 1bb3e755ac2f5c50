from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from agent.cli.main import main
from agent.errors import SansangError
from exporters.atomic_file import write
from exporters.reports.files import WRITERS, writer_for
from tests.agent.reporting.small_ledger import DOWN_MS, recorded
from tests.exporters.reports.sample import report as sample
from tests.oracle.scenarios import scenario


@pytest.mark.parametrize("form", WRITERS)
def test_every_form_is_written_from_a_replay(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    story, target = tmp_path / "story.json", tmp_path / f"report{form}"
    story.write_text(json.dumps(scenario(7)), encoding="utf-8")

    code = main(["uptime", "--replay", str(story), "-o", str(target)])

    assert (code, capsys.readouterr().out) == (0, "")
    assert target.stat().st_size > 500
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([f"report{form}", "story.json"])


def test_the_answer_goes_to_stdout_as_well_if_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story, target = tmp_path / "story.json", tmp_path / "report.xlsx"
    story.write_text(json.dumps(scenario(7)), encoding="utf-8")

    main(["uptime", "--replay", str(story), "-o", str(target), "--json", "--lang", "en"])

    assert json.loads(capsys.readouterr().out)["version"] == 1
    assert openpyxl.load_workbook(target).sheetnames[0] == "Summary"


def test_another_name_is_refused_before_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.ods"

    code = main(["uptime", "--replay", str(tmp_path / "none.json"), "-o", str(target)])

    assert (code, capsys.readouterr().err) == (
        2,
        f"sansang: {target}: tên tệp báo cáo phải kết thúc bằng .xlsx, .csv, .json, .html; hãy ghi report.xlsx\n",
    )


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()

    with pytest.raises(SansangError, match=r"report.json: Is a directory"):
        write(tmp_path / "report.json", writer_for(Path("x.json"))(sample()))

    assert [one.name for one in tmp_path.iterdir()] == ["report.json"]


def test_from_the_ledger_it_knows_promises_levels_and_windows(tmp_path: Path) -> None:
    config, target = recorded(tmp_path), tmp_path / "report.json"

    code = main(["uptime", "--period", "2025-10", "--config", str(config), "-o", str(target)])

    document = json.loads(target.read_text("utf-8"))
    assert (code, document["organisation"]) == (0, "Huyện Lập Thạch")
    assert [(one["target"], one["slo_percent"], one["slo_reached"]) for one in document["targets"]] == [
        ("s/dead", "99", False),
        ("s/good", "99", True),
    ]
    assert document["targets"][0]["recorded"]["down_ms"] == DOWN_MS
    assert [(one["scope"], one["excluded"]) for one in document["maintenance"]] == [("site:s", True)]


def test_the_levels_have_their_names_in_the_language_asked_for(tmp_path: Path) -> None:
    config, target = recorded(tmp_path), tmp_path / "report.xlsx"

    main(["uptime", "--period", "2025-10", "--config", str(config), "-o", str(target), "--lang", "en"])

    rows = [row[:2] for row in openpyxl.load_workbook(target)["Summary"].iter_rows(values_only=True)]
    assert ("Commune", "1/2") in rows
