"""`sansang uptime`: the answer on stdout, every fault on stderr."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from agent.availability.instants import iso_utc
from agent.cli.commands import uptime
from agent.cli.main import main
from agent.cli.tables.uptime import table
from agent.ledger.store import Ledger
from exporters.reports.formatting import hours
from tests.agent.reporting.test_ledger_report import DAY, HOUR, MONDAY, rows
from tests.clock import TravellingClock
from tests.exporters.reports.sample import figures, outage, subject
from tests.exporters.reports.sample import report as report_of
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

    code = main(["uptime", "--replay", str(story), "--json", "--lang", "en"])

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

    code = main(["uptime", "--replay", str(story), "--json", "--lang", "en"])

    assert (code, capsys.readouterr().err) == (2, f"{story}{fault}\n")


def test_every_fault_is_told_in_vietnamese_where_nobody_asks_for_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    story = tmp_path / "story.json"
    story.write_text(json.dumps(scenario(7) | {"surprise": 1, "degraded_weight": "2"}), encoding="utf-8")

    code = main(["uptime", "--replay", str(story), "--json"])

    assert (code, capsys.readouterr().err.splitlines()) == (
        2,
        [
            f"{story}: degraded_weight: 2 không nằm trong khoảng 0 đến 1",
            f"{story}: surprise: không có khóa như vậy",
        ],
    )


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["uptime", "--replay", str(tmp_path / "none.json"), "--json"])

    assert (code, capsys.readouterr().err) == (
        2,
        f"sansang: {tmp_path / 'none.json'}: không có tệp hoặc thư mục này\n",
    )


INVENTORY = """
organisation: {{name: Xã thử, observer: local}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: xa-a, name: Xã A, level: commune}}]
modules: {{ping: {{probe: icmp}}}}
sites: [{{id: a, name: UBND xã A, unit: xa-a}}]
targets: [{{id: a/uplink, role: uplink, module: ping, address: 192.0.2.2}}]
storage: {{path: {path}}}
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ledger of a Monday with outages, read four days later."""
    directory = tmp_path / "ledger"
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append(list(rows()))
    ledger.close()
    monkeypatch.setattr(uptime, "SystemClock", lambda: TravellingClock(unix_ns=(MONDAY + 4 * DAY) * 1_000_000))
    main_file = tmp_path / "sansang.yml"
    main_file.write_text(INVENTORY.format(path=directory), encoding="utf-8")
    return str(main_file)


def test_a_period_of_the_ledger_as_json(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["uptime", "--config", config, "--period", "2026-06-01..2026-06-01", "--by", "site", "--json"])

    found = json.loads(capsys.readouterr().out)
    assert (code, found["period"]) == (
        0,
        {"start": iso_utc(MONDAY), "end": iso_utc(MONDAY + DAY), "zone": "Asia/Ho_Chi_Minh"},
    )
    assert [(one["target"], one["calendar"], one["recorded"]["down_ms"]) for one in found["targets"]] == [
        ("a/uplink", "always", 6 * HOUR),
        ("b/desk", "desk", 3 * HOUR),
    ]
    assert [(group["id"], group["targets"]) for group in found["groups"]] == [("a", 1), ("b", 1)]


@pytest.mark.parametrize(("language", "figure"), [("vi", "73,91 %"), ("en", "73.91 %")])
def test_a_period_for_people(
    config: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, figure: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")

    code = main(["uptime", "--config", config, "--period", "2026-06-01..2026-06-01", "--lang", language])

    shown = capsys.readouterr().out
    assert (code, figure in shown, "01/06/2026 00:00:00" in shown) == (0, True, True)


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-13", ("'2026-13' không phải là một kỳ; hãy ghi 2026-10,", "'2026-13' is no period; right would be")),
        ("1969", ("kỳ '1969' không có ngày nào hoặc nằm ngoài các năm 1970", "'1969' is empty or lies outside 1970")),
        ("1970-01-01..2026-10-01", ("hãy xem lần lượt từng năm", "touches more than 50 years; ask for one year")),
        ("2026-02-30..2026-03-01", ("không phải là một kỳ", "'2026-02-30' is no date")),
    ],
)
@pytest.mark.parametrize("source", [(), ("--source", "prometheus=http://127.0.0.1:1")], ids=["ledger", "store"])
def test_a_period_that_cannot_be_is_told_in_the_language(
    config: str, capsys: pytest.CaptureFixture[str], period: str, said: tuple[str, str], source: tuple[str, ...]
) -> None:
    for language, words in zip(("vi", "en"), said, strict=True):
        code = main(["uptime", "--config", config, "--period", period, "--lang", language, *source])
        err = capsys.readouterr().err
        assert (code, words in err, len(err.splitlines())) == (2, True, 1), err


def test_a_selection_that_nothing_matches_is_said(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["uptime", "--config", config, "--period", "2026-06", "--site", "c", "--lang", "en"])

    assert (code, capsys.readouterr().err) == (
        2,
        "sansang: no target of this period matches the selection; `sansang validate` lists what there is\n",
    )


@pytest.mark.parametrize(
    ("language", "said"), [("vi", "không đủ dữ liệu"), ("en", "insufficient data")]
)  # fmt: skip
def test_where_the_data_do_not_suffice_the_terminal_says_so_in_place_of_a_figure(language: str, said: str) -> None:
    console = Console(record=True, width=220, file=io.StringIO())
    table(replace(report_of(), language=language), console)
    rows = {row[1]: row for row in cells(console.export_text())}

    assert rows["dc/portal"][3] == said
    assert rows["dc/portal"][4].startswith("87")
    assert rows["dc/new"][3] == {"vi": "không có dữ liệu", "en": "no data"}[language]
    assert rows["dc/one-stop"][3].startswith("99")


def test_many_outages_are_cut_to_the_longest_and_it_is_said() -> None:
    lengths = [60_000 + 1_000 * number for number in range(40)]
    many = figures(
        subject("a/b"), *(outage(f"2026-10-05 {8 + n // 6:02}:{n % 6}0", one) for n, one in enumerate(lengths))
    )
    console = Console(record=True, width=220, file=io.StringIO())
    table(report_of(many), console)
    text = console.export_text()
    shown = [row[5] for row in cells(text) if row[2] == "a/b"]

    assert shown == [hours(one, "vi") for one in lengths[10:]]
    assert "30 lần mất lâu nhất trong 40" in text


def cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")] for line in text.splitlines() if "│" in line]
